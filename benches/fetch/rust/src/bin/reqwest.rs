//! Bare reqwest, which unpacks by itself. It fetches only.

use fetch_bench::Job;
use futures_util::{StreamExt, stream};

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("nobody else installs one");
    let client = reqwest::Client::new();
    let job = Job::read();
    let done = stream::iter(job.urls.clone())
        .map(|url| {
            let client = client.clone();
            async move { client.get(url).send().await?.bytes().await }
        })
        .buffer_unordered(job.workers)
        .filter(|page| std::future::ready(page.as_ref().is_ok_and(|body| !body.is_empty())))
        .count()
        .await;
    job.end(done, 0);
}
