//! The way from text to a tree: html5gum's tokens into html5ever's tree builder.
//!
//! html5ever's tree is the law; its own tokenizer takes several times as long as html5gum's, and is the oracle in tests.

use super::limit::Limiter;
use super::piece::Piece;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, ns};
use html5gum::{Emitter, Error, State, Tokenizer};
use std::collections::HashSet;

/// More attributes than this are looked through by hash for one that is there twice.
const FEW: usize = 16;

/// Tokens carry no line numbers.
const LINE: u64 = 1;

/// Reads a document into a tree of any kind, within the limits on depth, weight and time; the second value names the limit
/// that stopped it early, if one did.
pub(super) fn build<S: TreeSink>(html: &str, sink: S) -> (S, Option<&'static str>) {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let source = StrTendril::from_slice(html);
    let limiter = Limiter::new(sink);
    let bridge = Bridge::new(&source, &limiter);
    // The one thing that comes out is that there is no use in going on.
    let stopped = Tokenizer::new_with_emitter(&*source, bridge).next().is_some();
    if stopped {
        let _ = limiter.process_token(Token::EOFToken, LINE);
    }
    limiter.end();
    limiter.finish()
}

/// Puts tokens together from what html5gum tells.
struct Bridge<'a, S: TreeSink> {
    source: &'a StrTendril,
    limiter: &'a Limiter<S>,
    text: Piece<'a>,
    comment: Piece<'a>,
    tag: Piece<'a>,
    /// The name of the last start tag, which ends a text that only it can end.
    last_start: Vec<u8>,
    kind: TagKind,
    self_closing: bool,
    attributes: Vec<Attribute>,
    /// Their names, once there are many.
    seen: HashSet<LocalName>,
    had_duplicates: bool,
    in_attribute: bool,
    name: Piece<'a>,
    value: Piece<'a>,
    doctype: Doctype,
    doctype_name: Piece<'a>,
}

impl<'a, S: TreeSink> Bridge<'a, S> {
    fn new(source: &'a StrTendril, limiter: &'a Limiter<S>) -> Self {
        let piece = || Piece::new(source);
        Self {
            source,
            limiter,
            text: piece(),
            comment: piece(),
            tag: piece(),
            last_start: Vec::new(),
            kind: TagKind::StartTag,
            self_closing: false,
            attributes: Vec::new(),
            seen: HashSet::new(),
            had_duplicates: false,
            in_attribute: false,
            name: piece(),
            value: piece(),
            doctype: Doctype::default(),
            doctype_name: piece(),
        }
    }

    fn process(&self, token: Token) -> TokenSinkResult<<Limiter<S> as TokenSink>::Handle> {
        self.limiter.process_token(token, LINE)
    }

    fn flush_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = self.text.take();
        let mut rest = &*text;
        if !rest.contains('\0') {
            let _ = self.process(Token::CharacterTokens(text));
            return;
        }
        while !rest.is_empty() {
            let nul = rest.find('\0').unwrap_or(rest.len());
            if nul > 0 {
                let _ = self.process(Token::CharacterTokens(StrTendril::from_slice(&rest[..nul])));
            }
            rest = &rest[nul..];
            if let Some(after) = rest.strip_prefix('\0') {
                let _ = self.process(Token::NullCharacterToken);
                rest = after;
            }
        }
    }

    fn start_tag(&mut self, kind: TagKind) {
        self.kind = kind;
        self.self_closing = false;
        self.had_duplicates = false;
        self.in_attribute = false;
        self.attributes.clear();
        self.seen.clear();
        self.tag.clear();
    }

    /// Adds the attribute that was being read, unless the tag has one of that name.
    fn end_attribute(&mut self) {
        if !std::mem::take(&mut self.in_attribute) || self.kind == TagKind::EndTag {
            return;
        }
        let name = self.name.name();
        if self.is_known(&name) {
            self.had_duplicates = true;
            return;
        }
        self.attributes.push(Attribute { name: QualName::new(None, ns!(), name), value: self.value.take() });
    }

    fn is_known(&mut self, name: &LocalName) -> bool {
        if self.attributes.len() < FEW {
            return self.attributes.iter().any(|a| a.name.local == *name);
        }
        if self.seen.is_empty() {
            self.seen.extend(self.attributes.iter().map(|a| a.name.local.clone()));
        }
        !self.seen.insert(name.clone())
    }

    fn identifier(slot: &mut Option<StrTendril>, part: &[u8]) {
        slot.get_or_insert_default().push_slice(&String::from_utf8_lossy(part));
    }
}

impl<S: TreeSink> Emitter for Bridge<'_, S> {
    type Token = ();

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(last.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.flush_text();
        let _ = self.process(Token::EOFToken);
    }

    fn emit_error(&mut self, _error: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<()> {
        self.limiter.is_full().then_some(())
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.text.push(text);
    }

    fn init_start_tag(&mut self) {
        self.start_tag(TagKind::StartTag);
    }

    fn init_end_tag(&mut self) {
        self.start_tag(TagKind::EndTag);
    }

    fn init_comment(&mut self) {
        self.comment.clear();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush_text();
        self.end_attribute();
        if self.kind == TagKind::StartTag {
            self.last_start.clear();
            self.last_start.extend_from_slice(self.tag.bytes());
        }
        let tag = Tag {
            kind: self.kind,
            name: self.tag.name(),
            self_closing: self.self_closing,
            attrs: std::mem::take(&mut self.attributes),
            had_duplicate_attributes: self.had_duplicates,
        };
        match self.process(Token::TagToken(tag)) {
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::RawData(RawKind::Rcdata) => Some(State::RcData),
            TokenSinkResult::RawData(RawKind::Rawtext) => Some(State::RawText),
            TokenSinkResult::RawData(_) => Some(State::ScriptData),
            // Without scripting there is nothing to wait for when a script has ended, and the encoding is decided already.
            TokenSinkResult::Continue | TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => None,
        }
    }

    fn emit_current_comment(&mut self) {
        self.flush_text();
        let comment = self.comment.take();
        let _ = self.process(Token::CommentToken(comment));
    }

    fn emit_current_doctype(&mut self) {
        self.flush_text();
        let name = (!self.doctype_name.is_empty()).then(|| self.doctype_name.take());
        let doctype = Doctype { name, ..std::mem::take(&mut self.doctype) };
        let _ = self.process(Token::DoctypeToken(doctype));
    }

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    fn push_tag_name(&mut self, part: &[u8]) {
        self.tag.push(part);
    }

    fn push_comment(&mut self, part: &[u8]) {
        self.comment.push(part);
    }

    fn push_doctype_name(&mut self, part: &[u8]) {
        self.doctype_name.push(part);
    }

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
        self.doctype_name = Piece::new(self.source);
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.in_attribute = true;
        self.name.clear();
        self.value.clear();
    }

    fn push_attribute_name(&mut self, part: &[u8]) {
        self.name.push(part);
    }

    fn push_attribute_value(&mut self, part: &[u8]) {
        self.value.push(part);
    }

    fn set_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id = None;
        Self::identifier(&mut self.doctype.public_id, value);
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = None;
        Self::identifier(&mut self.doctype.system_id, value);
    }

    fn push_doctype_public_identifier(&mut self, part: &[u8]) {
        Self::identifier(&mut self.doctype.public_id, part);
    }

    fn push_doctype_system_identifier(&mut self, part: &[u8]) {
        Self::identifier(&mut self.doctype.system_id, part);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.kind == TagKind::EndTag && self.tag.bytes() == self.last_start
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        // Text may open elements.
        self.flush_text();
        self.limiter.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
