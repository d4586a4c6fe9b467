//! What classes and ids say of an element, in the words that sites use.

/// Parts of a page that are hardly ever of its article.
const UNLIKELY: &[&str] = &[
    "-ad-",
    "ad-break",
    "agegate",
    "ai2html",
    "banner",
    "breadcrumb",
    "combx",
    "comment",
    "community",
    "cover-wrap",
    "disqus",
    "extra",
    "footer",
    "gdpr",
    "header",
    "legends",
    "menu",
    "pager",
    "pagination",
    "popup",
    "related",
    "remark",
    "replies",
    "rss",
    "shoutbox",
    "sidebar",
    "skyscraper",
    "social",
    "sponsor",
    "supplemental",
    "yom-remote",
    "newsletter",
    "cookie",
    "consent",
    "share",
    "sharing",
    "recommend",
    "promo",
    "subscribe",
    "outbrain",
    "taboola",
    "most-read",
    "more-stories",
    "trending",
    "teaser-list",
    "paywall",
    "signup",
    "sign-up",
    "read-next",
    "readnext",
];

/// What makes an unlikely one possible after all.
const MAYBE: &[&str] = &["and", "article", "body", "column", "content", "main", "mathjax", "shadow"];

const POSITIVE: &[&str] = &[
    "article", "body", "content", "entry", "hentry", "h-entry", "main", "page", "post", "text", "blog", "story",
    "prose",
];

const NEGATIVE: &[&str] = &[
    "-ad-",
    "hidden",
    "banner",
    "combx",
    "comment",
    "com-",
    "contact",
    "footer",
    "gdpr",
    "masthead",
    "media",
    "meta",
    "outbrain",
    "promo",
    "related",
    "scroll",
    "share",
    "shoutbox",
    "sidebar",
    "skyscraper",
    "sponsor",
    "shopping",
    "tags",
    "widget",
    "newsletter",
    "recommend",
];

fn any(list: &[&str], label: &str) -> bool {
    list.iter().any(|word| label.contains(word))
}

pub(super) fn is_unlikely(label: &str) -> bool {
    any(UNLIKELY, label) && !any(MAYBE, label)
}

/// How much class and id speak for an element: 25 for each that does, and against.
pub(super) fn weight(class: &str, id: &str) -> f64 {
    [class, id]
        .iter()
        .map(|text| text.to_ascii_lowercase())
        .map(|text| {
            f64::from(u8::from(any(POSITIVE, &text)))
                - f64::from(u8::from(any(NEGATIVE, &text) || text == "hid" || text.starts_with("hid ")))
        })
        .sum::<f64>()
        * 25.0
}

/// Buttons to share a page, and what surrounds them.
pub(super) fn is_share(label: &str) -> bool {
    label
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "share" | "sharing" | "sharedaddy" | "addthis" | "socials"))
}

/// Boxes in the middle of an article that are not of it.
pub(super) fn is_insert(label: &str) -> bool {
    const WORDS: &[&str] = &[
        "related",
        "newsletter",
        "recommend",
        "promo",
        "subscribe",
        "signup",
        "sign-up",
        "read-more",
        "readmore",
        "more-on",
        "see-also",
        "most-read",
        "also-read",
        "outbrain",
        "taboola",
        "advert",
        "-ad-",
        "ad-slot",
        "ad-container",
        "sponsor",
        "comment-list",
        "comments-area",
        "author-bio",
        "author-box",
        "authorbox",
        "about-author",
        "post-tags",
        "tag-list",
        "tags-links",
        "post-navigation",
        "nav-links",
        "breadcrumb",
        "paywall",
        "jp-relatedposts",
        "cookie",
        "disclaimer-box",
        "print-only",
        "sr-only",
        "screen-reader",
        "visually-hidden",
        "visuallyhidden",
        "noprint",
        "mw-editsection",
        "navbox",
        "toc-",
        "social-",
        "entry-utility",
        "cat-links",
        "skip-link",
        "jump-link",
        "subscription-widget",
        "yarpp",
        "addtoany",
        "mc4wp",
        "mailchimp",
    ];
    any(WORDS, label)
}
