//! Pictures, videos and sounds: logos, the first picture, players of the page's own, and frames of the big video hosts.

use super::words::is_no_picture;
use super::{Hints, MAX_ITEMS};
use crate::extract::events::Attributes;
use crate::extract::tag::Tag;
use crate::extract::text::filled;
use crate::extract::walk::{bare_host, pixels};

/// A video or a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Media {
    pub url: String,
    pub r#type: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub poster: Option<String>,
}

/// The `<video>` or `<audio>` that is open.
pub(super) struct Player {
    pub depth: u32,
    is_video: bool,
    width: Option<u32>,
    height: Option<u32>,
    poster: Option<String>,
}

impl Hints<'_> {
    pub(super) fn picture<A: Attributes>(&mut self, attributes: &A, class: &str) {
        /// A smaller one is an icon or a portrait, in pixels.
        const SMALL: u32 = 64;
        if self.picture.is_some()
            || self.aside.is_some()
            || self.banner.is_some()
            || !(self.lines.headline_seen() || self.articles > 0)
        {
            return;
        }
        let is_small = ["width", "height"]
            .iter()
            .any(|side| attributes.get(side).and_then(pixels).is_some_and(|pixels| pixels <= SMALL));
        let given = ["src", "data-src", "data-lazy-src", "data-original"]
            .iter()
            .find_map(|name| attributes.get(name).filter(|src| !src.trim().is_empty() && !is_no_picture(src)));
        let given = given.or_else(|| {
            let sets = ["srcset", "data-srcset", "data-lazy-srcset"].iter().find_map(|name| attributes.get(name));
            sets.and_then(widest).filter(|src| !is_no_picture(src))
        });
        if given.is_none() {
            self.placeholder = Some(self.lines.count);
        }
        if let Some(src) = given.filter(|_| !is_small && !is_no_picture(class)) {
            self.picture = self.base.web_text(src);
        }
    }

    pub(super) fn logo<A: Attributes>(&mut self, attributes: &A, class: &str, id: &str) {
        if self.logo.is_some() || self.aside.is_some() || (self.banner.is_none() && self.lines.headline_seen()) {
            return;
        }
        let Some(src) = attributes.get("src").filter(|src| !src.trim_start().starts_with("data:")) else { return };
        let says = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.contains("logo") && !text.contains("logout")
        };
        let alt = attributes.get("alt").unwrap_or_default();
        let file = src.rsplit('/').next().unwrap_or(src);
        if says(class) || says(id) || says(file) || (self.banner.is_some() && says(alt)) {
            self.logo = self.base.web_text(src);
        }
    }

    pub(super) fn open_player<A: Attributes>(&mut self, name: Tag, attributes: &A) {
        let pixels = |name| attributes.get(name).and_then(pixels);
        self.player = Some(Player {
            depth: self.depth,
            is_video: name == Tag::Video,
            width: pixels("width"),
            height: pixels("height"),
            poster: attributes.get("poster").and_then(|url| self.base.web_text(url)),
        });
        if self.poster.is_none() {
            self.poster = self.player.as_ref().and_then(|player| player.poster.clone());
        }
        self.play(attributes);
    }

    pub(super) fn play<A: Attributes>(&mut self, attributes: &A) {
        let Some(player) = &self.player else { return };
        // A script that failed leaves a number or a word where the address should be.
        let is_address = |src: &&str| {
            let src = src.trim();
            !src.bytes().all(|b| b.is_ascii_digit())
                && !matches!(src, "null" | "undefined" | "true" | "false" | "about:blank")
        };
        let source = attributes.get("src").or_else(|| attributes.get("data-src")).filter(is_address);
        let Some(url) = source.and_then(|src| self.base.web_text(src)) else {
            return;
        };
        let media = Media {
            url,
            r#type: attributes.get("type").and_then(filled),
            width: player.width,
            height: player.height,
            poster: player.poster.clone(),
        };
        let list = if player.is_video { &mut self.videos } else { &mut self.audio };
        self.incomplete |= !add_media(list, media);
    }

    /// Players of the big video hosts are frames.
    pub(super) fn frame<A: Attributes>(&mut self, attributes: &A) {
        let pixels = |name| attributes.get(name).and_then(pixels);
        let Some(url) = attributes.get("src").or_else(|| attributes.get("data-src")).and_then(|src| self.base.web(src))
        else {
            return;
        };
        let host = url.host_str().unwrap_or_default();
        let host = bare_host(host);
        let is_player = match host {
            "youtube.com" | "youtube-nocookie.com" => url.path().starts_with("/embed/"),
            "player.vimeo.com" | "fast.wistia.net" | "fast.wistia.com" => true,
            "dailymotion.com" | "geo.dailymotion.com" | "player.twitch.tv" | "loom.com" => {
                url.path().contains("embed") || host.starts_with("player") || host.starts_with("geo")
            }
            _ => false,
        };
        if is_player {
            let media = Media {
                url: url.into(),
                r#type: Some("text/html".to_owned()),
                width: pixels("width"),
                height: pixels("height"),
                poster: None,
            };
            self.incomplete |= !add_media(&mut self.videos, media);
        }
    }
}

/// The address in a `srcset` that has the greatest number behind it.
fn widest(set: &str) -> Option<&str> {
    let candidates = set.split([',', '\n']).filter_map(|one| {
        let (src, size) = one.trim().split_once(' ').unwrap_or((one.trim(), ""));
        (!src.is_empty()).then(|| (src, pixels(size).unwrap_or_default()))
    });
    candidates.max_by_key(|(_, size)| *size).map(|(src, _)| src)
}

/// As [`add`], for media, which are the same if their address is.
pub(in crate::extract) fn add_media(list: &mut Vec<Media>, media: Media) -> bool {
    let known = list.iter().any(|known| known.url == media.url);
    let fits = known || list.len() < MAX_ITEMS;
    if fits && !known {
        list.push(media);
    }
    fits
}
