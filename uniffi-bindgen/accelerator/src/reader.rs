//! Reading serialised values.

/// What is still to be read of a buffer. Each function returns none when there is too little left, and then takes nothing.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    #[inline]
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The bytes of a number, which are in network order.
    #[inline]
    pub(crate) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*head)
    }

    #[inline]
    pub(crate) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(head)
    }

    /// A length, and as many bytes. Negative lengths are longer than anything.
    #[inline]
    pub(crate) fn prefixed(&mut self) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        let length = usize::try_from(i32::from_be_bytes(*head)).ok()?;
        let (bytes, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    /// A count of items that take at least so many bytes each. Counts that can't be true are none.
    #[inline]
    pub(crate) fn count(&mut self, least: usize) -> Option<usize> {
        let (head, rest) = self.rest.split_first_chunk()?;
        let count = usize::try_from(i32::from_be_bytes(*head)).ok()?;
        if count.checked_mul(least)? > rest.len() {
            return None;
        }
        self.rest = rest;
        Some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_until_the_end() {
        let mut reader = Reader::new(&[1, 2, 3, 4, 5]);
        assert_eq!(reader.take().map(u16::from_be_bytes), Some(0x0102));
        assert_eq!(reader.take::<4>(), None);
        assert_eq!(reader.remaining(), 3);
        assert_eq!(reader.take(), Some([3, 4, 5]));
        assert_eq!(reader.take::<1>(), None);
        assert_eq!(reader.take::<0>(), Some([]));
    }

    #[test]
    fn lengths_are_checked() {
        assert_eq!(Reader::new(&[0, 0, 0, 2, 7, 8, 9]).prefixed(), Some(&[7, 8][..]));
        assert_eq!(Reader::new(&[0, 0, 0, 0]).prefixed(), Some(&[][..]));
        assert_eq!(Reader::new(&[0, 0, 0, 4, 7, 8, 9]).prefixed(), None);
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 7]).prefixed(), None);
        assert_eq!(Reader::new(&[0, 0, 0]).prefixed(), None);
        assert_eq!(Reader::new(&[1, 2]).bytes(3), None);
    }

    #[test]
    fn counts_are_no_more_than_can_be_there() {
        let counted = |bytes: &[u8], least| Reader::new(bytes).count(least);
        assert_eq!(counted(&[0, 0, 0, 2, 0, 0], 1), Some(2));
        assert_eq!(counted(&[0, 0, 0, 3, 0, 0], 1), None);
        assert_eq!(counted(&[0x7f, 0xff, 0xff, 0xff], 0), Some(0x7fff_ffff));
        assert_eq!(counted(&[0x7f, 0xff, 0xff, 0xff], usize::MAX), None);
        assert_eq!(counted(&[0x80, 0, 0, 0], 0), None);
    }
}
