//! The insertion modes, and those before the body.

use super::attributes::Read;
use super::bytes::is_blank;
use super::lexer::{Content, Named};
use super::open::Scope;
use super::{Quirks, Scanner, Unsure};
use crate::extract::events::{Attributes, Events};
use crate::extract::tag::{Tag, is_html_space};
use std::borrow::Cow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    InHeadNoscript,
    /// The head stays open until the body begins: what belongs into it may still come.
    AfterHead,
    InBody,
    InTable,
    InTableBody,
    InRow,
    InCell,
    InCaption,
    InColumnGroup,
    AfterBody,
    AfterAfterBody,
}

/// A start tag.
#[derive(Clone, Copy)]
pub(super) struct Start<'s, 'a> {
    pub named: &'s Named,
    pub attributes: &'s Read<'a>,
    pub self_closing: bool,
}

/// What a mode did with a token: done, or it went to another mode that must take it.
pub(super) type Step<T> = Result<Option<T>, Unsure>;

impl<'a, E: Events> Scanner<'a, E> {
    pub(super) fn start(
        &mut self,
        named: &Named,
        attributes: &Read<'a>,
        self_closing: bool,
    ) -> Result<Content, Unsure> {
        let start = Start { named, attributes, self_closing };
        if self.is_foreign_start(named.tag) { self.foreign_start(start) } else { self.start_by_mode(start) }
    }

    pub(super) fn start_by_mode(&mut self, start: Start<'_, 'a>) -> Result<Content, Unsure> {
        loop {
            let step = match self.mode {
                Mode::InBody => return self.body_start(start),
                Mode::InTable => self.table_start(start)?,
                Mode::InTableBody => self.table_body_start(start)?,
                Mode::InRow => self.row_start(start)?,
                Mode::InCell => self.cell_start(start)?,
                Mode::InCaption => self.caption_start(start)?,
                Mode::InColumnGroup => self.column_group_start(start)?,
                Mode::AfterBody | Mode::AfterAfterBody if start.named.tag == Tag::Html => {
                    return self.again(start.named, start.attributes);
                }
                Mode::AfterBody | Mode::AfterAfterBody => {
                    self.mode = Mode::InBody;
                    None
                }
                _ => self.early_start(start)?,
            };
            if let Some(content) = step {
                return Ok(content);
            }
        }
    }

    fn early_start(&mut self, start: Start<'_, 'a>) -> Step<Content> {
        let Start { named, attributes, .. } = start;
        match (self.mode, named.tag) {
            (Mode::Initial, _) => {
                self.quirks = Quirks::Yes;
                self.mode = Mode::BeforeHtml;
            }
            (Mode::BeforeHtml, Tag::Html) => {
                self.push(named, attributes)?;
                self.mode = Mode::BeforeHead;
                return Ok(Some(Content::Markup));
            }
            (_, Tag::Html) => return self.again(named, attributes).map(Some),
            (Mode::BeforeHead, Tag::Head) => {
                // The white space after a head is told within it, which such an element could see.
                let names = ["itemprop", "itemscope", "property", "typeof", "class"];
                if names.iter().any(|name| attributes.get(name).is_some()) {
                    return Err(Unsure("a head with properties"));
                }
                self.push(named, attributes)?;
                self.mode = Mode::InHead;
                return Ok(Some(Content::Markup));
            }
            (Mode::InHead, Tag::Noscript) => {
                self.push(named, attributes)?;
                self.mode = Mode::InHeadNoscript;
                return Ok(Some(Content::Markup));
            }
            (
                Mode::InHeadNoscript,
                Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta | Tag::Noframes | Tag::Style,
            ) => {
                return self.head_element(start).map(Some);
            }
            (Mode::InHead | Mode::AfterHead, tag) if is_of_head(tag) => return self.head_element(start).map(Some),
            (Mode::InHead | Mode::InHeadNoscript | Mode::AfterHead, Tag::Head)
            | (Mode::InHeadNoscript, Tag::Noscript) => {
                return Ok(Some(Content::Markup));
            }
            (Mode::AfterHead, Tag::Frameset) => return Err(Unsure("frames or plain text")),
            (Mode::AfterHead, Tag::Body) => {
                self.pop();
                self.push(named, attributes)?;
                self.mode = Mode::InBody;
                return Ok(Some(Content::Markup));
            }
            _ => self.leave_early()?,
        }
        Ok(None)
    }

    /// Goes one mode on, as what comes next does not belong here.
    fn leave_early(&mut self) -> Result<(), Unsure> {
        self.mode = match self.mode {
            Mode::Initial => {
                self.quirks = Quirks::Yes;
                Mode::BeforeHtml
            }
            Mode::BeforeHtml => {
                self.push_implied(Tag::Html)?;
                Mode::BeforeHead
            }
            Mode::BeforeHead => {
                self.push_implied(Tag::Head)?;
                Mode::InHead
            }
            Mode::InHeadNoscript => {
                self.pop();
                Mode::InHead
            }
            Mode::InHead => Mode::AfterHead,
            _ => {
                self.pop();
                self.push_implied(Tag::Body)?;
                Mode::InBody
            }
        };
        Ok(())
    }

    /// An element that belongs into the head, wherever it stands.
    pub(super) fn head_element(&mut self, start: Start<'_, 'a>) -> Result<Content, Unsure> {
        let Start { named, attributes, .. } = start;
        let content = match named.tag {
            Tag::Template => return self.template(start).map(|()| Content::Markup),
            Tag::Title => Content::Rcdata,
            Tag::Noframes | Tag::Style => Content::Rawtext,
            Tag::Script => Content::Script,
            tag => {
                if tag == Tag::Base {
                    self.base(attributes)?;
                }
                self.insert_empty(tag, attributes, attributes.len())?;
                return Ok(Content::Markup);
            }
        };
        self.push(named, attributes)?;
        Ok(content)
    }

    pub(super) fn end(&mut self, named: &Named) -> Result<(), Unsure> {
        if self.is_foreign() { self.foreign_end(named) } else { self.end_by_mode(named) }
    }

    pub(super) fn end_by_mode(&mut self, named: &Named) -> Result<(), Unsure> {
        let tag = named.tag;
        loop {
            let step = match self.mode {
                Mode::InBody => return self.body_end(named),
                Mode::InTable => self.table_end(named)?,
                Mode::InTableBody => self.table_body_end(named)?,
                Mode::InRow => self.row_end(named)?,
                Mode::InCell => self.cell_end(named)?,
                Mode::InCaption => self.caption_end(named)?,
                Mode::InColumnGroup => self.column_group_end(named)?,
                Mode::AfterBody if tag == Tag::Html => {
                    self.mode = Mode::AfterAfterBody;
                    Some(())
                }
                Mode::AfterBody | Mode::AfterAfterBody => {
                    self.mode = Mode::InBody;
                    None
                }
                Mode::InHead if tag == Tag::Head => {
                    self.mode = Mode::AfterHead;
                    Some(())
                }
                Mode::InHeadNoscript if tag == Tag::Noscript => {
                    self.pop();
                    self.mode = Mode::InHead;
                    Some(())
                }
                Mode::InHeadNoscript if tag != Tag::Br => Some(()),
                Mode::Initial => {
                    self.leave_early()?;
                    None
                }
                Mode::BeforeHtml | Mode::BeforeHead if tag == Tag::Head => {
                    self.leave_early()?;
                    None
                }
                _ if matches!(tag, Tag::Body | Tag::Html | Tag::Br) => {
                    self.leave_early()?;
                    None
                }
                _ => Some(()),
            };
            if step.is_some() {
                return Ok(());
            }
        }
    }

    /// Text with nothing left to resolve.
    pub(super) fn resolved_text(&mut self, text: &str) -> Result<(), Unsure> {
        if text.is_empty() {
            return Ok(());
        }
        let has_nul = self.lexer.has_nuls && text.contains('\0');
        if self.is_foreign_text() {
            if has_nul {
                return Err(Unsure("a NUL in foreign content"));
            }
            self.events.text(text);
            return Ok(());
        }
        let mut text = text;
        loop {
            match self.mode {
                Mode::InBody | Mode::InCell | Mode::InCaption => return self.body_text(text, has_nul),
                Mode::AfterBody | Mode::AfterAfterBody => {
                    if !is_blank(text) {
                        self.mode = Mode::InBody;
                    }
                    return self.body_text(text, has_nul);
                }
                Mode::InTable | Mode::InTableBody | Mode::InRow => return self.table_text(text),
                Mode::InColumnGroup => {
                    // Other text than white space would be put before the table.
                    if !is_blank(text) {
                        return Err(Unsure("text in a column group"));
                    }
                    self.events.text(text);
                    return Ok(());
                }
                Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead => {
                    text = text.trim_start_matches(is_html_space);
                }
                Mode::InHead | Mode::InHeadNoscript | Mode::AfterHead => {
                    let rest = text.trim_start_matches(is_html_space);
                    if rest.len() < text.len() {
                        self.events.text(&text[..text.len() - rest.len()]);
                    }
                    text = rest;
                }
            }
            if text.is_empty() {
                return Ok(());
            }
            self.leave_early()?;
        }
    }

    /// Text in the body, in which NULs are nothing.
    fn body_text(&mut self, text: &str, has_nul: bool) -> Result<(), Unsure> {
        let without = if has_nul { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) };
        if !without.is_empty() {
            self.reconstruct()?;
            self.events.text(&without);
        }
        Ok(())
    }

    pub(super) fn end_of_page(&mut self) -> Result<(), Unsure> {
        while matches!(
            self.mode,
            Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::InHeadNoscript | Mode::AfterHead
        ) {
            self.leave_early()?;
        }
        self.truncate(0);
        Ok(())
    }

    /// Finds the mode anew from what is open.
    pub(super) fn reset_mode(&mut self) {
        for open in self.open.iter().rev() {
            self.mode = match open.tag {
                Tag::Td | Tag::Th => Mode::InCell,
                Tag::Tr => Mode::InRow,
                Tag::Tbody | Tag::Thead | Tag::Tfoot => Mode::InTableBody,
                Tag::Caption => Mode::InCaption,
                Tag::Colgroup => Mode::InColumnGroup,
                Tag::Table => Mode::InTable,
                Tag::Head => Mode::InHead,
                Tag::Body => Mode::InBody,
                _ => continue,
            };
            return;
        }
    }

    pub(super) fn in_table_scope(&self, tag: Tag) -> bool {
        self.in_scope_tag(Scope::Table, tag)
    }
}

pub(super) fn is_of_head(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Link
            | Tag::Meta
            | Tag::Noframes
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title
    )
}
