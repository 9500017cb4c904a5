//! An answer that is stopped: what was written and shown is what is stored.

use super::room::asked;
use super::*;

fn words(every: u64) -> impl Iterator<Item = (u64, Result<Step, Failure>)> {
    std::iter::once((0, asked())).chain((0..10_000).map(move |_| (every, text("word "))))
}

/// Runs until it is stopped after so long; gives how long it took from there to the end of the provider's stream.
async fn stopped(notebook: &Notebook, room: &Room, every: u64, stop: impl Future<Output = ()>) -> Duration {
    let stop = async {
        stop.await;
        Instant::now()
    };
    let (result, at) = futures::join!(run(notebook, room, words(every), LATE), stop);
    result.unwrap();
    notebook.stored().finished_at.unwrap() - at
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_heard_before_the_model_has_written_twenty_more_pieces() {
    let (notebook, room) = (Notebook::taking(10 * MILLISECOND), Room::of(["own"]));
    let took = stopped(&notebook, &room, 20, async {
        sleep(3_210 * MILLISECOND).await;
        room.stop();
    })
    .await;
    assert!(took < 20 * 20 * MILLISECOND, "{took:?}");

    let (stored, frames) = (notebook.stored(), room.frames("own"));
    let outcome = stored.outcome.unwrap();
    assert_eq!((outcome.status, outcome.error), (MessageStatus::Stopped, None));
    let usage = outcome.usage.unwrap();
    assert!(usage.estimated && usage.output_tokens > 100, "{usage:?}");
    assert_eq!(types(&frames).last().unwrap(), "reply.stopped");
    assert!(stored.text.starts_with("word word ") && stored.text == assembled(&frames, ""));
    assert_eq!(frames.last().unwrap().1["length"], stored.text.len());
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_was_only_stored_is_seen_at_the_next_checkpoint() {
    let (notebook, room) = (Notebook::taking(10 * MILLISECOND), Room::of(["own"]));
    let took = stopped(&notebook, &room, 50, async {
        sleep(2_500 * MILLISECOND).await;
        notebook.stop_at(Instant::now());
    })
    .await;
    assert!(took < CHECKPOINT + 50 * MILLISECOND, "{took:?}");
    assert_eq!(notebook.stored().outcome.unwrap().status, MessageStatus::Stopped);
    assert_eq!(types(&room.frames("own")).last().unwrap(), "reply.stopped");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_stopped_before_its_first_word_used_nothing_that_is_known() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    room.stop();
    run(&notebook, &room, [(0, asked()), (60_000, text("Late"))], LATE).await.unwrap();
    let outcome = notebook.stored().outcome.unwrap();
    assert_eq!((outcome.status, outcome.usage, outcome.cost_micros), (MessageStatus::Stopped, None, None));
    assert!(notebook.started.elapsed() < SECOND);
}
