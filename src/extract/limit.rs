//! How large, how deep and how slow a tree may become.

use super::measure::{Measured, Tracked};
use html5ever::interface::TreeSink;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, local_name};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Elements below this depth are not opened, as in Chrome (html5ever's cost grows with depth).
pub(super) const MAX_DEPTH: u32 = 512;

/// A page of more nodes and attributes is hostile: unclosed formatting can make a few bytes cost hundreds of them.
pub(super) const MAX_WEIGHT: usize = 1_500_000;

/// The time one page may take: the last resort against what the other limits do not see.
const MAX_TIME: Duration = Duration::from_secs(5);

/// What a page is stopped by that took too long: on a busy machine that may be any page.
pub(super) const BY_TIME: &str = "the time for one page";

/// How many tokens pass between two looks at the clock.
const STEP: u32 = 64;

/// html5ever's tree builder, which gets no start tags of elements that would be too deep, and nothing more once the tree is
/// too heavy or took too long.
pub(super) struct Limiter<S: TreeSink> {
    builder: TreeBuilder<Tracked<S::Handle>, Measured<S>>,
    start: Instant,
    tokens: Cell<u32>,
    out_of_time: Cell<bool>,
    too_deep: Cell<bool>,
}

impl<S: TreeSink> Limiter<S> {
    pub(super) fn new(sink: S) -> Self {
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        Self {
            builder: TreeBuilder::new(Measured::new(sink), options),
            start: Instant::now(),
            tokens: Cell::new(0),
            out_of_time: Cell::new(false),
            too_deep: Cell::new(false),
        }
    }

    /// Nothing more is taken: there is no use in reading on.
    pub(super) fn is_full(&self) -> bool {
        self.out_of_time.get() || self.builder.sink.weight.get() > MAX_WEIGHT
    }

    /// The tree, and the name of the limit that stopped it early, if one did.
    pub(super) fn finish(self) -> (S, Option<&'static str>) {
        let measured = self.builder.sink;
        let stopped_at = if measured.weight.get() > MAX_WEIGHT {
            Some("the number of elements")
        } else if self.out_of_time.get() {
            Some(BY_TIME)
        } else if self.too_deep.get() {
            Some("the depth of nesting")
        } else {
            None
        };
        (measured.sink, stopped_at)
    }

    fn look_at_the_clock(&self) {
        let tokens = self.tokens.get().wrapping_add(1);
        self.tokens.set(tokens);
        if tokens.is_multiple_of(STEP) && self.start.elapsed() > MAX_TIME {
            self.out_of_time.set(true);
        }
    }
}

impl<S: TreeSink> TokenSink for Limiter<S> {
    type Handle = Tracked<S::Handle>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        let measured = &self.builder.sink;
        self.look_at_the_clock();
        if self.is_full() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &token {
            match tag.kind {
                // Elements that hold only text change how what follows is read, and nest nothing.
                TagKind::StartTag if measured.depth.get() >= MAX_DEPTH && !is_leaf(&tag.name) => {
                    self.too_deep.set(true);
                    return TokenSinkResult::Continue;
                }
                TagKind::StartTag => {}
                TagKind::EndTag => measured.depth.set(measured.depth.get().saturating_sub(1)),
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_leaf(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("title")
            | local_name!("textarea")
            | local_name!("xmp")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("img")
            | local_name!("br")
            | local_name!("meta")
            | local_name!("link")
            | local_name!("input")
            | local_name!("hr")
    )
}
