//! Pages broken at random.

use super::pieces::PIECES;

/// A generator of random numbers (`SplitMix64`).
pub(super) struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }
}

pub(super) const TAGS: &[&str] = &[
    "a",
    "b",
    "i",
    "nobr",
    "font",
    "em",
    "code",
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "caption",
    "colgroup",
    "col",
    "select",
    "option",
    "optgroup",
    "form",
    "button",
    "input",
    "textarea",
    "title",
    "style",
    "script",
    "noscript",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "template",
    "svg",
    "math",
    "mi",
    "mo",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "path",
    "html",
    "head",
    "body",
    "frameset",
    "frame",
    "base",
    "meta",
    "link",
    "img",
    "image",
    "br",
    "hr",
    "area",
    "ruby",
    "rt",
    "rp",
    "rb",
    "object",
    "marquee",
    "applet",
    "pre",
    "listing",
    "main",
    "article",
    "section",
    "address",
    "center",
    "details",
    "search",
    "time",
    "custom-tag",
    "CANVAS",
    "bdo",
    "g",
    "keygen",
    "video",
    "source",
    "hgroup",
    "menu",
    "dialog",
    "mglyph",
    "tt",
    "sub",
];

/// The page with some edits: tags taken out, put in, moved and broken.
pub(super) fn damage(page: &str, random: &mut Random) -> String {
    let mut html = page.to_owned();
    for _ in 0..=random.below(12) {
        let tags: Vec<usize> = html.match_indices('<').map(|(at, _)| at).collect();
        let place = |random: &mut Random, html: &str| match tags.len() {
            0 => html.floor_char_boundary(random.below(html.len() + 1)),
            _ if random.below(4) == 0 => html.floor_char_boundary(random.below(html.len() + 1)),
            many => tags[random.below(many)].min(html.len()),
        };
        let at = html.floor_char_boundary(place(random, &html));
        let end = html[at..].find('>').map_or(html.len(), |end| at + end + 1);
        match random.below(7) {
            0 => html.replace_range(at..end, ""),
            1 | 2 => {
                let tag = TAGS[random.below(TAGS.len())];
                let slash = if random.below(3) == 0 { "/" } else { "" };
                html.insert_str(at, &format!("<{slash}{tag}>"));
            }
            3 => html.insert_str(at, PIECES[random.below(PIECES.len())]),
            4 => {
                let tag = html[at..end].to_owned();
                let to = html.floor_char_boundary(place(random, &html));
                html.insert_str(to, &tag);
            }
            5 => {
                let to = html.floor_char_boundary(place(random, &html));
                html.replace_range(at.min(to)..html.floor_char_boundary(at.max(to).min(at.min(to) + 400)), "");
            }
            _ => {
                if let Some(next) = html[at..].chars().next() {
                    html.replace_range(at..at + next.len_utf8(), "");
                }
            }
        }
    }
    html
}
