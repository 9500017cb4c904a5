//! Answers from end to end: a prompt in the store, `reply`, a scripted provider, and what is stored and told then.

use domain::{
    Clock, ConversationId, ConversationPatch, FinishReason, Message, MessageStatus, Notice, Patch, Title, TitleBy,
    UserId,
};
use llm::{LlmSettings, Models};
use realtime::{AnswerSignals, Connections, ReplyRequest, Sender};
use runtime::Handler as _;
use serde_json::{Value, json};
use store::{HistoryRange, NewConversation, NewPrompt};
use testkit::peer::{Dialect, Peer, Script};
use testkit::{AwsPeer, Database};
use tokio::time::{Duration, Instant};

const OWNER: UserId = UserId::BUILT_IN;
const MODEL: &str = "openai/gpt-5-mini";

/// `reply` with everything that it touches.
struct Scene {
    database: Database,
    aws: AwsPeer,
    peer: Peer,
    reply: chat::reply::Reply,
    conversation: ConversationId,
}

impl Scene {
    async fn new() -> Self {
        Self::with(|settings, _| settings).await
    }

    /// With other settings; the peer is in OpenAI's place.
    async fn with(settings: impl FnOnce(LlmSettings, &Peer) -> LlmSettings) -> Self {
        let (database, aws, peer) = (Database::new().await, AwsPeer::start().await, Peer::start().await);
        let openai = LlmSettings {
            default_model: Some(MODEL.to_owned()),
            openai_key: Some("of-the-peer".into()),
            openai_base_url: Some(peer.url()),
            ..LlmSettings::default()
        };
        let config = aws.sdk_config().await;
        let reply = chat::reply::Reply {
            store: database.store.clone(),
            models: Models::new(settings(openai, &peer)).unwrap(),
            connections: Connections::new(&config, "connections".to_owned(), Clock::system()),
            sender: Sender::new(&config, &aws.url),
            signals: AnswerSignals::new(&config, "answer_signals".to_owned(), Clock::system()),
            instructions: Some("Of the portal.".to_owned()),
        };
        let conversation = database.store.create_conversation(OWNER, NewConversation::default()).await.unwrap().id;
        aws.connect("window", OWNER, Some(conversation));
        Self { database, aws, peer, reply, conversation }
    }

    /// Stores a prompt; gives the answer that is to be written.
    async fn prompt(&self, client_id: &str, content: &str) -> ReplyRequest {
        let prompt = NewPrompt {
            conversation_id: self.conversation,
            content: domain::Content::parse("content", content).unwrap(),
            client_id: domain::ClientId::parse("client_id", client_id).unwrap(),
            model: None,
        };
        let committed = self.database.store.commit_prompt(OWNER, prompt).await.unwrap();
        ReplyRequest { user_id: OWNER, message_id: committed.reply.id, connection_id: None }
    }

    async fn write(&self, request: ReplyRequest) {
        let deadline = Instant::now() + Duration::from_mins(1);
        self.reply
            .handle(request, runtime::Invocation { request_id: "the-request".to_owned(), deadline })
            .await
            .unwrap();
    }

    /// A prompt with its whole answer.
    async fn ask(&self, client_id: &str, content: &str) -> Message {
        let request = self.prompt(client_id, content).await;
        let answer = request.message_id;
        self.write(request).await;
        self.database.store.message(OWNER, answer).await.unwrap()
    }

    fn told(&self, kind: &str) -> Vec<Value> {
        self.aws.posts().into_iter().map(|(_, frame)| frame).filter(|frame| frame["type"] == kind).collect()
    }

    async fn title(&self) -> (Option<String>, TitleBy) {
        let conversation = self.database.store.conversation(OWNER, self.conversation).await.unwrap();
        (conversation.title, conversation.title_by)
    }
}

fn titled(title: &str) -> Script {
    Script::tokens([format!(r#"{{"title": "{title}"}}"#)]).when("<conversation>")
}

/// An event that comes twice, at once or later, is one request to the model and one answer.
#[tokio::test]
async fn case_48_duplicate_event() {
    let scene = Scene::new().await;
    scene.peer.enqueue(Script::tokens(["Hello"]).when("Say hello."));
    scene.peer.enqueue(titled("Greetings"));
    let request = scene.prompt("one", "Say hello.").await;
    futures::join!(scene.write(request.clone()), scene.write(request.clone()));
    scene.write(request.clone()).await;
    let asked = scene.peer.prompts().into_iter().filter(|prompt| prompt.last_prompt() == "Say hello.").count();
    assert_eq!(asked, 1);
    assert_eq!(scene.database.store.message(OWNER, request.message_id).await.unwrap().content, "Hello");
    assert_eq!(scene.told("reply.completed").len(), 1);
}

#[tokio::test]
async fn an_answer_is_stored_with_what_it_used_and_what_it_cost() {
    let scene = Scene::new().await;
    scene.peer.enqueue(Script::stream().thinking("hm").token("Hello").finish("stop").usage(1_000, 500).done());
    scene.peer.enqueue(titled("Greetings"));
    let answer = scene.ask("one", "Say hello.").await;
    assert_eq!((answer.content.as_str(), answer.thinking.as_deref()), ("Hello", Some("hm")), "thinking is apart");
    let usage = answer.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens, usage.estimated), (1_000, 500, false));
    assert_eq!(answer.cost_micros, Some(250 + 1_000), "a quarter of a dollar and two dollars for a million tokens");
    assert_eq!(scene.told("reply.completed")[0]["message"]["cost_micros"], 1_250);
    let system = scene.peer.prompts()[0].body["messages"][0]["content"].clone();
    assert_eq!(system, "Of the portal.");

    let whole = scene.database.store.conversation_usage(OWNER, scene.conversation).await.unwrap();
    assert_eq!((whole.input_tokens, whole.output_tokens, whole.unpriced_answers), (1_000, 500, 0));
    // The title was paid for too: nine tokens read and one written.
    assert_eq!(whole.cost_micros, 1_250 + 4);
}

#[tokio::test]
async fn the_first_exchange_gets_a_title_and_everybody_is_told() {
    let scene = Scene::new().await;
    scene.peer.enqueue(Script::tokens(["In autumn."]).when("plant tulips"));
    scene.peer.enqueue(titled("“Planting tulips”"));
    scene.ask("one", "When do I plant tulips?").await;
    assert_eq!(scene.title().await, (Some("Planting tulips".to_owned()), TitleBy::Model));
    let request = scene.peer.prompts().pop().unwrap();
    assert!(request.last_prompt().contains("user: When do I plant tulips?\n\nassistant: In autumn."), "{request:?}");
    assert_eq!(request.body["response_format"]["type"], "json_schema");
    let told = scene.told("conversation.updated");
    assert!(told.iter().any(|frame| frame["title"] == "Planting tulips"), "{told:?}");

    scene.peer.enqueue(Script::tokens(["In spring."]).when("And roses?"));
    scene.ask("two", "And roses?").await;
    assert_eq!(scene.peer.prompts().len(), 3, "a later exchange asks for no title");
}

#[tokio::test]
async fn a_title_of_the_persons_own_is_never_overwritten() {
    let scene = Scene::new().await;
    scene.peer.enqueue(Script::stream().token("In autumn.").finish("stop").done().when("plant tulips"));
    let title = Script::stream().hold("renamed").token(r#"{"title": "The model's"}"#).finish("stop").done();
    scene.peer.enqueue(title.when("<conversation>"));
    let request = scene.prompt("one", "When do I plant tulips?").await;
    let renaming = async {
        // While the model thinks of a title, the person chooses one.
        scene.peer.until(|requests| requests.iter().filter(|request| request.method == "POST").count() == 2).await;
        let title = Patch::Set(Title::parse("title", "Mine").unwrap());
        let patch = ConversationPatch { title, ..ConversationPatch::default() };
        scene.database.store.update_conversation(OWNER, scene.conversation, &patch, None).await.unwrap();
        scene.peer.release("renamed");
    };
    futures::join!(scene.write(request), renaming);
    assert_eq!(scene.title().await, (Some("Mine".to_owned()), TitleBy::User));
    scene.peer.enqueue(Script::tokens(["In spring."]));
    scene.ask("two", "And roses?").await;
    assert_eq!(scene.peer.prompts().len(), 3, "no title is asked for");
}

#[tokio::test]
async fn without_a_title_the_beginning_of_the_prompt_stays() {
    for bad in [
        Script::tokens(["I would rather not."]),
        Script::error(400, "unsupported", "x"),
        Script::tokens([r#"{"title": " "}"#]),
    ] {
        let scene = Scene::new().await;
        scene.peer.enqueue(Script::tokens(["In autumn."]).when("plant tulips"));
        scene.peer.enqueue(bad.when("<conversation>"));
        let answer = scene.ask("one", "When do I plant tulips?").await;
        assert_eq!(answer.status, MessageStatus::Complete);
        assert_eq!(scene.title().await.0.as_deref(), Some("When do I plant tulips?"));
    }
}

#[tokio::test]
async fn the_fallback_answers_and_it_is_kept_with_the_answer() {
    let scene = Scene::with(|settings, peer| LlmSettings {
        fallback_model: Some("anthropic/claude-haiku-4-5".to_owned()),
        anthropic_key: Some("of-the-peer".into()),
        anthropic_base_url: Some(peer.url()),
        ..settings
    })
    .await;
    // A wait that is longer than anybody waits for: nothing is tried again.
    let busy = Script::error(429, "rate_limit_exceeded", "SECRET").header("retry-after", "99");
    scene.peer.enqueue(busy.when("plant tulips"));
    scene.peer.enqueue(Script::tokens_of(Dialect::AnthropicMessages, ["In autumn."]).when("plant tulips"));
    scene
        .peer
        .enqueue(Script::tokens_of(Dialect::AnthropicMessages, [r#"{"title": "Tulips"}"#]).when("<conversation>"));
    let answer = scene.ask("one", "When do I plant tulips?").await;
    assert_eq!((answer.content.as_str(), answer.model.as_deref()), ("In autumn.", Some("anthropic/claude-haiku-4-5")));
    assert_eq!(
        (answer.fallback_from.as_deref(), answer.notices.as_slice()),
        (Some(MODEL), [Notice::Fallback].as_slice())
    );
    assert_eq!(answer.cost_micros, Some(9 + 5), "at the price of who answered");
    let notice = &scene.told("reply.notice")[0];
    assert_eq!((&notice["notice"], &notice["from"]), (&json!("fallback"), &json!(MODEL)));
}

#[tokio::test]
async fn a_failure_names_the_request_and_what_to_do_and_nothing_of_the_provider() {
    let scene = Scene::new().await;
    scene.peer.enqueue(Script::error(401, "invalid_api_key", "SECRET of-the-peer"));
    let answer = scene.ask("one", "Say hello.").await;
    let error = answer.error.unwrap();
    assert_eq!((answer.status, error.request_id.as_deref()), (MessageStatus::Failed, Some("the-request")));
    assert_eq!(error.detail, "OpenAI refused the key. Check OPENAI_API_KEY.");
    let everything = format!("{error:?} {:?}", scene.aws.posts());
    assert!(!everything.contains("SECRET") && !everything.contains("of-the-peer"));
}

#[tokio::test]
async fn a_refusal_and_a_limit_are_answers_with_a_state() {
    for (reason, finish) in [("length", FinishReason::Length), ("content_filter", FinishReason::ContentFilter)] {
        let scene = Scene::new().await;
        scene.peer.enqueue(Script::stream().token("So far").finish(reason).done().when("Say hello."));
        let answer = scene.ask("one", "Say hello.").await;
        assert_eq!((answer.status, answer.finish_reason, answer.error), (MessageStatus::Complete, Some(finish), None));
        assert!(answer.usage.unwrap().estimated, "the provider gave no numbers");
    }
}

#[tokio::test]
async fn older_messages_are_condensed_when_they_nearly_fill_the_context() {
    let told = json!({MODEL: {"context_tokens": 4_096}}).to_string();
    let scene = Scene::with(|settings, _| LlmSettings { capabilities: Some(told), ..settings }).await;
    // Without numbers of what was read: the script's would be far too small, and correct what is estimated.
    let without_usage = |text: &str| Script::stream().token(text).finish("stop").done();
    scene.peer.enqueue(without_usage("They spoke of tulips.").when("<transcript>"));
    scene.peer.enqueue(without_usage(r#"{"title": "Tulips"}"#).when("<conversation>"));
    let long = |at: usize| format!("Question {at}. {}", "x".repeat(1_300));
    for at in 0..4 {
        let answer = without_usage(&format!("Answer {at}. {}", "y".repeat(1_300)));
        scene.peer.enqueue(answer.when(&format!("Question {at}.")));
        scene.ask(&at.to_string(), &long(at)).await;
    }
    let condensing =
        scene.peer.prompts().into_iter().find(|prompt| prompt.last_prompt().contains("<transcript>")).unwrap();
    assert!(condensing.last_prompt().contains("user: Question 0."), "the oldest first");
    assert!(!condensing.last_prompt().contains("Question 3."), "and not the newest");

    scene.ask("next", "What did we speak of?").await;
    let asked =
        scene.peer.prompts().into_iter().find(|prompt| prompt.last_prompt() == "What did we speak of?").unwrap();
    let messages = asked.body["messages"].as_array().unwrap();
    assert!(
        messages[0]["content"].as_str().unwrap().contains("<summary>\nThey spoke of tulips.\n</summary>"),
        "{messages:?}"
    );
    assert!(!asked.body.to_string().contains("Question 0."), "what is condensed is not sent again");
    assert!(asked.body.to_string().contains("Answer 3."));

    // Another branch begins before what was condensed: there the summary says too much.
    let (_, page) = scene.database.store.history(OWNER, scene.conversation, HistoryRange::Newest, 100).await.unwrap();
    scene.peer.enqueue(without_usage("Answered again.").when("Question 0."));
    let again = scene.database.store.commit_regeneration(OWNER, page.items[1].id, None).await.unwrap().reply.id;
    scene.write(ReplyRequest { user_id: OWNER, message_id: again, connection_id: None }).await;
    scene.ask("branch", "And on this branch?").await;
    let asked = scene.peer.prompts().into_iter().find(|prompt| prompt.last_prompt().ends_with("And on this branch?"));
    let asked = asked.unwrap();
    assert!(!asked.body.to_string().contains("They spoke of tulips."));
    assert!(asked.body.to_string().contains("Question 0."));
}
