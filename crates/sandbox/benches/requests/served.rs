//! The server's side: hyper in front of the sandbox, the load from a process of its own.

use std::convert::Infallible;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use edgewise_sandbox::Sandbox;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::cpu_time;

/// One CSV line: the load generator's, and requests by the CPU time of this process alone.
pub(crate) fn measure(sandbox: &Sandbox, path: &str, n_threads: usize) -> io::Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(n_threads)
        .enable_all()
        .build()?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
    let address = listener.local_addr()?.to_string();
    runtime.spawn(accept(listener, sandbox.clone()));
    let cpu_before = cpu_time()?;
    let load = Command::new(std::env::current_exe()?)
        .args(["--load", &address, path])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let cpu = cpu_time()?.saturating_sub(cpu_before).max(Duration::from_millis(1));
    runtime.shutdown_background();
    let line = String::from_utf8_lossy(&load.stdout);
    let [n_requests, seconds, p50, p99] = line.trim().split(',').collect::<Vec<_>>()[..] else {
        return Err(io::Error::other(format!("the load generator said `{}`", line.trim())));
    };
    let number = |text: &str| text.parse::<f64>().map_err(io::Error::other);
    let (n_requests, seconds) = (number(n_requests)?, number(seconds)?);
    let (per_second, per_cpu_second) = (n_requests / seconds, n_requests / cpu.as_secs_f64());
    Ok(format!(
        "HTTP with {n_threads} server threads,{per_second:.0},{per_cpu_second:.0},{p50},{p99}"
    ))
}

async fn accept(listener: TcpListener, sandbox: Sandbox) {
    while let Ok((stream, _visitor)) = listener.accept().await {
        _ = stream.set_nodelay(true);
        let sandbox = sandbox.clone();
        let service = service_fn(move |request| answer(sandbox.clone(), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    sandbox: Sandbox,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let response = match sandbox.answer(Request::from_parts(head, body)).await {
        Ok(response) => response,
        Err(error) => error.to_response(),
    };
    Ok(response.map(Full::new))
}
