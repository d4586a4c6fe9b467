/* The records of the C ABI. Strings are UTF-8, and those said to be optional may be NULL. */
#ifndef BOUNDARY_RECORDS_H
#define BOUNDARY_RECORDS_H

#include <stdint.h>

typedef struct {
    char *data;
    int32_t len;
} boundary_test_data;

/* kind 0 has a radius, 1 a width and a height, 2 a name, 3 nothing. */
typedef struct {
    int32_t kind;
    double radius;
    double width;
    double height;
    char *name;
} boundary_shape;

typedef struct {
    char *url;
    char *text;
    char *rel; /* optional */
} boundary_link;

typedef struct {
    char *key;
    char *value;
} boundary_entry;

typedef struct {
    char *id;
    char *url;
    char *host;
    char *title;
    char *lang;
    char *charset;
    char *path;
    char *scheme;
    /* These six are optional. */
    char *description;
    char *author;
    char *canonical;
    char *favicon;
    char *published;
    char *modified;
    uint16_t status;
    int32_t depth;
    uint64_t size;
    char **tags;
    uint32_t tag_count;
    boundary_link *links;
    uint32_t link_count;
    boundary_entry *meta;
    uint32_t meta_count;
} boundary_site;

typedef int32_t (*boundary_callback)(int32_t number);

#endif
