use crate::client::{Client, first_delta};
use crate::figures::{Figures, head, line};

const TURNS: usize = 50;

/// From the prompt to the first piece of its answer.
pub(crate) async fn measure(client: &Client) -> anyhow::Result<()> {
    let mut socket = client.conversation().await?;
    let (mut portal, mut straight) = (Figures::default(), Figures::default());
    for turn in 0..TURNS {
        // A conversation that grows would make the later prompts longer than the earlier ones.
        if turn % 10 == 0 {
            socket = client.conversation().await?;
        }
        portal.add(first_delta(&mut socket, turn, "How long does it take?").await?);
        straight.add(client.peer_first_piece("How long does it take?").await?);
    }
    head("Time to the first delta, one chat at a time");
    line("sendMessage to reply.delta", &portal, &straight);
    Ok(())
}
