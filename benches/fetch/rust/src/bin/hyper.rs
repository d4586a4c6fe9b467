//! Bare hyper with its own pool, plain HTTP/1.1, gzip unpacked by flate2 where it came whole. It fetches only.

use bytes::Bytes;
use fetch_bench::Job;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::io::Read;

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn fetch(client: Client<HttpConnector, Empty<Bytes>>, url: String) -> Result<Vec<u8>, Failure> {
    let request = Request::get(url).header(ACCEPT_ENCODING, "gzip").body(Empty::new())?;
    let response = client.request(request).await?;
    let is_packed = response.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
    let body = response.into_body().collect().await?.to_bytes();
    if !is_packed {
        return Ok(body.into());
    }
    let mut page = Vec::new();
    flate2::bufread::GzDecoder::new(&body[..]).read_to_end(&mut page)?;
    Ok(page)
}

#[tokio::main]
async fn main() {
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let job = Job::read();
    let done = stream::iter(job.urls.clone())
        .map(|url| fetch(client.clone(), url))
        .buffer_unordered(job.workers)
        .filter(|page| std::future::ready(page.as_ref().is_ok_and(|body| !body.is_empty())))
        .count()
        .await;
    job.end(done, 0);
}
