//! What a page allows robots to do: `<meta name=robots>` and the `X-Robots-Tag` header, merged so that the strictest wins.

/// The directives in force for every robot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a directive of its own")]
pub(crate) struct Robots {
    pub index: bool,
    pub follow: bool,
    pub archive: bool,
    pub snippet: bool,
    pub image_index: bool,
    pub translate: bool,
    pub ai: bool,
    pub max_snippet: Option<u32>,
    pub max_image_preview: Option<String>,
    pub max_video_preview: Option<u32>,
    pub unavailable_after: Option<String>,
}

impl Default for Robots {
    fn default() -> Self {
        Self {
            index: true,
            follow: true,
            archive: true,
            snippet: true,
            image_index: true,
            translate: true,
            ai: true,
            max_snippet: None,
            max_image_preview: None,
            max_video_preview: None,
            unavailable_after: None,
        }
    }
}

/// Directives that may stand before a colon; what else does is the name of one robot.
const WITH_VALUE: &[&str] = &["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"];

impl Robots {
    /// Adds the directives of one tag or header field; false when it has none that is known.
    pub(crate) fn add(&mut self, text: &str) -> bool {
        let mut known = false;
        // A header names the robot it is for: `otherbot: noindex, nofollow` says nothing to the others.
        if let Some((name, _)) = text.split_once(':')
            && !name.contains(',')
            && !WITH_VALUE.contains(&name.trim().to_ascii_lowercase().as_str())
        {
            return false;
        }
        // A date after `unavailable_after` may hold commas.
        let mut parts = text.split(',').peekable();
        while let Some(part) = parts.next() {
            let lower = part.trim().to_ascii_lowercase();
            let (name, value) =
                lower.split_once(':').map_or((lower.as_str(), ""), |(name, value)| (name.trim(), value.trim()));
            known |= match name {
                "unavailable_after" => {
                    let mut date = part.split_once(':').map_or("", |(_, date)| date).trim().to_owned();
                    while let Some(more) =
                        parts.next_if(|next| next.trim_start().starts_with(|c: char| c.is_ascii_digit()))
                    {
                        date = format!("{date},{more}");
                    }
                    if !date.is_empty() && self.unavailable_after.is_none() {
                        self.unavailable_after = super::date::normalise(&date).or(Some(date));
                    }
                    true
                }
                _ => self.one(name, value),
            };
        }
        known
    }

    fn one(&mut self, name: &str, value: &str) -> bool {
        match name {
            "none" => (self.index, self.follow) = (false, false),
            "noindex" => self.index = false,
            "nofollow" => self.follow = false,
            "noarchive" | "nocache" => self.archive = false,
            "nosnippet" => self.snippet = false,
            "noimageindex" => self.image_index = false,
            "notranslate" => self.translate = false,
            "noai" | "noimageai" => self.ai = false,
            "max-snippet" => self.max_snippet = least(self.max_snippet, value),
            "max-video-preview" => self.max_video_preview = least(self.max_video_preview, value),
            "max-image-preview" => {
                let rank = |size: &str| ["none", "standard", "large"].iter().position(|s| *s == size);
                let stricter = match (rank(value), self.max_image_preview.as_deref().and_then(rank)) {
                    (Some(new), Some(old)) => new < old,
                    (new, _) => new.is_some(),
                };
                if stricter {
                    self.max_image_preview = Some(value.to_owned());
                }
            }
            "all" | "index" | "follow" | "archive" | "snippet" => {}
            _ => return false,
        }
        true
    }
}

/// The smaller of two limits; a negative one means none.
fn least(old: Option<u32>, value: &str) -> Option<u32> {
    match (old, value.parse().ok()) {
        (Some(old), Some(new)) => Some(old.min(new)),
        (old, new) => old.or(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_wins() {
        let mut robots = Robots::default();
        assert!(robots.add("index, follow, max-snippet:-1, max-image-preview:large"));
        assert!(robots.add("NOINDEX,max-snippet: 50,max-image-preview:standard"));
        assert!(robots.add("all, max-snippet:100"));
        assert!(robots.add("unavailable_after: Wed, 25 Jun 2025 15:00:00 GMT, noai"));
        assert!(!robots.add("googlebot: nofollow"));
        assert!(!robots.add("nonsense"));
        let want = Robots {
            index: false,
            ai: false,
            max_snippet: Some(50),
            max_image_preview: Some("standard".to_owned()),
            unavailable_after: Some("2025-06-25T15:00:00Z".to_owned()),
            ..Robots::default()
        };
        assert_eq!(robots, want);
    }
}
