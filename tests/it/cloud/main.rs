//! The deployed portal: through its front door, on the local cloud, with a scripted peer in OpenAI's place.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_frames;
mod dialects;
mod main_job;
mod portal;
mod resumes;
mod stops;
mod windows;
