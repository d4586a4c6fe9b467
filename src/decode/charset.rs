//! Which character encoding a page is in, in the HTML standard's order, and decoding by it.

use super::prescan;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// Where the encoding was learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Bom,
    Header,
    Meta,
    Detector,
}

/// The encoding chosen for a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charset {
    pub encoding: &'static Encoding,
    pub source: Source,
}

impl Charset {
    /// The WHATWG name in lower case, as in `document.characterSet` but for the case.
    pub(crate) fn name(self) -> String {
        self.encoding.name().to_ascii_lowercase()
    }

    /// A browser would start again when it met a `<meta charset>` further down that says otherwise.
    pub(crate) fn is_tentative(self) -> bool {
        self.source == Source::Detector
    }
}

/// Decoded text.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// Some bytes were invalid in the encoding and became U+FFFD.
    pub malformed: bool,
}

/// Chooses: byte order mark, then the HTTP header, then a `<meta>` in the first 1024 bytes, then a guess from
/// the bytes (the detector that Firefox uses).
///
/// `label` is the charset that the HTTP header names.
pub(crate) fn choose(bytes: &[u8], label: Option<&str>) -> Charset {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Charset { encoding, source: Source::Bom };
    }
    if let Some(encoding) = label.and_then(|l| Encoding::for_label(l.as_bytes())) {
        return Charset { encoding, source: Source::Header };
    }
    if let Some(encoding) = prescan::prescan(bytes) {
        return Charset { encoding, source: Source::Meta };
    }
    Charset { encoding: detect(bytes), source: Source::Detector }
}

/// Decodes without a byte order mark in the result.
pub(crate) fn decode<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    Decoded { text, malformed }
}

/// So much is looked at by the detector, from the first byte on that is not ASCII: it needs a tenth of a second for each megabyte.
const DETECTED: usize = 64 * 1024;

fn detect(bytes: &[u8]) -> &'static Encoding {
    // What plain ASCII says of nothing is windows-1252 in browsers, by which the queries of its links are encoded.
    if bytes.is_ascii() {
        return WINDOWS_1252;
    }
    // Text that is valid UTF-8 (but for a last character that the body cap cut) is UTF-8, whatever the
    // statistics of its letters say.
    let utf8 = std::str::from_utf8(bytes).map_or_else(|e| e.error_len().is_none(), |_| true);
    if utf8 {
        return UTF_8;
    }
    // The byte before may belong to the first letter's word.
    let start = Encoding::ascii_valid_up_to(bytes).saturating_sub(1);
    let end = bytes.len().min(start + DETECTED);
    guess(&telling(&bytes[start..end]), end == bytes.len())
}

fn guess(bytes: &[u8], is_all: bool) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, is_all);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// What tells of the encoding: the letters that are not ASCII, and what stands beside them. The detector makes nothing of two ASCII letters in a row,
/// and takes as long for them.
fn telling(mut bytes: &[u8]) -> Vec<u8> {
    const BESIDE: usize = 16;
    let mut kept = Vec::new();
    while !bytes.is_empty() {
        let (ascii, rest) = bytes.split_at(Encoding::ascii_valid_up_to(bytes));
        if ascii.len() > 2 * BESIDE {
            kept.extend_from_slice(&ascii[..BESIDE]);
            kept.push(b'\n');
            kept.extend_from_slice(&ascii[ascii.len() - BESIDE..]);
        } else {
            kept.extend_from_slice(ascii);
        }
        let (letters, rest) = rest.split_at(rest.iter().position(u8::is_ascii).unwrap_or(rest.len()));
        kept.extend_from_slice(letters);
        bytes = rest;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(bytes: &[u8], label: Option<&str>) -> (String, Source) {
        let charset = choose(bytes, label);
        (charset.name(), charset.source)
    }

    #[test]
    fn the_standards_order() {
        let meta = b"<meta charset=koi8-r>";
        assert_eq!(chosen(b"\xef\xbb\xbf<meta charset=koi8-r>", Some("big5")), ("utf-8".into(), Source::Bom));
        assert_eq!(chosen(meta, Some("big5")), ("big5".into(), Source::Header));
        assert_eq!(chosen(meta, Some("nonsense")), ("koi8-r".into(), Source::Meta));
        assert_eq!(chosen("<p>naïve".as_bytes(), None), ("utf-8".into(), Source::Detector));
        assert_eq!(chosen(b"<p>naive", None), ("windows-1252".into(), Source::Detector));
    }

    #[test]
    fn latin1_means_windows_1252() {
        let charset = choose(b"\x93quoted\x94", Some("ISO-8859-1"));
        assert_eq!(charset.name(), "windows-1252");
        assert_eq!(decode(b"\x93quoted\x94", charset.encoding).text, "“quoted”");
    }

    #[test]
    fn what_is_not_labelled_is_guessed_from_a_part() {
        // Markup first, as always, then text that never ends.
        let markup = "<p class=text>".repeat(10_000).into_bytes();
        let (russian, _, _) = encoding_rs::WINDOWS_1251.encode("Городской вестник: новости недели. ");
        let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("市の新聞、今週のニュースです。");
        for (text, name) in [(russian.repeat(200_000), "windows-1251"), (japanese.repeat(200_000), "shift_jis")] {
            let start = std::time::Instant::now();
            assert_eq!(chosen(&[markup.clone(), text].concat(), None), (name.to_owned(), Source::Detector));
            assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
        }
    }

    #[test]
    fn markup_tells_the_detector_nothing() {
        let markup = "<p class=\"Text A9\"><a href='/n.o 1/M'>Numbers, IDs: N 3</a>".repeat(4);
        for (name, text) in [
            ("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy – Zażółć gęślą jaźń"),
            ("windows-1251", "Городской вестник: новости недели"),
            ("koi8-u", "Міський вісник: новини тижня, їжа й ґанок"),
            ("windows-1252", "L’été à la française coûte 3º et 4ª © Ärger über Öl"),
            ("windows-1253", "Τα νέα της εβδομάδας από την πόλη"),
            ("windows-1254", "İstanbul’da günün öne çıkan haberleri, ışık ve gölge"),
            ("windows-1255", "חדשות השבוע מן העיר"),
            ("windows-1256", "أخبار المدينة لهذا الأسبوع"),
            ("windows-1257", "Miesto naujienos: ąžuolas, šviesa, žąsis, ėjo į čia"),
            ("windows-874", "ข่าวประจำสัปดาห์ของเมือง"),
            ("iso-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
            ("shift_jis", "市の新聞、今週のニュースです。"),
            ("euc-jp", "市の新聞、今週のニュースです。"),
            ("euc-kr", "이번 주 도시의 소식입니다."),
            ("gbk", "本周城市新闻，请看报道。"),
            ("big5", "本週城市新聞，請看報導。"),
        ] {
            let (word, _, is_lossy) = Encoding::for_label(name.as_bytes()).unwrap().encode(text);
            assert!(!is_lossy, "{name}");
            let page = [markup.as_bytes(), b" ", &word, b" "].concat().repeat(200);
            let short = telling(&page);
            assert!(short.len() < page.len() * 2 / 3, "{name}: {} of {}", short.len(), page.len());
            assert_eq!(guess(&short, true), guess(&page, true), "{name}");
        }
    }

    #[test]
    fn damage_is_told() {
        assert!(decode(b"a\xffb", UTF_8).malformed);
        assert_eq!(decode(b"\xef\xbb\xbfab", UTF_8).text, "ab");
    }
}
