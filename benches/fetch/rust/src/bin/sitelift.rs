//! sitelift from Rust. `fetch` is without the parts of the record that can be left out.

use fetch_bench::Job;
use sitelift::{Client, FetchOptions};

fn main() -> Result<(), sitelift::SiteliftError> {
    let job = Job::read();
    let workers = u32::try_from(job.workers).unwrap_or(u32::MAX);
    let client = Client::new(FetchOptions {
        concurrency: workers,
        per_host: workers,
        allow_private_networks: true,
        keep_body: !job.extracts,
        parts: (!job.extracts).then(Vec::new),
        ..FetchOptions::default()
    })?;
    let stream = client.stream(job.urls.clone(), false, None)?;
    let (mut done, mut fields) = (0, 0);
    loop {
        let batch = stream.next_batch_blocking(u32::MAX, None)?;
        for site in &batch.sites {
            done += usize::from(site.error.is_none());
            fields += site.links.len() + site.images.len() + site.headings.len() + site.meta.len();
        }
        if batch.finished {
            break;
        }
    }
    job.end(done, fields);
    Ok(())
}
