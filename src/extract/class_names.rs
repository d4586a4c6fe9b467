//! What the names in an element's `class` and `id` say of it.

use super::any_of::AnyOf;
use std::collections::HashMap;

/// So many different lists of names are remembered; pages have a few hundred.
const MAX_KNOWN: usize = 2_000;

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

/// Reads names, and each list of them once: pages have the same on many elements.
#[derive(Default)]
pub(super) struct ClassNames {
    known: HashMap<String, Says>,
}

impl ClassNames {
    /// What an element's `class` and `id` say.
    pub(super) fn say(&mut self, class: &str, id: &str) -> Says {
        let (class, id) = (self.say_one(class), self.say_one(id));
        Says {
            aside: class.aside || id.aside,
            author: class.author || id.author,
            date: class.date || id.date,
            published: class.published || id.published,
            modified: class.modified || id.modified,
        }
    }

    fn say_one(&mut self, names: &str) -> Says {
        if names.is_empty() {
            return Says::default();
        }
        if let Some(says) = self.known.get(names) {
            return *says;
        }
        let lower = names.to_ascii_lowercase();
        let any = |test: fn(&str) -> bool| lower.split_ascii_whitespace().any(test);
        let mut says = Says { aside: any(|name| ASIDE.begins(name)), ..Says::default() };
        // Few names say anything of the rest.
        if AUTHOR.is_in(&lower) {
            says.author = any(is_author);
        }
        if DATE.is_in(&lower) {
            says.date = any(is_date);
            says.published = any(|name| name == "published");
        }
        if MODIFIED.is_in(&lower) {
            says.modified = any(is_modified);
        }
        if self.known.len() < MAX_KNOWN {
            self.known.insert(names.to_owned(), says);
        }
        says
    }
}

/// Each in a name of what holds an author, a date, or the date of a change.
const AUTHOR: AnyOf = AnyOf::new(&["author", "byline", "autor", "writer", "writtenby"]);
const DATE: AnyOf = AnyOf::new(&["date", "time", "publish", "posted", "pubdate", "datum", "fecha"]);
const MODIFIED: AnyOf = AnyOf::new(&["updated", "modified", "last-update", "lastmod", "last-changed"]);

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
