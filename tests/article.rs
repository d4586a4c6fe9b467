//! The article: what is kept of a page, and how it is written.

use sitelift::{Article, Part, Site};
use std::collections::HashMap;
use std::time::{Duration, Instant};

fn site(html: &str) -> Site {
    let base = Some("https://h.example/d/page".to_owned());
    sitelift::extract(html.as_bytes(), base, None, HashMap::new(), Some(vec![Part::Article]), true)
        .expect("a good base URL")
}

fn article(html: &str) -> Article {
    site(html).article.expect("an article")
}

const FIRST: &str =
    "The ferry left at six, as it had every morning for forty years, with two cars, a dog, and the post on board.";
const SECOND: &str = "By seven the fog had come down over the strait, and the captain, who knew the way by the bells, slowed to a crawl.";

/// A page with everything around its article that pages have.
fn page(body: &str) -> String {
    format!(
        "<title>The ferry - The Strait Times</title><body><header class=site-header><a href=/>The Strait Times</a></header>
        <nav><ul><li><a href=/news>News</a><li><a href=/sport>Sport</a></ul></nav>
        <div id=content><article><h1>The ferry</h1><p class=byline>By Nan Odell</p><p>5 May 2024, 6:10 am</p>{body}
        <div class='share-buttons'><a href=/s>Share</a></div></article>
        <div class=comments><p>First! I have been waiting, honestly, for years, to be the first to say this here.</p></div></div>
        <aside class=sidebar><p>Ten other stories, some of them long, that you may, or may not, want to read.</p></aside>
        <footer>Imprint, terms, privacy, cookies, and other things nobody reads.</footer></body>"
    )
}

#[test]
fn what_surrounds_it_is_left_out() {
    let found = article(&page(&format!(
        "<p>{FIRST}</p><script>x()</script><p style='display: none'>unseen</p><div>{SECOND}</div>"
    )));
    assert_eq!(found.text, format!("{FIRST}\n\n{SECOND}"));
    assert_eq!(found.html, format!("<p>{FIRST}</p><p>{SECOND}</p>"));
    assert_eq!(found.markdown, found.text);
    assert_eq!(found.excerpt, FIRST);
}

#[test]
fn pointers_to_other_pages_are_left_out() {
    let others = "<p>Read also: <a href=/x>The bells of the strait</a></p><p>Lesen Sie auch: <a href=/y>Nebel</a></p>";
    let own = "<p>Read more than one book about it, as <a href=/z>she</a> did, and you will know no more than before you began.</p>";
    let text = article(&page(&format!("<p>{FIRST}</p>{others}<p>{SECOND}</p>{own}"))).text;
    assert!(!text.contains("bells of the strait") && !text.contains("Nebel"), "{text}");
    assert!(text.contains("Read more than one book"), "{text}");
}

#[test]
fn lists_of_other_pages_are_left_out() {
    for others in [
        "<h3>You may also like</h3><ul><li><a href=/x>The bells of the strait</a><li><a href=/y>Nebel über dem Sund</a></ul>",
        "<div><h2>関連記事</h2></div><div><a href=/x>The bells of the strait</a> <a href=/y>Nebel über dem Sund</a></div>",
        "<p><b>Читайте также:</b><br><a href=/x>The bells of the strait</a><br><a href=/y>Nebel über dem Sund</a></p>",
        "<p><a href=/x>The bells of the strait</a></p><p><a href=/y>Nebel über dem Sund</a></p>",
    ] {
        let found = article(&page(&format!("<p>{FIRST}</p>{others}<p>{SECOND}</p>")));
        assert_eq!(found.text, format!("{FIRST}\n\n{SECOND}"), "{others}");
    }
    let own =
        "<h2>Related work</h2><p>Others have, in <a href=/z>books</a> of their own, told of fog, and told it well.</p>";
    let text =
        article(&page(&format!("<p>{FIRST}</p>{own}<p>{SECOND}</p><p><a href=/a>One link by itself</a></p>"))).text;
    assert!(
        text.contains("Related work") && text.contains("told of fog") && text.contains("One link by itself"),
        "{text}"
    );
}

#[test]
fn what_readers_wrote_is_left_out() {
    let comments = "<p>I took it, too, in the great fog, and was never so cold.</p><p>Posted by: Bo at May 6, 2024</p>";
    let posted = "<p>Posted by Nan Odell at May 5, 2024 6:10 AM</p>";
    let text = article(&page(&format!("<p>{FIRST}</p><p>{SECOND}</p>{posted}<h3>1 Comment</h3>{comments}"))).text;
    assert_eq!(text, format!("{FIRST}\n\n{SECOND}"));
    // In a manual it heads a chapter.
    let text =
        article(&page(&format!("<p>{FIRST}</p><p>{SECOND}</p><h3>Comments</h3><p>Begin with two strokes.</p>"))).text;
    assert!(text.contains("two strokes"), "{text}");
}

#[test]
fn a_short_article_is_not_left_for_its_surroundings() {
    let line = "The ferry left at six as it had every morning for forty years with two cars and a dog and the post on board \
                while the fog came down over the strait.";
    let html = format!(
        "<div class=site-blocks><header><p class=site-name><a href=/>The Strait Times</a></p></header><main class=group>\
         <div><h1>The ferry</h1></div>\
         <div class='entry-content post-content'><p>One. {line}</p><p>Two. {line}</p><p>Three. {line}</p></div>\
         <div class=block-comments><h2>Letters</h2><ol><li><div class=comment-content><p>A fine story for all of us here by the \
         sea.</p></div></li></ol></div></main></div>"
    );
    let text = article(&html).text;
    assert_eq!(text, format!("One. {line}\n\nTwo. {line}\n\nThree. {line}"));
}

#[test]
fn articles_within_that_lead_to_others_are_left_out() {
    let other = |name: &str| {
        format!("<article><h3><a href=/{name}>{name}</a></h3><p>It was, all said and done, {name}.</p></article>")
    };
    let long = format!("<p>{FIRST}</p><p>{SECOND}</p>").repeat(3);
    let text = article(&page(&format!("{long}<section>{}{}</section>", other("late"), other("cold")))).text;
    assert!(text.ends_with(SECOND), "{text}");
    // One alone may be a box of its own.
    let text = article(&page(&format!("{long}<section>{}</section>", other("late")))).text;
    assert!(text.ends_with("It was, all said and done, late."), "{text}");
}

#[test]
fn paragraphs_are_items_too() {
    let words = format!("<dt>Ferry<dd>{FIRST}<dt>Fog<dd>{SECOND}").repeat(2);
    let text = article(&format!(
        "<nav><ul><li><a href=/>Home</a></ul></nav><main><h1>Words</h1><dl>{words}</dl></main><footer><p>Imprint, terms, privacy, cookies, and other things nobody reads.</p></footer>"
    ))
    .text;
    assert!(text.contains(FIRST) && text.contains(SECOND), "{text}");
}

#[test]
fn a_footer_is_no_article() {
    let text = article(&format!(
        "<main><h1>Ferries</h1><ul><li>{FIRST}<li>{SECOND}</ul></main><footer><p>Imprint, terms, privacy, cookies, and other \
         things nobody reads.</p></footer>"
    ))
    .text;
    assert!(text.contains(FIRST) && !text.contains("Imprint"), "{text}");
}

#[test]
fn furniture_is_left_out() {
    let noise = "<p>ADVERTISEMENT</p><p>- Anúncio -</p><p>Copyright 2011 The Strait Times. All rights reserved.</p>
        <p><b>Warning</b>: Undefined offset in <b>/srv/x.php</b> on line <b>7</b></p><p>Schlagworte: Nebel, Fähre</p>
        <p><b>Subscribe to our newsletter</b> and miss no boat.</p><p>Follow The Times on <a href=//twitter.com/t>Twitter</a></p>
        <p>Leave a Reply</p><p>Your email address will not be published.</p>
        <div class=entry-utility>This entry was posted in <a href=/c>Fog</a> by nan.</div>";
    let found = article(&page(&format!("<p>{FIRST}</p>{noise}<p>{SECOND}</p>")));
    assert_eq!(found.text, format!("{FIRST}\n\n{SECOND}"));
    // Who wrote it stands in the record.
    let found = article(&format!(
        "<meta name=author content='Nan Odell'>{}",
        page(&format!("<p>From Nan Odell</p><p>{FIRST}</p><p>{SECOND}</p>"))
    ));
    assert_eq!(found.text, format!("{FIRST}\n\n{SECOND}"));
}

#[test]
fn the_excerpt_is_the_description_where_there_is_one() {
    let html = format!("<meta name=description content='Of fog'>{}", page(&format!("<p>{FIRST}</p><p>{SECOND}</p>")));
    assert_eq!(article(&html).excerpt, "Of fog");
}

#[test]
fn html_is_clean() {
    let found = article(&page(&format!(
        "<p onclick=x() class=a style='color:red'>{FIRST} <a href='javascript:x()'>bad</a> <a href='../next' target=_blank>good</a></p>
         <p>{SECOND} <b>bold</b> &lt;script&gt; <font color=red>red</font><img src='data:,x' data-src=/i.png alt='a \"b\"' onerror=x()></p>
         <form><input name=q><button>Go</button></form><iframe src=https://evil.example/></iframe>
         <iframe src=https://www.youtube.com/embed/x1></iframe><style>p {{}}</style><svg><script>x()</script></svg>"
    )));
    assert_eq!(
        found.html,
        format!(
            "<p>{FIRST} <a>bad</a> <a href=\"https://h.example/next\">good</a></p><p>{SECOND} <strong>bold</strong> &lt;script&gt; \
             red<img src=\"https://h.example/i.png\" alt=\"a &quot;b&quot;\"></p>\
             <p><a href=\"https://www.youtube.com/embed/x1\">https://www.youtube.com/embed/x1</a></p>"
        )
    );
}

#[test]
fn markdown_of_everything() {
    let found = article(&page(&format!(
        "<p>{FIRST}</p><h2>Bells &amp; <i>fog</i></h2><p>{SECOND} <b>Bold </b>and <em>slanted</em>, <del>gone</del>, <code>a`b</code>, 2*3 [x] snake_case _y_<br>next line</p>
         <ul><li>one<li>two <a href=/t>link</a><ol start=3><li>three<li>four</ol></ul>
         <blockquote><p>Quoted, said the captain, and slowly.</p><p>Twice.</p></blockquote>
         <pre><code>let x = 1;\n  y();</code></pre>
         <table><tr><th>A<th>B<tr><td>1 | 2<td><p>3</p></table><p># no heading</p><p>1. no list</p><img src=/i(1).png alt=pic>"
    )));
    let want = format!(
        "{FIRST}\n\n## Bells & *fog*\n\n{SECOND} **Bold** and *slanted*, ~~gone~~, `` a`b ``, 2\\*3 \\[x\\] snake_case \\_y\\_\\\nnext line\n\n\
         - one\n- two [link](https://h.example/t)\n  3. three\n  4. four\n\n\
         > Quoted, said the captain, and slowly.\n>\n> Twice.\n\n\
         ```\nlet x = 1;\n  y();\n```\n\n\
         | A | B |\n| --- | --- |\n| 1 \\| 2 | 3 |\n\n\\# no heading\n\n1\\. no list\n\n![pic](https://h.example/i%281%29.png)"
    );
    assert_eq!(found.markdown, want);
    assert!(found.text.contains("let x = 1;\n  y();"), "{}", found.text);
}

#[test]
fn texts_of_other_scripts() {
    let arabic = "غادرت العبارة في السادسة صباحا، كما تفعل كل يوم منذ أربعين عاما، وعلى متنها سيارتان، وكلب، والبريد.";
    let chinese =
        "渡船六点离港，四十年来每天如此，船上载着两辆汽车、一条狗和邮件。七点钟，海峡上起了雾，船长凭着钟声慢慢前行。";
    for text in [arabic, chinese] {
        let found = article(&page(&format!("<p dir=auto>{text}</p><p>{text}</p>")));
        assert_eq!(found.text, format!("{text}\n\n{text}"));
        assert_eq!(found.html, format!("<p dir=\"auto\">{text}</p><p>{text}</p>"));
    }
}

#[test]
fn paragraphs_made_of_line_breaks() {
    let found = article(&page(&format!("<div>{FIRST}<br><br>{SECOND}<br>Then it cleared.</div>")));
    assert_eq!(found.text, format!("{FIRST}\n\n{SECOND}\nThen it cleared."));
}

#[test]
fn pages_without_one() {
    assert_eq!(site("").article, None);
    assert_eq!(site("<title>x</title><img src=/a.png>").article, None);
    let default =
        sitelift::extract(page(FIRST).as_bytes(), None, None, HashMap::new(), None, true).expect("no base is fine");
    assert_eq!(default.article, None);
}

/// It ends in time, and in proportion, whatever the page.
#[test]
fn hostile_pages() {
    let sentence = "One, two, three, four, and so on, to the end of it all. ";
    for html in [
        format!("{}{}", "<div>".repeat(100_000), sentence.repeat(1_000)),
        format!("{}{}", "<blockquote><ul><li>".repeat(50_000), sentence.repeat(1_000)),
        format!("<p>{}", "<b><i>".repeat(100_000)),
        format!("<div>{sentence}<br>").repeat(10_000),
        "<table><tr><td>".repeat(50_000) + sentence,
        format!("<p>{sentence}</p>").repeat(50_000),
        "`".repeat(500_000),
        format!("<pre>{}", "<code>``".repeat(20_000)),
        "<a href=x>x".repeat(50_000),
    ] {
        let start = Instant::now();
        let found = site(&html).article;
        assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {}", start.elapsed(), &html[..20]);
        let size = found.map_or(0, |a| a.text.len() + a.html.len() + a.markdown.len());
        assert!(size < 16 << 20, "{size} for {}", &html[..20]);
    }
}
