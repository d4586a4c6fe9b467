//! What a page waits for aside, with no host's turn: what many others may wait for as well.

use super::Fetcher;
use super::names::HoldUp;
use super::robots::Learnt;
use super::visit::Visit;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Wait {
    /// That this robots.txt is known.
    Robots(Url),
    /// The look-up of this name.
    Name(String, HoldUp),
}

/// What came of it.
pub(crate) enum Waited {
    Robots(Arc<Learnt>),
    Name(HoldUp),
}

impl Fetcher {
    /// Waits. To be polled until it ends, or dropped: it gets robots.txt itself, and waits for hosts' turns then.
    pub(crate) async fn wait(&self, wait: &Wait) -> Waited {
        match wait {
            Wait::Robots(file) => {
                let robots = self.robots.as_ref().expect("pages wait for it only where it is obeyed");
                Waited::Robots(robots.learn(self, file).await)
            }
            Wait::Name(host, why) => {
                self.wait_for_name(host, *why).await;
                Waited::Name(*why)
            }
        }
    }

    pub(super) async fn wait_for_name(&self, host: &str, why: HoldUp) {
        self.kept.names.pass(host, why, self.config.connect_timeout).await;
    }

    /// Tells a page that waited for so long.
    pub(crate) fn tell(&self, visit: &mut Visit, waited: &Waited, length: Duration, is_first: bool) {
        match (waited, &self.robots) {
            (Waited::Robots(learnt), Some(robots)) => {
                // So one gets on at least, even if the file is forgotten before its turn. The others ask again in a task of their own, as a hostile
                // file takes milliseconds for each.
                if is_first {
                    visit.consent = Some(robots.decide(learnt, &visit.url));
                }
                // The page's time is that of all requests that it needs.
                visit.spent += length.min(learnt.took);
            }
            (Waited::Name(HoldUp::Hung), _) => visit.spent += length,
            _ => {}
        }
    }
}
