//! The record: what is known of one page. All of it is plain data.

use super::error::Problem;
use crate::extract;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// All that was lifted from one URL or one piece of HTML.
///
/// A value without handles: equal, printable and serialisable. Fields that a page does not have are absent or empty, never
/// made up. Texts have their white space folded; URLs are absolute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(default)]
pub struct Site {
    // The exchange
    /// The URL as it was asked for; for `extract`) the base URL, or empty.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub url: String,
    /// The URL that the last response came from, after redirects, without fragment, user name and password; the URL asked for when
    /// none came.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub final_url: String,
    /// The host of `final_url`, in its ASCII form; empty when there is none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub domain: String,
    /// The scheme of `final_url`: `http` or `https`; empty when there is none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub protocol: String,
    /// The port of `final_url`, with the scheme's default (80, 443) filled in.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub port: Option<u16>,
    /// The `Server` response header (RFC 9110, section 10.2.4).
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub server: Option<String>,
    /// The `Content-Type` response header as sent, parameters included (RFC 9110, section 8.3).
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub content_type: Option<String>,
    /// The status code of the last response (RFC 9110, section 15). A status of 400 or more is no `error`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub status: Option<u16>,
    /// `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub http_version: Option<String>,
    /// The address that was connected to.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub remote_ip: Option<String>,
    /// The headers of the last response, duplicates kept, names in lower case: names in the order of their first appearance, the
    /// values of one name in order. Header bytes that are not UTF-8 are read as ISO-8859-1.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub headers: Vec<Header>,
    /// The redirects that were followed, first to last.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub redirects: Vec<Redirect>,
    /// When the page was first asked for: RFC 3339, UTC, with milliseconds. Absent when it never was.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub fetched_at: Option<String>,
    /// Milliseconds that the last attempt took, from its request to the end of the body, its redirects included; waits for a host's turn
    /// are not counted.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub elapsed_ms: f64,
    /// Milliseconds from the start of the last attempt to the headers of the last response ("time to first byte").
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub ttfb_ms: Option<f64>,
    /// Milliseconds that looking up the host's name took, the last request's; absent where it was not looked up for it, as an address, a
    /// kept connection or a remembered answer needs no look-up.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub dns_ms: Option<f64>,
    /// Milliseconds that the last request waited for its own connection to stand, the look-up, TCP and TLS included; absent where a kept one was
    /// used, or one that another request had begun.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub connect_ms: Option<f64>,
    /// Milliseconds of these that the TLS handshake took; absent as above, and for http. What `dns_ms` and this leave of `connect_ms` is TCP,
    /// and with a proxy what the proxy took.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub tls_ms: Option<f64>,
    /// Milliseconds from the headers of the last response to the end of its body.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub body_ms: Option<f64>,
    /// How often the page was asked for: 1 and the retries, 0 when it never was, as its URL, its address or robots.txt forbade it. All that stands
    /// here is of the last time.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub attempts: u32,
    /// The page comes from the option `cache_dir`: the server was not asked, or answered that it has not changed (304).
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub from_cache: bool,
    /// Whether robots.txt (RFC 9309) allowed it; absent where it was not asked, as the option `obey_robots` is off.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub robots_allowed: Option<bool>,
    /// The body decoded to text. Absent for content that is not text, and where the option `keep_body` is off.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub body: Option<String>,
    /// Bytes of the body after its content coding was undone, as far as it was read.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub body_size: u64,
    /// The body was longer than the option `max_body_bytes`, or a bomb, or was read to the end of its head only; what is here was lifted from its
    /// beginning.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub body_truncated: bool,
    /// Why there is no page, or only a part of one. Absent when all went well.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub error: Option<Problem>,
    /// What was not as it should be although the record stands, such as a truncated body.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub warnings: Vec<Problem>,
    // The page at a glance
    /// `og:title`, else `twitter:title`, the citation tags of scholarly pages, `<title>`, JSON-LD `headline`, the first `<h1>`, an element
    /// whose class says so; without the name of the site at either end, where the page shows that it is one: it names the site elsewhere, or its heading is
    /// the rest. `html_title` has all of it.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub title: Option<String>,
    /// The text of the first `<title>`, as a browser's tab shows it.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub html_title: Option<String>,
    /// `og:description`, else `twitter:description`, meta `description`, microdata, JSON-LD.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub description: Option<String>,
    /// `<link rel=canonical>` (RFC 6596), else `og:url`, `twitter:url`; absolute.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub canonical_url: Option<String>,
    /// The language tag, as the page wrote it (BCP 47, where the page is right), of `<html lang>`, else `og:locale`, `<meta http-equiv=content-language>`,
    /// JSON-LD `inLanguage`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub lang: Option<String>,
    /// The encoding the page was decoded by: its name in the WHATWG Encoding standard, in lower case.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub charset: Option<String>,
    /// Where `charset` was learnt from.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub charset_source: Option<CharsetSource>,
    /// The picture that stands for the page: Open Graph, else Twitter, microdata, JSON-LD, `<link rel=image_src>`, the first
    /// image of the article or below the headline that is no icon, placeholder or logo, a video's poster; absolute.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub image: Option<String>,
    /// The first `<link rel=icon>`, else another icon, else `/favicon.ico` of the page's origin (not checked to exist); absolute.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub favicon: Option<String>,
    /// The logo of the site: the JSON-LD publisher's or organisation's, else `og:logo`, microdata or an image called so at the top of the page, the
    /// largest icon of 64 pixels or more; absolute.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub logo: Option<String>,
    /// `og:site_name`, else the JSON-LD publisher or `WebSite`, `application-name`, the part of `<title>` that the host or a feed
    /// calls the site or that stands beside the heading, the title of a feed, the last words of `<title>` behind a bar, what the host calls it
    /// (`bbc` of `news.bbc.co.uk`). Names that programs give a new site (`My Site`) do not count.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub site_name: Option<String>,
    /// The author's name; several are joined by a comma and a space. JSON-LD, else `article:author` when it is no URL, meta `author`, citation
    /// tags, what a card labels `Written by`, microdata, `rel=author`, a link to an author's page, an element whose class says so, a line `By …` beside the headline, `twitter:creator`. The site's own name
    /// does not count: then no author is named. What a list of other pages shows is not of it, nor what the reviews of a product do.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub author: Option<String>,
    /// When it was published: RFC 3339 text with the precision the page gave, a bare date included. JSON-LD, else
    /// `article:published_time` and its like, microdata, `<time>`, a date in the URL's path, an element whose class says so, a
    /// line by the headline that is a date. Never the date of an event, nor one of a listed page, nor guessed from today's date.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub published_at: Option<String>,
    /// When it was last changed, in the form of `published_at`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub modified_at: Option<String>,
    /// What kind of thing the page is about: `og:type` (such as `article`), else the type of the JSON-LD object that describes the page (such as
    /// `NewsArticle`).
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub page_type: Option<String>,
    /// `<meta name=theme-color>` as written: a CSS colour.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub theme_color: Option<String>,
    /// `<meta name=generator>`: the software that made the page.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub generator: Option<String>,
    /// Of meta `keywords` and its like, else JSON-LD, `article:tag`, `rel=tag`, links below the headline to `/tag/…`; at most 500, none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub keywords: Vec<String>,
    /// What robots may do: `<meta name=robots>` and the `X-Robots-Tag` headers for all robots, merged so that the strictest wins. Absent
    /// when neither says anything, which allows everything.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub robots: Option<Robots>,
    /// Words of the text that is shown, navigation and all, by the rules of Unicode (UAX #29): a Chinese character is a word. Part `Text`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub word_count: Option<u64>,
    /// The SHA-256 of the text that is shown, white space folded, in hexadecimal digits: equal when a reader sees the same. Absent where there is no
    /// text. Part `Text`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub content_hash: Option<String>,
    /// What kind of page it is, as far as it shows. Part `Text`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub page_kind: Option<PageKind>,
    /// Where the value of each field above came from, by the field's name: `og:title`, `json-ld`, `meta`, `host`, …
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub sources: HashMap<String, String>,
    // Many
    /// Open Graph tags (ogp.me) and those of its extensions (`article:`, `book:`, `profile:`, `music:`, `video:`,
    /// `fb:`, `product:`), in document order, names in lower case.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub open_graph: Vec<MetaTag>,
    /// Twitter Card tags (`twitter:…`), in document order, names in lower case.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub twitter: Vec<MetaTag>,
    /// Every `<meta name content>`, in document order, names as written.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub meta: Vec<MetaTag>,
    /// Icons of every kind, in document order.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub icons: Vec<Icon>,
    /// RSS, Atom and JSON feeds the page announces.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub feeds: Vec<Feed>,
    /// The page in other languages (`<link rel=alternate hreflang>`).
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub alternates: Vec<Alternate>,
    /// `<h1>` to `<h6>` that are not empty, in document order.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub headings: Vec<Heading>,
    /// Every `<a href>` and `<area href>` that leads to http or https, in document order, duplicates kept.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub links: Vec<Link>,
    /// Every `<img>` with an http or https address, in document order.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub images: Vec<Image>,
    /// Videos: Open Graph, JSON-LD, Twitter's player, `<video>`, frames of well-known players; at most 1,000, none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub videos: Vec<Media>,
    /// Sounds: Open Graph, JSON-LD, `<audio>`; at most 1,000, none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub audio: Vec<Media>,
    /// Addresses of `mailto:` links and microdata, in document order, none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub emails: Vec<String>,
    /// Numbers of `tel:` links and microdata as written, in document order, none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub phones: Vec<String>,
    /// Profiles on social networks that the page links to, and JSON-LD `sameAs`; none twice.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub social_profiles: Vec<SocialProfile>,
    /// The JSON-LD blocks, in document order.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub json_ld: Vec<JsonLd>,
    /// The microdata items of the page (HTML standard, section 5), as JSON text in the shape that extruct prints: an array of `{"type", "id",
    /// "properties"}`, addresses absolute, white space folded; one value stands alone, several in an array. Absent where there are none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub microdata: Option<String>,
    /// The `RDFa` 1.1 statements of the page, as JSON text in the shape that extruct prints, which is expanded JSON-LD: an array of subjects. Part
    /// `Rdfa`, not by default.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub rdfa: Option<String>,
    /// The text of the page without what surrounds it, as well as it can be told. Part `Article`, not by default.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub article: Option<Article>,
    /// What the caller's own CSS rules (option `select`) matched, by the rule's name.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub selected: HashMap<String, Vec<String>>,
}

/// Where the character encoding of a page was learnt from, in the order in which browsers ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum CharsetSource {
    /// A byte order mark.
    Bom,
    /// The `charset` parameter of the `Content-Type` header.
    Header,
    /// A `<meta>` in the page, or its XML declaration.
    Meta,
    /// A guess from the bytes, as nothing was declared.
    Detector,
}

/// What kind of page it is: reported, so that a program can act on it; nothing is ever bypassed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A text to read.
    Article,
    /// Mostly links to other pages.
    Listing,
    /// Something to buy.
    Product,
    /// A video or a sound with little else.
    Media,
    /// A form to sign in.
    Login,
    /// Asks for consent to cookies before it shows anything.
    ConsentWall,
    /// Asks whether the visitor is a human, or refuses robots.
    BotBlock,
    /// Says that there is no such page, whatever its status ("soft 404").
    NotFound,
    /// Empty until its scripts run.
    Shell,
    /// None of these.
    Other,
}

impl From<extract::Kind> for PageKind {
    fn from(kind: extract::Kind) -> Self {
        match kind {
            extract::Kind::Article => Self::Article,
            extract::Kind::Listing => Self::Listing,
            extract::Kind::Product => Self::Product,
            extract::Kind::Media => Self::Media,
            extract::Kind::Login => Self::Login,
            extract::Kind::ConsentWall => Self::ConsentWall,
            extract::Kind::BotBlock => Self::BotBlock,
            extract::Kind::NotFound => Self::NotFound,
            extract::Kind::Shell => Self::Shell,
            extract::Kind::Other => Self::Other,
        }
    }
}

/// Declares a record, and how it is made from the fact of the same shape that the extractor gathered.
macro_rules! record {
    (
        $(#[$about:meta])*
        $name:ident from $fact:path {
            $($(#[$field_about:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        pub struct $name {
            $($(#[$field_about])* pub $field: $type,)*
        }

        impl From<$fact> for $name {
            fn from(fact: $fact) -> Self {
                Self { $($field: fact.$field,)* }
            }
        }
    };
}

/// One response header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Header {
    /// The field name, in lower case.
    pub name: String,
    /// The field value.
    pub value: String,
}

record! {
    /// One redirect that was followed.
    Redirect from crate::fetch::Hop {
        /// The URL that redirected.
        url: String,
        /// Its status: 301, 302, 303, 307 or 308.
        status: u16,
    }
}

record! {
    /// The name and content of a `<meta>`.
    MetaTag from extract::Tag {
        /// The `property` or `name` attribute.
        name: String,
        /// The `content` attribute, trimmed.
        content: String,
    }
}

record! {
    /// An icon of the page.
    Icon from extract::Icon {
        /// Its address.
        url: String,
        /// The `rel` attribute in lower case: `icon`, `shortcut icon`, `apple-touch-icon`, …
        rel: String,
        /// The `sizes` attribute, such as `32x32` or `any`.
        sizes: Option<String>,
        /// The `type` attribute, such as `image/png`.
        r#type: Option<String>,
    }
}

record! {
    /// A feed the page announces.
    Feed from extract::Feed {
        /// Its address.
        url: String,
        /// The `title` attribute.
        title: Option<String>,
        /// The `type` attribute, such as `application/rss+xml`.
        r#type: Option<String>,
    }
}

record! {
    /// The page in another language.
    Alternate from extract::Alternate {
        /// The language tag (BCP 47), or `x-default`.
        hreflang: String,
        /// Its address.
        url: String,
    }
}

record! {
    /// A heading.
    Heading from extract::Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        text: String,
    }
}

record! {
    /// A link.
    Link from extract::Link {
        /// Where it leads.
        url: String,
        /// Its text; for `<area>` the `alt` attribute. May be empty.
        text: String,
        /// The `rel` attribute.
        rel: Option<String>,
        /// Leads to the page's own host, a leading `www.` aside.
        internal: bool,
    }
}

record! {
    /// A picture in the page.
    Image from extract::Image {
        /// Its address: `src`, or `data-src` where a lazy loader put it there.
        url: String,
        /// The `alt` attribute; an empty one says that the picture is decoration.
        alt: Option<String>,
        /// The `width` attribute, in CSS pixels.
        width: Option<u32>,
        /// The `height` attribute, in CSS pixels.
        height: Option<u32>,
        /// The `srcset` attribute as written, white space folded.
        srcset: Option<String>,
    }
}

record! {
    /// What robots may do with a page; the names are those of the directives, turned to what is allowed.
    #[allow(clippy::struct_excessive_bools, reason = "each is a directive of its own")]
    Robots from extract::Robots {
        /// Show it among search results (`noindex`, `none`).
        index: bool,
        /// Follow its links (`nofollow`, `none`).
        follow: bool,
        /// Show a stored copy (`noarchive`, `nocache`).
        archive: bool,
        /// Show a piece of its text (`nosnippet`).
        snippet: bool,
        /// Index its images (`noimageindex`).
        image_index: bool,
        /// Offer a translation (`notranslate`).
        translate: bool,
        /// Train machines with it (`noai`, `noimageai`).
        ai: bool,
        /// Most characters of a piece of its text (`max-snippet`); absent: no limit.
        max_snippet: Option<u32>,
        /// The largest preview of its images (`max-image-preview`): `none`, `standard` or `large`.
        max_image_preview: Option<String>,
        /// Most seconds of a preview of its videos (`max-video-preview`); absent: no limit.
        max_video_preview: Option<u32>,
        /// Not to be shown after this time (`unavailable_after`), as RFC 3339 text where it could be read.
        unavailable_after: Option<String>,
    }
}

record! {
    /// A video or a sound.
    Media from extract::Media {
        /// Its address, or that of a page that plays it.
        url: String,
        /// Its media type, where the page tells it; `text/html` for a page that plays it.
        r#type: Option<String>,
        /// The width of the picture in CSS pixels.
        width: Option<u32>,
        /// The height of the picture in CSS pixels.
        height: Option<u32>,
        /// The address of a still picture.
        poster: Option<String>,
    }
}

record! {
    /// A profile on a social network.
    SocialProfile from extract::Profile {
        /// The network, in lower case: `x`, `facebook`, `linkedin`, …
        network: String,
        /// Its address, without query and fragment.
        url: String,
        /// The name of the profile in its address, without `@`.
        handle: String,
    }
}

record! {
    /// The article of a page.
    Article from extract::Article {
        /// Its text: paragraphs are parted by a blank line, lines by a line break. At most 2 MiB, as the other forms.
        text: String,
        /// As HTML without scripts, styles and forms: a short list of elements and attributes, absolute http, https, mailto and tel
        /// addresses. Safe to show.
        html: String,
        /// As Markdown: `CommonMark` with GitHub's tables and strike-through.
        markdown: String,
        /// The page's description, else the article's first paragraph, at most 1,000 characters and an ellipsis.
        excerpt: String,
    }
}

record! {
    /// A JSON-LD block.
    JsonLd from extract::JsonLd {
        /// Its JSON text. Valid exactly when `error` is absent: comments, CDATA marks and trailing commas are mended.
        raw: String,
        /// Why it could not be read, with line and column.
        error: Option<String>,
    }
}
