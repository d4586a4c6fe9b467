//! Sending one request.

use super::failure::{self, Failure, Phase, from_reqwest, is_out_of_descriptors, shown};
use super::{Fetcher, guard};
use reqwest::Response;
use reqwest::header::HeaderMap;
use std::time::Duration;
use url::Url;

impl Fetcher {
    /// Fails where a request would only wait for the look-up of its name: that is better done aside.
    pub(super) fn check_name(&self, url: &Url) -> Result<(), Failure> {
        let (names, patience) = (&self.kept.names, self.config.connect_timeout);
        match guard::looked_up(url, &self.config).and_then(|host| names.hold_up(host, patience)) {
            Some(why) => Err(failure::held_up(url, why, &self.config)),
            None => Ok(()),
        }
    }

    /// Sends one request. When the process has no descriptor left for a connection, idle ones are given up, and others end soon: it
    /// tries again, within the time limit of the page.
    pub(super) async fn send(&self, url: &Url, headers: HeaderMap) -> Result<Response, Failure> {
        self.check_name(url)?;
        let mut pause = Duration::from_millis(20);
        loop {
            let (http, seen) = self.http();
            let request = http.get(url.clone()).headers(headers.clone());
            let Ok(sent) = tokio::time::timeout(self.config.read_timeout, request.send()).await else {
                return Err(failure::silent(url, Phase::Response, &self.config));
            };
            match sent {
                Ok(response) => return Ok(response),
                Err(error) if is_out_of_descriptors(&error) => {
                    tracing::warn!(url = %shown(url), "no descriptor is left for a connection; fewer pages are fetched at a time");
                    drop(http);
                    self.drop_idle(seen);
                    self.pressure.lower();
                    tokio::time::sleep(pause).await;
                }
                Err(error) => return Err(from_reqwest(&error, url, Phase::Response, &self.config)),
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }
}
