//! `POST /api/admin/reset_links/`: help somebody back in.

fn main() -> runtime::Exit {
    runtime::http(accounts::reset_links_create::function)
}
