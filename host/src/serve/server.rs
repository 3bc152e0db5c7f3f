//! Connections: limits on what they may send and how long they may take, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::oneshot;

use super::app::{App, problem};
use super::error::ServeError;
use super::log;

/// Most bytes of a request's line and headers.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Most headers of a request.
const MAX_HEADERS: usize = 100;
/// Most bytes of a request's body. Components have lower limits of their own.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// How long a visitor may take to send a request's head; also how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a visitor may take to send a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Most connections at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 4_096;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1_024;
/// How long to wait when the machine has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Takes the address.
///
/// # Errors
///
/// [`ServeError::Bind`].
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let bound = async {
        let socket = if address.is_ipv4() {
            tokio::net::TcpSocket::new_v4()?
        } else {
            tokio::net::TcpSocket::new_v6()?
        };
        // A server that is started again must not wait for the last one's closed connections.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bound.await.map_err(|source| ServeError::Bind { address, source })
}

/// A receiver that hears of SIGINT and SIGTERM.
///
/// # Errors
///
/// [`ServeError::Runtime`] when signals cannot be heard.
pub(crate) fn stop_signal() -> Result<oneshot::Receiver<()>, ServeError> {
    let (sender, receiver) = oneshot::channel();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let hear = |kind| signal(kind).map_err(|source| ServeError::Runtime { source });
        let (mut interrupt, mut terminate) =
            (hear(SignalKind::interrupt())?, hear(SignalKind::terminate())?);
        tokio::spawn(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            _ = sender.send(());
        });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move {
        _ = tokio::signal::ctrl_c().await;
        _ = sender.send(());
    });
    Ok(receiver)
}

/// Serves until `stop` is sent or dropped; then takes no more connections and gives requests in flight `drain` to finish.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    mut stop: oneshot::Receiver<()>,
    drain: Duration,
) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .keep_alive(true);
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let (stream, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let app = Arc::clone(&app);
        let service = service_fn(move |request| respond(Arc::clone(&app), request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A visitor who breaks off or sends no HTTP is no event of ours.
            if let Err(error) = connection.await {
                tracing::debug!("connection ended: {error}");
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = drain.as_secs(), "stopped with requests unfinished");
    }
}

type Accepted = (tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> io::Result<Accepted> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _visitor) = listener.accept().await?;
    // Answers are small and whole: waiting to fill a packet only delays them.
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}

/// One request: its body read whole, answered, logged.
async fn respond(
    app: Arc<App>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let method = head.method.clone();
    let uri = head.uri.clone();
    let body =
        tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect()).await;
    let started = Instant::now();
    let response = match body {
        Ok(Ok(body)) => app.answer(Request::from_parts(head, body.to_bytes())).await,
        Ok(Err(error)) if error.is::<LengthLimitError>() => problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            "The body is longer than this server reads",
        ),
        Ok(Err(_broken)) => problem(StatusCode::BAD_REQUEST, "bad-body", "The body broke off"),
        Err(_elapsed) => problem(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            "The body took too long to arrive",
        ),
    };
    log::answered(&log::Answered {
        method: method.as_str(),
        path: uri.path(),
        status: response.status().as_u16(),
        took: started.elapsed(),
        n_bytes: response.body().len(),
    });
    Ok(response.map(Full::new))
}
