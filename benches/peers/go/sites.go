package main

/*
#include <stdlib.h>

#include "../c/records.h"

// In C, since each call from Go to C costs more than freeing does.
static inline void free_site(const boundary_site *of) {
    char *texts[] = {of->id, of->url, of->host, of->title, of->lang, of->charset, of->path, of->scheme,
                     of->description, of->author, of->canonical, of->favicon, of->published, of->modified};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) free(texts[i]);
    for (uint32_t i = 0; i < of->tag_count; i++) free(of->tags[i]);
    for (uint32_t i = 0; i < of->link_count; i++) {
        free(of->links[i].url);
        free(of->links[i].text);
        free(of->links[i].rel);
    }
    for (uint32_t i = 0; i < of->meta_count; i++) {
        free(of->meta[i].key);
        free(of->meta[i].value);
    }
    free(of->tags);
    free(of->links);
    free(of->meta);
}

static inline void free_sites(boundary_site *sites, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) free_site(&sites[i]);
    free(sites);
}
*/
import "C"

import (
	"fmt"
	"unsafe"
)

type link struct {
	url, text string
	rel       *string
}

type site struct {
	id, url, host, title, lang, charset, path, scheme            string
	description, author, canonical, favicon, published, modified *string
	status                                                       uint16
	depth                                                        int32
	size                                                         uint64
	tags                                                         []string
	links                                                        []link
	meta                                                         map[string]string
}

func some(text string) *string { return &text }

func makeSite(number uint32) *site {
	made := &site{
		id:      fmt.Sprintf("site-%08d", number),
		url:     fmt.Sprintf("https://www.example.com/section/%d/index.html", number),
		host:    "www.example.com",
		title:   fmt.Sprintf("An example page number %d – with a title", number),
		lang:    "en-GB",
		charset: "utf-8",
		path:    fmt.Sprintf("/section/%d/index.html", number),
		scheme:  "https",
		description: some("A rather longer description of the page, as found in the meta description tag" +
			" of the document head."),
		author:    some("Jane Q. Author"),
		canonical: some(fmt.Sprintf("https://www.example.com/section/%d/", number)),
		published: some("2024-01-02T03:04:05Z"),
		status:    200,
		depth:     3,
		size:      123_456 + uint64(number),
		tags:      make([]string, 10),
		links:     make([]link, 50),
		meta:      make(map[string]string, 10),
	}
	for i := range made.tags {
		made.tags[i] = fmt.Sprintf("tag-%d", i)
		made.meta[fmt.Sprintf("og:key%d", i)] = fmt.Sprintf("value of the meta key %d", i)
	}
	for i := range made.links {
		made.links[i] = link{
			url:  fmt.Sprintf("https://www.example.com/link/%d/target.html", i),
			text: fmt.Sprintf("Link text number %d", i),
		}
		if i%3 == 0 {
			made.links[i].rel = some("nofollow")
		}
	}
	return made
}

// array takes memory that C may keep.
func array[T any](count int) (*T, []T) {
	var item T
	first := (*T)(C.malloc(C.size_t(count) * C.size_t(unsafe.Sizeof(item))))
	return first, unsafe.Slice(first, count)
}

func give(text *string) *C.char {
	if text == nil {
		return nil
	}
	return C.CString(*text)
}

func read(text *C.char) *string {
	if text == nil {
		return nil
	}
	return some(C.GoString(text))
}

func (from *site) give(answer *C.boundary_site) {
	tags, allTags := array[*C.char](len(from.tags))
	for i, tag := range from.tags {
		allTags[i] = C.CString(tag)
	}
	links, allLinks := array[C.boundary_link](len(from.links))
	for i, link := range from.links {
		allLinks[i] = C.boundary_link{url: C.CString(link.url), text: C.CString(link.text), rel: give(link.rel)}
	}
	meta, entries := array[C.boundary_entry](len(from.meta))
	i := 0
	for key, value := range from.meta {
		entries[i] = C.boundary_entry{key: C.CString(key), value: C.CString(value)}
		i++
	}
	*answer = C.boundary_site{
		id:          C.CString(from.id),
		url:         C.CString(from.url),
		host:        C.CString(from.host),
		title:       C.CString(from.title),
		lang:        C.CString(from.lang),
		charset:     C.CString(from.charset),
		path:        C.CString(from.path),
		scheme:      C.CString(from.scheme),
		description: give(from.description),
		author:      give(from.author),
		canonical:   give(from.canonical),
		favicon:     give(from.favicon),
		published:   give(from.published),
		modified:    give(from.modified),
		status:      C.uint16_t(from.status),
		depth:       C.int32_t(from.depth),
		size:        C.uint64_t(from.size),
		tags:        tags,
		tag_count:   C.uint32_t(len(from.tags)),
		links:       links,
		link_count:  C.uint32_t(len(from.links)),
		meta:        meta,
		meta_count:  C.uint32_t(len(from.meta)),
	}
}

func readSite(given *C.boundary_site) *site {
	answer := &site{
		id:          C.GoString(given.id),
		url:         C.GoString(given.url),
		host:        C.GoString(given.host),
		title:       C.GoString(given.title),
		lang:        C.GoString(given.lang),
		charset:     C.GoString(given.charset),
		path:        C.GoString(given.path),
		scheme:      C.GoString(given.scheme),
		description: read(given.description),
		author:      read(given.author),
		canonical:   read(given.canonical),
		favicon:     read(given.favicon),
		published:   read(given.published),
		modified:    read(given.modified),
		status:      uint16(given.status),
		depth:       int32(given.depth),
		size:        uint64(given.size),
		tags:        make([]string, given.tag_count),
		links:       make([]link, given.link_count),
		meta:        make(map[string]string, given.meta_count),
	}
	for i, tag := range unsafe.Slice(given.tags, given.tag_count) {
		answer.tags[i] = C.GoString(tag)
	}
	for i, from := range unsafe.Slice(given.links, given.link_count) {
		answer.links[i] = link{url: C.GoString(from.url), text: C.GoString(from.text), rel: read(from.rel)}
	}
	for _, entry := range unsafe.Slice(given.meta, given.meta_count) {
		answer.meta[C.GoString(entry.key)] = C.GoString(entry.value)
	}
	return answer
}

//export boundary_make_site
func boundary_make_site(number C.uint32_t, answer *C.boundary_site) {
	makeSite(uint32(number)).give(answer)
}

//export boundary_echo_site
func boundary_echo_site(given, answer *C.boundary_site) { readSite(given).give(answer) }

//export boundary_take_site
func boundary_take_site(given *C.boundary_site) C.uint32_t { return given.link_count }

//export boundary_make_sites
func boundary_make_sites(count C.uint32_t) *C.boundary_site {
	first, sites := array[C.boundary_site](int(count))
	for i := range sites {
		makeSite(uint32(i)).give(&sites[i])
	}
	return first
}

//export boundary_site_free
func boundary_site_free(of *C.boundary_site) { C.free_site(of) }

//export boundary_sites_free
func boundary_sites_free(first *C.boundary_site, count C.uint32_t) { C.free_sites(first, count) }
