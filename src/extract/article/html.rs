//! The article as clean HTML: a short list of elements and attributes, absolute addresses, everything else left out.

use super::dom::{Dom, Id};
use super::render::{MAX_BYTES, Visitor, visit};
use crate::extract::base::Base;
use html5ever::{LocalName, local_name};
use std::fmt::Write;

pub(super) fn write(dom: &Dom, roots: &[Id], base: &Base) -> String {
    let mut writer = Html { base, out: String::new(), open: Vec::new() };
    visit(dom, roots, &mut writer);
    writer.out
}

struct Html<'a> {
    base: &'a Base,
    out: String,
    /// For each open element, whether its tag was written.
    open: Vec<bool>,
}

/// The name that an element is written with; others are left out and their content stays.
fn written(name: &LocalName) -> Option<&'static str> {
    Some(match *name {
        local_name!("p") => "p",
        local_name!("h1") | local_name!("h2") => "h2",
        local_name!("h3") => "h3",
        local_name!("h4") => "h4",
        local_name!("h5") => "h5",
        local_name!("h6") => "h6",
        local_name!("ul") => "ul",
        local_name!("ol") => "ol",
        local_name!("li") => "li",
        local_name!("dl") => "dl",
        local_name!("dt") => "dt",
        local_name!("dd") => "dd",
        local_name!("blockquote") => "blockquote",
        local_name!("pre") => "pre",
        local_name!("code") | local_name!("tt") => "code",
        local_name!("samp") => "samp",
        local_name!("kbd") => "kbd",
        local_name!("var") => "var",
        local_name!("a") => "a",
        local_name!("b") | local_name!("strong") => "strong",
        local_name!("i") | local_name!("em") => "em",
        local_name!("u") => "u",
        local_name!("s") | local_name!("del") | local_name!("strike") => "del",
        local_name!("ins") => "ins",
        local_name!("sub") => "sub",
        local_name!("sup") => "sup",
        local_name!("small") => "small",
        local_name!("mark") => "mark",
        local_name!("abbr") | local_name!("acronym") => "abbr",
        local_name!("cite") => "cite",
        local_name!("q") => "q",
        local_name!("time") => "time",
        local_name!("bdi") => "bdi",
        local_name!("bdo") => "bdo",
        local_name!("ruby") => "ruby",
        local_name!("rt") => "rt",
        local_name!("rp") => "rp",
        local_name!("img") => "img",
        local_name!("br") => "br",
        local_name!("hr") => "hr",
        local_name!("wbr") => "wbr",
        local_name!("figure") => "figure",
        local_name!("figcaption") => "figcaption",
        local_name!("table") => "table",
        local_name!("caption") => "caption",
        local_name!("thead") => "thead",
        local_name!("tbody") => "tbody",
        local_name!("tfoot") => "tfoot",
        local_name!("tr") => "tr",
        local_name!("th") => "th",
        local_name!("td") => "td",
        // Divisions keep apart what stands in them, if no inner ones do.
        local_name!("div")
        | local_name!("section")
        | local_name!("article")
        | local_name!("main")
        | local_name!("details")
        | local_name!("address")
        | local_name!("center") => "div",
        _ => return None,
    })
}

pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "img" | "br" | "hr" | "wbr")
}

/// Where a link may lead: what is safe to click.
pub(super) fn target(base: &Base, href: &str) -> Option<String> {
    let url = base.resolve(href.trim())?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
}

/// The address of a picture: lazy loaders keep it elsewhere, and a placeholder in `src`.
pub(super) fn picture(dom: &Dom, id: Id, base: &Base) -> Option<String> {
    let real = |key: &str| {
        dom.attribute(id, key).filter(|src| !src.trim().is_empty() && !src.trim_start().starts_with("data:"))
    };
    let from_set = || real("srcset").or_else(|| real("data-srcset")).and_then(|set| set.split_whitespace().next());
    ["data-src", "data-original", "data-lazy-src", "src"]
        .iter()
        .find_map(|key| real(key))
        .or_else(from_set)
        .and_then(|src| base.web_text(src))
}

impl Html<'_> {
    fn attribute(&mut self, key: &str, value: &str) {
        let _ = write!(self.out, " {key}=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
}

impl Visitor for Html<'_> {
    fn open(&mut self, dom: &Dom, id: Id, name: &LocalName) {
        let full = self.out.len() > MAX_BYTES;
        if *name == local_name!("iframe") && !full {
            // A player, as a link to it: frames are the reader's to open.
            if let Some(src) = dom
                .attribute(id, "src")
                .or_else(|| dom.attribute(id, "data-src"))
                .and_then(|src| self.base.web_text(src))
            {
                self.out.push_str("<p><a");
                self.attribute("href", &src);
                self.out.push('>');
                escape(&mut self.out, &src);
                self.out.push_str("</a></p>");
            }
        }
        let source = (*name == local_name!("img")).then(|| picture(dom, id, self.base));
        let tag = written(name)
            .filter(|tag| !full && !matches!(source, Some(None)) && (*tag != "div" || dom.size(id).blocks <= 1));
        self.open.push(tag.is_some_and(|tag| !is_void(tag)));
        let Some(tag) = tag else { return };
        let _ = write!(self.out, "<{tag}");
        if let Some(Some(source)) = source {
            self.attribute("src", &source);
        }
        let keys: &[&str] = match tag {
            "img" => &["alt", "width", "height"],
            "td" | "th" => &["colspan", "rowspan"],
            "ol" => &["start"],
            "time" => &["datetime"],
            "abbr" => &["title"],
            _ => &[],
        };
        for key in keys.iter().chain(&["lang", "dir"]) {
            if let Some(value) = dom.attribute(id, key) {
                self.attribute(key, value);
            }
        }
        if tag == "a"
            && let Some(href) = dom.attribute(id, "href").and_then(|href| target(self.base, href))
        {
            self.attribute("href", &href);
        }
        self.out.push('>');
    }

    fn close(&mut self, _dom: &Dom, _id: Id, name: &LocalName) {
        if self.open.pop() == Some(true)
            && let Some(tag) = written(name)
        {
            let _ = write!(self.out, "</{tag}>");
        }
    }

    fn text(&mut self, text: &str) {
        if self.out.len() <= MAX_BYTES {
            escape(&mut self.out, crate::extract::text::clip(text, MAX_BYTES));
        }
    }
}
