//! Going over the article once for each form it is written in, and the plain text.

use super::dom::{Dom, Id, Kind, is_block};
use html5ever::{LocalName, local_name};

/// No form of an article grows beyond this many bytes.
pub(super) const MAX_BYTES: usize = 2 << 20;

/// What writes a form.
pub(super) trait Visitor {
    fn open(&mut self, dom: &Dom, id: Id, name: &LocalName);
    fn close(&mut self, dom: &Dom, id: Id, name: &LocalName);
    fn text(&mut self, text: &str);
}

/// Visits all that is left below the roots, in order, without recursion.
pub(super) fn visit<V: Visitor>(dom: &Dom, roots: &[Id], visitor: &mut V) {
    let mut stack: Vec<(Id, bool)> = roots.iter().rev().map(|root| (*root, true)).collect();
    while let Some((id, opens)) = stack.pop() {
        match &dom.nodes[id].kind {
            Kind::Text(text) => visitor.text(text),
            Kind::Element { name, .. } if opens => {
                visitor.open(dom, id, name);
                stack.push((id, false));
                stack.extend(dom.children(id).rev().map(|child| (child, true)));
            }
            Kind::Element { name, .. } => visitor.close(dom, id, name),
        }
    }
}

/// The text: paragraphs parted by a blank line, lines by a line break.
pub(super) fn text(dom: &Dom, roots: &[Id]) -> String {
    let mut writer = Text::default();
    visit(dom, roots, &mut writer);
    writer.out
}

#[derive(Default)]
struct Text {
    out: String,
    /// How many line breaks go before the next word.
    breaks: usize,
    space: bool,
    preformatted: u32,
}

impl Text {
    fn break_line(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.space = false;
    }

    fn push(&mut self, word: &str) {
        if self.out.len() + word.len() > MAX_BYTES {
            return;
        }
        if self.breaks > 0 {
            if !self.out.is_empty() {
                self.out.extend(std::iter::repeat_n('\n', self.breaks));
            }
        } else if self.space && !self.out.is_empty() {
            self.out.push(' ');
        }
        (self.breaks, self.space) = (0, false);
        self.out.push_str(word);
    }
}

impl Visitor for Text {
    fn open(&mut self, _dom: &Dom, _id: Id, name: &LocalName) {
        match *name {
            local_name!("br") | local_name!("li") | local_name!("tr") | local_name!("dt") | local_name!("dd") => {
                self.break_line(1);
            }
            local_name!("td") | local_name!("th") => self.space = true,
            local_name!("pre") => {
                self.break_line(2);
                self.preformatted += 1;
            }
            _ if is_block(name) => self.break_line(2),
            _ => {}
        }
    }

    fn close(&mut self, _dom: &Dom, _id: Id, name: &LocalName) {
        match *name {
            local_name!("br") => {}
            local_name!("li") | local_name!("tr") | local_name!("dt") | local_name!("dd") => self.break_line(1),
            local_name!("td") | local_name!("th") => self.space = true,
            local_name!("pre") => {
                self.break_line(2);
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            _ if is_block(name) => self.break_line(2),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            let text = if self.breaks > 0 { text.trim_start_matches('\n') } else { text };
            if !text.trim().is_empty() {
                self.push(text.trim_end());
                self.breaks = text[text.trim_end().len()..].matches('\n').count();
                self.space = text.ends_with(' ');
            }
            return;
        }
        let mut words = text.split_whitespace().peekable();
        if text.starts_with(char::is_whitespace) && self.breaks == 0 {
            self.space = true;
        }
        while let Some(word) = words.next() {
            self.push(word);
            self.space = words.peek().is_some() || text.ends_with(char::is_whitespace);
        }
    }
}
