//! Pictures, icons, videos and sounds.

use super::{Choice, Chosen, first};
use crate::extract::facts::Icon;
use crate::extract::hints::{Media, add_media, is_no_picture};
use crate::extract::structured::url_in;

impl Choice<'_> {
    pub(super) fn image(&self) -> Option<Chosen> {
        let url = |text: &str| self.base.web_text(text);
        first(&[
            ("og:image", &|| {
                ["og:image:secure_url", "og:image:url", "og:image"].iter().find_map(|name| self.og(name, url))
            }),
            ("twitter:image", &|| {
                ["twitter:image", "twitter:image:src"].iter().find_map(|name| self.twitter(name, url))
            }),
            ("microdata", &|| self.item("image").and_then(url)),
            ("json-ld", &|| {
                self.data
                    .url("image")
                    .and_then(|text| url(&text))
                    .or_else(|| self.data.url("thumbnailUrl").and_then(|text| url(&text)))
            }),
            ("meta", &|| {
                self.any_meta(
                    &["thumbnail", "sailthru.image.full", "parsely-image-url", "msapplication-wide310x150logo"],
                    url,
                )
            }),
            ("link", &|| self.facts.image_src.clone()),
            ("article", &|| self.facts.article_image.clone().filter(|image| !is_no_picture(image))),
            ("page", &|| self.hints.picture.clone()),
            ("video", &|| self.hints.poster.clone()),
        ])
    }

    /// The icon of the page: a declared one before the address where browsers look without being told.
    pub(super) fn favicon(&self) -> Option<Chosen> {
        let with = |wanted: fn(&str) -> bool| {
            self.facts.icons.iter().find(|icon| icon.rel.split(' ').any(wanted)).map(|icon| icon.url.clone())
        };
        first(&[
            ("link", &|| with(|rel| rel == "icon" || rel == "shortcut")),
            ("touch icon", &|| with(|rel| rel.starts_with("apple-touch-icon"))),
            ("link", &|| with(|_| true)),
            ("host", &|| self.context.url?.join("/favicon.ico").ok().map(String::from)),
        ])
    }

    pub(super) fn logo(&self) -> Option<Chosen> {
        let url = |text: &str| self.base.web_text(text);
        first(&[
            ("json-ld", &|| self.data.logo().and_then(|text| url(&text))),
            ("og:logo", &|| self.og("og:logo", url)),
            ("page", &|| self.hints.logo.clone()),
            ("icon", &|| {
                self.facts
                    .icons
                    .iter()
                    .filter(|icon| side(icon) >= 64)
                    .max_by_key(|icon| side(icon))
                    .map(|icon| icon.url.clone())
            }),
        ])
    }

    pub(super) fn videos(&self) -> Vec<Media> {
        let mut videos = Vec::new();
        self.tagged("og:video", &mut videos);
        self.structured("VideoObject", &mut videos);
        for name in ["twitter:player:stream", "twitter:player"] {
            if let Some(url) = self.twitter(name, |text| self.base.web_text(text)) {
                let side = |part: &str| self.twitter(part, crate::extract::walk::pixels);
                let (width, height) = (side("twitter:player:width"), side("twitter:player:height"));
                let r#type = self
                    .twitter("twitter:player:stream:content_type", super::said)
                    .filter(|_| name.ends_with("stream"));
                self.keep(&mut videos, Media { url, r#type, width, height, poster: None });
            }
        }
        self.hints.videos.iter().cloned().for_each(|video| self.keep(&mut videos, video));
        videos
    }

    pub(super) fn audio(&self) -> Vec<Media> {
        let mut audio = Vec::new();
        self.tagged("og:audio", &mut audio);
        self.structured("AudioObject", &mut audio);
        self.hints.audio.iter().cloned().for_each(|sound| self.keep(&mut audio, sound));
        audio
    }

    fn keep(&self, list: &mut Vec<Media>, media: Media) {
        if !add_media(list, media) {
            self.cut.set(true);
        }
    }

    /// The media of Open Graph: each `og:video` (or `:url`) begins one, and the tags after it describe it.
    fn tagged(&self, root: &str, list: &mut Vec<Media>) {
        let mut found: Vec<Media> = Vec::new();
        for tag in &self.facts.open_graph {
            let Some(part) = tag.name.strip_prefix(root) else { continue };
            let url = || self.base.web_text(&tag.content);
            match part {
                "" | ":url" | ":secure_url" => {
                    let Some(url) = url() else { continue };
                    match found.last_mut() {
                        // The same thing at its other address: encrypted is better.
                        Some(other) if part == ":secure_url" => other.url = url,
                        Some(other) if part == ":url" && other.url == url => {}
                        _ => found.push(Media { url, r#type: None, width: None, height: None, poster: None }),
                    }
                }
                ":type" => {
                    if let Some(last) = found.last_mut() {
                        last.r#type = super::said(&tag.content);
                    }
                }
                ":width" => {
                    if let Some(last) = found.last_mut() {
                        last.width = crate::extract::walk::pixels(&tag.content);
                    }
                }
                ":height" => {
                    if let Some(last) = found.last_mut() {
                        last.height = crate::extract::walk::pixels(&tag.content);
                    }
                }
                _ => {}
            }
        }
        for media in found {
            self.keep(list, media);
        }
    }

    fn structured(&self, kind: &'static str, list: &mut Vec<Media>) {
        for object in self.data.of_type(kind) {
            let Some(url) = url_in(object, &["contentUrl", "embedUrl"], self.base) else { continue };
            let text = |key: &str| object.get(key).and_then(serde_json::Value::as_str);
            let side = |key: &str| {
                let value = object.get(key)?;
                value
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .or_else(|| crate::extract::walk::pixels(value.as_str()?))
            };
            let media = Media {
                url,
                r#type: text("encodingFormat").and_then(super::said),
                width: side("width"),
                height: side("height"),
                poster: url_in(object, &["thumbnailUrl", "thumbnail"], self.base),
            };
            self.keep(list, media);
        }
    }
}

/// The greater side of an icon in pixels, as far as it is told.
fn side(icon: &Icon) -> u32 {
    let told = icon.sizes.as_deref().unwrap_or_default().split([' ', 'x', 'X']).filter_map(|n| n.parse().ok()).max();
    let usual = if icon.rel.split(' ').any(|rel| rel.starts_with("apple-touch-icon")) { 180 } else { 0 };
    told.unwrap_or(usual)
}
