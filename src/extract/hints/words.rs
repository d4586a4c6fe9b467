//! What a class or an address says of itself.

use crate::extract::any_of::AnyOf;

pub(super) fn is_author_path(href: &str) -> bool {
    static PARTS: AnyOf = AnyOf::new(&[
        "/author/",
        "/authors/",
        "/autor/",
        "/autoren/",
        "/writers/",
        "/contributors/",
        "/contributor/",
        "/reporter/",
        "/reporters/",
        "/auteur/",
        "/auteurs/",
        "/autore/",
        "/autores/",
        "/journalist/",
        "/journalists/",
        "/columnist/",
        "/columnists/",
        "/author-bio",
        "author_id=",
        "?author=",
        "/by/",
    ]);
    PARTS.is_in(href)
}

/// Whether an address is that of what bears a tag, and of nothing below it.
pub(super) fn is_tag_path(href: &str) -> bool {
    let Some((rest, last)) = href.trim_end_matches('/').rsplit_once('/') else { return false };
    !last.is_empty() && (rest.ends_with("/tag") || rest.ends_with("/tags"))
}

/// Whether the address or the class of an image says that it does not show what the page is about: it keeps a place, counts readers, or is
/// the site's or a person's mark.
pub(in crate::extract) fn is_no_picture(text: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&[
        "data:",
        "blank.",
        "spacer",
        "pixel",
        "placeholder",
        "transparent",
        "1x1",
        "spinner",
        "loader",
        "avatar",
        "logo",
        "icon",
        "emoji",
        "smiley",
        "sprite",
        "badge",
        "button",
        "/ads/",
        "doubleclick",
        "captcha",
        "tracking",
        "qrcode",
        "latex",
        "math/render",
        "follow",
        "/share",
        "share.",
        "facebook.",
        "twitter.",
        "masthead",
        ".svg",
        ".gif",
    ]);
    WORDS.is_in(text)
}

/// Whether a class is of an hCard, or of the name in one.
pub(super) fn is_card(class: &str) -> bool {
    class.split_ascii_whitespace().any(|name| matches!(name, "vcard" | "fn" | "h-card" | "p-author"))
}

pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !text.contains(char::is_whitespace)
        && !host.contains('@')
        && text.len() <= 254
}

pub(super) fn strip_scheme<'a>(href: &'a str, scheme: &str) -> Option<&'a str> {
    let start = href.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| &href[scheme.len()..])
}

/// Percent-encoding undone.
pub(super) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
