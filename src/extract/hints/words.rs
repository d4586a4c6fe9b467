//! What a line, a class or an address says of itself.

use super::byline::POSTED;
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

/// Whether nothing stands in a line before a name but that it is the author's.
pub(super) fn says_by(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "by",
        "by:",
        "written by",
        "posted by",
        "published by",
        "words by",
        "story by",
        "text by",
        "author:",
        "von",
        "von:",
        "text:",
        "text von",
        "autor:",
        "autorin:",
        "par",
        "por",
        "por:",
        "di",
        "door",
        "af",
        "av",
    ];
    WORDS.iter().any(|word| line.eq_ignore_ascii_case(word))
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
        ".svg",
        ".gif",
    ]);
    WORDS.is_in(text)
}

/// Whether a class is of an hCard, or of the name in one.
pub(super) fn is_card(class: &str) -> bool {
    class.split_ascii_whitespace().any(|name| matches!(name, "vcard" | "fn" | "h-card" | "p-author"))
}

/// The author's name in one part of a line that holds dates and more: `Harbour | By Odile Marsh | 5 May 2024`, `By Odile Marsh, May 5, 2024`.
pub(super) fn author_in_part(line: &str) -> Option<&str> {
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    if !has_digit(line) {
        return None;
    }
    line.split(['|', '•', '·', '–', '—']).find_map(|part| {
        let end = part.match_indices(',').map(|(at, _)| at).find(|at| has_digit(&part[*at..]));
        author_in(part[..end.unwrap_or(part.len())].trim())
    })
}

/// The author's name where a script without capitals says so in the middle of a line: what stands behind a label, or before a
/// journalist's title.
pub(super) fn labelled_author(line: &str) -> Option<&str> {
    const LABELS: &[&str] =
        &["作者：", "作者:", "记者：", "记者:", "記者：", "記者:", "撰文：", "文：", "文／", "كتب:", "بقلم:", "מאת:"];
    const REPORTER: &str = " 기자";
    if line.is_ascii() {
        return None;
    }
    let is_end = |c: char| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, '|' | '(' | '（' | '/' | '／' | '，' | '）' | '【')
    };
    if let Some(end) = line.find(REPORTER) {
        let start = line[..end].rfind(|c: char| !('\u{ac00}'..='\u{d7a3}').contains(&c));
        let name = &line[start.map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8))..end];
        return (2..=4).contains(&name.chars().count()).then_some(name);
    }
    let (at, label) = LABELS.iter().find_map(|label| Some((line.find(label)?, label)))?;
    let name = line[at + label.len()..].trim_start();
    // Hebrew and Arabic part the words of a name by spaces.
    let is_spaced = name.starts_with(|c| ('\u{590}'..='\u{6ff}').contains(&c));
    let end = if is_spaced { name.find(|c: char| is_end(c) && c != ' ') } else { name.find(is_end) };
    let name = &name[..end.unwrap_or(name.len())];
    (2..=40).contains(&name.chars().count()).then_some(name)
}

/// The name in a line that says that it is its author's: a few words with capitals and nothing else.
pub(super) fn author_in(line: &str) -> Option<&str> {
    const BEFORE: &[&str] = &[
        "By ",
        "BY ",
        "By: ",
        "Written by ",
        "Posted by ",
        "Words by ",
        "Story by ",
        "Text by ",
        "Author: ",
        "Von ",
        "Autor: ",
        "Autorin: ",
        "Par ",
        "Por ",
        "Di ",
        "Door ",
        "Autore: ",
        "Auteur: ",
        "Автор: ",
        "Γράφει ο ",
        "Γράφει η ",
        "Γράφει: ",
        "Γράφουν οι ",
    ];
    const SMALL: &[&str] = &[
        "and", "&", "und", "de", "von", "van", "der", "den", "da", "das", "do", "dos", "e", "y", "et", "del", "la",
        "di", "en", "и", "και",
    ];
    let name = BEFORE.iter().chain(POSTED).find_map(|before| line.strip_prefix(before))?;
    let words = name.split(' ').count();
    let is_name = |word: &str| SMALL.contains(&word) || word.starts_with(char::is_uppercase);
    ((2..=8).contains(&words) && name.split(' ').all(is_name) && !name.contains(|c: char| c.is_ascii_digit()))
        .then_some(name)
}

/// Whether a line says of the next that it is the date of publication.
pub(super) fn is_date_label(line: &str) -> bool {
    const LABELS: &[&str] = &[
        "date",
        "published",
        "published on",
        "publication date",
        "date published",
        "posted",
        "posted on",
        "release date",
        "datum",
        "veröffentlicht",
        "veröffentlicht am",
        "erschienen",
        "erschienen am",
        "publié le",
        "date de publication",
        "fecha",
        "publicado",
        "publicado el",
        "pubblicato il",
        "data",
        "datum publicatie",
        "gepubliceerd",
        "gepubliceerd op",
        "yayınlanma tarihi",
        "yayınlanma",
        "yayın tarihi",
        "eklenme tarihi",
        "giriş tarihi",
    ];
    let line = line.trim_end_matches([':', ' ']);
    LABELS.iter().any(|label| line.eq_ignore_ascii_case(label))
}

/// What follows of a date in a sentence that says that the page was published then, or nothing in others.
pub(super) fn published_in(line: &str) -> Option<&str> {
    static PHRASES: AnyOf = AnyOf::new(&[
        "entry was posted on ",
        "originally published on ",
        "posted on ",
        "published on ",
        "veröffentlicht am ",
        "veröffentlicht: ",
        "beitrag wurde ",
        "publié le ",
        "publicado el ",
        "pubblicato il ",
        "gepubliceerd op ",
        "publicado em ",
        "publicerad ",
        "opublikowano",
        "yayınlanma",
        "yayın tarihi",
        "giriş tarihi",
        "публиковано",
        "дата публикации",
        "发布时间",
        "发布于",
        "发表于",
        "發布時間",
        "公開日",
        "投稿日",
        "掲載日",
        "입력",
        "등록",
        "تاريخ النشر",
    ]);
    let (phrase, end) = PHRASES.find_in(line)?;
    let is_said = phrase != "beitrag wurde " || line.contains("veröffentlicht");
    is_said.then(|| &line[end..])
}

/// What stands before and after the words in a sentence that say that the date of a change follows.
pub(super) fn updated_in(line: &str) -> Option<(&str, &str)> {
    static PHRASES: AnyOf = AnyOf::new(&[
        "last edited on ",
        "last modified on ",
        "last updated on ",
        "last modified: ",
        "last updated: ",
        "last update",
        "updated on ",
        "updated: ",
        "zuletzt bearbeitet am ",
        "zuletzt geändert am ",
        "zuletzt aktualisiert am ",
        "letzte aktualisierung",
        "letzte änderung",
        "aktualisiert am ",
        "aktualisiert: ",
        "dernière modification",
        "dernière mise à jour",
        "mis à jour le ",
        "modifié le ",
    ]);
    static MORE: AnyOf = AnyOf::new(&[
        "última modificación",
        "última actualización",
        "actualizado el ",
        "última atualização",
        "atualizado em ",
        "aggiornato il ",
        "ultimo aggiornamento",
        "ultima modifica",
        "laatst bijgewerkt",
        "laatst gewijzigd",
        "laatste update",
        "bijgewerkt op ",
        "ostatnia aktualizacja",
        "zaktualizowano",
        "aktualizováno",
        "senast uppdaterad",
        "sist oppdatert",
        "бновлено",
        "оследнее обновление",
        "güncelleme",
        "更新时间",
        "更新日",
        "最終更新",
        "최종수정",
        "수정",
        "آخر تحديث",
    ]);
    let (phrase, end) = PHRASES.find_in(line).or_else(|| MORE.find_in(line))?;
    Some((line.get(..end - phrase.len())?, &line[end..]))
}

/// Whether the date in a line is that of a change.
pub(super) fn says_updated(text: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&[
        "updated",
        "modified",
        "aktualisiert",
        "geändert",
        "geÄndert",
        "last change",
        "更新",
        "mis à jour",
        "mis À jour",
        "actualizado",
        "aggiornato",
        "letztes update",
        "обновлено",
        "Обновлено",
        "ОБНОВЛЕНО",
        "güncelle",
        "gÜncelle",
        "atualizado",
        "actualización",
        "atualização",
        "ggiornamento",
        "bijgewerkt",
        "laatste update",
        "modifié",
        "dernière mise à jour",
        "aktualizacja",
        "uppdaterad",
        "수정",
        "آخر تحديث",
    ]);
    WORDS.is_in(text) && !says_published(text)
}

pub(super) fn says_published(text: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&[
        "publish",
        "posted",
        "veröffentlicht",
        "verÖffentlicht",
        "erstellt",
        "公開",
        "公表",
        "created",
        "publié",
        "publiÉ",
        "publicado",
        "pubblicato",
        "stand:",
        "опубликовано",
        "Опубликовано",
        "ОПУБЛИКОВАНО",
        "掲載",
        "yayın",
        "opublikowan",
        "gepubliceerd",
        "publicerad",
        "发布",
        "發布",
        "发表于",
        "投稿日",
        "입력",
        "등록일",
        "تاريخ النشر",
    ]);
    WORDS.is_in(text)
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
