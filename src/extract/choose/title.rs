//! The title, without the name of the site where the page itself shows that it is one.

use super::site::is_unnamed;
use super::{Choice, Chosen, first, plain, said, same};
use crate::extract::walk::bare_host;

/// What stands between a title and the name of a site, with white space around it.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " :: ", " : ", " / ", " ~ ", " › ", " ‹ ", "--", "│", "｜",
    "_", "：",
];

impl Choice<'_> {
    pub(super) fn title(&self, site: Option<&str>) -> Option<Chosen> {
        let own = |text: &str| said(text).filter(|text| self.is_own(text, site));
        first(&[
            ("og:title", &|| self.og("og:title", own)),
            ("twitter:title", &|| self.twitter("twitter:title", own)),
            ("meta", &|| {
                self.any_meta(
                    &[
                        "citation_title",
                        "parsely-title",
                        "dc.title",
                        "dcterms.title",
                        "dc:title",
                        "title",
                        "sailthru.title",
                    ],
                    own,
                )
            }),
            ("title", &|| self.facts.title.as_deref().and_then(said)),
            ("json-ld", &|| self.data.text("headline")),
            ("h1", &|| self.facts.first_h1.clone()),
            ("class", &|| self.hints.headline.as_deref().and_then(said)),
            // The site's name is still better than nothing.
            ("og:title", &|| self.og("og:title", said)),
        ])
        .map(|(source, title)| (source, self.without_site(self.unbroken(title), site)))
    }

    /// Whether a title is the page's own: a page below the front page that only repeats the site's name has none.
    fn is_own(&self, title: &str, site: Option<&str>) -> bool {
        self.is_front()
            || !site.is_some_and(|site| same(title, site))
            || self.facts.title.as_deref().is_none_or(|t| same(t, title))
    }

    /// A tag whose value holds quotes that were not escaped ends at the first of them; `<title>` has the rest.
    fn unbroken(&self, title: String) -> String {
        let whole = self.facts.title.as_deref().unwrap_or_default();
        match whole.strip_prefix(title.as_str()).map(str::trim_start) {
            Some(rest) if rest.starts_with(['"', '“', '”', '\'']) => whole.to_owned(),
            _ => title,
        }
    }

    /// Takes off the site's name at either end, if the page tells that it is the site's: it says so elsewhere, or its headline is the
    /// rest.
    fn without_site(&self, title: String, site: Option<&str>) -> String {
        if self.is_front() {
            return title;
        }
        let host = self.context.url.and_then(|url| url.host_str()).map(bare_host);
        let is_site = |part: &str| {
            is_unnamed(part)
                || site.is_some_and(|site| same(part, site))
                || host.is_some_and(|host| {
                    let part = plain(part);
                    let label = host.rsplit('.').nth(1).unwrap_or_default();
                    part.len() >= 3 && (part == plain(host) || part == plain(label))
                })
        };
        let headline = |rest: &str| {
            plain(rest).len() >= 4
                && (self.facts.headings.iter().filter(|h| h.level <= 2).take(20).any(|h| same(&h.text, rest))
                    || self.hints.headline.as_deref().is_some_and(|h| same(h, rest)))
        };
        // A short heading before more than one separator may be that of a section.
        let is_most = |at: usize, rest: &str| at == 0 || plain(rest).len() * 2 >= plain(&title).len();
        let before = last_splits(&title).enumerate().find(|(at, (rest, _))| headline(rest) && is_most(*at, rest));
        if let Some((_, (rest, _))) = before {
            return rest.to_owned();
        }
        for (rest, part) in last_splits(&title) {
            if is_site(part) && !rest.is_empty() {
                return rest.to_owned();
            }
        }
        for (part, rest) in first_splits(&title) {
            if (is_site(part) && !rest.is_empty()) || (headline(rest) && plain(part).chars().count() <= 30) {
                return rest.to_owned();
            }
        }
        // A colon is more often a part of the title.
        let begun = title.split_once(": ").filter(|(part, _)| is_site(part)).map(|(_, rest)| rest);
        let ended = || title.rsplit_once(": ").filter(|(_, part)| is_site(part)).map(|(rest, _)| rest);
        if let Some(rest) = begun.or_else(ended).map(str::trim).filter(|rest| rest.contains(char::is_alphabetic)) {
            return rest.to_owned();
        }
        title
    }
}

/// The title cut at each separator, from the last one on: what stands before and after it.
pub(super) fn last_splits(title: &str) -> impl Iterator<Item = (&str, &str)> {
    // A sign without white space around it may as well be a part of a name: of those the last only.
    let most = |separator: &str| if separator.starts_with(' ') { 3 } else { 1 };
    let places = SEPARATORS.iter().flat_map(|s| title.rmatch_indices(s).take(most(s)));
    let mut places: Vec<(usize, usize)> = places.map(|(at, sign)| (at, sign.len())).collect();
    places.extend(dense(title).last());
    places.sort_unstable();
    // Nearer to the end first, and of the same place the longest separator.
    places.into_iter().rev().map(|(at, length)| (title[..at].trim(), title[at + length..].trim())).take(4)
}

/// As [`last_splits`], from the first separator on.
pub(super) fn first_splits(title: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut places: Vec<(usize, usize)> =
        SEPARATORS.iter().filter_map(|s| title.find(s).map(|at| (at, s.len()))).collect();
    places.extend(dense(title).next());
    places.sort_unstable();
    places.into_iter().map(|(at, length)| (title[..at].trim(), title[at + length..].trim())).take(2)
}

/// Where a script that writes no spaces has a separator without them.
fn dense(title: &str) -> impl Iterator<Item = (usize, usize)> {
    let is_dense = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    title.match_indices(['-', '|', '–', '—', '_']).map(|(at, sign)| (at, sign.len())).filter(move |(at, length)| {
        let before = title[..*at].ends_with(is_dense);
        let after = title[at + length..].starts_with(is_dense);
        // A hyphen is as much a part of a name.
        if title[*at..].starts_with(['_', '|']) { before || after } else { before && after }
    })
}
