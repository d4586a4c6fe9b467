//! What a page's JSON-LD says of the page itself.

use super::base::Base;
use super::date;
use super::text::filled;
use serde_json::Value;
use std::collections::HashMap;

/// The types whose headline, author and dates are the page's, the surest first.
const PAGE_TYPES: &[&str] = &[
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "LiveBlogPosting",
    "SocialMediaPosting",
    "TechArticle",
    "ScholarlyArticle",
    "MedicalScholarlyArticle",
    "Report",
    "Recipe",
    "Product",
    "VideoObject",
    "AudioObject",
    "PodcastEpisode",
    "RadioEpisode",
    "TVEpisode",
    "Event",
    "JobPosting",
    "Book",
    "Movie",
    "QAPage",
    "DiscussionForumPosting",
    "HowTo",
    "Course",
    "SoftwareApplication",
    "Review",
    "WebPage",
    "CollectionPage",
    "ItemPage",
    "AboutPage",
    "ProfilePage",
];

/// How deep objects are looked for: deeper ones describe parts of parts.
const MAX_DEPTH: usize = 4;

/// The objects of a page's JSON-LD, those that describe the page itself first.
pub(super) struct StructuredData<'a> {
    objects: Vec<&'a Value>,
    by_id: HashMap<&'a str, &'a Value>,
}

impl<'a> StructuredData<'a> {
    pub(super) fn new(blocks: &'a [Value]) -> Self {
        let mut objects = Vec::new();
        for block in blocks {
            collect(block, MAX_DEPTH, &mut objects);
        }
        let mut by_id = HashMap::new();
        for object in &objects {
            // An object that is only a reference tells nothing.
            if let (Some(id), true) =
                (object.get("@id").and_then(Value::as_str), object.as_object().is_some_and(|o| o.len() > 1))
            {
                by_id.entry(id).or_insert(*object);
            }
        }
        objects.sort_by_key(|object| rank(object));
        Self { objects, by_id }
    }

    /// The object that a reference (`{"@id": …}`) stands for; any other value as it is.
    fn resolved(&self, value: &'a Value) -> &'a Value {
        match value.as_object() {
            Some(object) if object.len() <= 2 && !object.contains_key("name") => {
                object.get("@id").and_then(Value::as_str).and_then(|id| self.by_id.get(id)).copied().unwrap_or(value)
            }
            _ => value,
        }
    }

    fn first<T>(&self, key: &str, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        self.objects.iter().find_map(|object| object.get(key).and_then(&read))
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.first(key, |value| first_text(value).and_then(|text| filled(&unescape(text))))
    }

    pub(super) fn date(&self, key: &str) -> Option<String> {
        self.first(key, |value| first_text(value).and_then(date::normalise))
    }

    /// The days on which something begins or ends that the page is about.
    pub(super) fn event_days(&self) -> Vec<String> {
        let dates = ["startDate", "endDate", "doorTime", "previousStartDate", "validFrom", "validThrough"]
            .into_iter()
            .flat_map(|key| self.objects.iter().filter_map(move |object| object.get(key)))
            .filter_map(|value| date::normalise(first_text(value)?));
        dates.filter_map(|date| date.get(..10).map(str::to_owned)).collect()
    }

    /// The names of a person or organisation, or of several.
    pub(super) fn names(&self, key: &str) -> Option<Vec<String>> {
        self.first(key, |value| {
            let names: Vec<String> = match value {
                Value::Array(list) => list.iter().flat_map(|one| all_names(self.resolved(one))).collect(),
                one => all_names(self.resolved(one)),
            };
            (!names.is_empty()).then_some(names)
        })
    }

    pub(super) fn url(&self, key: &str) -> Option<String> {
        self.first(key, |value| self.one_url(value, MAX_DEPTH))
    }

    fn one_url(&self, value: &'a Value, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match self.resolved(value) {
            Value::String(text) => filled(text),
            Value::Array(list) => list.iter().find_map(|one| self.one_url(one, depth)),
            Value::Object(map) => ["url", "contentUrl", "@id"]
                .iter()
                .find_map(|key| map.get(*key).and_then(|inner| self.one_url(inner, depth))),
            _ => None,
        }
    }

    /// The logo of the publisher or of the site's organisation.
    pub(super) fn logo(&self) -> Option<String> {
        let publisher = self.first("publisher", |value| self.resolved(value).get("logo"));
        publisher.and_then(|logo| self.one_url(logo, MAX_DEPTH)).or_else(|| self.url("logo")).or_else(|| {
            self.first("publisher", |value| {
                self.resolved(value).get("image").and_then(|logo| self.one_url(logo, MAX_DEPTH))
            })
        })
    }

    /// The name of the site: of a `WebSite`, or of what the page is a part of.
    pub(super) fn site_name(&self) -> Option<String> {
        let is_site = |object: &&&Value| types(object).any(|t| t == "WebSite");
        let named = |object: &'a Value| one_name(self.resolved(object));
        self.objects.iter().find(is_site).and_then(|site| named(site)).or_else(|| {
            let whole = self.first("isPartOf", |value| Some(self.resolved(value)))?;
            types(whole).any(|t| t == "WebSite").then(|| named(whole)).flatten()
        })
    }

    /// Texts of a list, or of one text with commas.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        self.first(key, |value| {
            let list: Vec<String> = match value {
                Value::String(text) => text.split(',').filter_map(filled).collect(),
                Value::Array(list) => list.iter().filter_map(|one| filled(&unescape(first_text(one)?))).collect(),
                _ => Vec::new(),
            };
            (!list.is_empty()).then_some(list)
        })
        .unwrap_or_default()
    }

    /// Every text under `key` at the top of the objects, lists unfolded.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.objects.iter().filter_map(move |object| object.get(key)).flat_map(|value| match value {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        })
    }

    /// The type of the object that describes the page, without its vocabulary.
    pub(super) fn page_type(&self) -> Option<String> {
        let first = self.objects.first().filter(|object| rank(object) < PAGE_TYPES.len())?;
        types(first).next().map(str::to_owned)
    }

    /// The objects of a type, in order.
    pub(super) fn of_type(&self, wanted: &'static str) -> impl Iterator<Item = &'a Value> {
        self.objects.iter().copied().filter(move |object| types(object).any(|t| t == wanted)).chain(
            // Articles carry their media one step below.
            self.objects
                .iter()
                .copied()
                .flat_map(|object| ["video", "audio", "associatedMedia"].map(|key| object.get(key)))
                .flatten()
                .flat_map(|value| match value {
                    Value::Array(list) => list.iter().collect(),
                    one => vec![one],
                })
                .filter(move |object| types(object).any(|t| t == wanted)),
        )
    }
}

/// A text of an object's property as an absolute URL.
pub(super) fn url_in(object: &Value, keys: &[&str], base: &Base) -> Option<String> {
    keys.iter().find_map(|key| object.get(*key).and_then(first_text).and_then(|url| base.web_text(url)))
}

/// The objects at the top of a block and in its `@graph` and `mainEntity`.
fn collect<'a>(value: &'a Value, depth: usize, objects: &mut Vec<&'a Value>) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|item| collect(item, depth - 1, objects)),
        Value::Object(map) => {
            objects.push(value);
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = map.get(key) {
                    collect(inner, depth - 1, objects);
                }
            }
        }
        _ => {}
    }
}

/// The types of an object; one may be written as its URL.
fn types(object: &Value) -> impl Iterator<Item = &str> {
    let types: Vec<&str> = match object.get("@type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    types.into_iter().map(|t| t.rsplit(['/', ':', '#']).next().unwrap_or(t))
}

fn rank(object: &Value) -> usize {
    types(object).filter_map(|t| PAGE_TYPES.iter().position(|p| *p == t)).min().unwrap_or(PAGE_TYPES.len())
}

fn first_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(list) => list.iter().find_map(first_text),
        Value::Object(map) => map.get("@value").or_else(|| map.get("name")).and_then(Value::as_str),
        _ => None,
    }
}

/// The name of a person or organisation; several persons may be one with several names.
fn all_names(value: &Value) -> Vec<String> {
    match value.get("name") {
        Some(Value::Array(list)) if list.len() > 1 && list.iter().all(Value::is_string) => {
            list.iter().filter_map(one_name).collect()
        }
        _ => one_name(value).into_iter().collect(),
    }
}

fn one_name(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Object(map) => first_text(map.get("name").or_else(|| map.get("alternateName"))?)?,
        _ => return None,
    };
    filled(&unescape(text))
}

/// Character references that sites leave in JSON-LD by mistake.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The HTML parser knows them all; text without markup stays one text.
    let fragment = scraper::Html::parse_fragment(&text.replace('<', "&lt;"));
    fragment.root_element().text().collect()
}
