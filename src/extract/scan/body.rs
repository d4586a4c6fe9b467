//! The body, where nearly all of a page stands.

use super::lexer::{Content, Named};
use super::modes::{Mode, Start, is_of_head};
use super::open::{Scope, Space};
use super::{Scanner, Unsure};
use crate::extract::events::Events;
use crate::extract::tag::{BLOCK, FORMATTING, HEADING, SPECIAL, TABLE_PART, Tag};

impl<'a, E: Events> Scanner<'a, E> {
    pub(super) fn body_start(&mut self, start: Start<'_, 'a>) -> Result<Content, Unsure> {
        let Start { named, attributes, .. } = start;
        match named.tag {
            Tag::Html | Tag::Body => return self.again(named, attributes),
            tag if is_of_head(tag) => return self.head_element(start),
            // It may replace the body.
            Tag::Frameset | Tag::Plaintext => return Err(Unsure("frames or plain text")),
            tag if tag.is(BLOCK) || tag == Tag::P => {
                self.close_p_in_button_scope();
                self.push(named, attributes)?;
            }
            tag if tag.is(HEADING) => {
                self.close_p_in_button_scope();
                if self.current_tag().is(HEADING) {
                    self.pop();
                }
                self.push(named, attributes)?;
            }
            Tag::Pre | Tag::Listing => {
                self.close_p_in_button_scope();
                self.push(named, attributes)?;
                self.skips_line_end = true;
            }
            Tag::Form => {
                if self.form.is_none() {
                    self.close_p_in_button_scope();
                    self.form = Some(self.push(named, attributes)?);
                }
            }
            Tag::Li => self.list_item(start, |tag| tag == Tag::Li)?,
            Tag::Dd | Tag::Dt => self.list_item(start, |tag| matches!(tag, Tag::Dd | Tag::Dt))?,
            Tag::Table => {
                if self.quirks != super::Quirks::Yes && self.open_p > 0 && self.in_scope_tag(Scope::Button, Tag::P) {
                    if self.quirks == super::Quirks::Unknown {
                        return Err(Unsure("a paragraph before a table, by document type"));
                    }
                    self.close_p();
                }
                self.push(named, attributes)?;
                self.mode = Mode::InTable;
            }
            Tag::Hr => {
                self.close_p_in_button_scope();
                if self.in_scope_tag(Scope::Default, Tag::Select) {
                    self.generate_implied_ends(|_| false);
                }
                self.insert_empty(Tag::Hr, attributes, attributes.len())?;
            }
            _ => return self.inline_start(start),
        }
        Ok(Content::Markup)
    }

    /// What may stand within a paragraph.
    fn inline_start(&mut self, start: Start<'_, 'a>) -> Result<Content, Unsure> {
        let Start { named, attributes, .. } = start;
        match named.tag {
            Tag::Button => {
                if self.in_scope_tag(Scope::Default, Tag::Button) {
                    self.generate_implied_ends(|_| false);
                    self.pop_until(|tag| tag == Tag::Button);
                }
                self.reconstruct()?;
                self.push(named, attributes)?;
            }
            Tag::A => {
                self.end_other_link(named)?;
                self.reconstruct()?;
                self.push_formatting(named, attributes)?;
            }
            Tag::Nobr => {
                self.reconstruct()?;
                if self.in_scope_tag(Scope::Default, Tag::Nobr) {
                    self.end_formatting(named)?;
                    self.reconstruct()?;
                }
                self.push_formatting(named, attributes)?;
            }
            tag if tag.is(FORMATTING) => {
                self.reconstruct()?;
                self.push_formatting(named, attributes)?;
            }
            Tag::Applet | Tag::Marquee | Tag::Object => {
                self.reconstruct()?;
                self.push(named, attributes)?;
                self.push_marker();
            }
            Tag::Area | Tag::Br | Tag::Embed | Tag::Img | Tag::Keygen | Tag::Wbr => {
                self.reconstruct()?;
                self.insert_empty(named.tag, attributes, attributes.len())?;
            }
            Tag::Image => {
                self.reconstruct()?;
                self.insert_empty(Tag::Img, attributes, attributes.len())?;
            }
            Tag::Input => {
                if self.in_scope_tag(Scope::Default, Tag::Select) {
                    self.pop_until(|tag| tag == Tag::Select);
                }
                self.reconstruct()?;
                self.insert_empty(Tag::Input, attributes, attributes.len())?;
            }
            Tag::Param | Tag::Source | Tag::Track => {
                self.insert_empty(named.tag, attributes, attributes.len())?;
            }
            Tag::Textarea => {
                self.push(named, attributes)?;
                return Ok(Content::Rcdata);
            }
            Tag::Xmp => {
                self.close_p_in_button_scope();
                self.reconstruct()?;
                self.push(named, attributes)?;
                return Ok(Content::Rawtext);
            }
            Tag::Iframe | Tag::Noembed => {
                self.push(named, attributes)?;
                return Ok(Content::Rawtext);
            }
            Tag::Select if self.in_scope_tag(Scope::Default, Tag::Select) => self.pop_until(|tag| tag == Tag::Select),
            Tag::Option | Tag::Optgroup => {
                if self.in_scope_tag(Scope::Default, Tag::Select) {
                    let is_option = named.tag == Tag::Option;
                    self.generate_implied_ends(|open| is_option && open.tag == Tag::Optgroup);
                } else if self.current_tag() == Tag::Option {
                    self.pop();
                }
                self.reconstruct()?;
                self.push(named, attributes)?;
            }
            Tag::Rb | Tag::Rtc => {
                if self.in_scope_tag(Scope::Default, Tag::Ruby) {
                    self.generate_implied_ends(|_| false);
                }
                self.push(named, attributes)?;
            }
            Tag::Rp | Tag::Rt => {
                if self.in_scope_tag(Scope::Default, Tag::Ruby) {
                    self.generate_implied_ends(|open| open.tag == Tag::Rtc);
                }
                self.push(named, attributes)?;
            }
            Tag::Math => return self.enter_foreign(start, Space::Math),
            Tag::Svg => return self.enter_foreign(start, Space::Svg),
            Tag::Frame | Tag::Head => {}
            tag if tag.is(TABLE_PART) => {}
            _ => {
                self.reconstruct()?;
                self.push(named, attributes)?;
            }
        }
        Ok(Content::Markup)
    }

    /// Opens a list item, which ends the one before it.
    fn list_item(&mut self, start: Start<'_, 'a>, ends: impl Fn(Tag) -> bool) -> Result<(), Unsure> {
        let mut to_end = None;
        for open in self.open.iter().rev() {
            if ends(open.tag) {
                to_end = Some(open.tag);
                break;
            }
            if open.is(SPECIAL) && !matches!(open.tag, Tag::Address | Tag::Div | Tag::P) {
                break;
            }
        }
        if let Some(tag) = to_end {
            self.generate_implied_ends(|open| open.tag == tag);
            self.pop_until(|t| t == tag);
        }
        self.close_p_in_button_scope();
        self.push(start.named, start.attributes)?;
        Ok(())
    }

    pub(super) fn body_end(&mut self, named: &Named) -> Result<(), Unsure> {
        let tag = named.tag;
        match tag {
            // Its content is read in one piece: there is none open here.
            Tag::Template => {}
            Tag::Body => {
                if self.in_scope_tag(Scope::Default, Tag::Body) {
                    self.mode = Mode::AfterBody;
                }
            }
            Tag::Html => {
                if self.in_scope_tag(Scope::Default, Tag::Body) {
                    self.mode = Mode::AfterAfterBody;
                }
            }
            Tag::Button | Tag::Listing | Tag::Pre | Tag::Select => self.end_in_scope(Scope::Default, tag),
            _ if tag.is(BLOCK) => self.end_in_scope(Scope::Default, tag),
            Tag::Form => self.form_end(),
            Tag::P => {
                if !self.in_scope_tag(Scope::Button, Tag::P) {
                    self.push_implied(Tag::P)?;
                }
                self.close_p();
            }
            Tag::Li => self.end_item(Scope::ListItem, tag),
            Tag::Dd | Tag::Dt => self.end_item(Scope::Default, tag),
            _ if tag.is(HEADING) => {
                if self.in_scope(Scope::Default, |open| open.is(HEADING)) {
                    self.generate_implied_ends(|_| false);
                    self.pop_until(|tag| tag.is(HEADING));
                }
            }
            _ if tag.is(FORMATTING) => self.end_formatting(named)?,
            Tag::Applet | Tag::Marquee | Tag::Object => {
                if self.in_scope_tag(Scope::Default, tag) {
                    self.end_in_scope(Scope::Default, tag);
                    self.clear_to_marker();
                }
            }
            Tag::Br => {
                self.reconstruct()?;
                self.insert_empty_implied(Tag::Br)?;
            }
            _ => self.end_any(named),
        }
        Ok(())
    }

    fn end_in_scope(&mut self, scope: Scope, tag: Tag) {
        if self.in_scope_tag(scope, tag) {
            self.generate_implied_ends(|_| false);
            self.pop_until(|t| t == tag);
        }
    }

    fn end_item(&mut self, scope: Scope, tag: Tag) {
        if self.in_scope_tag(scope, tag) {
            self.generate_implied_ends(|open| open.tag == tag);
            self.pop_until(|t| t == tag);
        }
    }

    fn form_end(&mut self) {
        if let Some(number) = self.form.take()
            && self.in_scope(Scope::Default, |open| open.number == number)
        {
            self.generate_implied_ends(|_| false);
            self.remove(number);
        }
    }

    /// The end of an element that has no rule of its own.
    pub(super) fn end_any(&mut self, named: &Named) {
        for at in (0..self.open.len()).rev() {
            let open = &self.open[at];
            if open.space == Space::Html && self.same_name(open, named) {
                self.truncate(at);
                return;
            }
            if open.is(SPECIAL) {
                return;
            }
        }
    }
}
