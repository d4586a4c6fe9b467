//! A cache on disk by RFC 9111: [`Cache`] asks the rules (the crate `http-cache-semantics`), [`entry`] is what is kept, [`store`] keeps it.

mod entry;
mod store;

pub(super) use entry::{Entry, Head};

use super::budget::Share;
use http::request;
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AGE, ETAG, HeaderMap, HeaderName, HeaderValue};
use reqwest::header::{LAST_MODIFIED, USER_AGENT};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use store::Store;
use url::Url;

/// Pages kept from earlier, in a folder that several processes may share.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    store: Arc<Store>,
}

/// What is there for a request.
pub(super) enum Found {
    /// It may be used as it is.
    Fresh(Box<Entry>),
    /// The server is to be asked whether it still holds, with these headers besides.
    Stale(Box<Entry>, HeaderMap),
}

/// A request as the rules see it.
pub(super) type Request = request::Parts;

impl Cache {
    /// Makes the folder where it is not there. `trust` tells clients apart whose pages are not for each other.
    pub(super) fn open(folder: &Path, max_bytes: u64, trust: String) -> std::io::Result<Self> {
        Ok(Self { store: Arc::new(Store::open(folder, max_bytes, trust)?) })
    }

    /// The request as the rules see it; none for one that is not to be kept: what a secret opened is for its owner only.
    pub(super) fn request(url: &Url, headers: HeaderMap) -> Option<Request> {
        let is_harmless = |name: &HeaderName| [ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, USER_AGENT].contains(name);
        if !headers.keys().all(is_harmless) || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let mut request = http::Request::get(url.as_str()).body(()).ok()?;
        *request.headers_mut() = headers;
        Some(request.into_parts().0)
    }

    /// Looks a page up. Of its body at most so many bytes are kept as `cap` says for a packed one or one that is not; they are taken from the
    /// share before the file is read.
    pub(super) async fn find(
        &self,
        url: &Url,
        request: &Request,
        share: &mut Share,
        cap: impl Fn(bool) -> usize + Send + 'static,
    ) -> Option<Found> {
        let length = self.blocking(url, Store::length).await??;
        share.grow(usize::try_from(length).unwrap_or(usize::MAX).min(entry::most(&cap))).await;
        let entry = self.blocking(url, move |store, url| store.read(url, cap)).await??;
        match entry.policy.before_request(request, SystemTime::now()) {
            BeforeRequest::Fresh(response) => {
                let mut entry = entry;
                entry.head.headers = response.headers;
                Some(Found::Fresh(Box::new(entry)))
            }
            BeforeRequest::Stale { request: asked, matches: true } => {
                let added = |(name, value): (&_, &_)| !request.headers.get_all(name).iter().any(|had| had == value);
                let headers = asked.headers.iter().filter(|pair| added(*pair));
                let headers: HeaderMap = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
                (!headers.is_empty()).then(|| Found::Stale(Box::new(entry), headers))
            }
            // Another page, for other headers (`Vary`).
            BeforeRequest::Stale { .. } => None,
        }
    }

    /// The server answered 304: the entry holds, with the headers that came. None when the answer is about another page than the one that
    /// was kept, as its tag or date tells.
    pub(super) async fn renew(
        &self,
        url: &Url,
        request: &Request,
        mut entry: Entry,
        mut headers: HeaderMap,
    ) -> Option<Entry> {
        // Many leave out what the answer is about. It can only be about what was asked.
        for name in [ETAG, LAST_MODIFIED] {
            if let Some(value) = entry.head.headers.get(&name).filter(|_| !headers.contains_key(&name)) {
                headers.insert(name, value.clone());
            }
        }
        limit_age(&mut headers);
        let mut response = http::Response::new(());
        *response.status_mut() = http::StatusCode::NOT_MODIFIED;
        *response.headers_mut() = headers;
        match entry.policy.after_response(request, &response, SystemTime::now()) {
            AfterResponse::NotModified(policy, response) => {
                entry.policy = policy;
                entry.head.headers = response.headers;
            }
            AfterResponse::Modified(..) => return None,
        }
        // What was read in part must not take the place of the whole.
        if !entry.is_cut {
            self.keep(url, entry.clone()).await;
        }
        Some(entry)
    }

    /// Keeps a whole response, if the rules allow it and anything may come of it.
    pub(super) async fn add(&self, url: &Url, request: &Request, head: Head, body: &[u8]) {
        let options = CacheOptions { shared: false, ..CacheOptions::default() };
        let mut response = http::Response::new(());
        *response.status_mut() = head.status;
        response.headers_mut().clone_from(&head.headers);
        limit_age(response.headers_mut());
        let policy = CachePolicy::new_options(request, &response, SystemTime::now(), options);
        let can_be_renewed = head.headers.contains_key(ETAG) || head.headers.contains_key(LAST_MODIFIED);
        if policy.is_storable() && (can_be_renewed || !policy.is_stale(SystemTime::now())) {
            self.keep(url, Entry { policy, head, body: body.to_vec(), is_cut: false }).await;
        }
    }

    /// A cache that cannot be written to is a slow one, not a failure.
    async fn keep(&self, url: &Url, entry: Entry) {
        self.blocking(url, move |store, url| store.write(url, &entry).ok()).await;
    }

    /// Files are read and written where that holds up nobody.
    async fn blocking<T: Send + 'static>(
        &self,
        url: &Url,
        work: impl FnOnce(&Store, &str) -> T + Send + 'static,
    ) -> Option<T> {
        let (store, url) = (Arc::clone(&self.store), url.to_string());
        tokio::task::spawn_blocking(move || work(&store, &url)).await.ok()
    }
}

/// No page is older than the standard lets anybody count (RFC 9111, section 1.2.2); the rules' own sums would overflow.
fn limit_age(headers: &mut HeaderMap) {
    const MOST: u64 = 1 << 31;
    let Some(age) = headers.get(AGE) else { return };
    let is_fine = age.to_str().ok().and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age <= MOST);
    if !is_fine {
        headers.insert(AGE, HeaderValue::from_static("2147483648"));
    }
}

/// The folder and the size that a cache is opened with.
#[derive(Debug, Clone)]
pub(crate) struct CacheAt {
    pub folder: PathBuf,
    pub max_bytes: u64,
}
