//! Lines that programs write: who put the page there and when, and where what readers have to say begins.

use super::dated::{has_digit, may_be_dated};
use crate::extract::one_of::OneOf;

/// What stands before the name, in the words of programs that publish pages.
pub(super) const POSTED: &[&str] = &[
    "Posted by ",
    "Submitted by ",
    "Published by ",
    "Written by ",
    "Gespeichert von ",
    "Eingereicht von ",
    "Geschrieben von ",
    "Verfasst von ",
    "Veröffentlicht von ",
    "Erstellt von ",
    "Soumis par ",
    "Posté par ",
    "Publié par ",
    "Écrit par ",
    "Rédigé par ",
    "Proposé par ",
    "Enviado por ",
    "Publicado por ",
    "Escrito por ",
    "Postado por ",
    "Inviato da ",
    "Pubblicato da ",
    "Scritto da ",
    "Postato da ",
    "Ingediend door ",
    "Geplaatst door ",
    "Geschreven door ",
    "Gepost door ",
    "Wysłane przez ",
    "Dodane przez ",
    "Napisane przez ",
    "Skrevet av ",
    "Skrevet af ",
    "Skrivet av ",
    "Lähettänyt ",
    "Gönderen ",
    "Автор ",
];

/// What stands between the name and the date.
const BETWEEN: &[&str] = &[
    "on", "at", "in", "-", "–", "—", "|", "/", "•", "·", "@", "am", "um", "le", "à", "el", "a", "il", "alle", "em",
    "op", "den", "dne", "dnia", "d.", "w", "в", "от",
];

/// No name has more words.
const MAX_WORDS: usize = 4;

/// The name in a line that says who put the page there and then when, and nothing before that: `Posted by Ana Kestrel on May 5, 2024`.
pub(in crate::extract) fn poster_in(line: &str) -> Option<&str> {
    let begins = |before: &&str| line.get(..before.len()).filter(|start| start.eq_ignore_ascii_case(before));
    let rest = POSTED.iter().find_map(|before| begins(before).map(|_| &line[before.len()..]))?;
    let mut end = 0;
    let mut words = 0;
    for word in rest.split(' ') {
        let is_end = BETWEEN.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit());
        if is_end {
            let name = rest[..end].trim_end();
            let is_dated = may_be_dated(&rest[end..]);
            return (is_dated && (1..=MAX_WORDS).contains(&words)).then_some(name);
        }
        words += 1;
        end += word.len() + 1;
        // What follows a comma is no name: `Posted by Ana Kestrel, May 5, 2024`.
        if let Some(name) = rest[..end - 1].strip_suffix(',') {
            let is_dated = rest.get(end..).is_some_and(has_digit);
            return (is_dated && words <= MAX_WORDS).then_some(name);
        }
    }
    None
}

/// Whether a line is the heading of what readers have to say.
pub(in crate::extract) fn heads_comments(line: &str) -> bool {
    static WORDS: OneOf = OneOf::new(&[
        "comment",
        "comments",
        "reader comments",
        "user comments",
        "responses",
        "replies",
        "kommentar",
        "kommentare",
        "leserkommentare",
        "commentaire",
        "commentaires",
        "comentario",
        "comentarios",
        "comentário",
        "comentários",
        "commento",
        "commenti",
        "reactie",
        "reacties",
        "komentarz",
        "komentarze",
        "komentáře",
        "комментарии",
        "Комментарии",
        "комментариев",
        "комментария",
        "yorum",
        "yorumlar",
        "kommentarer",
        "コメント",
        "评论",
        "댓글",
        "التعليقات",
    ]);
    /// No such line is longer, in bytes.
    const MAX: usize = 40;
    if line.len() > MAX {
        return false;
    }
    let line = line.trim_matches(|c: char| !c.is_alphabetic());
    WORDS.is(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_put_a_page_there() {
        for (line, want) in [
            ("Posted by Ana Kestrel on May 5, 2024", Some("Ana Kestrel")),
            ("Posted by Ana Kestrel at May 5, 2024 10:44 PM", Some("Ana Kestrel")),
            ("Posted by Ana Kestrel, May 5, 2024", Some("Ana Kestrel")),
            ("Posted by kestrel 05/05/2024", Some("kestrel")),
            ("Submitted by kestrel on Tue, 04/13/2021 - 14:02", Some("kestrel")),
            ("Gespeichert von Ben Moor am Di., 19.08.2014 - 11:20", Some("Ben Moor")),
            ("Soumis par Ben Moor le mar 19/08/2014", Some("Ben Moor")),
            ("Enviado por Ben Moor el 19 de agosto de 2014", Some("Ben Moor")),
            ("Posted by Ana Kestrel", None),
            ("Posted by: Ana Kestrel at May 5, 2024", None),
            ("Posted by the people of the town on May 5, 2024", None),
            ("Posted by hand at 5", None),
            ("Posted on May 5, 2024 by Ana Kestrel", None),
        ] {
            assert_eq!(poster_in(line), want, "{line}");
        }
    }

    #[test]
    fn where_readers_begin() {
        for (line, want) in [
            ("Comments", true),
            ("12 Kommentare:", true),
            ("Comments (3)", true),
            ("コメント", true),
            ("Comments are closed on this page", false),
            ("", false),
        ] {
            assert_eq!(heads_comments(line), want, "{line}");
        }
    }
}
