//! What lines say of the date in them or after them, in the words of many languages.

use crate::extract::any_of::AnyOf;
use crate::extract::one_of::OneOf;
use crate::extract::text::clip;

/// Whether a line, without the mark at its end, says of the next that it is the date of publication.
pub(super) fn is_date_label(label: &str) -> bool {
    static LABELS: OneOf = OneOf::new(&[
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
        "date of publication",
        "published date",
        "fecha de publicación",
        "data di pubblicazione",
        "data de publicação",
        "data publikacji",
        "publikováno",
        "дата",
        "Дата",
        "дата публикации",
        "Дата публикации",
        "작성일",
        "등록일",
        "게시일",
        "입력일",
        "日付",
        "投稿日",
        "公開日",
        "掲載日",
        "日期",
        "发布日期",
        "发布时间",
    ]);
    LABELS.is(label)
}

/// As [`is_date_label`], for the date of a change.
pub(super) fn is_update_label(label: &str) -> bool {
    static LABELS: OneOf = OneOf::new(&[
        "updated",
        "last updated",
        "last modified",
        "modified",
        "last update",
        "date modified",
        "aktualisiert",
        "zuletzt aktualisiert",
        "letzte aktualisierung",
        "letzte änderung",
        "mis à jour le",
        "dernière mise à jour",
        "actualizado",
        "última actualización",
        "ultimo aggiornamento",
        "atualizado em",
        "última atualização",
        "laatst bijgewerkt",
        "laatst gewijzigd",
        "güncelleme tarihi",
        "güncellenme tarihi",
        "수정일",
        "更新日",
        "最終更新日",
        "更新时间",
    ]);
    LABELS.is(label)
}

/// The beginning of a report that says where and when it was written: `PORT LUNE, May 5, 2024 – `.
pub(super) fn dateline(text: &str) -> Option<&str> {
    /// No dateline is longer, in bytes.
    const MAX: usize = 60;
    let start = clip(text, MAX);
    let end = [" – ", " — ", " -- ", " - ", " /", "–", "—", "--"].iter().filter_map(|sign| start.find(sign)).min()?;
    let line = start[..end].trim_end();
    // The place stands first; in capitals, as a rule.
    let place = line.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let capitals = place.chars().filter(|c| c.is_uppercase()).count();
    (is_mostly_date(line) && capitals >= 3 && place.contains(',')).then_some(line)
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
    static MORE: AnyOf = AnyOf::new(&[
        "julkaistu",
        "publisert",
        "udgivet",
        "offentliggjort",
        "publicat:",
        "publicat la",
        "megjelent",
        "опубліковано",
        "Опубліковано",
        "δημοσίευση",
        "Δημοσίευση",
        "δημοσιεύτηκε",
        "Δημοσιεύτηκε",
        "نشر في",
        "نُشر في",
        "تم النشر",
        "פורסם",
        "objavljeno",
        "diterbitkan",
    ]);
    let (phrase, end) = PHRASES.find_in(line).or_else(|| MORE.find_in(line))?;
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
    static REST: AnyOf = AnyOf::new(&[
        "uppdaterad",
        "oppdatert",
        "opdateret",
        "päivitetty",
        "actualizat",
        "frissítve",
        "оновлено",
        "Оновлено",
        "ενημέρωση",
        "Ενημέρωση",
        "ενημερώθηκε",
        "aktualizace",
        "upraveno",
        "ažurirano",
        "diperbarui",
        "cập nhật",
        "עודכן",
        "تم التحديث",
    ]);
    let (phrase, end) = PHRASES.find_in(line).or_else(|| MORE.find_in(line)).or_else(|| REST.find_in(line))?;
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
        "last update",
        "letzte aktualisierung",
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

/// Whether there is a digit, looked for in many bytes at once.
pub(super) fn has_digit(text: &str) -> bool {
    text.as_bytes().chunks(16).any(|lanes| lanes.iter().fold(false, |found, byte| found | byte.is_ascii_digit()))
}

/// Whether there are as many digits as a date has at least.
pub(super) fn may_be_dated(text: &str) -> bool {
    digits(text) >= 3
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether little stands beside the date.
pub(super) fn is_mostly_date(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    // Two years are a span of time, or two dates of which neither is known to be it.
    let years = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4).count();
    digits(text) >= 5 && letters <= 36 && years <= 1 && text.split_whitespace().count() <= 9
}

/// Whether the date in a line is that of something in the world.
pub(super) fn says_other(text: &str) -> bool {
    static WORDS: AnyOf = AnyOf::new(&[
        "born ",
        "died ",
        "apply by",
        "deadline",
        "closing date",
        "closes ",
        "expires",
        "valid until",
        "geboren",
        "gestorben",
        "bewerbungsfrist",
        "nacido",
        "nacida",
        "né le ",
        "née le ",
    ]);
    WORDS.is_in(text)
}
