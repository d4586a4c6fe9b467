//! Lines that say who wrote the page.

use super::dated::has_digit;
use super::posted::POSTED;
use crate::extract::date;
use crate::extract::one_of::OneOf;

/// Whether nothing stands in a line before a name but that it is the author's.
pub(super) fn says_by(line: &str) -> bool {
    static WORDS: OneOf = OneOf::new(&[
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
    ]);
    WORDS.is(line)
}

/// The author's name in one part of a line that holds dates and more: `Harbour | By Odile Marsh | 5 May 2024`, `By Odile Marsh, May 5, 2024`.
pub(super) fn author_in_part(line: &str) -> Option<&str> {
    if !has_digit(line) {
        return None;
    }
    line.split(['|', '•', '·', '–', '—']).find_map(|part| {
        let end = part.match_indices(',').map(|(at, _)| at).find(|at| has_digit(&part[*at..]));
        author_in(without_date(part[..end.unwrap_or(part.len())].trim()))
    })
}

/// What stands before a date that begins with a number or the name of a month: `By Ana Kestrel 5 May 2024`.
fn without_date(part: &str) -> &str {
    let Some(digit) = part.find(|c: char| c.is_ascii_digit()) else { return part };
    let before = part[..digit].trim_end_matches([' ', '.', ',', '-', '/']);
    match before.rsplit_once(' ') {
        Some((name, word)) if date::is_month(word) || matches!(word, "on" | "am" | "le" | "el" | "il" | "op") => {
            name.trim_end()
        }
        _ => before,
    }
}

/// The author's name where a script without capitals says so in the middle of a line: what stands behind a label, or before a
/// journalist's title.
pub(super) fn labelled_author(line: &str) -> Option<&str> {
    const LABELS: &[&str] = &[
        "作者：",
        "作者:",
        "记者：",
        "记者:",
        "記者：",
        "記者:",
        "撰文：",
        "文：",
        "文／",
        "著者：",
        "筆者：",
        "執筆：",
        "執筆者：",
        "取材・文：",
        "كتب:",
        "بقلم:",
        "מאת:",
    ];
    const REPORTER: &str = " 기자";
    if line.is_ascii() {
        return None;
    }
    let is_end = |c: char| {
        c.is_whitespace() || c.is_numeric() || matches!(c, '|' | '(' | '（' | '/' | '／' | '，' | '）' | '【')
    };
    if let Some(end) = line.find(REPORTER) {
        let start = line[..end].rfind(|c: char| !('\u{ac00}'..='\u{d7a3}').contains(&c));
        let name = &line[start.map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8))..end];
        return (2..=4).contains(&name.chars().count()).then_some(name);
    }
    if let Some(name) =
        ["記者", "记者"].iter().find_map(|word| line.split_once(word)).and_then(|(_, rest)| han_name(rest))
    {
        return Some(name);
    }
    let (at, label) = LABELS.iter().find_map(|label| Some((line.find(label)?, label)))?;
    let name = line[at + label.len()..].trim_start();
    // Hebrew and Arabic part the words of a name by spaces.
    let is_spaced = name.starts_with(|c| ('\u{590}'..='\u{6ff}').contains(&c));
    let end = if is_spaced { name.find(|c: char| is_end(c) && c != ' ') } else { name.find(is_end) };
    // Japanese may, too: a family's and a given name.
    let end =
        end.map(|end| end + name[end..].strip_prefix(' ').map_or(0, |rest| given_name(rest).map_or(0, |len| len + 1)));
    let name = &name[..end.unwrap_or(name.len())];
    (2..=40).contains(&name.chars().count()).then_some(name)
}

/// The length of the given name that a text begins with, if it is a word of its own.
fn given_name(text: &str) -> Option<usize> {
    let end = text.find([' ', '\u{3000}', '|', '/', '／', '（', '(']).unwrap_or(text.len());
    let is_name = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    ((1..=4).contains(&text[..end].chars().count()) && text[..end].chars().all(is_name)).then_some(end)
}

/// Whether a line, which is a label without the mark at its end, says of the next that it is the author's name.
pub(super) fn is_author_label(line: &str, label: &str) -> bool {
    /// A word without a colon heads a column as often.
    static WITH_COLON: OneOf = OneOf::new(&[
        "author:",
        "written by:",
        "posted by:",
        "autor:",
        "autorin:",
        "verfasser:",
        "auteur:",
        "autore:",
        "автор:",
    ]);
    static ALONE: OneOf = OneOf::new(&[
        "작성자",
        "글쓴이",
        "기자명",
        "著者",
        "執筆者",
        "投稿者",
        "作成者",
        "written by",
        "posted by",
        "by",
    ]);
    WITH_COLON.is(line) || ALONE.is(label)
}

/// The Chinese name that a text begins with, if no more of a sentence follows: `林小海／基隆報導`.
fn han_name(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '\u{3000}', '：', ':']);
    let end = text.find(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c)).unwrap_or(text.len());
    let run = &text[..end];
    let end = ["報導", "报道", "攝影"].iter().filter_map(|word| run.find(word)).min().unwrap_or(run.len());
    (2..=4).contains(&run[..end].chars().count()).then_some(&run[..end])
}

/// The name in a line that says that it is its author's: a few words with capitals and nothing else.
pub(super) fn author_in(line: &str) -> Option<&str> {
    const BEFORE: &[&str] = &[
        "By ",
        "by ",
        "BY ",
        "By: ",
        "Words by ",
        "Story by ",
        "Text by ",
        "Author: ",
        "Von ",
        "von ",
        "Autor: ",
        "Autorin: ",
        "Par ",
        "par ",
        "Por ",
        "por ",
        "Di ",
        "di ",
        "Door ",
        "door ",
        "Autore: ",
        "Auteur: ",
        "Автор: ",
        "Γράφει ο ",
        "Γράφει η ",
        "Γράφει: ",
        "Γράφουν οι ",
    ];
    let name = BEFORE.iter().chain(POSTED).find_map(|before| line.strip_prefix(before))?;
    // What follows is a paper or a place.
    let first =
        || name.split([',', '|', '•', '·', '–', '—']).next().map(str::trim_end).filter(|first| are_names(first));
    if are_names(name) { Some(name) } else { first() }
}

/// Whether a text is names and nothing else: a few words with capitals, and what stands between such.
pub(super) fn are_names(text: &str) -> bool {
    const SMALL: &[&str] = &[
        "and", "&", "und", "de", "von", "van", "der", "den", "da", "das", "do", "dos", "e", "y", "et", "del", "la",
        "di", "en", "и", "και",
    ];
    let is_name = |word: &str| SMALL.contains(&word) || word.starts_with(char::is_uppercase);
    (2..=8).contains(&text.split(' ').count())
        && text.split(' ').all(is_name)
        && !text.contains(|c: char| c.is_ascii_digit())
}
