//! Manifests that can be served, and what of others is named.

use super::*;

const APPLICATION: &str = "
    spin_manifest_version = 2
    [application]
    name = 'shop'
    [[trigger.http]]
    route = '/recs'
    component = 'recs'
    [[trigger.http]]
    route = '/health'
    component = 'recs'
    executor = { type = 'spin' }
    [component.recs]
    description = 'recommendations'
    source = 'target/spin/recs.wasm'
    allowed_outbound_hosts = []
    [component.recs.build]
    command = 'cargo xtask bake-spin'
";

/// `APPLICATION` with lines in the component's table.
fn with_component_lines(lines: &str) -> String {
    APPLICATION.replace("allowed_outbound_hosts = []", lines)
}

#[track_caller]
fn check_refused(manifest: &str, expected: &str) {
    let error = read(manifest.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_applications_routes_and_sources_are_read() {
    let application = read(APPLICATION.as_bytes()).unwrap();
    let [recs] = application.components.as_slice() else { panic!("{application:?}") };
    assert_eq!((recs.id.as_str(), recs.source.to_str()), ("recs", Some("target/spin/recs.wasm")));
    let routes: Vec<_> = recs.routes.iter().map(|route| route.text.as_str()).collect();
    assert_eq!(routes, ["/recs", "/health"]);
    let not_built = recs.not_built(PathBuf::from("/shop/target/spin/recs.wasm"));
    assert_eq!(not_built.hint().as_deref(), Some("build it with `cargo xtask bake-spin`"));
}

#[test]
fn the_repositorys_own_manifest_can_be_served() {
    let own = read(include_bytes!("../../../../spin.toml")).unwrap();
    let routes: Vec<_> = own.components[0].routes.iter().map(|route| route.text.as_str()).collect();
    assert_eq!(routes, ["/recs", "/health", "/version"]);
}

#[test]
fn what_is_not_given_is_named() {
    for (lines, key) in [
        ("key_value_stores = ['default']", "key_value_stores"),
        ("allowed_outbound_hosts = ['https://example.com']", "allowed_outbound_hosts"),
        ("files = ['assets/**']", "files"),
        ("environment = { KEY = 'value' }", "environment"),
        ("variables = { key = 'value' }", "variables"),
        ("dependencies_inherit_configuration = true", "dependencies_inherit_configuration"),
    ] {
        let expected =
            format!("the component `recs` asks for `{key}`, which this server does not have");
        check_refused(&with_component_lines(lines), &expected);
    }
    check_refused(
        &format!("{APPLICATION}\n[[trigger.redis]]\nroute = '/'\ncomponent = 'recs'"),
        "the application asks for `trigger.redis`, which this server does not have",
    );
    check_refused(
        &format!("{APPLICATION}\n[variables]\nkey = {{ required = true }}"),
        "the application asks for `variables`, which this server does not have",
    );
    check_refused(
        &APPLICATION.replace("route = '/recs'", "route = { private = true }"),
        "an HTTP trigger asks for `route = { private = true }`, which this server does not have",
    );
    check_refused(
        &APPLICATION.replace(
            "'target/spin/recs.wasm'",
            "{ url = 'https://example.com/a.wasm', digest = 'sha256:0' }",
        ),
        "the component `recs` asks for `a source that is not a local file`, which this server does not have",
    );
    check_refused(
        &APPLICATION.replace("type = 'spin'", "type = 'wagi'"),
        "an HTTP trigger asks for `executor.type = wagi`, which this server does not have",
    );
}

#[test]
fn what_is_wrong_is_named() {
    check_refused(
        &APPLICATION.replace("spin_manifest_version = 2", "spin_manifest_version = 1"),
        "manifest version `1`, this server reads `2`",
    );
    check_refused(&APPLICATION.replace("'/recs'", "'recs'"), "`recs` is no route");
    check_refused(
        &APPLICATION.replace("component = 'recs'\n    [[", "component = 'other'\n    [["),
        "a trigger names the component `other`, and there is none",
    );
    check_refused("spin_manifest_version = 2", "the application has no HTTP trigger");
    let no_toml = read(b"spin_manifest_version = ").unwrap_err();
    assert!(matches!(no_toml, ManifestError::Syntax { .. }), "{no_toml:?}");
}
