//! The page's files, read once when the server starts.
//!
//! A request is answered from this list and never from the disk, so that no path leads out of the folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};

use super::error::ServeError;

/// Most files of a page.
const MAX_SITE_FILES: u64 = 2_000;
/// Most bytes of a page.
const MAX_SITE_BYTES: u64 = 64 * 1024 * 1024;
/// How deep folders may lie in each other.
const MAX_SITE_DEPTH: usize = 16;

/// What the page may do: load from this server only, and compile WebAssembly.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers of every file, besides its own. The two cross-origin ones give the page's clock its full resolution.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    // Always asked for again, answered with 304: a page under construction is never stale.
    ("cache-control", "no-cache"),
];

/// The files, by the path under which they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: BTreeMap<String, SiteFile>,
}

#[derive(Debug)]
struct SiteFile {
    contents: Bytes,
    content_type: &'static str,
    etag: HeaderValue,
}

impl Site {
    /// Every file of `folder` and its folders, but hidden ones and links.
    ///
    /// # Errors
    ///
    /// [`ServeError::Read`], and [`ServeError::SiteTooLarge`] for a folder that is no page's.
    pub(crate) fn read(folder: &Path) -> Result<Self, ServeError> {
        let mut site = Self::default();
        let mut n_bytes = 0;
        let mut waiting = vec![(folder.to_owned(), String::from("/"), 0)];
        while let Some((folder_now, url, depth)) = waiting.pop() {
            let unreadable = |source| ServeError::Read { path: folder_now.clone(), source };
            for entry in fs::read_dir(&folder_now).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let kind = entry.file_type().map_err(unreadable)?;
                let Some(name) = entry
                    .file_name()
                    .to_str()
                    .filter(|name| !name.starts_with('.'))
                    .map(str::to_owned)
                else {
                    continue;
                };
                let path = entry.path();
                if kind.is_dir() && depth < MAX_SITE_DEPTH {
                    waiting.push((path, format!("{url}{name}/"), depth + 1));
                } else if kind.is_file() {
                    let contents = fs::read(&path)
                        .map_err(|source| ServeError::Read { path: path.clone(), source })?;
                    n_bytes += contents.len() as u64;
                    let too_large = |what, limit| ServeError::SiteTooLarge {
                        path: folder.to_owned(),
                        what,
                        limit,
                    };
                    if n_bytes > MAX_SITE_BYTES {
                        return Err(too_large("bytes", MAX_SITE_BYTES));
                    }
                    if site.files.len() as u64 >= MAX_SITE_FILES {
                        return Err(too_large("files", MAX_SITE_FILES));
                    }
                    let digest = *blake3::hash(&contents).as_bytes();
                    site.insert(format!("{url}{name}"), contents.into(), &digest);
                }
            }
        }
        Ok(site)
    }

    /// Adds a file under `url`, or replaces it. Its entity tag is `digest` in hex.
    pub(crate) fn insert(&mut self, url: String, contents: Bytes, digest: &[u8; 32]) {
        let hex = blake3::Hash::from_bytes(*digest).to_hex();
        // Cannot fail: hex and quotes are visible ASCII.
        let etag =
            HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let content_type = content_type(&url);
        self.files.insert(url, SiteFile { contents, content_type, etag });
    }

    /// The answer to `request`, or `None` when the page has no such file.
    pub(crate) fn answer<B>(&self, request: &Request<B>) -> Option<Response<Bytes>> {
        let asked = request.uri().path();
        let file = match asked.strip_suffix('/') {
            Some(folder) => self.files.get(&format!("{folder}/index.html"))?,
            None => self.files.get(asked)?,
        };
        let mut response = Response::new(Bytes::new());
        for (name, value) in HEADERS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Some(response);
        }
        response.headers_mut().insert(header::ETAG, file.etag.clone());
        if names(request, &file.etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(response);
        }
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        // For HEAD the server sends the length and not the bytes.
        *response.body_mut() = file.contents.clone();
        Some(response)
    }
}

/// Whether the visitor has this version: `If-None-Match` names it, weak or strong, or is `*`.
fn names<B>(request: &Request<B>, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else {
        return false;
    };
    request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|candidate| {
            candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == etag
        })
}

fn content_type(url: &str) -> &'static str {
    let extension = url.rsplit_once('.').map_or("", |(_name, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
