//! Pages as C structs, declared in `records.h`.

use std::ffi::c_char;
use std::{ptr, slice};

use boundary_core as work;

use crate::{boundary_string_free, give, read};

/// A link of a page.
#[repr(C)]
pub struct Link {
    url: *mut c_char,
    text: *mut c_char,
    rel: *mut c_char,
}

/// A key and its value.
#[repr(C)]
pub struct Entry {
    key: *mut c_char,
    value: *mut c_char,
}

/// A page.
#[repr(C)]
pub struct Site {
    id: *mut c_char,
    url: *mut c_char,
    host: *mut c_char,
    title: *mut c_char,
    lang: *mut c_char,
    charset: *mut c_char,
    path: *mut c_char,
    scheme: *mut c_char,
    description: *mut c_char,
    author: *mut c_char,
    canonical: *mut c_char,
    favicon: *mut c_char,
    published: *mut c_char,
    modified: *mut c_char,
    status: u16,
    depth: i32,
    size: u64,
    tags: *mut *mut c_char,
    tag_count: u32,
    links: *mut Link,
    link_count: u32,
    meta: *mut Entry,
    meta_count: u32,
}

/// Hands a string over, or null.
fn give_optional(string: Option<String>) -> *mut c_char {
    string.map_or(ptr::null_mut(), give)
}

/// Hands an array over, and says how long it is.
fn give_all<T>(items: impl IntoIterator<Item = T>) -> (*mut T, u32) {
    let items: Box<[T]> = items.into_iter().collect();
    let count = u32::try_from(items.len()).expect("the benchmark's arrays are short");
    (Box::into_raw(items).cast(), count)
}

/// Hands a page over.
fn give_site(site: work::Site) -> Site {
    let (tags, tag_count) = give_all(site.tags.into_iter().map(give));
    let (links, link_count) = give_all(site.links.into_iter().map(|link| Link {
        url: give(link.url),
        text: give(link.text),
        rel: give_optional(link.rel),
    }));
    let (meta, meta_count) =
        give_all(site.meta.into_iter().map(|(key, value)| Entry { key: give(key), value: give(value) }));
    Site {
        id: give(site.id),
        url: give(site.url),
        host: give(site.host),
        title: give(site.title),
        lang: give(site.lang),
        charset: give(site.charset),
        path: give(site.path),
        scheme: give(site.scheme),
        description: give_optional(site.description),
        author: give_optional(site.author),
        canonical: give_optional(site.canonical),
        favicon: give_optional(site.favicon),
        published: give_optional(site.published),
        modified: give_optional(site.modified),
        status: site.status,
        depth: site.depth,
        size: site.size,
        tags,
        tag_count,
        links,
        link_count,
        meta,
        meta_count,
    }
}

/// Copies a string of the caller's.
///
/// # Safety
///
/// As for `read`.
unsafe fn copy(string: *const c_char) -> String {
    // SAFETY: promised by the caller.
    unsafe { read(string) }.to_owned()
}

/// Copies a string of the caller's, unless it is null.
///
/// # Safety
///
/// As for `read`, but it may be null.
unsafe fn copy_optional(string: *const c_char) -> Option<String> {
    // SAFETY: promised by the caller.
    (!string.is_null()).then(|| unsafe { copy(string) })
}

/// Copies a page of the caller's.
///
/// # Safety
///
/// Its strings and arrays must be there.
unsafe fn copy_site(site: &Site) -> work::Site {
    // SAFETY: promised by the caller, for all that follows.
    unsafe {
        work::Site {
            id: copy(site.id),
            url: copy(site.url),
            host: copy(site.host),
            title: copy(site.title),
            lang: copy(site.lang),
            charset: copy(site.charset),
            path: copy(site.path),
            scheme: copy(site.scheme),
            description: copy_optional(site.description),
            author: copy_optional(site.author),
            canonical: copy_optional(site.canonical),
            favicon: copy_optional(site.favicon),
            published: copy_optional(site.published),
            modified: copy_optional(site.modified),
            status: site.status,
            depth: site.depth,
            size: site.size,
            tags: slice::from_raw_parts(site.tags, site.tag_count as usize).iter().map(|tag| copy(*tag)).collect(),
            links: slice::from_raw_parts(site.links, site.link_count as usize)
                .iter()
                .map(|link| work::Link { url: copy(link.url), text: copy(link.text), rel: copy_optional(link.rel) })
                .collect(),
            meta: slice::from_raw_parts(site.meta, site.meta_count as usize)
                .iter()
                .map(|entry| (copy(entry.key), copy(entry.value)))
                .collect(),
        }
    }
}

/// Takes an array back.
///
/// # Safety
///
/// It must come from `give_all`.
unsafe fn take_back<T>(items: *mut T, count: u32) -> Box<[T]> {
    // SAFETY: promised by the caller.
    unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(items, count as usize)) }
}

/// Frees a string, unless it is null.
///
/// # Safety
///
/// It must come from `give`.
unsafe fn free(string: *mut c_char) {
    if !string.is_null() {
        // SAFETY: promised by the caller.
        unsafe { boundary_string_free(string) };
    }
}

/// Makes one page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_make_site(number: u32, answer: *mut Site) {
    // SAFETY: the header asks for room for a page.
    unsafe { answer.write(give_site(work::make_site(number))) };
}

/// Gives a page back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_echo_site(site: &Site, answer: *mut Site) {
    // SAFETY: the header asks for a whole page, and for room for one.
    unsafe { answer.write(give_site(copy_site(site))) };
}

/// Takes a page, and returns how many links it has. C reads the caller's page where it is.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_take_site(site: &Site) -> u32 {
    site.link_count
}

/// Makes `count` pages.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_make_sites(count: u32) -> *mut Site {
    give_all(work::make_sites(count).into_iter().map(give_site)).0
}

/// Frees what is in a page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_site_free(site: &Site) {
    // SAFETY: all of it came from `give_site`, for all that follows.
    unsafe {
        let texts = [site.id, site.url, site.host, site.title, site.lang, site.charset, site.path, site.scheme];
        let optional = [site.description, site.author, site.canonical, site.favicon, site.published, site.modified];
        texts.into_iter().chain(optional).for_each(|text| free(text));
        take_back(site.tags, site.tag_count).into_iter().for_each(|tag| free(tag));
        for link in take_back(site.links, site.link_count) {
            [link.url, link.text, link.rel].into_iter().for_each(|text| free(text));
        }
        for entry in take_back(site.meta, site.meta_count) {
            [entry.key, entry.value].into_iter().for_each(|text| free(text));
        }
    }
}

/// Frees pages.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_sites_free(sites: *mut Site, count: u32) {
    // SAFETY: the pages came from `boundary_make_sites`.
    for site in unsafe { take_back(sites, count) } {
        // SAFETY: as above.
        unsafe { boundary_site_free(&site) };
    }
}
