//! The name of a person in what stands where one should.

use super::{is_url, plain, said};
use crate::extract::date;
use std::borrow::Cow;

/// No name of a person or of a few of them is longer, in code points.
const MAX: usize = 120;

/// What stands before a name.
const BEFORE: &[&str] = &[
    "written by",
    "posted by",
    "published by",
    "words by",
    "story by",
    "text by",
    "by",
    "authors",
    "author",
    "geschrieben von",
    "verfasst von",
    "eingestellt von",
    "gepostet von",
    "veröffentlicht von",
    "autor",
    "autorin",
    "text:",
    "écrit par",
    "rédigé par",
    "publié par",
    "auteur",
    "escrito por",
    "publicado por",
    "postado por",
    "scritto da",
    "pubblicato da",
    "a cura di",
    "autore",
    "geschreven door",
    "skrevet af",
    "skrevet av",
    "автор",
    "автор текста",
    "текст:",
    "文：",
    "文・",
    "文／",
    "取材・文",
    "著者",
    "筆者",
    "執筆",
    "作者",
    "撰文",
    "記者",
    "记者",
    "글:",
    "كتب",
    "كتبت",
    "بقلم",
    "מאת",
    "γράφει ο",
    "γράφει η",
    "γράφουν οι",
    "γράφει",
    "συντάκτης",
    "napisane przez",
    "tekst:",
    "texte:",
    "testo:",
    "texto:",
    "autorka",
    "autorzy",
    "szerző",
    "yazı:",
    "napsal",
    "написано автором",
    "yazan",
    "執筆者",
];

/// Whether a text says that what follows is the name of an author, and nothing else.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.trim().trim_end_matches(':').to_lowercase();
    BEFORE.iter().any(|before| before.trim_end_matches([':', '：']) == text)
}

/// `Kestrel, Ana María`, as catalogues write a name, with the given name first. With more words before the comma it may as well be two
/// names, unless it is known that each text is `one` name.
pub(super) fn given_first(text: &str, one: bool) -> Option<String> {
    let (family, given) = text.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let words = |text: &str| text.split_whitespace().count();
    let fits = (1..=3).contains(&words(given)) && (words(family) == 1 || (one && words(family) <= 4));
    (fits && !given.contains(',') && !is_suffix(given)).then(|| format!("{given} {family}"))
}

/// Whether a word that stands behind a comma belongs to the name before it.
fn is_suffix(word: &str) -> bool {
    ["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "dds", "rn", "cpa", "mba", "dvm"].contains(&&*plain(word))
}

/// Where a name ends that a line for readers begins with: what follows of dates, roles and papers may be glued to it, since the
/// elements of the line are parted by their style only.
fn name_end(text: &str) -> usize {
    const DATED: &[&str] = &[
        "Published",
        "Posted",
        "Updated",
        "Last updated",
        "Modified",
        "Veröffentlicht",
        "Aktualisiert",
        "Stand:",
        "Publié",
        "Mis à jour",
        "Publicado",
        "Actualizado",
        "Atualizado",
        "Pubblicato",
        "Aggiornato",
        "Gepubliceerd",
        "Bijgewerkt",
        "Yayın",
        "Güncelleme",
        "Опубликовано",
        "Обновлено",
        "Δημοσίευση",
        "نُشر",
        "نشر في",
        "تاريخ",
        "آخر تحديث",
        " — ",
    ];
    const ROLES: &[&str] = &[
        "Chief",
        "Senior",
        "Staff",
        "Deputy",
        "Associate",
        "Contributing",
        "Reporter",
        "Editor",
        "Correspondent",
        "Contributor",
        "Columnist",
        "Journalist",
        "Writer",
        "Redakteur",
        "Korrespondent",
        "Journaliste",
        "Periodista",
        "Repórter",
        "Giornalista",
    ];
    let dated = DATED.iter().filter_map(|word| text.find(word)).chain(date_at(text)).min().unwrap_or(text.len());
    let before = text[..dated].trim_end_matches([',', ' ', '|', '-', '–']);
    let glued = |at: &usize| before[..*at].ends_with(char::is_lowercase);
    let role = ROLES.iter().filter_map(|role| before.match_indices(role).map(|(at, _)| at).find(glued)).min();
    let end = role.unwrap_or(before.len());
    // `Ana Kestrel, Reuters`: a list of names has names of more words.
    let one_word = |tail: &str| !tail.contains(char::is_whitespace) && !is_suffix(tail);
    let is_role = |tail: &str| ROLES.iter().any(|role| tail.starts_with(role));
    match text[..end].rsplit_once(", ") {
        Some((name, tail)) if name.trim().contains(' ') && (one_word(tail.trim()) || is_role(tail)) => name.len(),
        _ => end,
    }
}

/// Where a date begins behind a word or more; one that begins with a month behind two, as some are names, too.
fn date_at(text: &str) -> Option<usize> {
    /// How the days of the week end in English and German.
    const DAYS: &[&str] = &["day", "tag", "Mittwoch"];
    let begins = |(at, c): (usize, char)| {
        (!c.is_whitespace() && (at == 0 || text[..at].ends_with(char::is_whitespace))).then_some(at)
    };
    let starts: Vec<usize> = text.char_indices().filter_map(begins).collect();
    let word = |at: usize| text[at..].split_whitespace().next().unwrap_or_default().trim_matches([',', '.']);
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let place = (1..starts.len()).find(|&place| {
        let (this, next) = (word(starts[place]), starts.get(place + 1).map_or("", |at| word(*at)));
        (is_number(this) && (date::is_month(next) || date::normalise(&text[starts[place]..]).is_some()))
            || (place > 1 && date::is_month(this) && is_number(next))
    })?;
    let is_day = place > 2 && DAYS.iter().any(|end| word(starts[place - 1]).ends_with(end));
    Some(starts[place - usize::from(is_day)])
}

/// A name without `By` before it and without what follows of dates and roles; an address or a sentence is none. `shown` says
/// that it is a line for readers, in which a word such as `von` more often means `by` than belongs to the name.
pub(super) fn name(text: &str, shown: bool) -> Option<String> {
    /// What `by` is elsewhere; names begin with them, too.
    const PARTICLES: &[&str] = &["von", "par", "por", "door", "from", "di", "af", "av", "de", "przez", "oleh"];
    /// What stands between such a word and the name.
    const MARKS: [char; 7] = [' ', ':', '：', '・', '／', '/', '\u{a0}'];
    let mut text = said(text)?;
    for _ in 0..2 {
        let lower = text.to_lowercase();
        let leads = |start: &&&str| {
            lower.strip_prefix(**start).is_some_and(|rest| start.ends_with(MARKS) || rest.starts_with(MARKS))
        };
        // Two words are left of a name that one of them stood before.
        let particle = || PARTICLES.iter().find(leads).filter(|_| shown && text.split_whitespace().count() > 2);
        let Some(start) = BEFORE.iter().find(leads).or_else(particle) else { break };
        // Lower-casing may change lengths, but not of these words.
        let rest = text.get(start.len()..)?.trim_start_matches(MARKS).to_owned();
        if rest.is_empty() {
            return None;
        }
        text = rest;
    }
    if shown {
        text.truncate(name_end(&text));
    }
    // What follows a bar or a bullet, and a date after a comma, is no name.
    let cut = text.find(['|', '•', '·', '»', '(']).filter(|at| *at > 0).unwrap_or(text.len());
    text.truncate(cut);
    let numbered = text
        .match_indices([',', '-', '–'])
        .find(|(at, sign)| text[at + sign.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit()));
    if let Some((at, _)) = numbered {
        text.truncate(at);
    }
    let text = text.trim_end_matches([',', '-', '–', ' ', ':', ';']);
    let text = said(&without_address(text))?;
    if BEFORE.contains(&&*text.to_lowercase())
        || [
            "posted on",
            "published on",
            "published",
            "posted",
            "admin",
            "administrator",
            "super user",
            "unknown",
            "none",
        ]
        .contains(&&*text.to_lowercase())
    {
        return None;
    }
    let has_letter = text.chars().any(char::is_alphabetic);
    (has_letter && text.chars().count() <= MAX && !is_url(&text) && !text.contains("://")).then_some(text)
}

/// A name without the e-mail address that stands behind it.
fn without_address(text: &str) -> Cow<'_, str> {
    let Some(at) = text.find('@').filter(|at| *at > 0) else { return Cow::Borrowed(text) };
    let start = text[..at].rfind(char::is_whitespace).unwrap_or(0);
    let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
    if start == 0 || !text[at..end].contains('.') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}{}", text[..start].trim_end_matches([',', ' ', '-', '–', '/', '<']), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_readers_ends_with_its_name() {
        for (text, want) in [
            ("By Ana KestrelChief ReporterPublished: 09:31", Some("Ana Kestrel")),
            ("Ana Kestrel, Chief Reporter", Some("Ana Kestrel")),
            ("Ana Kestrel, Ben Moor", Some("Ana Kestrel, Ben Moor")),
            ("By Ana Kestrel, Reuters", Some("Ana Kestrel")),
            ("By Ana Kestrel, PhD", Some("Ana Kestrel, PhD")),
            ("By Ana Kestrel Monday, November 18", Some("Ana Kestrel")),
            ("Ana Kestrel 18 November 2024 at 10:15", Some("Ana Kestrel")),
            ("Ana Kestrel 12/31/2024", Some("Ana Kestrel")),
            ("April March", Some("April March")),
            ("Published May 22", None),
            ("Por Inês Couto, Gazeta — Porto", Some("Inês Couto")),
            ("מאת: דנה לוי", Some("דנה לוי")),
            ("Γράφει ο Νίκος Αλεξίου", Some("Νίκος Αλεξίου")),
            ("Mary McDonald", Some("Mary McDonald")),
        ] {
            assert_eq!(name(text, true).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn what_a_tag_says_stays_whole() {
        for (text, want) in [
            ("Ana Kestrel ana@quay.example", "Ana Kestrel"),
            ("Ana Kestrel, ana@quay.example", "Ana Kestrel"),
            ("Ana Kestrel <ana@quay.example>", "Ana Kestrel"),
            ("ana@quay.example", "ana@quay.example"),
            ("@ana", "@ana"),
        ] {
            assert_eq!(name(text, false).as_deref(), Some(want));
        }
        for text in ["Ana Kestrel, Reuters", "Staff Writer", "The Morning Editors"] {
            assert_eq!(name(text, false).as_deref(), Some(text));
        }
    }

    #[test]
    fn catalogues_set_the_family_first() {
        for (text, one, want) in [
            ("Kestrel, Ana María", false, Some("Ana María Kestrel")),
            ("van der Moor, Ben", true, Some("Ben van der Moor")),
            ("Ana Kestrel, Ben Moor", false, None),
            ("Kestrel, Ana, Moor, Ben", true, None),
            ("Kestrel, Jr.", true, None),
            ("Ana Kestrel", true, None),
        ] {
            assert_eq!(given_first(text, one).as_deref(), want, "{text}");
        }
    }
}
