//! The article as Markdown: `CommonMark` with the tables and strike-through of GitHub.

use super::dom::{Dom, Id, is_block};
use super::html::{picture, target};
use super::render::{MAX_BYTES, Visitor, visit};
use crate::extract::base::Base;
use crate::extract::text::collapse;
use html5ever::{LocalName, local_name};

/// Quotations and lists nested deeper are not indented further: each level lengthens all of its lines.
const MAX_NESTING: usize = 12;

pub(super) fn write(dom: &Dom, roots: &[Id], base: &Base) -> String {
    let mut writer = Markdown { base, frames: vec![Frame::new(Form::Flow)], written: 0, preformatted: 0, nesting: 0 };
    visit(dom, roots, &mut writer);
    writer.frames.pop().map(|frame| frame.text.trim().to_owned()).unwrap_or_default()
}

/// What becomes of the text of an element when it ends.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// Nothing: it flows into what is around it.
    Flow,
    /// A block of its own.
    Block,
    Heading(usize),
    Quote,
    List {
        number: Option<u64>,
    },
    Item,
    Fence,
    Link(Option<String>),
    Mark(&'static str),
    Code,
    Table,
    Row,
    Cell,
}

struct Frame {
    form: Form,
    text: String,
    /// Blocks were added, whose beginnings mean what they say.
    has_blocks: bool,
    /// Rows of a table so far.
    rows: usize,
    /// Cells of a row so far.
    cells: usize,
}

impl Frame {
    fn new(form: Form) -> Self {
        Self { form, text: String::new(), has_blocks: false, rows: 0, cells: 0 }
    }
}

struct Markdown<'a> {
    base: &'a Base,
    frames: Vec<Frame>,
    /// Bytes of text taken so far.
    written: usize,
    preformatted: u32,
    nesting: usize,
}

impl Markdown<'_> {
    fn top(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Adds a block to the frame that is open now.
    fn add_block(&mut self, block: &str) {
        let block = block.trim_matches('\n').trim_end();
        let Some(top) = self.top() else { return };
        if block.trim().is_empty() {
            return;
        }
        top.has_blocks = true;
        let kept = top.text.trim_end().len();
        top.text.truncate(kept);
        if kept > 0 {
            let tight = matches!(top.form, Form::List { .. }) || (top.form == Form::Item && is_list_line(block));
            top.text.push_str(if tight { "\n" } else { "\n\n" });
        }
        top.text.push_str(block);
        // What follows is no part of the block.
        top.text.push('\n');
    }

    fn add_inline(&mut self, text: &str) {
        let Some(top) = self.top() else { return };
        if text.starts_with(char::is_whitespace) && (top.text.is_empty() || top.text.ends_with(char::is_whitespace)) {
            top.text.push_str(text.trim_start());
        } else {
            if top.text.ends_with('\n') && !top.text.ends_with("\\\n") && !text.trim().is_empty() {
                // Loose text after a block.
                top.text.push('\n');
            }
            top.text.push_str(text);
        }
    }

    fn finish(&mut self, frame: Frame) {
        let text = frame.text;
        match frame.form {
            Form::Flow => {
                if text.contains('\n') {
                    self.add_block(&text);
                } else {
                    self.add_inline(&text);
                }
            }
            Form::Block if frame.has_blocks => self.add_block(&text),
            Form::Block => self.add_block(&guarded(text.trim())),
            Form::Heading(level) => {
                let line = collapse(&text);
                if !line.is_empty() {
                    self.add_block(&format!("{} {line}", "#".repeat(level)));
                }
            }
            Form::Quote => {
                self.nesting -= 1;
                let text = text.trim();
                let quoted = if self.nesting < MAX_NESTING { prefixed(text, "> ", "> ") } else { text.to_owned() };
                self.add_block(&quoted);
            }
            Form::List { .. } => {
                self.nesting -= 1;
                self.add_block(&text);
            }
            Form::Item => {
                let deep = self.nesting > MAX_NESTING;
                let marker = match self.top().map(|top| &mut top.form) {
                    Some(Form::List { number: Some(number) }) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let indent = if deep { String::new() } else { " ".repeat(marker.len()) };
                let text = text.trim();
                if !text.is_empty() {
                    self.add_block(&prefixed(text, &marker, &indent));
                }
            }
            Form::Fence => {
                self.preformatted -= 1;
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.max(2) + 1);
                self.add_block(&format!("{fence}\n{}\n{fence}", text.trim_matches('\n')));
            }
            Form::Link(target) => {
                let label = collapse(&text);
                match target {
                    Some(target) if !label.is_empty() => self
                        .add_spaced(&text, &format!("[{label}]({})", target.replace(')', "%29").replace('(', "%28"))),
                    _ => self.add_inline(&text),
                }
            }
            Form::Mark(mark) => {
                let inner = collapse(&text);
                if !inner.is_empty() {
                    self.add_spaced(&text, &format!("{mark}{inner}{mark}"));
                }
            }
            Form::Code => {
                let inner = text.trim();
                if !inner.is_empty() {
                    let longest = inner.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                    let ticks = "`".repeat(longest + 1);
                    let pad = if longest > 0 { " " } else { "" };
                    self.add_spaced(&text, &format!("{ticks}{pad}{inner}{pad}{ticks}"));
                }
            }
            Form::Cell => {
                let cell = collapse(&text).replace('|', "\\|");
                if let Some(row) = self.top() {
                    row.text.push_str(if row.cells == 0 { "| " } else { " | " });
                    row.text.push_str(&cell);
                    row.cells += 1;
                }
            }
            Form::Row => {
                if frame.cells == 0 {
                    return;
                }
                if let Some(table) = self.frames.iter_mut().rev().find(|frame| frame.form == Form::Table) {
                    table.text.push_str(&text);
                    table.text.push_str(" |\n");
                    table.rows += 1;
                    if table.rows == 1 {
                        table.text.push_str(&"| --- ".repeat(frame.cells));
                        table.text.push_str("|\n");
                    }
                }
            }
            Form::Table => self.add_block(&text),
        }
    }

    /// Adds a piece with the white space that its text had at its ends.
    fn add_spaced(&mut self, text: &str, piece: &str) {
        let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
        let after = if text.ends_with(char::is_whitespace) { " " } else { "" };
        self.add_inline(&format!("{before}{piece}{after}"));
    }
}

impl Visitor for Markdown<'_> {
    fn open(&mut self, dom: &Dom, id: Id, name: &LocalName) {
        let in_list = |frames: &[Frame]| matches!(frames.last().map(|frame| &frame.form), Some(Form::List { .. }));
        let form = match *name {
            local_name!("h1") | local_name!("h2") => Form::Heading(2),
            local_name!("h3") => Form::Heading(3),
            local_name!("h4") => Form::Heading(4),
            local_name!("h5") => Form::Heading(5),
            local_name!("h6") => Form::Heading(6),
            local_name!("blockquote") => {
                self.nesting += 1;
                Form::Quote
            }
            local_name!("ul") | local_name!("ol") => {
                self.nesting += 1;
                let start = || {
                    dom.attribute(id, "start")
                        .and_then(|start| start.parse().ok())
                        .filter(|n| *n < 1_000_000_000)
                        .unwrap_or(1)
                };
                Form::List { number: (*name == local_name!("ol")).then(start) }
            }
            local_name!("li") if in_list(&self.frames) => Form::Item,
            local_name!("pre") => {
                self.preformatted += 1;
                Form::Fence
            }
            local_name!("a") => Form::Link(dom.attribute(id, "href").and_then(|href| target(self.base, href))),
            local_name!("b") | local_name!("strong") if self.preformatted == 0 => Form::Mark("**"),
            local_name!("i") | local_name!("em") if self.preformatted == 0 => Form::Mark("*"),
            local_name!("s") | local_name!("del") if self.preformatted == 0 => Form::Mark("~~"),
            local_name!("code") | local_name!("kbd") | local_name!("samp") if self.preformatted == 0 => Form::Code,
            local_name!("table") => Form::Table,
            local_name!("tr") => Form::Row,
            local_name!("td") | local_name!("th") => Form::Cell,
            local_name!("p")
            | local_name!("dt")
            | local_name!("dd")
            | local_name!("figcaption")
            | local_name!("caption") => Form::Block,
            local_name!("br") => {
                let line_break = if self.preformatted > 0 { "\n" } else { "\\\n" };
                if let Some(top) = self.top()
                    && !top.text.trim().is_empty()
                {
                    let kept = top.text.trim_end_matches(' ').len();
                    top.text.truncate(kept);
                    top.text.push_str(line_break);
                }
                Form::Flow
            }
            local_name!("hr") => {
                self.add_block("---");
                Form::Flow
            }
            local_name!("img") => {
                if let Some(source) = picture(dom, id, self.base) {
                    let alt = dom.attribute(id, "alt").map(collapse).unwrap_or_default().replace(['[', ']'], "");
                    self.add_inline(&format!("![{alt}]({})", source.replace(')', "%29").replace('(', "%28")));
                }
                Form::Flow
            }
            local_name!("iframe") => {
                if let Some(source) = dom
                    .attribute(id, "src")
                    .or_else(|| dom.attribute(id, "data-src"))
                    .and_then(|src| self.base.web_text(src))
                {
                    self.add_block(&format!("<{source}>"));
                }
                Form::Flow
            }
            _ if is_block(name) && self.preformatted == 0 => Form::Block,
            _ => Form::Flow,
        };
        self.frames.push(Frame::new(form));
    }

    fn close(&mut self, _dom: &Dom, _id: Id, _name: &LocalName) {
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.finish(frame);
        }
    }

    fn text(&mut self, text: &str) {
        if self.written > MAX_BYTES {
            return;
        }
        self.written += text.len();
        if self.preformatted > 0 || matches!(self.frames.last().map(|frame| &frame.form), Some(Form::Code)) {
            if let Some(top) = self.top() {
                top.text.push_str(text);
            }
            return;
        }
        let mut folded = String::with_capacity(text.len());
        if text.starts_with(char::is_whitespace) {
            folded.push(' ');
        }
        folded.push_str(&escaped(&collapse(text)));
        if text.ends_with(char::is_whitespace) && folded != " " {
            folded.push(' ');
        }
        self.add_inline(&folded);
    }
}

fn is_list_line(block: &str) -> bool {
    block.starts_with("- ") || block.split_once(". ").is_some_and(|(n, _)| n.bytes().all(|b| b.is_ascii_digit()))
}

fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let prefix = if at == 0 { first } else { rest };
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

/// Signs that would be read as marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside_word = previous.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<') || (c == '_' && !inside_word) {
            out.push('\\');
        }
        out.push(c);
        previous = c;
    }
    out
}

/// A paragraph that begins as a heading, a list or a quotation would.
fn guarded(text: &str) -> String {
    let first = text.chars().next().unwrap_or(' ');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_marker = |rest: &str| rest.starts_with(' ') || rest.is_empty();
    if first == '>' || (matches!(first, '#' | '+' | '-') && is_marker(text.trim_start_matches(first))) {
        return format!("\\{text}");
    }
    if (1..=9).contains(&digits) && text[digits..].starts_with(['.', ')']) && is_marker(&text[digits + 1..]) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    text.to_owned()
}
