/* The rows as a C ABI. The Go twin exports the same functions. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "records.h"

/* Strings that are returned, and those in answers, belong to the caller: boundary_string_free. */
void boundary_string_free(char *string);

void boundary_noop(void);
int32_t boundary_add(int32_t a, int32_t b);
uint64_t boundary_gsum(uint64_t n);
char *boundary_greet(const char *name);
void boundary_hello_there(const boundary_test_data *given, boundary_test_data *answer);

/* What is in an answer belongs to the caller: boundary_site_free, or boundary_sites_free for many. */
void boundary_make_site(uint32_t number, boundary_site *answer);
void boundary_echo_site(const boundary_site *site, boundary_site *answer);
uint32_t boundary_take_site(const boundary_site *site);
boundary_site *boundary_make_sites(uint32_t count);
void boundary_site_free(const boundary_site *site);
void boundary_sites_free(boundary_site *sites, uint32_t count);

void *boundary_counter_new(void);
uint64_t boundary_counter_increment(void *counter);
void boundary_counter_free(void *counter);

/* 0 is north, 3 is west. */
int32_t boundary_turn(int32_t direction);
void boundary_double(const boundary_shape *given, boundary_shape *answer);

/* Sets *value and returns true, or sets *what and returns false. */
bool boundary_may_fail(bool fail, int32_t *value, char **what);

double boundary_sum_floats(const double *values, uint32_t count);
void boundary_floats(double *values, uint32_t count);
uint32_t boundary_total_length(const char *const *values, uint32_t count);
char **boundary_strings(uint32_t count);
void boundary_strings_free(char **strings, uint32_t count);
void boundary_mask(const uint8_t *from, uint8_t *to, size_t length, uint32_t key);
int32_t boundary_sum_calls(boundary_callback callback, int32_t count);
