//! Dates as pages write them, as RFC 3339 text with no more precision than was there.

use jiff::civil;

/// The date in `text`, or nothing when there is none that can be read without guessing.
///
/// A date alone stays a date (`2024-05-01`); a time without an offset stays without (`2024-05-01T10:00:00`).
pub(super) fn normalise(text: &str) -> Option<String> {
    let text = text.trim();
    // The longest real form ("Wednesday, 30th of September 2026, 11:59:59 PM GMT+00:00") is far shorter.
    if text.len() > 100 {
        return None;
    }
    iso(text).or_else(|| rfc_2822(text)).or_else(|| with_month_name(text))
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
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']);
    Some(match clock(rest) {
        Some(time) => format!("{date}T{time}"),
        None => date,
    })
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
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

fn rfc_2822(text: &str) -> Option<String> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned(text).ok()?;
    let text = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Some(text.replace("+00:00", "Z"))
}

/// `5 May 2024`, `May 5th, 2024`, `Sunday, May 5, 2024 10:30 PM`: English month names, in either order.
fn with_month_name(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split([' ', ',', '\u{a0}']).filter(|w| !w.is_empty() && !w.eq_ignore_ascii_case("of")).collect();
    let at = words.iter().position(|w| month(w).is_some())?;
    let month_number = month(words[at])?;
    let day_of = |word: &str| number::<i8>(word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.'));
    let before = at.checked_sub(1).and_then(|i| day_of(words[i]));
    let (day, mut next) = match before {
        Some(day) => (day, at + 1),
        None => (day_of(words.get(at + 1)?)?, at + 2),
    };
    let year_word = words.get(next)?;
    if year_word.len() != 4 {
        return None;
    }
    let date = civil_date(number(year_word)?, month_number, day)?;
    next += 1;
    while words.get(next).is_some_and(|w| matches!(*w, "at" | "-" | "|" | "–")) {
        next += 1;
    }
    Some(match clock(&words[next..].join(" ")) {
        Some(time) => format!("{date}T{time}"),
        None => date,
    })
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let found = NAMES
        .iter()
        .position(|name| *name == word || (word.len() >= 3 && word.len() <= 4 && name.starts_with(&word)))?;
    i8::try_from(found + 1).ok()
}

fn civil_date(year: i16, month: i8, day: i8) -> Option<String> {
    if !(1000..=9999).contains(&year) {
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
        ] {
            assert_eq!(normalise(text).as_deref(), Some(want), "{text}");
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
            "é024-05-01",
            "2024-05-é1",
            "2024é05-01",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}
