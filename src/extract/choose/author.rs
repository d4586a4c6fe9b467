//! Who wrote the page.

use super::person::{given_first, is_label, name};
use super::{Choice, Chosen, plain, said, same};
use crate::extract::hints::{Hint, Seen};
use crate::extract::walk::bare_host;
use serde_json::Value;

/// Most authors named.
const MAX_NAMES: usize = 100;

impl Choice<'_> {
    pub(super) fn author(&self, site: Option<&str>) -> Option<Chosen> {
        let lists_others = self.lists_others();
        let shown: &[Hint] = if lists_others || self.is_product() { &[] } else { &self.hints.authors };
        // One name on all of a list is that of its author, too.
        let marked = |seen: Seen| {
            let names = hints(&self.hints.authors, seen);
            let differ = lists_others && names.windows(2).any(|pair| !same(&pair[0], &pair[1]));
            if differ { Vec::new() } else { names }
        };
        let sources: [(&'static str, &dyn Fn() -> Vec<String>); 14] = [
            ("json-ld", &|| self.data.names("author").or_else(|| self.data.names("creator")).unwrap_or_default()),
            ("article:author", &|| {
                ["article:author", "book:author"]
                    .iter()
                    .flat_map(|name| crate::extract::facts::Facts::tags(&self.facts.open_graph, name))
                    .filter(|name| !name.starts_with('/'))
                    .map(str::to_owned)
                    .collect()
            }),
            ("meta", &|| self.meta_names(&["author"])),
            ("meta", &|| {
                self.meta_names(&[
                    "citation_author",
                    "parsely-author",
                    "sailthru.author",
                    "dc.creator",
                    "dcterms.creator",
                    "dc:creator",
                    "dcterm:creator",
                    "dc.contributor",
                    "byl",
                    "article.author",
                    "article_author",
                    "cxenseparse:author",
                    "creator",
                    "book:author",
                ])
            }),
            ("meta", &|| self.parsely_authors()),
            ("twitter:data", &|| self.labelled()),
            ("microdata", &|| marked(Seen::Property)),
            ("rel=author", &|| marked(Seen::Marked)),
            ("class", &|| hints(shown, Seen::Card).into_iter().take(1).collect()),
            ("link", &|| first_line(shown)),
            ("class", &|| strict(hints(shown, Seen::Class)).into_iter().take(1).collect()),
            ("class", &|| self.hints.byline.iter().filter(|_| !lists_others).cloned().collect()),
            ("text", &|| strict(hints(shown, Seen::Line)).into_iter().take(1).collect()),
            ("twitter:creator", &|| self.twitter("twitter:creator", said).into_iter().collect()),
        ];
        sources.iter().find_map(|(source, ask)| {
            let shown = ["link", "class", "text"].contains(source);
            let mut names: Vec<String> = Vec::new();
            for name in ask().iter().filter_map(|text| name(text, shown)) {
                if names.len() < MAX_NAMES
                    && !self.is_site(&name, site)
                    && !names.iter().any(|known| same(known, &name))
                {
                    names.push(name);
                }
            }
            (!names.is_empty()).then(|| (*source, names.join(", ")))
        })
    }

    fn parsely_authors(&self) -> Vec<String> {
        let page = self.parsely().unwrap_or_default();
        let list = page.get("authors").or_else(|| page.get("author"));
        match list {
            Some(Value::Array(names)) => names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
            Some(Value::String(name)) => vec![name.clone()],
            _ => Vec::new(),
        }
    }

    /// What a card says below a label such as `Written by`.
    fn labelled(&self) -> Vec<String> {
        let pairs = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
        let named = |label| self.twitter(label, |text| is_label(text).then_some(())).is_some();
        pairs
            .iter()
            .filter(|(label, _)| named(label))
            .find_map(|(_, data)| self.twitter(data, said))
            .into_iter()
            .collect()
    }

    fn meta_names(&self, names: &[&str]) -> Vec<String> {
        let all = |name: &&str| {
            let list: Vec<&str> = self.metas(name).collect();
            let is_catalogue = name.starts_with("citation_") || name.starts_with("dc");
            let one_each = is_catalogue && list.len() > 1;
            list.iter()
                .map(|text| is_catalogue.then(|| given_first(text, one_each)).flatten().unwrap_or((*text).to_owned()))
                .collect::<Vec<_>>()
        };
        names.iter().map(all).find(|list| !list.is_empty()).unwrap_or_default()
    }

    /// A site does not write its own pages: its name in an author's place says that no author is named.
    fn is_site(&self, name: &str, site: Option<&str>) -> bool {
        let host = self.context.url.and_then(|url| url.host_str()).map(bare_host);
        let handle = || self.twitter("twitter:site", |site| same(site, name).then_some(()));
        let holds = |site: &str| {
            let site = plain(site);
            site.chars().count() >= 6 && plain(name).contains(&site)
        };
        site.is_some_and(|site| same(site, name) || holds(site))
            || host.is_some_and(|host| same(host, name))
            || (name.starts_with('@') && handle().is_some())
    }
}

fn hints(hints: &[Hint], seen: Seen) -> Vec<String> {
    hints.iter().filter(|hint| hint.seen == seen).map(|hint| hint.text.clone()).collect()
}

/// The names in the first line with a link to an author: several may have written a page, and those of other lines wrote others.
fn first_line(authors: &[Hint]) -> Vec<String> {
    let linked = || authors.iter().filter(|hint| hint.seen == Seen::Linked);
    let names = |line: u32| strict(linked().filter(|hint| hint.line == line).map(|hint| hint.text.clone()).collect());
    linked().map(|hint| names(hint.line)).find(|names| !names.is_empty()).unwrap_or_default()
}

/// Only what looks like the name of a person, where a mere class says that it is one: two words or more, or one after `by`, without
/// numbers.
fn strict(texts: Vec<String>) -> Vec<String> {
    texts
        .into_iter()
        .filter(|text| {
            let Some(name) = name(text, true) else { return false };
            let words = name.split_whitespace().count();
            let is_cjk =
                name.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7af}').contains(&c));
            let is_named = !text.trim_start().starts_with(&name) && !is_office(&name);
            // `by a Creative Commons licence`, `by the editors`.
            let is_thing = ["a ", "an ", "the ", "our ", "this "].iter().any(|article| name.starts_with(article));
            !is_thing
                && (is_cjk || (2..=12).contains(&words) || (words == 1 && is_named))
                && !name.contains(|c: char| c.is_ascii_digit() || matches!(c, ':' | '?' | '!' | '“' | '"'))
        })
        .collect()
}

/// Whether one word names those who do the work at a site, rather than one of them.
fn is_office(word: &str) -> bool {
    [
        "staff",
        "editor",
        "editors",
        "editorial",
        "redaktion",
        "redaction",
        "rédaction",
        "redacción",
        "redazione",
        "redakcja",
        "team",
        "guest",
    ]
    .contains(&&*word.to_lowercase())
}
