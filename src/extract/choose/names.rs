//! Description, canonical address, language, kind and keywords.

use super::{Choice, Chosen, first, said, same};
use crate::extract::social::{self, Profile};
use crate::extract::text::filled;

/// Most keywords kept of one page.
const MAX_KEYWORDS: usize = 500;

impl Choice<'_> {
    pub(super) fn description(&self, site: Option<&str>) -> Option<Chosen> {
        let own = |text: &str| said(text).filter(|text| !site.is_some_and(|site| same(text, site)));
        let in_data = || self.data.text("description").and_then(|text| own(&without_tags(&text)));
        // A tag whose value holds quotes that were not escaped ends at the first of them; JSON-LD has the rest.
        let unbroken = |text: String| {
            let whole = in_data();
            let rest = whole.as_deref().and_then(|whole| whole.strip_prefix(text.as_str()));
            let is_broken = rest.is_some_and(|rest| rest.trim_start().starts_with(['"', '“', '”', '„', '«', '\'']));
            whole.filter(|_| is_broken).unwrap_or(text)
        };
        let chosen = first(&[
            ("og:description", &|| self.og("og:description", own)),
            ("twitter:description", &|| self.twitter("twitter:description", own)),
            ("meta", &|| {
                self.any_meta(
                    &[
                        "description",
                        "dc.description",
                        "dcterms.description",
                        "dc:description",
                        "sailthru.description",
                        "dcterms.abstract",
                        "citation_abstract",
                    ],
                    own,
                )
            }),
            ("microdata", &|| self.item("description").and_then(own)),
            ("json-ld", &in_data),
        ]);
        chosen.map(|(source, text)| (source, unbroken(text)))
    }

    pub(super) fn canonical_url(&self) -> Option<Chosen> {
        let url = |text: &str| self.base.web_text(text);
        first(&[
            ("link", &|| self.facts.canonical.clone()),
            ("og:url", &|| self.og("og:url", url)),
            ("twitter:url", &|| self.twitter("twitter:url", url)),
        ])
    }

    pub(super) fn lang(&self) -> Option<Chosen> {
        let locale = |text: &str| filled(&text.replace('_', "-"));
        first(&[
            ("html", &|| self.facts.html_lang.clone()),
            ("og:locale", &|| self.og("og:locale", locale)),
            ("http-equiv", &|| self.facts.content_language.clone()),
            ("meta", &|| self.any_meta(&["language", "dc.language", "dcterms.language", "citation_language"], is_tag)),
            ("json-ld", &|| self.data.text("inLanguage")),
        ])
    }

    pub(super) fn page_type(&self) -> Option<Chosen> {
        first(&[("og:type", &|| self.og("og:type", said)), ("json-ld", &|| self.data.page_type())])
    }

    /// What the page says it is about: `<meta>`, JSON-LD and tags, in this order, none twice.
    pub(super) fn keywords(&self, tags: Vec<String>) -> Vec<String> {
        let split = |text: &str| text.split([',', ';', '、', '，']).filter_map(said).collect::<Vec<_>>();
        let mut lists: Vec<Vec<String>> =
            ["keywords", "news_keywords", "sailthru.tags", "parsely-tags", "citation_keywords", "dc.subject"]
                .iter()
                .map(|name| self.metas(name).flat_map(split).collect())
                .collect();
        lists.push(self.data.list("keywords"));
        lists.push(
            ["article:tag", "og:article:tag", "book:tag", "video:tag"]
                .iter()
                .flat_map(|name| crate::extract::facts::Facts::tags(&self.facts.open_graph, name).filter_map(said))
                .collect(),
        );
        lists.push(tags);
        // The first source that has any speaks for the page: the others repeat it in other words.
        let mut kept: Vec<String> = Vec::new();
        for keyword in lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default() {
            if kept.len() == MAX_KEYWORDS {
                self.cut.set(true);
                break;
            }
            if !kept.contains(&keyword) {
                kept.push(keyword);
            }
        }
        kept
    }

    pub(super) fn social_profiles(&self) -> Vec<Profile> {
        let mut profiles = self.hints.profiles.clone();
        for url in self.data.all("sameAs") {
            if let Some(profile) = self.base.web(url).as_ref().and_then(social::profile)
                && profiles.len() < 1_000
                && !profiles.contains(&profile)
            {
                profiles.push(profile);
            }
        }
        profiles
    }
}

/// A language tag, rather than the name of a language in words.
fn is_tag(text: &str) -> Option<String> {
    let text = filled(text)?.replace('_', "-");
    let first = text.split('-').next()?;
    ((2..=3).contains(&first.len()) && text.len() <= 35 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .then_some(text)
}

/// The text without the tags that job and product data have in theirs.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        if !is_tag {
            plain.push('<');
            rest = after;
            continue;
        }
        let Some((_, beyond)) = after.split_once('>') else {
            // Without an end there is no further tag.
            plain.push('<');
            plain.push_str(after);
            return plain;
        };
        plain.push(' ');
        rest = beyond;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_other_signs_stay() {
        for (text, want) in [
            ("<p>Bake &amp; sell</p><p>bread.</p>", " Bake &amp; sell  bread. "),
            ("1 < 2 > 0", "1 < 2 > 0"),
            ("a <b", "a <b"),
            ("", ""),
        ] {
            assert_eq!(without_tags(text), want);
        }
    }
}
