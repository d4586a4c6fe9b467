//! How long an answer waits, as far as that is asked for by name.

use std::f64::consts::TAU;
use std::time::Duration;

use crate::mix::Mix;
use crate::query::{BadQuery, Query};

const MEDIAN_MS: f64 = 200.0;
const SIGMA: f64 = 0.5;
const STRAGGLERS_PERCENT: f64 = 2.0;
const STRAGGLER_WAIT: Duration = Duration::from_secs(2);

/// The wait asked for by the query's `latency`, `median` and `stragglers`, none without them.
pub fn asked(path: &str, query: &Query) -> Result<Duration, BadQuery> {
    match query.get("latency") {
        Some("lognormal") => {
            let stragglers = query.number("stragglers", STRAGGLERS_PERCENT)? / 100.0;
            Ok(lognormal(path, query.number("median", MEDIAN_MS)?, stragglers))
        }
        _ => Ok(Duration::from_millis(query.number("latency", 0)?)),
    }
}

/// The wait of `path` in a web where most sites answer near the median and a few take seconds.
fn lognormal(path: &str, median_ms: f64, stragglers: f64) -> Duration {
    let mut mix = Mix::of(path);
    if mix.fraction() < stragglers {
        return STRAGGLER_WAIT;
    }
    let normal = (-2.0 * mix.fraction().ln()).sqrt() * (TAU * mix.fraction()).cos();
    let seconds = median_ms * (SIGMA * normal).exp() / 1000.0;
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lognormal_has_the_promised_shape() {
        let mut waits: Vec<_> = (0..10_000).map(|i| lognormal(&format!("/n/{i}"), MEDIAN_MS, 0.02)).collect();
        waits.sort();
        let stragglers = waits.iter().filter(|wait| **wait == STRAGGLER_WAIT).count();
        assert!((150..250).contains(&stragglers), "{stragglers} stragglers");
        let median = waits[waits.len() / 2].as_millis();
        assert!((190..215).contains(&median), "median {median} ms");
    }

    #[test]
    fn a_path_always_waits_the_same() {
        assert_eq!(lognormal("/n/7", 50.0, 0.0), lognormal("/n/7", 50.0, 0.0));
        assert_ne!(lognormal("/n/7", 50.0, 0.0), lognormal("/n/8", 50.0, 0.0));
    }
}
