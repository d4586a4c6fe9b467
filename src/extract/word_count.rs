//! How many words a text has, by UAX #29.

use super::text::is_space;
use unicode_segmentation::UnicodeSegmentation;

/// How many words there are. No word goes across white space, so that most can be counted as ASCII.
pub(super) fn words(text: &str) -> u64 {
    if text.is_ascii() {
        return ascii_words(text.as_bytes());
    }
    let mut count = 0;
    let mut rest = text;
    loop {
        let at = ascii_end(rest.as_bytes());
        if at == rest.len() {
            return count + ascii_words(rest.as_bytes());
        }
        let start = rest[..at].rfind(is_space).map_or(0, |space| space + 1);
        let (part, after) = rest[start..].split_at(dense_end(&rest.as_bytes()[start..]));
        count += ascii_words(&rest.as_bytes()[..start])
            + plain_words(part).unwrap_or_else(|| part.unicode_words().count() as u64);
        rest = after;
    }
}

/// Where, at white space, there is no more than ASCII for a while.
fn dense_end(text: &[u8]) -> usize {
    /// So much ASCII is better counted as such, and so much of the rest is taken at once.
    const FAR: usize = 32;
    const MOST: usize = 512;
    let mut at = 0;
    loop {
        at += text[at..].iter().position(u8::is_ascii_whitespace).unwrap_or(text.len() - at);
        let next = &text[at..text.len().min(at + FAR)];
        if at >= MOST || next.is_ascii() {
            return at;
        }
        at += ascii_end(next);
    }
}

/// What a character does to words, of those that most texts are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// Joins its like only.
    Katakana,
    /// A word of its own.
    Alone,
    /// Parts words.
    Apart,
    /// Parts words unless it stands between two letters, two digits, or two of either.
    JoinsLetters,
    JoinsDigits,
    Joins,
}

fn class(c: char) -> Option<Class> {
    Some(match c {
        // Latin, Greek, Cyrillic, Armenian, Arabic, Georgian, Hangul.
        'a'..='z'
        | 'A'..='Z'
        | 'À'..='Ö'
        | 'Ø'..='ö'
        | 'ø'..='\u{2af}'
        | '\u{388}'..='\u{38a}'
        | '\u{38e}'..='\u{3a1}'
        | '\u{3a3}'..='\u{3f5}'
        | '\u{400}'..='\u{481}'
        | '\u{48a}'..='\u{52f}'
        | '\u{531}'..='\u{556}'
        | '\u{561}'..='\u{586}'
        | '\u{620}'..='\u{64a}'
        | '\u{671}'..='\u{6d3}'
        | '\u{10d0}'..='\u{10f0}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}' => Class::Letter,
        '0'..='9' | '\u{660}'..='\u{669}' => Class::Digit,
        '\u{30a1}'..='\u{30fa}' | '\u{30fc}' => Class::Katakana,
        // Fractions and the like, hiragana, and the ideographs.
        '²' | '³' | '¹' | '¼'..='¾' | '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}' => Class::Alone,
        '\'' | '.' | '\u{2018}' | '\u{2019}' => Class::Joins,
        ':' | '·' | '\u{ff1a}' => Class::JoinsLetters,
        ',' | ';' | '\u{60c}' | '\u{ff0c}' | '\u{ff1b}' => Class::JoinsDigits,
        '_' => return None,
        '\0'..='\u{7f}'
        | '\u{a0}'..='©'
        | '«'
        | '®'..='±'
        | '»'
        | '¿'
        | '×'
        | '\u{2013}'
        | '\u{2014}'
        | '\u{201c}'..='\u{201e}'
        | '\u{2022}'
        | '\u{2026}'
        | '€'
        | '\u{2190}'..='\u{21ff}'
        | '\u{2200}'..='\u{22ff}'
        | '\u{25a0}'..='\u{25ff}'
        | '\u{2605}'
        | '\u{2606}'
        | '\u{3000}'..='\u{3002}'
        | '\u{300a}'..='\u{3011}'
        | '\u{30fb}'
        | '\u{321c}'
        | '\u{ff01}'
        | '\u{ff05}'
        | '\u{ff08}'
        | '\u{ff09}'
        | '\u{ff1d}'
        | '\u{ff1f}'
        | '\u{fffd}' => Class::Apart,
        _ => return None,
    })
}

/// How many words there are, if that can be told from the classes above.
fn plain_words(text: &str) -> Option<u64> {
    let mut count = 0;
    // What the word that is being read ended with so far, and what may join to it.
    let mut last = None;
    let mut join = None;
    for c in text.chars() {
        let class = class(c)?;
        match class {
            Class::Letter | Class::Digit => {
                let is_joined = match join {
                    None => matches!(last, Some(Class::Letter | Class::Digit)),
                    Some(Class::Joins) => last == Some(class),
                    Some(Class::JoinsLetters) => (last, class) == (Some(Class::Letter), Class::Letter),
                    Some(_) => (last, class) == (Some(Class::Digit), Class::Digit),
                };
                count += u64::from(!is_joined);
                (last, join) = (Some(class), None);
            }
            Class::Katakana => {
                count += u64::from(last != Some(Class::Katakana));
                (last, join) = (Some(class), None);
            }
            Class::Joins | Class::JoinsLetters | Class::JoinsDigits
                if matches!(last, Some(Class::Letter | Class::Digit)) && join.is_none() =>
            {
                join = Some(class);
            }
            _ => {
                count += u64::from(class == Class::Alone);
                (last, join) = (None, None);
            }
        }
    }
    Some(count)
}

/// Where the first byte that is not ASCII is.
fn ascii_end(text: &[u8]) -> usize {
    let whole = text.chunks_exact(LANES).take_while(|lanes| lanes.is_ascii()).count() * LANES;
    text[whole..].iter().position(|byte| !byte.is_ascii()).map_or(text.len(), |at| whole + at)
}

/// So many bytes are looked at together.
const LANES: usize = 64;

/// With two before them and one after, which tell what those at the edges do. The rest is there so that every loop goes over a whole number of
/// the processor's units.
const AROUND: usize = LANES + 2 * UNIT;
const UNIT: usize = 16;

/// As [`words`], for ASCII.
fn ascii_words(text: &[u8]) -> u64 {
    if memchr::memchr(b'_', text).is_some() {
        return words_with_underscores(text);
    }
    let mut count = 0;
    for start in (0..text.len()).step_by(LANES) {
        let from = start.saturating_sub(2);
        let to = text.len().min(start + LANES + 1);
        let mut around = [0; AROUND];
        around[2 - (start - from)..][..to - from].copy_from_slice(&text[from..to]);
        count += u64::from(beginnings(&around));
    }
    count
}

/// How many words begin in the middle of `around`, after its first two bytes. Written so that it needs no branches, and many bytes are done
/// at once.
#[expect(clippy::needless_bitwise_bool, reason = "all are looked at together")]
fn beginnings(around: &[u8; AROUND]) -> u8 {
    let (mut letter, mut digit) = ([false; AROUND], [false; AROUND]);
    for (at, byte) in around.iter().enumerate() {
        letter[at] = (byte | 0x20).wrapping_sub(b'a') < 26;
        digit[at] = byte.wrapping_sub(b'0') < 10;
    }
    let mut is_of_word = [false; LANES + UNIT];
    for at in 0..LANES + UNIT {
        let byte = around[at + 1];
        let joins_both = (byte == b'\'') | (byte == b'.');
        let joins_letters = joins_both | (byte == b':');
        let joins_digits = joins_both | (byte == b',') | (byte == b';');
        is_of_word[at] = letter[at + 1]
            | digit[at + 1]
            | (joins_letters & letter[at] & letter[at + 2])
            | (joins_digits & digit[at] & digit[at + 2]);
    }
    let mut count = 0;
    for at in 0..LANES {
        count += u8::from(is_of_word[at + 1] & !is_of_word[at]);
    }
    count
}

/// As [`ascii_words`], for the few texts with underscores, which may be a part of a word and are none alone.
fn words_with_underscores(text: &[u8]) -> u64 {
    let is_letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphabetic);
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut count = 0;
    let mut at = 0;
    while at < text.len() {
        let mut is_word = false;
        let start = at;
        loop {
            if is_letter(at) {
                is_word = true;
                at += 1;
                // Within a word: can't, e.g.
                at += usize::from(matches!(text.get(at), Some(b'\'' | b'.' | b':')) && is_letter(at + 1));
            } else if is_digit(at) {
                is_word = true;
                at += 1;
                // Within a number: 1,000.5
                at += usize::from(matches!(text.get(at), Some(b'\'' | b'.' | b',' | b';')) && is_digit(at + 1));
            } else if text.get(at) == Some(&b'_') {
                at += 1;
            } else {
                break;
            }
        }
        count += u64::from(is_word);
        at += usize::from(at == start);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_character_is_of_its_class() {
        for c in ('\0'..=char::MAX).filter(|c| class(*c).is_some()) {
            for text in [
                format!("a{c}a"),
                format!("1{c}1"),
                format!("a{c}1"),
                format!("カ{c}カ"),
                format!("{c}{c}"),
                c.to_string(),
            ] {
                assert_eq!(plain_words(&text), Some(text.unicode_words().count() as u64), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn where_bytes_are_taken_together_makes_no_difference(text in "([aB1'.,;: \\-\"\n@&]{8}|x{50,70}){0,24}") {
            prop_assert_eq!(words(&text), text.unicode_words().count() as u64, "{:?}", text);
        }

        #[test]
        fn ascii_words_are_those_of_unicode(text in "[aB1_'.,;: \\-\"\n@&]{0,24}") {
            prop_assert_eq!(ascii_words(text.as_bytes()), text.unicode_words().count() as u64, "{:?}", text);
        }

        #[test]
        fn plain_words_are_those_of_unicode(
            text in "[aé1'.,:;’‘ж“…\u{a0}×ѐ҂\u{483}-]{0,24}|[a1カー日の한ع٣،，：；·.,:'·€ ]{0,24}|[\u{0}-\u{700}\u{2000}-\u{2040}\u{3000}-\u{3100}\u{ff00}-\u{ff30}]{0,3}",
        ) {
            if let Some(count) = plain_words(&text) {
                prop_assert_eq!(count, text.unicode_words().count() as u64, "{:?}", text);
            }
        }

        #[test]
        fn dense_text_is_taken_in_parts(text in "([a-z]{2,6}|жы|한국|日の|カー| |~|\n){0,80}") {
            prop_assert_eq!(words(&text), text.unicode_words().count() as u64, "{:?}", text);
        }

        #[test]
        fn white_space_parts_words(text in "[aé1_'.: \n\u{301}\u{200d}\u{ad}עא日ก\u{1f468}\u{3000}]{0,24}") {
            prop_assert_eq!(words(&text), text.unicode_words().count() as u64, "{:?}", text);
        }
    }
}
