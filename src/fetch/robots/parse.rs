//! Reading robots.txt (RFC 9309): the lines, the groups, and those of one crawler.

use super::path;
use super::rules::{Rule, Rules};
use std::time::Duration;

/// What is read of a file; the standard asks for at least 500 KiB.
pub(crate) const MAX_BYTES: usize = 500 * 1024;

/// The longest line that is read to its end. Longer ones count up to there.
const MAX_LINE: usize = 16 * 1024;

/// The longest pause between two requests that a host can ask for.
const MAX_DELAY: f64 = 60.0;

/// With the slips that Google's crawler understands, too.
const DISALLOW: &[&str] = &["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];

/// What a line says, as far as it is of use.
enum Line<'a> {
    Agent(&'a [u8]),
    Rule { allow: bool, path: &'a [u8] },
    Delay(&'a [u8]),
}

/// What was gathered from the groups that hold for one name.
#[derive(Default)]
struct Gathered {
    is_named: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// The rules for the crawler of this name: those of all groups that name it, else those for `*`. Never fails: lines that make no sense
/// are passed over.
pub(crate) fn parse(file: &[u8], agent: &str) -> Rules {
    let file = &file[..file.len().min(MAX_BYTES)];
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let (mut own, mut any) = (Gathered::default(), Gathered::default());
    let (mut is_own, mut is_any) = (false, false);
    // A group's names stand together; a rule ends them.
    let mut is_open = false;
    for line in file.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(read_line) {
        match line {
            Line::Agent(name) => {
                if !is_open {
                    (is_own, is_any, is_open) = (false, false, true);
                }
                if is_everyone(name) {
                    is_any = true;
                } else if product(name).eq_ignore_ascii_case(agent.as_bytes()) && !agent.is_empty() {
                    is_own = true;
                }
                own.is_named |= is_own;
            }
            Line::Rule { allow, path } => {
                is_open = false;
                for gathered in [is_own.then_some(&mut own), is_any.then_some(&mut any)].into_iter().flatten() {
                    gathered.rules.extend(Rule::new(allow, path));
                }
            }
            Line::Delay(value) => {
                is_open = false;
                for gathered in [is_own.then_some(&mut own), is_any.then_some(&mut any)].into_iter().flatten() {
                    gathered.delay = gathered.delay.or(seconds(value));
                }
            }
        }
    }
    let chosen = if own.is_named { own } else { any };
    Rules::new(chosen.rules, chosen.delay)
}

/// The name in a `User-Agent` header by which groups are looked up: its first product, without the version.
pub(crate) fn agent_of(header: &str) -> String {
    String::from_utf8_lossy(product(header.trim_start().as_bytes())).into_owned()
}

fn read_line(line: &[u8]) -> Option<Line<'_>> {
    let line = &line[..line.len().min(MAX_LINE)];
    let line = line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
    let (key, value) = if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii())
    } else {
        // Some forget the colon. Only two words can be meant so.
        let space = line.iter().position(u8::is_ascii_whitespace)?;
        let value = line[space..].trim_ascii();
        if value.iter().any(u8::is_ascii_whitespace) {
            return None;
        }
        (&line[..space], value)
    };
    let is = |names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name.as_bytes()));
    if is(&["user-agent", "useragent", "user agent"]) {
        Some(Line::Agent(value))
    } else if is(&["allow"]) {
        Some(Line::Rule { allow: true, path: value })
    } else if is(DISALLOW) {
        Some(Line::Rule { allow: false, path: value })
    } else if is(&["crawl-delay", "crawldelay"]) {
        Some(Line::Delay(value))
    } else {
        None
    }
}

/// `*`, alone or before other words.
fn is_everyone(name: &[u8]) -> bool {
    name.first() == Some(&b'*') && name.get(1).is_none_or(u8::is_ascii_whitespace)
}

/// A product token at the beginning: letters, `_` and `-`. Digits and letters beyond ASCII count as well: names have them, against the
/// standard.
fn product(name: &[u8]) -> &[u8] {
    let end = name.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | 0x80..)));
    &name[..end.unwrap_or(name.len())]
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(MAX_DELAY)))
}

impl Rule {
    /// None for an empty path, which forbids and allows nothing.
    fn new(allow: bool, path: &[u8]) -> Option<Self> {
        (!path.is_empty()).then(|| Self { allow, pattern: path::of_rule(path) })
    }
}
