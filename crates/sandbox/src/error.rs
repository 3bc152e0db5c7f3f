//! What can go wrong with a component or an answer, and what the visitor is told.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

/// Why a component was refused or a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The bytes are no component that this engine can compile.
    #[error("not a WebAssembly component: {reason}")]
    NotComponent {
        /// What the compiler said.
        reason: String,
    },
    /// The component asks for a power that it does not get.
    #[error("the component imports `{name}`, which is not given to a recommendation component")]
    Import {
        /// The interface, with its version.
        name: String,
    },
    /// The component cannot be asked: it exports no request handler.
    #[error("the component exports no `wasi:http/incoming-handler`: {reason}")]
    NoHandler {
        /// What was missing.
        reason: String,
    },
    /// The engine could not be set up on this machine.
    #[error("cannot set up the WebAssembly engine: {reason}")]
    Engine {
        /// What the engine said.
        reason: String,
    },
    /// All instances were in use for too long.
    #[error("no instance became free within {waited_ms} ms")]
    Busy {
        /// How long the request waited.
        waited_ms: u64,
    },
    /// The guest took too long.
    #[error("the component did not answer within {deadline_ms} ms")]
    Deadline {
        /// The limit.
        deadline_ms: u64,
    },
    /// The guest asked for more memory than it may have, and then gave up.
    #[error(
        "the component asked for {asked_bytes} bytes of memory, more than the {limit_bytes} allowed"
    )]
    Memory {
        /// What it asked for, in all.
        asked_bytes: u64,
        /// What it may have.
        limit_bytes: u64,
    },
    /// The guest stopped in the middle.
    #[error("the component trapped: {reason}")]
    Trap {
        /// The trap and where it was.
        reason: String,
    },
    /// The guest ended without an answer, or with an answer that is no HTTP.
    #[error("the component gave no answer: {reason}")]
    NoAnswer {
        /// What it did instead.
        reason: String,
    },
    /// The answer is larger than any recommendation.
    #[error("the component's answer is longer than {limit_bytes} bytes")]
    AnswerTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

impl SandboxError {
    /// A stable name of the variant, for logs and the problem's `code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotComponent { .. } => "not-component",
            Self::Import { .. } => "import-denied",
            Self::NoHandler { .. } => "no-handler",
            Self::Engine { .. } => "engine",
            Self::Busy { .. } => "busy",
            Self::Deadline { .. } => "deadline",
            Self::Memory { .. } => "memory",
            Self::Trap { .. } => "trap",
            Self::NoAnswer { .. } => "no-answer",
            Self::AnswerTooLarge { .. } => "answer-too-large",
        }
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotComponent { .. } => Some(
                "make a component with `edgewise bake shop.bundle -o recs.wasm`; a core module is not enough",
            ),
            Self::Import { .. } => Some(
                "build the component without this import, or run it on a host that grants it, such as Spin",
            ),
            Self::NoHandler { .. } => {
                Some("only components of the `wasi:http/proxy` world can be served")
            }
            Self::Engine { .. } => Some(
                "the instances' pool reserves address space: check `ulimit -v`, or lower `--instances`",
            ),
            Self::Busy { .. } => Some("raise `--instances`, or add a server"),
            Self::Memory { .. } => Some("raise `--memory-mb`, or build a smaller bundle"),
            Self::Deadline { .. } => {
                Some("raise `--deadline-ms`, or look why the component takes so long")
            }
            Self::Trap { .. } | Self::NoAnswer { .. } | Self::AnswerTooLarge { .. } => None,
        }
    }

    /// The status a visitor sees: 503 when trying again helps, 504 for a deadline, else 500.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Deadline { .. } => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An RFC 9457 problem for the visitor. It names the kind of failure and nothing of the host's insides.
    pub fn to_response(&self) -> Response<Bytes> {
        let status = self.status();
        let title = match self {
            Self::Busy { .. } => "the server is busy",
            Self::Deadline { .. } => "the component took too long",
            Self::Memory { .. } => "the component ran out of memory",
            _ => "the component failed",
        };
        let code = self.code();
        let body = format!(
            r#"{{"type":"urn:edgewise:problem:{code}","title":"{title}","status":{},"code":"{code}"}}"#,
            status.as_u16()
        );
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An engine's error with its causes on one line.
pub(crate) fn chain(error: &wasmtime::Error) -> String {
    format!("{error:#}")
}
