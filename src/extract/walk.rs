//! One walk over the document that gathers the facts.

use super::Context;
use super::base::{Base, MAX_URL_BYTES};
use super::events::{Attributes, Events, Name};
use super::facts::{self, Alternate, Capture, Facts, Feed, Heading, Icon, Image, Link};
use super::json_ld;
use super::tag::{EDGE, Tag};
use super::text::{Collapsed, filled};
use crate::decode::media_type::MediaType;
use crate::decode::prescan;
use url::Url;

/// Longest list, and most bytes of all lists together, that are kept: pages beyond these are attacks or mistakes.
const MAX_ITEMS: usize = 20_000;
const MAX_BYTES: usize = 32 << 20;

/// Elements inside one another whose texts are collected at the same time.
const MAX_CAPTURES: usize = 32;

/// Names in one `property` attribute; pages have one or two.
const MAX_PROPERTIES: usize = 8;

/// The prefixes of Open Graph and the vocabularies that extend it.
const OPEN_GRAPH: &[&str] = &["og:", "article:", "book:", "profile:", "music:", "video:", "fb:", "product:"];

/// The microdata properties that a field may be taken from.
const ITEM_PROPERTIES: &[&str] = &["description", "headline", "image"];

/// Where a captured text goes when its element ends.
enum Goal {
    Title,
    Heading(u8),
    Link(usize),
    ItemProperty(usize),
}

/// Gathers the facts of one page from its events.
pub(super) struct Walk<'a> {
    context: &'a Context<'a>,
    base: Base,
    /// The page's host without a leading `www.`.
    host: Option<String>,
    facts: Facts,
    /// How many elements are open; the depth of an element is this number from its start to its end.
    depth: u32,
    captures: Vec<Capture<Goal>>,
    /// What the lists hold.
    bytes: usize,
    /// The depth of the outermost open element whose content is not shown.
    hidden: Option<u32>,
    /// How many `<article>` or `<main>` are open.
    articles: usize,
    title_seen: bool,
    /// The text so far of the JSON-LD block that is open.
    json_ld: Option<String>,
}

impl Events for Walk<'_> {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        // Inside foreign content only text counts.
        if name.html {
            if name.tag == Tag::Script && is_json_ld(attributes) {
                self.json_ld = Some(String::new());
            }
            if self.hidden.is_none() {
                self.element(name.tag, attributes);
            }
        }
        if name.is_unshown() {
            self.hidden.get_or_insert(self.depth);
        }
    }

    fn listens(&self) -> bool {
        self.json_ld.is_some() || (self.hidden.is_none() && !self.captures.is_empty())
    }

    fn base(&mut self, href: &str) -> bool {
        if self.base.is_used() {
            return false;
        }
        self.base = Base::new(self.context.url, Some(href), self.context.encoding);
        self.facts.incomplete |= href.len() > MAX_URL_BYTES;
        true
    }

    fn text(&mut self, text: &str) {
        if let Some(json_ld) = &mut self.json_ld {
            json_ld.push_str(text);
        }
        if self.hidden.is_none() {
            for capture in &mut self.captures {
                capture.text.push(text);
            }
        }
    }

    fn blank(&mut self, text: &str) {
        if let Some(json_ld) = &mut self.json_ld {
            json_ld.push_str(text);
        }
        if self.hidden.is_none() {
            self.captures.iter_mut().for_each(|c| c.text.gap());
        }
    }

    fn end(&mut self, name: Name<'_>) {
        // A script holds nothing but text.
        if let Some(text) = self.json_ld.take() {
            self.store_json_ld(&text);
        }
        let shown = self.hidden.is_none();
        if self.hidden == Some(self.depth) {
            self.hidden = None;
        }
        while self.captures.last().is_some_and(|c| c.depth == self.depth) {
            if let Some(capture) = self.captures.pop() {
                self.store(capture);
            }
        }
        if name.html {
            if is_article(name.tag) && shown {
                self.articles = self.articles.saturating_sub(1);
            }
            if name.tag.is(EDGE) {
                self.captures.iter_mut().for_each(|c| c.text.gap());
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

impl<'a> Walk<'a> {
    /// A walk over a page whose first `<base href>`, wherever it stands, is `base_href`.
    pub(super) fn new(context: &'a Context<'a>, base_href: Option<&str>) -> Self {
        Self {
            context,
            base: Base::new(context.url, base_href, context.encoding),
            host: context.url.and_then(Url::host_str).map(bare_host).map(str::to_owned),
            facts: Facts { incomplete: base_href.is_some_and(|href| href.len() > MAX_URL_BYTES), ..Facts::default() },
            depth: 0,
            captures: Vec::new(),
            bytes: 0,
            hidden: None,
            articles: 0,
            title_seen: false,
            json_ld: None,
        }
    }

    /// The facts of the page, and what its URLs are relative to.
    pub(super) fn finish(self) -> (Facts, Base) {
        (self.facts, self.base)
    }

    fn element<A: Attributes>(&mut self, name: Tag, attributes: &A) {
        if name.is(EDGE) {
            self.captures.iter_mut().for_each(|c| c.text.gap());
        }
        match name {
            Tag::Html => {
                self.facts.html_lang = attributes.get("lang").or_else(|| attributes.get("xml:lang")).and_then(filled);
            }
            Tag::Title if !self.title_seen => {
                self.title_seen = true;
                self.capture(Goal::Title);
            }
            Tag::Meta => self.meta(attributes),
            Tag::Link => self.link_element(attributes),
            Tag::A | Tag::Area => self.anchor(name, attributes),
            Tag::Img => self.image(attributes),
            Tag::H1 => self.capture(Goal::Heading(1)),
            Tag::H2 => self.capture(Goal::Heading(2)),
            Tag::H3 => self.capture(Goal::Heading(3)),
            Tag::H4 => self.capture(Goal::Heading(4)),
            Tag::H5 => self.capture(Goal::Heading(5)),
            Tag::H6 => self.capture(Goal::Heading(6)),
            Tag::Article | Tag::Main => self.articles += 1,
            _ => {}
        }
        if let Some(property) = attributes.get("itemprop") {
            self.item_property(name, attributes, property);
        }
    }

    /// Whether one more item of so many bytes fits; takes note when it does not.
    fn fits(&mut self, list: usize, bytes: usize) -> bool {
        self.bytes += bytes;
        let fits = list < MAX_ITEMS && self.bytes <= MAX_BYTES;
        self.facts.incomplete |= !fits;
        fits
    }

    fn capture(&mut self, goes_to: Goal) {
        if self.captures.len() == MAX_CAPTURES {
            self.facts.incomplete = true;
            return;
        }
        self.captures.push(Capture { depth: self.depth, goes_to, text: Collapsed::default() });
    }

    fn store(&mut self, capture: Capture<Goal>) {
        self.facts.incomplete |= capture.text.clipped;
        let text = capture.text.finish();
        self.bytes += text.len();
        let filled = || (!text.is_empty()).then(|| text.clone());
        match capture.goes_to {
            Goal::Title => self.facts.title = filled(),
            Goal::Heading(level) => {
                if let Some(text) = filled() {
                    if level == 1 && self.facts.first_h1.is_none() {
                        self.facts.first_h1 = Some(text.clone());
                    }
                    if self.fits(self.facts.headings.len(), 0) {
                        self.facts.headings.push(Heading { level, text });
                    }
                }
            }
            Goal::Link(index) => self.facts.links[index].text = text,
            Goal::ItemProperty(index) => self.facts.item_properties[index].content = text,
        }
    }

    fn store_json_ld(&mut self, text: &str) {
        if text.trim().is_empty() || !self.fits(self.facts.json_ld.len(), text.len()) {
            return;
        }
        let (block, value) = json_ld::read(text);
        self.facts.json_ld.push(block);
        self.facts.json_ld_values.extend(value);
    }

    fn meta<A: Attributes>(&mut self, attributes: &A) {
        if let Some(label) = attributes.get("charset")
            && self.facts.declared_encoding.is_none()
        {
            self.facts.declared_encoding = prescan::declared(label.trim());
        }
        let Some(content) = attributes.get("content") else {
            return;
        };
        if let Some(pragma) = attributes.get("http-equiv") {
            if pragma.eq_ignore_ascii_case("content-type") && self.facts.declared_encoding.is_none() {
                self.facts.declared_encoding = prescan::charset_in(content).and_then(prescan::declared);
            } else if pragma.eq_ignore_ascii_case("content-language") {
                let first = content.split(',').next().and_then(filled);
                fill(&mut self.facts.content_language, first);
            }
        }
        let name = attributes.get("name").and_then(filled);
        let property = attributes.get("property").and_then(filled);
        let content = super::text::clip(content.trim(), super::text::MAX_BYTES);
        // Pages write Open Graph into `name` and Twitter's tags into `property` as often as not, and one tag may have several
        // properties (RDFa).
        let second = name.as_ref().filter(|name| property.as_ref() != Some(name));
        for keys in property.iter().chain(second) {
            self.facts.incomplete |= keys.split(' ').nth(MAX_PROPERTIES).is_some();
            for key in keys.split(' ').take(MAX_PROPERTIES).map(str::to_lowercase) {
                let is_open_graph = OPEN_GRAPH.iter().any(|prefix| key.starts_with(prefix));
                if !is_open_graph && !key.starts_with("twitter:") {
                    if name.is_none() && self.fits(self.facts.properties.len(), content.len()) {
                        self.facts.properties.push(facts::Tag { name: key, content: content.to_owned() });
                    }
                    continue;
                }
                let length = if is_open_graph { self.facts.open_graph.len() } else { self.facts.twitter.len() };
                if self.fits(length, content.len()) {
                    let list = if is_open_graph { &mut self.facts.open_graph } else { &mut self.facts.twitter };
                    list.push(facts::Tag { name: key, content: content.to_owned() });
                }
            }
        }
        if let Some(name) = name
            && self.fits(self.facts.meta.len(), content.len())
        {
            self.facts.meta.push(facts::Tag { name, content: content.to_owned() });
        }
    }

    fn link_element<A: Attributes>(&mut self, attributes: &A) {
        let (Some(rel), Some(href)) = (attributes.get("rel"), attributes.get("href")) else {
            return;
        };
        let Some(url) = self.base.web_text(href) else {
            return;
        };
        let rel = super::text::collapse(&rel.to_lowercase());
        let has = |word: &str| rel.split(' ').any(|r| r == word);
        let media_type = attributes.get("type").and_then(filled);
        if has("canonical") {
            fill(&mut self.facts.canonical, Some(url.clone()));
        }
        if has("image_src") {
            fill(&mut self.facts.image_src, Some(url.clone()));
        }
        if rel.split(' ').any(is_icon) {
            if self.fits(self.facts.icons.len(), url.len()) {
                let sizes = attributes.get("sizes").and_then(filled);
                self.facts.icons.push(Icon { url, rel, sizes, r#type: media_type });
            }
        } else if has("alternate") {
            self.alternate(url, attributes, media_type);
        }
    }

    fn alternate<A: Attributes>(&mut self, url: String, attributes: &A, media_type: Option<String>) {
        let is_feed = media_type.as_deref().is_some_and(|t| {
            matches!(
                MediaType::parse(t).map(|t| t.essence).unwrap_or_default().as_str(),
                "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" | "application/feed+json"
            )
        });
        if is_feed {
            if self.fits(self.facts.feeds.len(), url.len()) {
                let title = attributes.get("title").and_then(filled);
                self.facts.feeds.push(Feed { url, title, r#type: media_type });
            }
        } else if let Some(hreflang) = attributes.get("hreflang").and_then(filled)
            && self.fits(self.facts.alternates.len(), url.len())
        {
            self.facts.alternates.push(Alternate { hreflang, url });
        }
    }

    fn anchor<A: Attributes>(&mut self, name: Tag, attributes: &A) {
        if !self.context.parts.links {
            return;
        }
        let rel = attributes.get("rel").and_then(filled);
        let Some(url) = attributes.get("href").and_then(|href| self.base.web_url(href)) else {
            return;
        };
        if !self.fits(self.facts.links.len(), url.text.len()) {
            return;
        }
        let internal = self.host.as_deref() == Some(bare_host(url.host()));
        // An <area> has no content; its text is in `alt`.
        let is_area = name == Tag::Area;
        let text = attributes.get("alt").filter(|_| is_area).and_then(filled).unwrap_or_default();
        self.facts.links.push(Link { url: url.text, text, rel, internal });
        if !is_area {
            self.capture(Goal::Link(self.facts.links.len() - 1));
        }
    }

    fn image<A: Attributes>(&mut self, attributes: &A) {
        let is_wanted = self.context.parts.images;
        let is_of_article = self.articles > 0 && self.facts.article_image.is_none();
        if !is_wanted && !is_of_article {
            return;
        }
        let given = |name| attributes.get(name).filter(|v: &&str| !v.trim().is_empty());
        // Lazy loaders keep the address elsewhere, and a placeholder in `src`.
        let source = given("src").filter(|src| !src.trim_start().starts_with("data:"));
        let Some(url) = source.or_else(|| given("data-src")).and_then(|src| self.base.web_text(src)) else {
            return;
        };
        if is_of_article {
            self.facts.article_image = Some(url.clone());
        }
        if !is_wanted || !self.fits(self.facts.images.len(), url.len()) {
            return;
        }
        let image = Image {
            url,
            alt: attributes.get("alt").map(super::text::collapse),
            width: attributes.get("width").and_then(pixels),
            height: attributes.get("height").and_then(pixels),
            srcset: given("srcset").map(super::text::collapse),
        };
        self.bytes += image.srcset.as_ref().map_or(0, String::len);
        self.facts.images.push(image);
    }

    fn item_property<A: Attributes>(&mut self, name: Tag, attributes: &A, properties: &str) {
        let names = || properties.split_ascii_whitespace();
        // Blogger calls the whole text its description, too.
        let is_text = names().any(|name| name.eq_ignore_ascii_case("articleBody"));
        for key in names().map(str::to_ascii_lowercase) {
            if !ITEM_PROPERTIES.contains(&key.as_str()) || (is_text && key == "description") {
                continue;
            }
            if self.facts.item_properties.iter().any(|t| t.name == key) {
                continue;
            }
            let is_image = key == "image";
            let value = match name {
                Tag::Img => attributes.get("src"),
                Tag::Link => attributes.get("href"),
                Tag::Time => attributes.get("datetime"),
                _ => attributes.get("content"),
            };
            self.facts.item_properties.push(facts::Tag { name: key, content: value.unwrap_or_default().to_owned() });
            // A picture's text is its caption, never its address.
            if value.is_none() && !is_image {
                self.capture(Goal::ItemProperty(self.facts.item_properties.len() - 1));
            }
        }
    }
}

fn is_json_ld<A: Attributes>(script: &A) -> bool {
    script.get("type").is_some_and(|t| MediaType::parse(t).is_some_and(|t| t.essence == "application/ld+json"))
}

fn is_article(name: Tag) -> bool {
    matches!(name, Tag::Article | Tag::Main)
}

fn is_icon(rel: &str) -> bool {
    matches!(
        rel,
        "icon" | "shortcut" | "apple-touch-icon" | "apple-touch-icon-precomposed" | "mask-icon" | "fluid-icon"
    )
}

pub(super) fn bare_host(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// A dimension attribute by the HTML standard's rules for non-negative integers; percentages are none.
pub(super) fn pixels(value: &str) -> Option<u32> {
    let value = value.trim_start();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    if value[digits..].trim_start().starts_with('%') {
        return None;
    }
    value[..digits].parse().ok()
}

fn fill(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value;
    }
}
