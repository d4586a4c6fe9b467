//! An answer to one request: from the cache, or from the server.

use super::Fetcher;
use super::body;
use super::budget::Share;
use super::cache::{self, Cache, Entry, Found, Head};
use super::exchange::{Exchange, version_name};
use super::failure::Failure;
use super::http::default_headers;
use super::redirect::headers_for;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use std::sync::Arc;
use url::Url;

/// What came, the body not yet read.
pub(super) enum Answer {
    /// As it was kept, perhaps renewed just now.
    Kept(Box<Entry>),
    /// As it comes. With what the cache wants to know of the request, where it is to be kept.
    Live { response: Response, head: Box<Head>, request: Option<Box<cache::Request>> },
}

impl Answer {
    pub(super) fn head(&self) -> &Head {
        match self {
            Self::Kept(entry) => &entry.head,
            Self::Live { head, .. } => head,
        }
    }
}

impl Fetcher {
    /// Asks the cache, where there is one and `anew` does not tell to do without, and else the server. `asked` is the URL that the caller asked
    /// for. None when the server is to be asked once more, anew: what was kept is of no use.
    pub(super) async fn answer(
        &self,
        asked: &Url,
        url: &Url,
        share: &mut Share,
        anew: bool,
    ) -> Result<Option<Answer>, Failure> {
        let mut headers = headers_for(url, asked, &self.config);
        let Some((cache, request)) = self.cached(url, &headers) else {
            return Ok(Some(live(self.send(url, headers).await?, None)));
        };
        let config = Arc::clone(&self.config);
        let cap = move |is_packed| body::cap(&config, is_packed);
        let found = if anew { None } else { cache.find(url, &request, share, cap).await };
        let stale = match found {
            Some(Found::Fresh(entry)) => return Ok(Some(Answer::Kept(entry))),
            Some(Found::Stale(entry, conditions)) => {
                headers.extend(conditions);
                Some(entry)
            }
            None => None,
        };
        let response = self.send(url, headers).await?;
        match stale {
            Some(entry) if response.status() == StatusCode::NOT_MODIFIED => {
                let entry = cache.renew(url, &request, *entry, response.headers().clone()).await;
                Ok(entry.map(|entry| Answer::Kept(Box::new(entry))))
            }
            _ => {
                share.settle(0);
                Ok(Some(live(response, Some(Box::new(request)))))
            }
        }
    }

    /// Reads the body, and keeps it where that is to be done and it came whole.
    pub(super) async fn take(&self, answer: Answer, exchange: &mut Exchange, share: &mut Share) -> Result<(), Failure> {
        match answer {
            Answer::Kept(entry) => {
                exchange.body = entry.body;
                exchange.body_cut = entry.is_cut;
                Ok(())
            }
            Answer::Live { response, head, request } => {
                body::read(response, &self.config, exchange, share).await?;
                if let (Some(cache), Some(request), false) = (&self.cache, request, exchange.body_cut) {
                    cache.add(&exchange.url, &request, *head, &exchange.body).await;
                }
                Ok(())
            }
        }
    }

    /// Keeps a redirect, whose body nobody reads.
    pub(super) async fn keep_redirect(&self, answer: Answer, url: &Url) {
        if let (Some(cache), Answer::Live { head, request: Some(request), .. }) = (&self.cache, answer) {
            cache.add(url, &request, *head, &[]).await;
        }
    }

    fn cached(&self, url: &Url, headers: &HeaderMap) -> Option<(&Cache, cache::Request)> {
        // With cookies nobody knows beforehand what will be sent.
        let cache = self.cache.as_ref().filter(|_| !self.config.keeps_cookies)?;
        let mut all = default_headers(&self.config);
        for (name, value) in headers {
            all.insert(name, value.clone());
        }
        Some((cache, Cache::request(url, all)?))
    }
}

fn live(response: Response, request: Option<Box<cache::Request>>) -> Answer {
    let head = Head {
        status: response.status(),
        http_version: version_name(response.version()),
        remote_ip: response.remote_addr().map(|address| address.ip()),
        headers: response.headers().clone(),
    };
    Answer::Live { response, head: Box::new(head), request }
}
