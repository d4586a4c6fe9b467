//! Profiles on social networks, told from their addresses.

use super::key::key;
use url::Url;

/// A profile on a social network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub network: String,
    pub url: String,
    pub handle: String,
}

/// How a network writes the address of a profile.
enum Form {
    /// `/name`
    Name,
    /// `/@name`
    At,
    /// `/<one of these>/name`
    Under(&'static [&'static str]),
}

/// Hosts (without `www.` and the like), the network's name, and its forms.
const NETWORKS: &[(&str, &str, &[Form])] = &[
    ("twitter.com", "x", &[Form::Name]),
    ("x.com", "x", &[Form::Name]),
    ("facebook.com", "facebook", &[Form::Name, Form::Under(&["pages", "groups"])]),
    ("fb.com", "facebook", &[Form::Name]),
    ("instagram.com", "instagram", &[Form::Name]),
    ("threads.net", "threads", &[Form::At]),
    ("threads.com", "threads", &[Form::At]),
    ("linkedin.com", "linkedin", &[Form::Under(&["in", "company", "school", "showcase"])]),
    ("youtube.com", "youtube", &[Form::At, Form::Under(&["c", "channel", "user"])]),
    ("tiktok.com", "tiktok", &[Form::At]),
    ("pinterest.com", "pinterest", &[Form::Name]),
    ("github.com", "github", &[Form::Name]),
    ("gitlab.com", "gitlab", &[Form::Name]),
    ("mastodon.social", "mastodon", &[Form::At]),
    ("bsky.app", "bluesky", &[Form::Under(&["profile"])]),
    ("reddit.com", "reddit", &[Form::Under(&["r", "user", "u"])]),
    ("medium.com", "medium", &[Form::At]),
    ("t.me", "telegram", &[Form::Name]),
    ("vk.com", "vk", &[Form::Name]),
    ("xing.com", "xing", &[Form::Under(&["profile", "companies", "pages"])]),
    ("twitch.tv", "twitch", &[Form::Name]),
    ("soundcloud.com", "soundcloud", &[Form::Name]),
    ("flickr.com", "flickr", &[Form::Under(&["photos", "people"])]),
    ("tumblr.com", "tumblr", &[Form::Name]),
    ("dribbble.com", "dribbble", &[Form::Name]),
    ("behance.net", "behance", &[Form::Name]),
    ("vimeo.com", "vimeo", &[Form::Name]),
    ("weibo.com", "weibo", &[Form::Name, Form::Under(&["u"])]),
    ("discord.gg", "discord", &[Form::Name]),
    ("patreon.com", "patreon", &[Form::Name]),
    ("snapchat.com", "snapchat", &[Form::Under(&["add"])]),
];

/// First parts of a path that are pages of the network, not profiles.
const PAGES: &[&str] = &[
    "about",
    "account",
    "ads",
    "api",
    "blog",
    "business",
    "contact",
    "dialog",
    "download",
    "embed",
    "events",
    "explore",
    "features",
    "games",
    "hashtag",
    "help",
    "home",
    "i",
    "intent",
    "jobs",
    "join",
    "legal",
    "login",
    "logout",
    "marketplace",
    "messages",
    "notifications",
    "oauth",
    "p",
    "pin",
    "plugins",
    "policies",
    "policy",
    "post",
    "posts",
    "pricing",
    "privacy",
    "reel",
    "search",
    "settings",
    "share",
    "share.php",
    "sharearticle",
    "sharer",
    "sharer.php",
    "signin",
    "signup",
    "status",
    "stories",
    "terms",
    "tos",
    "tr",
    "upload",
    "video",
    "videos",
    "watch",
    "widgets",
    "photo",
    "photo.php",
    "story.php",
    "permalink.php",
    "l.php",
    "profile.php",
    "home.php",
    "share_channel",
    "sponsors",
    "orgs",
    "topics",
    "trending",
    "collections",
    "marketplace",
    "security",
    "customer-stories",
    "enterprise",
    "solutions",
    "resources",
    "apps",
    "people",
    "groups",
    "pages",
    "web",
];

/// Whether an address as written may be one of a network: quick, and may be wrong.
pub(super) fn may_be(href: &str) -> bool {
    // `https://` and no more than a space or two.
    const START: usize = 12;
    let bytes = href.as_bytes();
    let Some(slash) = bytes.iter().take(START).position(|byte| *byte == b'/') else { return false };
    if bytes.get(slash + 1) != Some(&b'/') {
        return false;
    }
    let rest = &href[slash + 2..];
    let host = memchr::memchr3(b'/', b'?', b'#', rest.as_bytes()).map_or(rest, |end| &rest[..end]);
    network(host).is_some()
}

fn network(host: &str) -> Option<&'static (&'static str, &'static str, &'static [Form])> {
    // All of them have two labels.
    let mut dots = host.bytes().enumerate().rev().filter(|(_, byte)| *byte == b'.');
    let start = dots.nth(1).map_or(0, |(dot, _)| dot + 1);
    let (sub, tail) = host.split_at(start);
    // A language or device before the host, such as `de.linkedin.com` or `m.facebook.com`.
    let is_front = sub.is_empty() || sub.len() == 3 || matches!(sub, "www." | "m." | "mobile." | "old." | "web.");
    if !is_front {
        return None;
    }
    // Most hosts are told to be none by their keys.
    if !KEYS.contains(&key(tail.as_bytes())) {
        return None;
    }
    NETWORKS.iter().find(|(known, _, _)| known.eq_ignore_ascii_case(tail))
}

/// The keys of the networks' hosts.
static KEYS: [u64; NETWORKS.len()] = {
    let mut keys = [0; NETWORKS.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = key(NETWORKS[at].0.as_bytes());
        at += 1;
    }
    keys
};

/// The profile that an address leads to; nothing for posts, share buttons and pages of the network itself.
pub(super) fn profile(url: &Url) -> Option<Profile> {
    let (_, name, forms) = network(url.host_str()?)?;
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let first = parts.first()?;
    let handle = forms.iter().find_map(|form| match form {
        Form::At => first.strip_prefix('@').filter(|_| parts.len() == 1),
        Form::Under(starts) if starts.contains(first) => parts.get(1).copied().filter(|_| parts.len() <= 3),
        Form::Name => (parts.len() == 1 && !PAGES.contains(&first.to_ascii_lowercase().as_str()))
            .then(|| first.trim_start_matches('@')),
        Form::Under(_) => None,
    })?;
    let handle = percent_encoding::percent_decode_str(handle).decode_utf8_lossy().into_owned();
    let mut clean = url.clone();
    clean.set_query(None);
    clean.set_fragment(None);
    (!handle.is_empty()).then(|| Profile { network: (*name).to_owned(), url: clean.into(), handle })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_found() {
        for (host, name, _) in NETWORKS {
            for host in [format!("www.{host}"), host.to_uppercase()] {
                assert_eq!(network(&host).map(|found| found.1), Some(*name), "{host}");
            }
        }
    }

    #[test]
    fn profiles_and_what_only_looks_like_one() {
        for (url, want) in [
            ("https://twitter.com/ada_l?ref=x", Some(("x", "ada_l"))),
            ("https://www.facebook.com/adas.shop/", Some(("facebook", "adas.shop"))),
            ("https://de.linkedin.com/in/ada-l/", Some(("linkedin", "ada-l"))),
            ("https://www.youtube.com/@ada", Some(("youtube", "ada"))),
            ("https://bsky.app/profile/ada.example", Some(("bluesky", "ada.example"))),
            ("https://twitter.com/intent/tweet?text=x", None),
            ("https://twitter.com/ada/status/1", None),
            ("https://www.facebook.com/sharer.php?u=x", None),
            ("https://www.facebook.com/", None),
            ("https://nottwitter.com/ada", None),
            ("https://github.com/features", None),
        ] {
            assert!(want.is_none() || may_be(url), "{url}");
            let found = profile(&Url::parse(url).unwrap());
            let found = found.as_ref().map(|p| (p.network.as_str(), p.handle.as_str()));
            assert_eq!(found, want, "{url}");
        }
    }
}
