//! The way of many pages: from the URLs, through the hosts' turns and the retries, to the reader.

use super::client::{End, Engine, Page, broken};
use super::lift;
use super::out::{Order, Out};
use super::site::Site;
use crate::fetch::{Budget, Permit, Queue, Visit, check};
use crate::runtime;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;
use url::Url;

/// How many URLs are looked through for a host that is not busy, where they come one by one. Each costs a few hundred bytes.
const WINDOW: usize = 10_000;

/// How many hosts' turns are waited for at once.
const HOSTS: usize = 4096;

/// Where the URLs come from.
pub(crate) enum Input {
    /// All of them.
    List(Vec<String>),
    /// One by one, when there is room. It must not block.
    Lazy(Box<dyn Iterator<Item = String> + Send>),
    /// One by one, as somebody hands them over; at its end the sender is dropped.
    Fed(mpsc::Receiver<String>),
}

/// One distinct URL.
struct Job {
    /// Absent while a step is under way.
    visit: Option<Box<Visit>>,
    url: Url,
    /// Where its page goes: the index in the input, and the URL as asked for there.
    places: Vec<(u64, String)>,
}

/// What comes of waiting.
enum Event {
    Url(Option<String>),
    Turn(Arc<str>, Permit),
    Ended(u64, Result<End, String>),
    Awake,
    Late,
    Sent,
    Abandoned,
}

pub(crate) struct Drive {
    engine: Arc<Engine>,
    budget: Budget,
    input: Option<Input>,
    until: Option<Instant>,
    is_late: bool,
    /// How many URLs came so far.
    count: u64,
    jobs: HashMap<u64, Job>,
    by_url: HashMap<Url, u64>,
    queue: Queue,
    turns: FuturesUnordered<BoxFuture<'static, (Arc<str>, Permit)>>,
    running: FuturesUnordered<BoxFuture<'static, (u64, Result<End, String>)>>,
    asleep: BinaryHeap<Reverse<(Instant, u64)>>,
    out: Out,
}

impl Drive {
    pub(crate) fn new(engine: Arc<Engine>, input: Input, order: Order) -> Self {
        let mut drive = Self {
            budget: Budget::new(engine.max_bytes_in_flight),
            until: engine.deadline.map(|deadline| Instant::now() + deadline),
            is_late: false,
            input: None,
            count: 0,
            jobs: HashMap::new(),
            by_url: HashMap::new(),
            queue: Queue::default(),
            turns: FuturesUnordered::new(),
            running: FuturesUnordered::new(),
            asleep: BinaryHeap::new(),
            out: Out::new(order, engine.concurrency),
            engine,
        };
        match input {
            Input::List(urls) => urls.into_iter().for_each(|url| drive.arrive(url)),
            later => drive.input = Some(later),
        }
        drive
    }

    /// Sends the pages, until all are sent or nobody reads any more.
    pub(crate) async fn run(mut self, send: mpsc::Sender<Site>) {
        while let Some(event) = self.next_event(&send).await {
            match event {
                Event::Url(Some(url)) => self.arrive(url),
                Event::Url(None) => self.input = None,
                Event::Turn(host, permit) => self.start(&host, permit),
                Event::Ended(id, end) => self.ended(id, end),
                Event::Awake => self.wake(),
                Event::Late => self.expire(),
                Event::Sent => {}
                Event::Abandoned => return,
            }
        }
    }

    /// Waits for something to do; nothing when all is done.
    async fn next_event(&mut self, send: &mpsc::Sender<Site>) -> Option<Event> {
        self.queue.set_limit(self.limit());
        while self.turns.len() < HOSTS
            && let Some(host) = self.queue.ask()
        {
            let engine = Arc::clone(&self.engine);
            self.turns.push(async move { (Arc::clone(&host), engine.fetcher.enter(&host).await) }.boxed());
        }
        let most = self.engine.concurrency.min(self.engine.fetcher.allowed());
        let may_start = self.running.len() + self.out.waiting() < most;
        // Each place counts, not each page: one URL may come for ever.
        let has_room = self.count - self.out.sent < WINDOW.max(self.out.look_ahead) as u64;
        if has_room && let Some(Input::Lazy(urls)) = &mut self.input {
            return Some(Event::Url(urls.next()));
        }
        let fed = match &mut self.input {
            Some(Input::Fed(urls)) if has_room => Some(urls),
            _ => None,
        };
        let is_fed = fed.is_some();
        let wake_at = self.asleep.peek().map(|Reverse((at, _))| *at);
        let late_at = self.until.filter(|_| !self.is_late);
        let has_page = self.out.has_page();
        tokio::select! {
            biased;
            () = at(late_at), if late_at.is_some() => Some(Event::Late),
            place = send.reserve(), if has_page => match (place, self.out.take()) {
                (Ok(place), Some(site)) => {
                    place.send(site);
                    Some(Event::Sent)
                }
                _ => Some(Event::Abandoned),
            },
            Some((id, end)) = self.running.next(), if !self.running.is_empty() => Some(Event::Ended(id, end)),
            () = at(wake_at), if wake_at.is_some() => Some(Event::Awake),
            Some((host, permit)) = self.turns.next(), if may_start && !self.turns.is_empty() => {
                Some(Event::Turn(host, permit))
            }
            url = next_of(fed), if is_fed => Some(Event::Url(url)),
            else => None,
        }
    }

    /// Below which index a page may be started.
    fn limit(&self) -> u64 {
        let has_room = self.budget.has_room();
        match self.out.order {
            // The page that all others wait for goes in any case.
            Order::AsAsked { .. } => self.out.next + if has_room { self.out.look_ahead as u64 } else { 1 },
            Order::AsDone if has_room || (self.running.is_empty() && self.out.ready.is_empty()) => u64::MAX,
            Order::AsDone => 0,
        }
    }

    fn arrive(&mut self, asked: String) {
        let index = self.count;
        self.count += 1;
        self.engine.counts.taken_in();
        let target = match check(&asked) {
            Ok(target) => target,
            Err(failure) => {
                let page = Arc::new(Page { site: lift::rejected(&asked, failure), share: None });
                return self.put(index, asked, page);
            }
        };
        if let Some(id) = self.by_url.get(&target.url)
            && let Some(job) = self.jobs.get_mut(id)
        {
            job.places.push((index, asked));
            return;
        }
        let url = target.url.clone();
        let visit = Box::new(Visit::new(target));
        self.by_url.insert(url.clone(), index);
        if !self.is_late {
            self.queue.add(index, visit.host());
        }
        self.jobs.insert(index, Job { visit: Some(visit), url, places: vec![(index, asked)] });
        if self.is_late {
            self.give_up(index);
        }
    }

    fn start(&mut self, host: &Arc<str>, permit: Permit) {
        let Some(id) = self.queue.take(host) else { return };
        let Some(visit) = self.jobs.get_mut(&id).and_then(|job| job.visit.take()) else { return };
        let share = self.budget.share();
        let task = runtime::spawn(Arc::clone(&self.engine).advance(visit, permit, share, self.until));
        self.running.push(async move { (id, task.await) }.boxed());
    }

    fn ended(&mut self, id: u64, end: Result<End, String>) {
        match end {
            Ok(End::Page(page)) => self.finish(id, *page),
            Ok(End::Next { visit, after }) => {
                let Some(job) = self.jobs.get_mut(&id) else { return };
                let host = visit.host().to_owned();
                job.visit = Some(visit);
                match after {
                    _ if self.is_late => self.give_up(id),
                    None => self.queue.add(id, &host),
                    Some(after) => self.asleep.push(Reverse((Instant::now() + after, id))),
                }
            }
            Err(defect) => {
                let asked = self.jobs.get(&id).map(|job| job.url.to_string()).unwrap_or_default();
                self.finish(id, Page { site: broken(&asked, &defect), share: None });
            }
        }
    }

    /// Those whose wait before another try is over go back into the line.
    fn wake(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, id))) = self.asleep.peek().copied()
            && at <= now
        {
            self.asleep.pop();
            if let Some(visit) = self.jobs.get(&id).and_then(|job| job.visit.as_ref()) {
                self.queue.add(id, visit.host());
            }
        }
    }

    /// The time for the whole call is over: what waits is given up, what runs knows it by itself.
    fn expire(&mut self) {
        self.is_late = true;
        let mut waiting = self.queue.drain();
        waiting.extend(self.asleep.drain().map(|Reverse((_, id))| id));
        self.turns.clear();
        for id in waiting {
            self.give_up(id);
        }
    }

    fn give_up(&mut self, id: u64) {
        if let Some(visit) = self.jobs.get_mut(&id).and_then(|job| job.visit.take()) {
            let site = self.engine.expired(visit);
            self.finish(id, Page { site, share: None });
        }
    }

    fn finish(&mut self, id: u64, page: Page) {
        let Some(job) = self.jobs.remove(&id) else { return };
        self.by_url.remove(&job.url);
        let page = Arc::new(page);
        for (index, asked) in job.places {
            self.put(index, asked, Arc::clone(&page));
        }
    }

    fn put(&mut self, index: u64, asked: String, page: Arc<Page>) {
        self.engine.counts.answered(&page.site);
        self.out.put(index, asked, page);
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

async fn next_of(fed: Option<&mut mpsc::Receiver<String>>) -> Option<String> {
    match fed {
        Some(urls) => urls.recv().await,
        None => None,
    }
}
