use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result};

/// A port of the loopback interface that is free now: the wanted one if it is, else the next ones, else any.
pub(crate) fn free(wanted: Option<u16>) -> Result<u16> {
    let near = wanted.into_iter().flat_map(|port| port..port.saturating_add(20));
    if let Some(port) = near.filter(|port| *port > 0).find(|port| take(*port).is_some()) {
        return Ok(port);
    }
    take(0).context("no port of 127.0.0.1 is free")
}

fn take(port: u16) -> Option<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    Some(listener.local_addr().ok()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_passed_over() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let taken = listener.local_addr().expect("an address").port();
        assert_ne!(free(Some(taken)).ok(), Some(taken));
    }
}
