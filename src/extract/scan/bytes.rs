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

pub(in crate::extract) fn is_space(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & SPACE != 0
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
const NEAR: usize = 64;

/// Where the first of two bytes is.
#[inline]
pub(super) fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let mut at = 0;
    while at < NEAR
        && let Some(chunk) = bytes[at..].first_chunk()
    {
        let word = u64::from_le_bytes(*chunk);
        let found = zeros(word ^ each(one)) | zeros(word ^ each(other));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += WORD;
    }
    memchr::memchr2(one, other, &bytes[at..]).map(|found| at + found)
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
        fn as_one_by_one(text in "[ -~é]{0,90}", one in "[ -~]", other in "[ -~]") {
            let (one, other) = (one.as_bytes()[0], other.as_bytes()[0]);
            let found = text.bytes().position(|byte| byte == one || byte == other);
            prop_assert_eq!(find_either(text.as_bytes(), one, other), found);
        }
    }
}
