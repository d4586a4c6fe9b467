//! Tables. What is put before its table because it may not stand in it makes the page one for the tree.

use super::bytes::is_blank;
use super::lexer::{Content, Named};
use super::modes::{Mode, Start, Step};
use super::open::Scope;
use super::{Scanner, Unsure};
use crate::extract::events::{Attributes, Events};
use crate::extract::tag::{TABLE_PART, Tag};

const DONE: Step<Content> = Ok(Some(Content::Markup));
const ENDED: Step<()> = Ok(Some(()));

fn is_cell(tag: Tag) -> bool {
    matches!(tag, Tag::Td | Tag::Th)
}

fn is_table_context(tag: Tag) -> bool {
    matches!(tag, Tag::Html | Tag::Table | Tag::Template)
}

fn is_body_context(tag: Tag) -> bool {
    matches!(tag, Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Template | Tag::Html)
}

fn is_row_context(tag: Tag) -> bool {
    matches!(tag, Tag::Tr | Tag::Template | Tag::Html)
}

impl<'a, E: Events> Scanner<'a, E> {
    pub(super) fn table_text(&mut self, text: &str) -> Result<(), Unsure> {
        let in_table = matches!(self.current_tag(), Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr);
        if !in_table || !is_blank(text) {
            return Err(Unsure("text in a table"));
        }
        self.events.text(text);
        Ok(())
    }

    pub(super) fn table_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        let Start { named, attributes, .. } = start;
        match named.tag {
            Tag::Caption => {
                self.pop_until_current(is_table_context);
                self.push_marker();
                self.push(named, attributes)?;
                self.mode = Mode::InCaption;
            }
            Tag::Colgroup => {
                self.pop_until_current(is_table_context);
                self.push(named, attributes)?;
                self.mode = Mode::InColumnGroup;
            }
            Tag::Col => {
                self.pop_until_current(is_table_context);
                self.push_implied(Tag::Colgroup)?;
                self.mode = Mode::InColumnGroup;
                return Ok(None);
            }
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                self.pop_until_current(is_table_context);
                self.push(named, attributes)?;
                self.mode = Mode::InTableBody;
            }
            Tag::Td | Tag::Th | Tag::Tr => {
                self.pop_until_current(is_table_context);
                self.push_implied(Tag::Tbody)?;
                self.mode = Mode::InTableBody;
                return Ok(None);
            }
            Tag::Table => {
                if self.in_table_scope(Tag::Table) {
                    self.pop_until(|tag| tag == Tag::Table);
                    self.reset_mode();
                    return Ok(None);
                }
            }
            Tag::Style | Tag::Script | Tag::Template => return self.head_element(start).map(Some),
            Tag::Input if attributes.get("type").is_some_and(|t| t.eq_ignore_ascii_case("hidden")) => {
                self.insert_empty(Tag::Input, attributes, attributes.len())?;
            }
            Tag::Form => {
                if self.form.is_none() {
                    let number = self.push(named, attributes)?;
                    self.pop();
                    self.form = Some(number);
                }
            }
            _ => return Err(Unsure("an element in a table")),
        }
        DONE
    }

    pub(super) fn table_end(&mut self, named: &Named) -> Step<()> {
        match named.tag {
            Tag::Table => {
                if self.in_table_scope(Tag::Table) {
                    self.pop_until(|tag| tag == Tag::Table);
                    self.reset_mode();
                }
            }
            Tag::Body | Tag::Html | Tag::Template => {}
            tag if tag.is(TABLE_PART) => {}
            // These may put an element there.
            Tag::P | Tag::Br => return Err(Unsure("an end in a table")),
            _ => self.body_end(named)?,
        }
        ENDED
    }

    pub(super) fn table_body_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        match start.named.tag {
            Tag::Tr => {
                self.pop_until_current(is_body_context);
                self.push(start.named, start.attributes)?;
                self.mode = Mode::InRow;
                DONE
            }
            Tag::Th | Tag::Td => {
                self.pop_until_current(is_body_context);
                self.push_implied(Tag::Tr)?;
                self.mode = Mode::InRow;
                Ok(None)
            }
            Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                Ok(if self.leave_table_body() { None } else { Some(Content::Markup) })
            }
            _ => self.table_start(start),
        }
    }

    pub(super) fn table_body_end(&mut self, named: &Named) -> Step<()> {
        match named.tag {
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                if self.in_table_scope(named.tag) {
                    self.pop_until_current(is_body_context);
                    self.pop();
                    self.mode = Mode::InTable;
                }
                ENDED
            }
            Tag::Table => Ok(if self.leave_table_body() { None } else { Some(()) }),
            _ => self.table_end(named),
        }
    }

    /// Ends the part of the table that is open, if one is.
    fn leave_table_body(&mut self) -> bool {
        let is_there = self.in_scope(Scope::Table, |open| matches!(open.tag, Tag::Table | Tag::Tbody | Tag::Tfoot));
        if is_there {
            self.pop_until_current(is_body_context);
            self.pop();
            self.mode = Mode::InTable;
        }
        is_there
    }

    /// Ends the row that is open, if one is.
    fn leave_row(&mut self) -> bool {
        let is_there = self.in_table_scope(Tag::Tr);
        if is_there {
            self.pop_until_current(is_row_context);
            self.pop();
            self.mode = Mode::InTableBody;
        }
        is_there
    }

    pub(super) fn row_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        match start.named.tag {
            Tag::Th | Tag::Td => {
                self.pop_until_current(is_row_context);
                self.push(start.named, start.attributes)?;
                self.mode = Mode::InCell;
                self.push_marker();
                DONE
            }
            Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                Ok(if self.leave_row() { None } else { Some(Content::Markup) })
            }
            _ => self.table_start(start),
        }
    }

    pub(super) fn row_end(&mut self, named: &Named) -> Step<()> {
        match named.tag {
            Tag::Tr => {
                self.leave_row();
                ENDED
            }
            Tag::Table => Ok(if self.leave_row() { None } else { Some(()) }),
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                Ok(if self.in_table_scope(named.tag) && self.leave_row() { None } else { Some(()) })
            }
            _ => self.table_end(named),
        }
    }

    fn close_cell(&mut self) {
        self.generate_implied_ends(|_| false);
        self.pop_until(is_cell);
        self.clear_to_marker();
        self.mode = Mode::InRow;
    }

    pub(super) fn cell_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        match start.named.tag {
            tag if tag.is(TABLE_PART) => {
                if self.in_scope(Scope::Table, |open| is_cell(open.tag)) {
                    self.close_cell();
                    return Ok(None);
                }
                DONE
            }
            _ => self.body_start(start).map(Some),
        }
    }

    pub(super) fn cell_end(&mut self, named: &Named) -> Step<()> {
        let tag = named.tag;
        match tag {
            Tag::Td | Tag::Th => {
                if self.in_table_scope(tag) {
                    self.generate_implied_ends(|_| false);
                    self.pop_until(|t| t == tag);
                    self.clear_to_marker();
                    self.mode = Mode::InRow;
                }
            }
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => {}
            Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                if self.in_table_scope(tag) {
                    self.close_cell();
                    return Ok(None);
                }
            }
            _ => self.body_end(named)?,
        }
        ENDED
    }

    /// Ends the caption that is open, if one is.
    fn leave_caption(&mut self) -> bool {
        let is_there = self.in_table_scope(Tag::Caption);
        if is_there {
            self.generate_implied_ends(|_| false);
            self.pop_until(|tag| tag == Tag::Caption);
            self.clear_to_marker();
            self.mode = Mode::InTable;
        }
        is_there
    }

    pub(super) fn caption_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        match start.named.tag {
            tag if tag.is(TABLE_PART) => Ok(if self.leave_caption() { None } else { Some(Content::Markup) }),
            _ => self.body_start(start).map(Some),
        }
    }

    pub(super) fn caption_end(&mut self, named: &Named) -> Step<()> {
        match named.tag {
            Tag::Caption => {
                self.leave_caption();
                ENDED
            }
            Tag::Table => Ok(if self.leave_caption() { None } else { Some(()) }),
            Tag::Body | Tag::Html => ENDED,
            tag if tag.is(TABLE_PART) => ENDED,
            _ => self.body_end(named).map(Some),
        }
    }

    /// Ends the column group, if it is what is open.
    fn leave_column_group(&mut self) -> bool {
        let is_there = self.current_tag() == Tag::Colgroup;
        if is_there {
            self.pop();
            self.mode = Mode::InTable;
        }
        is_there
    }

    pub(super) fn column_group_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        let Start { named, attributes, .. } = start;
        match named.tag {
            Tag::Html => self.again(named, attributes).map(Some),
            Tag::Col => {
                self.insert_empty(Tag::Col, attributes, attributes.len())?;
                DONE
            }
            Tag::Template => self.head_element(start).map(Some),
            _ => Ok(if self.leave_column_group() { None } else { Some(Content::Markup) }),
        }
    }

    pub(super) fn column_group_end(&mut self, named: &Named) -> Step<()> {
        match named.tag {
            Tag::Colgroup => {
                self.leave_column_group();
                ENDED
            }
            Tag::Col | Tag::Template => ENDED,
            _ => Ok(if self.leave_column_group() { None } else { Some(()) }),
        }
    }
}
