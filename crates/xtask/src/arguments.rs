//! What can be asked of `cargo xtask`, and the page that `--help` prints.

use crate::bench::{self, BenchOptions};
use crate::edge::Optimization;
use crate::failure::Failure;
use crate::synth::{self, SynthOptions};

/// Printed by `--help`, and by a bare `cargo xtask`.
pub(crate) const HELP: &str = "\
Chores of the Edgewise repository.

Usage: cargo xtask <CHORE> [OPTIONS]

  edge [--optimize]
      Build the WebAssembly shells and the browser's folder into <target>/edge.
      --optimize        Shrink them with wasm-opt (npm package `binaryen`, pinned by package-lock.json);
                        without Node.js the unoptimised ones stay.

  demo [--once] [--listen ADDR]
      Train on the example shop, ask for recommendations, bake a component, and serve it with its page.
      --listen ADDR     Where to serve; 127.0.0.1:3000 unless told, port 0 takes a free one.
      --once            Serve on a free port, check the answers, stop.

  bake-spin [BUNDLE]
      Bake a bundle, or the example shop's, into target/spin/recs.wasm: what `spin build` runs.

  bench [--quick] [--rows N] [GROUP...]
      Measure every figure in docs/bench again, or those of some groups: sizes, answers, serving, learning, scale,
      parsing, instructions. Data sets lie in the folder that EDGEWISE_BENCH_DATA names; peers are installed.
      --quick           One round of each, and no log of more than a million rows.
      --rows N          Largest log of `scale`, 100M unless told; larger ones are left out.
      --check           With `instructions`: compare with the recorded counts, and record nothing.
      --render          Measure nothing: make the page's tables and the plots from the files that are there.

  synth --rows N --items N [--users N] [--seed N] -o FILE
      Make up a shop's log of any size: a CSV of orders over two years, the same for the same seed.
      --rows N          Rows to write, such as 500k or 100M; none of them is kept in memory.
      --items N         Items of the catalogue, up to 16M.
      --users N         Users; one for 20 rows unless told.
      --seed N          Other seeds give other shops; 1 unless told.
      -o FILE           Where it goes: `.csv` or `.jsonl`, compressed when the name ends with `.zst`.

  test [--fast] [--keep-going] [STEP...]
      Run every check, or only the steps named; installs what they need.
      --fast            Only what needs nothing but Rust.
      --keep-going      Go on after a failed step.
      --list            List the steps.

<target> is $CARGO_TARGET_DIR, or `target` in the repository.
Exit code: 0 done, 1 you can mend it, 2 our fault or the machine's.
";

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    /// Print [`HELP`].
    Help,
    /// Build the shells.
    Edge(Optimization),
    /// Show the whole path from a log to a served recommendation.
    Demo(DemoOptions),
    /// Bake this bundle, or the example shop's, into the component that `spin.toml` names.
    BakeSpin(Option<String>),
    /// Measure.
    Bench(BenchOptions),
    /// Make up a shop's log.
    Synth(SynthOptions),
    /// Run the checks.
    Test(TestOptions),
}

/// How to run the demo.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    /// Whether the demo stays for a person or checks itself.
    pub(crate) stay: Stay,
    /// `host:port` to serve at.
    pub(crate) listen: String,
}

/// How long the demo's server lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    /// Until it is interrupted.
    UntilInterrupted,
    /// Until its answers are checked.
    Once,
}

/// Which checks to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    /// Leave out what needs more than Rust.
    pub(crate) fast: bool,
    /// Go on after a failure.
    pub(crate) keep_going: bool,
    /// Print the steps, run none.
    pub(crate) list: bool,
    /// Names of steps; empty: all.
    pub(crate) only: Vec<String>,
}

/// Reads the arguments after `cargo xtask`.
pub(crate) fn parse(arguments: &[String]) -> Result<Chore, Failure> {
    let Some((chore, options)) = arguments.split_first() else {
        return Ok(Chore::Help);
    };
    if options.iter().any(|option| option == "--help" || option == "-h") {
        return Ok(Chore::Help);
    }
    match chore.as_str() {
        "help" | "--help" | "-h" => Ok(Chore::Help),
        "edge" => parse_edge(options).map(Chore::Edge),
        "demo" => parse_demo(options).map(Chore::Demo),
        "bake-spin" => parse_bake_spin(options).map(Chore::BakeSpin),
        "bench" => bench::parse(options).map(Chore::Bench),
        "synth" => synth::parse(options).map(Chore::Synth),
        "test" => parse_test(options).map(Chore::Test),
        other => Err(misuse(format!("there is no chore `{other}`"))),
    }
}

fn parse_edge(options: &[String]) -> Result<Optimization, Failure> {
    let mut optimization = Optimization::None;
    for option in options {
        match option.as_str() {
            "--optimize" => optimization = Optimization::WasmOpt,
            other => return Err(misuse(format!("`edge` takes no `{other}`"))),
        }
    }
    Ok(optimization)
}

fn parse_demo(options: &[String]) -> Result<DemoOptions, Failure> {
    let mut stay = Stay::UntilInterrupted;
    let mut listen = None;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match option.as_str() {
            "--once" => stay = Stay::Once,
            "--listen" => {
                let address =
                    options.next().ok_or_else(|| misuse("`--listen` needs an address"))?;
                listen = Some(address.clone());
            }
            other => match other.strip_prefix("--listen=") {
                Some(address) => listen = Some(address.to_owned()),
                None => return Err(misuse(format!("`demo` takes no `{other}`"))),
            },
        }
    }
    let default = match stay {
        Stay::UntilInterrupted => "127.0.0.1:3000",
        Stay::Once => "127.0.0.1:0",
    };
    Ok(DemoOptions { stay, listen: listen.unwrap_or_else(|| default.to_owned()) })
}

fn parse_bake_spin(options: &[String]) -> Result<Option<String>, Failure> {
    match options {
        [] => Ok(None),
        [bundle] if !bundle.starts_with('-') => Ok(Some(bundle.clone())),
        _ => Err(misuse("`bake-spin` takes one bundle, or none")),
    }
}

fn parse_test(options: &[String]) -> Result<TestOptions, Failure> {
    let mut parsed = TestOptions::default();
    for option in options {
        match option.as_str() {
            "--fast" => parsed.fast = true,
            "--keep-going" => parsed.keep_going = true,
            "--list" => parsed.list = true,
            flag if flag.starts_with('-') => {
                return Err(misuse(format!("`test` takes no `{flag}`")));
            }
            step => parsed.only.push(step.to_owned()),
        }
    }
    Ok(parsed)
}

fn misuse(what: impl Into<String>) -> Failure {
    Failure::by_caller(what).with_hint("`cargo xtask --help` lists the chores and their options")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &Chore) {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(&parse(&arguments).unwrap(), expected, "cargo xtask {line}");
    }

    #[track_caller]
    fn refuse(line: &str, named: &str) {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let failure = parse(&arguments).unwrap_err();
        assert!(failure.to_string().contains(named), "`{failure}` does not name `{named}`");
    }

    #[test]
    fn reads_every_chore() {
        check("", &Chore::Help);
        check("test --help", &Chore::Help);
        check("edge", &Chore::Edge(Optimization::None));
        check("bake-spin", &Chore::BakeSpin(None));
        check("bake-spin a.bundle", &Chore::BakeSpin(Some("a.bundle".into())));
        check("edge --optimize", &Chore::Edge(Optimization::WasmOpt));
        let demo = |stay, listen: &str| Chore::Demo(DemoOptions { stay, listen: listen.into() });
        check("demo", &demo(Stay::UntilInterrupted, "127.0.0.1:3000"));
        check("demo --once", &demo(Stay::Once, "127.0.0.1:0"));
        check("demo --listen=[::1]:8080", &demo(Stay::UntilInterrupted, "[::1]:8080"));
        check("demo --listen 0.0.0.0:80 --once", &demo(Stay::Once, "0.0.0.0:80"));
        check(
            "test --fast --keep-going tidy docs",
            &Chore::Test(TestOptions {
                fast: true,
                keep_going: true,
                list: false,
                only: vec!["tidy".into(), "docs".into()],
            }),
        );
    }

    #[test]
    fn refuses_what_it_does_not_know_by_name() {
        refuse("dance", "`dance`");
        refuse("edge --optimise", "`--optimise`");
        refuse("demo --listen", "`--listen` needs");
        refuse("demo 3000", "`3000`");
        refuse("bake-spin a.bundle b.bundle", "one bundle");
        refuse("test --slow", "`--slow`");
    }
}
