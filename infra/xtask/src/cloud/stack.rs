use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tokio::process::Command;

use super::Plan;
use super::emulator::kept_variables;
use crate::postgres::Postgres;
use crate::process::run;
use crate::tools::python_tool;
use crate::workspace::root;

pub(super) const REGION: &str = "us-east-1";

/// What the deployed template says.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) rest_api: String,
    pub(super) websocket_api: String,
    pub(super) connections_table: String,
    /// The environment of each function, by the name of its binary.
    pub(super) functions: BTreeMap<String, BTreeMap<String, String>>,
}

/// Deploys the template, as it is deployed to AWS.
pub(super) async fn deploy(plan: &Plan, postgres: &Postgres) -> Result<Stack> {
    let packaged = plan.work.join("packaged.yaml");
    let stack = format!("recollect-{}", plan.stage);
    aws(plan, &["s3", "mb", "s3://artifacts"]).await?;
    let output = packaged.to_string_lossy();
    aws(
        plan,
        &[
            "cloudformation",
            "package",
            "--template-file",
            "template.yaml",
            "--s3-bucket",
            "artifacts",
            "--output-template-file",
            &output,
        ],
    )
    .await?;

    let settings = &plan.settings;
    let parameters = [
        ("Stage", plan.stage.to_owned()),
        ("EmulatorUrl", plan.emulator_url()),
        ("OriginSecret", plan.secrets.origin.clone()),
        ("DatabaseUrl", plan.database_url(postgres)),
        ("DatabaseDirectUrl", plan.database_direct_url(postgres)),
        ("LogFormat", "text".to_owned()),
        ("DefaultModel", settings.get("DEFAULT_MODEL").to_owned()),
        ("OpenAiApiKey", settings.get("OPENAI_API_KEY").to_owned()),
        ("OpenAiBaseUrl", settings.get("OPENAI_BASE_URL").to_owned()),
        ("AnthropicApiKey", settings.get("ANTHROPIC_API_KEY").to_owned()),
        ("AnthropicBaseUrl", settings.get("ANTHROPIC_BASE_URL").to_owned()),
        ("GeminiApiKey", settings.get("GEMINI_API_KEY").to_owned()),
        ("GeminiBaseUrl", settings.get("GEMINI_BASE_URL").to_owned()),
        ("FallbackModel", settings.get("FALLBACK_MODEL").to_owned()),
        ("ModelCapabilities", settings.get("MODEL_CAPABILITIES").to_owned()),
        ("ModelPrices", settings.get("MODEL_PRICES").to_owned()),
        ("PortalInstructions", settings.get("PORTAL_INSTRUCTIONS").to_owned()),
        ("LmStudioUrl", settings.get("LM_STUDIO_URL").to_owned()),
        ("OllamaUrl", settings.get("OLLAMA_URL").to_owned()),
    ]
    .map(|(name, value)| format!("{name}={value}"));
    // A file, because everybody can read a command line.
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), serde_json::to_vec(&parameters)?)?;
    let overrides = format!("file://{}", file.path().display());
    let deploy = [
        "cloudformation",
        "deploy",
        "--template-file",
        &output,
        "--stack-name",
        &stack,
        "--no-fail-on-empty-changeset",
    ];
    let rest = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--parameter-overrides", &overrides];
    aws(plan, &[&deploy[..], &rest[..]].concat()).await?;
    describe(plan, &stack).await
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Function {
    function_name: String,
    environment: Option<Variables>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Variables {
    variables: BTreeMap<String, String>,
}

async fn describe(plan: &Plan, stack: &str) -> Result<Stack> {
    let query = [
        "cloudformation",
        "describe-stacks",
        "--stack-name",
        stack,
        "--query",
        "Stacks[0].Outputs",
        "--output",
        "json",
    ];
    let outputs: Vec<Output> = serde_json::from_str(&aws(plan, &query).await?)?;
    let output = |name: &str| {
        let found = outputs.iter().find(|output| output.output_key == name).map(|output| output.output_value.clone());
        found.with_context(|| format!("the deployed template has no output {name}"))
    };
    let functions: Vec<Function> = serde_json::from_str(
        &aws(plan, &["lambda", "list-functions", "--query", "Functions", "--output", "json"]).await?,
    )?;
    let prefix = format!("{}_", plan.stage);
    let named = |function: Function| {
        let variables = function.environment.map(|environment| environment.variables).unwrap_or_default();
        Some((function.function_name.strip_prefix(&prefix)?.to_owned(), variables))
    };
    Ok(Stack {
        rest_api: output("RestApiId")?,
        websocket_api: output("WebSocketApiId")?,
        connections_table: output("ConnectionsTable")?,
        functions: functions.into_iter().filter_map(named).collect(),
    })
}

/// What every client of the emulator needs.
pub(super) fn credentials(plan: &Plan) -> [(&'static str, String); 5] {
    [
        ("AWS_ENDPOINT_URL", plan.emulator_url()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
    ]
}

async fn aws(plan: &Plan, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(python_tool("aws"));
    command
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .envs(kept_variables())
        .envs(credentials(plan))
        .env("AWS_PAGER", "");
    let advice = format!("The emulator's log is {}.", plan.log("emulator").display());
    run(&format!("aws {} {}", arguments[0], arguments[1]), &mut command, &advice).await
}
