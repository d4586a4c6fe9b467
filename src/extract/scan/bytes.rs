//! What bytes mean in markup, and where the next of them are.

const SPACE: u8 = 1;
const ENDS_NAME: u8 = 2;
const ENDS_ATTRIBUTE_NAME: u8 = 4;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let spaces = b" \n\t\r\x0c";
    let mut at = 0;
    while at < spaces.len() {
        classes[spaces[at] as usize] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE_NAME;
        at += 1;
    }
    classes[b'>' as usize] = ENDS_NAME | ENDS_ATTRIBUTE_NAME;
    classes[b'/' as usize] = ENDS_NAME | ENDS_ATTRIBUTE_NAME;
    classes[b'=' as usize] = ENDS_ATTRIBUTE_NAME;
    classes
};

pub(super) fn is_space(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & SPACE != 0
}

/// Whether a text is white space and nothing else, as markup is indented by.
pub(in crate::extract) fn is_blank(text: &str) -> bool {
    const SPACES: [u8; WORD] = [b' '; WORD];
    const TABS: [u8; WORD] = [b'\t'; WORD];
    let (words, rest) = text.as_bytes().as_chunks::<WORD>();
    let is_blank = |word: &[u8; WORD]| matches!(*word, SPACES | TABS) || word.iter().copied().all(is_space);
    words.iter().all(is_blank) && rest.iter().copied().all(is_space)
}

/// Of the name of a tag.
pub(super) fn ends_name(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & ENDS_NAME != 0
}

/// Of the name of an attribute, after its first byte.
pub(super) fn ends_attribute_name(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & ENDS_ATTRIBUTE_NAME != 0
}

const WORD: usize = size_of::<u64>();

/// So many bytes are looked at here; beyond them, a search that begins more slowly is quicker.
const NEAR: usize = 24;

/// Where the first of two bytes is.
#[inline]
pub(super) fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    match find_near(bytes, [one, other]) {
        Ok(found) => Some(found),
        Err(from) => memchr::memchr2(one, other, &bytes[from..]).map(|found| from + found),
    }
}

/// Where the first of three bytes is.
#[inline]
pub(super) fn find_any(bytes: &[u8], [a, b, c]: [u8; 3]) -> Option<usize> {
    match find_near(bytes, [a, b, c]) {
        Ok(found) => Some(found),
        Err(from) => memchr::memchr3(a, b, c, &bytes[from..]).map(|found| from + found),
    }
}

/// Where the first of the wanted bytes is among those looked at here, or how many were looked at.
#[inline]
fn find_near<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Result<usize, usize> {
    let mut at = 0;
    while at < NEAR
        && let Some(chunk) = bytes[at..].first_chunk()
    {
        let word = u64::from_le_bytes(*chunk);
        let found = wanted.iter().fold(0, |found, byte| found | zeros(word ^ each(*byte)));
        if found != 0 {
            return Ok(at + found.trailing_zeros() as usize / 8);
        }
        at += WORD;
    }
    Err(at)
}

/// Eight times the same byte.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; WORD])
}

/// The highest bit of each byte that is zero, up to the first: those after it may be wrong.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(each(1)) & !word & each(0x80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blank_texts(text in "( {8}|\t{8}|[ \t\n\r\u{c}]{0,9}){0,3}[a\u{b}é]?[ \t]{0,9}") {
            prop_assert_eq!(is_blank(&text), text.bytes().all(is_space));
        }

        #[test]
        fn as_one_by_one(text in "[ -~é]{0,90}", one in "[ -~]", other in "[ -~]") {
            let (one, other) = (one.as_bytes()[0], other.as_bytes()[0]);
            let found = text.bytes().position(|byte| byte == one || byte == other);
            prop_assert_eq!(find_either(text.as_bytes(), one, other), found);
            let found = text.bytes().position(|byte| byte == one || byte == other || byte == b'~');
            prop_assert_eq!(find_any(text.as_bytes(), [one, b'~', other]), found);
        }
    }
}
