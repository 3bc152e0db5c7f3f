//! The whole path on one machine: a shop's log, a model, an answer, a component, a server, a page.

mod request;
pub(crate) mod server;

use anyhow::Result;
use serde_json::Value;

use crate::arguments::{DemoOptions, Stay};
use crate::console;
use crate::edge::{self, MODULE, Optimization};
use crate::failure::Failure;
use crate::program::Program;
use crate::shop::{self, ITEM, edgewise};
use crate::workspace::Workspace;

use self::request::{Answer, get};
use self::server::Server;

/// How many recommendations the checked request asks for.
const K: usize = 5;

/// Runs the demo.
pub(crate) fn run(workspace: &Workspace, options: &DemoOptions) -> Result<()> {
    edge::build(workspace, Optimization::None)?;
    shop::build_edgewise(workspace)?;
    let bundle = shop::build_bundle(workspace)?;
    let of_bundle = |verb| edgewise(workspace, verb).argument(&bundle);
    of_bundle("inspect").run()?;
    of_bundle("recommend").argument("--item").argument(ITEM).run()?;
    of_bundle("bake").argument("-o").argument(workspace.demo().join("recs.wasm")).run()?;
    let serve = of_bundle("serve").argument("--listen").argument(&options.listen);
    match options.stay {
        Stay::UntilInterrupted => stay(&serve, &options.listen),
        Stay::Once => check_once(&serve),
    }
}

/// Says what to open, then becomes the server: signals and exit code are its own.
fn stay(serve: &Program, address: &str) -> Result<()> {
    console::note("");
    console::note("Once it listens, open");
    console::note(&format!("  http://{address}/  the shop: the model runs in your browser"));
    console::note(&format!(
        "  http://{address}/recs?item={ITEM}&k={K}  the same model at the edge"
    ));
    console::note("Ctrl-C stops it.");
    console::note("");
    serve.replace_us()
}

/// Asks for everything that a visitor's browser would, then stops the server.
fn check_once(serve: &Program) -> Result<()> {
    let mut server = Server::start(serve)?;
    let checked = check_answers(server.address());
    let stopped = server.stop();
    checked?;
    stopped?;
    console::result("demo: every answer was as it should be");
    Ok(())
}

fn check_answers(address: &str) -> Result<()> {
    let health = show(address, "/health")?;
    expect(health.status == 200, "/health", &health)?;

    let path = format!("/recs?item={ITEM}&k={K}");
    let recs = show(address, &path)?;
    expect(recs.status == 200 && are_recommendations(&recs.body), &path, &recs)?;

    let page = get(address, "/")?;
    expect(page.status == 200 && page.is_of("text/html"), "/", &page)?;

    let path = format!("/{MODULE}");
    let module = get(address, &path)?;
    let is_module = module.is_of("application/wasm") && module.body.starts_with(b"\0asm");
    expect(module.status == 200 && is_module, &path, &module)?;

    let bundle = get(address, "/shop.bundle")?;
    expect(bundle.status == 200 && !bundle.body.is_empty(), "/shop.bundle", &bundle)
}

/// [`K`] different items, none of them the one asked about.
fn are_recommendations(body: &[u8]) -> bool {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let Some(items) = answer["items"].as_array() else {
        return false;
    };
    let mut ids: Vec<&str> = items.iter().filter_map(|item| item["item"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len() == K && !ids.contains(&ITEM)
}

fn show(address: &str, path: &str) -> Result<Answer> {
    console::command(&format!("curl 'http://{address}{path}'"));
    let answer = get(address, path)?;
    console::result(&String::from_utf8_lossy(&answer.body));
    Ok(answer)
}

fn expect(is_right: bool, path: &str, answer: &Answer) -> Result<()> {
    if is_right {
        return Ok(());
    }
    let start = String::from_utf8_lossy(&answer.body[..answer.body.len().min(200)]).into_owned();
    Err(Failure::by_us(format!("`{path}` was answered with {}: `{start}`", answer.status)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recommendations_are_k_other_items() {
        let body = |ids: &[&str]| {
            let items: Vec<String> = ids.iter().map(|id| format!(r#"{{"item":"{id}"}}"#)).collect();
            format!(r#"{{"items":[{}]}}"#, items.join(",")).into_bytes()
        };
        assert!(are_recommendations(&body(&["1", "2", "3", "4", "5"])));
        assert!(!are_recommendations(&body(&["1", "2", "3", "4"])), "too few");
        assert!(!are_recommendations(&body(&["1", "2", "3", "4", "4"])), "one twice");
        assert!(!are_recommendations(&body(&["1", "2", "3", "4", ITEM])), "the item itself");
        assert!(!are_recommendations(b"{}"));
        assert!(!are_recommendations(b"<html>"));
    }
}
