//! When the page was published, and when it was changed. Never a guess from the day it is read.

use super::{Choice, Chosen, first};
use crate::extract::date;
use crate::extract::hints::{Hint, Seen};

/// Names of `<meta>` that say when a page was published, the surest first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "published_date",
    "published_at",
    "pubdate",
    "pub_date",
    "pdate",
    "publication_date",
    "publicationdate",
    "originalpublicationdate",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.created",
    "dcterms.date",
    "dc.date",
    "dcsext.articlefirstpublished",
    "bt:pubdate",
    "eprints.date",
    "date_published",
    "datecreated",
    "date",
    "created",
    "release_date",
    "govuk:first-published-at",
    "displaydate",
    "article_date_original",
    "video:release_date",
    "book:release_date",
    "music:release_date",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "article:modified",
    "og:article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "dc.modified",
    "lastmod",
    "last-modified",
    "lastmodified",
    "last_updated",
    "date_modified",
    "modified",
    "revision_date",
    "revised",
    "updated_time",
    "dateupdated",
    "bt:moddate",
    "govuk:public-updated-at",
    "govuk:updated-at",
    "utime",
];

impl Choice<'_> {
    pub(super) fn published_at(&self) -> Option<Chosen> {
        let lang = self.facts.html_lang.as_deref();
        let shown: &[Hint] = if self.lists_others() || self.is_product() { &[] } else { &self.hints.published };
        let events = self.data.event_days();
        let seen = |wanted: Seen| {
            let is_event = |date: &str| events.iter().any(|day| date.starts_with(day.as_str()));
            move || shown.iter().find(|hint| hint.seen == wanted && !is_event(&hint.text)).map(|hint| hint.text.clone())
        };
        let line = || seen(Seen::Line)().filter(|date| self.may_be_a_line(date));
        first(&[
            ("json-ld", &|| self.data.date("datePublished")),
            ("json-ld", &|| self.data.date("uploadDate")),
            ("json-ld", &|| self.data.date("dateCreated")),
            ("json-ld", &|| self.data.date("datePosted")),
            ("meta", &|| self.tag_date(PUBLISHED, lang)),
            ("meta", &|| date::normalise(self.parsely()?.get("pub_date")?.as_str()?)),
            ("microdata", &seen(Seen::Property)),
            ("time", &seen(Seen::Marked)),
            ("time", &seen(Seen::Linked)),
            ("url", &|| self.context.url.and_then(|url| date_in_path(url.path()))),
            ("class", &seen(Seen::Class)),
            ("text", &line),
            // Numbers alone are less sure.
            ("url", &|| self.context.url.and_then(|url| number_in_path(url.path()))),
            ("canonical", &|| {
                let url = url::Url::parse(self.facts.canonical.as_deref()?).ok()?;
                date_in_path(url.path())
            }),
        ])
    }

    pub(super) fn modified_at(&self) -> Option<Chosen> {
        let lang = self.facts.html_lang.as_deref();
        first(&[
            ("json-ld", &|| self.data.date("dateModified")),
            ("meta", &|| self.tag_date(MODIFIED, lang)),
            ("microdata", &|| hint(&self.hints.modified, Seen::Property)),
            ("page", &|| self.hints.modified.first().map(|hint| hint.text.clone())),
        ])
    }

    /// Whether a date that stands alone beside the headline may be that of the page, rather than of what the page is about.
    fn may_be_a_line(&self, date: &str) -> bool {
        /// The Web is not older.
        const FIRST_YEAR: &str = "1990";
        const EVENTS: &[&str] = &[
            "event",
            "events",
            "calendar",
            "veranstaltung",
            "veranstaltungen",
            "termin",
            "termine",
            "evenement",
            "evenements",
            "agenda",
            "evento",
            "eventos",
            "eventi",
            "evenementen",
            "wydarzenia",
            "akce",
            "etkinlik",
            "etkinlikler",
        ];
        let is_event = |url: &url::Url| url.path().split('/').any(|part| EVENTS.contains(&part));
        // A wiki says when a page was changed, and nowhere when it was begun.
        let is_wiki = self.meta("generator").is_some_and(|name| name.starts_with("MediaWiki"));
        date >= FIRST_YEAR && !is_wiki && !self.context.url.is_some_and(is_event)
    }

    /// The first readable date of the named tags, `<meta>` and Open Graph alike.
    fn tag_date(&self, names: &[&str], lang: Option<&str>) -> Option<String> {
        let read = |text: &str| date::normalise_in(text, lang);
        names.iter().find_map(|name| self.og(name, read).or_else(|| self.metas(name).find_map(read)))
    }
}

fn hint(hints: &[Hint], seen: Seen) -> Option<String> {
    hints.iter().find(|hint| hint.seen == seen).map(|hint| hint.text.clone())
}

/// `/2024/05/01/`, `/2024/may/01/` or `/2024-05-01-` in a path.
fn date_in_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let spread = parts.windows(3).find_map(|window| match window {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            date::normalise(&format!("{year}-{month}-{day}"))
        }
        [year, month, day] if are_digits(year, 4) && day.len() <= 2 && date::is_month(month) => {
            date::normalise(&format!("{day} {month} {year}"))
        }
        _ => None,
    });
    spread.or_else(|| parts.iter().find_map(|part| date_begun(part)))
}

fn are_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// `/2024/0501/` or `/20240501/` in a path.
fn number_in_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    // Numbers of so many digits that are dates by chance are of other years, mostly.
    let is_likely = |year: &str| ("1995".."2040").contains(&year);
    let halved = || {
        parts.windows(2).find_map(|window| match window {
            [year, day] if are_digits(year, 4) && is_likely(year) && are_digits(day, 4) => {
                date::normalise(&format!("{year}-{}-{}", &day[..2], &day[2..]))
            }
            _ => None,
        })
    };
    let whole = || {
        let is_whole = |part: &&&str| are_digits(part, 8) && is_likely(&part[..4]);
        parts.iter().find(is_whole).and_then(|part| date::normalise(part))
    };
    halved().or_else(whole)
}

/// The date that a part of a path begins with.
fn date_begun(part: &str) -> Option<String> {
    let start = part.get(..10)?;
    let ends = part[10..].chars().next().is_none_or(|c| !c.is_ascii_digit());
    let shaped =
        start.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    (shaped && ends).then(|| date::normalise(start)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_paths() {
        for (path, want) in [
            ("/2024/05/01/crane", Some("2024-05-01")),
            ("/world/2024/may/01/crane", Some("2024-05-01")),
            ("/news/2024-05-01-crane", Some("2024-05-01")),
            ("/2024/0501/c12.html", Some("2024-05-01")),
            ("/news/20240501/crane", Some("2024-05-01")),
            ("/2024/05/crane", None),
            ("/news/21240501/crane", None),
            ("/news/20241301", None),
            ("/2024/1301/", None),
            ("/item/202405011/", None),
            ("/may/01/2024", None),
        ] {
            assert_eq!(date_in_path(path).or_else(|| number_in_path(path)).as_deref(), want, "{path}");
        }
    }
}
