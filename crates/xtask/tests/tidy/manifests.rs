//! Rules for `Cargo.toml`: names after folders, one place for versions, nothing that can be published by mistake.

use toml::{Table, Value};

/// Every violation in the manifest at `path`.
pub(crate) fn check(path: &str, text: &str) -> Vec<String> {
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("is no TOML: {error}")],
    };
    let mut found = Vec::new();
    if path == "Cargo.toml" {
        check_workspace(&manifest, &mut found);
    } else {
        check_package(path, &manifest, &mut found);
    }
    found
}

fn check_workspace(manifest: &Table, found: &mut Vec<String>) {
    let package = manifest.get("workspace").and_then(|workspace| workspace.get("package"));
    let field = |name: &str| package.and_then(|package| package.get(name));
    if field("version").and_then(Value::as_str) != Some("0.0.0") {
        found.push("`workspace.package.version` is not `0.0.0`".to_owned());
    }
    if field("publish").and_then(Value::as_bool) != Some(false) {
        found.push("`workspace.package.publish` is not `false`".to_owned());
    }
}

fn check_package(path: &str, manifest: &Table, found: &mut Vec<String>) {
    let package = manifest.get("package").and_then(Value::as_table);
    let field = |name: &str| package.and_then(|package| package.get(name));
    let folder = path.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap_or_default();
    let wanted = format!("edgewise-{folder}");
    match field("name").and_then(Value::as_str) {
        Some(name) if name == wanted => {}
        other => {
            found.push(format!("`package.name` is {other:?}, after its folder it is `{wanted}`"));
        }
    }
    for name in ["version", "publish", "edition", "rust-version", "license"] {
        if !field(name).is_some_and(is_inherited) {
            found.push(format!("`package.{name}` is not taken from the workspace"));
        }
    }
    if !manifest.get("lints").is_some_and(is_inherited) {
        found.push("`lints` are not taken from the workspace".to_owned());
    }
    check_dependencies("", manifest, found);
}

/// Looks at all tables of dependencies, also those below `target`.
fn check_dependencies(place: &str, table: &Table, found: &mut Vec<String>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(dependencies) = table.get(kind).and_then(Value::as_table) else {
            continue;
        };
        for (name, wanted) in dependencies {
            if !is_inherited(wanted) && !is_of_this_repository(wanted) {
                found.push(format!("`{place}{kind}.{name}` is not taken from the workspace"));
            }
        }
    }
    for (target, table) in table.get("target").and_then(Value::as_table).into_iter().flatten() {
        if let Some(table) = table.as_table() {
            check_dependencies(&format!("target.{target}."), table, found);
        }
    }
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// A package's own tests may want it with other features: `path = "."`.
fn is_of_this_repository(value: &Value) -> bool {
    value.get("path").is_some() && value.get("version").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
[package]
name = \"edgewise-core\"
version.workspace = true
publish.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
[lints]
workspace = true
[dependencies]
libm = { workspace = true, features = [\"arch\"] }
";

    #[track_caller]
    fn check_one(from: &str, to: &str, named: &str) {
        assert!(GOOD.contains(from), "`{from}` is not there to be replaced");
        let found = check("crates/core/Cargo.toml", &GOOD.replace(from, to));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(named), "{found:?}");
    }

    #[test]
    fn a_good_manifest_passes() {
        assert_eq!(check("crates/core/Cargo.toml", GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_rule_fails_on_its_own() {
        check_one("edgewise-core", "edgewise-kernel", "`edgewise-core`");
        check_one(
            "version.workspace = true\npublish",
            "version = \"0.1.0\"\npublish",
            "package.version",
        );
        check_one("publish.workspace = true", "publish = true", "package.publish");
        check_one("[lints]\nworkspace = true\n", "", "`lints`");
        check_one("{ workspace = true, features = [\"arch\"] }", "\"0.2\"", "dependencies.libm");
        check_one("libm = { workspace = true", "libm = { version = \"0.2\"", "dependencies.libm");
        check_one(
            "[dependencies]",
            "[target.'cfg(unix)'.dev-dependencies]\nlibc = \"0.2\"\n[dependencies]",
            "target.cfg(unix).dev-dependencies.libc",
        );
    }

    #[test]
    fn the_workspace_cannot_be_published() {
        let good = "[workspace.package]\nversion = \"0.0.0\"\npublish = false\n";
        assert!(check("Cargo.toml", good).is_empty());
        assert_eq!(check("Cargo.toml", &good.replace("0.0.0", "1.0.0")).len(), 1);
        assert_eq!(check("Cargo.toml", "[workspace]\n").len(), 2);
        assert!(check("Cargo.toml", "[").first().unwrap().contains("no TOML"));
    }
}
