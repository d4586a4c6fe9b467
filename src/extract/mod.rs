//! From text to the parts of a page.
//!
//! [`tree`] builds the document as browsers do (html5ever's tree builder, scripting off, over the tokens of [`bridge`]) and tells it as [`events`], from which [`walk`]
//! gathers raw [`facts`], and [`choose`] picks the value of each field from them. [`select`] serves the caller's own CSS rules.

#![forbid(unsafe_code)]

mod base;
mod bridge;
mod choose;
mod date;
#[cfg(test)]
mod differential;
mod events;
mod facts;
mod json_ld;
mod limit;
mod measure;
mod piece;
mod select;
mod text;
mod tree;
mod walk;

pub(crate) use facts::{Alternate, Feed, Heading, Icon, Image, JsonLd, Link, Tag};
pub(crate) use select::Selectors;

use encoding_rs::Encoding;
use std::collections::HashMap;
use url::Url;
use walk::Walk;

/// What is known of a page besides its text.
pub(crate) struct Context<'a> {
    /// The URL the page came from, where it has one.
    pub url: Option<&'a Url>,
    /// The encoding of the page: the query part of its links is written in it.
    pub encoding: &'static Encoding,
    /// The caller's rules.
    pub selectors: &'a Selectors,
}

/// All that was lifted from one page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub title: Option<String>,
    pub description: Option<String>,
    pub canonical_url: Option<String>,
    pub lang: Option<String>,
    pub image: Option<String>,
    pub favicon: Option<String>,
    pub site_name: Option<String>,
    pub author: Option<String>,
    pub published_at: Option<String>,
    pub modified_at: Option<String>,
    pub open_graph: Vec<Tag>,
    pub twitter: Vec<Tag>,
    pub meta: Vec<Tag>,
    pub icons: Vec<Icon>,
    pub feeds: Vec<Feed>,
    pub alternates: Vec<Alternate>,
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    pub json_ld: Vec<JsonLd>,
    pub selected: HashMap<String, Vec<String>>,
    /// The encoding that a `<meta>` anywhere in the page declares.
    pub declared_encoding: Option<&'static Encoding>,
    /// Parsing stopped early at a limit; which one.
    pub stopped_at: Option<&'static str>,
}

/// Lifts one page.
pub(crate) fn page(html: &str, context: &Context<'_>) -> Page {
    let (document, stopped_at) = tree::parse(html);
    let mut walk = Walk::new(context, document.base_href());
    document.tell(&mut walk);
    let (facts, base) = walk.finish();
    let stopped_at = stopped_at.or(facts.incomplete.then_some("the length of texts and lists"));
    let (selected, selected_all) = context.selectors.apply(html);
    let mut page = choose::page(facts, &base, context);
    page.selected = selected;
    page.stopped_at = stopped_at.or((!selected_all).then_some("what CSS rules may select"));
    page
}
