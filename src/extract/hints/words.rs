//! What a line, a class or an address says of itself.

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
        "/reporters/",
        "/by/",
    ]);
    PARTS.is_in(href)
}

/// Whether the date in a line is that of a change.
pub(super) fn says_updated(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "updated",
        "modified",
        "aktualisiert",
        "geändert",
        "last change",
        "更新",
        "mis à jour",
        "actualizado",
        "aggiornato",
        "letztes update",
        "обновлено",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word)) && !says_published(&text)
}

pub(super) fn says_published(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "publish",
        "posted",
        "veröffentlicht",
        "erstellt",
        "公開",
        "公表",
        "created",
        "publié",
        "publicado",
        "pubblicato",
        "stand:",
        "опубликовано",
        "掲載",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether little stands beside the date.
pub(super) fn is_mostly_date(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // Two years are a span of time, or two dates of which neither is known to be it.
    let years = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4).count();
    digits >= 5 && letters <= 36 && years <= 1 && text.split_whitespace().count() <= 9
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
