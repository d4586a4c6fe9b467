//! What one walk over a page gathers.

use super::text::Collapsed;
use encoding_rs::Encoding;
use serde_json::Value;

/// A `<meta>` as a name and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub name: String,
    pub content: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Icon {
    pub url: String,
    pub rel: String,
    pub sizes: Option<String>,
    pub r#type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feed {
    pub url: String,
    pub title: Option<String>,
    pub r#type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alternate {
    pub hreflang: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub level: u8,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub url: String,
    pub text: String,
    pub rel: Option<String>,
    pub internal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Image {
    pub url: String,
    pub alt: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub srcset: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonLd {
    pub raw: String,
    pub error: Option<String>,
}

/// All that was gathered, before a value is chosen for each field.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub title: Option<String>,
    pub first_h1: Option<String>,
    pub html_lang: Option<String>,
    pub content_language: Option<String>,
    pub canonical: Option<String>,
    pub image_src: Option<String>,
    pub article_image: Option<String>,
    /// The first value of each `itemprop` that a field may be taken from, in document order.
    pub item_properties: Vec<Tag>,
    pub open_graph: Vec<Tag>,
    pub twitter: Vec<Tag>,
    pub meta: Vec<Tag>,
    /// `<meta property>` of other vocabularies.
    pub properties: Vec<Tag>,
    pub icons: Vec<Icon>,
    pub feeds: Vec<Feed>,
    pub alternates: Vec<Alternate>,
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    pub json_ld: Vec<JsonLd>,
    /// The blocks of `json_ld` that could be read.
    pub json_ld_values: Vec<Value>,
    pub declared_encoding: Option<&'static Encoding>,
    /// Something was left out at a limit.
    pub incomplete: bool,
}

impl Facts {
    /// The filled values of a meta-like tag, by lower-case name, in document order.
    pub(super) fn tags<'a>(tags: &'a [Tag], name: &'a str) -> impl Iterator<Item = &'a str> {
        tags.iter().filter(move |t| t.name == name && !t.content.trim().is_empty()).map(|t| t.content.as_str())
    }
}

/// Text still being collected, and where it goes.
pub(super) struct Capture<T> {
    /// The depth of the element whose text it is.
    pub depth: u32,
    pub goes_to: T,
    pub text: Collapsed,
}
