//! From an exchange, or from bytes in hand, to the record.

use super::error::{Problem, ProblemKind};
use super::site::{CharsetSource, Header, Site};
use crate::decode::charset::{self, Charset, Source};
use crate::decode::content;
use crate::decode::media_type::MediaType;
use crate::decode::sniff::{self, Content};
use crate::extract::{self, Context, Page, Parts, Selectors};
use crate::fetch::{Exchange, Failure, shown};
use std::borrow::Cow;
use std::time::{Duration, SystemTime};
use url::Url;

/// What the record of a fetched page is made with.
pub(crate) struct Rules {
    pub selectors: Selectors,
    pub parts: Parts,
    pub keep_body: bool,
    pub max_body_bytes: usize,
}

/// The record of a URL that was never asked for.
pub(crate) fn rejected(asked: &str, failure: Failure) -> Site {
    Site { url: asked.to_owned(), final_url: asked.to_owned(), error: Some(failure.into()), ..Site::default() }
}

/// The record of an exchange. Computes: to be run where that blocks nobody.
pub(crate) fn exchanged(asked: &str, exchange: Exchange, rules: &Rules) -> Site {
    let mut site = Site {
        url: asked.to_owned(),
        status: exchange.status,
        http_version: exchange.http_version.map(str::to_owned),
        remote_ip: exchange.remote_ip.map(|ip| ip.to_string()),
        redirects: exchange.redirects.into_iter().map(Into::into).collect(),
        fetched_at: exchange.started.map(rfc_3339),
        elapsed_ms: milliseconds(exchange.elapsed),
        ttfb_ms: exchange.ttfb.map(milliseconds),
        dns_ms: exchange.dns.map(milliseconds),
        connect_ms: exchange.connect.map(milliseconds),
        tls_ms: exchange.tls.map(milliseconds),
        body_ms: exchange.reading.map(milliseconds),
        attempts: exchange.attempts,
        from_cache: exchange.from_cache,
        robots_allowed: exchange.robots_allowed,
        content_type: exchange.content_type,
        error: exchange.failure.map(Into::into),
        ..Site::default()
    };
    site.server = exchange.headers.iter().find(|(name, _)| name == "server").map(|(_, value)| value.clone());
    site.headers = exchange.headers.into_iter().map(|(name, value)| Header { name, value }).collect();
    locate(&mut site, &exchange.url);
    if let Some(wait) = exchange.retry_refused {
        let detail = format!(
            "the server asked to be left alone for {} s (Retry-After), so it was not asked again; up to 60 s are waited out",
            wait.as_secs()
        );
        warn(&mut site, ProblemKind::TryLater, detail);
    }
    warn_of_downgrade(&mut site);

    // A connection that broke has cut the packed data too: that is no second problem.
    let cut = exchange.body_cut || site.error.is_some();
    let unpacked = content::unpack(exchange.body, &exchange.content_encoding, rules.max_body_bytes, cut);
    if let Some(damage) = unpacked.damage {
        site.error.get_or_insert(problem(&site.final_url, ProblemKind::ContentDecoding, damage));
    }
    if let Some(unknown) = unpacked.unknown {
        warn(&mut site, ProblemKind::ContentDecoding, unknown);
    }
    site.body_truncated = exchange.body_cut || (unpacked.truncated && site.error.is_none());
    if site.body_truncated {
        let detail = if exchange.is_head_only {
            "the body was read to the end of its head and no further (option stop_after_head)".to_owned()
        } else if unpacked.is_bomb {
            let kept = unpacked.bytes.len();
            format!(
                "the body unpacks to more than 500 times what was sent, as no page does, and was cut at {kept} bytes"
            )
        } else {
            let limit = rules.max_body_bytes;
            format!("the body is longer than {limit} bytes and was cut there (option max_body_bytes)")
        };
        warn(&mut site, ProblemKind::BodyTruncated, detail);
    }
    if unpacked.bytes.is_empty() {
        let has_body = matches!(site.status, Some(200..=299)) && !matches!(site.status, Some(204 | 205));
        if has_body && !site.body_truncated {
            let status = site.status.unwrap_or_default();
            site.error.get_or_insert(problem(
                &site.final_url,
                ProblemKind::EmptyBody,
                format!("the server answered {status} with an empty body"),
            ));
        }
        return site;
    }
    body(&mut site, Cow::Owned(unpacked.bytes), Some(&exchange.url), rules);
    site
}

/// The record of bytes in hand.
pub(crate) fn given(html: &[u8], base: Option<&Url>, content_type: Option<String>, rules: &Rules) -> Site {
    let mut site = Site { content_type, ..Site::default() };
    if let Some(base) = base {
        locate(&mut site, base);
        site.url.clone_from(&site.final_url);
    }
    body(&mut site, Cow::Borrowed(html), base, rules);
    site
}

fn locate(site: &mut Site, url: &Url) {
    site.final_url = shown(url);
    url.host_str().unwrap_or_default().clone_into(&mut site.domain);
    url.scheme().clone_into(&mut site.protocol);
    site.port = url.port_or_known_default();
}

/// Fills in all that is learnt from the body.
fn body(site: &mut Site, whole: Cow<'_, [u8]>, url: Option<&Url>, rules: &Rules) {
    let bytes = whole.as_ref();
    site.body_size = bytes.len() as u64;
    let content_type = site.content_type.clone().unwrap_or_default();
    let media_type = MediaType::of_headers(&content_type);
    let label = media_type.as_ref().and_then(|t| t.charset.as_deref());
    let kind = match &media_type {
        // Bytes handed over without a type are what the caller says they are: HTML.
        None if site.status.is_none() => sniff::classify("text/html", bytes),
        None => sniff::classify("", bytes),
        Some(media_type) => sniff::classify(&media_type.essence, bytes),
    };
    if kind == Content::Binary {
        let said = if content_type.is_empty() { "no content type" } else { &content_type };
        let detail = format!("not a page: the body is not text ({said}), so nothing was lifted from it");
        site.error.get_or_insert(problem(&site.final_url, ProblemKind::UnsupportedContent, detail));
        return;
    }
    let mut charset = charset::choose(bytes, label);
    let mut decoded = charset::decode(bytes, charset.encoding);
    if kind == Content::Page {
        let mut page = lift(site, &decoded.text, url, charset, rules);
        // What a browser does on meeting a late <meta charset>: start again with it.
        if charset.is_tentative()
            && let Some(declared) = page.declared_encoding.filter(|e| *e != charset.encoding)
        {
            charset = Charset { encoding: declared, source: Source::Meta };
            decoded = charset::decode(bytes, declared);
            page = lift(site, &decoded.text, url, charset, rules);
        } else if charset.is_tentative() && page.declared_encoding.is_some() {
            charset.source = Source::Meta;
        }
        if let Some(limit) = page.stopped_at {
            warn(
                site,
                ProblemKind::PageTooComplex,
                format!("the page goes beyond the limit on {limit}; what lies beyond it was left out"),
            );
        }
        fill(site, page);
    }
    charset_warnings(site, label, charset, decoded.malformed);
    site.charset = Some(charset.name());
    site.charset_source = Some(match charset.source {
        Source::Bom => CharsetSource::Bom,
        Source::Header => CharsetSource::Header,
        Source::Meta => CharsetSource::Meta,
        Source::Detector => CharsetSource::Detector,
    });
    if rules.keep_body {
        let is_whole = matches!(&decoded.text, Cow::Borrowed(text) if text.len() == bytes.len());
        site.body = Some(if is_whole { owned(whole) } else { decoded.text.into_owned() });
    }
}

/// Bytes that are valid text as they are. They are moved where that can be done: to copy them costs as much as to unpack them.
fn owned(bytes: Cow<'_, [u8]>) -> String {
    let mut text = String::from_utf8(bytes.into_owned())
        .unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned());
    text.shrink_to_fit();
    text
}

fn lift(site: &Site, text: &str, url: Option<&Url>, charset: Charset, rules: &Rules) -> Page {
    // Relative links must not repeat a password.
    let url = url.and_then(|url| Url::parse(&shown(url)).ok());
    let context = Context {
        url: url.as_ref(),
        encoding: charset.encoding,
        selectors: &rules.selectors,
        parts: rules.parts,
        status: site.status.unwrap_or_default(),
        robots_tags: site.headers.iter().filter(|h| h.name == "x-robots-tag").map(|h| h.value.as_str()).collect(),
    };
    extract::page(text, &context)
}

fn charset_warnings(site: &mut Site, label: Option<&str>, charset: Charset, malformed: bool) {
    if let Some(label) = label
        && matches!(charset.source, Source::Meta | Source::Detector)
    {
        let detail = format!(
            "the Content-Type header names the charset {label:?}, which browsers do not know; read as {}",
            charset.name()
        );
        warn(site, ProblemKind::UnknownCharset, detail);
    }
    if malformed && !site.body_truncated {
        let detail =
            format!("some bytes are not valid {}; each became the replacement character U+FFFD", charset.name());
        warn(site, ProblemKind::MalformedText, detail);
    }
}

fn fill(site: &mut Site, page: Page) {
    fn all<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
        list.into_iter().map(B::from).collect()
    }
    site.title = page.title;
    site.html_title = page.html_title;
    site.description = page.description;
    site.canonical_url = page.canonical_url;
    site.lang = page.lang;
    site.image = page.image;
    site.favicon = page.favicon;
    site.logo = page.logo;
    site.site_name = page.site_name;
    site.author = page.author;
    site.published_at = page.published_at;
    site.modified_at = page.modified_at;
    site.page_type = page.page_type;
    site.theme_color = page.theme_color;
    site.generator = page.generator;
    site.keywords = page.keywords;
    site.robots = page.robots.map(Into::into);
    site.word_count = page.word_count;
    site.content_hash = page.content_hash;
    site.page_kind = page.kind.map(Into::into);
    site.sources = page.sources;
    site.open_graph = all(page.open_graph);
    site.twitter = all(page.twitter);
    site.meta = all(page.meta);
    site.icons = all(page.icons);
    site.feeds = all(page.feeds);
    site.alternates = all(page.alternates);
    site.headings = all(page.headings);
    site.links = all(page.links);
    site.images = all(page.images);
    site.videos = all(page.videos);
    site.audio = all(page.audio);
    site.emails = page.emails;
    site.phones = page.phones;
    site.social_profiles = all(page.social_profiles);
    site.json_ld = all(page.json_ld);
    site.microdata = page.microdata;
    site.rdfa = page.rdfa;
    site.article = page.article.map(Into::into);
    site.selected = page.selected;
}

/// What was asked for safely came, or would have come, so that others could read and change it.
fn warn_of_downgrade(site: &mut Site) {
    let ends = site.redirects.iter().map(|hop| hop.url.as_str()).chain([site.final_url.as_str()]);
    let ends: Vec<&str> = ends.collect();
    let downgrade = ends.windows(2).find(|pair| pair[0].starts_with("https:") && pair[1].starts_with("http:"));
    if let Some([from, to]) = downgrade {
        let detail = format!("{from} redirected to {to}, which is not encrypted");
        warn(site, ProblemKind::InsecureRedirect, detail);
    }
}

fn problem(url: &str, kind: ProblemKind, detail: String) -> Problem {
    Problem { kind, url: url.to_owned(), detail }
}

fn warn(site: &mut Site, kind: ProblemKind, detail: String) {
    let warning = problem(&site.final_url, kind, detail);
    site.warnings.push(warning);
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn rfc_3339(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|_| String::new(), |t| format!("{t:.3}"))
}
