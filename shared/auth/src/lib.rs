//! How people and programs prove who they are: passwords, tokens, the cookie, and what a browser must show besides.
//!
//! Pure but for the system's random numbers. It knows no database and no HTTP framework: what is kept of a secret it gives back as a
//! value ([`domain::TokenHash`], [`PasswordHash`]), and whoever stores it never sees the secret.
//!
//! ```
//! use auth::{Password, PasswordHash, PresentedPassword, Token, TokenKind};
//!
//! # fn main() -> Result<(), domain::Fault> {
//! let password = Password::parse("password", "correct horse battery staple", "ada@example.com")?;
//! let hash = PasswordHash::of(&password)?;
//! assert!(PresentedPassword::new("correct horse battery staple").proves(Some(&hash)));
//!
//! let token = Token::generate(TokenKind::Session)?;
//! assert_eq!(Token::parse(TokenKind::Session, token.expose()).map(|token| token.hash()), Some(token.hash()));
//! # Ok(())
//! # }
//! ```

mod common;
mod cookie;
mod password;
mod token;

pub use cookie::SessionCookie;
pub use password::{Password, PasswordHash, PresentedPassword};
pub use token::{Token, TokenKind};
