//! The server over loopback: one page, plain sockets.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::app::App;
use super::site::Site;
use super::*;

const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A server of one file, with its address and its stop.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn start() -> Running {
    let mut site = Site::default();
    site.insert("/page.txt".into(), "a page".into(), &[1; 32]);
    let listener = server::bind(ANY_PORT).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let app = Arc::new(App::of_page(site));
    let ended = tokio::spawn(server::serve(listener, app, stopped, Duration::from_secs(30)));
    Running { address, stop, ended }
}

fn run_async(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// Sends `request` and reads until the server closes.
async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close while we still write.
    _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[test]
fn one_connection_carries_several_requests() {
    run_async(async {
        let running = start().await;
        let two = b"GET /page.txt HTTP/1.1\r\nHost: x\r\n\r\nHEAD /page.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        let answer = exchange(running.address, two).await;
        assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
        assert_eq!(answer.matches("content-length: 6").count(), 2, "{answer}");
        assert_eq!(answer.matches("a page").count(), 1, "{answer}");
    });
}

#[test]
fn a_path_without_a_route_is_a_problem_document() {
    run_async(async {
        let running = start().await;
        let answer = exchange(
            running.address,
            b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        assert!(
            answer.contains("application/problem+json")
                && answer.contains("\"code\":\"not-found\""),
            "{answer}"
        );
    });
}

#[test]
fn a_request_over_its_limits_is_refused() {
    run_async(async {
        let running = start().await;
        let long = format!(
            "POST /recs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            2 << 20
        );
        let answer =
            exchange(running.address, &[long.as_bytes(), &vec![b'x'; 2 << 20]].concat()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        let headers = "X-Filler: y\r\n".repeat(200);
        let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let answer = exchange(running.address, many.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    });
}

#[test]
fn a_request_in_flight_is_answered_after_the_stop_and_a_new_one_is_not() {
    run_async(async {
        let running = start().await;
        let mut in_flight = TcpStream::connect(running.address).await.unwrap();
        in_flight
            .write_all(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha")
            .await
            .unwrap();
        // An answer on another connection shows that the server has taken the first one.
        exchange(
            running.address,
            b"GET /page.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .await;
        running.stop.send(()).unwrap();
        while TcpStream::connect(running.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        in_flight.write_all(b"lf").await.unwrap();
        let mut answer = String::new();
        in_flight.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        running.ended.await.unwrap();
    });
}

#[test]
fn a_port_in_use_is_an_error_that_says_what_to_do() {
    run_async(async {
        let taken = TcpListener::bind(ANY_PORT).await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = server::bind(address).await.unwrap_err();
        assert_eq!(error.to_string(), format!("cannot listen on {address}"));
        assert!(error.hint().unwrap().contains("--listen"), "{:?}", error.hint());
    });
}

#[test]
fn a_source_that_is_nothing_we_know_is_refused() {
    run_async(async {
        let folder = tempfile::tempdir().unwrap();
        let open = async |name: &str, contents: &[u8], site: Option<&std::path::Path>| {
            let source = folder.path().join(name);
            std::fs::write(&source, contents).unwrap();
            let sources = app::Sources { source: &source, site, shell_file: None };
            App::open(&sources, Limits::default()).await.err()
        };
        let empty_module = b"\0asm\x01\0\0\0";
        let refused = open("shop.bundle", b"no bundle", None).await;
        assert!(matches!(refused, Some(ServeError::Bundle { .. })), "{refused:?}");
        let refused = open("recs.wasm", empty_module, None).await;
        assert!(matches!(refused, Some(ServeError::Component { .. })), "{refused:?}");
        let refused = open("spin.toml", b"= 1", None).await;
        assert!(matches!(refused, Some(ServeError::Manifest { .. })), "{refused:?}");
        let here = Some(std::path::Path::new("."));
        let refused = open("recs.wasm", empty_module, here).await;
        assert!(matches!(refused, Some(ServeError::SiteWithoutBundle { .. })), "{refused:?}");
    });
}
