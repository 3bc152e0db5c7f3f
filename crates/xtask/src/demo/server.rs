//! `edgewise serve` as a child: where it listens, and how it is asked to stop.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::console;
use crate::failure::Failure;
use crate::program::Program;

/// What the server prints to stderr once it is bound, before its address.
const LISTENING: &str = "listening on http://";
/// Compiling a component takes below a second; a loaded machine gets much more.
const START_PATIENCE: Duration = Duration::from_mins(2);

/// The server itself gives requests under way ten seconds.
const STOP_PATIENCE: Duration = Duration::from_mins(1);

/// A running server. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    shown: String,
    address: String,
}

impl Server {
    /// Starts it and waits until it listens. What it prints to stderr is passed on.
    pub(crate) fn start(serve: &Program) -> Result<Self> {
        let shown = serve.shown();
        console::command(&shown);
        let mut child = serve
            .command()
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{shown}`"))?;
        let address = watch_stderr(&mut child).recv_timeout(START_PATIENCE);
        let mut server = Self { child, shown, address: String::new() };
        match address {
            Ok(address) => server.address = address,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                return Err(Failure::by_us(format!("`{}` does not listen", server.shown)).into());
            }
            // Its stderr is closed: it has ended, and has said why.
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let status = server.child.wait()?;
                return Err(server.failed(status));
            }
        }
        Ok(server)
    }

    /// `host:port` as the server says it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Asks it to stop and waits until it has: requests under way are answered first.
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.stop_within(STOP_PATIENCE)
    }

    fn stop_within(&mut self, patience: Duration) -> Result<()> {
        if !cfg!(unix) {
            // There is no gentle signal to send.
            self.child.kill()?;
            self.child.wait()?;
            return Ok(());
        }
        let process = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &process]).status().context("cannot start `kill`")?;
        let asked = Instant::now();
        loop {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failed(status)),
                None if asked.elapsed() > patience => {
                    let what = format!("`{}` does not stop when it is asked to", self.shown);
                    return Err(Failure::by_us(what).into());
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn failed(&self, status: ExitStatus) -> anyhow::Error {
        Failure::by_program(format!("`{}` ended with {status}", self.shown), status.code()).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes the child's stderr on, line by line, and sends the address once it is named.
/// The sender is dropped when the child's stderr ends.
fn watch_stderr(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                console::note(&line);
                if let Some(address) = address_in(&line) {
                    // Nobody waits any longer once the first address was received.
                    let _ = sender.send(address.to_owned());
                }
            }
        });
    }
    receiver
}

fn address_in(line: &str) -> Option<&str> {
    let (_, address) = line.split_once(LISTENING)?;
    address.split([' ', '/', '\u{1b}']).next().filter(|address| address.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_servers_line() {
        assert_eq!(address_in("listening on http://127.0.0.1:3000"), Some("127.0.0.1:3000"));
        assert_eq!(address_in("INFO listening on http://[::1]:80/ now"), Some("[::1]:80"));
        assert_eq!(address_in("listening on http://"), None);
        assert_eq!(address_in("GET /health 200"), None);
    }

    #[cfg(unix)]
    mod on_unix {
        use super::*;
        use crate::workspace::Workspace;

        fn shell(script: &str) -> Program {
            Program::new(&Workspace::locate().unwrap(), "sh").argument("-c").argument(script)
        }

        #[test]
        fn a_server_is_stopped_by_a_signal_and_its_exit_code_counts() {
            let serve = |exit: &str| {
                shell(&format!(
                    "trap 'exit {exit}' TERM; echo 'listening on http://127.0.0.1:9' >&2; \
                     while :; do sleep 0.05; done"
                ))
            };
            let mut graceful = Server::start(&serve("0")).unwrap();
            assert_eq!(graceful.address(), "127.0.0.1:9");
            graceful.stop().unwrap();
            let mut clumsy = Server::start(&serve("2")).unwrap();
            assert!(clumsy.stop().unwrap_err().to_string().contains("exit status: 2"));
        }

        #[test]
        fn a_server_that_does_not_stop_is_a_failure_and_is_ended() {
            let script = "trap '' TERM; echo 'listening on http://127.0.0.1:9' >&2; \
                          while :; do sleep 0.05; done";
            let mut deaf = Server::start(&shell(script)).unwrap();
            let error = deaf.stop_within(Duration::from_millis(100)).unwrap_err();
            assert!(error.to_string().contains("does not stop"), "{error}");
        }

        #[test]
        fn a_server_that_ends_before_it_listens_is_a_failure() {
            let error = Server::start(&shell("echo 'port in use' >&2; exit 1")).unwrap_err();
            assert!(error.to_string().contains("exit status: 1"), "{error}");
        }
    }
}
