//! Bare reqwest, fetch only: `bench-fetch-reqwest WORKERS < urls`.

use futures_util::{StreamExt, stream};
use std::io::Read;
use std::time::Instant;

#[tokio::main]
async fn main() {
    let workers: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).expect("the number of workers");
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("URLs on standard input");
    rustls::crypto::ring::default_provider().install_default().expect("nobody else installs one");
    let client = reqwest::Client::new();
    let (cpu, start) = (cpu_seconds(), Instant::now());
    let sizes: Vec<usize> = stream::iter(input.split_whitespace().map(str::to_owned))
        .map(|url| {
            let client = client.clone();
            async move { client.get(url).send().await?.bytes().await.map(|body| body.len()) }
        })
        .buffer_unordered(workers)
        .filter_map(|size: reqwest::Result<usize>| async { size.ok() })
        .collect()
        .await;
    println!(
        "{{\"seconds\": {}, \"cpu_seconds\": {}, \"peak_rss_mb\": {}, \"done\": {}, \"fields\": 0}}",
        start.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        peak_rss_mb(),
        sizes.len()
    );
}

/// User and system time of this process, from `/proc`.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().filter_map(|i| fields.get(*i)?.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
