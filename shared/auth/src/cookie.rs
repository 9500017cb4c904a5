use std::time::Duration;

use domain::SESSION_LIFE;

use crate::{Token, TokenKind};

/// The cookie that holds a browser's session, on one origin: `__Host-recollect` over HTTPS, which the browser then sends to this host
/// alone and never without encryption; on a loopback address, where there is no HTTPS, a plain one that carries the port, because cookies
/// do not tell ports apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionCookie {
    name: String,
    secure: bool,
}

impl SessionCookie {
    /// The cookie of an origin such as `https://example.com`; `None` where none is safe: without HTTPS anywhere but on loopback.
    pub fn on(origin: &str) -> Option<Self> {
        if origin.starts_with("https://") {
            return Some(Self { name: "__Host-recollect".to_owned(), secure: true });
        }
        let host = origin.strip_prefix("http://")?;
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
            _ => (host, "80"),
        };
        let loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        loopback.then(|| Self { name: format!("recollect-{port}"), secure: false })
    }

    /// The token in the values of `Cookie` headers. Two of our name are none: somebody else may have set one of them.
    pub fn find<'a>(&self, headers: impl Iterator<Item = &'a str>) -> Option<Token> {
        let pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.name).map(|(_, value)| value);
        let value = values.next()?;
        if values.next().is_some() { None } else { Token::parse(TokenKind::Session, value) }
    }

    /// The value of `Set-Cookie` that gives a browser its session. The browser keeps it for as long as a session can last; whether it
    /// still does, the table says.
    pub fn set(&self, token: &Token) -> String {
        self.header(token.expose(), SESSION_LIFE)
    }

    /// The value of `Set-Cookie` that takes it away.
    pub fn clear(&self) -> String {
        self.header("", Duration::ZERO)
    }

    fn header(&self, value: &str, life: Duration) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", self.name, life.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(origin: &str) -> SessionCookie {
        SessionCookie::on(origin).expect("an origin for a cookie")
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let token = Token::generate(TokenKind::Session).expect("a token");
        assert_eq!(
            cookie("https://chat.example.com").set(&token),
            format!("__Host-recollect={}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure", token.expose())
        );
    }

    #[test]
    fn the_plain_form_is_for_loopback_alone() {
        assert_eq!(
            cookie("http://127.0.0.1:8787").clear(),
            "recollect-8787=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
        assert_eq!(cookie("http://localhost").name, "recollect-80");
        for origin in ["http://example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "", "null"] {
            assert_eq!(SessionCookie::on(origin), None, "{origin}");
        }
    }

    #[test]
    fn a_cookie_that_is_not_ours_is_none() {
        let token = Token::generate(TokenKind::Session).expect("a token");
        let ours = format!("recollect-8787={}", token.expose());
        let key = Token::generate(TokenKind::ApiKey).expect("a token");
        let cookie = cookie("http://127.0.0.1:8787");
        let found = |headers: &[&str]| cookie.find(headers.iter().copied()).map(|token| token.hash());
        assert_eq!(found(&["theme=dark", &ours]), Some(token.hash()));
        assert_eq!(found(&[&format!("a=b; {ours}; c=d")]), Some(token.hash()));
        let others = [
            "",
            "=",
            ";;;",
            "recollect-8787=",
            "recollect-8787=x",
            &ours.replace("8787", "8788"),
            &format!("recollect-8787={}", key.expose()),
        ];
        for header in others {
            assert_eq!(found(&[header]), None, "{header:?}");
        }
        assert_eq!(found(&[&ours, &ours]), None, "two are ambiguous");
    }
}
