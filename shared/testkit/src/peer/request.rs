use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Dialect;

/// A request that the peer got, as it came.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PeerRequest {
    /// Counts the requests from 0.
    pub number: usize,
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null when it is not JSON.
    pub body: Value,
    /// The bytes of the response's body that were sent so far.
    pub sent_bytes: usize,
    /// How it ended; absent while it is answered.
    pub ending: Option<Ending>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The whole script was played.
    Played,
    /// The script closed or reset the connection.
    Broken,
    /// The client closed the connection before the end of the script.
    ClientGone,
}

impl PeerRequest {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The text of the user's last message.
    pub fn last_prompt(&self) -> &str {
        Dialect::last_prompt(&self.body)
    }
}
