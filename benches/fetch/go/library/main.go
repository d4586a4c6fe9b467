// The same as a C library, for ctypes: one call for all pages, which hands over all of them.
package main

/*
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    char *url, *final_url, *server, *content_type;
    uint8_t *body;
    uint64_t body_size;
    uint32_t status;
} page;

// In C, since each call from Go to C costs more than freeing does.
static inline void free_all(page *pages, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        free(pages[i].url);
        free(pages[i].final_url);
        free(pages[i].server);
        free(pages[i].content_type);
        free(pages[i].body);
    }
    free(pages);
}
*/
import "C"

import (
	"strings"
	"unsafe"

	"bench-fetch-go/pages"
)

// FetchPages fetches the URLs, one a line, and returns as many pages in their order; one that did not come has status 0.
// They are the caller's until FreePages.
//
//export FetchPages
func FetchPages(lines *C.char, workers C.uint32_t, count *C.uint64_t) *C.page {
	urls := strings.Fields(C.GoString(lines))
	*count = C.uint64_t(len(urls))
	made := (*C.page)(C.calloc(C.size_t(len(urls)+1), C.sizeof_page))
	all := unsafe.Slice(made, len(urls))
	pages.Each(urls, int(workers), func(number int, page *pages.Page) {
		all[number] = C.page{
			url:          C.CString(page.URL),
			final_url:    C.CString(page.FinalURL),
			server:       C.CString(page.Server),
			content_type: C.CString(page.ContentType),
			body:         (*C.uint8_t)(C.CBytes(page.Body)),
			body_size:    C.uint64_t(len(page.Body)),
			status:       C.uint32_t(page.Status),
		}
	})
	return made
}

//export FreePages
func FreePages(made *C.page, count C.uint64_t) {
	C.free_all(made, count)
}

func main() {}
