//! The registry, the sender and the announcer, before a peer that speaks as much of AWS as they use.

use chrono::Duration;
use domain::{Clock, ConversationId, UserId};
use realtime::{Announcer, Connection, ConnectionId, Connections, Delivery, Sender, ServerFrame};
use serde_json::json;
use testkit::AwsPeer;

const OWNER: UserId = UserId::BUILT_IN;

fn socket(id: &str, conversation_id: Option<ConversationId>) -> Connection {
    Connection { id: id.to_owned().into(), user_id: OWNER, credential: None, conversation_id }
}

fn ids(connections: Vec<Connection>) -> Vec<String> {
    connections.into_iter().map(|connection| connection.id.into()).collect()
}

struct Sockets {
    peer: AwsPeer,
    clock: Clock,
    connections: Connections,
    announcer: Announcer,
    sender: Sender,
    conversation: ConversationId,
}

impl Sockets {
    async fn new() -> Self {
        let peer = AwsPeer::start().await;
        let aws = peer.sdk_config().await;
        let clock = Clock::fixed(Clock::system().now());
        let connections = Connections::new(&aws, "connections".to_owned(), clock.clone());
        let sender = Sender::new(&aws, &peer.url);
        let announcer = Announcer::over(connections.clone(), sender.clone());
        let conversation = ConversationId::new(&clock);
        Self { peer, clock, connections, announcer, sender, conversation }
    }
}

#[tokio::test]
async fn a_registered_socket_is_found_by_itself_its_conversation_and_its_person() {
    let Sockets { connections, conversation, .. } = Sockets::new().await;
    let watching = socket("watching=", Some(conversation));
    connections.register(&watching).await.unwrap();
    connections.register(&socket("account=", None)).await.unwrap();

    assert_eq!(connections.read(&watching.id).await.unwrap(), Some(watching.clone()));
    assert_eq!(ids(connections.by_conversation(OWNER, conversation).await.unwrap()), ["watching="]);
    assert_eq!(ids(connections.by_user(OWNER).await.unwrap()), ["account=", "watching="]);

    connections.remove(&watching.id).await.unwrap();
    assert_eq!(connections.read(&watching.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_row_whose_time_is_over_is_not_there_although_the_table_still_has_it() {
    let Sockets { clock, connections, conversation, .. } = Sockets::new().await;
    let old = socket("old=", Some(conversation));
    connections.register(&old).await.unwrap();
    clock.advance(Duration::hours(3));

    assert_eq!(connections.read(&old.id).await.unwrap(), None);
    assert_eq!(connections.by_conversation(OWNER, conversation).await.unwrap(), []);
    assert_eq!(connections.by_user(OWNER).await.unwrap(), []);
}

#[tokio::test]
async fn somebody_elses_socket_is_not_found_by_a_conversation() {
    let Sockets { peer, clock, connections, conversation, .. } = Sockets::new().await;
    peer.connect("theirs=", UserId::new(&clock), Some(conversation));
    assert_eq!(connections.by_conversation(OWNER, conversation).await.unwrap(), []);
}

#[tokio::test]
async fn a_frame_to_a_closed_socket_is_told_apart() {
    let Sockets { connections, conversation, sender, .. } = Sockets::new().await;
    connections.register(&socket("open=", Some(conversation))).await.unwrap();
    let pong = ServerFrame::Pong { conversation_id: None };
    assert_eq!(sender.send(&ConnectionId::from("open=".to_owned()), &pong).await, Delivery::Sent);
    assert_eq!(sender.send(&ConnectionId::from("closed=".to_owned()), &pong).await, Delivery::Gone);
}

#[tokio::test]
async fn an_answer_that_was_added_is_told_to_the_account_alone() {
    let Sockets { peer, clock, announcer, conversation, .. } = Sockets::new().await;
    peer.connect("account=", OWNER, None);
    peer.connect("elsewhere=", OWNER, Some(ConversationId::new(&clock)));
    let at = clock.now();
    announcer.conversation_grew(OWNER, conversation, at).await;
    let frame = json!({"type": "conversation.updated", "conversation_id": conversation, "updated_at": at});
    assert_eq!(peer.posts(), [("account=".to_owned(), frame)]);
}

#[tokio::test]
async fn a_socket_that_no_index_knows_yet_is_told_too_and_only_once() {
    let Sockets { peer, announcer, conversation, .. } = Sockets::new().await;
    peer.connect("own=", OWNER, Some(conversation));
    let problem = domain::Problem::new(domain::ProblemCode::Unavailable, "Try again.");
    let announcer = announcer.including(socket("own=", Some(conversation)));
    announcer.reply_failed(OWNER, conversation, 3.into(), &problem).await;
    assert_eq!(peer.posts().len(), 1);
}

#[tokio::test]
async fn a_deleted_conversation_closes_the_sockets_that_watch_it() {
    let Sockets { peer, clock, announcer, conversation, .. } = Sockets::new().await;
    peer.connect("account=", OWNER, None);
    peer.connect("elsewhere=", OWNER, Some(ConversationId::new(&clock)));
    peer.connect("watching=", OWNER, Some(conversation));
    announcer.conversation_deleted(OWNER, conversation).await;
    assert_eq!(peer.closed(), ["watching="]);
    let frame = json!({"type": "conversation.updated", "conversation_id": conversation, "deleted": true});
    assert_eq!(peer.posts(), [("account=".to_owned(), frame)]);
}
