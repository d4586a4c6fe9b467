//! Small rules of reading that no whole page shows well.

use sitelift::{PageKind, Part, ProblemKind, Site};
use std::collections::HashMap;

fn lift(html: &str) -> Site {
    lift_as(html.as_bytes(), None)
}

fn lift_as(html: &[u8], content_type: Option<&str>) -> Site {
    let base = Some("https://h.example/d/".to_owned());
    sitelift::extract(html, base, content_type.map(str::to_owned), HashMap::new(), None, true).expect("a good base URL")
}

#[test]
fn an_area_is_named_by_its_alt() {
    let site = lift("<map><area href=/x alt='The north'></map>");
    assert_eq!(site.links[0].text, "The north");
}

#[test]
fn invisible_characters_part_no_words() {
    let site = lift("<title>\u{feff}Super\u{2060}man\u{200b}</title><h1>foo\u{200b}bar</h1>");
    assert_eq!(site.title.as_deref(), Some("Super\u{2060}man"));
    assert_eq!(site.headings[0].text, "foo\u{200b}bar");
}

#[test]
fn a_caption_is_no_picture() {
    let lazy = "<article><img src='data:,' data-lazy-src=/bridge.jpg><h1>The bridge</h1></article><img src=/other.jpg>";
    assert_eq!(lift(lazy).image.as_deref(), Some("https://h.example/bridge.jpg"));
    for (html, image) in [
        (
            "<h1>x</h1><img data-srcset='/b-600.jpg 600w, /b-1200.jpg 1200w, /b-900.jpg 900w'>",
            Some("https://h.example/b-1200.jpg"),
        ),
        (
            "<h1>x</h1><img src='data:,'><noscript><img src=/bridge.jpg></noscript>",
            Some("https://h.example/bridge.jpg"),
        ),
        ("<h1>x</h1><img src='data:,'><p>Text</p><noscript><img src=/count.php></noscript>", None),
        ("<h1>x</h1><img src=/img/share.png><img src=/bridge.jpg>", Some("https://h.example/bridge.jpg")),
    ] {
        assert_eq!(lift(html).image.as_deref(), image, "{html}");
    }
    let site =
        lift("<figure itemprop=image itemscope><img itemprop=url src=/a.png><figcaption>A cat</figcaption></figure>");
    assert_ne!(site.image.as_deref(), Some("https://h.example/d/A%20cat"));
}

#[test]
fn the_first_valid_value_wins() {
    let site = lift("<meta property=og:image content='data:,x'><meta property=og:image content=/a.png>");
    assert_eq!(site.image.as_deref(), Some("https://h.example/a.png"));
    let site = lift(
        "<script type=application/ld+json>[{\"@type\":\"Organization\",\"description\":\"the firm\"},\
         {\"@type\":\"http://schema.org/Article\",\"headline\":[\"Head\"],\"description\":{\"@value\":\"the text\"}}]</script>",
    );
    assert_eq!((site.title.as_deref(), site.description.as_deref()), (Some("Head"), Some("the text")));
}

#[test]
fn blocks_part_words_and_hidden_articles_do_not_count() {
    let site = lift("<h1><article>One</article>Two</h1>");
    assert_eq!(site.headings[0].text, "One Two");
    let site = lift("<article><noscript><article></article></noscript><img src=/a.png></article>");
    assert_eq!(site.image.as_deref(), Some("https://h.example/a.png"));
}

#[test]
fn content_types_as_browsers_read_them() {
    let page = b"<!doctype html><title>\xd0\xd2</title>";
    for (content_type, charset) in [
        ("text/html charset=utf-8", "windows-1252"),
        ("text/html; x-charset=utf-8; charset=koi8-r", "koi8-r"),
        ("text/html; charset=koi8-r, text/html", "koi8-r"),
        ("html", "windows-1252"),
    ] {
        let site = lift_as(page, Some(content_type));
        assert!(site.title.is_some(), "{content_type}");
        let ascii = site.charset.as_deref().expect("a charset");
        assert!(ascii == charset || charset == "windows-1252", "{content_type}: {ascii}");
    }
    let yaml = lift_as(b"a: b", Some("application/yaml"));
    assert_eq!((yaml.error, yaml.body.as_deref()), (None, Some("a: b")));
    let font = lift_as(b"a: b", Some("font/woff2"));
    assert_eq!(font.error.map(|e| e.kind), Some(ProblemKind::UnsupportedContent));
}

#[test]
fn a_title_without_its_site() {
    for (html, title, site_name) in [
        ("<title>A walk | The Wren</title><h1>A walk</h1>", "A walk", "The Wren"),
        ("<title>A walk - Wren</title><meta property=og:site_name content=wren>", "A walk", "wren"),
        ("<title>The Wren: A walk</title><h1>A walk</h1>", "The Wren: A walk", "h"),
        // What nobody has named yet.
        ("<title>A walk | Wren</title><meta property=og:site_name content='My Site'><h1>A walk</h1>", "A walk", "Wren"),
        ("<title>A walk</title><meta name=application-name content='A walk'><h1>A walk</h1>", "A walk", "h"),
        ("<title>A long walk home | My Site</title>", "A long walk home", "h"),
        ("<title>A long walk | The Wren</title>", "A long walk", "The Wren"),
        // The site may as well stand first.
        ("<title>Wren | A long walk</title>", "Wren | A long walk", "h"),
        ("<title>A long walk | Hills</title><h3>Hills</h3>", "A long walk | Hills", "h"),
        ("<title>A long walk home - 5 May - Wren</title><h1>A long walk home</h1>", "A long walk home", "Wren"),
        // A heading so short may be that of a section.
        ("<title>Walks - A walk by the river - Wren</title><h1>Walks</h1>", "Walks - A walk by the river", "Wren"),
        // Nothing shows that the end is a site.
        ("<title>Tea - a history</title>", "Tea - a history", "h"),
        // A colon parts them where the site is known.
        ("<title>Wren: A walk</title><meta property=og:site_name content=Wren>", "A walk", "Wren"),
        ("<title>A walk: up: Wren</title><meta property=og:site_name content=Wren>", "A walk: up", "Wren"),
        ("<title>Wren: 2011</title><meta property=og:site_name content=Wren>", "Wren: 2011", "Wren"),
        ("<title>鷦鷯の散歩--鷦鷯日報</title><h1>鷦鷯の散歩</h1>", "鷦鷯の散歩", "鷦鷯日報"),
        (
            "<title>鷦鷯的散步|鷦鷯|散步_新聞_鷦鷯網</title><meta property=og:title content=鷦鷯的散步>",
            "鷦鷯的散步",
            "鷦鷯網",
        ),
        // The first heading may be the site's.
        ("<title>The Wren: A walk home</title><h1>The Wren</h1><h3>A walk home</h3>", "A walk home", "The Wren"),
        ("<title>A walk home - The Wren</title><h1>The Wren</h1><h3>A walk home</h3>", "A walk home", "The Wren"),
        ("<title>A walk | Wren</title><meta property=og:title content='{{ title }}'><h1>A walk</h1>", "A walk", "Wren"),
        // The tag only repeats the site.
        (
            "<meta property=og:title content=Wren><meta property=og:site_name content=Wren><title>A walk</title>",
            "A walk",
            "Wren",
        ),
    ] {
        let site = lift(html);
        assert_eq!((site.title.as_deref(), site.site_name.as_deref()), (Some(title), Some(site_name)), "{html}");
    }
    let site = lift("<title>A walk | Wren</title><h1>A walk</h1>");
    assert_eq!(site.html_title.as_deref(), Some("A walk | Wren"));
    assert_eq!(site.sources["title"], "title");
}

#[test]
fn a_whole_text_is_no_description() {
    let body = |properties: &str| lift(&format!("<div itemprop='{properties}'>They sing at dawn.</div>")).description;
    assert_eq!(body("description").as_deref(), Some("They sing at dawn."));
    assert_eq!(body("description articleBody"), None);
}

#[test]
fn a_description_that_its_own_quotes_cut() {
    let data = r#"<script type=application/ld+json>{"@type":"Article","description":"They sing \"The Wren\" at dawn."}</script>"#;
    let site = lift(&format!(r#"<meta name=description content="They sing "The Wren" at dawn.">{data}"#));
    assert_eq!(site.description.as_deref(), Some("They sing \"The Wren\" at dawn."));
    let site = lift(&format!("<meta name=description content='They sing'>{data}"));
    assert_eq!(site.description.as_deref(), Some("They sing \"The Wren\" at dawn."));
    let site = lift(&format!("<meta name=description content='They s'>{data}"));
    assert_eq!(site.description.as_deref(), Some("They s"));
}

#[test]
fn authors_from_what_is_shown() {
    for (html, author) in [
        ("<p class=byline>By Ada Hill | 5 May 2024</p>", Some("Ada Hill")),
        ("<a href=/author/ada-hill>Ada Hill</a>", Some("Ada Hill")),
        (
            "<span itemprop=author itemscope><b itemprop=name>Ada Hill</b></span><i itemprop=author>Ben Low</i>",
            Some("Ada Hill, Ben Low"),
        ),
        (
            "<meta name=citation_author content='Hill, A.'><meta name=citation_author content='Low, B.'>",
            Some("A. Hill, B. Low"),
        ),
        ("<div class=comments><a rel=tag></a><span class=comment-author>Mad Reader</span></div>", None),
        ("<meta name=author content='The Wren'><meta property=og:site_name content='The Wren'>", None),
        ("<span class=author>Posted on</span>", None),
        ("<p class=author>Von Ada Hill</p>", Some("Ada Hill")),
        // The one of the article, not of the house.
        (
            "<meta name=author content='Great House'><meta property='article:author' content='Ada Hill'>",
            Some("Ada Hill"),
        ),
        ("<meta name=author content='Ada Hill'><meta property='article:author' content='/@ada'>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>By <a href=/profile/7>Ada Hill</a></p>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>By Ada Hill and Ben Low</p>", Some("Ada Hill and Ben Low")),
        ("<h1>A walk</h1><p>By the time we came home</p>", None),
        ("<p>by <a href=/licence>a Creative Commons Licence</a></p>", None),
        ("<h1>A walk</h1><p>Hills | By Ada Hill | 5 May 2024</p>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>By Ada Hill and Ben Low, May 5, 2024</p>", Some("Ada Hill and Ben Low")),
        ("<h1>A walk</h1><p>Hills | By 5 May 2024 | Tea</p>", None),
        ("<h1>A walk</h1><p>One</p><p>Two</p><p>Three</p><p>Four</p><p>By Ada Hill</p>", None),
        // Those of one line wrote it; those of others wrote others.
        (
            "<p><a href=/author/a>Ada Hill</a>, <a href=/author/b>Ben Low</a></p><p><a href=/author/c>Cy Dee</a></p>",
            Some("Ada Hill, Ben Low"),
        ),
        ("<p class=author>De Botton</p>", Some("De Botton")),
        // An answer has an author of its own.
        (
            "<div itemscope itemtype=//schema.org/Question><b itemprop=author>Ada Hill</b>\
             <div itemprop=suggestedAnswer itemscope itemtype=//schema.org/Answer><b itemprop=author>Mad Reader</b></div></div>",
            Some("Ada Hill"),
        ),
        ("<div itemprop=review itemscope itemtype=//schema.org/Review><b itemprop=author>Mad Reader</b></div>", None),
        ("<div itemscope itemtype=//schema.org/Review><b itemprop=author>Ada Hill</b></div>", Some("Ada Hill")),
        ("<meta name=author content='von der Leyen'>", Some("von der Leyen")),
        ("<meta name=author content='Ada Hill ada@hill.example'>", Some("Ada Hill")),
        ("<meta name=parsely-page content='{\"authors\": [\"Ada Hill\", \"Ben Low\"]}'>", Some("Ada Hill, Ben Low")),
        (
            "<script type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"name\":[\"Ada Hill\",\"Ben Low\"]}}</script>",
            Some("Ada Hill, Ben Low"),
        ),
        (
            "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Hill'>\
             <meta name=twitter:label2 content='Est. reading time'><meta name=twitter:data2 content='2 minutes'>",
            Some("Ada Hill"),
        ),
        ("<meta name=twitter:label1 content=Price><meta name=twitter:data1 content='Ten Pounds'>", None),
        // What is shown of a thing to buy are its reviews.
        ("<meta property=og:type content=product><p class=review-author>Mad Reader</p>", None),
        (
            "<script type=application/ld+json>[{\"@type\":\"Article\",\"author\":{\"@id\":\"#a\"}},{\"@id\":\"#a\",\"@type\":\"Person\",\"name\":\"Ada Hill\"}]</script>",
            Some("Ada Hill"),
        ),
    ] {
        assert_eq!(lift(html).author.as_deref(), author, "{html}");
    }
}

#[test]
fn authors_from_lines() {
    for (html, author) in [
        // What programs write below a headline, or below the text.
        ("<h1>A walk</h1><p>Submitted by <b>adahill</b> on Tue, 04/13/2021 - 14:02</p>", Some("adahill")),
        (
            "<h1>Hill Notes</h1><h3>A walk</h3><p>One<p>Two<p>Three<p>Four<p>Posted by Ada Hill at May 1, 2024 10:44 PM",
            Some("Ada Hill"),
        ),
        (
            "<h1>A walk</h1><p>One<p>Two<p>Three<p>Four<h2>2 Comments</h2><p>Posted by Mad Reader on May 1, 2024</p>",
            None,
        ),
        ("<h1>A walk</h1><p>Escrito por Ada Hill</p>", Some("Ada Hill")),
        (
            "<div rel=sioc:has_creator>von <i property=foaf:name>Ada Hill</i></div>\
             <div class=comment><p rel=sioc:has_creator>von <i property=foaf:name>Mad Reader</i></div>",
            Some("Ada Hill"),
        ),
        // Nothing but `<title>` tells which line is the headline.
        ("<h1>A walk</h1><p>by Ada Hill</p>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>posted by ada_hill @ 09:40</p>", Some("ada_hill")),
        ("<table><tr><td>작성자<td>김바다</table>", Some("김바다")),
        ("<dl><dt>Author:<dd>Ada Hill</dl>", Some("Ada Hill")),
        ("<table><tr><th>Author<th>Last Post</table>", None),
        ("<h1>散歩</h1><p>著者：磯辺 守 公開日：2024/05/01</p>", Some("磯辺 守")),
        ("<p class=autor>Tekst: Wanda Zatoka</p>", Some("Wanda Zatoka")),
        ("<p class='author vcard'><b>ada</b> 5 May 2024</p>", Some("ada")),
        ("<div class=post-comments><b class=author>Mad Reader</b></div>", None),
        ("<h1>A walk</h1><p>by all that is holy</p>", None),
        ("<h1>Um passeio</h1><p>Por Ada Hill, Gazeta — Porto</p>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>By Ada Hill 5 May 2024, 8:30</p>", Some("Ada Hill")),
        ("<h1>A walk</h1><p>By Ada Hill May 5, 2024</p>", Some("Ada Hill")),
        ("<h1>散步</h1><p>2024-05-01 港報 / 記者林小海／基隆報導</p>", Some("林小海")),
        ("<h1>散步</h1><p>2024-05-01 記者很多的一天</p>", None),
        ("<h1>نزهة</h1><p>بقلم: ليلى المرسي نُشر في ١٤ مارس ٢٠٢١</p>", Some("ليلى المرسي")),
        (
            "<title>Hill Notes: A walk in the hills</title><font size=5>A walk in the hills</font><br>By Ada Hill<br>Staff",
            Some("Ada Hill"),
        ),
        ("<title>Hill Notes: A walk in the hills</title><font size=5>A walk</font><br>By Ada Hill<br>Staff", None),
        (
            "<title>A walk in the hills - Notes</title><h1>Notes</h1><p>1<p>2<p>3<p>4<p>5<h3>A walk in the hills</h3><p>By Ada Hill",
            Some("Ada Hill"),
        ),
    ] {
        assert_eq!(lift(html).author.as_deref(), author, "{html}");
    }
}

#[test]
fn dates_from_what_is_shown() {
    for (html, published) in [
        ("<article><time datetime=2024-05-01T10:00Z>today</time></article>", Some("2024-05-01T10:00:00Z")),
        ("<html lang=de><span class=entry-date>1. Mai 2024</span>", Some("2024-05-01")),
        ("<h1>A walk</h1><p>1 May 2024, 10:30</p>", Some("2024-05-01T10:30:00")),
        (
            "<h1>A walk</h1><p>On 1 May 2024 we set out for the hills and came back with nothing but wet feet and a cold.</p>",
            None,
        ),
        ("<h1>A walk</h1><aside><time datetime=2024-05-01>x</time></aside>", None),
        ("<h1>A walk</h1><p>Updated 1 May 2024</p>", None),
        ("<p class='date updated'>1 May 2024</p>", Some("2024-05-01")),
        ("<p class=updated>1 May 2024</p>", None),
        ("<span class=age title='2024-05-01T10:00:00 1714557600'>1 day ago</span>", Some("2024-05-01T10:00:00")),
        ("<dl><dt>Published:<dd>1 May 2024<dt>Pages<dd>12.06.2024</dl>", Some("2024-05-01")),
        ("<dl><dt>Moon:<dd>1 May 2024</dl>", None),
        (
            "<p>This entry was posted on Wednesday, May 1st, 2024 at 10:30 am and is filed under Walks. You can follow the replies through the feed.",
            Some("2024-05-01T10:30:00"),
        ),
        (
            "<h2 class=entry-title>A walk</h2><p>1 May 2024</p><h2 class=entry-title>Tea</h2><p>2 May 2024</p>",
            Some("2024-05-01"),
        ),
        ("<h2>A walk</h2><p>1 May 2024</p>", None),
        ("<p>기사입력 :[ 2024-05-01 15:24 ]</p>", Some("2024-05-01T15:24:00")),
        ("<p>Opublikowano: 1 maja 2024</p>", Some("2024-05-01")),
        ("<h1>A walk</h1><p>23.10.2015 - 25.10.2015</p>", None),
        (
            "<h1>A walk</h1><div class=footer><time itemprop=datePublished datetime=2024-05-01></time></div>",
            Some("2024-05-01"),
        ),
        ("<h1>A walk</h1><p>1<p>2<p>3<p>4<p>5<div class=footer><time datetime=2024-05-01></time></div>", None),
        (
            "<div itemscope itemtype=//schema.org/Comment><time itemprop=datePublished datetime=2024-05-01></time></div>",
            None,
        ),
        ("<title>A walk in the hills</title><b>A walk in the hills</b><br>1 May 2024<br>", Some("2024-05-01")),
        ("<div class=data>1 maggio 2024</div>", Some("2024-05-01")),
        (
            "<h1>A walk</h1><p>PORT LUNE, May 1, 2024 – Ropeworks said today that it will go on making ropes for another ten years, to the joy of all.",
            Some("2024-05-01"),
        ),
        (
            "<h1>A walk</h1><p>On May 1, 2024 – it was a fine day, and all of us were there – the ropes were cut by the mayor of the town.",
            None,
        ),
        ("<p>Last update: <span class=date>1 May 2024</span>", None),
        ("<table><tr><td>작성일<td>2024-05-01 10:20:30</table>", Some("2024-05-01T10:20:30")),
        ("<meta name=parsely-page content='{\"pub_date\": \"2024-05-01T10:00:00Z\"}'>", Some("2024-05-01T10:00:00Z")),
        ("<html lang=de><p class=datum>01.05.24</p>", Some("2024-05-01")),
        ("<p>Julkaistu 1.5.2024 klo 8.30 Päivitetty 2.5.2024 klo 9.00</p>", Some("2024-05-01")),
        ("<p>Publicat: 1 mai 2024, 08:30 | Actualizat: 2 mai 2024, 09:00</p>", Some("2024-05-01T08:30:00")),
        ("<meta property=og:type content=product><p class=review-date>1 May 2024</p>", None),
        ("<h1>The old bridge</h1><table><tr><td>1 May 1912</table>", None),
        ("<meta name=generator content='MediaWiki 1.35'><h1>The bridge</h1><table><tr><td>1 May 2012</table>", None),
        (
            "<meta name=citation_date content=2024/05/01><meta name=citation_online_date content=2024/06/01>",
            Some("2024-05-01"),
        ),
        ("<meta name=DC.date.issued content=2024-05-01>", Some("2024-05-01")),
        ("<meta property='article:published_time' content=yesterday>", None),
    ] {
        let site = lift(html);
        assert_eq!(site.published_at.as_deref(), published, "{html}");
    }
    for html in [
        "<h1>A walk</h1><p>Updated 2 May 2024</p>",
        "<html lang=it><h1>A walk</h1><p>1 maggio 2024 - 07:30 Ultimo aggiornamento: 2 maggio 2024 - 10:00</p>",
        "<p>Laatste update: <time datetime=2024-05-02>2 mei</time></p>",
        "<article><span>1 May 2024 | Updated: <time datetime=2024-05-02>yesterday</time></span></article>",
        "<h1>A walk</h1><p>수정 2024.05.02</p>",
        "<p>Last update: <span class=revision-date>2 May 2024</span>",
        "<h1>A walk</h1><p>10:30, 1 MAY 2024 | UPDATED 11:30, 2 MAY 2024</p>",
        "<dl><dt>Published<dd>1 May 2024<dt>Last updated<dd>2 May 2024</dl>",
        "<p>Publicerad 1 maj 2024 kl 08.30 Uppdaterad 2 maj 2024 kl 09.00</p>",
    ] {
        let modified = lift(html).modified_at;
        assert_eq!(modified.as_deref().and_then(|date| date.get(..10)), Some("2024-05-02"), "{html}");
    }
    let both =
        lift("<html lang=it><h1>A walk</h1><p>1 maggio 2024 - 07:30 Ultimo aggiornamento: 2 maggio 2024 - 10:00</p>");
    assert_eq!(both.published_at.as_deref(), Some("2024-05-01T07:30:00"));
    let event = sitelift::extract(
        b"<h1>A walk</h1><p>1 May 2024</p>",
        Some("https://h.example/events/walk".to_owned()),
        None,
        HashMap::new(),
        None,
        true,
    );
    assert_eq!(event.expect("a good base URL").published_at, None);
}

#[test]
fn what_is_of_other_things_is_not_of_the_page() {
    let text = "<p>One<p>Two<p>Three<p>Four<p>Five";
    let others =
        "<div><a href=/1>Tea</a> <span class=date>1 May 2024</span> <span class=author>By Mad Reader</span></div>";
    for html in [
        format!("<h1>A walk</h1>{text}<section><h2>More stories</h2>{others}</section>"),
        format!("<h1>A walk</h1>{text}<div><h3>Recent</h3>{others}</div>"),
        "<h1>Driver wanted</h1><p>Apply by 1 May 2024</p>".to_owned(),
        "<h1>Ada Hill</h1><p>Born 1 May 1994</p>".to_owned(),
        "<h1>Rope</h1><cite class=testimonial-author>Mad Reader</cite>".to_owned(),
    ] {
        let site = lift(&html);
        assert_eq!((site.author, site.published_at), (None, None), "{html}");
    }
    // The heading bears on what stands beside it alone.
    let after = lift(&format!("<h1>A walk</h1>{text}<div><h2>More stories</h2></div>{others}"));
    assert_eq!(after.published_at.as_deref(), Some("2024-05-01"));
    let book = lift("<meta property=og:type content=book><meta property=book:author content='Ada Hill'>");
    assert_eq!(book.author.as_deref(), Some("Ada Hill"));
    let list = "<h1>News</h1><li><b class=date>1 May 2024</b> Tea<li><b class=date>2 May 2024</b> Rain";
    let at = |url: &str| {
        let site = sitelift::extract(list.as_bytes(), Some(url.to_owned()), None, HashMap::new(), None, true);
        site.expect("a good base URL").published_at
    };
    assert_eq!(at("https://h.example/news/"), None);
    assert_eq!(at("https://h.example/news/tea").as_deref(), Some("2024-05-01"));
}

#[test]
fn tags_by_their_address() {
    for (html, keywords) in [
        (
            "<h1>A walk</h1><a href=/tag/hills/>Hills</a><a href=/tags/tea>Tea</a><a href=/tag>All</a>",
            &["Hills", "Tea"][..],
        ),
        ("<a href=/tag/hills>Hills</a><h1>A walk</h1><aside><a href=/tag/tea>Tea</a></aside>", &[]),
        ("<h1>A walk</h1><a href=/tag/hills>Hills</a><a rel=tag href=/x>Tea</a>", &["Tea"]),
        ("<h1>A walk</h1><a href=/tag/hills/feed/rss>Hills</a>", &[]),
    ] {
        assert_eq!(lift(html).keywords, keywords, "{html}");
    }
}

#[test]
fn media_contacts_and_profiles() {
    let site = lift(
        "<meta property=og:video content=/a.mp4><meta property=og:video:type content=video/mp4><meta property=og:video:width content=640>\
         <video poster=/p.png><source src=/b.webm type=video/webm></video><audio src=/c.mp3></audio>\
         <a href='MAILTO:ada%2Bx@h.example?subject=hi'>x</a><a href='tel:+49 30 123;ext=1'>x</a>\
         <a href=https://www.instagram.com/ada.h/?hl=en>x</a><a href='https://twitter.com/intent/tweet?text=x'>x</a>",
    );
    let urls = |list: &[sitelift::Media]| list.iter().map(|m| m.url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&site.videos), ["https://h.example/a.mp4", "https://h.example/b.webm"]);
    assert_eq!((site.videos[0].width, site.videos[0].r#type.as_deref()), (Some(640), Some("video/mp4")));
    assert_eq!(site.videos[1].poster.as_deref(), Some("https://h.example/p.png"));
    assert_eq!(urls(&site.audio), ["https://h.example/c.mp3"]);
    assert_eq!((site.emails, site.phones), (vec!["ada+x@h.example".to_owned()], vec!["+49 30 123".to_owned()]));
    let profiles: Vec<_> = site.social_profiles.iter().map(|p| (p.network.as_str(), p.handle.as_str())).collect();
    assert_eq!(profiles, [("instagram", "ada.h")]);
}

#[test]
fn words_of_any_script() {
    for (html, words) in [
        ("<p>One <b>t</b>wo, three's <script>four</script></p><title>five</title>", 3),
        ("<p>漢字 と</p>", 3),
        ("<p>שלום עולם</p><p hidden>x</p>", 2),
        ("", 0),
    ] {
        assert_eq!(lift(html).word_count, Some(words), "{html}");
    }
    let same = [lift("<p>a  b</p>"), lift("<div>a b\n</div>")];
    assert_eq!(same[0].content_hash, same[1].content_hash);
    assert_ne!(same[0].content_hash, lift("<p>a c</p>").content_hash);
}

#[test]
fn kinds_of_pages() {
    let prose = "<p>We walked all day along the river and saw nothing but herons, mud and the odd boat.</p>".repeat(30);
    let links = "<li><a href=/x>Another page of this site</a>".repeat(60);
    for (html, kind) in [
        (format!("<article>{prose}</article>"), PageKind::Article),
        (format!("<ul>{links}</ul>"), PageKind::Listing),
        ("<title>Sign in</title><form>Name <input> Password <input type=password></form>".to_owned(), PageKind::Login),
        ("<title>Just a moment...</title><p>Checking</p>".to_owned(), PageKind::BotBlock),
        ("<title>Seite nicht gefunden</title><p>Hier ist nichts.</p>".to_owned(), PageKind::NotFound),
        ("<title>x</title><p>We value your privacy. Cookies need your consent.</p><button>Accept all</button>".to_owned(), PageKind::ConsentWall),
        ("<title>x</title><div id=app></div><script src=/a.js></script>".to_owned(), PageKind::Shell),
        ("<meta property=og:type content=product><h1>Tea</h1><p>Ten good words about tea, and the price of it: 4 pounds only.</p>".to_owned(), PageKind::Product),
        (format!("<title>Error 404 in our tea</title>{prose}"), PageKind::Article),
        ("<p>A short page about nothing much at all, with a few words and no more than that.</p>".to_owned(), PageKind::Other),
    ] {
        assert_eq!(lift(&html).page_kind, Some(kind), "{}", &html[..html.len().min(80)]);
    }
}

#[test]
fn robots_of_the_page() {
    let robots =
        lift("<meta name=robots content='noindex, max-image-preview:large'><meta name=ROBOTS content=nofollow>").robots;
    let robots = robots.expect("directives");
    assert_eq!((robots.index, robots.follow, robots.archive), (false, false, true));
    assert_eq!(robots.max_image_preview.as_deref(), Some("large"));
    assert_eq!(lift("<meta name=googlebot content=noindex>").robots, None);
}

#[test]
fn only_the_parts_that_are_wanted() {
    let html = "<title>t</title><meta name=a content=b><h1>h</h1><a href=/x>x</a><img src=/i.png><a href=mailto:a@h.example>m</a>\
                <video src=/v.mp4></video><script type=application/ld+json>{\"headline\":\"h\"}</script>";
    let with = |parts: &[Part]| {
        sitelift::extract(
            html.as_bytes(),
            Some("https://h.example/".to_owned()),
            None,
            HashMap::new(),
            Some(parts.to_vec()),
            true,
        )
        .expect("a good base URL")
    };
    let none = with(&[]);
    assert_eq!(none.title.as_deref(), Some("t"));
    assert!(none.meta.is_empty() && none.headings.is_empty() && none.links.is_empty() && none.images.is_empty());
    assert!(none.videos.is_empty() && none.emails.is_empty() && none.json_ld.is_empty());
    assert_eq!((none.word_count, none.page_kind), (None, None));
    let some = with(&[Part::Links, Part::Text]);
    assert_eq!((some.links.len(), some.word_count.is_some(), some.images.len()), (1, true, 0));
}

fn microdata(html: &str) -> serde_json::Value {
    lift(html).microdata.map_or(serde_json::Value::Null, |json| serde_json::from_str(&json).expect("JSON"))
}

#[test]
fn microdata_items() {
    let found = microdata(
        "<div itemscope itemtype='https://schema.org/Product https://h.example/Tea' itemid=/tea>\
         <b itemprop=name> Green\n tea </b><a itemprop='url sameAs' href=../x>more</a><img itemprop=image src=' i.png '>\
         <p itemprop=offers itemscope><data itemprop=price value=4>four</data><link itemprop=availability href=https://schema.org/InStock></p>\
         <time itemprop=releaseDate datetime=2024-05-01>May</time><span itemprop=sku content=7>x</span><i itemprop=name>Sencha</i></div>\
         <p itemscope itemtype=https://schema.org/Person>Ada</p><p itemprop=stray>x</p>",
    );
    let want = serde_json::json!([
        {
            "type": ["https://schema.org/Product", "https://h.example/Tea"],
            "id": "https://h.example/tea",
            "properties": {
                "name": ["Green tea", "Sencha"],
                "url": "https://h.example/x",
                "sameAs": "https://h.example/x",
                "image": "https://h.example/d/i.png",
                "offers": { "properties": { "price": "4", "availability": "https://schema.org/InStock" } },
                "releaseDate": "2024-05-01",
                "sku": "7"
            }
        },
        { "type": "https://schema.org/Person", "value": "Ada" }
    ]);
    assert_eq!(found, want);
    assert_eq!(lift("<p itemprop=a>x</p>").microdata, None);
}

#[test]
fn microdata_by_reference() {
    let found = microdata(
        "<p id=x><b itemprop=a>1</b></p><div itemscope itemref='x no y'><b itemprop=a>2</b></div><p id=y itemprop=b>3</p>\
         <i id=z itemscope itemprop=self itemref=z></i><div itemscope itemref=z></div>",
    );
    let want = serde_json::json!([
        { "properties": { "a": ["1", "2"], "b": "3" } },
        { "properties": { "self": { "properties": {} } } }
    ]);
    assert_eq!(found, want);
}

#[test]
fn microdata_that_multiplies() {
    let each = |make: &dyn Fn(usize) -> String| (0..60).map(make).collect::<Vec<_>>().concat();
    let refs = each(&|i| format!("i{i} "));
    let items = each(&|i| format!("<p id=i{i} itemprop=a itemscope itemref='{refs}'>x</p>"));
    let names = each(&|i| format!("n{i} "));
    let nested = format!("<div itemscope itemprop='{names}'>").repeat(30);
    for html in
        [format!("{items}<div itemscope itemref='{refs}'></div>"), format!("<div itemscope>{nested}<p itemprop=a>x")]
    {
        let site = lift(&html);
        assert!(site.microdata.is_none_or(|json| json.len() < 16 << 20));
        assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::PageTooComplex), "{:?}", site.warnings);
    }
}

#[test]
fn players_without_an_address() {
    let site = lift("<video poster=/p.png></video>");
    assert_eq!((site.image.as_deref(), site.videos.len()), (Some("https://h.example/p.png"), 0));
    let site = lift("<audio><source src=0><source src=undefined><source src=/a.mp3></audio>");
    assert_eq!(site.audio.len(), 1);
    assert_eq!(site.audio[0].url, "https://h.example/a.mp3");
}
