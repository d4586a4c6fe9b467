//! Reading a body, as it is sent.

use super::budget::Share;
use super::config::Config;
use super::exchange::Exchange;
use super::failure::{Failure, Phase, from_reqwest, silent};
use super::head::{Head, Look};
use bytes::Bytes;
use reqwest::Response;
use url::Url;

/// How many bytes of a body are kept, packed or not.
pub(super) fn cap(config: &Config, is_packed: bool) -> usize {
    /// Packed data comes in blocks of up to 128 KiB (zstd); with less than one of them nothing can be unpacked.
    const BLOCK: usize = 256 * 1024;
    config.max_body_bytes.saturating_add(if is_packed { BLOCK } else { 0 })
}

/// Reads up to `max_body_bytes`; what came before a failure is kept.
pub(super) async fn read(
    mut response: Response,
    config: &Config,
    exchange: &mut Exchange,
    share: &mut Share,
) -> Result<(), Failure> {
    /// The length is the server's word: it is believed up to this much.
    const TRUSTED_LENGTH: u64 = 1 << 20;
    let cap = cap(config, !exchange.content_encoding.is_empty());
    let expected = response.content_length().unwrap_or(0).min(TRUSTED_LENGTH);
    let expected = usize::try_from(expected).unwrap_or(0).min(cap);
    share.grow(expected).await;
    exchange.body.reserve(expected);
    let mut granted = expected;
    let mut head = config
        .stops_after_head
        .then(|| Head::new(exchange.content_type.as_deref(), &exchange.content_encoding))
        .flatten();
    loop {
        let chunk = next_chunk(&mut response, &exchange.url, config).await?;
        let Some(chunk) = chunk else { return Ok(()) };
        let room = cap - exchange.body.len();
        let taken = chunk.len().min(room);
        let wanted = exchange.body.len() + taken + head.as_ref().map_or(0, Head::held);
        if wanted > granted {
            share.grow(wanted - granted).await;
            granted = wanted;
        }
        exchange.body.extend_from_slice(&chunk[..taken]);
        if taken < chunk.len() {
            exchange.body_cut = true;
            return Ok(());
        }
        match head.as_mut().map_or(Look::On, |head| head.look(&exchange.body)) {
            Look::On => {}
            Look::GiveUp => head = None,
            Look::Ends(end, unpacked) => {
                if let Some(unpacked) = unpacked {
                    exchange.body = unpacked;
                    exchange.content_encoding = String::new();
                }
                exchange.body.truncate(end);
                exchange.body_cut = true;
                exchange.is_head_only = true;
                return Ok(());
            }
        }
    }
}

/// The next piece of a body, unless the server is silent for too long.
pub(super) async fn next_chunk(response: &mut Response, url: &Url, config: &Config) -> Result<Option<Bytes>, Failure> {
    match tokio::time::timeout(config.read_timeout, response.chunk()).await {
        Ok(chunk) => chunk.map_err(|error| from_reqwest(&error, url, Phase::Body, config)),
        Err(_) => Err(silent(url, Phase::Body, config)),
    }
}
