//! `GET /api/auth/api_keys/`: the keys of programs.

fn main() -> runtime::Exit {
    runtime::http(accounts::api_keys_list::function)
}
