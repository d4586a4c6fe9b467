//! Foreign content: SVG and formulas.

use super::lexer::{Content, Named};
use super::modes::Start;
use super::open::Space;
use super::{Scanner, Unsure};
use crate::extract::events::{Attributes, Events};
use crate::extract::tag::{BREAKOUT, Tag};

impl<'a, E: Events> Scanner<'a, E> {
    pub(super) fn is_foreign(&self) -> bool {
        self.current().is_some_and(|open| open.space != Space::Html)
    }

    pub(super) fn is_foreign_text(&self) -> bool {
        self.current().is_some_and(|open| open.space != Space::Html && !open.integration)
    }

    pub(super) fn is_foreign_start(&self, tag: Tag) -> bool {
        self.current().is_some_and(|open| match open.space {
            Space::Html => false,
            Space::Svg => !open.integration,
            Space::Math => !open.integration || matches!(tag, Tag::Mglyph | Tag::Malignmark),
        })
    }

    /// `<svg>` or `<math>`.
    pub(super) fn enter_foreign(&mut self, start: Start<'_, 'a>, space: Space) -> Result<Content, Unsure> {
        self.reconstruct()?;
        self.foreign_element(start, space)
    }

    fn foreign_element(&mut self, start: Start<'_, 'a>, space: Space) -> Result<Content, Unsure> {
        self.weigh(start.attributes.len())?;
        self.push_foreign(start.named, space, !start.self_closing)?;
        Ok(Content::Markup)
    }

    pub(super) fn foreign_start(&mut self, start: Start<'_, 'a>) -> Result<Content, Unsure> {
        let tag = start.named.tag;
        let is_html_font =
            tag == Tag::Font && ["color", "face", "size"].iter().any(|name| start.attributes.get(name).is_some());
        if tag.is(BREAKOUT) || is_html_font {
            self.leave_foreign();
            return self.start_by_mode(start);
        }
        // HTML may stand in it, or not, which its attributes tell.
        if tag == Tag::AnnotationXml {
            return Err(Unsure("annotation-xml"));
        }
        let space = self.current().map_or(Space::Html, |open| open.space);
        self.foreign_element(start, space)
    }

    fn leave_foreign(&mut self) {
        while self.is_foreign_text() {
            self.pop();
        }
    }

    pub(super) fn foreign_end(&mut self, named: &Named) -> Result<(), Unsure> {
        if matches!(named.tag, Tag::Br | Tag::P) {
            self.leave_foreign();
            return self.end_by_mode(named);
        }
        let wanted = &self.lexer.page[named.name.clone()];
        for at in (1..self.open.len()).rev() {
            let open = &self.open[at];
            if open.tag == Tag::Removed {
                continue;
            }
            if open.space == Space::Html {
                return self.end_by_mode(named);
            }
            if self.lexer.page[open.name.clone()].eq_ignore_ascii_case(wanted) {
                self.truncate(at);
                return Ok(());
            }
        }
        Ok(())
    }
}
