//! What is read of a page, and how it is chosen among the tags: the same for every tree.

use serde_json::Value;

/// What the head says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    pub title: Option<String>,
    pub lang: Option<String>,
    pub description: Option<String>,
    pub canonical: Option<String>,
    pub tags: Vec<(String, String)>,
    pub icons: Vec<String>,
    pub feeds: Vec<String>,
}

impl Head {
    /// Takes a `<meta>`.
    pub fn meta<'a>(&mut self, attribute: impl Fn(&str) -> Option<&'a str>) {
        let Some(content) = attribute("content").map(trimmed) else { return };
        let Some(name) = attribute("property").or_else(|| attribute("name")).map(trimmed) else { return };
        if name == "description" {
            self.description.get_or_insert_with(|| content.clone());
        }
        self.tags.push((name, content));
    }

    /// Takes a `<link>`.
    pub fn link<'a>(&mut self, attribute: impl Fn(&str) -> Option<&'a str>) {
        let Some((rels, href)) = attribute("rel").zip(attribute("href").map(trimmed)) else { return };
        for rel in rels.split_ascii_whitespace() {
            match rel {
                "canonical" => self.canonical = Some(href.clone()),
                "icon" | "apple-touch-icon" => self.icons.push(href.clone()),
                "alternate" if attribute("type").is_some_and(|t| t.ends_with("+xml")) => self.feeds.push(href.clone()),
                _ => {}
            }
        }
    }

    /// How much there is.
    pub fn len(&self) -> usize {
        let fields = [&self.title, &self.lang, &self.description, &self.canonical];
        self.tags.len() + self.icons.len() + self.feeds.len() + fields.into_iter().flatten().count()
    }
}

/// All that the row `full` reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub head: Head,
    /// Names and texts.
    pub headings: Vec<(String, String)>,
    /// Addresses, texts and `rel`.
    pub links: Vec<(String, String, Option<String>)>,
    /// Addresses and `alt`.
    pub images: Vec<(String, Option<String>)>,
    pub data: Vec<Value>,
    pub words: usize,
}

impl Page {
    /// Takes a block of JSON-LD, unless it is broken.
    pub fn add_data(&mut self, text: &str) {
        self.data.extend(serde_json::from_str::<Value>(text.trim()));
    }

    /// How much there is.
    pub fn len(&self) -> usize {
        let lists = self.headings.len() + self.links.len() + self.images.len() + self.data.len();
        self.head.len() + lists + self.words
    }
}

/// Whether a reader sees nothing of what is in such an element.
pub fn is_hidden(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "iframe")
}

/// The value of an attribute.
pub fn trimmed(value: &str) -> String {
    value.trim().to_owned()
}

/// The text with its white space folded.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
