//! `POST /api/auth/api_keys/`: make a key for a program.

fn main() -> runtime::Exit {
    runtime::http(accounts::api_keys_create::function)
}
