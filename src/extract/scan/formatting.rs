//! The list of active formatting elements.

use super::attributes::Read;
use super::lexer::Named;
use super::open::Scope;
use super::{Scanner, Unsure};
use crate::extract::events::Events;
use crate::extract::tag::{SPECIAL, Tag};

/// How many elements of one name and with the same attributes are opened anew.
const MAX_EQUAL: usize = 3;

pub(super) enum Entry {
    /// The elements before it are not opened anew within what it stands for.
    Marker,
    Element {
        named: Named,
        /// The number of the element on the stack, if it still is there.
        number: u32,
    },
}

impl Entry {
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Marker => None,
            Self::Element { number, .. } => Some(*number),
        }
    }

    fn is(&self, tag: Tag) -> bool {
        matches!(self, Self::Element { named, .. } if named.tag == tag)
    }
}

impl<'a, E: Events> Scanner<'a, E> {
    fn is_open(&self, number: u32) -> bool {
        self.open.iter().rev().any(|open| open.number == number)
    }

    /// Whether all that should be open anew is open.
    pub(super) fn is_settled(&self) -> bool {
        self.formatting.last().and_then(Entry::number).is_none_or(|number| self.is_open(number))
    }

    /// Opens anew what ended only because something around it did.
    pub(super) fn reconstruct(&mut self) -> Result<(), Unsure> {
        if self.is_settled() {
            return Ok(());
        }
        let closed = |entry: &Entry| entry.number().is_some_and(|number| !self.is_open(number));
        let first = self.formatting.iter().rposition(|entry| !closed(entry)).map_or(0, |at| at + 1);
        let mut attributes = Read::default();
        for at in first..self.formatting.len() {
            self.open_again(at, &mut attributes)?;
        }
        Ok(())
    }

    /// Opens the element of an entry once more.
    pub(super) fn open_again(&mut self, at: usize, attributes: &mut Read<'a>) -> Result<(), Unsure> {
        let Entry::Element { named, .. } = &self.formatting[at] else { return Err(Unsure("a marker")) };
        let named = named.clone();
        let end = attributes.read(self.lexer.page, named.name.end)?.ok_or(Unsure("a cut tag"))?;
        // A few bytes may be read again for every element that follows.
        self.weigh((end.after - named.name.end) / 32)?;
        let number = self.push(&named, attributes)?;
        self.formatting[at] = Entry::Element { named, number };
        Ok(())
    }

    /// The entries since the last marker, the last first, with their places.
    fn since_marker(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.formatting.iter().enumerate().rev().take_while(|(_, entry)| !matches!(entry, Entry::Marker))
    }

    pub(super) fn push_formatting(&mut self, named: &Named, attributes: &Read<'a>) -> Result<(), Unsure> {
        self.limit_equal(named, attributes)?;
        let number = self.push(named, attributes)?;
        self.formatting.push(Entry::Element { named: named.clone(), number });
        Ok(())
    }

    /// Makes room for one more (the "Noah's Ark clause").
    fn limit_equal(&mut self, named: &Named, attributes: &Read<'a>) -> Result<(), Unsure> {
        let same_name = self.since_marker().filter(|(_, entry)| entry.is(named.tag)).count();
        if same_name < MAX_EQUAL {
            return Ok(());
        }
        let wanted = attributes.sorted();
        let mut other = Read::default();
        let mut equal = 0;
        let mut earliest = None;
        let mut read = 0;
        for (at, entry) in self.since_marker() {
            if let Entry::Element { named: before, .. } = entry
                && before.tag == named.tag
            {
                let end = other.read(self.lexer.page, before.name.end)?.ok_or(Unsure("a cut tag"))?;
                read += end.after - before.name.end;
                if other.sorted() == wanted {
                    equal += 1;
                    earliest = Some(at);
                }
            }
        }
        self.weigh(read / 32)?;
        if let Some(at) = earliest
            && equal >= MAX_EQUAL
        {
            self.formatting.remove(at);
        }
        Ok(())
    }

    pub(super) fn push_marker(&mut self) {
        self.formatting.push(Entry::Marker);
    }

    pub(super) fn clear_to_marker(&mut self) {
        while self.formatting.pop().is_some_and(|entry| !matches!(entry, Entry::Marker)) {}
    }

    /// The end of a formatting element (the "adoption agency"), as long as no node moves by it.
    pub(super) fn end_formatting(&mut self, named: &Named) -> Result<(), Unsure> {
        let tag = named.tag;
        let number = self.current().filter(|open| open.tag == tag).map(|open| open.number);
        if number.is_some() && !self.formatting.iter().any(|entry| entry.number() == number) {
            self.pop();
            return Ok(());
        }
        let found = self.since_marker().find(|(_, entry)| entry.is(tag));
        let Some((at, number)) = found.and_then(|(at, entry)| Some((at, entry.number()?))) else {
            self.end_any(named);
            return Ok(());
        };
        let Some(place) = self.open.iter().rposition(|open| open.number == number) else {
            self.formatting.remove(at);
            return Ok(());
        };
        if !self.in_scope(Scope::Default, |open| open.number == number) {
            return Ok(());
        }
        if self.open[place..].iter().any(|open| open.is(SPECIAL)) {
            return self.split_at_blocks(at, place);
        }
        self.truncate(place);
        self.formatting.remove(at);
        Ok(())
    }

    /// Links do not nest: another one that is open ends.
    pub(super) fn end_other_link(&mut self, named: &Named) -> Result<(), Unsure> {
        let found = self.since_marker().find(|(_, entry)| entry.is(Tag::A));
        let Some(number) = found.and_then(|(_, entry)| entry.number()) else { return Ok(()) };
        self.end_formatting(named)?;
        self.formatting.retain(|entry| entry.number() != Some(number));
        if self.is_open(number) { Err(Unsure("misnested links")) } else { Ok(()) }
    }
}
