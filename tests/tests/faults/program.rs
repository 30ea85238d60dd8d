//! Programs that the suites drive by lines on their standard input, and kill.

use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

/// A program that says nothing for so long is stuck.
pub(crate) const STUCK: Duration = Duration::from_secs(60);

/// A program of the suites while it runs.
pub(crate) struct Program {
    child: Child,
    orders: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Program {
    /// Starts it, to be driven by lines.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a program");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (heard, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if heard.send(line).is_err() {
                    return;
                }
            }
        });
        Self { orders: child.stdin.take(), child, lines }
    }

    /// Gives an order; a program that is dead does not hear it.
    pub(crate) fn tell(&mut self, order: &Value) {
        if let Some(orders) = &mut self.orders {
            let _ = orders.write_all(format!("{order}\n").as_bytes());
        }
    }

    /// The next line; none when the program ended.
    pub(crate) fn line(&self) -> Option<String> {
        match self.lines.recv_timeout(STUCK) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("a program is stuck"),
        }
    }

    /// A line, if one comes in time.
    pub(crate) fn line_within(&self, time: Duration) -> Option<String> {
        self.lines.recv_timeout(time).ok()
    }

    /// Kills it and answers with what it still said.
    pub(crate) fn kill(mut self) -> Vec<String> {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // To the end: whoever reads its output may be behind on a busy machine.
        std::iter::from_fn(|| self.line()).collect()
    }

    /// Lets it end with its standard input, waits for that, and says how it ended.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.orders = None;
        while self.line().is_some() {}
        self.child.wait().expect("a child")
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both end with their standard input.
        self.orders = None;
        let _ = self.child.wait();
    }
}
