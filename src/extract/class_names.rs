//! What the names in an element's `class` and `id` say of it.

use super::any_of::AnyOf;

/// Parts of a page that are not about it, by how a class or an id begins.
const ASIDE: AnyOf = AnyOf::new(&[
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
    /// It holds who wrote the page.
    pub author: bool,
    /// It holds when the page was published, or is named just so.
    pub date: bool,
    pub published: bool,
    /// It holds when the page was changed.
    pub modified: bool,
}

/// Reads names.
#[derive(Default)]
pub(super) struct ClassNames {
    /// The names that are being read, in lower case.
    lower: String,
}

impl ClassNames {
    /// What an element's `class` and `id` say.
    pub(super) fn say(&mut self, class: &str, id: &str) -> Says {
        let mut says = Says::default();
        if class.is_empty() && id.is_empty() {
            return says;
        }
        self.lower.clear();
        self.lower.push_str(class);
        self.lower.push(' ');
        self.lower.push_str(id);
        self.lower.make_ascii_lowercase();
        let any = |test: fn(&str) -> bool| self.lower.split_ascii_whitespace().any(test);
        says.aside = any(|name| ASIDE.begins(name));
        // Few names say anything of the rest.
        if ANY.is_in(&self.lower) {
            says.author = any(is_author);
            says.date = any(is_date);
            says.published = any(|name| name == "published");
            says.modified = any(is_modified);
        }
        says
    }
}

/// Each in a name of what holds a date, or the date of a change.
const DATE: AnyOf = AnyOf::new(&["date", "time", "publish", "posted", "pubdate", "datum", "fecha"]);
const MODIFIED: AnyOf = AnyOf::new(&["updated", "modified", "last-update", "lastmod", "last-changed"]);

/// These, and what is in a name of what holds an author.
const ANY: AnyOf = AnyOf::new(&[
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
]);

fn is_author(class: &str) -> bool {
    const NOT: &[&str] = &[
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
        "link-list",
    ];
    let says = class.contains("author")
        || class.contains("byline")
        || class.contains("autor")
        || class == "writer"
        || class == "writtenby";
    says && !NOT.iter().any(|not| class.contains(not))
}

fn is_date(class: &str) -> bool {
    const NOT: &[&str] = &[
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
    ];
    DATE.is_in(class) && !NOT.iter().any(|not| class.contains(not))
}

fn is_modified(class: &str) -> bool {
    MODIFIED.is_in(class) && !class.contains("publish")
}
