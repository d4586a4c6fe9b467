//! Dates as pages write them, as RFC 3339 text with no more precision than was there.

mod months;

use jiff::civil;
use months::{month, written_out};
use std::borrow::Cow;

/// The longest real form ("Wednesday, 30th of September 2026, 11:59:59 PM GMT+00:00") is far shorter.
const MAX_BYTES: usize = 100;

/// The date in `text`, or nothing when there is none that can be read without guessing.
///
/// A date alone stays a date (`2024-05-01`); a time without an offset stays without (`2024-05-01T10:00:00`).
pub(super) fn normalise(text: &str) -> Option<String> {
    normalise_in(text, None)
}

/// As [`normalise`], for a text in a known language (a BCP 47 tag), which tells what `5/6/2024` means.
pub(super) fn normalise_in(text: &str, lang: Option<&str>) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = &*western(text);
    iso(text)
        .or_else(|| rfc_2822(text))
        .or_else(|| with_month_name(text))
        .or_else(|| ideographic(text))
        .or_else(|| numeric(text, lang))
        .or_else(|| unix(text))
}

/// The text with the digits of other scripts as ASCII has them.
pub(super) fn western(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // The first bytes of such digits are those of few other characters.
    let may_have_some = text.bytes().any(|byte| matches!(byte, 0xd9 | 0xdb | 0xe0 | 0xef));
    if !may_have_some || !text.contains(|c| digit(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect())
}

/// Whether a word is the name of a month, in any of the languages known.
pub(super) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// A digit that is not of ASCII, as the one that is: Arabic, Persian, Devanagari, Bengali, Thai, full-width.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        '\u{e50}'..='\u{e59}' => 0xe50,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(c as u32 - zero, 10)
}

/// ISO 8601 with a full date first; tolerant of a space for the `T`, and of `+0200`.
fn iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let separator = *bytes.get(4)?;
    let (year, month, day, rest) = match separator {
        b'-' | b'/' | b'.' => {
            let (month, after) = text.get(5..)?.split_once(separator as char)?;
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            (text.get(..4)?, month, after.get(..digits)?, after.get(digits..)?)
        }
        b'0'..=b'9' if bytes.len() == 8 || bytes.get(8) == Some(&b'T') => {
            (text.get(..4)?, text.get(4..6)?, text.get(6..8)?, text.get(8..)?)
        }
        _ => return None,
    };
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    let date = civil_date(number(year)?, number(month)?, number(day)?)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(with_clock(date, rest.trim_start_matches(['T', 't', ' ', ','])))
}

/// `hh:mm[:ss[.fff]]` and what follows of an offset, as RFC 3339 writes them.
fn clock(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts: Vec<i16> = if clock.len() == 6 && clock.is_ascii() && !clock.contains(':') {
        [&clock[..2], &clock[2..4], &clock[4..]].into_iter().map(number).collect::<Option<_>>()?
    } else {
        clock.split(':').map(number).collect::<Option<_>>()?
    };
    // RFC 9557 appends the zone's name.
    let zone = zone.split('[').next().unwrap_or_default().trim();
    let zone = match zone.split_once(char::is_whitespace) {
        Some((half, rest)) if matches!(half, "AM" | "PM" | "am" | "pm" | "a.m." | "p.m.") => {
            twelve(parts.first_mut()?, half);
            rest
        }
        _ if matches!(zone, "AM" | "PM" | "am" | "pm" | "a.m." | "p.m.") => {
            twelve(parts.first_mut()?, zone);
            ""
        }
        _ => zone,
    };
    let (hour, minute, second) = match parts[..] {
        [h, m] => (h, m, 0),
        [h, m, s] => (h, m, s),
        _ => return None,
    };
    let in_range = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    if !in_range || fraction.bytes().any(|b| !b.is_ascii_digit()) {
        return None;
    }
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{}", &fraction[..fraction.len().min(9)]) };
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}{}", offset(zone).unwrap_or_default()))
}

fn twelve(hour: &mut i16, half: &str) {
    let afternoon = half.starts_with(['P', 'p']);
    *hour = match (*hour, afternoon) {
        (12, false) => 0,
        (h @ 1..=11, true) => h + 12,
        (h, _) => h,
    };
}

/// No zone is further from UTC, in hours.
const MAX_OFFSET: i32 = 14;

fn offset(zone: &str) -> Option<String> {
    let zone = zone.split_whitespace().next()?;
    if matches!(zone, "Z" | "z" | "UTC" | "GMT" | "UT") {
        return Some("Z".to_owned());
    }
    let zone = zone.trim_start_matches("GMT").trim_start_matches("UTC");
    let (sign, digits) = match zone.chars().next()? {
        sign @ ('+' | '-') => (sign, zone[1..].replace(':', "")),
        '\u{2212}' => ('-', zone['\u{2212}'.len_utf8()..].replace(':', "")),
        _ => return None,
    };
    if !digits.is_ascii() {
        return None;
    }
    let (hours, minutes): (u8, u8) = match digits.len() {
        1 | 2 => (number(&digits)?, 0),
        4 => (number(&digits[..2])?, number(&digits[2..])?),
        _ => return None,
    };
    (i32::from(hours) <= MAX_OFFSET && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

fn rfc_2822(text: &str) -> Option<String> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned(text).ok()?;
    // Its years of three digits may be any, and its zones lie where no place is.
    civil_date(zoned.year(), zoned.month(), zoned.day())?;
    if zoned.offset().seconds().abs() / 3600 > MAX_OFFSET {
        return None;
    }
    let text = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Some(text.replace("+00:00", "Z"))
}

/// A run of digits or of letters in a text, and where it ends.
struct Word<'a> {
    text: &'a str,
    end: usize,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut start = None;
    let kind = |c: char| if c.is_ascii_digit() { 1 } else { 2 * u8::from(c.is_alphabetic() || is_mark(c)) };
    let mut previous = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let this = kind(c);
        if this != previous {
            if let Some(start) = start.take() {
                words.push(Word { text: &text[start..at], end: at });
            }
            if this != 0 {
                start = Some(at);
            }
            previous = this;
        }
    }
    words
}

/// Vowel signs and accents, which belong to the letters before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// `5 May 2024`, `May 5th, 2024`, `1er mai 2024`, `Sunday, May 5, 2024 10:30 PM`, `2024 May 5`: names of months in any
/// language of [`months`], the day on either side.
fn with_month_name(text: &str) -> Option<String> {
    let text = &*written_out(text);
    let words = words(text);
    let is_filler = |word: &str| {
        matches!(
            &*word.to_lowercase(),
            "of" | "de"
                | "del"
                | "di"
                | "den"
                | "der"
                | "st"
                | "nd"
                | "rd"
                | "th"
                | "er"
                | "º"
                | "ª"
                | "o"
                | "the"
                | "tháng"
        )
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let month = month(word.text)?;
        let before: Vec<&Word<'_>> = words[..at].iter().rev().filter(|w| !is_filler(w.text)).take(2).collect();
        let after: Vec<&Word<'_>> = words[at + 1..].iter().filter(|w| !is_filler(w.text)).take(2).collect();
        let day = |word: &&Word<'_>| number::<i8>(word.text).filter(|_| word.text.len() <= 2);
        // Thai dates count from the Buddha's death.
        let era = if word.text.starts_with(|c| matches!(c, '\u{e00}'..='\u{e7f}')) { 543 } else { 0 };
        let year = |word: &&Word<'_>| {
            let year = number::<i16>(word.text).filter(|_| word.text.len() == 4)?;
            Some(if year > 2400 { year - era } else { year })
        };
        let (first, second) = (after.first().copied(), after.get(1).copied());
        let (date, end) = if let (Some(d), Some(y)) = (before.first().and_then(day), first.and_then(|w| year(&w))) {
            (civil_date(y, month, d)?, first?.end)
        } else if let (Some(d), Some(y)) = (first.and_then(|w| day(&w)), second.and_then(|w| year(&w))) {
            (civil_date(y, month, d)?, second?.end)
        } else if let (Some(y), Some(d)) = (before.first().and_then(year), first.and_then(|w| day(&w))) {
            (civil_date(y, month, d)?, first?.end)
        } else if let (Some(d), Some((y, clock))) =
            (first.and_then(|w| day(&w)), first.and_then(|w| late_year(&text[w.end..])))
        {
            return Some(with_clock(civil_date(y, month, d)?, &clock));
        } else {
            return None;
        };
        Some(with_clock(date, &text[end..]))
    })
}

/// The year and the time of day that follow of `Wed May 1 10:00:00 +0200 2024`, as many programs print a date.
fn late_year(rest: &str) -> Option<(i16, String)> {
    let mut parts = rest.split_whitespace();
    let clock = parts.next().filter(|clock| clock.contains(':'))?;
    let (zone, year) = match (parts.next()?, parts.next()) {
        (zone, Some(year)) if year.len() == 4 => (zone, year),
        (year, _) => ("", year),
    };
    let year = number(year).filter(|_| year.len() == 4)?;
    Some((year, format!("{clock} {zone}")))
}

/// `2024年5月1日`, `2024년 5월 1일`, `令和6年5月1日`, with a time after it or not.
fn ideographic(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, rest) = rest.split_once(['日', '일'])?;
    let before = before.trim_end();
    let year_at = before.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + first_len(&before[at..]));
    let year = match (&before[year_at..], era(&before[..year_at])) {
        ("", Some(start)) if before.ends_with('元') => start,
        (year, Some(start)) if year.len() <= 3 => start - 1 + number::<i16>(year)?,
        (year, None) if year.len() == 4 => number(year)?,
        _ => return None,
    };
    let date = civil_date(year, number(month.trim())?, number(day.trim())?)?;
    Some(with_clock(date, rest))
}

/// The first year of the era that a text ends with.
fn era(text: &str) -> Option<i16> {
    const ERAS: &[(&str, i16)] = &[("令和", 2019), ("平成", 1989), ("昭和", 1926), ("民國", 1912), ("民国", 1912)];
    let text = text.strip_suffix('元').unwrap_or(text).trim_end();
    ERAS.iter().find(|(name, _)| text.ends_with(name)).map(|(_, start)| *start)
}

/// `1.5.2024`, `31/12/2024`, `2024-05-01` somewhere in the text: dots mean that the day is first; strokes and hyphens mean what
/// the numbers or the language leave as the only reading.
fn numeric(text: &str, lang: Option<&str>) -> Option<String> {
    let words = words(text);
    let between = |left: &Word<'_>, right: &Word<'_>| {
        let mut signs = text[left.end..right.end - right.text.len()].trim_end().chars();
        signs.next().filter(|_| signs.next().is_none())
    };
    words.windows(3).enumerate().find_map(|(at, window)| {
        let [first, second, third] = window else { return None };
        let separator = between(first, second).filter(|sign| matches!(sign, '.' | '/' | '-'))?;
        // A fourth number makes it a version or an address.
        let goes_on = words.get(at + 3).is_some_and(|next| {
            next.text.starts_with(|c: char| c.is_ascii_digit()) && between(third, next) == Some(separator)
        });
        let began_before = at > 0 && between(&words[at - 1], first) == Some(separator);
        if between(second, third) != Some(separator) || goes_on || began_before {
            return None;
        }
        let date = match (first.text.len(), second.text.len(), third.text.len()) {
            (4, 1..=2, 1..=2) => civil_date(number(first.text)?, number(second.text)?, number(third.text)?)?,
            (1..=2, 1..=2, 4) => {
                let (left, right) = (number(first.text)?, number(second.text)?);
                let day_first = separator == '.' || day_is_first(left, right, lang)?;
                let (day, month) = if day_first { (left, right) } else { (right, left) };
                civil_date(number(third.text)?, month, day)?
            }
            // A short year stands last where it is known that the day is first.
            (2, 2, 2) if separator != '-' && day_is_first(1, 2, lang) == Some(true) => {
                let year: i16 = number(third.text)?;
                let year = if year < SHORT_YEARS_BEGIN { 2000 + year } else { 1900 + year };
                civil_date(year, number(second.text)?, number(first.text)?)?
            }
            _ => return None,
        };
        Some(with_clock(date, &text[third.end..]))
    })
}

/// The first short year that is of the last century.
const SHORT_YEARS_BEGIN: i16 = 70;

fn day_is_first(first: i8, second: i8, lang: Option<&str>) -> Option<bool> {
    if first == second || first > 12 {
        return Some(true);
    }
    if second > 12 {
        return Some(false);
    }
    let lang = lang?.to_ascii_lowercase().replace('_', "-");
    match lang.split('-').next()? {
        // Only in America is the month first; English alone may be of either side of the ocean.
        "en" if lang == "en" => None,
        "en" => Some(lang != "en-us"),
        "fr" | "de" | "es" | "it" | "pt" | "nl" | "pl" | "ru" | "uk" | "cs" | "tr" | "el" | "ro" | "da" | "nb"
        | "no" | "id" | "vi" | "th" | "he" | "ar" => Some(true),
        _ => None,
    }
}

/// Seconds or milliseconds since 1970, as some sites write into their tags.
fn unix(text: &str) -> Option<String> {
    let seconds: i64 = match text.len() {
        10 => number(text)?,
        13 => number::<i64>(text)? / 1000,
        _ => return None,
    };
    // From the Web's first years to 2100: other numbers of that length are no times.
    (800_000_000..4_102_444_800).contains(&seconds).then_some(())?;
    jiff::Timestamp::from_second(seconds).ok().map(|t| t.to_string())
}

/// What may stand between a date and the time of day, the longer of two that begin alike first.
const AT: &[&str] = &[
    "at ",
    "um ",
    "à ",
    "alle ore ",
    "alle ",
    "ore ",
    "às ",
    "a las ",
    "las ",
    "klo ",
    "kl. ",
    "kl ",
    "om ",
    "в ",
    "о ",
    "u ",
    "o godz. ",
    "ora ",
];

fn with_clock(date: String, rest: &str) -> String {
    let rest = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '-' | '|' | '–' | '•' | '·' | '.' | '(' | '（')
    });
    let rest = AT.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    match clock(rest).or_else(|| lettered_clock(rest)).or_else(|| spoken_clock(rest)) {
        Some(time) => format!("{date}T{time}"),
        None => date,
    }
}

/// `10時30分`, `下午3:05`, `오후 3시 5분`.
fn spoken_clock(text: &str) -> Option<String> {
    const HALVES: &[(&str, &str)] =
        &[("午前", "AM"), ("上午", "AM"), ("오전", "AM"), ("午後", "PM"), ("下午", "PM"), ("오후", "PM")];
    // A day of the week may stand between, in parentheses.
    let day = |before: &str| before.chars().count() <= 4 && !before.contains(|c: char| c.is_ascii_digit());
    let text =
        text.split_once([')', '）']).filter(|(before, _)| day(before)).map_or(text, |(_, rest)| rest).trim_start();
    let half = HALVES.iter().find(|(word, _)| text.starts_with(word));
    let text = half.map_or(text, |(word, _)| text[word.len()..].trim_start());
    let is_hour = |c: char| matches!(c, '時' | '时' | '点' | '點' | '시' | ':');
    let (hour, rest) = text.split_once(is_hour)?;
    let rest = rest.trim_start();
    let minute = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let minute = if minute.is_empty() { "0" } else { minute };
    clock(&format!("{}:{minute} {}", hour.trim(), half.map_or("", |(_, half)| half)))
}

/// `18h30`, `18 h 30`, `18h`, `18u30`: the letter for the hour, as French, Portuguese and Dutch have it.
fn lettered_clock(text: &str) -> Option<String> {
    let (hour, rest) = text.split_once(['h', 'H', 'u'])?;
    let rest = rest.trim_start();
    let minute = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    // Else it is the beginning of a word: `12 hours`.
    let goes_on = minute.is_empty() && rest.starts_with(char::is_alphabetic);
    let minute = if minute.is_empty() { "0" } else { minute };
    (!goes_on && minute.len() <= 2).then(|| clock(&format!("{}:{minute}", hour.trim()))).flatten()
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn civil_date(year: i16, month: i8, day: i8) -> Option<String> {
    // Other calendars count years of which few are these.
    if !(1600..2400).contains(&year) {
        return None;
    }
    civil::Date::new(year, month, day).ok().map(|d| d.to_string())
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_sites_use() {
        for (text, want) in [
            ("Sat, 11 May 2024 21:52:00 -1620", "2024-05-11T21:52:00"),
            ("2024-05-01", "2024-05-01"),
            ("2024-5-1", "2024-05-01"),
            ("2024/05/01", "2024-05-01"),
            ("20240501", "2024-05-01"),
            ("20240501T101112Z", "2024-05-01T10:11:12Z"),
            ("2024-05-01T10:00", "2024-05-01T10:00:00"),
            ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
            ("2024-05-01T10:00:00.000+02:00", "2024-05-01T10:00:00.000+02:00"),
            ("2024-05-01 10:00:00 +0200", "2024-05-01T10:00:00+02:00"),
            ("2024-05-01T10:00:00-0530", "2024-05-01T10:00:00-05:30"),
            ("2024-05-01T10:00:00 UTC", "2024-05-01T10:00:00Z"),
            ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00Z"),
            ("Wed, 1 May 2024 10:00:00 +0300", "2024-05-01T10:00:00+03:00"),
            ("2024-05-01T10:00:00+02:00[Europe/Berlin]", "2024-05-01T10:00:00+02:00"),
            ("May 1, 2024", "2024-05-01"),
            ("1 May 2024", "2024-05-01"),
            ("Wednesday, May 1st, 2024 at 10:30 PM", "2024-05-01T22:30:00"),
            ("1st of May 2024", "2024-05-01"),
            ("Sept. 3, 2021", "2021-09-03"),
            ("22. Januar 2022", "2022-01-22"),
            ("07 Dezember, 2022", "2022-12-07"),
            ("1er février 2023 à 10:30", "2023-02-01T10:30:00"),
            ("3 de março de 2020", "2020-03-03"),
            ("3 de março de 2020 às 18h30", "2020-03-03T18:30:00"),
            ("03/03/2020 18h", "2020-03-03T18:00:00"),
            ("13/03/2020 09h05min", "2020-03-13T09:05:00"),
            ("le 3 mars 2020 à 9 h 05", "2020-03-03T09:05:00"),
            ("13.3.2020 alle ore 18:30", "2020-03-13T18:30:00"),
            ("3 maart 2020 om 18u30", "2020-03-03T18:30:00"),
            ("3 March 2020, 12 hours ago", "2020-03-03"),
            ("3 March 2020 5 users", "2020-03-03"),
            ("Yayınlanma Tarihi: 12.03.2024 - 10:15", "2024-03-12T10:15:00"),
            ("Giriş: 12 Mart 2024 Salı 10:15", "2024-03-12"),
            ("12 мая 2021 г.", "2021-05-12"),
            ("3 września 2019", "2019-09-03"),
            ("17-Nov-2023", "2023-11-17"),
            ("5. svibnja 2019. u 10:30", "2019-05-05T10:30:00"),
            ("5 พ.ค. 2562 10:30 น.", "2019-05-05T10:30:00"),
            ("5 มี.ค. 2562", "2019-03-05"),
            ("2019 May 5", "2019-05-05"),
            ("Published: 2023-10-06 08:15", "2023-10-06T08:15:00"),
            ("Stand: 6.10.2023", "2023-10-06"),
            ("31.10.2023, 10:19 Uhr", "2023-10-31T10:19:00"),
            ("31/12/2023", "2023-12-31"),
            ("12/31/2023", "2023-12-31"),
            ("2023年11月17日 08:30", "2023-11-17T08:30:00"),
            ("更新日：2023年1月7日", "2023-01-07"),
            ("2023년 1월 7일", "2023-01-07"),
            ("٥ يناير ٢٠٢٠", "2020-01-05"),
            ("Январь 5, 2014, 10:12", "2014-01-05T10:12:00"),
            ("२०२४-०५-०१", "2024-05-01"),
            ("２０２４年５月１日", "2024-05-01"),
            ("令和6年5月1日", "2024-05-01"),
            ("令和元年12月3日", "2019-12-03"),
            ("平成 31年 4月 30日", "2019-04-30"),
            ("民國110年3月5日", "2021-03-05"),
            ("2020年3月12日 10時05分", "2020-03-12T10:05:00"),
            ("2020年3月12日(木) 午後3時", "2020-03-12T15:00:00"),
            ("2020. 5. 1. 오후 3:05", "2020-05-01T15:05:00"),
            ("2021年03月05日 下午3:05", "2021-03-05T15:05:00"),
            ("Wed May 1 10:00:00 2024", "2024-05-01T10:00:00"),
            ("Wed May 01 10:00:00 +0200 2024", "2024-05-01T10:00:00+02:00"),
            ("Wed May 1 10:00:00 UTC 2024", "2024-05-01T10:00:00Z"),
            ("Last modified: Tue Apr 1 10:00:00 CEST 1997", "1997-04-01T10:00:00"),
            ("1404147242", "2014-06-30T16:54:02Z"),
            ("1404147242000", "2014-06-30T16:54:02Z"),
        ] {
            assert_eq!(normalise(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn the_language_says_which_number_is_the_day() {
        for (lang, want) in [
            ("en-US", Some("2024-05-06")),
            ("en-GB", Some("2024-06-05")),
            ("fr", Some("2024-06-05")),
            ("en", None),
            ("xx", None),
        ] {
            assert_eq!(normalise_in("05/06/2024", Some(lang)).as_deref(), want, "{lang}");
        }
        for (text, lang, want) in [
            ("05.06.24", Some("de"), Some("2024-06-05")),
            ("05/06/98 10:30", Some("fr"), Some("1998-06-05T10:30:00")),
            ("05.06.24", Some("en"), None),
            ("05.06.24", Some("ko"), None),
            ("24.06.05", None, None),
            ("05.06.24", None, None),
            ("1.06.24", Some("de"), None),
            ("31.06.24", Some("de"), None),
        ] {
            assert_eq!(normalise_in(text, lang).as_deref(), want, "{text} {lang:?}");
        }
    }

    #[test]
    fn no_guesses() {
        for text in [
            "",
            "today",
            "May",
            "2024",
            "2024-05",
            "05/06/2024",
            "2024-13-01",
            "2024-02-30",
            "99999999",
            "0000-00-00",
            "May 2024",
            "1 Mayhem 2024",
            "1.2.3.2024",
            "10.0.0.2024",
            "version 1-2-2024-5",
            "may 2024 bring 5",
            "0123456789",
            "24年5月1日",
            "令和年5月1日",
            "令和6000年5月1日",
            "۱۳۹۹/۰۵/۱۲",
            "1399/05/12",
            "9999-12-31",
            "1 May 521 21:50 GMT",
            "é024-05-01",
            "2024-05-é1",
            "2024é05-01",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}
