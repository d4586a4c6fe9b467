//! What an element's attributes say: properties, classes, times, links.

use super::capture::Goal;
use super::words::{is_author_path, is_card, is_tag_path};
use super::{Hints, Seen};
use crate::extract::class_names::Says;
use crate::extract::date;
use crate::extract::events::Attributes;
use crate::extract::tag::Tag;

/// Whether an item answers the page rather than being it.
pub(super) fn is_reply<A: Attributes>(attributes: &A) -> bool {
    let kind = attributes.get("itemtype").and_then(|kind| kind.trim().rsplit('/').next());
    match kind {
        Some("Comment" | "UserComments" | "Answer") => true,
        // The page itself may be one.
        Some("Review" | "UserReview") => attributes.get("itemprop").is_some(),
        _ => false,
    }
}

impl Hints<'_> {
    pub(super) fn property<A: Attributes>(&mut self, name: Tag, attributes: &A, properties: &str) {
        for property in properties.split_ascii_whitespace().take(8) {
            let property = property.rsplit([':', '/', '#']).next().unwrap_or(property);
            let value = attributes
                .get("content")
                .or_else(|| attributes.get("datetime").filter(|_| name == Tag::Time))
                .or_else(|| attributes.get("title").filter(|_| name == Tag::Abbr));
            match property {
                "author" | "creator" if self.author.is_none() && self.reply.is_none() => {
                    self.author = Some(self.depth);
                    match value {
                        Some(value) => self.add_author(Seen::Property, value.to_owned()),
                        // With an item in it, the item's name is the author's.
                        None if attributes.get("itemscope").is_none() && attributes.get("typeof").is_none() => {
                            self.capture(Goal::Author(Seen::Property));
                        }
                        None => {}
                    }
                }
                "name" if self.author.is_some() && self.author != Some(self.depth) => match value {
                    Some(value) => self.add_author(Seen::Property, value.to_owned()),
                    None => self.capture(Goal::Author(Seen::Property)),
                },
                "datePublished" | "dateCreated" if self.aside.is_none() && self.reply.is_none() => match value {
                    Some(value) => {
                        let seen = if property == "datePublished" { Seen::Property } else { Seen::Marked };
                        if let Some(date) = self.date(value) {
                            self.add_published(seen, date);
                        }
                    }
                    None => self.capture(Goal::Published(Seen::Property)),
                },
                "dateModified" if self.aside.is_none() && self.reply.is_none() => match value {
                    Some(value) => {
                        if let Some(date) = self.date(value) {
                            self.add_modified(Seen::Property, date);
                        }
                    }
                    None => self.capture(Goal::Modified),
                },
                "logo" if self.logo.is_none() => {
                    let url =
                        attributes.get("src").or_else(|| attributes.get("content")).or_else(|| attributes.get("href"));
                    self.logo = url.and_then(|url| self.base.web_text(url));
                }
                "telephone" => self.add_phone(value.unwrap_or_default()),
                "email" => self.add_email(value.unwrap_or_default()),
                _ => {}
            }
        }
    }

    pub(super) fn by_class<A: Attributes>(&mut self, name: Tag, attributes: &A, says: Says) {
        if says.author {
            let class = attributes.get("class").unwrap_or_default();
            self.capture(Goal::Author(match name {
                _ if is_card(class) => Seen::Card,
                Tag::A => Seen::Linked,
                _ => Seen::Class,
            }));
        }
        if name == Tag::Abbr && says.published {
            if let Some(title) = attributes.get("title") {
                self.add_date(Seen::Marked, title);
            }
        } else if (says.modified && !says.date) || (says.date && self.lines.says_updated()) {
            self.capture(Goal::Modified);
        } else if says.date {
            match attributes
                .get("datetime")
                .or_else(|| attributes.get("title"))
                .or_else(|| attributes.get("content"))
                .and_then(date::normalise)
            {
                Some(date) => self.add_published(Seen::Class, date),
                None => self.capture(Goal::Published(Seen::Class)),
            }
        }
    }

    pub(super) fn time<A: Attributes>(&mut self, attributes: &A, class: &str) {
        let lower = class.to_ascii_lowercase();
        let datetime = attributes.get("datetime").and_then(|text| self.date(text));
        let seen = if self.aside.is_some() {
            return;
        } else if attributes.get("pubdate").is_some() || lower.contains("publish") || lower.contains("entry-date") {
            Seen::Marked
        } else if self.articles > 0 {
            Seen::Linked
        } else {
            Seen::Class
        };
        let updated = lower.contains("updated") && !lower.contains("publish")
            || lower.contains("modified")
            || self.captures.iter().any(|c| matches!(c.goal, Goal::Modified))
            || self.lines.says_updated();
        match datetime {
            Some(date) if updated => self.add_modified(seen, date),
            Some(date) => self.add_published(seen, date),
            None if updated => self.capture(Goal::Modified),
            None => self.capture(Goal::Published(seen)),
        }
    }

    pub(super) fn link<A: Attributes>(&mut self, attributes: &A, class: &str) {
        let href = attributes.get("href").unwrap_or_default().trim();
        let rel = attributes.get("rel").unwrap_or_default();
        let has = |word: &str| rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case(word));
        let in_author = || self.captures.iter().any(|c| matches!(c.goal, Goal::Author(Seen::Class)));
        if has("author") {
            self.capture(Goal::Author(Seen::Marked));
        } else if class.split_ascii_whitespace().any(|name| name == "username") && in_author() {
            self.capture(Goal::Author(Seen::Card));
        } else if self.aside.is_none()
            && (is_author_path(href) || self.lines.says_by())
            && !class.to_ascii_lowercase().contains("avatar")
        {
            self.capture(Goal::Author(if is_card(class) { Seen::Card } else { Seen::Linked }));
        }
        if has("tag") {
            self.capture(Goal::Tag);
        } else if self.aside.is_none() && self.lines.headline_seen() && is_tag_path(href) {
            self.capture(Goal::TagPath);
        }
        if self.context.parts.contacts {
            self.contact(href);
        }
    }
}
