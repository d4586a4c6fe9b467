//! The parts of a page that cost something to compute or to carry, each of which can be left out.

/// Which parts are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a set, by name")]
pub(crate) struct Parts {
    pub meta: bool,
    pub headings: bool,
    pub links: bool,
    pub images: bool,
    pub media: bool,
    pub contacts: bool,
    pub text: bool,
    pub json_ld: bool,
    pub microdata: bool,
    pub rdfa: bool,
    pub article: bool,
}

impl Parts {
    pub(crate) const NONE: Self = Self {
        meta: false,
        headings: false,
        links: false,
        images: false,
        media: false,
        contacts: false,
        text: false,
        json_ld: false,
        microdata: false,
        rdfa: false,
        article: false,
    };
}

impl Default for Parts {
    /// All but those that few want and that cost most.
    fn default() -> Self {
        Self {
            meta: true,
            headings: true,
            links: true,
            images: true,
            media: true,
            contacts: true,
            text: true,
            json_ld: true,
            microdata: true,
            rdfa: false,
            article: false,
        }
    }
}
