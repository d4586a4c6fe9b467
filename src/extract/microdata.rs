//! Microdata (HTML standard, section 5): the items of a page, in the JSON shape that extruct prints.

use super::base::Base;
use super::events::{Attributes, Events, Name};
use super::tag::{EDGE, Tag};
use super::text::Collapsed;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Most elements that are kept, and values that are written: references can make the same ones appear again and again.
const MAX_THINGS: usize = 20_000;
const MAX_VALUES: usize = 20_000;

/// Most bytes of one text, and of all that are written.
const MAX_TEXT: usize = 64 * 1024;
const MAX_BYTES: usize = 8 << 20;

/// Texts collected at the same time, and items within one another.
const MAX_CAPTURES: usize = 32;
const MAX_DEPTH: usize = 32;

/// An element that is an item, a property, or one that `itemref` may name.
struct Thing {
    names: Vec<String>,
    item: Option<Item>,
    value: Content,
    children: Vec<usize>,
}

struct Item {
    types: Vec<String>,
    id: Option<String>,
    refs: Vec<String>,
}

enum Content {
    Nothing,
    Text(String),
    Address(String),
    /// What an action asks for, in schema.org's convention for `<input>`.
    Input {
        name: String,
        required: bool,
    },
}

struct Open {
    depth: u32,
    thing: usize,
    /// The text so far, where it is the value.
    text: Option<Collapsed>,
    /// Where in [`Microdata::open_ids`] the `id` stands, to be kept only if something stands in the element.
    id: Option<Range<usize>>,
}

/// Gathers the items of a page.
pub(super) struct Microdata {
    depth: u32,
    things: Vec<Thing>,
    open: Vec<Open>,
    /// How many of the open ones collect their text.
    collecting: usize,
    ids: HashMap<String, usize>,
    /// The ids of the open elements: pages have many, and few come to matter.
    open_ids: String,
    incomplete: bool,
}

impl Microdata {
    pub(super) fn new() -> Self {
        Self {
            depth: 0,
            things: Vec::new(),
            open: Vec::new(),
            collecting: 0,
            ids: HashMap::new(),
            open_ids: String::new(),
            incomplete: false,
        }
    }

    /// The items as a JSON array; nothing where there are none. True when something was left out at a limit.
    pub(super) fn finish(self, base: &Base) -> (Option<String>, bool) {
        let mut writer = Writer { microdata: &self, base, values: 0, bytes: 0, incomplete: self.incomplete };
        let items: Vec<Value> = (0..self.things.len())
            .filter(|index| self.things[*index].item.is_some() && self.things[*index].names.is_empty())
            .filter_map(|index| writer.item(index, &mut Vec::new()))
            .collect();
        let incomplete = writer.incomplete;
        ((!items.is_empty()).then(|| Value::Array(items).to_string()), incomplete)
    }

    fn each_text(&mut self, change: impl FnMut(&mut Collapsed)) {
        if self.collecting > 0 {
            self.open.iter_mut().filter_map(|open| open.text.as_mut()).for_each(change);
        }
    }

    fn gap(&mut self) {
        self.each_text(Collapsed::gap);
    }
}

impl Events for Microdata {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        if !name.html {
            return;
        }
        if name.tag.is(EDGE) {
            self.gap();
        }
        let is_item = attributes.get("itemscope").is_some();
        let names = attributes.get("itemprop").map(words).unwrap_or_default();
        let id = attributes.get("id").filter(|id| !id.is_empty());
        if !is_item && names.is_empty() && id.is_none() {
            return;
        }
        if self.things.len() == MAX_THINGS {
            self.incomplete |= is_item || !names.is_empty();
            return;
        }
        let item = is_item.then(|| Item {
            types: attributes.get("itemtype").map(words).unwrap_or_default(),
            id: attributes.get("itemid").map(str::to_owned),
            refs: attributes.get("itemref").map(words).unwrap_or_default(),
        });
        let value = if is_item || names.is_empty() { Content::Nothing } else { value(name.tag, attributes) };
        let takes_text =
            is_item || (!names.is_empty() && matches!(value, Content::Nothing) && !is_never_its_text(name.tag));
        let text = (takes_text && self.collecting < MAX_CAPTURES).then(Collapsed::default);
        let is_property = !names.is_empty();
        let thing = self.things.len();
        self.things.push(Thing { names, item, value, children: Vec::new() });
        if let Some(parent) = self.open.last() {
            self.things[parent.thing].children.push(thing);
        }
        if is_property {
            // An item with properties is not its text.
            for open in self.open.iter_mut().rev() {
                if self.things[open.thing].item.is_some() {
                    self.collecting -= usize::from(open.text.take().is_some());
                    break;
                }
            }
        }
        let id = id.map(|id| {
            let start = self.open_ids.len();
            self.open_ids.push_str(id);
            start..self.open_ids.len()
        });
        self.collecting += usize::from(text.is_some());
        self.open.push(Open { depth: self.depth, thing, text, id });
    }

    fn listens(&self) -> bool {
        self.collecting > 0
    }

    fn text(&mut self, text: &str) {
        self.each_text(|collected| collected.push_until(text, MAX_TEXT));
    }

    fn blank(&mut self, _text: &str) {
        self.gap();
    }

    /// Addresses are resolved at the end.
    fn base(&mut self, _href: &str) -> bool {
        true
    }

    fn end(&mut self, name: Name<'_>) {
        if self.open.last().is_some_and(|open| open.depth == self.depth)
            && let Some(open) = self.open.pop()
        {
            let thing = &mut self.things[open.thing];
            if let Some(text) = open.text {
                self.collecting -= 1;
                thing.value = Content::Text(text.finish());
            }
            let matters = thing.item.is_some() || !thing.names.is_empty() || !thing.children.is_empty();
            if let Some(id) = open.id {
                if matters {
                    self.ids.entry(self.open_ids[id.clone()].to_owned()).or_insert(open.thing);
                }
                self.open_ids.truncate(id.start);
            }
            if !matters {
                // Nothing stands in it, so it is the last one.
                self.things.pop();
                if let Some(parent) = self.open.last() {
                    self.things[parent.thing].children.pop();
                }
            }
        }
        if name.html && name.tag.is(EDGE) {
            self.gap();
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_ascii_whitespace().take(64) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The value of a property that is no item, unless it is the element's text.
fn value<A: Attributes>(name: Tag, attributes: &A) -> Content {
    let text = |key: &str| {
        attributes.get(key).map(|value| Content::Text(super::text::clip(value.trim(), MAX_TEXT).to_owned()))
    };
    // Only <meta> may have it by the standard; search engines take it anywhere.
    let given = text("content");
    let own = match name {
        Tag::Data | Tag::Meter => text("value"),
        Tag::Time => text("datetime"),
        Tag::Input => attributes.get("name").map(|name| Content::Input {
            name: super::text::clip(name.trim(), MAX_TEXT).to_owned(),
            required: attributes.get("required").is_some(),
        }),
        _ => address(name).and_then(|key| attributes.get(key)).map(|value| Content::Address(value.trim().to_owned())),
    };
    given.or(own).unwrap_or(Content::Nothing)
}

/// The attribute with the address that an element stands for.
fn address(name: Tag) -> Option<&'static str> {
    Some(match name {
        Tag::Audio | Tag::Embed | Tag::Iframe | Tag::Img | Tag::Source | Tag::Track | Tag::Video => "src",
        Tag::A | Tag::Area | Tag::Link => "href",
        Tag::Object => "data",
        _ => return None,
    })
}

/// Elements that are never their text.
fn is_never_its_text(name: Tag) -> bool {
    name == Tag::Meta || (name != Tag::A && address(name).is_some())
}

struct Writer<'a> {
    microdata: &'a Microdata,
    base: &'a Base,
    values: usize,
    bytes: usize,
    incomplete: bool,
}

impl Writer<'_> {
    /// An item with all in it; nothing for one that holds itself.
    fn item(&mut self, index: usize, path: &mut Vec<usize>) -> Option<Value> {
        let things = &self.microdata.things;
        let item = things[index].item.as_ref()?;
        if path.contains(&index) {
            return None;
        }
        // Counted before what is in it, which may be as much again at every level.
        self.values += 1;
        if path.len() == MAX_DEPTH || self.is_full() {
            self.incomplete = true;
            return None;
        }
        path.push(index);
        let mut properties: Map<String, Value> = Map::new();
        for property in self.properties(index, item) {
            if self.is_full() {
                self.incomplete = true;
                break;
            }
            let before = (self.values, self.bytes);
            let Some(value) = self.value(property, path) else { continue };
            let size = (1 + self.values - before.0, self.bytes - before.1);
            for (at, name) in things[property].names.iter().enumerate() {
                // Under a second name it is there a second time.
                if at > 0 {
                    (self.values, self.bytes) = (self.values + size.0, self.bytes + size.1);
                }
                if self.is_full() {
                    self.incomplete = true;
                    break;
                }
                match properties.get_mut(name) {
                    None => {
                        properties.insert(name.clone(), value.clone());
                    }
                    Some(Value::Array(list)) => list.push(value.clone()),
                    Some(one) => *one = Value::Array(vec![one.take(), value.clone()]),
                }
            }
        }
        path.pop();
        let mut written = Map::new();
        match &item.types[..] {
            [] => {}
            [one] => _ = written.insert("type".to_owned(), one.clone().into()),
            all => _ = written.insert("type".to_owned(), all.to_vec().into()),
        }
        if let Some(id) = &item.id {
            written.insert("id".to_owned(), self.address(id).into());
        }
        match &things[index].value {
            Content::Text(text) if properties.is_empty() && !text.is_empty() => {
                self.bytes += text.len();
                written.insert("value".to_owned(), text.clone().into());
            }
            _ => _ = written.insert("properties".to_owned(), properties.into()),
        }
        Some(Value::Object(written))
    }

    fn is_full(&self) -> bool {
        self.values > MAX_VALUES || self.bytes > MAX_BYTES
    }

    fn value(&mut self, index: usize, path: &mut Vec<usize>) -> Option<Value> {
        let thing = &self.microdata.things[index];
        if thing.item.is_some() {
            return self.item(index, path);
        }
        let text = match &thing.value {
            Content::Nothing => String::new(),
            Content::Text(text) => text.clone(),
            Content::Address(address) => self.address(address),
            Content::Input { name, required } => {
                self.bytes += name.len();
                return Some(json!({ "valueRequired": required, "valueName": name }));
            }
        };
        self.bytes += text.len();
        Some(text.into())
    }

    fn address(&self, raw: &str) -> String {
        self.base
            .resolve(raw)
            .map_or_else(|| super::text::clip(raw, super::base::MAX_URL_BYTES).to_owned(), String::from)
    }

    /// The properties of an item in document order: below it, and below what its `itemref` names.
    fn properties(&self, index: usize, item: &Item) -> Vec<usize> {
        let things = &self.microdata.things;
        let referred = item.refs.iter().filter_map(|id| self.microdata.ids.get(id).copied());
        let mut pending: Vec<usize> = things[index].children.iter().copied().chain(referred).collect();
        let mut seen = HashSet::from([index]);
        let mut found = Vec::new();
        while let Some(next) = pending.pop() {
            if !seen.insert(next) {
                continue;
            }
            if !things[next].names.is_empty() {
                found.push(next);
            }
            if things[next].item.is_none() {
                pending.extend(&things[next].children);
            }
        }
        found.sort_unstable();
        found
    }
}
