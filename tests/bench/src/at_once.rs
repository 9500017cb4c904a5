use futures::future::try_join_all;
use tokio::time::Instant;

use crate::client::{Client, first_delta};
use crate::figures::{Figures, head, line};

/// As many answers as the local cloud streams at once.
const CHATS: usize = 64;

/// Many answers at once, first with functions that have not run yet, then again.
pub(crate) async fn measure(client: &Client) -> anyhow::Result<()> {
    head(&format!("Time to the first delta, {CHATS} chats at once"));
    let mut sockets = Vec::new();
    for _ in 0..CHATS {
        sockets.push(client.conversation().await?);
    }
    for (turn, name) in ["the first burst", "the second burst", "the third burst"].into_iter().enumerate() {
        let begun = Instant::now();
        let portal = try_join_all(sockets.iter_mut().map(|socket| first_delta(socket, turn, "All at once."))).await?;
        let elapsed = begun.elapsed();
        let straight = try_join_all((0..CHATS).map(|_| client.peer_first_piece("All at once."))).await?;
        let collect = |taken: Vec<_>| {
            taken.into_iter().fold(Figures::default(), |mut figures, taken| {
                figures.add(taken);
                figures
            })
        };
        line(
            &format!("{name}, {CHATS} of {CHATS} complete in {:.1} s", elapsed.as_secs_f64()),
            &collect(portal),
            &collect(straight),
        );
    }
    Ok(())
}
