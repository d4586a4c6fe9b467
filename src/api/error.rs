//! What can go wrong: with a page, as data in its record; with a call, as an error.

use crate::fetch::{Failure, Kind};
use serde::{Deserialize, Serialize};

/// The category of a `Problem`. Stable: code may decide by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Not a URL: no scheme, a bad port, a bad host name.
    InvalidUrl,
    /// A URL that is neither http nor https.
    UnsupportedScheme,
    /// An address off the public internet, while `allow_private_networks` is off.
    AddressNotAllowed,
    /// The host name has no address.
    UnknownHost,
    /// Nothing answered at the address: refused or unreachable.
    ConnectionFailed,
    /// No secure connection: a certificate that is not valid, a failed handshake.
    Tls,
    /// A time limit passed; the detail says which, and while doing what.
    Timeout,
    /// More redirects than `max_redirects`, or a loop.
    TooManyRedirects,
    /// A redirect to what is no http or https URL.
    InvalidRedirect,
    /// What came was not HTTP, or broke its limits.
    InvalidResponse,
    /// The connection broke before the response or in the middle of its body.
    ConnectionLost,
    /// robots.txt forbids it, or could not be had, while `obey_robots` is on.
    DisallowedByRobots,
    /// The time for the whole call (option `deadline`) passed before the page was there.
    DeadlineExceeded,
    /// The body's content coding is unknown, or its data is damaged.
    ContentDecoding,
    /// A successful response without a body.
    EmptyBody,
    /// Content that is not text, or not of the option `accept_types`: nothing was lifted from it.
    UnsupportedContent,
    /// The body was longer than `max_body_bytes`, or unpacked to more than 500 times what was sent, and was cut there; or was read no further than
    /// its head (`stop_after_head`).
    BodyTruncated,
    /// The server asked to come back later than is waited for: `Retry-After` beyond 60 seconds.
    TryLater,
    /// A redirect led from https to http.
    InsecureRedirect,
    /// The declared encoding is not one that browsers know; another was used.
    UnknownCharset,
    /// Some bytes were not valid in the page's encoding; they became U+FFFD.
    MalformedText,
    /// The page broke a limit of parsing; the record holds what came before.
    PageTooComplex,
    /// A defect of sitelift itself: please report it.
    Internal,
}

/// What was wrong with one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Display))]
pub struct Problem {
    /// The category.
    pub kind: ProblemKind,
    /// The URL it happened at: of a redirect, perhaps, rather than the one asked for.
    pub url: String,
    /// A sentence for a person: what was wrong, and what can be done.
    pub detail: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.url.is_empty() { f.write_str(&self.detail) } else { write!(f, "{}: {}", self.url, self.detail) }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self { kind: failure.kind.into(), url: failure.url, detail: failure.detail }
    }
}

impl From<Kind> for ProblemKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::InvalidUrl => Self::InvalidUrl,
            Kind::UnsupportedScheme => Self::UnsupportedScheme,
            Kind::AddressNotAllowed => Self::AddressNotAllowed,
            Kind::UnknownHost => Self::UnknownHost,
            Kind::ConnectionFailed => Self::ConnectionFailed,
            Kind::Tls => Self::Tls,
            Kind::Timeout => Self::Timeout,
            Kind::TooManyRedirects => Self::TooManyRedirects,
            Kind::InvalidRedirect => Self::InvalidRedirect,
            Kind::InvalidResponse => Self::InvalidResponse,
            Kind::ConnectionLost => Self::ConnectionLost,
            Kind::DisallowedByRobots => Self::DisallowedByRobots,
            Kind::UnsupportedContent => Self::UnsupportedContent,
            Kind::DeadlineExceeded => Self::DeadlineExceeded,
        }
    }
}

/// A call that could not be carried out. A page that could not be fetched is never this: it is a record with an
/// `error`.
///
/// `reason` is always a whole sentence for a person, and what `Display` prints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error), uniffi::export(Display))]
pub enum SiteliftError {
    /// An argument or option is out of its range.
    #[error("{reason}")]
    InvalidArgument {
        /// The name of the argument or option.
        argument: String,
        /// What is wrong with its value, and what would be right.
        reason: String,
    },
    /// A rule of the option `select` is not valid CSS.
    #[error("{reason}")]
    InvalidSelector {
        /// The name of the rule.
        name: String,
        /// The selector as given.
        selector: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Text that is not JSON (RFC 8259).
    #[error("{reason}")]
    InvalidJson {
        /// The line of the first mistake, from 1.
        line: u32,
        /// The column of the first mistake, in bytes, from 1; 0 at the start of a line.
        column: u32,
        /// What is wrong there.
        reason: String,
    },
    /// Bytes that are not the Protocol Buffers message they should be.
    #[error("{reason}")]
    InvalidProtobuf {
        /// What is wrong with them.
        reason: String,
    },
    /// The client or stream was closed before or during the call.
    #[error("{reason}")]
    Closed {
        /// What was closed.
        reason: String,
    },
    /// The client was made in a parent process; a forked child needs its own.
    #[error("{reason}")]
    Forked {
        /// What to do instead.
        reason: String,
    },
    /// A defect of sitelift itself: please report it.
    #[error("{reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

impl SiteliftError {
    pub(crate) fn argument(argument: &str, reason: impl std::fmt::Display) -> Self {
        Self::InvalidArgument { argument: argument.to_owned(), reason: format!("{argument}: {reason}") }
    }

    pub(crate) fn internal(reason: String) -> Self {
        Self::Internal { reason }
    }
}
