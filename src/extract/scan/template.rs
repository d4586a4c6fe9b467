//! The content of a `<template>` is no part of the document: all there is to find is its end.

use super::attributes::Read;
use super::lexer::{Content, Named, Token};
use super::modes::{Mode, Start};
use super::{Scanner, Unsure};
use crate::extract::events::Events;
use crate::extract::tag::{BREAKOUT, Tag};

/// A template that may be deeper than this goes to the tree.
const MAX_DEPTH: usize = 100;

/// What is open in a template, as far as it can be told.
struct Inner {
    named: Named,
    foreign: bool,
}

impl<'a, E: Events> Scanner<'a, E> {
    /// Reads on to the end of the template that begins.
    pub(super) fn template(&mut self, start: Start<'_, 'a>) -> Result<(), Unsure> {
        self.push(start.named, start.attributes)?;
        let mut attributes = Read::default();
        let mut open: Vec<Inner> = Vec::new();
        loop {
            let foreign = open.last().is_some_and(|inner| inner.foreign);
            self.weigh(1 + attributes.len())?;
            match self.lexer.next(foreign, &mut attributes)? {
                Token::Start(named, end) if foreign => {
                    if is_odd_in_foreign(named.tag) {
                        return Err(Unsure("a template with odd foreign content"));
                    }
                    if !end.self_closing {
                        open.push(Inner { named, foreign });
                    }
                }
                Token::End(named) if foreign => {
                    // More than this takes a stack with all its rules.
                    match open.pop() {
                        Some(inner) if self.is_same(&inner.named, &named) => {}
                        _ => return Err(Unsure("a template with odd foreign content")),
                    }
                }
                Token::Start(named, end) => match named.tag {
                    // Such leave marks behind, or change how text is read.
                    Tag::Td
                    | Tag::Th
                    | Tag::Caption
                    | Tag::Col
                    | Tag::Colgroup
                    | Tag::Applet
                    | Tag::Marquee
                    | Tag::Object
                    | Tag::Plaintext
                    | Tag::Frameset => return Err(Unsure("a template with cells or objects")),
                    Tag::Svg | Tag::Math => {
                        if !end.self_closing {
                            open.push(Inner { named, foreign: true });
                        }
                    }
                    tag if is_empty(tag) => {}
                    tag => {
                        let content = content_of(tag);
                        if content == Content::Markup {
                            open.push(Inner { named, foreign: false });
                        } else {
                            self.lexer.text_of(&named.name, content, &mut attributes)?;
                        }
                    }
                },
                Token::End(named) if named.tag == Tag::Template => {
                    match open.iter().rposition(|inner| inner.named.tag == Tag::Template) {
                        Some(at) => open.truncate(at),
                        None => break,
                    }
                }
                Token::End(named) => {
                    // An end that fits nothing may end something, or not: what is open is no less deep than it is here.
                    open.pop_if(|inner| !inner.foreign && self.is_same(&inner.named, &named));
                }
                Token::Text(_) | Token::Cdata(_) | Token::Doctype(_) | Token::Comment | Token::Void => {}
                Token::Eof => break,
            }
            if self.open.len() + open.len() > MAX_DEPTH {
                return Err(Unsure("a deep template"));
            }
        }
        self.pop();
        if !matches!(self.mode, Mode::InHead | Mode::AfterHead) {
            self.reset_mode();
        }
        Ok(())
    }

    fn is_same(&self, one: &Named, other: &Named) -> bool {
        self.lexer.page[one.name.clone()].eq_ignore_ascii_case(&self.lexer.page[other.name.clone()])
    }
}

fn is_odd_in_foreign(tag: Tag) -> bool {
    tag.is(BREAKOUT)
        || matches!(
            tag,
            Tag::Font
                | Tag::Title
                | Tag::Desc
                | Tag::ForeignObject
                | Tag::AnnotationXml
                | Tag::Mi
                | Tag::Mo
                | Tag::Mn
                | Tag::Ms
                | Tag::Mtext
                | Tag::Template
        )
}

fn content_of(tag: Tag) -> Content {
    match tag {
        Tag::Title | Tag::Textarea => Content::Rcdata,
        Tag::Style | Tag::Xmp | Tag::Iframe | Tag::Noembed | Tag::Noframes => Content::Rawtext,
        Tag::Script => Content::Script,
        _ => Content::Markup,
    }
}

fn is_empty(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Area
            | Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Br
            | Tag::Embed
            | Tag::Hr
            | Tag::Image
            | Tag::Img
            | Tag::Input
            | Tag::Keygen
            | Tag::Link
            | Tag::Meta
            | Tag::Param
            | Tag::Source
            | Tag::Track
            | Tag::Wbr
    )
}
