use std::collections::HashMap;

use domain::Usage;
use serde::Deserialize;

use crate::{Provider, SettingsError};

/// What models cost: the committed table, as an operator corrects it.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    models: HashMap<String, Price>,
}

/// In dollars for a million tokens, which is the same as millionths of a dollar for a token.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Price {
    input: f64,
    /// As `input` when it is not there.
    cached_input: Option<f64>,
    output: f64,
}

#[derive(Deserialize)]
struct Table {
    models: HashMap<String, Price>,
}

const COMMITTED: &str = include_str!("../prices.json");

impl Prices {
    /// The committed prices, and those of the setting before them.
    pub(crate) fn new(setting: Option<&str>) -> Result<Self, SettingsError> {
        let refuse = |reason| SettingsError { setting: "MODEL_PRICES", reason };
        let Table { mut models } = serde_json::from_str(COMMITTED).unwrap_or(Table { models: HashMap::new() });
        if let Some(setting) = setting {
            let own: HashMap<String, Price> = serde_json::from_str(setting).map_err(|_| {
                refuse(r#"must be JSON as {"openai/gpt-5-mini": {"input": 0.25, "cached_input": 0.025, "output": 2}}"#)
            })?;
            let fine = |price: &Price| {
                [price.input, price.output, price.cached_input.unwrap_or(0.0)].iter().all(|dollars| *dollars >= 0.0)
            };
            if !own.values().all(fine) {
                return Err(refuse("must not hold a negative price"));
            }
            models.extend(own);
        }
        Ok(Self { models })
    }

    /// What an answer cost, in millionths of a dollar; `None` when nobody wrote the model's price down. What runs on the operator's
    /// own machines costs nothing here.
    pub(crate) fn cost_micros(&self, model: &str, usage: &Usage) -> Option<i64> {
        let provider = model.split('/').next().and_then(Provider::from_id);
        if provider.is_some_and(Provider::is_local) {
            return Some(0);
        }
        let price = self.of(model)?;
        let cached = usage.cached_tokens.min(usage.input_tokens);
        let cached_input = price.cached_input.unwrap_or(price.input);
        #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^52")]
        let tokens = |count: u64| count as f64;
        let micros = tokens(usage.input_tokens - cached) * price.input
            + tokens(cached) * cached_input
            + tokens(usage.output_tokens) * price.output;
        #[expect(clippy::cast_possible_truncation, reason = "a float that is too large becomes the largest integer")]
        let micros = micros.round() as i64;
        Some(micros)
    }

    /// The price of a model: its own, or that of the model that it is a dated version of.
    fn of(&self, model: &str) -> Option<Price> {
        let mut name = model;
        loop {
            if let Some(price) = self.models.get(name) {
                return Some(*price);
            }
            let (before, last) = name.rsplit_once('-')?;
            if last != "latest" && !last.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            name = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input_tokens: u64, cached_tokens: u64, output_tokens: u64) -> Usage {
        Usage { input_tokens, cached_tokens, output_tokens, ..Usage::default() }
    }

    #[test]
    fn what_was_cached_costs_less() {
        let prices = Prices::new(None).expect("the committed table is read");
        let cost = |usage| prices.cost_micros("openai/gpt-5-mini", &usage);
        assert_eq!(cost(usage(1_000_000, 0, 0)), Some(250_000));
        assert_eq!(cost(usage(1_000_000, 400_000, 1_000)), Some(150_000 + 10_000 + 2_000));
        assert_eq!(cost(usage(3, 0, 0)), Some(1), "three quarters of a millionth, rounded");
        assert_eq!(cost(usage(1, 5, 0)), Some(0), "no more is cached than was read");
        assert_eq!(cost(usage(u64::MAX, 0, u64::MAX)), Some(i64::MAX), "no number is too large");
    }

    #[test]
    fn a_dated_version_costs_what_its_model_costs_and_another_model_does_not() {
        let prices = Prices::new(None).expect("the committed table is read");
        let cost = |model| prices.cost_micros(model, &usage(1_000, 0, 0));
        assert_eq!(cost("openai/gpt-5-mini-2025-08-07"), cost("openai/gpt-5-mini"));
        assert_eq!(cost("anthropic/claude-haiku-4-5-20251001"), Some(1_000));
        assert_eq!(cost("openai/gpt-5-chat-latest"), Some(1_250));
        assert_eq!(cost("openai/gpt-5-mini-turbo"), None);
        assert_eq!(cost("openai/gpt-9"), None);
        assert_eq!(cost("offline"), None);
        assert_eq!((cost("ollama/llama3.2"), cost("lm_studio/qwen/qwen3-8b")), (Some(0), Some(0)));
    }

    #[test]
    fn an_operator_knows_better() {
        let own = r#"{"openai/gpt-5-mini": {"input": 1, "output": 2}, "openai/mine": {"input": 0, "output": 1}}"#;
        let prices = Prices::new(Some(own)).expect("these are prices");
        assert_eq!(prices.cost_micros("openai/gpt-5-mini", &usage(10, 10, 10)), Some(30));
        assert_eq!(prices.cost_micros("openai/mine", &usage(10, 0, 10)), Some(10));
        assert!(prices.cost_micros("openai/gpt-4o", &usage(10, 0, 10)).is_some());
        for wrong in ["", "[]", r#"{"m": 1}"#, r#"{"m": {"input": -1, "output": 1}}"#, r#"{"m": {"input": 1}}"#] {
            assert_eq!(Prices::new(Some(wrong)).expect_err("no prices").setting, "MODEL_PRICES", "{wrong}");
        }
    }

    #[test]
    fn the_committed_table_names_models_of_providers_that_we_know() {
        let table: Table = serde_json::from_str(COMMITTED).expect("it is JSON of this shape");
        assert!(table.models.len() > 20);
        for (model, price) in table.models {
            assert!(model.split('/').next().and_then(Provider::from_id).is_some(), "{model}");
            assert!(price.cached_input.is_some_and(|cached| cached <= price.input) && price.input <= price.output);
        }
    }
}
