//! As much of `DynamoDB` as our functions use, for one test: items by their key, and conditions on one item, whose whole check and write
//! nothing else comes between.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

type Item = Map<String, Value>;

#[derive(Debug, Default)]
pub(crate) struct Tables(BTreeMap<String, BTreeMap<String, Item>>);

/// What a request was refused for.
struct Refused(&'static str);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{}", self.0)}).to_string())
            .into_response()
    }
}

impl Tables {
    pub(crate) fn insert(&mut self, table: &str, item: Value) {
        let Value::Object(item) = item else { return };
        self.0.entry(table.to_owned()).or_default().insert(key_of(&item), item);
    }

    pub(crate) fn has(&self, table: &str, key: &str) -> bool {
        self.0.get(table).is_some_and(|items| items.contains_key(key))
    }

    pub(crate) fn items(&self, table: &str) -> Vec<Value> {
        self.0.get(table).into_iter().flat_map(BTreeMap::values).cloned().map(Value::Object).collect()
    }

    pub(crate) fn answer(&mut self, operation: &str, request: &Value) -> Response {
        let operation = operation.rsplit_once('.').map_or(operation, |(_, name)| name);
        match self.carry_out(operation, request) {
            Ok(answer) => ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response(),
            Err(refused) => refused.into_response(),
        }
    }

    fn carry_out(&mut self, operation: &str, request: &Value) -> Result<Value, Refused> {
        let items = self.0.entry(text(&request["TableName"])).or_default();
        let key = request["Key"].as_object().map(key_of).unwrap_or_default();
        let holds = |item: Option<&Item>| {
            let condition = request["ConditionExpression"].as_str();
            condition.is_none_or(|condition| holds(condition, item, &request["ExpressionAttributeValues"]))
        };
        match operation {
            "GetItem" => Ok(items.get(&key).map_or_else(|| json!({}), |item| json!({"Item": item}))),
            "PutItem" => {
                let item = request["Item"].as_object().cloned().unwrap_or_default();
                items.insert(key_of(&item), item);
                Ok(json!({}))
            }
            "DeleteItem" if holds(items.get(&key)) => {
                let old = items.remove(&key).filter(|_| request["ReturnValues"] == "ALL_OLD");
                Ok(old.map_or_else(|| json!({}), |old| json!({"Attributes": old})))
            }
            "UpdateItem" if holds(items.get(&key)) => {
                let item = items.entry(key).or_insert_with(|| request["Key"].as_object().cloned().unwrap_or_default());
                assign(item, &text(&request["UpdateExpression"]), &request["ExpressionAttributeValues"]);
                Ok(json!({}))
            }
            "DeleteItem" | "UpdateItem" => Err(Refused("ConditionalCheckFailedException")),
            // Any query finds the items that have the value it asks for, whatever the index: ids are unique among them.
            "Query" => {
                let wanted = request["ExpressionAttributeValues"].as_object().cloned().unwrap_or_default();
                let found = |item: &&Item| item.values().any(|held| wanted.values().any(|value| value == held));
                let found: Vec<_> = items.values().filter(found).cloned().collect();
                Ok(json!({"Count": found.len(), "ScannedCount": found.len(), "Items": found}))
            }
            _ => Err(Refused("UnknownOperationException")),
        }
    }
}

/// The value of the attribute that is the key of its table.
fn key_of(item: &Item) -> String {
    let names = ["connection_id", "bucket", "ticket"];
    names.iter().find_map(|name| item.get(*name)?["S"].as_str()).unwrap_or_default().to_owned()
}

/// `a OR b`, `a AND b` of comparisons and of what is or is not there.
fn holds(condition: &str, item: Option<&Item>, values: &Value) -> bool {
    condition.split(" OR ").any(|part| part.split(" AND ").all(|term| term_holds(term.trim(), item, values)))
}

fn term_holds(term: &str, item: Option<&Item>, values: &Value) -> bool {
    let held = |name: &str| item.and_then(|item| item.get(name));
    if let Some(name) = term.strip_prefix("attribute_not_exists(").and_then(|rest| rest.strip_suffix(')')) {
        return held(name).is_none();
    }
    if let Some(name) = term.strip_prefix("attribute_exists(").and_then(|rest| rest.strip_suffix(')')) {
        return held(name).is_some();
    }
    let mut words = term.split(' ');
    let (Some(name), Some(operator), Some(value)) = (words.next(), words.next(), words.next()) else {
        panic!("the peer does not know the condition {term}");
    };
    let Some(held) = held(name).and_then(number) else { return false };
    let value = number(&values[value]).expect("a number to compare with");
    match operator {
        "<=" => held <= value,
        ">" => held > value,
        _ => panic!("the peer does not know the operator {operator}"),
    }
}

/// `SET a = :b, c = c + :d`.
fn assign(item: &mut Item, expression: &str, values: &Value) {
    for part in expression.trim_start_matches("SET ").split(", ") {
        let (name, value) = part.split_once(" = ").expect("an assignment");
        let value = match value.split_once(" + ") {
            None => values[value].clone(),
            Some((other, summand)) => {
                let sum =
                    item.get(other).and_then(number).expect("a number") + number(&values[summand]).expect("a number");
                json!({"N": sum.to_string()})
            }
        };
        item.insert(name.to_owned(), value);
    }
}

fn number(value: &Value) -> Option<i64> {
    value["N"].as_str()?.parse().ok()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
