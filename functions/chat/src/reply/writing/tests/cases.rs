//! The cases of delivery, by their numbers in `docs/providers.md`.

use llm::Event;

use super::room::asked;
use super::*;

fn words(count: usize, every: u64) -> impl Iterator<Item = (u64, Result<Step, Failure>)> {
    (0..count).map(move |_| (every, text("word "))).chain([(0, finished())])
}

/// Near the end of the function's time the answer ends as interrupted, with its text, and everybody is told.
#[tokio::test(start_paused = true)]
async fn case_46_deadline_near() {
    let (notebook, room) = (Notebook::taking(30 * MILLISECOND), Room::of(["own"]));
    run(&notebook, &room, words(1_000, 100), 3 * SECOND).await.unwrap();
    let (stored, frames) = (notebook.stored(), room.frames("own"));
    assert_eq!(stored.outcome.unwrap().status, MessageStatus::Interrupted);
    assert_eq!(types(&frames).last().unwrap(), "reply.interrupted");
    assert!(stored.text.starts_with("word word ") && stored.text == assembled(&frames, ""));
}

/// A socket that is gone, refuses for a while, takes no such frame or hangs changes nothing for the others, and who was only
/// refused gets everything.
#[tokio::test(start_paused = true)]
async fn case_47_posts_that_fail() {
    let (notebook, room) =
        (Notebook::taking(MILLISECOND), Room::of(["own", "gone", "gone later", "slowed", "refusing", "hanging"]));
    let post = |delivery, takes| Post { delivery, takes };
    // An index goes on naming them for a while.
    let gone = || std::iter::repeat_n(post(Delivery::Gone, 5), 1_000);
    room.answers("gone", gone());
    room.answers("gone later", std::iter::once(post(Delivery::Sent, 5)).chain(gone()));
    room.answers("slowed", std::iter::repeat_n(post(Delivery::Throttled, 5), 3));
    room.answers("refusing", std::iter::repeat_n(post(Delivery::Failed, 5), 1_000));
    room.answers("hanging", [post(Delivery::Sent, 10_000)]);
    run(&notebook, &room, std::iter::once((0, asked())).chain(words(100, 20)), LATE).await.unwrap();

    let whole = "word ".repeat(100);
    assert_eq!(notebook.stored().text, whole);
    for name in ["own", "slowed", "hanging"] {
        assert_eq!(assembled(&room.frames(name), ""), whole, "{name}");
        assert_eq!(types(&room.frames(name)).last().unwrap(), "reply.completed", "{name}");
    }
    assert_eq!(room.frames("gone").len() + room.frames("gone later").len(), 1);
}

/// Of two windows each sees the whole answer, also the one that opens while a checkpoint is being stored.
#[tokio::test(start_paused = true)]
async fn case_50_two_windows_and_a_late_one() {
    let (notebook, room) = (Notebook::taking(400 * MILLISECOND), Room::of(["own", "other"]));
    // The checkpoint of the second second is under way.
    let entering = async {
        sleep(2_200 * MILLISECOND).await;
        let read = notebook.stored().text;
        room.enter(connection("late"));
        read
    };
    let (result, read) = futures::join!(run(&notebook, &room, words(200, 20), LATE), entering);
    result.unwrap();
    let whole = "word ".repeat(200);
    assert_eq!(assembled(&room.frames("own"), ""), whole);
    assert_eq!(assembled(&room.frames("other"), ""), whole);
    assert!(!read.is_empty() && read.len() < whole.len());
    assert_eq!(assembled(&room.frames("late"), &read), whole);
}

/// A database that is away during checkpoints costs no text, and the end is told only once it is stored.
#[tokio::test(start_paused = true)]
async fn case_53_database_down() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let now = Instant::now();
    notebook.away(now + SECOND / 2, now + 8 * SECOND);
    run(&notebook, &room, words(100, 50), LATE).await.unwrap();
    let (stored, frames) = (notebook.stored(), room.frames("own"));
    assert_eq!(stored.text, "word ".repeat(100));
    let (told_at, end) = frames.last().unwrap();
    assert_eq!(end["type"], "reply.completed");
    assert!(*told_at >= stored.finished_at.unwrap());
    assert!(
        delta_times(&frames).iter().any(|at| *at > now + SECOND && *at < now + 5 * SECOND),
        "it streamed meanwhile"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_known_about_an_answer_is_told_and_kept() {
    let (notebook, room) = (Notebook::taking(MILLISECOND), Room::of(["own"]));
    let event = |event| (10, Ok(Step::Event(event)));
    let steps = [
        (0, asked()),
        event(Event::Trimmed),
        event(Event::Retrying),
        event(Event::FellBack { from: "test/model".to_owned(), to: "other/model".to_owned() }),
        (10, text("Hello")),
        (0, Ok(Step::Cost(42))),
        (0, finished()),
    ];
    run(&notebook, &room, steps, LATE).await.unwrap();
    let frames = room.frames("own");
    let notices: Vec<_> =
        frames.iter().filter(|(_, frame)| frame["type"] == "reply.notice").map(|(_, frame)| frame).collect();
    let told: Vec<_> = notices.iter().map(|frame| frame["notice"].as_str().unwrap()).collect();
    assert_eq!(told, ["trimmed", "retrying", "fallback"]);
    assert_eq!((&notices[2]["from"], &notices[2]["to"]), (&"test/model".into(), &"other/model".into()));
    let outcome = notebook.stored().outcome.unwrap();
    assert_eq!(outcome.notices, [Notice::Trimmed, Notice::Fallback], "that it was asked again is over");
    assert_eq!((outcome.model.as_deref(), outcome.provider.as_deref()), (Some("other/model"), Some("other")));
    assert_eq!((outcome.fallback_from.as_deref(), outcome.cost_micros), (Some("test/model"), Some(42)));
    assert_eq!(frames.last().unwrap().1["message"]["fallback_from"], "test/model");
}
