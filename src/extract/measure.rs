//! A tree sink around another that knows how deep and how heavy the tree is.

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// A handle of the sink within, with the number that its node has here.
#[derive(Clone)]
pub(super) struct Tracked<H> {
    handle: H,
    number: usize,
}

pub(super) struct Measured<S> {
    pub sink: S,
    /// About how deep the parser is: exact after every element; whoever sees the end tags counts them off.
    pub depth: Cell<u32>,
    /// Nodes and their attributes.
    pub weight: Cell<usize>,
    /// The depth of each node, by its number.
    depths: RefCell<Vec<u32>>,
}

impl<S: TreeSink> Measured<S> {
    pub(super) fn new(sink: S) -> Self {
        Self { sink, depth: Cell::new(0), weight: Cell::new(0), depths: RefCell::default() }
    }

    fn track(&self, handle: S::Handle, weight: usize) -> Tracked<S::Handle> {
        self.weight.set(self.weight.get() + weight);
        let mut depths = self.depths.borrow_mut();
        depths.push(0);
        Tracked { handle, number: depths.len() - 1 }
    }

    fn depth_of(&self, node: &Tracked<S::Handle>) -> u32 {
        self.depths.borrow()[node.number]
    }

    fn set_depth(&self, node: &Tracked<S::Handle>, depth: u32) {
        self.depths.borrow_mut()[node.number] = depth;
    }

    /// Takes note that `child` now stands below `parent`, and hands over what the sink within understands.
    fn below(&self, parent_depth: u32, child: NodeOrText<Tracked<S::Handle>>) -> NodeOrText<S::Handle> {
        match child {
            NodeOrText::AppendNode(node) => {
                self.set_depth(&node, parent_depth + 1);
                self.depth.set(parent_depth + 1);
                NodeOrText::AppendNode(node.handle)
            }
            NodeOrText::AppendText(text) => {
                self.weight.set(self.weight.get() + 1);
                NodeOrText::AppendText(text)
            }
        }
    }
}

impl<S: TreeSink> TreeSink for Measured<S> {
    type Handle = Tracked<S::Handle>;
    type Output = S::Output;
    type ElemName<'a>
        = S::ElemName<'a>
    where
        S: 'a;

    fn finish(self) -> S::Output {
        self.sink.finish()
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.sink.parse_error(message);
    }

    fn get_document(&self) -> Self::Handle {
        self.track(self.sink.get_document(), 0)
    }

    fn elem_name<'a>(&'a self, target: &'a Self::Handle) -> S::ElemName<'a> {
        self.sink.elem_name(&target.handle)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Self::Handle {
        let weight = 1 + attributes.len();
        self.track(self.sink.create_element(name, attributes, flags), weight)
    }

    fn create_comment(&self, text: StrTendril) -> Self::Handle {
        self.track(self.sink.create_comment(text), 1)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Self::Handle {
        self.track(self.sink.create_pi(target, data), 1)
    }

    fn append(&self, parent: &Self::Handle, child: NodeOrText<Self::Handle>) {
        let child = self.below(self.depth_of(parent), child);
        self.sink.append(&parent.handle, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Self::Handle,
        previous: &Self::Handle,
        child: NodeOrText<Self::Handle>,
    ) {
        let child = self.below(self.depth_of(previous), child);
        self.sink.append_based_on_parent_node(&element.handle, &previous.handle, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.sink.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Self::Handle) -> Self::Handle {
        let contents = self.track(self.sink.get_template_contents(&target.handle), 0);
        self.set_depth(&contents, self.depth_of(target) + 1);
        contents
    }

    fn same_node(&self, x: &Self::Handle, y: &Self::Handle) -> bool {
        self.sink.same_node(&x.handle, &y.handle)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.sink.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &Self::Handle, child: NodeOrText<Self::Handle>) {
        let child = self.below(self.depth_of(sibling).saturating_sub(1), child);
        self.sink.append_before_sibling(&sibling.handle, child);
    }

    fn add_attrs_if_missing(&self, target: &Self::Handle, attributes: Vec<Attribute>) {
        self.weight.set(self.weight.get() + attributes.len());
        self.sink.add_attrs_if_missing(&target.handle, attributes);
    }

    fn remove_from_parent(&self, target: &Self::Handle) {
        self.sink.remove_from_parent(&target.handle);
    }

    fn reparent_children(&self, node: &Self::Handle, new_parent: &Self::Handle) {
        self.sink.reparent_children(&node.handle, &new_parent.handle);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Self::Handle) -> bool {
        self.sink.is_mathml_annotation_xml_integration_point(&target.handle)
    }
}
