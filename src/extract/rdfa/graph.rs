//! Statements by their subjects, and how they are written.

use super::names::RDF_TYPE;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Most statements, and bytes of all together.
const MAX_STATEMENTS: usize = 20_000;
const MAX_BYTES: usize = 8 << 20;

/// The object of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Resource(String),
    Literal { text: String, datatype: Option<String>, language: Option<String> },
    List(Vec<Object>),
}

impl Object {
    /// A text of a datatype, else of a language.
    pub(super) fn literal(text: String, datatype: Option<String>, language: Option<&str>) -> Self {
        let language = language.filter(|_| datatype.is_none()).map(str::to_owned);
        Self::Literal { text, datatype, language }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Resource(text) | Self::Literal { text, .. } => text.len(),
            Self::List(items) => items.iter().map(Self::len).sum(),
        }
    }

    fn write(self) -> Value {
        match self {
            Self::Resource(id) => json!({ "@id": id }),
            Self::List(items) => json!({ "@list": items.into_iter().map(Self::write).collect::<Vec<_>>() }),
            Self::Literal { text, datatype, language } => {
                let mut value = Map::new();
                if let Some(language) = language {
                    value.insert("@language".to_owned(), language.into());
                }
                if let Some(datatype) = datatype {
                    value.insert("@type".to_owned(), datatype.into());
                }
                value.insert("@value".to_owned(), text.into());
                Value::Object(value)
            }
        }
    }
}

/// What is said of a subject: the predicate and the object.
pub(super) type Statement = (String, Object);

/// A subject's statements, in the order they were made.
#[derive(Default)]
pub(super) struct Subject {
    id: String,
    pub statements: Vec<Statement>,
}

/// The subject and the predicate of a list that is being gathered, and its items.
type List = (String, String, Vec<Object>);

#[derive(Default)]
pub(super) struct Graph {
    pub subjects: Vec<Subject>,
    /// The places of the subjects.
    pub by_id: HashMap<String, usize>,
    lists: Vec<Vec<List>>,
    count: usize,
    bytes: usize,
    incomplete: bool,
}

impl Graph {
    /// Takes note that something was left out.
    pub(super) fn cut(&mut self) {
        self.incomplete = true;
    }

    pub(super) fn fits(&mut self, bytes: usize) -> bool {
        self.count += 1;
        self.bytes += bytes;
        let fits = self.count <= MAX_STATEMENTS && self.bytes <= MAX_BYTES;
        self.incomplete |= !fits;
        fits
    }

    pub(super) fn add(&mut self, subject: &str, predicate: &str, object: Object) {
        if !self.fits(subject.len() + predicate.len() + object.len()) {
            return;
        }
        let index = *self.by_id.entry(subject.to_owned()).or_insert_with(|| {
            self.subjects.push(Subject { id: subject.to_owned(), statements: Vec::new() });
            self.subjects.len() - 1
        });
        self.subjects[index].statements.push((predicate.to_owned(), object));
    }

    /// A fresh list mapping.
    pub(super) fn new_lists(&mut self) -> usize {
        self.lists.push(Vec::new());
        self.lists.len() - 1
    }

    pub(super) fn add_to_list(&mut self, lists: usize, subject: &str, predicate: &str, object: Object) {
        if !self.fits(object.len()) {
            return;
        }
        let Some(lists) = self.lists.get_mut(lists) else { return };
        match lists.iter_mut().find(|(s, p, _)| s == subject && p == predicate) {
            Some((_, _, items)) => items.push(object),
            None => lists.push((subject.to_owned(), predicate.to_owned(), vec![object])),
        }
    }

    /// Makes the lists of a mapping statements.
    pub(super) fn write_lists(&mut self, lists: usize) {
        let Some(lists) = self.lists.get_mut(lists).map(std::mem::take) else { return };
        for (subject, predicate, items) in lists {
            self.add(&subject, &predicate, Object::List(items));
        }
    }

    pub(super) fn finish(mut self) -> (Option<String>, bool) {
        for lists in 0..self.lists.len() {
            self.write_lists(lists);
        }
        self.copy_patterns();
        let nodes: Vec<Value> = self.subjects.into_iter().map(node).collect();
        ((!nodes.is_empty()).then(|| Value::Array(nodes).to_string()), self.incomplete)
    }
}

fn node(subject: Subject) -> Value {
    let mut node = Map::new();
    node.insert("@id".to_owned(), subject.id.into());
    let mut seen: Vec<Statement> = Vec::new();
    // A statement made twice is one; of many, what is looked through is bounded.
    for statement in subject.statements {
        if seen.len() < 1_000 && seen.contains(&statement) {
            continue;
        }
        seen.push(statement);
    }
    for (predicate, object) in seen {
        let (key, value) = match object {
            Object::Resource(kind) if predicate == RDF_TYPE => ("@type".to_owned(), kind.into()),
            object => (predicate, object.write()),
        };
        if let Some(Value::Array(values)) = node.get_mut(&key) {
            values.push(value);
        } else {
            node.insert(key, Value::Array(vec![value]));
        }
    }
    Value::Object(node)
}
