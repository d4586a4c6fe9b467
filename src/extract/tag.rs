//! The names of elements that some rule here knows, as numbers, and what they have in common.

use super::key::{KEY_BYTES, key};
use html5ever::{LocalName, local_name};

/// Where the standard calls an element special, as html5ever does.
pub(super) const SPECIAL: u16 = 1;
/// What bounds a scope.
pub(super) const SCOPE: u16 = 2;
/// What ends by itself when something around it ends.
pub(super) const IMPLIED_END: u16 = 4;
pub(super) const HEADING: u16 = 8;
pub(super) const FORMATTING: u16 = 16;
/// What foreign content ends at.
pub(super) const BREAKOUT: u16 = 32;
/// What ends a paragraph when it begins, and has no other rule.
pub(super) const BLOCK: u16 = 64;
/// The parts of a table, which mean nothing elsewhere.
pub(super) const TABLE_PART: u16 = 128;
/// At whose edges words are apart.
pub(super) const EDGE: u16 = 256;
/// Whose content a browser without scripting would not show as the page's own.
pub(super) const UNSHOWN: u16 = 512;

macro_rules! tags {
    ($($id:ident $name:tt $class:expr;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Tag {
            /// A name that no rule knows.
            Other,
            /// An element that is no longer on the stack, though what it holds is.
            Removed,
            $($id),*
        }

        mod keys {
            $(#[allow(non_upper_case_globals)] pub(super) const $id: u64 = crate::extract::key::key($name.as_bytes());)*
        }

        static NAMES: &[LocalName] = &[local_name!(""), local_name!(""), $(local_name!($name)),*];
        const CLASSES: &[u16] = &[0, 0, $($class),*];

        impl Tag {
            /// The tag of a name in any case.
            pub(super) fn of(name: &[u8]) -> Self {
                Self::of_key(key(name), name)
            }

            /// As [`Self::of`], given the key of the name.
            pub(super) fn of_key(key: u64, name: &[u8]) -> Self {
                let tag = match key {
                    $(keys::$id => Self::$id,)*
                    _ => return Self::Other,
                };
                // A key is exact for names that fit into it.
                if name.len() <= KEY_BYTES || name.eq_ignore_ascii_case(tag.local().as_bytes()) { tag } else { Self::Other }
            }
        }
    };
}

/// Of the characters that count as white space in markup.
pub(super) fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}')
}

impl Tag {
    /// The name in lower case; empty for those that no rule knows.
    pub(super) fn local(self) -> &'static LocalName {
        &NAMES[self as usize]
    }

    pub(super) fn is(self, class: u16) -> bool {
        CLASSES[self as usize] & class != 0
    }
}

tags! {
    A "a" FORMATTING;
    Address "address" SPECIAL | BLOCK | EDGE;
    AnnotationXml "annotation-xml" 0;
    Applet "applet" SPECIAL | SCOPE;
    Area "area" SPECIAL;
    Article "article" SPECIAL | BLOCK | EDGE;
    Aside "aside" SPECIAL | BLOCK | EDGE;
    B "b" FORMATTING | BREAKOUT;
    Base "base" SPECIAL;
    Basefont "basefont" SPECIAL;
    Bgsound "bgsound" SPECIAL;
    Big "big" FORMATTING | BREAKOUT;
    Blockquote "blockquote" SPECIAL | BLOCK | BREAKOUT | EDGE;
    Body "body" SPECIAL | BREAKOUT;
    Br "br" SPECIAL | BREAKOUT | EDGE;
    Button "button" SPECIAL;
    Caption "caption" SPECIAL | TABLE_PART | SCOPE | EDGE;
    Center "center" SPECIAL | BLOCK | BREAKOUT;
    Code "code" FORMATTING | BREAKOUT;
    Col "col" SPECIAL | TABLE_PART;
    Colgroup "colgroup" SPECIAL | TABLE_PART;
    Dd "dd" SPECIAL | IMPLIED_END | BREAKOUT | EDGE;
    Desc "desc" 0;
    Details "details" SPECIAL | BLOCK;
    Dialog "dialog" BLOCK;
    Dir "dir" SPECIAL | BLOCK;
    Div "div" SPECIAL | BLOCK | BREAKOUT | EDGE;
    Dl "dl" SPECIAL | BLOCK | BREAKOUT;
    Dt "dt" SPECIAL | IMPLIED_END | BREAKOUT | EDGE;
    Em "em" FORMATTING | BREAKOUT;
    Embed "embed" SPECIAL | BREAKOUT;
    Fieldset "fieldset" SPECIAL | BLOCK;
    Figcaption "figcaption" SPECIAL | BLOCK | EDGE;
    Figure "figure" SPECIAL | BLOCK | EDGE;
    Font "font" FORMATTING;
    Footer "footer" SPECIAL | BLOCK | EDGE;
    ForeignObject "foreignobject" 0;
    Form "form" SPECIAL | EDGE;
    Frame "frame" SPECIAL;
    Frameset "frameset" SPECIAL;
    H1 "h1" SPECIAL | HEADING | BREAKOUT | EDGE;
    H2 "h2" SPECIAL | HEADING | BREAKOUT | EDGE;
    H3 "h3" SPECIAL | HEADING | BREAKOUT | EDGE;
    H4 "h4" SPECIAL | HEADING | BREAKOUT | EDGE;
    H5 "h5" SPECIAL | HEADING | BREAKOUT | EDGE;
    H6 "h6" SPECIAL | HEADING | BREAKOUT | EDGE;
    Head "head" SPECIAL | BREAKOUT;
    Header "header" SPECIAL | BLOCK | EDGE;
    Hgroup "hgroup" SPECIAL | BLOCK;
    Hr "hr" SPECIAL | BREAKOUT | EDGE;
    Html "html" SPECIAL | SCOPE;
    I "i" FORMATTING | BREAKOUT;
    Iframe "iframe" SPECIAL | UNSHOWN;
    Image "image" 0;
    Img "img" SPECIAL | BREAKOUT;
    Input "input" SPECIAL;
    Keygen "keygen" 0;
    Li "li" SPECIAL | IMPLIED_END | BREAKOUT | EDGE;
    Link "link" SPECIAL;
    Listing "listing" SPECIAL | BREAKOUT;
    Main "main" SPECIAL | BLOCK | EDGE;
    Malignmark "malignmark" 0;
    Marquee "marquee" SPECIAL | SCOPE;
    Math "math" 0;
    Menu "menu" SPECIAL | BLOCK | BREAKOUT;
    Meta "meta" SPECIAL | BREAKOUT;
    Mglyph "mglyph" 0;
    Mi "mi" 0;
    Mn "mn" 0;
    Mo "mo" 0;
    Ms "ms" 0;
    Mtext "mtext" 0;
    Nav "nav" SPECIAL | BLOCK | EDGE;
    Nobr "nobr" FORMATTING | BREAKOUT;
    Noembed "noembed" SPECIAL | UNSHOWN;
    Noframes "noframes" SPECIAL | UNSHOWN;
    Noscript "noscript" SPECIAL | UNSHOWN;
    Object "object" SPECIAL | SCOPE;
    Ol "ol" SPECIAL | BLOCK | BREAKOUT | EDGE;
    Optgroup "optgroup" IMPLIED_END;
    Option "option" IMPLIED_END;
    P "p" SPECIAL | IMPLIED_END | BREAKOUT | EDGE;
    Param "param" SPECIAL;
    Plaintext "plaintext" SPECIAL;
    Pre "pre" SPECIAL | BREAKOUT | EDGE;
    Rb "rb" IMPLIED_END;
    Rp "rp" IMPLIED_END;
    Rt "rt" IMPLIED_END;
    Rtc "rtc" IMPLIED_END;
    Ruby "ruby" BREAKOUT;
    S "s" FORMATTING | BREAKOUT;
    Script "script" SPECIAL | UNSHOWN;
    Search "search" BLOCK;
    Section "section" SPECIAL | BLOCK | EDGE;
    Select "select" SPECIAL | SCOPE;
    Small "small" FORMATTING | BREAKOUT;
    Source "source" SPECIAL;
    Span "span" BREAKOUT;
    Strike "strike" FORMATTING | BREAKOUT;
    Strong "strong" FORMATTING | BREAKOUT;
    Style "style" SPECIAL | UNSHOWN;
    Sub "sub" BREAKOUT;
    Summary "summary" SPECIAL | BLOCK;
    Sup "sup" BREAKOUT;
    Svg "svg" 0;
    Table "table" SPECIAL | SCOPE | BREAKOUT | EDGE;
    Tbody "tbody" SPECIAL | TABLE_PART;
    Td "td" SPECIAL | TABLE_PART | SCOPE | EDGE;
    Template "template" SPECIAL | SCOPE | UNSHOWN;
    Textarea "textarea" SPECIAL;
    Tfoot "tfoot" SPECIAL | TABLE_PART;
    Th "th" SPECIAL | TABLE_PART | SCOPE | EDGE;
    Thead "thead" SPECIAL | TABLE_PART;
    Time "time" 0;
    Title "title" SPECIAL;
    Tr "tr" SPECIAL | TABLE_PART | EDGE;
    Track "track" SPECIAL;
    Tt "tt" FORMATTING | BREAKOUT;
    U "u" FORMATTING | BREAKOUT;
    Ul "ul" SPECIAL | BLOCK | BREAKOUT | EDGE;
    Var "var" BREAKOUT;
    Video "video" 0;
    Audio "audio" 0;
    Abbr "abbr" 0;
    Cite "cite" 0;
    Data "data" 0;
    Del "del" 0;
    Dfn "dfn" 0;
    Ins "ins" 0;
    Kbd "kbd" 0;
    Label "label" 0;
    Legend "legend" 0;
    Map "map" 0;
    Mark "mark" 0;
    Meter "meter" 0;
    Output "output" 0;
    Picture "picture" 0;
    Progress "progress" 0;
    Q "q" 0;
    Samp "samp" 0;
    Wbr "wbr" SPECIAL;
    Xmp "xmp" SPECIAL;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case() {
        assert_eq!(Tag::of(b"FigCaption"), Tag::Figcaption);
        assert_eq!(Tag::of(b"figcaptioN"), Tag::Figcaption);
        assert_eq!(Tag::of(b"figcaptios"), Tag::Other);
        assert_eq!(Tag::of(b"h1"), Tag::H1);
        assert_eq!(Tag::of(b""), Tag::Other);
        assert_eq!(Tag::of(&[b'a'; 257]), Tag::Other);
        assert_eq!(&**Tag::Textarea.local(), "textarea");
    }
}
