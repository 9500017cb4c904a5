//! What the kernel says about processes (`/proc/<pid>/stat`, proc(5)); nothing on a system without `/proc`.

/// A process that runs; a zombie is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Running {
    pub(crate) pid: i32,
    /// The process that began its session.
    session: i32,
    /// When it was started, in clock ticks since the machine was: with it, a process cannot be taken for another one that got its
    /// number later.
    pub(crate) started: u64,
}

/// The process of this number, if it runs.
pub(crate) fn running(pid: i32) -> Option<Running> {
    parse(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// What runs in the session that this process began, itself included: whatever groups its children made of themselves.
pub(crate) fn of_session(leader: i32) -> Vec<Running> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(running).filter(|process| process.session == leader).collect()
}

/// The second field may have spaces and ends with the last bracket; the third is the state, the 6th the session, the 22nd the start.
fn parse(pid: i32, stat: &str) -> Option<Running> {
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if matches!(*fields.first()?, "Z" | "X") {
        return None;
    }
    Some(Running { pid, session: fields.get(3)?.parse().ok()?, started: fields.get(19)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a) (b c) S 1 41 40 0 -1 4194560 9 0 0 0 0 0 0 0 20 0 1 0 98765 8716288 229";

    #[test]
    fn a_name_with_brackets_and_spaces_hides_nothing() {
        assert_eq!(parse(42, STAT), Some(Running { pid: 42, session: 40, started: 98765 }));
    }

    #[test]
    fn a_zombie_does_not_run() {
        assert_eq!(parse(42, &STAT.replace(" S ", " Z ")), None);
    }

    #[test]
    fn we_run_and_are_in_our_session() {
        let us = i32::try_from(std::process::id()).expect("a pid");
        let found = running(us).expect("we run");
        assert!(of_session(found.session).contains(&found));
    }
}
