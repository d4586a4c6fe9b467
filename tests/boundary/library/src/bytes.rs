//! Bytes, borrowed and owned.

/// Borrows the bytes: sums them up.
#[uniffi::export]
pub fn sum_of(data: &[u8]) -> u64 {
    data.iter().map(|byte| u64::from(*byte)).sum()
}

/// Borrows two at a time.
#[uniffi::export]
pub fn compare(left: &[u8], right: &[u8], note: String) -> String {
    format!("{note}{:?}", left.cmp(right))
}

/// Borrows for a moment, while the caller may do other things.
#[uniffi::export]
pub fn sum_slowly(data: &[u8], milliseconds: u64) -> u64 {
    let before = sum_of(data);
    std::thread::sleep(std::time::Duration::from_millis(milliseconds));
    assert_eq!(before, sum_of(data), "the bytes have changed while they were borrowed");
    before
}

/// Borrows a text.
#[uniffi::export]
pub fn count_letters(text: &str) -> u64 {
    text.chars().count() as u64
}

/// So many bytes.
#[uniffi::export]
pub fn bytes_of(size: u32) -> Vec<u8> {
    (0..size).map(|index| (index % 251) as u8).collect()
}

/// Takes the bytes: how many there are.
#[uniffi::export]
pub fn length_of(data: Vec<u8>) -> u64 {
    data.len() as u64
}
