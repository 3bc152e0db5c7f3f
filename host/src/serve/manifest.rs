//! Reads a Spin application's manifest, version 2, as far as this server can honour it.
//!
//! What it cannot honour is refused by name. An application that starts here without its key-value store would be
//! another application.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Value;

use super::route::RoutePattern;

/// The manifest's version that is read.
const MANIFEST_VERSION: i64 = 2;
/// Most components of an application.
const MAX_COMPONENTS: usize = 64;

/// Keys of a component that change nothing for a server: they are for building, packing and people.
const HARMLESS_COMPONENT_KEYS: [&str; 4] = ["description", "exclude_files", "tool", "trigger"];

/// An application that can be served.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Application {
    /// Its components that have a route, by their ids.
    pub(crate) components: Vec<RoutedComponent>,
}

/// A component and its routes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RoutedComponent {
    /// Its id in the manifest.
    pub(crate) id: String,
    /// Its file, relative to the manifest's folder.
    pub(crate) source: PathBuf,
    /// The command that makes the file.
    pub(crate) build: Option<String>,
    /// Its routes, in the manifest's order.
    pub(crate) routes: Vec<NamedRoute>,
}

/// A route and how the manifest writes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedRoute {
    /// As in the manifest.
    pub(crate) text: String,
    /// What it takes.
    pub(crate) pattern: RoutePattern,
}

impl RoutedComponent {
    /// The error for a file that is not there.
    pub(crate) fn not_built(&self, path: PathBuf) -> ManifestError {
        ManifestError::NotBuilt { id: self.id.clone(), path, build: self.build.clone() }
    }
}

/// Why a manifest cannot be served.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ManifestError {
    /// It is not TOML, or a key has another type than Spin says.
    #[error("not a Spin manifest: {reason}")]
    Syntax {
        /// Where and what.
        reason: String,
    },
    /// It is of another version.
    #[error("manifest version `{found}`, this server reads `{MANIFEST_VERSION}`")]
    Version {
        /// What it says.
        found: i64,
    },
    /// It asks for something that this server does not have.
    #[error("{owner} asks for `{key}`, which this server does not have")]
    Unsupported {
        /// The application or a component.
        owner: String,
        /// What it asks for.
        key: String,
    },
    /// A trigger names a component that is not there.
    #[error("a trigger names the component `{id}`, and there is none")]
    UnknownComponent {
        /// The name.
        id: String,
    },
    /// A route is not one.
    #[error("`{route}` is no route")]
    BadRoute {
        /// What it says.
        route: String,
    },
    /// There is nothing to serve.
    #[error("the application has no HTTP trigger")]
    NoRoute,
    /// There are more components than anyone writes.
    #[error("the application has {found} components, the limit is {MAX_COMPONENTS}")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// A component's file does not exist.
    #[error("the component `{id}` is not built: `{}` does not exist", path.display())]
    NotBuilt {
        /// The component.
        id: String,
        /// Its file.
        path: PathBuf,
        /// The command that makes it.
        build: Option<String>,
    },
}

impl ManifestError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NotBuilt { build: Some(command), .. } => {
                Some(format!("build it with `{command}`"))
            }
            Self::Unsupported { .. } => Some("run the application with `spin up`".to_owned()),
            Self::Version { .. } => Some("`spin doctor` upgrades a manifest".to_owned()),
            Self::BadRoute { .. } => {
                Some("a route begins with `/` and may end with `/...`".to_owned())
            }
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    spin_manifest_version: i64,
    #[serde(default)]
    trigger: BTreeMap<String, Vec<Trigger>>,
    #[serde(default)]
    component: BTreeMap<String, Component>,
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Trigger {
    route: Value,
    component: Value,
    executor: Option<Executor>,
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Executor {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Component {
    source: Value,
    build: Option<Build>,
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Build {
    command: Value,
}

/// The application that `contents` describes.
///
/// # Errors
///
/// [`ManifestError`], naming the first thing that cannot be honoured.
pub(crate) fn read(contents: &[u8]) -> Result<Application, ManifestError> {
    let syntax = |reason: String| ManifestError::Syntax { reason };
    let text = std::str::from_utf8(contents).map_err(|error| syntax(error.to_string()))?;
    let manifest: Manifest = toml::from_str(text).map_err(|error| syntax(error.to_string()))?;
    if manifest.spin_manifest_version != MANIFEST_VERSION {
        return Err(ManifestError::Version { found: manifest.spin_manifest_version });
    }
    if manifest.component.len() > MAX_COMPONENTS {
        return Err(ManifestError::TooMany { found: manifest.component.len() });
    }
    refuse_others("the application", &manifest.other, &["application"])?;
    let mut routes = routes_by_component(&manifest)?;
    let mut components = Vec::new();
    for (id, component) in manifest.component {
        if let Some(routes) = routes.remove(&id) {
            components.push(routed(id, component, routes)?);
        }
    }
    match routes.pop_first() {
        Some((id, _routes)) => Err(ManifestError::UnknownComponent { id }),
        None if components.is_empty() => Err(ManifestError::NoRoute),
        None => Ok(Application { components }),
    }
}

fn routes_by_component(
    manifest: &Manifest,
) -> Result<BTreeMap<String, Vec<NamedRoute>>, ManifestError> {
    let mut routes: BTreeMap<String, Vec<NamedRoute>> = BTreeMap::new();
    for (kind, triggers) in &manifest.trigger {
        if kind != "http" {
            return Err(unsupported("the application", format!("trigger.{kind}")));
        }
        for trigger in triggers {
            let owner = "an HTTP trigger";
            let Value::String(text) = &trigger.route else {
                return Err(unsupported(owner, format!("route = {}", trigger.route)));
            };
            let Value::String(component) = &trigger.component else {
                return Err(unsupported(owner, "a component written in place".to_owned()));
            };
            if let Some(executor) = &trigger.executor
                && !matches!(executor.kind.as_str(), "spin" | "http")
            {
                return Err(unsupported(owner, format!("executor.type = {}", executor.kind)));
            }
            refuse_others(owner, &trigger.other, &["id"])?;
            let pattern = RoutePattern::parse(text)
                .ok_or_else(|| ManifestError::BadRoute { route: text.clone() })?;
            routes
                .entry(component.clone())
                .or_default()
                .push(NamedRoute { text: text.clone(), pattern });
        }
    }
    Ok(routes)
}

fn routed(
    id: String,
    component: Component,
    routes: Vec<NamedRoute>,
) -> Result<RoutedComponent, ManifestError> {
    let owner = format!("the component `{id}`");
    let Value::String(source) = component.source else {
        return Err(unsupported(&owner, "a source that is not a local file".to_owned()));
    };
    refuse_others(&owner, &component.other, &HARMLESS_COMPONENT_KEYS)?;
    let build = component.build.map(|build| match build.command {
        Value::String(command) => command,
        Value::Array(commands) => {
            commands.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" && ")
        }
        other => other.to_string(),
    });
    Ok(RoutedComponent { id, source: PathBuf::from(source), build, routes })
}

/// Refuses every key but `harmless` ones and those that ask for nothing.
fn refuse_others(
    owner: &str,
    keys: &BTreeMap<String, Value>,
    harmless: &[&str],
) -> Result<(), ManifestError> {
    let asks =
        keys.iter().find(|(key, value)| !harmless.contains(&key.as_str()) && !is_empty(value));
    match asks {
        Some((key, _value)) => Err(unsupported(owner, key.clone())),
        None => Ok(()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.is_empty(),
        Value::Table(values) => values.is_empty(),
        Value::Boolean(value) => !value,
        _ => false,
    }
}

fn unsupported(owner: &str, key: String) -> ManifestError {
    ManifestError::Unsupported { owner: owner.to_owned(), key }
}

#[cfg(test)]
mod tests;
