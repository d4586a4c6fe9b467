//! The document tree: html5ever's tree builder over an arena of our own.
//!
//! Nodes are numbers into one vector, so that a document is freed at once and depth costs no stack.

use super::events::{Attributes, Events, Name};
use super::measure::{Measured, Tracked};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult, local_name, ns};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::time::{Duration, Instant};

/// Elements below this depth are not opened, as in Chrome (html5ever's cost grows with depth).
const MAX_DEPTH: u32 = 512;

/// A page of more nodes and attributes is hostile: unclosed formatting can make a few bytes cost hundreds of them.
const MAX_WEIGHT: usize = 1_500_000;

/// The time one page may take: the last resort against what the other limits do not see.
const MAX_TIME: Duration = Duration::from_secs(5);

/// How much is fed between two looks at the limits.
const STEP: usize = 16 * 1024;

/// The index of a node in its document.
type NodeId = u32;
const NONE: NodeId = NodeId::MAX;
const ROOT: NodeId = 0;

enum Kind {
    Document,
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
        /// The content of a `<template>`, which is no child of it.
        template: NodeId,
    },
    Text(StrTendril),
    /// Comments and processing instructions: kept only as places in the tree.
    Other,
}

struct Node {
    parent: NodeId,
    first_child: NodeId,
    last_child: NodeId,
    previous: NodeId,
    next: NodeId,
    kind: Kind,
}

/// A parsed document.
pub(super) struct Document(Vec<Node>);

impl Document {
    fn node(&self, id: NodeId) -> &Node {
        &self.0[id as usize]
    }

    /// The first `<base href>` of the document, which counts for links before it, too.
    pub(super) fn base_href(&self) -> Option<&str> {
        self.0.iter().enumerate().find_map(|(id, node)| {
            let (name, attributes) = node.html_element()?;
            if *name != local_name!("base") || !self.is_in_document(NodeId::try_from(id).ok()?) {
                return None;
            }
            attributes.get("href")
        })
    }

    fn is_in_document(&self, mut id: NodeId) -> bool {
        while let Some(parent) = some(self.node(id).parent) {
            id = parent;
        }
        id == ROOT
    }

    /// Tells the whole document in order.
    pub(super) fn tell<E: Events>(&self, events: &mut E) {
        let mut at = ROOT;
        loop {
            let node = self.node(at);
            match &node.kind {
                Kind::Element { name, attributes, .. } => events.start(told(name), attributes),
                Kind::Text(text) => events.text(text),
                Kind::Document | Kind::Other => {}
            }
            if let Some(child) = some(node.first_child) {
                at = child;
                continue;
            }
            loop {
                let node = self.node(at);
                if let Kind::Element { name, .. } = &node.kind {
                    events.end(told(name));
                }
                if let Some(next) = some(node.next) {
                    at = next;
                    break;
                }
                match some(node.parent) {
                    Some(parent) => at = parent,
                    None => return,
                }
            }
        }
    }
}

fn told(name: &QualName) -> Name<'_> {
    Name { local: &name.local, html: name.ns == ns!(html) }
}

impl Attributes for Vec<Attribute> {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|a| a.name.ns == ns!() && &*a.name.local == name).map(|a| &*a.value)
    }
}

impl Node {
    /// The local name and the attributes, of an HTML element only.
    fn html_element(&self) -> Option<(&LocalName, &Vec<Attribute>)> {
        match &self.kind {
            Kind::Element { name, attributes, .. } if name.ns == ns!(html) => Some((&name.local, attributes)),
            _ => None,
        }
    }
}

fn some(id: NodeId) -> Option<NodeId> {
    (id != NONE).then_some(id)
}

/// Parses; the second value names the limit that stopped it early, if one did.
pub(super) fn parse(html: &str) -> (Document, Option<&'static str>) {
    let (arena, stopped_at) = build(html, Arena::with_capacity(64 + html.len() / 40));
    (Document(arena.nodes.take()), stopped_at)
}

/// Feeds a tree of any kind, within the limits on depth, weight and time.
pub(super) fn build<S: TreeSink>(html: &str, sink: S) -> (S, Option<&'static str>) {
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Measured::new(sink), options);
    let tokenizer = Tokenizer::new(Limiter { builder }, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let start = Instant::now();
    let mut out_of_time = false;
    let mut rest = html;
    while !rest.is_empty() && !out_of_time && !tokenizer.sink.is_full() {
        let (step, after) = rest.split_at(rest.floor_char_boundary(STEP).max(first_char(rest)));
        rest = after;
        queue.push_back(StrTendril::from_slice(step));
        // A script has ended: without scripting there is nothing to run, so parsing goes on.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        out_of_time = start.elapsed() > MAX_TIME;
    }
    tokenizer.end();
    let measured = tokenizer.sink.builder.sink;
    let stopped_at = if measured.weight.get() > MAX_WEIGHT {
        Some("the number of elements")
    } else if out_of_time {
        Some("the time for one page")
    } else if measured.too_deep.get() {
        Some("the depth of nesting")
    } else {
        None
    };
    (measured.sink, stopped_at)
}

fn first_char(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Passes tokens on to the tree builder, but for the start tags of elements that would be too deep, and nothing more once
/// the tree is too heavy.
struct Limiter<S: TreeSink> {
    builder: TreeBuilder<Tracked<S::Handle>, Measured<S>>,
}

impl<S: TreeSink> Limiter<S> {
    fn is_full(&self) -> bool {
        self.builder.sink.weight.get() > MAX_WEIGHT
    }
}

impl<S: TreeSink> TokenSink for Limiter<S> {
    type Handle = Tracked<S::Handle>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        let measured = &self.builder.sink;
        if self.is_full() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &token {
            match tag.kind {
                // Elements that hold only text change how what follows is read, and nest nothing.
                TagKind::StartTag if measured.depth.get() >= MAX_DEPTH && !is_leaf(&tag.name) => {
                    measured.too_deep.set(true);
                    return TokenSinkResult::Continue;
                }
                TagKind::StartTag => {}
                TagKind::EndTag => measured.depth.set(measured.depth.get().saturating_sub(1)),
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_leaf(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("title")
            | local_name!("textarea")
            | local_name!("xmp")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("img")
            | local_name!("br")
            | local_name!("meta")
            | local_name!("link")
            | local_name!("input")
            | local_name!("hr")
    )
}

struct Arena {
    nodes: RefCell<Vec<Node>>,
}

impl Arena {
    fn with_capacity(nodes: usize) -> Self {
        let arena = Self { nodes: RefCell::new(Vec::with_capacity(nodes)) };
        arena.add(Kind::Document);
        arena
    }

    fn add(&self, kind: Kind) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        let id = NodeId::try_from(nodes.len()).unwrap_or(NONE);
        nodes.push(Node { parent: NONE, first_child: NONE, last_child: NONE, previous: NONE, next: NONE, kind });
        id
    }

    /// Puts `child` below `parent`, before `next` (or last).
    fn insert(&self, parent: NodeId, next: NodeId, child: NodeOrText<NodeId>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let previous = {
                    let nodes = self.nodes.borrow();
                    match some(next) {
                        Some(next) => nodes[next as usize].previous,
                        None => nodes[parent as usize].last_child,
                    }
                };
                if let Some(previous) = some(previous)
                    && let Kind::Text(before) = &mut self.nodes.borrow_mut()[previous as usize].kind
                {
                    before.push_tendril(&text);
                    return;
                }
                self.add(Kind::Text(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let previous = match some(next) {
            Some(next) => std::mem::replace(&mut nodes[next as usize].previous, id),
            None => std::mem::replace(&mut nodes[parent as usize].last_child, id),
        };
        match some(previous) {
            Some(previous) => nodes[previous as usize].next = id,
            None => nodes[parent as usize].first_child = id,
        }
        let node = &mut nodes[id as usize];
        node.parent = parent;
        node.previous = previous;
        node.next = next;
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let node = &mut nodes[id as usize];
        let parent = std::mem::replace(&mut node.parent, NONE);
        let previous = std::mem::replace(&mut node.previous, NONE);
        let next = std::mem::replace(&mut node.next, NONE);
        let Some(parent) = some(parent) else { return };
        match some(previous) {
            Some(previous) => nodes[previous as usize].next = next,
            None => nodes[parent as usize].first_child = next,
        }
        match some(next) {
            Some(next) => nodes[next as usize].previous = previous,
            None => nodes[parent as usize].last_child = previous,
        }
    }
}

impl TreeSink for Arena {
    type Handle = NodeId;
    type Output = ();
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) {}

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target as usize].kind {
            Kind::Element { name, .. } => name,
            _ => unreachable!("the tree builder asks for the names of elements only"),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let template = if flags.template { self.add(Kind::Other) } else { NONE };
        self.add(Kind::Element { name, attributes, template })
    }

    fn create_comment(&self, _text: StrTendril) -> NodeId {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> NodeId {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, NONE, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.nodes.borrow()[*element as usize].parent != NONE;
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        match self.nodes.borrow()[*target as usize].kind {
            Kind::Element { template, .. } => template,
            _ => unreachable!("the tree builder asks for the contents of templates only"),
        }
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.nodes.borrow()[*sibling as usize].parent;
        if let Some(parent) = some(parent) {
            self.insert(parent, *sibling, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, new: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target as usize].kind {
            for attribute in new {
                if !attributes.iter().any(|a| a.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        loop {
            let child = self.nodes.borrow()[*node as usize].first_child;
            match some(child) {
                Some(child) => self.insert(*new_parent, NONE, NodeOrText::AppendNode(child)),
                None => return,
            }
        }
    }
}
