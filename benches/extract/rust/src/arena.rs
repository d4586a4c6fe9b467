//! html5ever's tree in the plainest arena: nodes are numbers into one vector.

use html5ever::driver::ParseOpts;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};

/// The index of a node.
pub type Id = usize;
/// Above everything.
pub const ROOT: Id = 0;

/// What a node is.
pub enum Kind {
    Element(QualName, Vec<Attribute>),
    Text(StrTendril),
    /// The document, comments, and what holds a template's contents.
    Other,
}

/// A node and its neighbours.
pub struct Node {
    pub kind: Kind,
    pub parent: Option<Id>,
    pub first: Option<Id>,
    pub last: Option<Id>,
    pub previous: Option<Id>,
    pub next: Option<Id>,
}

/// A document.
pub struct Arena(pub Vec<Node>);

impl Arena {
    /// Parses a page.
    pub fn parse(page: &str, scripting: bool) -> Self {
        let mut options = ParseOpts::default();
        options.tree_builder.scripting_enabled = scripting;
        let sink = Sink::default();
        sink.add(Kind::Other);
        parse_document(sink, options).one(page)
    }

    /// The node behind all that is below this one, if it is below `top`.
    pub fn after(&self, mut at: Id, top: Id) -> Option<Id> {
        while at != top {
            if let Some(next) = self.0[at].next {
                return Some(next);
            }
            at = self.0[at].parent?;
        }
        None
    }

    /// The next node in the document's order, if it is below `top`.
    pub fn following(&self, at: Id, top: Id) -> Option<Id> {
        self.0[at].first.or_else(|| self.after(at, top))
    }

    /// The text of all that is below a node.
    pub fn text(&self, top: Id) -> String {
        let mut text = String::new();
        let mut at = Some(top);
        while let Some(id) = at {
            if let Kind::Text(piece) = &self.0[id].kind {
                text.push_str(piece);
            }
            at = self.following(id, top);
        }
        text
    }
}

#[derive(Default)]
struct Sink(RefCell<Vec<Node>>);

impl Sink {
    fn add(&self, kind: Kind) -> Id {
        let mut nodes = self.0.borrow_mut();
        nodes.push(Node { kind, parent: None, first: None, last: None, previous: None, next: None });
        nodes.len() - 1
    }

    /// Puts a node or a text below `parent`, before `next` or at the end.
    fn insert(&self, parent: Id, next: Option<Id>, child: NodeOrText<Id>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.remove_from_parent(&id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.0.borrow_mut();
                let before = next.map_or(nodes[parent].last, |next| nodes[next].previous);
                if let Some(Kind::Text(before)) = before.map(|id| &mut nodes[id].kind) {
                    before.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.add(Kind::Text(text))
            }
        };
        let mut nodes = self.0.borrow_mut();
        let previous = match next {
            Some(next) => nodes[next].previous.replace(id),
            None => nodes[parent].last.replace(id),
        };
        match previous {
            Some(previous) => nodes[previous].next = Some(id),
            None => nodes[parent].first = Some(id),
        }
        let node = &mut nodes[id];
        (node.parent, node.previous, node.next) = (Some(parent), previous, next);
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Arena;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Arena {
        Arena(self.0.into_inner())
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.0.borrow(), |nodes| match &nodes[*target].kind {
            Kind::Element(name, _) => name,
            _ => unreachable!("the tree builder asks for the names of elements only"),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let id = self.add(Kind::Element(name, attributes));
        if flags.template {
            // As scraper has it: the contents are below the template.
            self.append(&id, NodeOrText::AppendNode(self.add(Kind::Other)));
        }
        id
    }

    fn create_comment(&self, _text: StrTendril) -> Id {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Id {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.0.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        self.0.borrow()[*target].first.expect("a template's contents are made with it")
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.0.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, new: Vec<Attribute>) {
        if let Kind::Element(_, attributes) = &mut self.0.borrow_mut()[*target].kind {
            for attribute in new {
                if attributes.iter().all(|known| known.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        let mut nodes = self.0.borrow_mut();
        let node = &mut nodes[*target];
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => nodes[previous].next = next,
            None => nodes[parent].first = next,
        }
        match next {
            Some(next) => nodes[next].previous = previous,
            None => nodes[parent].last = previous,
        }
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        loop {
            let first = self.0.borrow()[*node].first;
            let Some(child) = first else { return };
            self.append(new_parent, NodeOrText::AppendNode(child));
        }
    }
}
