//! What is served: components by route, and for a bundle its page.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use edgewise_bundle::Bundle;
use edgewise_sandbox::{Limits, Sandbox};
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};

use super::error::ServeError;
use super::manifest;
use super::route::{self, RoutePattern};
use super::site::Site;
use crate::bake::shell::{folders_beside_program, read_shell};
use crate::bake::{self, ShellKind};

/// Where the page finds the bundle.
const BUNDLE_URL: &str = "/shop.bundle";

/// Where the description of the API is found.
const API_URL: &str = "/v1/openapi.json";
/// What a component answers, as `docs/openapi.json` describes it. No component carries it: it is larger than most bundles.
const API: &str = include_str!("../../../docs/openapi.json");

/// What the user named.
pub(crate) struct Sources<'a> {
    /// A bundle, a component or a manifest.
    pub(crate) source: &'a Path,
    /// The page's folder, when not the demo's.
    pub(crate) site: Option<&'a Path>,
    /// The shell, when not the one that came with this program.
    pub(crate) shell_file: Option<&'a Path>,
}

/// Everything that answers requests.
pub(crate) struct App {
    routes: Vec<(RoutePattern, Sandbox)>,
    site: Site,
    notes: Vec<String>,
}

impl App {
    /// Opens what the user named. What it is, its first bytes or its name say: `\0asm` is a component, `.toml` a
    /// manifest, and all else must verify as a bundle.
    ///
    /// # Errors
    ///
    /// Every [`ServeError`] that concerns a source.
    pub(crate) async fn open(sources: &Sources<'_>, limits: Limits) -> Result<Self, ServeError> {
        let path = sources.source;
        let is_manifest =
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        let contents = read(path)?;
        let is_wasm = contents.starts_with(b"\0asm");
        if sources.site.is_some() && (is_manifest || is_wasm) {
            return Err(ServeError::SiteWithoutBundle { path: path.to_owned() });
        }
        if is_manifest {
            Self::of_manifest(path, &contents, limits)
        } else if is_wasm {
            let routes = vec![(RoutePattern::everything(), component(path, &contents, limits)?)];
            Ok(Self { routes, site: Site::default(), notes: Vec::new() })
        } else {
            Self::of_bundle(sources, contents, limits).await
        }
    }

    async fn of_bundle(
        sources: &Sources<'_>,
        contents: Vec<u8>,
        limits: Limits,
    ) -> Result<Self, ServeError> {
        let path = sources.source;
        let digest = Bundle::open(&contents)
            .map_err(|source| ServeError::Bundle { path: path.to_owned(), source })?
            .digest();
        let shell = read_shell(ShellKind::Http, &contents, sources.shell_file)?;
        let baked = bake::bake(&shell, &contents)?;
        let sandbox = component(path, &baked, limits)?;
        check_shell(&sandbox).await?;
        let routes = vec![(RoutePattern::everything(), sandbox)];
        let mut notes = Vec::new();
        let mut site = if let Some(folder) = page_folder(sources.site) {
            Site::read(&folder)?
        } else {
            let note =
                "note: no demo page was built with this program; `cargo xtask edge` builds it";
            notes.push(note.to_owned());
            Site::default()
        };
        site.insert(BUNDLE_URL.to_owned(), contents.into(), &digest);
        let api = Bytes::from_static(API.as_bytes());
        site.insert(API_URL.to_owned(), api, blake3::hash(API.as_bytes()).as_bytes());
        Ok(Self { routes, site, notes })
    }

    fn of_manifest(path: &Path, contents: &[u8], limits: Limits) -> Result<Self, ServeError> {
        let refused = |source| ServeError::Manifest { path: path.to_owned(), source };
        let application = manifest::read(contents).map_err(refused)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut notes = Vec::new();
        let mut routes = Vec::new();
        for component_now in &application.components {
            let source = folder.join(&component_now.source);
            if !source.is_file() {
                return Err(refused(component_now.not_built(source)));
            }
            let sandbox = component(&source, &read(&source)?, limits)?;
            for route in &component_now.routes {
                notes.push(format!("{} -> component {}", route.text, component_now.id));
                routes.push((route.pattern.clone(), sandbox.clone()));
            }
        }
        Ok(Self { routes, site: Site::default(), notes })
    }

    /// Nothing but a page.
    #[cfg(test)]
    pub(crate) fn of_page(site: Site) -> Self {
        Self { routes: Vec::new(), site, notes: Vec::new() }
    }

    /// What the user should know before requests come, a line each.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The answer: the page's when it has such a file, else the component's whose route it is.
    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        if let Some(response) = self.site.answer(&request) {
            return response;
        }
        let Some(sandbox) = route::best(&self.routes, request.uri().path()) else {
            return problem(
                StatusCode::NOT_FOUND,
                "not-found",
                "No route of the application has this path",
            );
        };
        match sandbox.answer(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(code = error.code(), "{error}");
                error.to_response()
            }
        }
    }
}

/// A refusal that no component had a part in, as an RFC 9457 document. The texts are this program's own and need no
/// escaping.
pub(crate) fn problem(
    status: StatusCode,
    code: &'static str,
    title: &'static str,
) -> Response<Bytes> {
    let body = format!(
        r#"{{"type":"urn:edgewise:problem:{code}","title":"{title}","status":{},"code":"{code}"}}"#,
        status.as_u16()
    );
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn component(path: &Path, bytes: &[u8], limits: Limits) -> Result<Sandbox, ServeError> {
    Sandbox::new(bytes, limits)
        .map_err(|source| ServeError::Component { path: path.to_owned(), source })
}

/// Asks the freshly baked component whether it is well. A shell that was built from other sources than this program may
/// not read the bundle that this program has just verified; better told now than by every request.
async fn check_shell(sandbox: &Sandbox) -> Result<(), ServeError> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = Uri::from_static("/health");
    let found = match sandbox.answer(request).await {
        Ok(response) if response.status() == StatusCode::OK => return Ok(()),
        Ok(response) => format!("`/health` is answered with {}", response.status()),
        Err(error) => error.to_string(),
    };
    Err(ServeError::ShellMismatch { found })
}

/// Files that are served or run are at most a bundle with its shell.
fn read(path: &Path) -> Result<Vec<u8>, ServeError> {
    const LIMIT_BYTES: usize = bake::module::MAX_BUNDLE_BYTES + bake::module::MAX_SHELL_BYTES;
    Ok(bake::read_limited(path, LIMIT_BYTES)?)
}

/// The folder that the user named, else the demo's when it was built.
fn page_folder(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(folder) = named {
        return Some(folder.to_owned());
    }
    let built = folders_beside_program().into_iter().map(|folder| folder.join("browser"));
    built.into_iter().find(|folder| folder.join("index.html").is_file())
}
