//! `RDFa` 1.1 (`RDFa` Core and `HTML+RDFa`), as the expanded JSON-LD that extruct prints.
//!
//! The processing of `RDFa` Core, section 7.5, goes from an element to what is in it, so it works on events as they come; only the text
//! of a literal is waited for. Not done: XML literals keep only their text.

mod graph;
mod names;
mod patterns;

use super::Context;
use super::base::Base;
use super::events::{Attributes, Events, Name};
use super::tag::Tag;
use super::text::clip;
use graph::{Graph, Object};
use names::{Names, RDF_TYPE, USES_VOCABULARY};
use std::rc::Rc;

/// Most texts collected at the same time, and bytes of one.
const MAX_CAPTURES: usize = 32;
const MAX_TEXT: usize = 64 * 1024;

/// Most names in one attribute, and statements that wait for their other end.
const MAX_NAMES: usize = 32;

/// The name of a resource, which many elements hand on.
type Id = Rc<str>;

/// A statement whose other end is the next element that has one.
#[derive(Clone)]
enum Waiting {
    Forward(String),
    Reverse(String),
    List(String),
}

/// What an element hands to what is in it.
#[derive(Clone)]
struct Frame {
    subject: Id,
    object: Id,
    waiting: Rc<[Waiting]>,
    /// The number of the list mapping in force.
    lists: usize,
    /// The element made that mapping, and writes it at its end.
    owns_lists: bool,
    language: Option<Rc<str>>,
    names: Names,
}

struct Capture {
    depth: usize,
    subject: Id,
    predicates: Vec<String>,
    datatype: Option<String>,
    language: Option<Rc<str>>,
    list: Option<usize>,
    /// The text is a time, whose form tells the datatype.
    is_time: bool,
    text: String,
}

/// Reads the statements of a page.
pub(super) struct Rdfa<'a> {
    context: &'a Context<'a>,
    base: Base,
    /// What each open element hands on; the first is the document's.
    frames: Vec<Frame>,
    captures: Vec<Capture>,
    graph: Graph,
    blanks: usize,
}

impl<'a> Rdfa<'a> {
    /// Of a page whose first `<base href>`, wherever it stands, is `base_href`.
    pub(super) fn new(context: &'a Context<'a>, base_href: Option<&str>) -> Self {
        Self {
            context,
            base: Base::new(context.url, base_href, context.encoding),
            frames: Vec::new(),
            captures: Vec::new(),
            graph: Graph::default(),
            blanks: 0,
        }
    }

    /// The statements as a JSON array of subjects; nothing where there are none. True when something was left out at a limit.
    pub(super) fn finish(self) -> (Option<String>, bool) {
        self.graph.finish()
    }

    fn document(&self) -> Id {
        self.base
            .resolve("")
            .map(|mut url| {
                url.set_fragment(None);
                String::from(url)
            })
            .unwrap_or_default()
            .into()
    }

    fn blank(&mut self) -> Id {
        self.blanks += 1;
        format!("_:b{}", self.blanks).into()
    }

    /// The resource that an attribute names: an address, or a compact one, `[…]` around it or not.
    fn resource(&self, text: &str, names: &Names) -> Option<Id> {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix('[') {
            return names.compact(inner.strip_suffix(']')?).map(Into::into);
        }
        names.compact(text).map(Into::into).or_else(|| self.address(text))
    }

    /// An absolute address, as it was written if it was one already: names are compared letter by letter.
    fn address(&self, text: &str) -> Option<Id> {
        let text = text.trim();
        let resolved = self.base.resolve(text)?;
        Some(if url::Url::parse(text).is_ok() { text.into() } else { String::from(resolved).into() })
    }
}

/// The attributes of `RDFa` on one element, their names resolved.
struct Given {
    about: Option<Id>,
    /// `resource`, else `href`, else `src`.
    target: Option<Id>,
    types: Option<Vec<String>>,
    properties: Vec<String>,
    rel: Option<Vec<String>>,
    rev: Option<Vec<String>>,
    content: Option<String>,
    datatype: Option<String>,
    in_list: bool,
    is_time: bool,
}

impl Given {
    fn read<A: Attributes>(rdfa: &Rdfa<'_>, element: Name<'_>, attributes: &A, names: &Names) -> Self {
        let list = |key: &str| {
            attributes.get(key).map(|text| {
                text.split_ascii_whitespace().take(MAX_NAMES).filter_map(|name| names.term(name)).collect::<Vec<_>>()
            })
        };
        let has_property = attributes.get("property").is_some();
        // In HTML, beside a property only full names make a relation: rel=nofollow is no statement.
        let relation = |key: &str| {
            let text = attributes.get(key)?;
            let all: Vec<&str> = text
                .split_ascii_whitespace()
                .take(MAX_NAMES)
                .filter(|name| !has_property || name.contains(':'))
                .collect();
            (!has_property || !all.is_empty())
                .then(|| all.into_iter().filter_map(|name| names.term(name)).collect::<Vec<_>>())
        };
        let time = attributes.get("datetime").filter(|_| element.tag == Tag::Time);
        let value = attributes.get("value").filter(|_| element.tag == Tag::Data);
        Self {
            about: attributes.get("about").and_then(|text| rdfa.resource(text, names)),
            target: attributes
                .get("resource")
                .and_then(|text| rdfa.resource(text, names))
                .or_else(|| attributes.get("href").and_then(|href| rdfa.address(href)))
                .or_else(|| attributes.get("src").and_then(|src| rdfa.address(src))),
            types: list("typeof"),
            properties: list("property").unwrap_or_default(),
            rel: relation("rel"),
            rev: relation("rev"),
            content: attributes.get("content").or(time).or(value).map(str::to_owned),
            datatype: attributes
                .get("datatype")
                .map(|text| names.term(text.trim()).unwrap_or_default())
                .or_else(|| time.and_then(names::datatype_of_time).map(str::to_owned)),
            in_list: attributes.get("inlist").is_some(),
            is_time: element.tag == Tag::Time,
        }
    }
}

impl Events for Rdfa<'_> {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        if self.frames.is_empty() {
            let document = self.document();
            let lists = self.graph.new_lists();
            self.frames.push(Frame {
                subject: document.clone(),
                object: document,
                waiting: Rc::new([]),
                lists,
                owns_lists: false,
                language: None,
                names: Names::default(),
            });
        }
        let Some(parent) = self.frames.last().cloned() else { return };
        let mut names = parent.names.clone();
        if let Some(vocabulary) = attributes.get("vocab") {
            let vocabulary = self.address(vocabulary).filter(|_| !vocabulary.trim().is_empty());
            if let Some(vocabulary) = &vocabulary {
                let document = self.document();
                self.graph.add(&document, USES_VOCABULARY, Object::Resource(vocabulary.to_string()));
            }
            names.set_vocabulary(vocabulary);
        }
        names.declare(attributes);
        let language = attributes.get("xml:lang").or_else(|| attributes.get("lang")).map_or_else(
            || parent.language.clone(),
            |lang| Some(lang.trim()).filter(|lang| !lang.is_empty()).map(Into::into),
        );
        let given = Given::read(self, name, attributes, &names);
        let frame = self.element(name, given, &parent, names, language);
        self.frames.push(frame);
    }

    fn listens(&self) -> bool {
        !self.captures.is_empty()
    }

    fn text(&mut self, text: &str) {
        for capture in &mut self.captures {
            capture.text.push_str(clip(text, MAX_TEXT.saturating_sub(capture.text.len())));
        }
    }

    fn base(&mut self, href: &str) -> bool {
        if self.base.is_used() {
            return false;
        }
        self.base = Base::new(self.context.url, Some(href), self.context.encoding);
        true
    }

    fn end(&mut self, _name: Name<'_>) {
        while self.captures.last().is_some_and(|capture| capture.depth == self.frames.len()) {
            if let Some(capture) = self.captures.pop() {
                let of_time = || names::datatype_of_time(&capture.text).filter(|_| capture.is_time).map(str::to_owned);
                let datatype = capture.datatype.or_else(of_time);
                let object = Object::literal(capture.text, datatype, capture.language.as_deref());
                self.state(&capture.subject, &capture.predicates, object, capture.list);
            }
        }
        if let Some(frame) = self.frames.pop()
            && frame.owns_lists
        {
            self.graph.write_lists(frame.lists);
        }
    }
}

impl Rdfa<'_> {
    /// Adds what one element says, and returns what it hands on.
    fn element(
        &mut self,
        name: Name<'_>,
        given: Given,
        parent: &Frame,
        names: Names,
        language: Option<Rc<str>>,
    ) -> Frame {
        let is_root = self.frames.len() == 1;
        let is_section = name.html && matches!(name.tag, Tag::Head | Tag::Body);
        // What an element without a subject of its own is about.
        let inherited = if is_root { Some(self.document()) } else { is_section.then(|| parent.object.clone()) };
        let has_relation = given.rel.is_some() || given.rev.is_some();
        let mut skip = false;
        let mut object = None;
        let mut typed = None;
        let subject;
        if has_relation {
            subject = given.about.clone().or_else(|| inherited.clone()).unwrap_or_else(|| parent.object.clone());
            object.clone_from(&given.target);
            if given.types.is_some() && given.about.is_none() && object.is_none() {
                object = Some(self.blank());
            }
            if given.types.is_some() {
                typed = if given.about.is_some() { Some(subject.clone()) } else { object.clone() };
            }
        } else if !given.properties.is_empty() && given.content.is_none() && given.datatype.is_none() {
            subject = given.about.clone().or_else(|| inherited.clone()).unwrap_or_else(|| parent.object.clone());
            if given.types.is_some() {
                let own = given
                    .about
                    .clone()
                    .or_else(|| inherited.clone().filter(|_| is_root))
                    .or_else(|| given.target.clone());
                let own = own.unwrap_or_else(|| self.blank());
                object = Some(own.clone());
                typed = Some(own);
            }
        } else {
            let own = given.about.clone().or_else(|| given.target.clone()).or_else(|| inherited.clone());
            subject = match own {
                Some(own) => own,
                None if given.types.is_some() => self.blank(),
                None => {
                    skip = given.properties.is_empty();
                    parent.object.clone()
                }
            };
            if given.types.is_some() {
                typed = Some(subject.clone());
            }
        }
        if let (Some(typed), Some(types)) = (&typed, &given.types) {
            for kind in types {
                self.graph.add(typed, RDF_TYPE, Object::Resource(kind.clone()));
            }
        }
        let owns_lists = subject != parent.subject && !skip;
        let lists = if owns_lists { self.graph.new_lists() } else { parent.lists };
        let waiting = self.relations(&given, &subject, &mut object, lists);
        self.properties(&given, &subject, typed.as_ref(), language.as_ref(), lists);
        if !skip {
            self.complete(parent, &subject);
        }
        if skip {
            return Frame { names, language, owns_lists: false, ..parent.clone() };
        }
        let object = object.unwrap_or_else(|| subject.clone());
        Frame { subject, object, waiting, lists, owns_lists, language, names }
    }

    /// The statements of `rel` and `rev`; those without another end wait for it.
    fn relations(&mut self, given: &Given, subject: &str, object: &mut Option<Id>, lists: usize) -> Rc<[Waiting]> {
        let mut waiting = Vec::new();
        let forward = given.rel.iter().flatten();
        let backward = given.rev.iter().flatten();
        if let Some(object) = object {
            for predicate in forward {
                if given.in_list {
                    self.graph.add_to_list(lists, subject, predicate, Object::Resource(object.to_string()));
                } else {
                    self.graph.add(subject, predicate, Object::Resource(object.to_string()));
                }
            }
            for predicate in backward {
                self.graph.add(object, predicate, Object::Resource(subject.to_owned()));
            }
        } else {
            waiting.extend(
                forward.cloned().map(|name| if given.in_list { Waiting::List(name) } else { Waiting::Forward(name) }),
            );
            waiting.extend(backward.cloned().map(Waiting::Reverse));
            if !waiting.is_empty() {
                *object = Some(self.blank());
            }
        }
        waiting.into()
    }

    fn properties(
        &mut self,
        given: &Given,
        subject: &Id,
        typed: Option<&Id>,
        language: Option<&Rc<str>>,
        lists: usize,
    ) {
        if given.properties.is_empty() {
            return;
        }
        let list = given.in_list.then_some(lists);
        let datatype = given.datatype.clone().filter(|datatype| !datatype.is_empty());
        let is_plain = given.datatype.is_none();
        let object = if let Some(content) = &given.content {
            Some(Object::literal(clip(content, MAX_TEXT).to_owned(), datatype.clone(), language.map(|l| &**l)))
        } else if is_plain
            && given.rel.is_none()
            && given.rev.is_none()
            && (given.target.is_some() && (given.types.is_none() || given.about.is_some()))
        {
            given.target.as_ref().map(|id| Object::Resource(id.to_string()))
        } else if is_plain && given.types.is_some() && given.about.is_none() {
            typed.map(|id| Object::Resource(id.to_string()))
        } else {
            None
        };
        if let Some(object) = object {
            self.state(subject, &given.properties, object, list);
        } else if self.captures.len() < MAX_CAPTURES {
            self.captures.push(Capture {
                // The depth that the element has once it is open.
                depth: self.frames.len() + 1,
                subject: subject.clone(),
                predicates: given.properties.clone(),
                datatype,
                language: language.cloned(),
                list,
                is_time: given.is_time && given.datatype.is_none(),
                text: String::new(),
            });
        } else {
            self.graph.cut();
        }
    }

    fn state(&mut self, subject: &str, predicates: &[String], object: Object, list: Option<usize>) {
        for predicate in predicates {
            match list {
                Some(list) => self.graph.add_to_list(list, subject, predicate, object.clone()),
                None => self.graph.add(subject, predicate, object.clone()),
            }
        }
    }

    /// What the elements above began and this one ends.
    fn complete(&mut self, parent: &Frame, subject: &str) {
        for waiting in &*parent.waiting {
            match waiting {
                Waiting::Forward(predicate) => {
                    self.graph.add(&parent.subject, predicate, Object::Resource(subject.to_owned()));
                }
                Waiting::Reverse(predicate) => {
                    self.graph.add(subject, predicate, Object::Resource(parent.subject.to_string()));
                }
                Waiting::List(predicate) => self.graph.add_to_list(
                    parent.lists,
                    &parent.subject,
                    predicate,
                    Object::Resource(subject.to_owned()),
                ),
            }
        }
    }
}
