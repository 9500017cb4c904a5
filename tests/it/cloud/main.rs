//! The deployed portal: through its front door, on the local cloud, with a scripted peer in OpenAI's place.

mod bad_frames;
mod main_job;
mod portal;
mod windows;
