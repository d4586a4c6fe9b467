//! Python objects that Rust calls.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::errors::{CaseError, FlatError};
use std::future::Future as _;

use crate::futures::{Sleep, block_on};
use crate::live::{Kind, Live};
use crate::objects::Counter;
use crate::records::{Page, Point};

/// Hears of events.
#[uniffi::export(callback_interface)]
pub trait Listener: Send + Sync {
    /// Something was said; returns whether to go on.
    fn on_event(&self, text: String) -> bool;
    /// A number has come; may fail.
    fn on_number(&self, value: i64) -> Result<i64, CaseError>;
    /// A page has come.
    fn on_page(&self, page: Page);
    /// So much that not all of it fits into registers.
    #[allow(clippy::too_many_arguments, reason = "more than there are registers")]
    fn on_many(
        &self,
        a: u8,
        b: i8,
        c: f32,
        d: u16,
        e: f64,
        f: String,
        g: i16,
        h: bool,
        i: u32,
        j: f64,
        k: Option<Point>,
        l: i32,
        m: f32,
        n: u64,
        o: f64,
        p: i64,
        q: f64,
        r: f32,
        s: f64,
        t: Vec<u8>,
        u: f32,
        v: f64,
        w: u8,
        x: bool,
    ) -> String;
    /// An object has come, and one goes back.
    fn on_counter(&self, counter: Arc<Counter>) -> Arc<Counter>;
    /// Returns each simple type in turn.
    fn give_f32(&self) -> f32;
    /// A byte.
    fn give_u8(&self) -> u8;
    /// Bytes.
    fn give_bytes(&self) -> Vec<u8>;
    /// Perhaps a point.
    fn give_point(&self) -> Option<Point>;
}

/// Says something.
#[uniffi::export]
pub fn tell(listener: Box<dyn Listener>, text: String) -> bool {
    listener.on_event(text)
}

/// Says something so many times; returns how often it was to go on.
#[uniffi::export]
pub fn tell_often(listener: Box<dyn Listener>, text: String, times: u32) -> u32 {
    (0..times).filter(|_| listener.on_event(text.clone())).count() as u32
}

/// Says something on a thread, and waits for it.
#[uniffi::export]
pub fn tell_on_thread(listener: Box<dyn Listener>, text: String) -> bool {
    thread::spawn(move || listener.on_event(text)).join().unwrap_or(false)
}

/// Says something on so many threads at once; returns how often it was to go on.
#[uniffi::export]
pub fn tell_on_threads(listener: Arc<dyn Store>, threads: u32, times: u32) -> u32 {
    let threads: Vec<_> = (0..threads)
        .map(|thread| {
            let listener = Arc::clone(&listener);
            thread::spawn(move || {
                (0..times).filter(|time| listener.get(format!("{thread} {time}")).is_ok()).count() as u32
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
}

/// Passes a number on.
#[uniffi::export]
pub fn pass_number(listener: Box<dyn Listener>, value: i64) -> Result<i64, CaseError> {
    listener.on_number(value)
}

/// Passes a page on.
#[uniffi::export]
pub fn pass_page(listener: Box<dyn Listener>, page: Page) {
    listener.on_page(page);
}

/// Passes very much on.
#[uniffi::export]
pub fn pass_many(listener: Box<dyn Listener>) -> String {
    listener.on_many(
        1,
        -2,
        3.5,
        4,
        5.25,
        "six".into(),
        -7,
        true,
        9,
        10.125,
        Some(Point { x: 11, y: -11 }),
        -12,
        13.5,
        u64::MAX,
        15.5,
        i64::MIN,
        17.75,
        18.5,
        19.25,
        vec![20, 21],
        22.5,
        23.125,
        255,
        false,
    )
}

/// Passes an object on.
#[uniffi::export]
pub fn pass_counter(listener: Box<dyn Listener>, counter: Arc<Counter>) -> Arc<Counter> {
    listener.on_counter(counter)
}

/// Asks for one of each.
#[uniffi::export]
pub fn ask_for_all(listener: Box<dyn Listener>) -> String {
    format!("{} {} {:?} {:?}", listener.give_f32(), listener.give_u8(), listener.give_bytes(), listener.give_point())
}

static KEPT: Mutex<Option<Box<dyn Listener>>> = Mutex::new(None);

/// Keeps a listener for later, instead of the one before.
#[uniffi::export]
pub fn keep_listener(listener: Option<Box<dyn Listener>>) {
    let before = std::mem::replace(&mut *KEPT.lock().unwrap(), listener);
    drop(before);
}

/// Tells the kept one.
#[uniffi::export]
pub fn tell_kept(text: String) -> Option<bool> {
    let kept = KEPT.lock().unwrap().take();
    let heard = kept.as_ref().map(|listener| listener.on_event(text));
    let mut place = KEPT.lock().unwrap();
    if place.is_none() {
        *place = kept;
    }
    heard
}

/// Drops the kept one on another thread, and waits until that is done.
#[uniffi::export]
pub fn drop_kept_on_thread() {
    let kept = KEPT.lock().unwrap().take();
    thread::spawn(move || drop(kept)).join().unwrap();
}

/// Passes numbers to a listener on a thread of its own, until that fails.
#[uniffi::export]
pub fn count_for_ever(listener: Box<dyn Listener>, microseconds: u64) {
    thread::spawn(move || {
        for number in 0.. {
            if listener.on_number(number).is_err() {
                break;
            }
            if microseconds > 0 {
                thread::sleep(Duration::from_micros(microseconds));
            }
        }
    });
}

/// Where pages are kept: implemented in Rust or in Python.
#[uniffi::export(with_foreign)]
pub trait Store: Send + Sync {
    /// A page by its URL.
    fn get(&self, url: String) -> Result<Option<Page>, CaseError>;
    /// Keep a page.
    fn put(&self, page: Page) -> Result<(), CaseError>;
    /// How many there are.
    fn size(&self) -> u64;
    /// Another store.
    fn fork(&self) -> Arc<dyn Store>;
}

struct Memory {
    pages: Mutex<Vec<Page>>,
    _live: Live,
}

impl Store for Memory {
    fn get(&self, url: String) -> Result<Option<Page>, CaseError> {
        if url.is_empty() {
            return Err(CaseError::BadInput { input: url, position: 0 });
        }
        Ok(self.pages.lock().unwrap().iter().find(|page| page.url == url).cloned())
    }

    fn put(&self, page: Page) -> Result<(), CaseError> {
        self.pages.lock().unwrap().push(page);
        Ok(())
    }

    fn size(&self) -> u64 {
        self.pages.lock().unwrap().len() as u64
    }

    fn fork(&self) -> Arc<dyn Store> {
        let pages = self.pages.lock().unwrap().clone();
        Arc::new(Self { pages: Mutex::new(pages), _live: Live::new(Kind::Store) })
    }
}

/// A store in memory.
#[uniffi::export]
pub fn memory_store() -> Arc<dyn Store> {
    Arc::new(Memory { pages: Mutex::default(), _live: Live::new(Kind::Store) })
}

#[uniffi::export]
pub fn echo_store(store: Arc<dyn Store>) -> Arc<dyn Store> {
    store
}

#[uniffi::export]
pub fn echo_stores(stores: Vec<Arc<dyn Store>>) -> Vec<Arc<dyn Store>> {
    stores
}

/// Asks a store from here.
#[uniffi::export]
pub fn look_up(store: Arc<dyn Store>, url: String) -> Result<Option<Page>, CaseError> {
    store.get(url)
}

/// Asks a store from another thread.
#[uniffi::export]
pub fn look_up_on_thread(store: Arc<dyn Store>, url: String) -> Result<Option<Page>, CaseError> {
    thread::spawn(move || store.get(url)).join().unwrap()
}

/// Keeps pages, and counts them.
#[uniffi::export]
pub fn fill(store: Arc<dyn Store>, pages: Vec<Page>) -> Result<u64, CaseError> {
    for page in pages {
        store.put(page)?;
    }
    Ok(store.size())
}

/// What a store forks into.
#[uniffi::export]
pub fn fork_store(store: Arc<dyn Store>) -> Arc<dyn Store> {
    store.fork()
}

/// Holds a store.
#[derive(uniffi::Object)]
pub struct Library {
    store: Mutex<Option<Arc<dyn Store>>>,
}

#[uniffi::export]
impl Library {
    #[uniffi::constructor]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store: Mutex::new(Some(store)) }
    }

    /// Asks its store.
    pub fn get(&self, url: String) -> Result<Option<Page>, CaseError> {
        let store = self.store.lock().unwrap().clone();
        store.map_or(Ok(None), |store| store.get(url))
    }

    /// Its store, given back.
    pub fn store(&self) -> Option<Arc<dyn Store>> {
        self.store.lock().unwrap().clone()
    }

    /// Lets the store go.
    pub fn close(&self) {
        let store = self.store.lock().unwrap().take();
        drop(store);
    }
}

/// Fails flatly: such errors can't come from Python.
#[derive(uniffi::Record)]
pub struct Outcome {
    pub page: Option<Page>,
    pub store: Option<Arc<dyn Store>>,
}

#[uniffi::export]
pub fn echo_outcome(outcome: Outcome) -> Outcome {
    outcome
}

/// Fetches pages, some time.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait Fetcher: Send + Sync {
    /// A page.
    async fn fetch(&self, url: String) -> Result<Page, CaseError>;
    /// A number.
    async fn count(&self) -> u32;
    /// Nothing.
    async fn rest(&self);
}

struct OwnFetcher;

#[async_trait::async_trait]
impl Fetcher for OwnFetcher {
    async fn fetch(&self, url: String) -> Result<Page, CaseError> {
        Sleep::new(1).await;
        if url.is_empty() { Err(CaseError::Plain) } else { Ok(crate::records::page_with(2)) }
    }

    async fn count(&self) -> u32 {
        7
    }

    async fn rest(&self) {
        Sleep::new(1).await;
    }
}

/// Implemented in Rust.
#[uniffi::export]
pub fn own_fetcher() -> Arc<dyn Fetcher> {
    Arc::new(OwnFetcher)
}

/// Awaits a fetcher.
#[uniffi::export]
pub async fn fetch_with(fetcher: Arc<dyn Fetcher>, url: String) -> Result<Page, CaseError> {
    fetcher.fetch(url).await
}

/// Awaits a fetcher's count.
#[uniffi::export]
pub async fn count_with(fetcher: Arc<dyn Fetcher>) -> u32 {
    fetcher.rest().await;
    fetcher.count().await
}

/// Awaits a fetcher on another thread, and blocks until that is done.
#[uniffi::export]
pub fn fetch_on_thread(fetcher: Arc<dyn Fetcher>, url: String) -> Result<Page, CaseError> {
    thread::spawn(move || block_on(fetcher.fetch(url))).join().unwrap()
}

/// Starts to await a fetcher, and stops before it is done.
#[uniffi::export]
pub async fn fetch_in_vain(fetcher: Arc<dyn Fetcher>, url: String, milliseconds: u64) {
    let mut fetch = fetcher.fetch(url);
    let mut sleep = std::pin::pin!(Sleep::new(milliseconds));
    std::future::poll_fn(|context| {
        let _ = fetch.as_mut().poll(context);
        sleep.as_mut().poll(context)
    })
    .await;
}

/// A trait that is called with an error that is declared flat.
#[uniffi::export(callback_interface)]
pub trait Checker: Send + Sync {
    /// Is it so?
    fn check(&self, text: String) -> Result<bool, CaseError>;
}

/// Checks, and says flatly what went wrong.
#[uniffi::export]
pub fn check_with(checker: Box<dyn Checker>, text: String) -> Result<bool, FlatError> {
    checker.check(text).map_err(|error| FlatError::NotFound { name: error.to_string() })
}
