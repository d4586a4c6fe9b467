//! What the programs share: the job they are given, and what it cost.

use std::io::Read;
use std::time::Instant;

/// The job: `PROGRAM fetch|extract WORKERS`, with the URLs on standard input, one a line.
#[derive(Debug)]
pub struct Job {
    /// What is fetched.
    pub urls: Vec<String>,
    /// How many requests may be under way at the same time.
    pub workers: usize,
    /// Pages are to be read, too.
    pub extracts: bool,
    cpu: f64,
    start: Instant,
}

impl Job {
    /// Reads the job; from now on time counts.
    ///
    /// # Panics
    ///
    /// Where there is none.
    #[must_use]
    pub fn read() -> Self {
        let mut arguments = std::env::args().skip(1);
        let extracts = arguments.next().as_deref() == Some("extract");
        let workers = arguments.next().and_then(|number| number.parse().ok()).expect("the number of workers");
        let mut input = String::new();
        std::io::stdin().read_to_string(&mut input).expect("URLs on standard input");
        let urls = input.split_whitespace().map(str::to_owned).collect();
        Self { urls, workers, extracts, cpu: cpu_seconds(), start: Instant::now() }
    }

    /// Prints what it cost: so many pages came, with so many facts in them.
    pub fn end(&self, done: usize, fields: usize) {
        println!(
            "{{\"seconds\": {}, \"cpu_seconds\": {}, \"peak_rss_mb\": {}, \"done\": {done}, \"fields\": {fields}}}",
            self.start.elapsed().as_secs_f64(),
            cpu_seconds() - self.cpu,
            peak_rss_mb(),
        );
    }
}

/// User and system time of this process, in the ticks of `/proc`: hundredths of a second.
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
