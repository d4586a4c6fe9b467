//! What the names in an element's `class` and `id` say of it.

use super::any_of::AnyOf;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Parts of a page that are not about it, by how a class or an id begins.
static ASIDE: AnyOf = AnyOf::new(&[
    "comment",
    "related",
    "recommend",
    "sidebar",
    "popular",
    "trending",
    "newsletter",
    "promo",
    "teaser",
    "footer",
    "more-",
    "read-more",
    "readmore",
    "latest",
    "most-",
    "mostread",
    "breadcrumb",
    "respond",
    "disqus",
    "pagination",
    "nav-",
    "menu",
    "advert",
    "suggest",
    "next-",
    "prev-",
    "card-",
]);

/// What was read out of names.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a set, by name")]
pub(super) struct Says {
    /// It is not about the page.
    pub aside: bool,
    /// It holds who wrote the page, or is named just so.
    pub author: bool,
    pub byline: bool,
    /// It is the headline of the page.
    pub headline: bool,
    /// It holds when the page was published, or is named just so.
    pub date: bool,
    pub published: bool,
    /// It holds when the page was changed.
    pub modified: bool,
    /// It holds when the page was changed last, wherever it stands.
    pub last_modified: bool,
}

/// So many attributes that were read are remembered: pages have few classes, and have them often.
const KNOWN: usize = 128;

/// Reads names.
pub(super) struct ClassNames {
    /// The hashes of what was read, and what that says. Two attributes of one hash would do no harm beyond one hint.
    hashes: Vec<u64>,
    says: Vec<Says>,
}

impl Default for ClassNames {
    fn default() -> Self {
        Self { hashes: vec![0; KNOWN], says: vec![Says::default(); KNOWN] }
    }
}

impl ClassNames {
    /// What an element's `class` and `id` say.
    #[inline]
    pub(super) fn say(&mut self, class: &str, id: &str) -> Says {
        if class.is_empty() && id.is_empty() {
            return Says::default();
        }
        let (class, id) = (self.names(class), self.names(id));
        Says {
            aside: class.aside | id.aside,
            author: class.author | id.author,
            byline: class.byline,
            headline: class.headline,
            date: class.date | id.date,
            published: class.published | id.published,
            modified: class.modified | id.modified,
            last_modified: class.last_modified | id.last_modified,
        }
    }

    fn names(&mut self, names: &str) -> Says {
        if names.is_empty() {
            return Says::default();
        }
        let mut hasher = FxHasher::default();
        hasher.write(names.as_bytes());
        let hash = hasher.finish();
        let at = usize::from(hash.to_le_bytes()[0]) % KNOWN;
        if self.hashes[at] != hash {
            self.hashes[at] = hash;
            self.says[at] = read(names);
        }
        self.says[at]
    }
}

fn read(names: &str) -> Says {
    let mut says = Says { aside: ASIDE.begin_one_in(names), ..Says::default() };
    // Few names say anything of the rest.
    if ANY.is_in(names) {
        for name in names.split_ascii_whitespace() {
            says.author |= is_author(name);
            says.byline |= name.eq_ignore_ascii_case("byline");
            says.headline |= HEADLINE.iter().any(|headline| name.eq_ignore_ascii_case(headline));
            says.date |= is_date(name);
            says.published |= name.eq_ignore_ascii_case("published");
            says.modified |= is_modified(name);
            says.last_modified |= LAST_MODIFIED.is_in(name);
        }
    }
    says
}

/// The names of what holds the headline of a page.
const HEADLINE: &[&str] = &[
    "entry-title",
    "post-title",
    "post_title",
    "post__title",
    "article-title",
    "article__title",
    "article-headline",
    "article__headline",
    "story-title",
    "headline",
];

/// Each in a name of what holds a date, or the date of a change.
static DATE: AnyOf = AnyOf::new(&["date", "time", "publish", "posted", "pubdate", "datum", "fecha"]);
static LAST_MODIFIED: AnyOf = AnyOf::new(&["lastmod", "last-mod", "last-edit", "last-update", "lastupdate"]);
static MODIFIED: AnyOf = AnyOf::new(&["updated", "modified", "last-update", "lastmod", "last-changed"]);

/// These, and what is in a name of what holds an author.
static ANY: AnyOf = AnyOf::new(&[
    "author",
    "byline",
    "autor",
    "writer",
    "writtenby",
    "date",
    "time",
    "publish",
    "posted",
    "pubdate",
    "datum",
    "fecha",
    "updated",
    "modified",
    "last-update",
    "lastmod",
    "last-changed",
    "last-mod",
    "last-edit",
    "lastupdate",
    "title",
    "headline",
    "age",
    "data",
    "tarih",
]);

fn is_author(class: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&["author", "byline", "autor"]);
    static NOT: AnyOf = AnyOf::new(&[
        "avatar", "image", "img", "photo", "bio", "desc", "box", "social", "thumb", "date", "time", "title", "icon",
        "info", "about", "role", "job", "list", "authorit", "wrap",
    ]);
    let is = |name: &&str| class.eq_ignore_ascii_case(name);
    (WORDS.is_in(class) || ["writer", "writtenby"].iter().any(is)) && !NOT.is_in(class)
}

fn is_date(class: &str) -> bool {
    static NOT: AnyOf = AnyOf::new(&[
        "update",
        "validat",
        "candidate",
        "timeline",
        "mandate",
        "consolidate",
        "sometime",
        "times-",
        "timer",
        "countdown",
        "runtime",
        "event",
        "birth",
        "reading",
        "read-time",
        "duration",
        "lifetime",
    ]);
    ["age", "data", "tarih"].iter().any(|name| class.eq_ignore_ascii_case(name))
        || (DATE.is_in(class) && !NOT.is_in(class))
}

fn is_modified(class: &str) -> bool {
    static PUBLISHED: AnyOf = AnyOf::new(&["publish"]);
    MODIFIED.is_in(class) && !PUBLISHED.is_in(class)
}
