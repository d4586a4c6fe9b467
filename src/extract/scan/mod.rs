//! The quick way through a page: its tags in one pass, and of the tree only the elements that are open.
//!
//! Follows the rules by which html5ever builds its tree, and tells the same events as that tree would. Where a rule changes what
//! came before by moving nodes, and wherever it is not sure, it gives up, and the page
//! goes to the tree.

mod attributes;
mod body;
mod bytes;
mod doctype;
mod foreign;
mod formatting;
mod lexer;
mod misnested;
mod modes;
mod open;
mod references;
mod table;
mod template;

use super::events::{Attributes, Events};
use super::tag::Tag;
pub(super) use bytes::is_blank;

use attributes::Read;
use doctype::Quirks;
use formatting::Entry;
use lexer::{Content, Lexer, Named, Text, Token};
use misnested::Split;
use modes::Mode;
use open::{Open, Space};

/// Only a tree can tell what the page means, because of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsure(pub &'static str);

/// The page is to be begun again, with what was found now known from the beginning.
const LATE: Unsure = Unsure("something that comes late");

/// How often a page is begun again because something came late.
const MAX_ATTEMPTS: usize = 4;

/// Tells a page to what `make` makes, which is given the `<base href>` if that is known already; or says why the page needs a
/// tree.
pub(super) fn read<E: Events>(html: &str, make: impl Fn(Option<&str>) -> E) -> Result<E, Unsure> {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let mut late = Late::default();
    for _ in 0..MAX_ATTEMPTS {
        let mut scanner = Scanner::new(html, make(late.base.as_deref()), late);
        match (scanner.run(), scanner.events) {
            (Ok(()), Some(events)) => return Ok(events),
            (Ok(()), None) | (Err(LATE), _) => late = scanner.late,
            (Err(unsure), _) => return Err(unsure),
        }
    }
    Err(Unsure("too much that comes late"))
}

/// What bears on what stands before it: with this known, the page is read from the beginning.
#[derive(Default)]
struct Late {
    base: Option<String>,
    /// Where the names of later `<html>` and `<body>` tags end: their attributes go to the first.
    html: Vec<usize>,
    body: Vec<usize>,
    /// Blocks that formatting elements do not hold after all.
    splits: Vec<Split>,
}

struct Scanner<'a, E> {
    lexer: Lexer<'a>,
    /// What is told of the page; nothing once it is to be begun again.
    events: Option<E>,
    mode: Mode,
    quirks: Quirks,
    open: Vec<Open>,
    /// How many `<p>` are open.
    open_p: usize,
    formatting: Vec<Entry>,
    /// The number of the `<form>` that another one may not nest in.
    form: Option<u32>,
    /// How many elements had a number.
    numbers: u32,
    /// A line end that comes next is no text.
    skips_line_end: bool,
    /// At least what the tree would weigh.
    weight: usize,
    /// The page's `<base href>` has come.
    knows_base: bool,
    late: Late,
}

impl<'a, E: Events> Scanner<'a, E> {
    fn new(html: &'a str, events: E, late: Late) -> Self {
        Self {
            lexer: Lexer::new(html),
            events: Some(events),
            mode: Mode::Initial,
            quirks: Quirks::Yes,
            open: Vec::with_capacity(32),
            open_p: 0,
            formatting: Vec::new(),
            form: None,
            numbers: 0,
            skips_line_end: false,
            weight: 0,
            knows_base: late.base.is_some(),
            late,
        }
    }

    fn run(&mut self) -> Result<(), Unsure> {
        let mut attributes = Read::of_page(&self.lexer);
        let mut resolved = String::new();
        loop {
            let foreign = self.current().is_some_and(|open| open.space != Space::Html);
            let token = self.lexer.next(foreign, &mut attributes)?;
            let skips_line_end = std::mem::take(&mut self.skips_line_end);
            match token {
                Token::Text(text) => self.text(text, skips_line_end, &mut resolved)?,
                Token::Cdata(text) => {
                    resolved.clear();
                    references::lines(&self.lexer.page[text], &mut resolved)?;
                    self.resolved_text(&resolved)?;
                }
                Token::Start(named, end) => {
                    let content = self.start(&named, &attributes, end.self_closing)?;
                    if content != Content::Markup {
                        self.content(&named, content, &mut attributes, &mut resolved)?;
                    }
                }
                Token::End(named) => self.end(&named)?,
                Token::Doctype(inner) => self.doctype(inner),
                Token::Comment => self.weigh(1)?,
                Token::Void => self.skips_line_end = skips_line_end,
                Token::Eof => break,
            }
        }
        self.end_of_page()
    }

    /// The text of an element that holds nothing else, which was opened just now, and its end.
    fn content(
        &mut self,
        named: &Named,
        content: Content,
        attributes: &mut Read<'a>,
        resolved: &mut String,
    ) -> Result<(), Unsure> {
        let text = self.lexer.text_of(&named.name, content, attributes)?;
        if self.events.listens() {
            let mut text = &self.lexer.page[text];
            if !references::is_plain(text) {
                resolved.clear();
                if content == Content::Rcdata {
                    if text.contains('\0') {
                        return Err(Unsure("a NUL"));
                    }
                    references::resolve(text, false, resolved)?;
                } else {
                    references::lines(text, resolved)?;
                }
                text = resolved;
            }
            if named.tag == Tag::Textarea {
                text = text.strip_prefix('\n').unwrap_or(text);
            }
            if !text.is_empty() {
                self.events.text(text);
            }
        }
        self.weigh(1)?;
        self.pop();
        Ok(())
    }

    fn text(&mut self, text: Text, skips_line_end: bool, resolved: &mut String) -> Result<(), Unsure> {
        self.weigh(1)?;
        // Nobody looks at most text.
        if matches!(self.mode, Mode::InBody | Mode::InCell | Mode::InCaption)
            && !self.events.listens()
            && self.is_settled()
        {
            return Ok(());
        }
        let mut meant = &self.lexer.page[text.at];
        if !text.is_plain {
            resolved.clear();
            references::resolve(meant, false, resolved)?;
            meant = resolved;
        }
        if skips_line_end {
            meant = meant.strip_prefix('\n').unwrap_or(meant);
        }
        self.resolved_text(meant)
    }

    /// Takes note of the first `<base href>`.
    fn base(&mut self, attributes: &Read<'a>) -> Result<(), Unsure> {
        if let Some(href) = attributes.get("href")
            && !std::mem::replace(&mut self.knows_base, true)
            && !self.events.base(href)
        {
            self.late.base = Some(href.to_owned());
            return Err(LATE);
        }
        Ok(())
    }

    /// A second `<html>` or `<body>`, whose attributes go to the first.
    fn again(&mut self, named: &Named, attributes: &Read<'a>) -> Result<Content, Unsure> {
        let known = if named.tag == Tag::Html { &mut self.late.html } else { &mut self.late.body };
        if attributes.len() > 0 && !known.contains(&named.name.end) {
            known.push(named.name.end);
            return Err(LATE);
        }
        Ok(Content::Markup)
    }
}
