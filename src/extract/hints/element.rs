//! What the start of an element says.

use super::capture::Goal;
use super::{Hints, attributes};
use crate::extract::events::Attributes;
use crate::extract::tag::{HEADING, Tag};
use crate::extract::text::filled;

impl Hints<'_> {
    pub(super) fn element<A: Attributes>(&mut self, name: Tag, attributes: &A) {
        let class = attributes.get("class").unwrap_or_default();
        let id = attributes.get("id").unwrap_or_default();
        let says = self.names.say(class, id);
        match name {
            Tag::Title if !self.lines.title.is_known() => self.in_title = Some(self.depth),
            Tag::Html => self.lang = attributes.get("lang").and_then(filled),
            Tag::Body => self.is_archive = class.split_ascii_whitespace().any(|name| name == "archive"),
            Tag::Header | Tag::Nav => {
                self.banner.get_or_insert(self.depth);
            }
            Tag::Main => {
                self.articles += 1;
                // What holds the main part of the page was no sidebar, whatever it is called.
                self.aside = None;
            }
            Tag::Article => self.articles += 1,
            // Below its headline an article's footer tells who wrote it, and when.
            Tag::Footer if self.articles > 0 && self.lines.is_near_headline() => {}
            Tag::Aside | Tag::Footer => {
                self.aside.get_or_insert(self.depth);
            }
            Tag::A | Tag::Area => self.link(attributes, class),
            Tag::Img => {
                self.logo(attributes, class, id);
                self.picture(attributes, class);
            }
            Tag::Time => self.time(attributes, class),
            Tag::Video | Tag::Audio => self.open_player(name, attributes),
            Tag::Source if self.player.is_some() => self.play(attributes),
            Tag::Embed => self.frame(attributes),
            Tag::Input if attributes.get("type").is_some_and(|t| t.eq_ignore_ascii_case("password")) => {
                self.password_fields += 1;
            }
            _ => {}
        }
        if self.aside.is_none()
            && !matches!(name, Tag::Html | Tag::Body | Tag::Main | Tag::Article)
            && says.aside
            && !(class.trim() == "footer" && self.lines.is_near_headline())
        {
            self.aside = Some(self.depth);
        }
        if self.reply.is_none() && attributes.get("itemscope").is_some() && attributes::is_reply(attributes) {
            self.reply = Some(self.depth);
            self.aside.get_or_insert(self.depth);
        }
        if let Some(properties) = attributes.get("itemprop") {
            self.property(name, attributes, properties);
        }
        if let Some(property) = attributes.get("property").filter(|_| name != Tag::Meta) {
            self.property(name, attributes, property);
        }
        if let Some(rel) = attributes.get("rel").filter(|rel| rel.contains(':') && self.author.is_none())
            && rel.split_ascii_whitespace().any(|rel| {
                rel.ends_with(":author")
                    || rel.ends_with(":creator")
                    || (rel.ends_with(":has_creator") && self.aside.is_none())
            })
        {
            self.author = Some(self.depth);
        }
        // Without a first heading, the first of them whose class says so.
        if name == Tag::H1 || (says.headline && name.is(HEADING) && self.aside.is_none() && !self.lines.headline_seen())
        {
            self.in_headline = Some(self.depth);
        }
        if says.headline && self.aside.is_none() && self.headline.is_none() {
            self.capture(Goal::Headline);
        }
        if says.byline && self.byline.is_none() {
            self.capture(Goal::Byline);
        }
        if self.aside.is_some() && says.last_modified {
            self.capture(Goal::Modified);
        }
        if self.aside.is_none() && name != Tag::Time {
            self.by_class(name, attributes, says);
        }
    }
}
