//! A tree of what an article can be made of: elements, their few attributes that matter, and text. Nodes are taken out by a
//! mark, so that nothing moves.

use crate::extract::events::{Attributes, Events, Name};
use crate::extract::tag::{EDGE, Tag};
use html5ever::{LocalName, local_name};

pub(super) type Id = usize;

/// The attributes that are kept.
const ATTRIBUTES: &[&str] = &[
    "class",
    "id",
    "style",
    "hidden",
    "aria-hidden",
    "aria-modal",
    "role",
    "href",
    "src",
    "srcset",
    "data-src",
    "data-srcset",
    "data-original",
    "data-lazy-src",
    "alt",
    "title",
    "width",
    "height",
    "itemprop",
    "rel",
    "colspan",
    "rowspan",
    "datetime",
    "cite",
    "lang",
    "dir",
    "start",
    "type",
    "property",
    "poster",
];

pub(super) enum Kind {
    Element { name: LocalName, attributes: Vec<(&'static str, String)> },
    Text(String),
}

pub(super) struct Node {
    pub parent: Id,
    pub children: Vec<Id>,
    pub kind: Kind,
    /// Taken out, with all in it.
    pub gone: bool,
}

/// What is in a node and below it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Measure {
    /// Characters of text, white space folded.
    pub text: usize,
    /// Of these, in links; a link within the page counts for a third.
    pub linked: f64,
    pub commas: usize,
    /// Characters in headings.
    pub headings: usize,
    /// Characters in elements whose text is an article's: paragraphs, lists, quotations, …
    pub flowing: usize,
    pub paragraphs: usize,
    pub images: usize,
    pub items: usize,
    pub inputs: usize,
    pub frames: usize,
    pub blocks: usize,
}

/// The root is node 0.
pub(super) struct Dom {
    pub nodes: Vec<Node>,
    measures: Vec<Measure>,
}

/// Builds the tree from events; scripts, styles and the like are left out.
pub(in crate::extract) struct Builder {
    dom: Dom,
    at: Id,
    depth: u32,
    skipped: Option<u32>,
}

impl Builder {
    pub(in crate::extract) fn new() -> Self {
        let root = Node {
            parent: 0,
            children: Vec::new(),
            kind: Kind::Element { name: local_name!("html"), attributes: Vec::new() },
            gone: false,
        };
        Self { dom: Dom { nodes: vec![root], measures: Vec::new() }, at: 0, depth: 0, skipped: None }
    }

    pub(super) fn finish(self) -> Dom {
        self.dom
    }
}

impl Events for Builder {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        if self.skipped.is_some() {
            return;
        }
        if !name.html || is_skipped(name.local) {
            self.skipped = Some(self.depth);
            return;
        }
        let kept = ATTRIBUTES.iter().filter_map(|key| Some((*key, attributes.get(key)?.to_owned()))).collect();
        // A font is an inline element without meaning.
        let name = if *name.local == local_name!("font") { local_name!("span") } else { name.local.clone() };
        self.at = self.dom.add(self.at, Kind::Element { name, attributes: kept });
    }

    fn text(&mut self, text: &str) {
        // Between head and body there are only spaces, which not every engine tells.
        if self.skipped.is_some() || self.dom.is(self.at, &local_name!("html")) {
            return;
        }
        if let Some(&last) = self.dom.nodes[self.at].children.last()
            && let Kind::Text(before) = &mut self.dom.nodes[last].kind
        {
            before.push_str(text);
            return;
        }
        self.dom.add(self.at, Kind::Text(text.to_owned()));
    }

    fn listens(&self) -> bool {
        self.skipped.is_none()
    }

    /// Addresses are resolved at the end.
    fn base(&mut self, _href: &str) -> bool {
        true
    }

    fn end(&mut self, _name: Name<'_>) {
        match self.skipped {
            Some(depth) => {
                if depth == self.depth {
                    self.skipped = None;
                }
            }
            None => self.at = self.dom.nodes[self.at].parent,
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

fn is_skipped(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("noscript")
            | local_name!("template")
            | local_name!("head")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("canvas")
            | local_name!("object")
            | local_name!("applet")
            | local_name!("dialog")
    )
}

impl Dom {
    pub(super) fn add(&mut self, parent: Id, kind: Kind) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node { parent, children: Vec::new(), kind, gone: false });
        self.nodes[parent].children.push(id);
        id
    }

    pub(super) fn name(&self, id: Id) -> Option<&LocalName> {
        match &self.nodes[id].kind {
            Kind::Element { name, .. } => Some(name),
            Kind::Text(_) => None,
        }
    }

    pub(super) fn is(&self, id: Id, name: &LocalName) -> bool {
        self.name(id) == Some(name)
    }

    pub(super) fn attribute(&self, id: Id, key: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
            }
            Kind::Text(_) => None,
        }
    }

    /// Class and id, in lower case.
    pub(super) fn label(&self, id: Id) -> String {
        let class = self.attribute(id, "class").unwrap_or_default();
        format!("{class} {}", self.attribute(id, "id").unwrap_or_default()).to_ascii_lowercase()
    }

    /// The children that are still there.
    pub(super) fn children(&self, id: Id) -> impl DoubleEndedIterator<Item = Id> + '_ {
        self.nodes[id].children.iter().copied().filter(|child| !self.nodes[*child].gone)
    }

    /// The node and all below it that are still there, in document order.
    pub(super) fn walk(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut stack = vec![id];
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(self.children(next).rev());
            Some(next)
        })
    }

    /// As [`Self::walk`], of several nodes one after the other.
    pub(super) fn walk_all<'a>(&'a self, roots: &'a [Id]) -> impl Iterator<Item = Id> + 'a {
        roots.iter().flat_map(|root| self.walk(*root))
    }

    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(Some(id), |at| (*at != 0).then(|| self.nodes[*at].parent)).skip(1)
    }

    pub(super) fn remove(&mut self, id: Id) {
        self.nodes[id].gone = true;
    }

    pub(super) fn restore(&mut self, removed: &[Id]) {
        for id in removed {
            self.nodes[*id].gone = false;
        }
    }

    /// All text of a node, white space folded.
    pub(super) fn text(&self, id: Id) -> String {
        let mut text = crate::extract::text::Collapsed::default();
        for node in self.walk(id) {
            match &self.nodes[node].kind {
                Kind::Text(part) => text.push(part),
                Kind::Element { name, .. } if is_block(name) || *name == local_name!("br") => text.gap(),
                Kind::Element { .. } => {}
            }
        }
        text.finish()
    }

    /// Measures everything anew; to be called after nodes went.
    pub(super) fn measure(&mut self) {
        let mut measures = vec![Measure::default(); self.nodes.len()];
        // A node stands after its parent, but for those put in later, which the order of the walk accounts for.
        let order: Vec<Id> = self.walk(0).collect();
        for &id in order.iter().rev() {
            let mut sum = measures[id];
            match &self.nodes[id].kind {
                Kind::Text(text) => {
                    sum.text = folded_len(text);
                    sum.commas = text
                        .chars()
                        .filter(|c| matches!(c, ',' | '،' | '﹐' | '︐' | '，' | '、' | '։' | '。'))
                        .count();
                }
                Kind::Element { name, .. } => {
                    match *name {
                        local_name!("a") => {
                            let inner =
                                self.attribute(id, "href").is_some_and(|href| href.starts_with('#') && href.len() > 1);
                            #[allow(clippy::cast_precision_loss, reason = "a length of text")]
                            let length = sum.text as f64;
                            sum.linked = length * if inner { 0.3 } else { 1.0 };
                        }
                        local_name!("p") => sum.paragraphs += 1,
                        local_name!("img") => sum.images += 1,
                        local_name!("li") => sum.items += 1,
                        local_name!("input")
                        | local_name!("select")
                        | local_name!("textarea")
                        | local_name!("button") => sum.inputs += 1,
                        local_name!("iframe") | local_name!("embed") => sum.frames += 1,
                        local_name!("h1")
                        | local_name!("h2")
                        | local_name!("h3")
                        | local_name!("h4")
                        | local_name!("h5")
                        | local_name!("h6") => sum.headings = sum.text,
                        _ => {}
                    }
                    if matches!(
                        *name,
                        local_name!("span")
                            | local_name!("li")
                            | local_name!("td")
                            | local_name!("blockquote")
                            | local_name!("dl")
                            | local_name!("div")
                            | local_name!("img")
                            | local_name!("ol")
                            | local_name!("p")
                            | local_name!("pre")
                            | local_name!("table")
                            | local_name!("ul")
                    ) {
                        sum.flowing = sum.text;
                    }
                    sum.blocks += usize::from(is_block(name));
                }
            }
            measures[id] = sum;
            if id != 0 {
                let above = &mut measures[self.nodes[id].parent];
                above.text += sum.text;
                above.linked += sum.linked;
                above.commas += sum.commas;
                above.headings += sum.headings;
                above.flowing += sum.flowing;
                above.paragraphs += sum.paragraphs;
                above.images += sum.images;
                above.items += sum.items;
                above.inputs += sum.inputs;
                above.frames += sum.frames;
                above.blocks += sum.blocks;
            }
        }
        self.measures = measures;
    }

    /// As of the last call of [`Self::measure`].
    pub(super) fn size(&self, id: Id) -> Measure {
        self.measures.get(id).copied().unwrap_or_default()
    }

    /// The share of a node's text that is in links.
    pub(super) fn link_density(&self, id: Id) -> f64 {
        let size = self.size(id);
        #[allow(clippy::cast_precision_loss, reason = "a length of text")]
        let text = size.text as f64;
        if size.text == 0 { 0.0 } else { (size.linked / text).min(1.0) }
    }
}

fn folded_len(text: &str) -> usize {
    let mut length = 0;
    let mut space = true;
    for c in text.chars() {
        let is_space = c.is_whitespace();
        length += usize::from(!is_space || !space);
        space = is_space;
    }
    length
}

/// Elements that stand apart from the text around them.
pub(super) fn is_block(name: &LocalName) -> bool {
    Tag::of(name.as_bytes()).is(EDGE) && *name != local_name!("br")
        || matches!(
            *name,
            local_name!("dl")
                | local_name!("details")
                | local_name!("summary")
                | local_name!("fieldset")
                | local_name!("body")
                | local_name!("center")
        )
}
