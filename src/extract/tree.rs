//! The document tree, in an arena of our own.
//!
//! Nodes are numbers into one vector, so that a document is freed at once and depth costs no stack.

use super::bridge;
use super::events::{Attributes, Events, Name};
use super::tag::Tag;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::collections::HashSet;

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
                Kind::Element { name, attributes, .. } if name.ns == ns!(html) => events.start(told(name), attributes),
                Kind::Element { name, .. } => events.start(told(name), &Vec::new()),
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
    let html = name.ns == ns!(html);
    let tag = Tag::of(name.local.as_bytes());
    Name { tag, local: if html { &name.local } else { tag.local() }, html }
}

impl Attributes for Vec<Attribute> {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|a| a.name.ns == ns!() && &*a.name.local == name).map(|a| &*a.value)
    }

    fn each(&self, take: &mut dyn FnMut(&str, &str)) {
        self.iter().filter(|a| a.name.ns == ns!()).for_each(|a| take(&a.name.local, &a.value));
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
    let (arena, stopped_at) = bridge::build(html, Arena::for_page(html));
    (arena.into(), stopped_at)
}

/// A document that is being built.
pub(super) struct Arena {
    nodes: RefCell<Vec<Node>>,
}

impl From<Arena> for Document {
    fn from(arena: Arena) -> Self {
        Self(arena.nodes.take())
    }
}

impl Arena {
    pub(super) fn for_page(html: &str) -> Self {
        let arena = Self { nodes: RefCell::new(Vec::with_capacity(64 + html.len() / 40)) };
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
            // By hash, as both may be many.
            let known: HashSet<QualName> = attributes.iter().map(|a| a.name.clone()).collect();
            attributes.extend(new.into_iter().filter(|a| !known.contains(&a.name)));
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

#[cfg(test)]
impl Document {
    /// Every node in document order, one a line, what is in templates included.
    pub(super) fn outline(&self) -> String {
        use std::fmt::Write;
        let mut out = String::new();
        let mut stack = vec![(ROOT, 0)];
        while let Some((id, depth)) = stack.pop() {
            let node = self.node(id);
            let _ = write!(out, "{:depth$}", "");
            let mut inner = vec![];
            match &node.kind {
                Kind::Document => out.push_str("document"),
                Kind::Text(text) => {
                    let _ = write!(out, "{:?}", &**text);
                }
                Kind::Other => out.push_str("other"),
                Kind::Element { name, attributes, template } => {
                    let _ = write!(out, "<{} {}", &*name.ns, &*name.local);
                    for Attribute { name, value } in attributes {
                        let _ = write!(out, " {} {}={:?}", &*name.ns, &*name.local, &**value);
                    }
                    inner.extend(some(*template));
                }
            }
            out.push('\n');
            let children = std::iter::successors(some(node.first_child), |&n| some(self.node(n).next));
            inner.extend(children);
            stack.extend(inner.into_iter().rev().map(|id| (id, depth + 1)));
        }
        out
    }
}
