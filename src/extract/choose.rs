//! Picking the value of each field from the facts: the first valid one in a fixed order of sources.

use super::base::Base;
use super::facts::Facts;
use super::text::filled;
use super::{Context, Page, date};
use serde_json::Value;

pub(super) fn page(facts: Facts, base: &Base, context: &Context<'_>) -> Page {
    let data = StructuredData::new(&facts.json_ld_values);
    let choice = Choice { facts: &facts, data, base, context };
    Page {
        title: choice.title(),
        description: choice.description(),
        canonical_url: choice.canonical_url(),
        lang: choice.lang(),
        image: choice.image(),
        favicon: choice.favicon(),
        site_name: choice.site_name(),
        author: choice.author(),
        published_at: choice.published_at(),
        modified_at: choice.modified_at(),
        declared_encoding: facts.declared_encoding,
        open_graph: facts.open_graph,
        twitter: facts.twitter,
        meta: facts.meta,
        icons: facts.icons,
        feeds: facts.feeds,
        alternates: facts.alternates,
        headings: facts.headings,
        links: facts.links,
        images: facts.images,
        json_ld: facts.json_ld,
        ..Page::default()
    }
}

struct Choice<'a> {
    facts: &'a Facts,
    data: StructuredData<'a>,
    base: &'a Base,
    context: &'a Context<'a>,
}

impl Choice<'_> {
    /// The first value of an Open Graph tag that `read` accepts.
    fn og<T>(&self, name: &str, read: impl FnMut(&str) -> Option<T>) -> Option<T> {
        Facts::tags(&self.facts.open_graph, name).find_map(read)
    }

    fn twitter<T>(&self, name: &str, read: impl FnMut(&str) -> Option<T>) -> Option<T> {
        Facts::tags(&self.facts.twitter, name).find_map(read)
    }

    fn meta(&self, name: &str) -> Option<&str> {
        self.facts
            .meta
            .iter()
            .find(|t| t.name.eq_ignore_ascii_case(name) && !t.content.is_empty())
            .map(|t| t.content.as_str())
    }

    fn item(&self, name: &str) -> Option<&str> {
        self.facts.item_properties.iter().find(|t| t.name == name && !t.content.is_empty()).map(|t| t.content.as_str())
    }

    fn title(&self) -> Option<String> {
        self.og("og:title", filled)
            .or_else(|| self.twitter("twitter:title", filled))
            .or_else(|| self.facts.title.clone())
            .or_else(|| self.data.text("headline"))
            .or_else(|| self.facts.first_h1.clone())
    }

    fn description(&self) -> Option<String> {
        self.og("og:description", filled)
            .or_else(|| self.twitter("twitter:description", filled))
            .or_else(|| self.meta("description").and_then(filled))
            .or_else(|| self.item("description").and_then(filled))
            .or_else(|| self.data.text("description"))
    }

    fn canonical_url(&self) -> Option<String> {
        self.facts.canonical.clone().or_else(|| self.og("og:url", |url| self.base.web_text(url)))
    }

    fn lang(&self) -> Option<String> {
        let locale = |text: &str| filled(&text.replace('_', "-"));
        self.facts
            .html_lang
            .clone()
            .or_else(|| self.og("og:locale", locale))
            .or_else(|| self.facts.content_language.clone())
            .or_else(|| self.data.text("inLanguage"))
    }

    fn image(&self) -> Option<String> {
        let url = |text: &str| self.base.web_text(text);
        ["og:image:secure_url", "og:image:url", "og:image"]
            .iter()
            .find_map(|name| self.og(name, url))
            .or_else(|| ["twitter:image", "twitter:image:src"].iter().find_map(|name| self.twitter(name, url)))
            .or_else(|| self.item("image").and_then(url))
            .or_else(|| self.data.url("image").and_then(|text| url(&text)))
            .or_else(|| self.facts.article_image.clone())
            .or_else(|| self.facts.image_src.clone())
    }

    fn favicon(&self) -> Option<String> {
        self.facts
            .icons
            .iter()
            .find(|icon| icon.rel.split(' ').any(|rel| rel == "icon"))
            .map(|icon| icon.url.clone())
            .or_else(|| {
                let url = self.context.url?;
                url.join("/favicon.ico").ok().map(String::from)
            })
    }

    fn site_name(&self) -> Option<String> {
        self.og("og:site_name", filled)
            .or_else(|| self.data.name("publisher"))
            .or_else(|| self.meta("application-name").and_then(filled))
            .or_else(|| {
                let host = self.context.url?.host_str()?;
                Some(super::walk::bare_host(host).to_owned())
            })
    }

    fn author(&self) -> Option<String> {
        let name = |text: &str| filled(text).filter(|text| !is_url(text));
        self.data
            .name("author")
            .and_then(|text| name(&text))
            .or_else(|| self.meta("author").and_then(name))
            .or_else(|| self.og("article:author", name))
            .or_else(|| self.item("author.name").and_then(name))
            .or_else(|| self.item("author").and_then(name))
            .or_else(|| self.facts.rel_author.as_deref().and_then(name))
            .or_else(|| self.facts.byline.as_deref().and_then(byline))
    }

    fn published_at(&self) -> Option<String> {
        self.data
            .date("datePublished")
            .or_else(|| self.data.date("dateCreated"))
            .or_else(|| self.og("article:published_time", date::normalise))
            .or_else(|| self.item("datepublished").and_then(date::normalise))
            .or_else(|| self.item("datecreated").and_then(date::normalise))
            .or_else(|| self.facts.time.clone())
            .or_else(|| self.context.url.and_then(|url| date_in_path(url.path())))
    }

    fn modified_at(&self) -> Option<String> {
        self.data
            .date("dateModified")
            .or_else(|| self.og("article:modified_time", date::normalise))
            .or_else(|| self.og("og:updated_time", date::normalise))
            .or_else(|| self.item("datemodified").and_then(date::normalise))
    }
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "//", "www."].iter().any(|start| text.starts_with(start))
}

/// `By Jane Doe` as `Jane Doe`; a byline that is a sentence is none.
fn byline(text: &str) -> Option<String> {
    /// No name of a person or of a few of them is longer, in code points.
    const MAX: usize = 80;
    let name = text
        .strip_prefix("By ")
        .or_else(|| text.strip_prefix("by "))
        .or_else(|| text.strip_prefix("BY "))
        .unwrap_or(text);
    filled(name).filter(|name| name.chars().count() <= MAX && !is_url(name))
}

/// `/2024/05/01/` in a path.
fn date_in_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| match window {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            date::normalise(&format!("{year}-{month}-{day}"))
        }
        _ => None,
    })
}

/// The objects of a page's JSON-LD, those that describe the page itself first.
struct StructuredData<'a>(Vec<&'a Value>);

/// The types whose headline, author and dates are the page's.
const PAGE_TYPES: &[&str] = &[
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "TechArticle",
    "ScholarlyArticle",
    "Report",
    "Recipe",
    "Product",
    "VideoObject",
    "PodcastEpisode",
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

impl<'a> StructuredData<'a> {
    fn new(blocks: &'a [Value]) -> Self {
        let mut objects = Vec::new();
        for block in blocks {
            collect(block, MAX_DEPTH, &mut objects);
        }
        objects.sort_by_key(|object| rank(object));
        Self(objects)
    }

    fn first<T>(&self, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|object| object.get(key).and_then(&read))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.first(key, |value| first_text(value).and_then(|text| filled(&unescape(text))))
    }

    fn date(&self, key: &str) -> Option<String> {
        self.first(key, |value| first_text(value).and_then(date::normalise))
    }

    /// The name of a person or organisation, or of several, joined by commas.
    fn name(&self, key: &str) -> Option<String> {
        self.first(key, |value| {
            let names: Vec<String> = match value {
                Value::Array(list) => list.iter().filter_map(one_name).collect(),
                one => one_name(one).into_iter().collect(),
            };
            (!names.is_empty()).then(|| names.join(", "))
        })
    }

    fn url(&self, key: &str) -> Option<String> {
        self.first(key, one_url)
    }
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

fn rank(object: &Value) -> usize {
    let types: Vec<&str> = match object.get("@type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    types
        .iter()
        // A type may be written as its URL.
        .map(|t| t.rsplit(['/', ':']).next().unwrap_or(t))
        .filter_map(|t| PAGE_TYPES.iter().position(|p| *p == t))
        .min()
        .unwrap_or(PAGE_TYPES.len())
}

fn first_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(list) => list.iter().find_map(Value::as_str),
        Value::Object(map) => map.get("@value").and_then(Value::as_str),
        _ => None,
    }
}

fn one_name(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Object(map) => first_text(map.get("name")?)?,
        _ => return None,
    };
    filled(&unescape(text))
}

fn one_url(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => filled(text),
        Value::Array(list) => list.iter().find_map(one_url),
        Value::Object(map) => map.get("url").or_else(|| map.get("contentUrl")).and_then(one_url),
        _ => None,
    }
}

/// Character references that sites leave in JSON-LD by mistake.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The HTML parser knows them all; text without markup stays one text.
    let fragment = scraper::Html::parse_fragment(&text.replace('<', "&lt;"));
    fragment.root_element().text().collect()
}
