//! `GET /api/auth/sessions/`: the browsers that are signed in.

fn main() -> runtime::Exit {
    runtime::http(accounts::sessions_list::function)
}
