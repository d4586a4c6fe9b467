//! The name of the site that a page is of.

use super::title::{first_splits, last_splits};
use super::{Choice, Chosen, first, plain, plain_chars, said, same};
use crate::extract::facts::Facts;
use url::Url;

/// No name of a site is longer, in code points.
const MAX: usize = 60;

/// A name in a title has no more words.
const MAX_WORDS: usize = 5;

/// The host of a page as a name, in the letters that [`plain`] leaves: all of it, and the label before the public suffix.
struct HostName {
    domain: String,
    label: String,
}

impl HostName {
    fn of(url: &Url) -> Option<Self> {
        let (domain, label) = registered(url)?;
        let label = plain(label);
        // Shorter ones are words by chance.
        (label.chars().count() >= 3).then(|| Self { domain: plain(domain), label })
    }

    fn is(&self, text: &str) -> bool {
        plain_chars(text).eq(self.label.chars()) || plain_chars(text).eq(self.domain.chars())
    }
}

/// What a site's host calls it: the label before the public suffix (`bbc` of `news.bbc.co.uk`), or all of an address.
fn site_in_host(url: &Url) -> Option<String> {
    registered(url).map(|(_, label)| label).or(url.host_str()).map(str::to_owned)
}

/// The part of a host that its owner has registered, and the label in it before the public suffix.
fn registered(url: &Url) -> Option<(&str, &str)> {
    let domain = psl::domain_str(url.domain()?)?;
    Some((domain, domain.split_once('.')?.0))
}

impl Choice<'_> {
    pub(super) fn site_name(&self) -> Option<Chosen> {
        let is_named = |name: &String| !is_unnamed(name);
        let named = |text: &str| said(text).filter(is_named);
        // Some programs call each page an application of its own.
        let whole = |text: &str| named(text).filter(|text| self.is_front() || !self.is_headline(text));
        first(&[
            ("og:site_name", &|| self.og("og:site_name", named)),
            ("json-ld", &|| {
                let publisher = self.data.names("publisher").map(|names| names.join(", "));
                publisher.filter(is_named).or_else(|| self.data.site_name().filter(is_named))
            }),
            ("meta", &|| {
                self.any_meta(
                    &[
                        "application-name",
                        "apple-mobile-web-app-title",
                        "citation_journal_title",
                        "dc.publisher",
                        "citation_publisher",
                    ],
                    whole,
                )
            }),
            ("title", &|| self.site_in_title().filter(is_named)),
            ("feed", &|| self.site_in_feed().and_then(|name| named(&name))),
            ("title", &|| self.site_behind_bar().filter(is_named)),
            ("host", &|| self.context.url.and_then(site_in_host)),
        ])
    }

    /// The name of the site in `<title>`: a part of it that the host or a feed calls the site, or what stands beside the headline.
    fn site_in_title(&self) -> Option<String> {
        let title = self.facts.title.as_deref()?;
        let host = self.context.url.and_then(HostName::of);
        let feeds: Vec<&str> = self.feed_names().collect();
        let is_named =
            |part: &str| host.as_ref().is_some_and(|host| host.is(part)) || feeds.iter().any(|feed| same(feed, part));
        let is_short = |part: &str| part.chars().count() <= MAX;
        let last = || last_splits(title).flat_map(|(rest, part)| [part, last_part(rest)]);
        let parts =
            || last().chain(first_splits(title).map(|(part, _)| part)).chain(title.split_once(": ").map(|p| p.0));
        let named = || parts().find(|part| is_named(part));
        let beside = || {
            // A colon parts a heading at the top from another only where both are names of their own.
            if let Some((site, rest)) = title.split_once(": ")
                && self.is_first_heading(site)
                && self.is_heading(rest)
            {
                return Some(site);
            }
            if let Some(part) = self.behind_headline(title).filter(|part| is_short(part)) {
                return Some(part);
            }
            let is_named_above = |rest: &str, part: &str| self.is_first_heading(part) && self.is_heading(rest);
            let at_end = last_splits(title)
                .find(|(rest, part)| (self.is_headline(rest) || is_named_above(rest, part)) && is_short(part));
            // What stands last names the site; parts of it stand before.
            at_end.map(|(_, part)| last_part(part)).or_else(|| {
                let is_short = |part: &str| is_short(part) && part.split_whitespace().count() <= MAX_WORDS;
                let at_start = first_splits(title)
                    .find(|(part, rest)| self.is_headline(rest) && is_short(part) && !self.is_heading(part));
                at_start.map(|(part, _)| part)
            })
        };
        let in_words = || host.as_ref().and_then(|host| words_of(title, host)).map(|words| with_rest(title, words));
        named().or_else(beside).or_else(in_words).and_then(said)
    }

    /// What stands last in a title that begins with the headline, in scripts that write no spaces between its parts.
    fn behind_headline<'t>(&self, title: &'t str) -> Option<&'t str> {
        let headline = Facts::tags(&self.facts.open_graph, "og:title").chain(self.facts.first_h1.as_deref());
        let rest = headline.filter(|text| plain(text).len() >= 4).find_map(|text| title.strip_prefix(text))?;
        let part = rest.trim_start_matches(['_', '|', '-', '｜']);
        (part.len() < rest.len() && !part.is_empty()).then(|| last_part(part))
    }

    /// What stands last in `<title>` behind a bar, which parts a page from its site more often than not: a few words, fewer than those
    /// before, that are no heading.
    fn site_behind_bar(&self) -> Option<String> {
        let (rest, part) = self.facts.title.as_deref()?.rsplit_once(" | ")?;
        let words = |text: &str| text.split_whitespace().count();
        let is_short = words(part) < words(rest) && words(part) <= MAX_WORDS && part.chars().count() <= MAX;
        (is_short && !self.is_front() && !self.is_heading(part)).then(|| said(part)).flatten()
    }

    fn is_headline(&self, text: &str) -> bool {
        plain(text).len() >= 4
            && (self.is_first_heading(text) || self.og("og:title", |t| same(t, text).then_some(())).is_some())
    }

    fn is_heading(&self, text: &str) -> bool {
        self.facts.headings.iter().take(20).any(|heading| same(&heading.text, text))
    }

    fn is_first_heading(&self, text: &str) -> bool {
        self.facts.first_h1.as_deref().is_some_and(|h1| same(h1, text))
    }

    /// What the first feed is called, unless that is what the page is called.
    fn site_in_feed(&self) -> Option<String> {
        let name = self.feed_names().next()?;
        let is_page = |text: &Option<String>| text.as_deref().is_some_and(|text| same(text, name));
        let begins_well = name.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase()) || name.contains('.');
        let is_name = begins_well && name.split_whitespace().count() <= MAX_WORDS && name.chars().count() <= MAX;
        (is_name && !is_page(&self.facts.title) && !is_page(&self.facts.first_h1)).then(|| name.to_owned())
    }

    fn feed_names(&self) -> impl Iterator<Item = &str> {
        self.facts.feeds.iter().take(8).filter_map(|feed| feed_name(feed.title.as_deref()?))
    }
}

/// What programs call a site that nobody has named yet.
pub(super) fn is_unnamed(name: &str) -> bool {
    const DEFAULTS: &[&str] = &[
        "mysite",
        "mysite1",
        "mywebsite",
        "myblog",
        "mywordpress",
        "mywordpressblog",
        "mywordpresssite",
        "mywordpresswebsite",
        "justanotherwordpresssite",
        "sitename",
        "sitetitle",
        "yoursite",
        "yoursitename",
        "yoursitetitle",
        "yourwebsite",
        "meinewebsite",
        "meineseite",
        "monsite",
        "misitio",
        "misitioweb",
        "meusite",
        "ilmiosito",
        "untitled",
        "website",
        "home",
        "homepage",
        "startseite",
        "default",
        "localhost",
    ];
    DEFAULTS.contains(&&*plain(name))
}

fn last_part(text: &str) -> &str {
    last_splits(text).next().map_or(text, |(_, last)| last)
}

/// The words in a title that are the host's name, written as people do.
fn words_of<'a>(title: &'a str, host: &HostName) -> Option<&'a str> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for word in title.split(' ').take(64) {
        words.push((at, word));
        at += word.len() + 1;
    }
    let found = (1..=3).rev().flat_map(|count| words.windows(count)).find_map(|window| {
        let ((start, _), (last, word)) = (window.first()?, window.last()?);
        title.get(*start..last + word.len()).filter(|text| host.is(text))
    })?;
    Some(found.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// The last part of a title, if it is a few words that begin with the name: `Kestrel Forums`.
fn with_rest<'a>(title: &'a str, name: &'a str) -> &'a str {
    const MAX_WORDS: usize = 3;
    let begins = |part: &&str| {
        part.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '))
            && part.split(' ').count() <= MAX_WORDS
            && part.chars().all(|c| c.is_alphanumeric() || c == ' ')
    };
    last_splits(title).next().map(|(_, part)| part).filter(begins).unwrap_or(name)
}

/// What a feed is of: its title without the words that say that it is a feed.
fn feed_name(title: &str) -> Option<&str> {
    /// `WordPress` begins with the site's name, in every language.
    const WORDPRESS: &[&str] = &[" » ", " &raquo; ", " › "];
    const FEED: &[&str] =
        &["rss", "rss2", "rss20", "atom", "feed", "feeds", "rssfeed", "newsfeed", "json", "xml", "flux", "canal", "20"];
    const SMALL: &[&str] = &["for", "of", "für", "von", "para", "de", "pour", "per", "voor", "the"];
    const NO_NAME: &[&str] = &[
        "news",
        "blog",
        "articles",
        "posts",
        "latest",
        "latestposts",
        "latestnews",
        "comments",
        "subscribe",
        "nachrichten",
        "aktuelles",
        "home",
        "main",
        "all",
        "alle",
        "headlines",
        "entries",
        "allposts",
        "recentposts",
        "recentchanges",
        "podcast",
        "subscription",
    ];
    let title = WORDPRESS.iter().find_map(|mark| title.split_once(mark)).map_or(title, |(site, _)| site);
    let is = |list: &[&str], word: &str| {
        let word = plain(word);
        word.is_empty() || list.contains(&word.as_str())
    };
    let mut name = title.trim();
    let mut began = false;
    while let Some((word, rest)) = name.split_once(' ')
        && (is(FEED, word) || (began && is(SMALL, word)))
    {
        (name, began) = (rest.trim_start(), true);
    }
    while let Some((rest, word)) = name.rsplit_once(' ')
        && is(FEED, word)
    {
        name = rest.trim_end();
    }
    let name = name.trim_end_matches([':', '»', ' ']);
    let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    (!is(FEED, name) && !is(NO_NAME, name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_in_its_part_of_the_title() {
        for (title, want) in [
            ("A walk - Kestrel Forums", "Kestrel Forums"),
            ("A walk - Kestrel", "Kestrel"),
            ("A walk with Kestrel - by Ana", "Kestrel"),
            ("A walk - Kestrel: boots and more", "Kestrel"),
            ("A walk - Kestrel is what I saw", "Kestrel"),
        ] {
            assert_eq!(with_rest(title, "Kestrel"), want, "{title}");
        }
    }

    #[test]
    fn a_feed_names_its_site() {
        for (title, want) in [
            ("Garden Notes » Feed", Some("Garden Notes")),
            ("Garden Notes » Pruning roses Comments Feed", Some("Garden Notes")),
            ("Feed para O Jardim »", Some("O Jardim")),
            ("Alte Karten - Atom", Some("Alte Karten")),
            ("Feed - Radio-Forum", Some("Radio-Forum")),
            ("Tide Wiki Atom feed", Some("Tide Wiki")),
            ("Ana Kestrel's RSS Feed", Some("Ana Kestrel")),
            ("RSS 2.0", None),
            ("RSS", None),
            ("Blog Feed", None),
            ("", None),
        ] {
            assert_eq!(feed_name(title), want, "{title}");
        }
    }
}
