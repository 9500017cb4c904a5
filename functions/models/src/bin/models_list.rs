//! `GET /api/models/`: the providers that are configured, and their models.

fn main() -> runtime::Exit {
    runtime::http(models::list::function)
}
