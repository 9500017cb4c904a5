use proptest::prelude::*;

use super::*;
use crate::ServerFrame;

const PAUSE: Duration = Duration::from_millis(50);
const MILLISECOND: Duration = Duration::from_millis(1);

fn frame(number: usize) -> WireFrame {
    ServerFrame::ReplyDelta {
        conversation_id: uuid(),
        message_id: 1.into(),
        seq: i64::try_from(number).unwrap_or_default(),
        offset: 0,
        text: number.to_string(),
    }
    .encode()
    .expect("a small frame")
}

fn uuid() -> domain::ConversationId {
    "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("a UUID")
}

fn connection(name: &str) -> ConnectionId {
    ConnectionId::from(name.to_owned())
}

#[test]
fn one_post_is_in_flight_a_connection_and_frames_stay_in_order() {
    let (mut fanout, now) = (Fanout::default(), Instant::now());
    fanout.join(connection("a"), 0);
    fanout.push(frame(1), Pace::AtOnce);
    fanout.push(frame(2), Pace::AtOnce);
    assert_eq!(fanout.start(now, PAUSE), [(connection("a"), frame(1))]);
    assert_eq!(fanout.start(now, PAUSE), []);
    assert!(!fanout.wants_more(now));
    fanout.finished(&connection("a"), Delivery::Sent, now);
    assert_eq!(fanout.start(now, PAUSE), [(connection("a"), frame(2))]);
    fanout.finished(&connection("a"), Delivery::Sent, now);
    assert!(fanout.wants_more(now) && fanout.is_idle());
}

#[test]
fn one_that_resumes_goes_on_after_its_frame_even_while_another_is_in_flight() {
    let (mut fanout, now) = (Fanout::default(), Instant::now());
    fanout.join(connection("a"), 0);
    // What is not counted, as a notice, stands between the first two that are.
    fanout.push_counted(frame(1), Pace::AtOnce);
    fanout.push(frame(100), Pace::AtOnce);
    fanout.push_counted(frame(2), Pace::AtOnce);
    fanout.push_counted(frame(3), Pace::AtOnce);
    let next = |fanout: &mut Fanout, resume: Option<i64>| {
        let [(_, posted)] = fanout.start(now, PAUSE).try_into().expect("one post");
        if let Some(seq) = resume {
            fanout.resume(&connection("a"), seq);
        }
        fanout.finished(&connection("a"), Delivery::Sent, now);
        posted
    };
    assert_eq!(next(&mut fanout, None), frame(1));
    assert_eq!(next(&mut fanout, None), frame(100));
    assert_eq!(next(&mut fanout, Some(1)), frame(2));
    assert_eq!(next(&mut fanout, None), frame(100));
    assert_eq!(next(&mut fanout, None), frame(2));
    assert_eq!(next(&mut fanout, None), frame(3));
    assert!(fanout.is_idle());

    // One that has everything, or says that it has more, waits for the next; one that is new gets all after its frame.
    fanout.resume(&connection("a"), 3);
    fanout.resume(&connection("a"), 99);
    assert!(fanout.is_idle());
    fanout.resume(&connection("b"), 2);
    assert_eq!(fanout.start(now, PAUSE), [(connection("b"), frame(3))]);
}

#[test]
fn paced_frames_keep_their_distance_and_others_do_not_wait_for_it() {
    let (mut fanout, start) = (Fanout::default(), Instant::now());
    fanout.join(connection("a"), 0);
    fanout.push(frame(1), Pace::Paced);
    fanout.push(frame(2), Pace::Paced);
    assert_eq!(fanout.start(start, PAUSE).len(), 1);
    let arrived = start + 10 * MILLISECOND;
    fanout.finished(&connection("a"), Delivery::Sent, arrived);
    assert_eq!(fanout.start(arrived, PAUSE), []);
    assert_eq!(fanout.wait(arrived), Some(40 * MILLISECOND));
    assert_eq!(fanout.start(start + PAUSE, PAUSE).len(), 1);
    fanout.finished(&connection("a"), Delivery::Sent, start + PAUSE);
    fanout.push(frame(3), Pace::AtOnce);
    assert_eq!(fanout.start(start + PAUSE, PAUSE).len(), 1);
}

#[test]
fn a_refusal_doubles_the_pause_of_that_connection_alone() {
    let (mut fanout, now) = (Fanout::default(), Instant::now());
    fanout.join(connection("a"), 0);
    fanout.join(connection("b"), 0);
    fanout.push(frame(1), Pace::Paced);
    assert_eq!(fanout.start(now, PAUSE).len(), 2);
    fanout.finished(&connection("a"), Delivery::Throttled, now);
    fanout.finished(&connection("b"), Delivery::Sent, now);
    assert_eq!(fanout.start(now + PAUSE, PAUSE), []);
    assert_eq!(fanout.start(now + 2 * PAUSE, PAUSE), [(connection("a"), frame(1))]);
    fanout.finished(&connection("a"), Delivery::Throttled, now + 2 * PAUSE);
    assert_eq!(fanout.wait(now + 2 * PAUSE), Some(4 * PAUSE));
    assert!(fanout.wants_more(now + 2 * PAUSE), "b waits for more");
}

#[test]
fn a_connection_that_is_gone_takes_nobody_with_it() {
    let (mut fanout, now) = (Fanout::default(), Instant::now());
    fanout.join(connection("a"), 0);
    fanout.join(connection("b"), 0);
    fanout.push(frame(1), Pace::AtOnce);
    fanout.start(now, PAUSE);
    fanout.finished(&connection("a"), Delivery::Gone, now);
    fanout.finished(&connection("b"), Delivery::Sent, now);
    fanout.push(frame(2), Pace::AtOnce);
    assert_eq!(fanout.start(now, PAUSE), [(connection("b"), frame(2))]);
}

#[test]
fn who_joins_late_begins_where_it_is_told_and_joining_twice_changes_nothing() {
    let (mut fanout, now) = (Fanout::default(), Instant::now());
    assert!(fanout.wants_more(now), "nobody watches: text is cut all the same, to be stored");
    for number in 1..=3 {
        fanout.push(frame(number), Pace::AtOnce);
    }
    fanout.join(connection("late"), 1);
    fanout.join(connection("late"), 0);
    assert_eq!(fanout.start(now, PAUSE), [(connection("late"), frame(2))]);
}

#[derive(Clone, Copy, Debug)]
struct Post {
    delivery: Delivery,
    takes: u64,
}

fn posts() -> impl Strategy<Value = Vec<Post>> {
    let delivery = prop_oneof![
        20 => Just(Delivery::Sent),
        3 => Just(Delivery::Throttled),
        2 => Just(Delivery::Failed),
        1 => Just(Delivery::Gone),
    ];
    prop::collection::vec((delivery, 0_u64..300).prop_map(|(delivery, takes)| Post { delivery, takes }), 0..40)
}

/// What one connection saw, and what it will answer to the next posts; afterwards everything arrives at once.
#[derive(Debug, Default)]
struct Peer {
    script: Vec<Post>,
    got: Vec<WireFrame>,
    due: Option<(Instant, WireFrame, Delivery)>,
    started: Vec<(Instant, WireFrame)>,
    gone: bool,
    failures: u32,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any connection that is not gone gets every frame, once, in order, with one post in flight, however posts fare.
    #[test]
    fn everybody_gets_everything(
        scripts in prop::collection::vec(posts(), 1..4),
        arrivals in prop::collection::vec((0_u64..200, any::<bool>()), 0..30),
    ) {
        let mut fanout = Fanout::default();
        let mut peers = BTreeMap::new();
        for (number, mut script) in scripts.into_iter().enumerate() {
            script.reverse();
            let id = connection(&number.to_string());
            fanout.join(id.clone(), 0);
            peers.insert(id, Peer { script, ..Peer::default() });
        }
        let start = Instant::now();
        let (mut now, mut pushed) = (start, Vec::new());
        let mut at = start;
        let mut arrivals: Vec<_> = arrivals.into_iter().map(|(gap, paced)| { at += Duration::from_millis(gap); (at, paced) }).collect();
        arrivals.reverse();

        for _ in 0..20_000 {
            while let Some((_, paced)) = arrivals.pop_if(|(at, _)| *at <= now) {
                let frame = frame(pushed.len() + 1);
                pushed.push(frame.clone());
                fanout.push(frame, if paced { Pace::Paced } else { Pace::AtOnce });
            }
            for (id, peer) in &mut peers {
                if let Some((_, frame, delivery)) = peer.due.take_if(|(due, ..)| *due <= now) {
                    match delivery {
                        Delivery::Sent => { peer.got.push(frame); peer.failures = 0; }
                        Delivery::Gone => peer.gone = true,
                        Delivery::Throttled => peer.failures = 0,
                        Delivery::Failed => { peer.failures += 1; peer.gone |= peer.failures == MOST_FAILURES; }
                    }
                    fanout.finished(id, delivery, now);
                }
            }
            for (id, frame) in fanout.start(now, PAUSE) {
                let peer = peers.get_mut(&id).expect("a peer");
                prop_assert!(!peer.gone && peer.due.is_none(), "one post in flight, none to who is gone");
                let post = peer.script.pop().unwrap_or(Post { delivery: Delivery::Sent, takes: 0 });
                peer.started.push((now, frame.clone()));
                peer.due = Some((now + Duration::from_millis(post.takes), frame, post.delivery));
            }
            let next = peers.values().filter_map(|peer| peer.due.as_ref().map(|(due, ..)| *due))
                .chain(arrivals.last().map(|(at, _)| *at))
                .chain(fanout.wait(now).map(|wait| now + wait))
                .min();
            match next {
                Some(next) => now = now.max(next),
                None => break,
            }
        }

        prop_assert!(fanout.is_idle(), "nothing is stuck");
        for peer in peers.values() {
            if peer.gone {
                prop_assert_eq!(&peer.got[..], &pushed[..peer.got.len()]);
            } else {
                prop_assert_eq!(&peer.got, &pushed);
            }
        }
    }
}
