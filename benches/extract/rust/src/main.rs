//! Answers the benchmark's driver: `IMPLEMENTATION ROW COUNT` on a line of standard input makes it go over all pages so often, and
//! print the nanoseconds of wall and of processor time that took; `allocations IMPLEMENTATION ROW` makes it count instead.
//!
//! The pages are the files named on standard input, one a line, up to an empty line.

mod arena;
mod counting;
mod fields;
mod with_arena;
mod with_scraper;
mod with_sitelift;

use std::fs;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

/// Where all pages are said to come from.
const BASE: &str = "https://www.example.com/a/page";

/// Does a row's work on one page.
type Work = fn(&str) -> usize;

fn work(implementation: &str, row: &str) -> Option<Work> {
    Some(match (implementation, row) {
        ("sitelift-rust", "head") => with_sitelift::head,
        ("sitelift-rust", "full") => with_sitelift::full,
        ("html5ever-arena", "parse") => with_arena::parse,
        ("html5ever-arena", "head") => with_arena::head,
        ("html5ever-arena", "full") => with_arena::full,
        ("scraper", "parse") => with_scraper::parse,
        ("scraper", "head") => with_scraper::head,
        ("scraper", "full") => with_scraper::full,
        _ => return None,
    })
}

fn main() -> io::Result<()> {
    let mut lines = io::stdin().lock().lines();
    let mut pages = Vec::new();
    for line in lines.by_ref() {
        let path = line?;
        if path.is_empty() {
            break;
        }
        pages.push(String::from_utf8_lossy(&fs::read(path)?).into_owned());
    }
    for line in lines {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words.as_slice() {
            ["allocations", implementation, row] => work(implementation, row).map(|work| allocations(&pages, work)),
            [implementation, row, count] => {
                work(implementation, row).zip(count.parse().ok()).map(|(work, count)| timed(&pages, work, count))
            }
            _ => None,
        };
        println!("{}", answer.unwrap_or_else(|| "unknown".to_owned()));
        io::stdout().flush()?;
    }
    Ok(())
}

fn timed(pages: &[String], work: Work, count: usize) -> String {
    let (start, had) = (Instant::now(), processor_time());
    for _ in 0..count {
        for page in pages {
            black_box(work(black_box(page)));
        }
    }
    let took = start.elapsed();
    let had = processor_time().saturating_sub(had);
    format!("{} {}", took.as_nanos(), had.as_nanos())
}

/// The mean of a page: how many allocations, and how many bytes at once at most.
fn allocations(pages: &[String], work: Work) -> String {
    let (mut all, mut peaks) = (0, 0);
    for page in pages {
        black_box(work(page));
        let (count, peak) = counting::count(|| {
            black_box(work(page));
        });
        all += count;
        peaks += peak;
    }
    let mean = |sum: usize| sum / pages.len().max(1);
    format!("{} {}", mean(all), mean(peaks))
}

/// What this thread had of the processor.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of that type, which outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
