//! Going on with an answer after the connection was lost, or from another device, at many moments of it.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::portal::{ENDS, Portal, of_type};

/// What a client keeps of an answer; it does as `docs/protocol.md` says.
#[derive(Default)]
struct Reader {
    text: String,
    seq: i64,
    ended: bool,
}

impl Reader {
    fn read(&mut self, frame: &Value) {
        let (seq, offset) = (frame["seq"].as_i64(), frame["offset"].as_u64());
        match frame["type"].as_str().unwrap() {
            // Of one that it is ahead of it needs nothing.
            "reply.snapshot" if seq.unwrap() > self.seq => {
                if offset == Some(0) {
                    self.text.clear();
                }
                assert_eq!(offset, Some(self.text.len() as u64), "{frame}");
                self.text.push_str(frame["text"].as_str().unwrap());
                if frame["more"] == false {
                    self.seq = seq.unwrap();
                }
            }
            "reply.delta" if seq.unwrap() > self.seq => {
                assert_eq!(seq, Some(self.seq + 1), "a gap: {frame}");
                assert_eq!(offset, Some(self.text.len() as u64), "{frame}");
                self.text.push_str(frame["text"].as_str().unwrap());
                self.seq += 1;
            }
            kind if ENDS.contains(&kind) => {
                assert_eq!(frame["length"], json!(self.text.len()), "{frame}");
                self.ended = true;
            }
            _ => {}
        }
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how long it took is worth knowing")]
async fn whoever_goes_on_at_whatever_moment_has_the_whole_answer_once() {
    let portal = Portal::new();
    let prompt = "Count, and be interrupted.";
    let tokens: Vec<_> = (0..100).map(|number| format!("{number} ")).collect();
    let control = portal.cloud.peer_control_url.clone().expect("the cloud has a peer");
    let script = json!({"tokens": tokens, "when": prompt, "every_ms": 30});
    Client::builder()
        .build()
        .unwrap()
        .post(format!("{control}/scripts"))
        .body(script.to_string())
        .send()
        .await
        .unwrap();
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": prompt})).await;
    let answer = of_type(&socket.until(&["message.created"]).await, "message.created")["reply_message_id"].clone();

    // The first goes on with what it has, again and again; the others come from elsewhere and have nothing.
    let (mut first, begun) = (Reader::default(), Instant::now());
    let mut caught_up = Vec::new();
    while !first.ended {
        let moment = Instant::now() + Duration::from_millis(50 + 70 * (caught_up.len() as u64 % 5));
        while !first.ended && Instant::now() < moment {
            let Ok(frame) = tokio::time::timeout(Duration::from_millis(20), socket.next()).await else { continue };
            first.read(&frame.expect("the socket is open"));
        }
        if first.ended {
            break;
        }
        socket.close().await;
        sleep(Duration::from_millis(40)).await;
        let asked = Instant::now();
        socket = portal.cloud.watch(conversation).await;
        socket.send(&json!({"action": "resume", "message_id": answer, "after_seq": first.seq})).await;
        // Frames of the writer's may come first; what they are ahead of is told by the snapshot, and what it tells is told again.
        let mut early = Vec::new();
        loop {
            let frame = socket.next().await.expect("the socket is open");
            if frame["type"] == "reply.snapshot" {
                first.read(&frame);
                if frame["more"] == false {
                    break;
                }
            } else {
                early.push(frame);
            }
        }
        let ahead = |frame: &&Value| frame["seq"].as_i64().is_none_or(|seq| seq <= first.seq + 1);
        let ready: Vec<_> = early.iter().take_while(ahead).cloned().collect();
        for frame in &ready {
            first.read(frame);
        }
        caught_up.push(asked.elapsed());
    }
    println!("{} reconnections in {:?}; to caught up: {caught_up:?}", caught_up.len(), begun.elapsed());
    assert!(caught_up.len() > 5, "it was interrupted only {} times", caught_up.len());

    let stored = portal.messages(conversation).await.pop().unwrap();
    assert_eq!(
        (stored["status"].as_str(), stored["content"].as_str()),
        (Some("complete"), Some(tokens.concat().as_str()))
    );
    assert_eq!(json!(first.text), stored["content"]);

    // Another device, after the end, knows nothing and asks for whatever there is.
    let (mut late, mut device) = (Reader::default(), portal.cloud.watch(conversation).await);
    device.send(&json!({"action": "resume"})).await;
    device.until(&ENDS).await.iter().for_each(|frame| late.read(frame));
    assert_eq!(json!(late.text), stored["content"]);
}

#[tokio::test]
async fn what_cannot_be_gone_on_with_is_refused() {
    let portal = Portal::new();
    let (one, other) = (portal.conversation().await, portal.conversation().await);
    let mut socket = portal.cloud.watch(one).await;
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Hello?", "model": "offline"})).await;
    let frames = socket.until(&["reply.completed"]).await;
    let answer = of_type(&frames, "reply.completed")["message"]["id"].clone();
    let mut elsewhere = portal.cloud.watch(other).await;
    for action in ["resume", "stop"] {
        elsewhere.send(&json!({"action": action, "message_id": answer})).await;
        let refused = elsewhere.until(&["error"]).await.pop().unwrap();
        assert_eq!(refused["problem"]["type"], "/problems/not-found", "{action}");
    }
    elsewhere.send(&json!({"action": "resume", "message_id": answer.as_i64().unwrap() - 1})).await;
    assert_eq!(elsewhere.until(&["error"]).await.pop().unwrap()["problem"]["type"], "/problems/not-found");
}
