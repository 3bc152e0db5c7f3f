//! The page's answers: types, versions, and no way out of the folder.

use super::*;

/// A page with a file in a folder, a hidden file, and a secret beside it.
fn toy_page() -> (tempfile::TempDir, Site) {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("page");
    fs::create_dir_all(folder.join("parts")).unwrap();
    fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
    fs::write(folder.join("shop.js"), "export {}").unwrap();
    fs::write(folder.join("parts/shop.css"), "a{}").unwrap();
    fs::write(folder.join("edgewise_bg.wasm"), b"\0asm").unwrap();
    fs::write(folder.join(".hidden"), "hidden").unwrap();
    fs::write(above.path().join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(above.path().join("secret.txt"), folder.join("link.txt")).unwrap();
    let mut site = Site::read(&folder).unwrap();
    site.insert("/shop.bundle".into(), Bytes::from_static(b"bundle"), &[0xAB; 32]);
    (above, site)
}

fn ask(site: &Site, method: Method, path: &str, if_none_match: &str) -> Option<Response<Bytes>> {
    let request =
        Request::builder().method(method).uri(path).header(header::IF_NONE_MATCH, if_none_match);
    site.answer(&request.body(()).unwrap())
}

#[track_caller]
fn check_type(path: &str, expected: Option<&str>) {
    let (_folder, site) = toy_page();
    let response = ask(&site, Method::GET, path, "\"other\"");
    let found = response.map(|response| {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-security-policy"], CONTENT_SECURITY_POLICY);
        response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned()
    });
    assert_eq!(found.as_deref(), expected, "{path}");
}

#[test]
fn files_have_their_types() {
    check_type("/", Some("text/html; charset=utf-8"));
    check_type("/index.html", Some("text/html; charset=utf-8"));
    check_type("/shop.js?v=1", Some("text/javascript; charset=utf-8"));
    check_type("/parts/shop.css", Some("text/css; charset=utf-8"));
    check_type("/edgewise_bg.wasm", Some("application/wasm"));
    check_type("/shop.bundle", Some("application/octet-stream"));
}

#[test]
fn nothing_outside_the_folder_is_a_file() {
    for path in [
        "/../secret.txt",
        "/parts/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//secret.txt",
        "/link.txt",
        "/.hidden",
        "/parts",
        "/parts/",
        "/recs",
    ] {
        check_type(path, None);
    }
}

#[test]
fn the_bundle_is_named_by_its_digest_and_not_sent_twice() {
    let (_folder, site) = toy_page();
    let digest = format!("\"{}\"", "ab".repeat(32));
    let first = ask(&site, Method::GET, "/shop.bundle", "\"other\"").unwrap();
    assert_eq!((first.status(), first.body().as_ref()), (StatusCode::OK, b"bundle".as_slice()));
    assert_eq!(first.headers()[header::ETAG], digest);
    for known in [digest.clone(), format!("\"x\", W/{digest}"), "*".to_owned()] {
        let again = ask(&site, Method::GET, "/shop.bundle", &known).unwrap();
        assert_eq!((again.status(), again.body().len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!(again.headers()[header::ETAG], digest);
    }
}

#[test]
fn files_are_read_only() {
    let (_folder, site) = toy_page();
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let refused = ask(&site, method, "/shop.js", "\"other\"").unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused.headers()[header::ALLOW], "GET, HEAD");
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let missing = Site::read(Path::new("no/such/folder"));
    assert!(matches!(missing, Err(ServeError::Read { .. })), "{missing:?}");
}
