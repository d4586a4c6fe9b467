//! Credentials, each for one place and no other.

use super::config::Config;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use url::{Origin, Url};

/// What is sent as `Authorization` (RFC 7617, RFC 6750), and to where.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    place: Place,
    header: HeaderValue,
}

#[derive(Debug, Clone)]
enum Place {
    /// A scheme, host and port.
    Origin(Origin),
    /// A host, over https only, whatever the port.
    Host(String),
}

impl Secret {
    /// `place` is an origin or a host name; `secret` is `user:password`, or `Bearer` and a token. The error tells what is wrong, without the secret.
    pub(crate) fn new(place: &str, secret: &str) -> Result<Self, String> {
        let place = if place.contains("://") {
            match Url::parse(place) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.path() == "/" => Place::Origin(url.origin()),
                _ => return Err(format!("{place:?} is not an origin such as https://example.com:8443")),
            }
        } else {
            match url::Host::parse(place) {
                Ok(host) => Place::Host(host.to_string()),
                Err(_) => return Err(format!("{place:?} is neither a host name such as example.com nor an origin")),
            }
        };
        let text = match secret.strip_prefix("Bearer ") {
            Some(token) if !token.trim().is_empty() => secret.to_owned(),
            None if secret.contains(':') => format!("Basic {}", STANDARD.encode(secret)),
            _ => return Err("a secret is neither of the form user:password nor \"Bearer TOKEN\"".to_owned()),
        };
        let mut header = HeaderValue::from_str(&text).map_err(|_| "a secret cannot stand in a header".to_owned())?;
        header.set_sensitive(true);
        Ok(Self { place, header })
    }

    fn is_for(&self, url: &Url) -> bool {
        match &self.place {
            Place::Origin(origin) => url.origin() == *origin,
            Place::Host(host) => url.scheme() == "https" && url.host_str() == Some(host),
        }
    }
}

/// What to send to this URL. The origin's own goes before the host's.
pub(super) fn for_url<'a>(config: &'a Config, url: &Url) -> Option<&'a HeaderValue> {
    let fitting = || config.secrets.iter().filter(|secret| secret.is_for(url));
    let exact = fitting().find(|secret| matches!(secret.place, Place::Origin(_)));
    exact.or_else(|| fitting().next()).map(|secret| &secret.header)
}
