//! Whoever goes on reading, at whatever moment, has the whole answer in the end.

use super::*;

/// What is stored at a moment, and a wish to go on from there some time later, as `ws_message` makes it.
async fn resume(notebook: &Notebook, room: &Room, name: &str, at: u64, later: u64) -> String {
    sleep(Duration::from_millis(at)).await;
    let read = notebook.stored();
    sleep(Duration::from_millis(later)).await;
    room.resume(name, read.last_seq);
    read.text
}

fn words() -> impl Iterator<Item = (u64, Result<Step, Failure>)> {
    (0..150).map(|number| (20, text(&format!("{number} ")))).chain([(200, finished())])
}

#[test]
fn one_that_goes_on_at_any_moment_misses_nothing() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    runner
        .run(&(0_u64..3_000, 0_u64..1_500, 1_u64..600, any::<bool>()), |(at, later, takes, own)| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
            runtime.block_on(async {
                let (notebook, room) = (Notebook::taking(Duration::from_millis(takes)), Room::of(["own"]));
                // The one that asked loses its frames and goes on over the same socket, or somebody comes from elsewhere.
                let name = if own { "own" } else { "late" };
                let (result, read) =
                    futures::join!(run(&notebook, &room, words(), LATE), resume(&notebook, &room, name, at, later));
                result.unwrap();
                if later > 200 && at + later > 3_000 {
                    // The wish may have come after the writer was gone: `ws_message` sees that the answer has ended.
                    return Ok(());
                }
                let frames = room.frames(name);
                let from = frames.iter().rposition(|(_, frame)| frame["offset"] == utf16_len(&read));
                prop_assert!(from.is_some() || read == notebook.stored().text, "nothing goes on where it was read");
                let rest = &frames[from.unwrap_or(frames.len())..];
                prop_assert_eq!(assembled(rest, &read), notebook.stored().text);
                prop_assert_eq!(types(&frames).pop().unwrap(), "reply.completed");
                Ok(())
            })
        })
        .unwrap();
}
