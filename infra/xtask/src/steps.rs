use std::future::Future;
use std::time::Instant;

use anyhow::Result;

/// Runs a step and prints one line when it is done: what it was and how long it took.
pub(crate) async fn step<T>(what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let begun = Instant::now();
    let done = work.await;
    let mark = if done.is_ok() { "✓" } else { "✗" };
    println!("  {mark} {what:<58}{:>7.1} s", begun.elapsed().as_secs_f64());
    done
}
