//! `edgewise serve` on a free port, and the smallest client that shows what came back.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::tool::{command, shop_bundle};

/// A running server. Stopped gracefully when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts on a free port and waits until it listens.
    pub(crate) fn start<S: AsRef<OsStr>>(source: S) -> Server {
        let mut command = command(&[OsStr::new("serve"), source.as_ref()]);
        let command = command.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
        let mut child = command.spawn().expect("edgewise starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let mut seen = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else { panic!("it did not listen: {seen:?}") };
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_owned();
            }
            seen.push(line);
        };
        // Keep reading, so that the server never waits for its log.
        std::thread::spawn(move || lines.count());
        Server { child, address }
    }

    /// Sends a request and gives the whole response as text.
    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        if !body.is_empty() {
            head.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
        }
        stream.write_all((head + "\r\n").as_bytes()).expect("a request is sent");
        stream.write_all(body).expect("a body is sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        Reply::parse(&bytes)
    }

    /// A `GET`.
    pub(crate) fn get(&self, target: &str) -> Reply {
        self.send("GET", target, &[], &[])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: String,
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Reply {
        let end =
            bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the end of the head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().expect("a status line").to_owned();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let body = &bytes[end + 4..];
        let is_chunked = headers.iter().any(|header| header.0 == "transfer-encoding");
        let body = if is_chunked { unchunked(body) } else { body.to_vec() };
        Reply { status, headers, body }
    }

    pub(crate) fn code(&self) -> u16 {
        self.status.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status code")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(size.trim(), 16).expect("a chunk's size");
        if size == 0 {
            break;
        }
        body.extend(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}

#[test]
fn serve_answers_the_page_the_bundle_and_recs() {
    let server = Server::start(shop_bundle());
    let page = server.get("/");
    assert_eq!((page.code(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("'wasm-unsafe-eval'") && !policy.contains("unsafe-inline"), "{policy}");
    let bundle = server.get("/shop.bundle");
    assert_eq!(bundle.body, std::fs::read(shop_bundle()).expect("the bundle"));
    let recs = server.get("/recs?item=85123A&k=3");
    assert_eq!(recs.code(), 200);
    let etag = recs.header("etag").expect("an etag");
    let again = server.send("GET", "/recs?item=85123A&k=3", &[("if-none-match", etag)], &[]);
    assert_eq!((again.code(), again.body.len()), (304, 0));
    for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "//etc/passwd"] {
        assert_eq!(server.get(outside).code(), 404, "{outside}");
    }
    let large = vec![b' '; 70_000];
    assert_eq!(
        server.send("POST", "/recs", &[("content-type", "application/json")], &large).code(),
        413
    );
}

#[test]
fn serve_runs_a_baked_component_and_a_spin_application() {
    let folder = tempfile::tempdir().expect("a folder");
    let component = folder.path().join("recs.wasm");
    let to = component.to_str().expect("UTF-8");
    let bundle = shop_bundle();
    crate::tool::run_ok(&["bake", bundle.to_str().expect("UTF-8"), "-o", to, "--shell", "spin"]);
    let manifest =
        std::fs::read_to_string(crate::tool::root().join("spin.toml")).expect("spin.toml");
    let source = manifest.lines().find(|line| line.starts_with("source = ")).expect("a source");
    let manifest = manifest.replace(source, "source = \"recs.wasm\"");
    std::fs::write(folder.path().join("spin.toml"), manifest).expect("a manifest is written");
    let expected = Server::start(shop_bundle()).get("/recs?cart=22386&k=4").text();
    for source in [component, folder.path().join("spin.toml")] {
        let server = Server::start(&source);
        assert_eq!(server.get("/recs?cart=22386&k=4").text(), expected, "{}", source.display());
        assert_eq!(server.get("/health").code(), 200);
        assert_eq!(server.get("/version").code(), 200);
    }
}
