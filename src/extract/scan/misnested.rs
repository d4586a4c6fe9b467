//! Formatting elements that end within a block that began in them (`<b>x<p>y</b>z`): the "adoption agency" moves such a block out, and
//! wraps what it held so far in a copy of the formatting element. That bears on what was told already, so that the page is read again,
//! and the element ended before the block and opened anew within it.

use super::attributes::Read;
use super::lexer::Named;
use super::open::{Open, Space};
use super::{Scanner, Unsure};
use crate::extract::events::Events;
use crate::extract::tag::{SPECIAL, Tag};

/// The "outer loop" of the algorithm runs eight times, the last to end the element.
const MAX_BLOCKS: usize = 7;

/// With more splits the page is left to the tree: each block is looked up among them.
const MAX_SPLITS: usize = 256;

/// A block that a formatting element is split at, each by where the name in its tag stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    block: usize,
    formatting: usize,
}

impl<E: Events> Scanner<'_, E> {
    /// Ends the formatting element of entry `at`, which is on the stack at `place` with blocks above, and notes where it is to be split.
    pub(super) fn split_at_blocks(&mut self, at: usize, place: usize) -> Result<(), Unsure> {
        const REASON: Unsure = Unsure("misnested formatting");
        let last = self.open.iter().rposition(|open| open.is(SPECIAL)).filter(|last| *last > place).ok_or(REASON)?;
        let is_formatting = |open: &Open| self.formatting.iter().any(|entry| entry.number() == Some(open.number));
        let (blocks, between): (Vec<&Open>, Vec<&Open>) =
            self.open[place + 1..=last].iter().partition(|open| open.is(SPECIAL));
        // Blocks are put into what holds the element: in a table that would be before it.
        let holder = place.checked_sub(1).map(|holder| self.open[holder].tag);
        let is_holder = holder.is_some_and(|tag| {
            !matches!(tag, Tag::Removed | Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr)
        });
        if blocks.len() > MAX_BLOCKS
            || self.late.splits.len() + blocks.len() > MAX_SPLITS
            || !is_holder
            // What lies between is copied, too, if it is in the list.
            || between.into_iter().any(is_formatting)
            || self.open[place - 1..].iter().any(|open| open.space != Space::Html)
            || self.open[place..=last].iter().any(|open| open.name.is_empty())
        {
            return Err(REASON);
        }
        let formatting = self.open[place].name.start;
        for block in blocks {
            let split = Split { block: block.name.start, formatting };
            if self.late.splits.contains(&split) {
                return Err(REASON);
            }
            self.late.splits.push(split);
        }
        // From here on only what comes late is of interest.
        self.events = None;
        self.truncate(last + 1);
        let mut index = 0;
        self.open.retain(|open| {
            index += 1;
            index <= place || open.is(SPECIAL)
        });
        self.formatting.remove(at);
        Ok(())
    }

    /// Ends what is to be split at this block; gives it back, the outermost first.
    pub(super) fn end_before_block(&mut self, named: &Named) -> Vec<usize> {
        let splits = self.late.splits.iter().filter(|split| split.block == named.name.start);
        let mut places: Vec<usize> =
            splits.filter_map(|split| self.open.iter().rposition(|open| open.name.start == split.formatting)).collect();
        places.sort_unstable();
        let entries = places.iter().filter_map(|place| {
            let number = self.open[*place].number;
            self.formatting.iter().position(|entry| entry.number() == Some(number))
        });
        let entries = entries.collect();
        if let Some(outermost) = places.first() {
            self.truncate(*outermost);
        }
        entries
    }

    /// Opens anew within the block what ended before it.
    pub(super) fn open_anew(&mut self, entries: &[usize]) -> Result<(), Unsure> {
        let mut attributes = Read::default();
        for at in entries {
            self.open_again(*at, &mut attributes)?;
        }
        Ok(())
    }
}
