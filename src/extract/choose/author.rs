//! Who wrote the page.

use super::{Choice, Chosen, is_url, plain, said, same};
use crate::extract::hints::{Hint, Seen};
use crate::extract::walk::bare_host;

/// No name of a person or of a few of them is longer, in code points.
const MAX: usize = 120;

/// Most authors named.
const MAX_NAMES: usize = 100;

impl Choice<'_> {
    pub(super) fn author(&self, site: Option<&str>) -> Option<Chosen> {
        let lists_others = self.lists_others();
        let shown: &[Hint] = if lists_others { &[] } else { &self.hints.authors };
        let sources: [(&'static str, &dyn Fn() -> Vec<String>); 12] = [
            ("json-ld", &|| self.data.names("author").or_else(|| self.data.names("creator")).unwrap_or_default()),
            ("article:author", &|| {
                crate::extract::facts::Facts::tags(&self.facts.open_graph, "article:author")
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
            ("microdata", &|| hints(&self.hints.authors, Seen::Property)),
            ("rel=author", &|| hints(&self.hints.authors, Seen::Marked)),
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

    fn meta_names(&self, names: &[&str]) -> Vec<String> {
        names
            .iter()
            .map(|name| self.metas(name).map(str::to_owned).collect::<Vec<_>>())
            .find(|list| !list.is_empty())
            .unwrap_or_default()
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
            (is_cjk || (2..=12).contains(&words) || (words == 1 && is_named))
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

/// A name without `By` before it and without what follows of dates and roles; an address or a sentence is none. `shown` says
/// that it is a line for readers, in which a word such as `von` more often means `by` than belongs to the name.
fn name(text: &str, shown: bool) -> Option<String> {
    const BEFORE: &[&str] = &[
        "written by",
        "posted by",
        "published by",
        "words by",
        "story by",
        "text by",
        "by",
        "authors",
        "author",
        "geschrieben von",
        "verfasst von",
        "eingestellt von",
        "gepostet von",
        "veröffentlicht von",
        "autor",
        "autorin",
        "text:",
        "écrit par",
        "rédigé par",
        "publié par",
        "auteur",
        "escrito por",
        "publicado por",
        "postado por",
        "scritto da",
        "pubblicato da",
        "a cura di",
        "autore",
        "geschreven door",
        "skrevet af",
        "skrevet av",
        "автор",
        "автор текста",
        "текст:",
        "文：",
        "文・",
        "文／",
        "取材・文",
        "著者",
        "筆者",
        "執筆",
        "作者",
        "撰文",
        "記者",
        "记者",
        "글:",
        "كتب",
        "كتبت",
        "بقلم",
    ];
    /// What `by` is elsewhere; names begin with them, too.
    const PARTICLES: &[&str] = &["von", "par", "por", "door", "from", "di", "af", "av", "de", "przez", "oleh"];
    /// What stands between such a word and the name.
    const MARKS: [char; 7] = [' ', ':', '：', '・', '／', '/', '\u{a0}'];
    let mut text = said(text)?;
    for _ in 0..2 {
        let lower = text.to_lowercase();
        let leads = |start: &&&str| {
            lower.strip_prefix(**start).is_some_and(|rest| start.ends_with(MARKS) || rest.starts_with(MARKS))
        };
        // Two words are left of a name that one of them stood before.
        let particle = || PARTICLES.iter().find(leads).filter(|_| shown && text.split_whitespace().count() > 2);
        let Some(start) = BEFORE.iter().find(leads).or_else(particle) else { break };
        // Lower-casing may change lengths, but not of these words.
        let rest = text.get(start.len()..)?.trim_start_matches(MARKS).to_owned();
        if rest.is_empty() {
            return None;
        }
        text = rest;
    }
    // What follows a bar or a bullet, and a date after a comma, is no name.
    let cut = text.find(['|', '•', '·', '»', '(']).filter(|at| *at > 0).unwrap_or(text.len());
    text.truncate(cut);
    let numbered = text
        .match_indices([',', '-', '–'])
        .find(|(at, sign)| text[at + sign.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit()));
    if let Some((at, _)) = numbered {
        text.truncate(at);
    }
    let text = text.trim_end_matches([',', '-', '–', ' ', ':', ';']);
    let text = said(text)?;
    if BEFORE.contains(&&*text.to_lowercase())
        || [
            "posted on",
            "published on",
            "published",
            "posted",
            "admin",
            "administrator",
            "super user",
            "unknown",
            "none",
        ]
        .contains(&&*text.to_lowercase())
    {
        return None;
    }
    let has_letter = text.chars().any(char::is_alphabetic);
    (has_letter && text.chars().count() <= MAX && !is_url(&text) && !text.contains("://")).then_some(text)
}
