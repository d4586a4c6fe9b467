//! Names as numbers, which are compared quicker than letter by letter.

/// How many bytes of a name its key holds, beside its length.
pub(super) const KEY_BYTES: usize = 7;

/// The key of a name in any case; exact for those that fit into it.
pub(super) const fn key(name: &[u8]) -> u64 {
    let mut key = (name.len() as u64 & 0xff) << 56;
    let mut at = 0;
    while at < name.len() && at < KEY_BYTES {
        key |= (name[at].to_ascii_lowercase() as u64) << (8 * at);
        at += 1;
    }
    key
}

/// As [`key`], of the name that is the first `length` of the bytes: quicker where others follow it.
pub(super) fn key_of_first(bytes: &[u8], length: usize) -> u64 {
    let Some(chunk) = bytes.first_chunk() else { return key(&bytes[..length]) };
    let kept = (1 << (8 * length.min(KEY_BYTES))) - 1;
    lower_case(u64::from_le_bytes(*chunk) & kept) | (length as u64 & 0xff) << 56
}

/// Eight bytes with ASCII's capitals made small.
fn lower_case(bytes: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = EACH << 7;
    let low = bytes & !HIGH;
    // The highest bit of each byte tells.
    let from_a = low + EACH * u64::from(0x80 - b'A');
    let beyond_z = low + EACH * u64::from(0x7f - b'Z');
    let capital = from_a & !beyond_z & !bytes & HIGH;
    bytes | (capital >> 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_one_is_the_same(name in "[@-\\[`-{a-zA-Z0-9é-]{0,10}", after in "[ -~é]{0,9}") {
            let bytes = [name.as_bytes(), after.as_bytes()].concat();
            prop_assert_eq!(key_of_first(&bytes, name.len()), key(name.as_bytes()));
            prop_assert_eq!(key(name.to_ascii_uppercase().as_bytes()), key(name.as_bytes()));
        }
    }
}
