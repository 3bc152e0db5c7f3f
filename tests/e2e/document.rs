//! What the documents show is real: every `console` block is run over the shipped bundle and compared with what
//! comes back.

use std::fmt::Write as _;
use std::fs;

use crate::server::{Reply, Server};
use crate::tool::{is_update, root, run_ok, shop_bundle, shop_folder};

/// Where the documents say that the server listens.
const SHOWN_ADDRESS: &str = "http://127.0.0.1:3000";
/// What the documents call the shipped bundle.
const SHOWN_BUNDLE: &str = "shop.bundle";

#[test]
fn every_shown_request_gets_the_shown_response() {
    let server = Server::start(shop_bundle());
    check("docs/http-api.md", 25, |command| show(&server, &Curl::parse(command)));
}

#[test]
fn every_shown_command_prints_what_is_shown() {
    let bundle = shop_bundle();
    let bundle = bundle.to_str().expect("UTF-8");
    for (document, n_least) in [("README.md", 1), ("docs/examples.md", 10)] {
        check(document, n_least, |command| {
            let words = words(command);
            assert_eq!(words[0], "edgewise", "{command}");
            let arguments: Vec<&str> = words[1..]
                .iter()
                .map(|word| if word == SHOWN_BUNDLE { bundle } else { word })
                .collect();
            run_ok(&arguments)
        });
    }
}

#[test]
fn every_shown_rule_does_what_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = root().join("docs/rules");
    let text = fs::read_to_string(root().join("docs/rules.md")).expect("a document");
    for file in ["first.toml", "band.toml", "everything.toml"] {
        let shown = fs::read_to_string(rules.join(file)).expect("rules");
        assert!(text.contains(&format!("```toml\n{shown}```")), "{file} is not what is shown");
    }
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let invoices = shop_folder().join("invoices.csv.zst");
    let build = |output: &str, more: &[&str]| {
        let output = path(output);
        let [invoices, config] = [&invoices, &rules.join("edgewise.toml")];
        let [invoices, config] = [invoices, config].map(|path| path.to_str().expect("UTF-8"));
        let first = ["build", invoices, "--config", config, "-o", &output];
        run_ok(&[&first, more].concat());
    };
    let everything = rules.join("everything.toml");
    build(SHOWN_BUNDLE, &[]);
    build("everything.bundle", &["--rules", everything.to_str().expect("UTF-8")]);
    check("docs/rules.md", 8, |command| {
        let words = words(command).into_iter().skip(1);
        let arguments: Vec<String> = words
            .map(|word| match word.as_str() {
                bundle if bundle.ends_with(".bundle") => path(bundle),
                file if file.starts_with("docs/") => {
                    root().join(file).to_str().expect("UTF-8").to_owned()
                }
                _ => word,
            })
            .collect();
        run_ok(&arguments)
    });
}

/// Compares every `console` block of a document with what its command gives, or writes it anew.
#[track_caller]
fn check(document: &str, n_least: usize, mut output_of: impl FnMut(&str) -> String) {
    let path = root().join(document);
    let text = fs::read_to_string(&path).expect("a document");
    let mut fresh = String::new();
    let mut rest = text.as_str();
    let mut n_blocks = 0;
    while let Some((before, behind)) = rest.split_once("```console\n$ ") {
        let (block, after) = behind.split_once("```").expect("the block ends");
        let command = block.lines().next().expect("a command");
        let shown = output_of(command);
        write!(fresh, "{before}```console\n$ {command}\n{shown}```").expect("a string");
        rest = after;
        n_blocks += 1;
    }
    fresh += rest;
    assert!(n_blocks >= n_least, "{document} shows {n_blocks} commands");
    if is_update() {
        fs::write(path, fresh).expect("the document can be written");
    } else {
        assert_eq!(text, fresh, "{document} is out of date: run with UPDATE_EXPECT=1");
    }
}

/// The part of curl's command line that the document uses.
#[derive(Debug, Default)]
struct Curl {
    method: Option<String>,
    headers: Vec<(String, String)>,
    body: String,
    target: String,
}

impl Curl {
    fn parse(command: &str) -> Curl {
        let mut words = words(command).into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
        let mut curl = Curl::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("an option's value");
            match word.as_str() {
                "-i" => {}
                "-I" => curl.method = Some("HEAD".to_owned()),
                "-X" => curl.method = Some(value()),
                "-H" => {
                    let header = value();
                    let (name, value) = header.split_once(": ").expect("a header");
                    curl.headers.push((name.to_owned(), value.to_owned()));
                }
                "-d" => curl.body = value(),
                target => {
                    let target = target.strip_prefix(SHOWN_ADDRESS).expect("the shown address");
                    target.clone_into(&mut curl.target);
                }
            }
        }
        curl
    }
}

/// Splits at spaces outside single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(letter),
        }
    }
    words
}

/// The status, the headers that the endpoint decides, and the body, with JSON laid out for reading.
fn show(server: &Server, curl: &Curl) -> String {
    let default = if curl.body.is_empty() { "GET" } else { "POST" };
    let headers: Vec<(&str, &str)> =
        curl.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let method = curl.method.as_deref().unwrap_or(default);
    let reply = server.send(method, &curl.target, &headers, curl.body.as_bytes());
    let mut text = format!("{}\n", reply.status);
    for (name, value) in &reply.headers {
        let is_transport =
            ["date", "connection", "content-length", "transfer-encoding"].contains(&name.as_str());
        if !is_transport {
            writeln!(text, "{name}: {value}").expect("a string");
        }
    }
    let body = body(&reply);
    if !body.is_empty() {
        write!(text, "\n{body}\n").expect("a string");
    }
    text
}

fn body(reply: &Reply) -> String {
    let is_json = reply.header("content-type").is_some_and(|media| media.contains("json"));
    if is_json {
        let value: serde_json::Value = serde_json::from_slice(&reply.body).expect("JSON");
        return serde_json::to_string_pretty(&value).expect("JSON");
    }
    if reply.body.is_ascii() {
        return reply.text();
    }
    format!("({} bytes of {})", reply.body.len(), reply.header("content-type").unwrap_or("nothing"))
}
