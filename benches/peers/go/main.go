// The rows as a Go library for C callers (-buildmode=c-shared), with the functions of ../c/boundary.h; those of pages are in sites.go.
package main

/*
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "../c/records.h"

// Go cannot call a C function by its pointer.
static inline int32_t call(boundary_callback callback, int32_t number) { return callback(number); }

static inline void free_strings(char **strings, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) free(strings[i]);
    free(strings);
}
*/
import "C"

import (
	"encoding/binary"
	"fmt"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"
)

type counter struct{ count atomic.Uint64 }

//export boundary_string_free
func boundary_string_free(text *C.char) { C.free(unsafe.Pointer(text)) }

//export boundary_noop
func boundary_noop() {}

//export boundary_add
func boundary_add(a, b C.int32_t) C.int32_t { return a + b }

//export boundary_gsum
func boundary_gsum(n C.uint64_t) C.uint64_t {
	var sum C.uint64_t
	for i := C.uint64_t(0); i <= n; i++ {
		sum += i
	}
	return sum
}

//export boundary_greet
func boundary_greet(name *C.char) *C.char { return C.CString("Hello, " + C.GoString(name) + "!") }

//export boundary_hello_there
func boundary_hello_there(given, answer *C.boundary_test_data) {
	answer.data = C.CString("Hello there, " + C.GoString(given.data))
	answer.len = given.len + 13
}

//export boundary_counter_new
func boundary_counter_new() C.uintptr_t { return C.uintptr_t(cgo.NewHandle(&counter{})) }

//export boundary_counter_increment
func boundary_counter_increment(handle C.uintptr_t) C.uint64_t {
	return C.uint64_t(cgo.Handle(handle).Value().(*counter).count.Add(1))
}

//export boundary_counter_free
func boundary_counter_free(handle C.uintptr_t) { cgo.Handle(handle).Delete() }

//export boundary_turn
func boundary_turn(direction C.int32_t) C.int32_t { return (direction + 1) % 4 }

//export boundary_double
func boundary_double(given, answer *C.boundary_shape) {
	*answer = C.boundary_shape{kind: given.kind}
	switch given.kind {
	case 0:
		answer.radius = given.radius * 2
	case 1:
		answer.width, answer.height = given.width*2, given.height*2
	case 2:
		answer.name = C.CString(C.GoString(given.name))
	}
}

//export boundary_may_fail
func boundary_may_fail(fail C.bool, value *C.int32_t, what **C.char) C.bool {
	if fail {
		*what = C.CString("thing")
		return false
	}
	*value = 1
	return true
}

//export boundary_sum_floats
func boundary_sum_floats(values *C.double, count C.uint32_t) C.double {
	var sum C.double
	for _, value := range unsafe.Slice(values, count) {
		sum += value
	}
	return sum
}

//export boundary_floats
func boundary_floats(values *C.double, count C.uint32_t) {
	target := unsafe.Slice(values, count)
	for i := range target {
		target[i] = C.double(i)
	}
}

//export boundary_total_length
func boundary_total_length(values **C.char, count C.uint32_t) C.uint32_t {
	total := 0
	for _, value := range unsafe.Slice(values, count) {
		total += len(C.GoString(value))
	}
	return C.uint32_t(total)
}

//export boundary_strings
func boundary_strings(count C.uint32_t) **C.char {
	first, texts := array[*C.char](int(count))
	for i := range texts {
		texts[i] = C.CString(fmt.Sprintf("string number %d", i))
	}
	return first
}

//export boundary_strings_free
func boundary_strings_free(first **C.char, count C.uint32_t) {
	C.free_strings(first, count)
}

//export boundary_mask
func boundary_mask(from, to *C.uint8_t, length C.size_t, key C.uint32_t) {
	source := unsafe.Slice((*byte)(from), length)
	target := unsafe.Slice((*byte)(to), length)
	wide := uint64(key) | uint64(key)<<32
	for len(source) >= 8 {
		binary.LittleEndian.PutUint64(target, binary.LittleEndian.Uint64(source)^wide)
		source, target = source[8:], target[8:]
	}
	for i := range source {
		target[i] = source[i] ^ byte(wide>>(8*i))
	}
}

//export boundary_sum_calls
func boundary_sum_calls(callback C.boundary_callback, count C.int32_t) C.int32_t {
	var sum C.int32_t
	for i := C.int32_t(0); i < count; i++ {
		sum += C.call(callback, i)
	}
	return sum
}

func main() {}
