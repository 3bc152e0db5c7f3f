//! The load's side: a few keep-alive connections, each asking again as soon as it is answered, for a bounded time.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::{percentiles, say};

/// Connections that ask at the same time.
const N_CONNECTIONS: usize = 8;
/// How long the load lasts.
const LASTS: Duration = Duration::from_secs(5);
/// Most requests of one connection, in case the server is a fast one.
const MAX_REQUESTS: usize = 100_000;

/// Asks `address` for `path` and prints `requests,seconds,p50_us,p99_us`.
pub(crate) fn run(address: &str, path: &str) -> io::Result<()> {
    let started = Instant::now();
    let connections: Vec<_> = (0..N_CONNECTIONS)
        .map(|_| {
            let (address, path) = (address.to_owned(), path.to_owned());
            thread::spawn(move || ask(&address, &path, started + LASTS))
        })
        .collect();
    let mut took = Vec::new();
    for connection in connections {
        took.extend(
            connection
                .join()
                .map_err(|_panic| io::Error::other("a connection's thread ended"))??,
        );
    }
    let seconds = started.elapsed().as_secs_f64();
    let (p50, p99) = percentiles(&mut took);
    say(&format!("{},{seconds:.3},{},{}", took.len(), p50.as_micros(), p99.as_micros()))
}

fn ask(address: &str, path: &str, until: Instant) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n\r\n");
    let mut took = Vec::new();
    let mut body = Vec::new();
    while Instant::now() < until && took.len() < MAX_REQUESTS {
        let started = Instant::now();
        stream.write_all(request.as_bytes())?;
        read_answer(&mut reader, &mut body)?;
        took.push(started.elapsed());
    }
    Ok(took)
}

/// Reads one answer of known length; anything but 200 is an error.
fn read_answer(reader: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(io::Error::other(format!("answered `{}`", line.trim())));
    }
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().map_err(io::Error::other)?;
            }
            Some(_other) => {}
            None => break,
        }
    }
    body.resize(length, 0);
    reader.read_exact(body)
}
