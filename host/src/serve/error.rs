//! Why nothing is served.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use edgewise_bundle::FormatError;
use edgewise_sandbox::SandboxError;

use super::manifest::ManifestError;
use crate::bake::BakeError;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ServeError {
    /// A file or folder could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is neither a component nor a manifest, and as a bundle it is refused.
    #[error("`{}` is no component and no manifest, and no bundle that can be served", path.display())]
    Bundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it as a bundle.
        #[source]
        source: FormatError,
    },
    /// A page was asked for where there is no bundle to show.
    #[error("`--site` needs a bundle, and `{}` is none", path.display())]
    SiteWithoutBundle {
        /// What was to be served.
        path: PathBuf,
    },
    /// The page's folder holds more than a page.
    #[error("the page's folder `{}` holds more than {limit} {what}", path.display())]
    SiteTooLarge {
        /// The folder.
        path: PathBuf,
        /// Files or bytes.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The bundle could not be baked.
    #[error(transparent)]
    Bake(#[from] BakeError),
    /// The baked component does not answer from the bundle.
    #[error("the shell does not read this bundle: {found}")]
    ShellMismatch {
        /// What it did instead.
        found: String,
    },
    /// The component was refused.
    #[error("cannot run `{}`", path.display())]
    Component {
        /// The component's file, or the bundle it was baked from.
        path: PathBuf,
        /// Why.
        source: SandboxError,
    },
    /// The manifest was refused.
    #[error("cannot serve the application `{}`", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: ManifestError,
    },
    /// The address could not be had.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The machine would not give what a server needs.
    #[error("cannot start the server")]
    Runtime {
        /// Why.
        source: io::Error,
    },
}

impl ServeError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Bind { source, .. } => match source.kind() {
                io::ErrorKind::AddrInUse => Some(
                    "another program listens there: stop it, or choose a port with `--listen 127.0.0.1:0` (any free one)"
                        .to_owned(),
                ),
                io::ErrorKind::PermissionDenied => Some("ports below 1024 need rights: choose a higher one".to_owned()),
                io::ErrorKind::AddrNotAvailable => Some("this machine does not have that address".to_owned()),
                _ => None,
            },
            Self::Bundle { source, .. } => Some(source.hint().to_owned()),
            Self::SiteWithoutBundle { .. } => Some("leave `--site` away, or serve the bundle".to_owned()),
            Self::SiteTooLarge { .. } => Some("name the folder that holds index.html".to_owned()),
            Self::ShellMismatch { .. } => Some(
                "build the shells again with `cargo xtask edge`; they and this program must be of one version"
                    .to_owned(),
            ),
            Self::Bake(error) => error.hint(),
            Self::Component { source, .. } => source.hint().map(str::to_owned),
            Self::Manifest { source, .. } => source.hint(),
            Self::Read { .. } | Self::Runtime { .. } => None,
        }
    }
}
