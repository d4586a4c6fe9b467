/* Loads a library of ours and calls it as generated code does: contract, checksum, a record there and back. For platforms that the machine can run,
 * but has no Python for.
 *
 * smoke LIBRARY */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    uint64_t capacity, len;
    uint8_t *data;
} Buffer;
typedef struct {
    int32_t len;
    const uint8_t *data;
} Bytes;
typedef struct {
    int8_t code;
    Buffer error;
} Status;

static void *library;

static void *symbol(const char *name) {
    void *found = dlsym(library, name);
    if (!found) printf("%s\n", dlerror());
    return found;
}

int main(int count, char **arguments) {
    if (count != 2 || !(library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL))) {
        printf("%s\n", count == 2 ? dlerror() : "smoke LIBRARY");
        return 1;
    }
    uint32_t (*contract)(void) = symbol("ffi_sitelift_uniffi_contract_version");
    uint16_t (*checksum)(void) = symbol("uniffi_sitelift_checksum_func_hello_there");
    Buffer (*from)(Bytes, Status *) = symbol("ffi_sitelift_rustbuffer_from_bytes");
    void (*release)(Buffer, Status *) = symbol("ffi_sitelift_rustbuffer_free");
    Buffer (*hello)(Buffer, Status *) = symbol("uniffi_sitelift_fn_func_hello_there");
    if (!contract || !checksum || !from || !release || !hello) return 1;

    /* TestData { data: "test", len: 0 } */
    static const uint8_t sent[] = {0, 0, 0, 4, 't', 'e', 's', 't', 0, 0, 0, 0, 0, 0, 0, 0};
    static const char text[] = "Hello there from Rust code 'test';";
    const int32_t size = sizeof text - 1;
    Status status = {0};
    Buffer got = hello(from((Bytes){sizeof sent, sent}, &status), &status);
    int good = status.code == 0 && got.len == (uint64_t)size + 12 && got.data[3] == size
        && memcmp(got.data + 4, text, size) == 0 && got.data[got.len - 1] == size;
    release(got, &status);
    printf("contract %u, checksum %u, round trip %s\n", contract(), checksum(), good ? "good" : "BAD");
    return good ? 0 : 1;
}
