//! The loop on a clock that moves when everything waits, before a journal and an audience that do as they are told.

mod cases;
mod resumes;
mod room;
mod stops;

use domain::{FinishReason, utf16_len};
use proptest::prelude::*;

use self::room::{Notebook, Post, Room, assembled, connection, delta_times, finished, run, text, types};
use super::*;

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// Longer than any of these answers takes.
const LATE: Duration = Duration::from_mins(10);

fn failure(cut: bool) -> Failure {
    Failure { problem: Box::new(Problem::new(ProblemCode::ProviderFailed, "The provider failed.")), cut }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_shown_and_stored_the_same_and_its_end_is_told_once_it_is_stored() {
    let (notebook, room) = (Notebook::taking(30 * MILLISECOND), Room::of(["own"]));
    let steps = [(100, room::asked()), (20, text("Hello")), (20, text(", you")), (20, finished())];
    run(&notebook, &room, steps, LATE).await.unwrap();

    let frames = room.frames("own");
    assert_eq!(types(&frames), ["reply.started", "reply.delta", "reply.delta", "reply.completed"]);
    assert_eq!(assembled(&frames, ""), "Hello, you");
    let stored = notebook.stored();
    assert_eq!((stored.text.as_str(), stored.last_seq), ("Hello, you", 2));
    let outcome = stored.outcome.unwrap();
    assert_eq!((outcome.status, outcome.finish_reason), (MessageStatus::Complete, Some(FinishReason::Stop)));
    assert_eq!(outcome.model.as_deref(), Some("test/model"));
    let (told_at, end) = frames.last().unwrap();
    assert!(*told_at >= stored.finished_at.unwrap(), "the end is told after it is stored");
    assert_eq!((&end["length"], &end["last_seq"]), (&10.into(), &2.into()));
    assert!(room.was_told_of_the_end());
}

#[tokio::test(start_paused = true)]
async fn the_first_text_leaves_at_once_and_later_text_in_larger_frames() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let start = Instant::now();
    let tokens = (0..200).map(|_| (20, text("word ")));
    let steps = std::iter::once((0, room::asked())).chain(tokens).chain([(0, finished())]);
    run(&notebook, &room, steps, LATE).await.unwrap();

    let times = delta_times(&room.frames("own"));
    assert_eq!(times[0] - start, 20 * MILLISECOND, "with the first token");
    for pair in times[..times.len() - 1].windows(2) {
        let least = if pair[0] - times[0] < Duration::from_secs(2) { 50 } else { 100 };
        assert!(pair[1] - pair[0] >= least * MILLISECOND, "{:?}", pair[1] - pair[0]);
    }
    assert!((55..=70).contains(&times.len()), "2 s at 60 ms, 2 s at 100 ms: {}", times.len());
}

#[tokio::test(start_paused = true)]
async fn a_slow_socket_gets_everything_and_holds_nobody_up() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own", "slow"]));
    room.answers("slow", std::iter::repeat_n(Post { delivery: Delivery::Sent, takes: 700 }, 1000));
    let tokens = (0..100).map(|_| (20, text("word ")));
    run(&notebook, &room, tokens.chain([(0, finished())]), LATE).await.unwrap();

    let (own, slow) = (room.frames("own"), room.frames("slow"));
    let seen =
        |frames: &[(Instant, serde_json::Value)]| frames.iter().map(|(_, frame)| frame.clone()).collect::<Vec<_>>();
    assert_eq!(seen(&own), seen(&slow));
    assert!(own.last().unwrap().0 + 5 * SECOND < slow.last().unwrap().0);
    assert_eq!(own.last().unwrap().1["type"], "reply.completed");
}

#[tokio::test(start_paused = true)]
async fn posts_that_fail_do_not_fail_the_answer() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own", "gone", "broken"]));
    room.answers("gone", std::iter::repeat_n(Post { delivery: Delivery::Gone, takes: 1 }, 1000));
    room.answers("broken", std::iter::repeat_n(Post { delivery: Delivery::Failed, takes: 3000 }, 1000));
    let tokens = (0..100).map(|_| (20, text("word ")));
    run(&notebook, &room, tokens.chain([(0, finished())]), LATE).await.unwrap();

    assert_eq!(assembled(&room.frames("own"), ""), "word ".repeat(100));
    assert_eq!(notebook.stored().text, "word ".repeat(100));
    assert_eq!(room.frames("gone"), []);
}

#[tokio::test(start_paused = true)]
async fn a_lost_claim_ends_the_writing_without_a_word() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    notebook.lose_claim_at(Instant::now() + 2 * SECOND);
    let tokens = (0..1000).map(|_| (20, text("word ")));
    run(&notebook, &room, tokens.chain([(0, finished())]), LATE).await.unwrap();

    assert!(notebook.stored().outcome.is_none());
    assert!(types(&room.frames("own")).iter().all(|kind| kind == "reply.delta"));
    assert!(Instant::now() < notebook.started + 4 * SECOND, "it stopped at the next checkpoint");
}

#[tokio::test(start_paused = true)]
async fn silence_renews_the_lease_by_the_clock() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    run(&notebook, &room, [(0, room::asked()), (95_500, text("At last.")), (0, finished())], LATE).await.unwrap();

    let times = notebook.stored().checkpoints;
    assert_eq!(times.len(), 9, "every ten seconds, and not more often");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] < Duration::from_secs(12)));
}

#[tokio::test(start_paused = true)]
async fn text_is_stored_every_second_while_it_grows() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let tokens = (0..500).map(|_| (10, text("a")));
    run(&notebook, &room, tokens.chain([(0, finished())]), LATE).await.unwrap();
    assert!((4..=5).contains(&notebook.stored().checkpoints.len()));
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_away_for_a_while_costs_no_text() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let now = Instant::now();
    notebook.away(now + SECOND / 2, now + 8 * SECOND);
    let tokens = (0..100).map(|_| (50, text("word ")));
    run(&notebook, &room, tokens.chain([(0, finished())]), LATE).await.unwrap();

    assert_eq!(notebook.stored().text, "word ".repeat(100));
    assert_eq!(types(&room.frames("own")).last().unwrap(), "reply.completed");
}

#[tokio::test(start_paused = true)]
async fn a_database_that_stays_away_is_an_error_and_no_end_is_told() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    notebook.away(Instant::now(), Instant::now() + LATE);
    let result = run(&notebook, &room, [(0, text("Hello")), (0, finished())], LATE).await;
    assert!(matches!(result, Err(Fault::Unavailable { .. })));
    assert_eq!(types(&room.frames("own")), ["reply.delta"]);
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_the_answer_is_interrupted_and_keeps_its_text() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let tokens = (0..1000).map(|_| (100, text("word ")));
    run(&notebook, &room, tokens, 3 * SECOND).await.unwrap();

    let (stored, frames) = (notebook.stored(), room.frames("own"));
    assert_eq!(stored.outcome.unwrap().status, MessageStatus::Interrupted);
    assert_eq!(types(&frames).last().unwrap(), "reply.interrupted");
    assert_eq!(assembled(&frames, ""), stored.text);
    assert!(stored.text.starts_with("word word "));
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_is_told_apart_from_one_that_is_cut_off() {
    for (steps, status, last) in [
        (vec![(10, Err(failure(false)))], MessageStatus::Failed, "reply.failed"),
        (vec![(10, text("Well")), (10, Err(failure(true)))], MessageStatus::Interrupted, "reply.interrupted"),
        (vec![(10, text("Well"))], MessageStatus::Interrupted, "reply.interrupted"),
    ] {
        let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
        run(&notebook, &room, steps, LATE).await.unwrap();
        let outcome = notebook.stored().outcome.unwrap();
        assert_eq!(outcome.status, status);
        assert!(outcome.error.is_some());
        assert_eq!(types(&room.frames("own")).last().unwrap(), last);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_database_cannot_store_is_shown_as_it_is_stored() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    run(&notebook, &room, [(0, text("a\0b")), (0, finished())], LATE).await.unwrap();
    assert_eq!(notebook.stored().text, "a\u{fffd}b");
    assert_eq!(assembled(&room.frames("own"), ""), "a\u{fffd}b");
}

#[tokio::test(start_paused = true)]
async fn who_comes_in_the_middle_misses_nothing_after_what_was_stored() {
    for comes_after in (0..4000).step_by(130) {
        let (notebook, room) = (Notebook::taking(40 * MILLISECOND), Room::of(["own"]));
        let tokens = (0..250).map(|number| (20, text(if number % 7 == 0 { "🙂 " } else { "word " })));
        let visitor = async {
            sleep(comes_after * MILLISECOND).await;
            room.enter(connection("late"));
            // The page opens the socket first, and then reads what is stored.
            sleep(15 * MILLISECOND).await;
            notebook.stored().text
        };
        let (result, read) = join(run(&notebook, &room, tokens.chain([(0, finished())]), LATE), visitor).await;
        result.unwrap();
        assert_eq!(assembled(&room.frames("late"), &read), notebook.stored().text, "after {comes_after} ms");
    }
}

fn posts() -> impl Strategy<Value = Vec<Post>> {
    let delivery = prop_oneof![12 => Just(Delivery::Sent), 1 => Just(Delivery::Throttled), 1 => Just(Delivery::Failed)];
    prop::collection::vec((delivery, 0_u64..150).prop_map(|(delivery, takes)| Post { delivery, takes }), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_comes_everybody_sees_what_is_stored(
        // No more than a socket that is refused again and again takes within `DRAINING`.
        tokens in prop::collection::vec((0_u64..300, any::<bool>(), "\\PC{0,40}|[🙂\"\\\\\u{1}é]{0,9000}"), 0..15),
        (one, two) in (posts(), posts()),
        commit_takes in 0_u64..400,
        away in prop::option::of((0_u64..3000, 0_u64..4000)),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (notebook, room) = (Notebook::taking(Duration::from_millis(commit_takes)), Room::of(["one", "two"]));
            room.answers("one", one);
            room.answers("two", two);
            if let Some((from, length)) = away {
                let from = Instant::now() + Duration::from_millis(from);
                notebook.away(from, from + Duration::from_millis(length));
            }
            let said: String = tokens.iter().filter(|(_, thinks, _)| !thinks).map(|(.., text)| text.as_str()).collect();
            let steps = tokens.into_iter().map(|(gap, thinks, piece)| (gap, if thinks { room::thought(&piece) } else { text(&piece) }));
            run(&notebook, &room, steps.chain([(0, finished())]), LATE).await.unwrap();

            let stored = notebook.stored();
            assert_eq!(stored.text, said);
            for name in ["one", "two"] {
                let frames = room.frames(name);
                assert_eq!(assembled(&frames, ""), said);
                assert_eq!(frames.iter().filter(|(_, frame)| frame["type"] == "reply.completed").count(), 1);
                assert_eq!(frames.last().unwrap().1["last_seq"], stored.last_seq);
            }
        });
    }
}
