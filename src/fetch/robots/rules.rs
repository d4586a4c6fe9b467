//! Whether a path may be fetched.

use super::path;
use std::time::Duration;
use url::Url;

/// One line of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub allow: bool,
    /// In the spelling of [`path`]; `*` is any number of bytes, `$` at the end the end.
    pub pattern: Vec<u8>,
}

/// The rules that hold for one crawler on one origin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// The longest first, and of those of one length the allowing first: the first that matches decides.
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

impl Rules {
    pub(super) fn new(mut rules: Vec<Rule>, delay: Option<Duration>) -> Self {
        rules.sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.len()), !rule.allow));
        rules.dedup();
        Self { rules, delay }
    }

    /// How many seconds the host wants between two requests.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The rule that forbids a URL, for a person; nothing when it may be fetched. robots.txt itself always may.
    pub(crate) fn forbidding(&self, url: &Url) -> Option<String> {
        if url.path() == "/robots.txt" {
            return None;
        }
        let path = path::of_url(url);
        let decides = self.rules.iter().find(|rule| matches(&rule.pattern, &path))?;
        (!decides.allow).then(|| format!("Disallow: {}", String::from_utf8_lossy(&decides.pattern)))
    }

    /// About how many bytes it holds.
    pub(crate) fn weight(&self) -> usize {
        self.rules.iter().map(|rule| rule.pattern.len() + size_of::<Rule>()).sum()
    }
}

/// Takes the parts between the stars where they come first, which is right and takes no second look: what is left is the longest that can be.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.split_last() {
        Some((b'$', body)) => (body, true),
        _ => (pattern, false),
    };
    let mut parts = pattern.split(|byte| *byte == b'*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return !to_end || rest.is_empty() };
    for part in parts.filter(|part| !part.is_empty()) {
        let Some(at) = find(rest, part) else { return false };
        rest = &rest[at + part.len()..];
    }
    if to_end { rest.ends_with(last) } else { find(rest, last).is_some() }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, part)
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use proptest::prelude::*;

    /// The same by trying all ways: what the quick one must agree with.
    fn slowly(pattern: &[u8], path: &[u8]) -> bool {
        match pattern.split_first() {
            None => true,
            Some((b'$', [])) => path.is_empty(),
            Some((b'*', rest)) => (0..=path.len()).any(|skip| slowly(rest, &path[skip..])),
            Some((byte, rest)) => path.split_first().is_some_and(|(first, path)| first == byte && slowly(rest, path)),
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_trying_all_ways(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,12}") {
            prop_assert_eq!(matches(pattern.as_bytes(), path.as_bytes()), slowly(pattern.as_bytes(), path.as_bytes()));
        }

        #[test]
        fn any_bytes_can_be_read(file in proptest::collection::vec(any::<u8>(), 0..2000), path in "[ -~]{0,40}") {
            let url = Url::parse("http://a.test/").unwrap().join(&path).ok();
            let rules = parse(&file, "sitelift");
            if let Some(url) = url {
                rules.forbidding(&url);
            }
        }

        #[test]
        fn lines_in_any_order_never_hang(
            lines in proptest::collection::vec(
                prop_oneof![
                    "[Uu]ser-[Aa]gent ?:? ?(\\*|sitelift|other)",
                    "(dis)?allow: /[a-c*$%/]{0,10}",
                    "crawl-delay: [0-9.e-]{0,5}",
                    "[ -~]{0,20}",
                ],
                0..40,
            ),
            path in "/([a-c%][a-c%/]{0,11})?",
        ) {
            let rules = parse(lines.join("\n").as_bytes(), "sitelift");
            let url = Url::parse("http://a.test/").unwrap().join(&path).unwrap();
            let forbidding = rules.forbidding(&url);
            // The order of the rules in a group is of no matter.
            let mut reversed = rules.rules.clone();
            reversed.reverse();
            prop_assert_eq!(Rules::new(reversed, None).forbidding(&url).is_some(), forbidding.is_some());
            prop_assert!(rules.delay().unwrap_or_default() <= Duration::from_mins(1));
        }
    }

    fn allowed(file: &str, path: &str) -> bool {
        let url = Url::parse("http://a.test/").unwrap().join(path).unwrap();
        parse(file.as_bytes(), "sitelift").forbidding(&url).is_none()
    }

    #[test]
    fn the_longest_rule_decides_and_allowing_wins_a_tie() {
        let file = "User-agent: *\nDisallow: /a\nAllow: /a/b\nAllow: /tie\nDisallow: /tie\nDisallow: /x*y$";
        for (path, expected) in [
            ("/", true),
            ("/a", false),
            ("/abc", false),
            ("/a/b/c", true),
            ("/tie", true),
            ("/xzy", false),
            ("/xzyy", false),
            ("/xzyz", true),
            ("/xy?a=y", false),
            ("/robots.txt", true),
        ] {
            assert_eq!(allowed(file, path), expected, "{path}");
        }
        assert!(allowed("User-agent: *\nDisallow: /", "/robots.txt"));
    }

    #[test]
    fn own_groups_are_joined_and_push_aside_those_for_all() {
        let file = "user-agent: *\ndisallow: /\n\nUser-Agent: SiteLift/2.0\nUser-agent: other\ndisallow: /one\n\n\
                    user-agent: other\ndisallow: /no\n\nuser-agent: sitelift\ndisallow: /two # why\ncrawl-delay: 1.5";
        for (path, expected) in [("/", true), ("/one", false), ("/two", false), ("/no", true)] {
            assert_eq!(allowed(file, path), expected, "{path}");
        }
        assert_eq!(parse(file.as_bytes(), "sitelift").delay(), Some(Duration::from_millis(1500)));
        // A group without rules allows all.
        assert!(allowed("user-agent: *\ndisallow: /\nuser-agent: sitelift\n", "/x"));
    }

    #[test]
    fn escapes_are_of_one_spelling() {
        for (rule, path, forbidden) in [
            ("/caf\u{e9}", "/caf%C3%A9", true),
            ("/caf%c3%a9", "/caf\u{e9}", true),
            ("/%7euser", "/~user", true),
            ("/a%2fb", "/a/b", false),
            ("/a%2fb", "/a%2Fb", true),
            ("/a<b", "/a<b", true),
            ("/x%2A", "/x*", true),
            ("/x%2A", "/xy", false),
            ("/x$y", "/x$y", true),
            ("/%", "/%", true),
        ] {
            assert_eq!(!allowed(&format!("user-agent: *\ndisallow: {rule}"), path), forbidden, "{rule} {path}");
        }
    }

    #[test]
    fn a_hostile_pattern_takes_no_time() {
        let file = format!("user-agent: *\ndisallow: /{}x\n", "*a".repeat(8_000)).repeat(30);
        let start = std::time::Instant::now();
        assert!(allowed(&file, &format!("/{}", "a".repeat(15_000))));
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[test]
    fn what_lies_beyond_the_limit_is_not_read() {
        let mut file = "user-agent: *\n".to_owned();
        file.push_str(&"# padding\n".repeat(60_000));
        file.push_str("disallow: /");
        assert!(allowed(&file, "/x"));
    }
}
