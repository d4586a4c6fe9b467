//! What kind of page it is: told, so that a caller can act on it; nothing is ever bypassed.

use super::Page;
use super::any_of::AnyOf;
use super::words::Count;

/// The kinds of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Article,
    Listing,
    Product,
    Media,
    Login,
    ConsentWall,
    BotBlock,
    NotFound,
    Shell,
    Other,
}

/// Texts that only the pages of bot protection have as their title, in lower case.
const BLOCKED: &[&str] = &[
    "just a moment",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "are you a robot",
    "are you human",
    "pardon our interruption",
    "verify you are human",
    "security check",
    "ddos protection",
    "checking your browser",
    "robot check",
    "bot verification",
    "request blocked",
    "human verification",
    "un momento",
    "einen moment",
];

/// How pages say in their title or heading that there is no such page, in lower case.
const NOT_FOUND: &[&str] = &[
    "404",
    "not found",
    "page not found",
    "can't be found",
    "cannot be found",
    "couldn't be found",
    "doesn't exist",
    "does not exist",
    "no longer available",
    "nicht gefunden",
    "existiert nicht",
    "introuvable",
    "n'existe pas",
    "no encontrada",
    "no encontrado",
    "no existe",
    "não encontrada",
    "não encontrado",
    "non trovata",
    "niet gevonden",
    "nie znaleziono",
    "nie istnieje",
    "не найдена",
    "не найден",
    "не знайдено",
    "bulunamadı",
    "見つかりません",
    "未找到",
    "不存在",
    "찾을 수 없",
];

/// Words about consent to cookies.
static CONSENT: AnyOf = AnyOf::new(&[
    "cookie",
    "consent",
    "before you continue",
    "accept all",
    "we value your privacy",
    "zustimm",
    "einwillig",
    "alle akzeptieren",
    "datenschutz",
    "tout accepter",
    "consentement",
    "aceptar",
    "consentimiento",
    "accetta",
    "consenso",
    "akkoord",
    "toestemming",
    "zgoda",
    "akceptuj",
    "vos données",
]);

/// The kind of a page of `status` (0 when there was no exchange), by what was lifted from it.
pub(super) fn of(page: &Page, count: &Count, password_fields: u32, status: u16) -> Kind {
    let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().to_lowercase();
    let title = lower(&page.html_title);
    let heading = page.headings.first().map(|h| h.text.to_lowercase()).unwrap_or_default();
    let any = |list: &[&str], text: &str| list.iter().any(|word| text.contains(word));
    let is_short = count.is_short();

    if is_short && (count.challenge || any(BLOCKED, &title) || (any(BLOCKED, &heading) && status != 200)) {
        return Kind::BotBlock;
    }
    if matches!(status, 404 | 410)
        || (is_short && page.published_at.is_none() && (says_missing(&title) || says_missing(&heading)))
    {
        return Kind::NotFound;
    }
    if is_short && count.prose < 250 && count.anchors < 60 && CONSENT.those_in(&count.sample).count_ones() >= 3 {
        return Kind::ConsentWall;
    }
    if password_fields > 0 && is_short && count.prose < 120 {
        return Kind::Login;
    }
    if count.words < 15 && count.scripts > 0 {
        return Kind::Shell;
    }
    let declared = page.page_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    match declared.as_str() {
        "product" | "og:product" | "product.item" | "productgroup" => return Kind::Product,
        "itemlist" | "collectionpage" | "searchresultspage" => return Kind::Listing,
        kind if kind.starts_with("video")
            || kind.starts_with("music")
            || kind.ends_with("episode")
            || kind == "audioobject" =>
        {
            return Kind::Media;
        }
        kind if count.prose >= 60
            && (kind.ends_with("article") || kind.ends_with("blogposting") || kind == "blog" || kind == "report") =>
        {
            return Kind::Article;
        }
        _ => {}
    }
    let linked = count.linked * 100 / count.bytes.max(1);
    if count.prose >= 150 && count.prose * 100 / count.words.max(1) >= 35 && linked < 50 {
        return Kind::Article;
    }
    if count.anchors >= 30 && linked >= 40 {
        return Kind::Listing;
    }
    Kind::Other
}

/// A number alone may be the number of anything.
fn says_missing(text: &str) -> bool {
    NOT_FOUND.iter().any(|words| {
        if *words == "404" {
            text.split(|c: char| !c.is_alphanumeric()).any(|w| w == "404")
        } else {
            text.contains(words)
        }
    })
}
