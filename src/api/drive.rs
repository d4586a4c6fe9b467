//! The way of many pages: from the URLs, through the hosts' turns and the retries, to the reader.

use super::aside::{Aside, Over};
use super::client::{After, End, Engine, Page, broken};
use super::lift;
use super::out::{Order, Out, Parcel};
use crate::fetch::{Budget, Leads, Permit, Queue, Visit, check};
use crate::runtime;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;
use url::Url;

/// How many URLs are looked through for a host that is not busy, where they come one by one. Each costs a few hundred bytes.
const WINDOW: usize = 10_000;

/// How many hosts' turns are waited for at once.
const HOSTS: usize = 4096;

/// How many names and files are waited for at once.
const WAITS: usize = 4096;

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
    /// It waits before another try.
    is_asleep: bool,
    url: Url,
    /// Where its page goes: the index in the input, and the URL as asked for there.
    places: Vec<(u64, String)>,
}

/// What comes of waiting.
enum Event {
    Url(Option<String>),
    Turn(Arc<str>, Permit),
    Ended(u64, Result<End, String>),
    Over(Over),
    Awake,
    Late,
    Sent,
    Freed,
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
    /// The jobs of those.
    under_way: BTreeSet<u64>,
    aside: Aside,
    asleep: BinaryHeap<Reverse<(Instant, u64)>>,
    out: Out,
}

impl Drive {
    pub(crate) fn new(engine: Arc<Engine>, input: Input, order: Order) -> Self {
        let leads = if let Order::AsAsked { .. } = order { Leads::Named } else { Leads::First };
        let mut drive = Self {
            budget: Budget::new(engine.max_bytes_in_flight, leads),
            until: engine.deadline.map(|deadline| Instant::now() + deadline),
            is_late: false,
            input: None,
            count: 0,
            jobs: HashMap::new(),
            by_url: HashMap::new(),
            queue: Queue::default(),
            turns: FuturesUnordered::new(),
            running: FuturesUnordered::new(),
            under_way: BTreeSet::new(),
            aside: Aside::default(),
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
    pub(crate) async fn run(mut self, send: mpsc::Sender<Parcel>) {
        while let Some(event) = self.next_event(&send).await {
            match event {
                Event::Url(Some(url)) => self.arrive(url),
                Event::Url(None) => self.input = None,
                Event::Turn(host, permit) => self.turn(&host, permit),
                Event::Ended(id, end) => self.ended(id, end),
                Event::Over(over) => self.over(&over),
                Event::Awake => self.wake(),
                Event::Late => self.expire(),
                Event::Sent | Event::Freed => {}
                Event::Abandoned => return,
            }
        }
    }

    /// Waits for something to do; nothing when all is done.
    async fn next_event(&mut self, send: &mpsc::Sender<Parcel>) -> Option<Event> {
        let budget = self.budget.clone();
        let freed = budget.freed();
        // What the reader has not taken yet is held, too.
        let all_taken = send.capacity() == send.max_capacity();
        self.lead(all_taken);
        self.queue.set_limit(self.limit(all_taken));
        let is_held_up = !all_taken || !budget.has_room();
        if self.may_start()
            && let Some((host, permit)) = self.free_turn()
        {
            return Some(Event::Turn(host, permit));
        }
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
            Some(over) = self.aside.next(), if !self.aside.is_empty() => Some(Event::Over(over)),
            () = at(wake_at), if wake_at.is_some() => Some(Event::Awake),
            // Polled in any case, as a turn that has come is nobody else's until it is given back.
            Some((host, permit)) = self.turns.next(), if !self.turns.is_empty() => Some(Event::Turn(host, permit)),
            () = freed, if is_held_up && !self.jobs.is_empty() => Some(Event::Freed),
            url = next_of(fed), if is_fed => Some(Event::Url(url)),
            else => None,
        }
    }

    fn may_start(&self) -> bool {
        let most = self.engine.concurrency.min(self.engine.fetcher.allowed());
        self.running.len() + self.aside.requests() + self.out.waiting() < most && self.aside.len() < WAITS
    }

    /// The first host in the line whose turn can be had at once. Those before it are waited for from now on.
    fn free_turn(&mut self) -> Option<(Arc<str>, Permit)> {
        while self.turns.len() < HOSTS
            && let Some(host) = self.queue.ask()
        {
            if let Some(permit) = self.engine.fetcher.try_enter(&host) {
                return Some((host, permit));
            }
            let engine = Arc::clone(&self.engine);
            self.turns.push(async move { (Arc::clone(&host), engine.fetcher.enter(&host).await) }.boxed());
        }
        None
    }

    /// Names the page that may go beyond the limit on bytes, where they are sent in order: the one that all others wait for.
    fn lead(&self, all_taken: bool) {
        if let Order::AsDone = self.out.order {
            return;
        }
        let next = self.out.next;
        let leader = match self.jobs.get(&next) {
            Some(_) if !all_taken => None,
            Some(job) if job.visit.is_none() => Some(next),
            // Those under way may be in its way: the first of them is let through. While it sleeps, none is.
            Some(job) if !job.is_asleep => self.under_way.first().copied(),
            _ => None,
        };
        self.budget.lead(leader);
    }

    /// Below which index a page may be started.
    fn limit(&self, all_taken: bool) -> u64 {
        let has_room = self.budget.has_room();
        match self.out.order {
            // The page that all others wait for goes in any case, once the reader waits for it, too.
            Order::AsAsked { .. } => {
                self.out.next + if has_room { self.out.look_ahead as u64 } else { u64::from(all_taken) }
            }
            Order::AsDone if has_room => u64::MAX,
            Order::AsDone if self.running.is_empty() && self.out.ready.is_empty() && all_taken => u64::MAX,
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
                let page = Arc::new(Page { site: lift::rejected(&asked, failure), share: self.budget.share(index) });
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
        self.jobs.insert(index, Job { visit: Some(visit), is_asleep: false, url, places: vec![(index, asked)] });
        if self.is_late {
            self.give_up(index);
        }
    }

    /// A host's turn has come. It is given back when there is no use for it now.
    fn turn(&mut self, host: &Arc<str>, permit: Permit) {
        if !self.may_start() {
            permit.give_back();
            return self.queue.recall(host);
        }
        let Some(id) = self.queue.take(host) else { return permit.give_back() };
        let Some(visit) = self.jobs.get_mut(&id).and_then(|job| job.visit.take()) else { return permit.give_back() };
        let share = self.budget.share(id);
        self.under_way.insert(id);
        let task = runtime::spawn(Arc::clone(&self.engine).advance(visit, permit, share, self.until));
        self.running.push(async move { (id, task.await) }.boxed());
    }

    fn ended(&mut self, id: u64, end: Result<End, String>) {
        self.under_way.remove(&id);
        match end {
            Ok(End::Page(page)) => self.finish(id, *page),
            Ok(End::Next { visit, after }) => {
                let Some(job) = self.jobs.get_mut(&id) else { return };
                let host = visit.host().to_owned();
                job.visit = Some(visit);
                match after {
                    _ if self.is_late => self.give_up(id),
                    After::Nothing => self.queue.add(id, &host),
                    After::Aside(wait) => self.aside.add(&self.engine, wait, id),
                    After::Pause(pause) => {
                        job.is_asleep = true;
                        self.asleep.push(Reverse((Instant::now() + pause, id)));
                    }
                }
            }
            Err(defect) => self.fail(id, &defect),
        }
    }

    /// Those who waited go on.
    fn over(&mut self, over: &Over) {
        for (i, (id, since)) in over.jobs.iter().enumerate() {
            match &over.end {
                Err(defect) => self.fail(*id, defect),
                Ok(waited) => {
                    if let Some(visit) = self.jobs.get_mut(id).and_then(|job| job.visit.as_mut()) {
                        self.engine.fetcher.tell(visit, waited, since.elapsed(), i == 0);
                        self.queue.add(*id, visit.host());
                    }
                }
            }
        }
    }

    /// Ends a page that sitelift itself failed on.
    fn fail(&mut self, id: u64, defect: &str) {
        let asked = self.jobs.get(&id).map(|job| job.url.to_string()).unwrap_or_default();
        self.finish(id, Page { site: broken(&asked, defect), share: self.budget.share(id) });
    }

    /// Those whose wait before another try is over go back into the line.
    fn wake(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, id))) = self.asleep.peek().copied()
            && at <= now
        {
            self.asleep.pop();
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            job.is_asleep = false;
            if let Some(visit) = &job.visit {
                self.queue.add(id, visit.host());
            }
        }
    }

    /// The time for the whole call is over: what waits is given up, what runs knows it by itself.
    fn expire(&mut self) {
        self.is_late = true;
        let mut waiting = self.queue.drain();
        waiting.extend(self.asleep.drain().map(|Reverse((_, id))| id));
        waiting.extend(self.aside.give_up());
        self.turns.clear();
        for id in waiting {
            self.give_up(id);
        }
    }

    fn give_up(&mut self, id: u64) {
        if let Some(visit) = self.jobs.get_mut(&id).and_then(|job| job.visit.take()) {
            let site = self.engine.expired(visit);
            self.finish(id, Page { site, share: self.budget.share(id) });
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
