//! The plainest HTTP request: one `GET` over one TCP connection, for the demo's own check.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// A server that says nothing for so long is taken for dead.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any answer of the demo: its bundle is below 10 MB.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Content type as sent, empty when none was.
    pub(crate) content_type: String,
    /// The body, decoded.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Whether the content is of this type, whatever its parameters.
    pub(crate) fn is_of(&self, content_type: &str) -> bool {
        self.content_type.split(';').next().is_some_and(|sent| sent.trim() == content_type)
    }
}

/// Asks `address` (`host:port`) for `path`.
pub(crate) fn get(address: &str, path: &str) -> Result<Answer> {
    let asked = || format!("cannot get `http://{address}{path}`");
    let mut stream = TcpStream::connect(address).with_context(asked)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).with_context(asked)?;
    let mut bytes = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut bytes).with_context(asked)?;
    parse(&bytes).with_context(|| format!("`http://{address}{path}` did not answer in HTTP"))
}

/// Reads a whole answer; `None` when it is none.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let head_bytes = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..head_bytes]).ok()?;
    let body = &bytes[head_bytes + 4..];
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let header = |name: &str| {
        let found = headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    let body = match (header("transfer-encoding"), header("content-length")) {
        (Some("chunked"), _) => join_chunks(body)?,
        (_, Some(length)) => body.get(..length.parse().ok()?)?.to_vec(),
        _ => body.to_vec(),
    };
    Some(Answer { status, content_type: header("content-type").unwrap_or("").to_owned(), body })
}

/// The content of a chunked body; `None` unless it is whole.
fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let line_bytes = rest.windows(2).position(|window| window == b"\r\n")?;
        let line = std::str::from_utf8(&rest[..line_bytes]).ok()?;
        let n_bytes = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[line_bytes + 2..];
        if n_bytes == 0 {
            return Some(content);
        }
        content.extend_from_slice(rest.get(..n_bytes)?);
        rest = rest.get(n_bytes..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u16, &str, &str)>) {
        let expected = expected.map(|(status, content_type, body)| Answer {
            status,
            content_type: content_type.to_owned(),
            body: body.as_bytes().to_vec(),
        });
        assert_eq!(parse(text.as_bytes()), expected);
    }

    #[test]
    fn reads_a_body_by_length_by_chunks_and_to_the_end() {
        check(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok more",
            Some((200, "text/plain", "ok")),
        );
        check(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
            Some((200, "", "ab0123456789")),
        );
        check("HTTP/1.1 404 Not Found\r\n\r\ngone", Some((404, "", "gone")));
    }

    #[test]
    fn refuses_what_is_cut_short_or_no_http() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", None);
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", None);
        check("HTTP/1.1 200 OK\r\n", None);
        check("SSH-2.0-x\r\n\r\n", None);
    }

    #[test]
    fn content_types_are_compared_without_their_parameters() {
        let answer =
            parse(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n").unwrap();
        assert!(answer.is_of("text/html"));
        assert!(!answer.is_of("text/htm"));
    }

    #[test]
    fn asks_over_tcp() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8(request).unwrap()
        });
        assert_eq!(get(&address, "/health").unwrap().status, 204);
        assert!(server.join().unwrap().starts_with("GET /health HTTP/1.1\r\n"));
    }
}
