//! A frame of a client's: say something, stop an answer or go on reading it, or ask whether anybody is there.
//!
//! Whatever is wrong with a frame is answered by an `error` frame; the socket stays open.

mod resume;
mod said;
mod stop;
mod unread;

use domain::{Clock, ConversationId, Fault, MessageId, Problem, ProblemCode, UserId};
use http::StatusCode;
use realtime::{Announcer, AnswerSignals, Connection, ConnectionId, Connections, ReplyInvoker, Sender, ServerFrame};
use runtime::{SocketEvent, SocketHandler};
use store::{CommittedPrompt, NewPrompt, Store};
use tracing::Instrument as _;

use self::said::{Frame, Said};
use self::unread::Unread;

/// The function, with what it may touch.
#[derive(Debug)]
pub struct Messages {
    /// Where prompts are stored.
    pub store: Store,
    /// Where sockets are registered.
    pub connections: Connections,
    /// The way to sockets.
    pub sender: Sender,
    /// The way to those who write answers.
    pub signals: AnswerSignals,
    /// Starts `reply`.
    pub invoker: ReplyInvoker,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Messages> {
    let clock = Clock::system();
    let aws = realtime::aws_config().await;
    Ok(Messages {
        store: Store::connect(&env.secret("DATABASE_URL")?, clock.clone()).await?,
        connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, clock.clone()),
        sender: Sender::new(&aws, &env.required("WS_MANAGEMENT_ENDPOINT")?),
        signals: AnswerSignals::new(&aws, env.required("ANSWER_SIGNALS_TABLE")?, clock),
        invoker: ReplyInvoker::new(&aws, env.required("REPLY_FUNCTION")?),
    })
}

impl SocketHandler for Messages {
    async fn handle(&self, event: SocketEvent) -> StatusCode {
        let span = tracing::info_span!("frame", connection.id = event.connection_id);
        self.serve(event).instrument(span).await;
        // Nobody reads it: what there is to say was said in a frame.
        StatusCode::OK
    }
}

impl Messages {
    async fn serve(&self, event: SocketEvent) {
        let id = ConnectionId::from(event.connection_id);
        let refuse = async |watched, problem: Problem, client_id| {
            let problem = problem.with_request_id(event.request_id.clone());
            self.sender.send(&id, &ServerFrame::error(watched, problem, client_id)).await;
        };
        // Every frame is authorised again: the registry forgets a socket whose right has ended.
        let connection = match self.connections.read(&id).await {
            Ok(Some(connection)) => connection,
            Ok(None) => {
                let detail = "This connection has expired. Open another one, and send the frame again.";
                refuse(None, Problem::new(ProblemCode::Forbidden, detail), None).await;
                return self.sender.close(&id).await;
            }
            Err(fault) => return refuse(None, told(&fault), None).await,
        };
        let watched = connection.conversation_id;
        match Frame::read(&event.body) {
            Ok(Frame::Ping) => {
                self.sender.send(&id, &ServerFrame::Pong { conversation_id: watched }).await;
            }
            Ok(Frame::Say(said)) => {
                let client_id = said.client_id.clone();
                if let Err(fault) = self.say(connection, said).await {
                    refuse(watched, told(&fault), Some(client_id)).await;
                }
            }
            Ok(Frame::Stop(answer)) => {
                if let Err(fault) = self.stop(connection, answer).await {
                    refuse(watched, told(&fault), None).await;
                }
            }
            Ok(Frame::Resume { answer, after_seq }) => {
                if let Err(fault) = self.resume(&connection, answer, after_seq).await {
                    refuse(watched, told(&fault), None).await;
                }
            }
            Err(Unread { problem, client_id }) => refuse(watched, *problem, client_id).await,
        }
    }

    /// Stores what was said, has it answered, and tells everybody who watches.
    async fn say(&self, connection: Connection, said: Said) -> Result<(), Fault> {
        let owner = connection.user_id;
        let conversation_id = watched(&connection)?;
        let Said { client_id, content, model } = said;
        let prompt = NewPrompt { conversation_id, content, client_id, model };
        let committed = self.store.commit_prompt(owner, prompt).await?;
        let announcer = Announcer::over(self.connections.clone(), self.sender.clone()).including(connection.clone());
        // Neither waits for the other: the first words are under way while the prompt is announced.
        futures::join!(
            self.start(&announcer, owner, &connection, &committed),
            self.announce(&announcer, owner, &connection, &committed),
        );
        Ok(())
    }

    async fn start(&self, announcer: &Announcer, owner: UserId, connection: &Connection, committed: &CommittedPrompt) {
        if !committed.unclaimed {
            return;
        }
        let reply = committed.reply.id;
        if let Err(fault) = self.invoker.invoke(owner, reply, Some(connection.id.as_str())).await {
            tracing::error!(error = &fault as &dyn std::error::Error, message.id = %reply, "reply could not be started");
            self.abandon(announcer, owner, committed.message.conversation_id, reply).await;
        }
    }

    /// An answer without a writer would be `streaming` until its lease is over; better to say at once that it failed.
    async fn abandon(&self, announcer: &Announcer, owner: UserId, conversation: ConversationId, reply: MessageId) {
        let detail = "The answer could not be started. Your message is stored: ask again.";
        let problem = Problem::new(ProblemCode::Unavailable, detail);
        match self.store.abandon_answer(owner, reply, &problem).await {
            Ok(Some(_)) => announcer.reply_failed(owner, conversation, reply, &problem).await,
            Ok(None) => {}
            Err(fault) => {
                tracing::error!(error = &fault as &dyn std::error::Error, message.id = %reply, "an answer was not abandoned");
            }
        }
    }

    async fn announce(
        &self,
        announcer: &Announcer,
        owner: UserId,
        connection: &Connection,
        committed: &CommittedPrompt,
    ) {
        let CommittedPrompt { message, reply, .. } = committed;
        if committed.repeated {
            // The others know; whoever asks again missed what was told, or asks to be sure.
            self.sender.send(&connection.id, &ServerFrame::message_created(message, reply.id)).await;
            if let Some(ended) = ServerFrame::ended_as_stored(reply) {
                self.sender.send(&connection.id, &ended).await;
            }
            return;
        }
        announcer.message_created(owner, message, reply.id).await;
        if committed.titled {
            announcer.conversation_changed(owner, &committed.conversation).await;
        }
    }
}

/// The conversation that a socket is about; the account's socket is about none.
fn watched(connection: &Connection) -> Result<ConversationId, Fault> {
    connection.conversation_id.ok_or_else(|| {
        Fault::invalid(
            "action",
            "must be `ping` on this socket, which only listens: a message is sent over /ws/chat/{conversation_id}/",
        )
    })
}

/// The problem as the client sees it; what is ours to mend is logged.
fn told(fault: &Fault) -> Problem {
    if fault.is_ours() {
        tracing::error!(error = fault as &dyn std::error::Error, "a frame could not be served");
    }
    Problem::from(fault)
}
