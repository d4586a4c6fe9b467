//! What a page shows of itself without naming it in its head: bylines, dates, logos, media, contacts.
//!
//! A machine over [`Events`], which sees no tree: what counts is where something stands, told by the open elements' names.

mod attributes;
mod byline;
mod capture;
mod contacts;
mod dated;
mod element;
mod headline;
mod line;
mod media;
mod posted;
mod words;

use super::Context;
use super::article::heads_links;
use super::base::Base;
use super::class_names::ClassNames;
use super::events::{Attributes, Events, Name};
use super::social::Profile;
use super::tag::{EDGE, HEADING, Tag};
pub(crate) use media::Media;
pub(super) use media::add_media;

use capture::Capture;
use line::Lines;
use media::Player;
pub(super) use posted::{heads_comments, poster_in};
pub(super) use words::is_no_picture;

/// Longest list kept of each kind.
const MAX_ITEMS: usize = 1_000;

/// No heading of links to other pages is longer, in bytes.
const MAX_HEADING: usize = 80;

/// No byline or date is longer, in bytes.
const MAX_TEXT: usize = 200;

/// Where a name or a date was seen, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    /// `itemprop` or `property` of the thing itself.
    Property,
    /// `rel=author`, `<time pubdate>`.
    Marked,
    /// The name in an hCard of the author.
    Card,
    /// A link to an author's page; a `<time>` in the article.
    Linked,
    /// By the class of the element; a `<time>` elsewhere.
    Class,
    /// A line of its own beside the headline.
    Line,
}

/// A name or a date, and how sure it is.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    pub seen: Seen,
    /// The number of the line that it stands in.
    pub line: u32,
    pub text: String,
}

/// What was seen.
pub(super) struct Hints<'a> {
    context: &'a Context<'a>,
    base: Base,
    lang: Option<String>,
    depth: u32,
    /// The depth of the outermost open element that is not shown.
    hidden: Option<u32>,
    /// Whether that is a `<noscript>`.
    in_noscript: bool,
    /// The depth of the outermost open element that is not about the page.
    aside: Option<u32>,
    /// The depth of the innermost open `<header>`-like element of a site, where its logo stands.
    banner: Option<u32>,
    articles: u32,
    /// The depth of an open element whose `itemprop` is `author`.
    author: Option<u32>,
    /// The depth of the outermost open item that is somebody else's: a comment, an answer, a review.
    reply: Option<u32>,
    captures: Vec<Capture>,
    names: ClassNames,
    lines: Lines,
    /// The depth of the open `<title>`, as long as it is the first.
    in_title: Option<u32>,
    /// The depth of the headline that is open.
    in_headline: Option<u32>,
    player: Option<Player>,
    pub authors: Vec<Hint>,
    /// The text of the first element of class `byline`.
    pub byline: Option<String>,
    /// The text of the first element whose class says that it is the headline.
    pub headline: Option<String>,
    pub published: Vec<Hint>,
    pub modified: Vec<Hint>,
    pub logo: Option<String>,
    pub tags: Vec<String>,
    /// The texts of links below the headline that lead to a tag by their address.
    pub tag_paths: Vec<String>,
    /// The first picture below the headline.
    pub picture: Option<String>,
    /// The line after which an image stood that has no address of its own yet.
    placeholder: Option<u32>,
    /// The first still picture of a video.
    pub poster: Option<String>,
    pub videos: Vec<Media>,
    pub audio: Vec<Media>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub profiles: Vec<Profile>,
    /// The page is a list of others, as the class of its body has it.
    pub is_archive: bool,
    /// `<input type=password>`.
    pub password_fields: u32,
    /// A list was full.
    pub incomplete: bool,
}

impl<'a> Hints<'a> {
    /// Hints of a page whose first `<base href>`, wherever it stands, is `base_href`.
    pub(super) fn new(context: &'a Context<'a>, base_href: Option<&str>) -> Self {
        Self {
            context,
            base: Base::new(context.url, base_href, context.encoding),
            lang: None,
            depth: 0,
            hidden: None,
            in_noscript: false,
            aside: None,
            banner: None,
            articles: 0,
            author: None,
            reply: None,
            captures: Vec::new(),
            names: ClassNames::default(),
            lines: Lines::default(),
            in_title: None,
            in_headline: None,
            player: None,
            authors: Vec::new(),
            byline: None,
            headline: None,
            published: Vec::new(),
            modified: Vec::new(),
            logo: None,
            tags: Vec::new(),
            tag_paths: Vec::new(),
            picture: None,
            placeholder: None,
            poster: None,
            videos: Vec::new(),
            audio: Vec::new(),
            emails: Vec::new(),
            phones: Vec::new(),
            profiles: Vec::new(),
            is_archive: false,
            password_fields: 0,
            incomplete: false,
        }
    }
}

impl Events for Hints<'_> {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        if self.hidden.is_some() {
            // What stands for a picture until scripts load it.
            if self.in_noscript && name.tag == Tag::Img && self.placeholder == Some(self.lines.count) {
                self.picture(attributes, attributes.get("class").unwrap_or_default());
            }
            return;
        }
        if name.is_unshown() {
            self.in_noscript = name.tag == Tag::Noscript;
            if name.html && name.tag == Tag::Iframe {
                self.frame(attributes);
            }
            self.hidden = Some(self.depth);
            return;
        }
        if !name.html {
            return;
        }
        if name.tag.is(EDGE) {
            self.end_line();
            self.captures.iter_mut().for_each(|c| c.text.gap());
        }
        self.element(name.tag, attributes);
    }

    fn listens(&self) -> bool {
        if self.hidden.is_some() {
            return false;
        }
        self.in_title.is_some()
            || !self.lines.is_long && self.aside.is_none()
            || self.captures.iter().any(|c| c.text.len() <= MAX_TEXT)
    }

    fn base(&mut self, href: &str) -> bool {
        if self.base.is_used() {
            return false;
        }
        self.base = Base::new(self.context.url, Some(href), self.context.encoding);
        true
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.in_title.is_some() {
            self.lines.title.push(text);
            return;
        }
        for capture in &mut self.captures {
            capture.text.push_until(text, MAX_TEXT);
        }
        if !self.lines.is_long && self.aside.is_none() {
            self.line_text(text);
        }
    }

    fn blank(&mut self, text: &str) {
        if self.in_title.is_some() {
            self.lines.title.push(text);
        } else if self.hidden.is_none() {
            self.captures.iter_mut().for_each(|c| c.text.gap());
            if self.aside.is_none() {
                self.lines.text.gap();
            }
        }
    }

    fn end(&mut self, name: Name<'_>) {
        if self.hidden == Some(self.depth) {
            self.hidden = None;
        }
        while self.captures.last().is_some_and(|c| c.depth == self.depth) {
            if let Some(capture) = self.captures.pop() {
                self.store(capture);
            }
        }
        for open in [&mut self.aside, &mut self.banner, &mut self.author, &mut self.reply, &mut self.in_title] {
            if *open == Some(self.depth) {
                *open = None;
            }
        }
        if self.player.as_ref().is_some_and(|p| p.depth == self.depth) {
            self.player = None;
        }
        if name.html && self.hidden.is_none() {
            // What follows such a heading beside it is of other pages.
            let leads_away = name.tag.is(HEADING)
                && name.tag != Tag::H1
                && self.aside.is_none()
                && self.lines.headline_seen()
                && self.lines.text.len() <= MAX_HEADING
                && heads_links(self.lines.text.text());
            if leads_away {
                self.aside = Some(self.depth - 1);
            }
            if name.tag.is(EDGE) {
                self.end_line();
                self.captures.iter_mut().for_each(|c| c.text.gap());
            }
            if self.in_headline.take_if(|depth| *depth == self.depth).is_some() {
                self.end_headline();
            }
            if matches!(name.tag, Tag::Article | Tag::Main) {
                self.articles = self.articles.saturating_sub(1);
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

/// Adds to a list what it does not have; false when it is full.
fn add<T: PartialEq>(list: &mut Vec<T>, item: T) -> bool {
    let known = list.contains(&item);
    let fits = known || list.len() < MAX_ITEMS;
    if fits && !known {
        list.push(item);
    }
    fits
}
