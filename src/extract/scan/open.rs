//! The stack of open elements.

use super::attributes::Read;
use super::lexer::Named;
use super::{Scanner, Unsure};
use crate::extract::events::{Attributes, Events, Name};
use crate::extract::limit;
use crate::extract::tag::{IMPLIED_END, SCOPE, SPECIAL, Tag};
use html5ever::LocalName;
use std::ops::Range;

/// Below this depth and this weight the limits on trees are surely not reached.
const MAX_DEPTH: usize = limit::MAX_DEPTH as usize - 100;
const MAX_WEIGHT: usize = limit::MAX_WEIGHT / 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Html,
    Svg,
    Math,
}

/// An element that is open.
#[derive(Debug, Clone)]
pub(super) struct Open {
    /// What the rules take it for: none of HTML's if it is foreign.
    pub tag: Tag,
    /// What it was called when it began.
    pub told: Tag,
    pub space: Space,
    /// HTML may stand in this foreign element.
    pub integration: bool,
    /// No two elements have the same.
    pub number: u32,
    /// Where its name stands; nowhere if the page left its tag out.
    pub name: Range<usize>,
    /// The name, if it is one of HTML's that no rule knows.
    pub other: Option<LocalName>,
}

impl Open {
    pub(super) fn is(&self, class: u16) -> bool {
        self.tag.is(class)
    }

    fn bounds_scope(&self) -> bool {
        self.is(SCOPE) || self.integration
    }
}

/// What bounds a search for an open element.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    Default,
    Button,
    ListItem,
    Table,
}

impl Scope {
    fn ends_at(self, open: &Open) -> bool {
        match self {
            Self::Default => open.bounds_scope(),
            Self::Button => open.bounds_scope() || open.tag == Tag::Button,
            Self::ListItem => open.bounds_scope() || matches!(open.tag, Tag::Ol | Tag::Ul),
            Self::Table => matches!(open.tag, Tag::Html | Tag::Table | Tag::Template),
        }
    }
}

/// An element whose tag the page left out.
struct NoAttributes;

impl Attributes for NoAttributes {
    fn get(&self, _name: &str) -> Option<&str> {
        None
    }

    fn each(&self, _take: &mut dyn FnMut(&str, &str)) {}
}

impl<'a, E: Events> Scanner<'a, E> {
    /// What is open innermost.
    pub(super) fn current(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn current_tag(&self) -> Tag {
        self.current().map_or(Tag::Other, |open| open.tag)
    }

    pub(super) fn weigh(&mut self, weight: usize) -> Result<(), Unsure> {
        self.weight += weight;
        if self.weight > MAX_WEIGHT { Err(Unsure("a heavy page")) } else { Ok(()) }
    }

    fn add(&mut self, open: Open) -> Result<(), Unsure> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Unsure("a deep page"));
        }
        self.open_p += usize::from(open.tag == Tag::P);
        self.open.push(open);
        Ok(())
    }

    fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// Opens an HTML element; gives its number.
    pub(super) fn push(&mut self, named: &Named, attributes: &Read<'a>) -> Result<u32, Unsure> {
        let late = match named.tag {
            Tag::Html => &self.late.html,
            Tag::Body => &self.late.body,
            _ => return self.push_with(named, attributes),
        };
        if late.is_empty() {
            return self.push_with(named, attributes);
        }
        let mut all = Read::default();
        if !named.name.is_empty() {
            all.read_more(self.lexer.page, named.name.end)?;
        }
        for at in late {
            all.read_more(self.lexer.page, *at)?;
        }
        self.push_with(named, &all)
    }

    fn push_with(&mut self, named: &Named, attributes: &Read<'a>) -> Result<u32, Unsure> {
        if self.late.splits.is_empty() || !named.tag.is(SPECIAL) || named.name.is_empty() {
            return self.push_one(named, attributes);
        }
        let split = self.end_before_block(named);
        let number = self.push_one(named, attributes)?;
        self.open_anew(&split)?;
        Ok(number)
    }

    fn push_one(&mut self, named: &Named, attributes: &Read<'a>) -> Result<u32, Unsure> {
        self.weigh(1 + attributes.len())?;
        let Named { tag, name } = named.clone();
        let other =
            (tag == Tag::Other).then(|| LocalName::from(self.lexer.page[name.clone()].to_ascii_lowercase().as_str()));
        self.events.start(Name { tag, local: other.as_ref().unwrap_or(tag.local()), html: true }, attributes);
        let number = self.next_number();
        self.add(Open { tag, told: tag, space: Space::Html, integration: false, number, name, other })?;
        Ok(number)
    }

    /// Opens an element whose tag the page left out.
    pub(super) fn push_implied(&mut self, tag: Tag) -> Result<(), Unsure> {
        self.push(&Named { tag, name: 0..0 }, &Read::default()).map(|_| ())
    }

    pub(super) fn push_foreign(&mut self, named: &Named, space: Space, stays: bool) -> Result<(), Unsure> {
        self.weigh(1)?;
        let name = Name { tag: named.tag, local: named.tag.local(), html: false };
        self.events.start(name, &NoAttributes);
        if !stays {
            self.events.end(name);
            return Ok(());
        }
        let integration = match space {
            Space::Svg => matches!(named.tag, Tag::Title | Tag::Desc | Tag::ForeignObject),
            Space::Math => matches!(named.tag, Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext),
            Space::Html => false,
        };
        let number = self.next_number();
        let name = named.name.clone();
        self.add(Open { tag: Tag::Other, told: named.tag, space, integration, number, name, other: None })
    }

    /// An element that holds nothing.
    pub(super) fn insert_empty(&mut self, tag: Tag, attributes: &impl Attributes, weight: usize) -> Result<(), Unsure> {
        self.weigh(1 + weight)?;
        let name = Name { tag, local: tag.local(), html: true };
        self.events.start(name, attributes);
        self.events.end(name);
        Ok(())
    }

    pub(super) fn insert_empty_implied(&mut self, tag: Tag) -> Result<(), Unsure> {
        self.insert_empty(tag, &NoAttributes, 0)
    }

    pub(super) fn pop(&mut self) {
        if let Some(open) = self.open.pop() {
            self.tell_end(&open);
        }
        // What was taken off the stack before ends when all that it holds has ended.
        while let Some(open) = self.open.pop_if(|open| open.tag == Tag::Removed) {
            self.tell_end(&open);
        }
    }

    fn tell_end(&mut self, open: &Open) {
        self.open_p -= usize::from(open.tag == Tag::P);
        let local = open.other.as_ref().unwrap_or(open.told.local());
        self.events.end(Name { tag: open.told, local, html: open.space == Space::Html });
    }

    pub(super) fn truncate(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    /// Takes an element off the stack; those in it stay.
    pub(super) fn remove(&mut self, number: u32) {
        if self.current().is_some_and(|open| open.number == number) {
            self.pop();
        } else if let Some(open) = self.open.iter_mut().find(|open| open.number == number) {
            self.open_p -= usize::from(open.tag == Tag::P);
            open.tag = Tag::Removed;
        }
    }

    pub(super) fn pop_until(&mut self, is_last: impl Fn(Tag) -> bool) {
        while let Some(open) = self.current() {
            let last = is_last(open.tag);
            self.pop();
            if last {
                return;
            }
        }
    }

    pub(super) fn pop_until_current(&mut self, is_last: impl Fn(Tag) -> bool) {
        while self.current().is_some_and(|open| !is_last(open.tag)) {
            self.pop();
        }
    }

    pub(super) fn in_scope(&self, scope: Scope, is_it: impl Fn(&Open) -> bool) -> bool {
        for open in self.open.iter().rev() {
            if is_it(open) {
                return true;
            }
            if scope.ends_at(open) {
                return false;
            }
        }
        false
    }

    pub(super) fn in_scope_tag(&self, scope: Scope, tag: Tag) -> bool {
        self.in_scope(scope, |open| open.tag == tag)
    }

    pub(super) fn generate_implied_ends(&mut self, except: impl Fn(&Open) -> bool) {
        while self.current().is_some_and(|open| open.is(IMPLIED_END) && !except(open)) {
            self.pop();
        }
    }

    pub(super) fn close_p(&mut self) {
        self.generate_implied_ends(|open| open.tag == Tag::P);
        self.pop_until(|tag| tag == Tag::P);
    }

    pub(super) fn close_p_in_button_scope(&mut self) {
        if self.open_p > 0 && self.in_scope_tag(Scope::Button, Tag::P) {
            self.close_p();
        }
    }

    /// Whether two tags have one name.
    pub(super) fn same_name(&self, open: &Open, named: &Named) -> bool {
        open.tag == named.tag
            && (open.tag != Tag::Other
                || self.lexer.page[open.name.clone()].eq_ignore_ascii_case(&self.lexer.page[named.name.clone()]))
    }
}
