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
    "post-comment",
    "entry-comment",
    "article-comment",
    "user-comment",
    "wp-block-comment",
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

/// So many classes that were read are remembered: pages have few, and have them often.
const KNOWN: usize = 64;

/// Reads names.
pub(super) struct ClassNames {
    /// The hashes of what was read, and what that says. Two attributes of one hash would do no harm beyond one hint.
    known: [(u32, Says); KNOWN],
}

impl Default for ClassNames {
    fn default() -> Self {
        Self { known: [(0, Says::default()); KNOWN] }
    }
}

impl ClassNames {
    /// What an element's `class` and `id` say.
    #[inline]
    pub(super) fn say(&mut self, class: &str, id: &str) -> Says {
        let class = if class.is_empty() { Says::default() } else { self.class(class) };
        if id.is_empty() {
            return class;
        }
        // Hardly one comes twice.
        let id = read(id);
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

    fn class(&mut self, class: &str) -> Says {
        let mut hasher = FxHasher::default();
        hasher.write(class.as_bytes());
        let hash = hasher.finish().to_le_bytes();
        let [.., a, b, c, d] = hash;
        let known = &mut self.known[usize::from(hash[0]) % KNOWN];
        let hash = u32::from_le_bytes([a, b, c, d]);
        if known.0 != hash {
            *known = (hash, read(class));
        }
        known.1
    }
}

fn read(names: &str) -> Says {
    let mut says = Says { aside: ASIDE.begin_one_in(names), ..Says::default() };
    let told = TELLING.those_in(names);
    // Few names say anything of the rest.
    if told == 0 {
        return says;
    }
    for name in names.split_ascii_whitespace() {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if told & TELL_AUTHOR != 0 {
            says.author |= is_author(name);
            says.byline |= is("byline");
        }
        if told & TELL_HEADLINE != 0 {
            says.headline |= HEADLINE.iter().any(|headline| is(headline));
        }
        if told & TELL_DATE != 0 {
            says.date |= is_date(name);
            says.published |= is("published");
        }
        says.date |= told & TELL_ALONE != 0 && ["age", "data", "tarih"].into_iter().any(is);
        if told & TELL_CHANGE != 0 {
            says.modified |= is_modified(name);
            says.last_modified |= LAST_MODIFIED.is_in(name);
        }
    }
    says
}

/// One of them is in each name that says something, the headline's, authors', dates' and changes' one after another.
static TELLING: AnyOf = AnyOf::new(&[
    "headline", "-title", "_title", "author", "byline", "autor", "writer", "date", "time", "publish", "posted",
    "pubdate", "datum", "fecha", "modified", "last-", "lastmod", "age", "data", "tarih",
]);
const TELL_HEADLINE: u32 = 0b111;
const TELL_AUTHOR: u32 = 0b1111 << 3;
const TELL_DATE: u32 = 0b111_1111 << 7;
/// Updates are dates by name.
const TELL_CHANGE: u32 = TELL_DATE | 0b111 << 14;
/// Names of dates that are parts of others, too.
const TELL_ALONE: u32 = 0b111 << 17;

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

fn is_author(class: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&["author", "byline", "autor"]);
    static NOT: AnyOf = AnyOf::new(&[
        "avatar",
        "image",
        "img",
        "photo",
        "bio",
        "desc",
        "box",
        "social",
        "thumb",
        "date",
        "time",
        "title",
        "icon",
        "info",
        "about",
        "role",
        "job",
        "list",
        "authorit",
        "wrap",
        "testimonial",
        "quote",
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
    DATE.is_in(class) && !NOT.is_in(class)
}

fn is_modified(class: &str) -> bool {
    static PUBLISHED: AnyOf = AnyOf::new(&["publish"]);
    MODIFIED.is_in(class) && !PUBLISHED.is_in(class)
}
