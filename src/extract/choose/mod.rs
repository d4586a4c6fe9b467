//! Picking the value of each field from the facts: the first valid one in a fixed order of sources.

mod author;
mod dates;
mod media;
mod names;
mod person;
mod site;
mod title;

use super::base::Base;
use super::facts::Facts;
use super::hints::Hints;
use super::structured::StructuredData;
use super::text::{filled, plain, plain_chars};
use super::{Context, Page};
use std::cell::Cell;
use std::collections::HashMap;

pub(super) fn page(mut facts: Facts, mut hints: Hints<'_>, base: &Base, context: &Context<'_>) -> Page {
    let marked = std::mem::take(&mut hints.tags);
    let tags = if marked.is_empty() { std::mem::take(&mut hints.tag_paths) } else { marked };
    let data = StructuredData::new(&facts.json_ld_values);
    let choice = Choice { facts: &facts, hints: &hints, data, base, context, cut: Cell::new(false) };
    let site = choice.site_name();
    let named_site = site.as_ref().filter(|(source, _)| *source != "host").map(|(_, name)| name.clone());
    let mut sources = HashMap::new();
    let mut keep = |field: &str, chosen: Option<Chosen>| {
        let (source, value) = chosen?;
        sources.insert(field.to_owned(), source.to_owned());
        Some(value)
    };
    let mut page = Page {
        title: keep("title", choice.title(named_site.as_deref())),
        description: keep("description", choice.description(named_site.as_deref())),
        canonical_url: keep("canonical_url", choice.canonical_url()),
        lang: keep("lang", choice.lang()),
        image: keep("image", choice.image()),
        favicon: keep("favicon", choice.favicon()),
        logo: keep("logo", choice.logo()),
        author: keep("author", choice.author(named_site.as_deref())),
        published_at: keep("published_at", choice.published_at()),
        modified_at: keep("modified_at", choice.modified_at()),
        page_type: keep("page_type", choice.page_type()),
        theme_color: choice.meta("theme-color").and_then(filled),
        generator: choice.meta("generator").and_then(filled),
        keywords: choice.keywords(tags),
        videos: choice.videos(),
        audio: choice.audio(),
        social_profiles: choice.social_profiles(),
        ..Page::default()
    };
    page.incomplete = facts.incomplete || hints.incomplete || choice.cut.get();
    page.site_name = keep("site_name", site);
    page.sources = sources;
    page.emails = hints.emails;
    page.phones = hints.phones;
    page.declared_encoding = facts.declared_encoding;
    page.html_title = facts.title.take();
    page.open_graph = facts.open_graph;
    page.twitter = facts.twitter;
    page.meta = facts.meta;
    page.icons = facts.icons;
    page.feeds = facts.feeds;
    page.alternates = facts.alternates;
    page.headings = facts.headings;
    page.links = facts.links;
    page.images = facts.images;
    page.json_ld = facts.json_ld;
    page
}

/// Where a value came from, and the value.
type Chosen = (&'static str, String);

/// One source of a field: its name, and how to ask it.
type Source<'a> = (&'static str, &'a dyn Fn() -> Option<String>);

/// The value of the first source that has one.
fn first(sources: &[Source<'_>]) -> Option<Chosen> {
    sources.iter().find_map(|(name, ask)| Some((*name, ask()?)))
}

struct Choice<'a> {
    facts: &'a Facts,
    hints: &'a Hints<'a>,
    data: StructuredData<'a>,
    base: &'a Base,
    context: &'a Context<'a>,
    /// A list was full.
    cut: Cell<bool>,
}

impl Choice<'_> {
    /// The first value of an Open Graph tag that `read` accepts.
    fn og<T>(&self, name: &str, read: impl FnMut(&str) -> Option<T>) -> Option<T> {
        Facts::tags(&self.facts.open_graph, name).find_map(read)
    }

    fn twitter<T>(&self, name: &str, read: impl FnMut(&str) -> Option<T>) -> Option<T> {
        Facts::tags(&self.facts.twitter, name).find_map(read)
    }

    /// The contents of the `<meta>` of a name, in document order.
    fn metas<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let tags = self.facts.meta.iter().chain(&self.facts.properties);
        tags.filter(move |t| t.name.eq_ignore_ascii_case(name) && !t.content.is_empty()).map(|t| t.content.as_str())
    }

    fn meta<'s>(&'s self, name: &'s str) -> Option<&'s str> {
        self.metas(name).next()
    }

    /// The first of several `<meta>` that has a valid value.
    fn any_meta<'s, T>(&'s self, names: &[&'s str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| self.metas(name).find_map(&read))
    }

    /// Whether the page is a list of others, so that the names and dates shown on it are theirs: it calls itself one, or it stands where
    /// lists do and shows more than one date.
    fn lists_others(&self) -> bool {
        let days = || self.hints.published.iter().map(|hint| hint.text.get(..10));
        let is_declared = || self.data.page_type().is_some_and(|name| name == "CollectionPage");
        let is_placed = || self.is_front() || self.context.url.is_some_and(|url| is_list_path(url.path()));
        self.hints.is_archive
            || is_declared()
            || (is_placed() && days().next().is_some_and(|first| days().any(|day| day != first)))
    }

    /// What a page tells Parse.ly of itself, in the way of its first years.
    fn parsely(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.meta("parsely-page")?).ok()
    }

    /// Whether the page sells something: names and dates that are shown there are those of its reviews.
    fn is_product(&self) -> bool {
        let is_tagged = || self.og("og:type", |kind| kind.starts_with("product").then_some(())).is_some();
        is_tagged() || self.data.page_type().is_some_and(|kind| kind == "Product")
    }

    fn is_front(&self) -> bool {
        self.context.url.is_some_and(|url| url.path() == "/" && url.query().is_none())
    }

    fn item(&self, name: &str) -> Option<&str> {
        self.facts.item_properties.iter().find(|t| t.name == name && !t.content.is_empty()).map(|t| t.content.as_str())
    }
}

/// Whether a path ends as those of lists do: `/category/…`, `/tag/…`, `/page/2`.
fn is_list_path(path: &str) -> bool {
    /// Where sites list all that they write.
    const ALL: &[&str] = &[
        "news",
        "blog",
        "articles",
        "posts",
        "archive",
        "archives",
        "press",
        "aktuelles",
        "nachrichten",
        "actualites",
        "noticias",
        "notizie",
        "nieuws",
    ];
    const LISTS: &[&str] = &[
        "category",
        "categories",
        "tag",
        "tags",
        "author",
        "authors",
        "kategorie",
        "kategorien",
        "schlagwort",
        "autor",
        "categorie",
        "catégorie",
        "auteur",
        "categoria",
        "etiqueta",
        "autore",
        "kategoria",
        "kategori",
        "etiket",
        "yazar",
    ];
    let mut parts = path.trim_end_matches('/').rsplit('/');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_number = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    ALL.contains(&last) || LISTS.contains(&before) || (before == "page" && is_number)
}

/// A text that says something: not blank, and no hole of a template that was never filled.
fn said(text: &str) -> Option<String> {
    let text = filled(text)?;
    let is_hole = (text.contains("{{") && text.contains("}}")) || (text.starts_with("${") && text.ends_with('}'));
    let is_nothing = ["null", "undefined", "n/a", "[object object]"].iter().any(|word| text.eq_ignore_ascii_case(word));
    (!is_hole && !is_nothing).then_some(text)
}

/// Texts as they are compared: letters and digits only, in lower case.
fn same(a: &str, b: &str) -> bool {
    let mut letters = plain_chars(a).peekable();
    letters.peek().is_some() && letters.eq(plain_chars(b))
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "//", "www."].iter().any(|start| text.starts_with(start))
}
