//! From text to the parts of a page.
//!
//! [`scan`] or, where that is not sure, [`tree`] (over the tokens of [`bridge`]) tells the document as [`events`], from which
//! [`walk`] gathers raw [`facts`], and [`choose`] picks the value of each field from them. [`select`] serves the caller's own CSS
//! rules.

#![forbid(unsafe_code)]

mod any_of;
mod article;
mod base;
mod bridge;
mod choose;
mod class_names;
mod date;
#[cfg(test)]
mod differential;
mod events;
mod facts;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gather;
mod hints;
mod json_ld;
mod key;
mod kind;
mod limit;
mod measure;
mod microdata;
mod one_of;
mod parts;
mod piece;
mod plain_url;
mod rdfa;
mod robots;
mod scan;
mod select;
mod social;
mod structured;
mod tag;
mod text;
mod tree;
mod walk;
mod word_count;
mod words;

pub(crate) use article::Article;
pub(crate) use facts::{Alternate, Feed, Heading, Icon, Image, JsonLd, Link, Tag};
pub(crate) use hints::Media;
pub(crate) use kind::Kind;
pub(crate) use parts::Parts;
pub(crate) use robots::Robots;
pub(crate) use select::Selectors;
pub(crate) use social::Profile;

use encoding_rs::Encoding;
use gather::Gathered;
use std::collections::HashMap;
use url::Url;

/// What is known of a page besides its text.
pub(crate) struct Context<'a> {
    /// The URL the page came from, where it has one.
    pub url: Option<&'a Url>,
    /// The encoding of the page: the query part of its links is written in it.
    pub encoding: &'static Encoding,
    /// The caller's rules.
    pub selectors: &'a Selectors,
    /// What is wanted of it.
    pub parts: Parts,
    /// The status that it came with; 0 when it did not come by HTTP.
    pub status: u16,
    /// The values of its `X-Robots-Tag` headers.
    pub robots_tags: Vec<&'a str>,
}

/// All that was lifted from one page.
#[derive(Debug, Default)]
#[allow(clippy::struct_field_names, reason = "named as in the record")]
pub(crate) struct Page {
    pub title: Option<String>,
    pub html_title: Option<String>,
    pub description: Option<String>,
    pub canonical_url: Option<String>,
    pub lang: Option<String>,
    pub image: Option<String>,
    pub favicon: Option<String>,
    pub logo: Option<String>,
    pub site_name: Option<String>,
    pub author: Option<String>,
    pub published_at: Option<String>,
    pub modified_at: Option<String>,
    pub page_type: Option<String>,
    pub theme_color: Option<String>,
    pub generator: Option<String>,
    pub keywords: Vec<String>,
    pub robots: Option<Robots>,
    pub word_count: Option<u64>,
    pub content_hash: Option<String>,
    pub kind: Option<Kind>,
    /// Where the chosen value of a field came from, by the field's name.
    pub sources: HashMap<String, String>,
    pub open_graph: Vec<Tag>,
    pub twitter: Vec<Tag>,
    pub meta: Vec<Tag>,
    pub icons: Vec<Icon>,
    pub feeds: Vec<Feed>,
    pub alternates: Vec<Alternate>,
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    pub videos: Vec<Media>,
    pub audio: Vec<Media>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub social_profiles: Vec<Profile>,
    pub json_ld: Vec<JsonLd>,
    pub microdata: Option<String>,
    pub rdfa: Option<String>,
    pub article: Option<Article>,
    pub selected: HashMap<String, Vec<String>>,
    /// The encoding that a `<meta>` anywhere in the page declares.
    pub declared_encoding: Option<&'static Encoding>,
    /// A list or a text was cut at a limit.
    pub incomplete: bool,
    /// Parsing stopped early at a limit; which one.
    pub stopped_at: Option<&'static str>,
}

/// Lifts one page.
pub(crate) fn page(html: &str, context: &Context<'_>) -> Page {
    let (gathered, stopped_at) = scan::read(html, |base_href| Gathered::new(context, base_href)).map_or_else(
        |_| {
            let (document, stopped_at) = tree::parse(html);
            (Gathered::from(&document, context), stopped_at)
        },
        |gathered| (gathered, None),
    );
    let mut page = chosen(gathered, context);
    let (selected, selected_all) = context.selectors.apply(html);
    page.selected = selected;
    page.stopped_at = stopped_at.or(page.stopped_at).or((!selected_all).then_some("what CSS rules may select"));
    page
}

/// All that follows from what was gathered.
fn chosen(gathered: Gathered<'_>, context: &Context<'_>) -> Page {
    let Gathered { walk, hints, words, article, microdata, rdfa } = gathered;
    let (facts, base) = walk.finish();
    let password_fields = hints.password_fields;
    let mut page = choose::page(facts, hints, &base, context);
    let mut incomplete = page.incomplete;
    page.robots = robots(&page.meta, &context.robots_tags);
    if let Some(words) = words {
        let (count, hash) = words.finish();
        page.kind = Some(kind::of(&page, &count, password_fields, context.status));
        page.word_count = Some(count.words);
        page.content_hash = hash;
    }
    page.article = article.and_then(|builder| {
        article::find(builder, page.title.as_deref(), page.author.as_deref(), page.description.as_deref(), &base)
    });
    if let Some(microdata) = microdata {
        let (json, cut) = microdata.finish(&base);
        page.microdata = json;
        incomplete |= cut;
    }
    if let Some(rdfa) = rdfa {
        let (json, cut) = rdfa.finish();
        page.rdfa = json;
        incomplete |= cut;
    }
    leave_out(&mut page, context.parts);
    page.stopped_at = incomplete.then_some("the length of texts and lists");
    page
}

/// The directives of the page and its headers; nothing when there are none.
fn robots(meta: &[Tag], headers: &[&str]) -> Option<Robots> {
    let tags = meta.iter().filter(|tag| tag.name.eq_ignore_ascii_case("robots")).map(|tag| tag.content.as_str());
    let mut robots = Robots::default();
    // Every one of them counts: no short circuit.
    let known = tags.chain(headers.iter().copied()).fold(false, |known, text| robots.add(text) | known);
    known.then_some(robots)
}

/// Drops what is not wanted and was needed only to choose from.
fn leave_out(page: &mut Page, parts: Parts) {
    if !parts.meta {
        (page.open_graph, page.twitter, page.meta) = Default::default();
    }
    if !parts.headings {
        page.headings = Vec::new();
    }
    if !parts.links {
        page.links = Vec::new();
    }
    if !parts.images {
        page.images = Vec::new();
    }
    if !parts.media {
        (page.videos, page.audio) = Default::default();
    }
    if !parts.contacts {
        (page.emails, page.phones, page.social_profiles) = Default::default();
    }
    if !parts.json_ld {
        page.json_ld = Vec::new();
    }
}
