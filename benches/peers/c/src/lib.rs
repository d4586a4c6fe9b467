//! The rows through a C ABI, declared in `boundary.h`; what the pointers must be is said there.
//!
//! # Safety
//!
//! The callers are the benchmark's own; they pass the pointers as the header asks.
#![expect(clippy::missing_safety_doc, reason = "said once, above")]

mod sites;

use std::convert::Infallible;
use std::ffi::{CStr, CString, c_char};
use std::{ptr, slice};

use boundary_core as work;
use boundary_core::{Counter, Direction, Failure};

/// The smallest record.
#[repr(C)]
pub struct TestData {
    data: *mut c_char,
    len: i32,
}

/// An enum with data; which of the fields are set depends on `kind`.
#[repr(C)]
pub struct Shape {
    kind: i32,
    radius: f64,
    width: f64,
    height: f64,
    name: *mut c_char,
}

/// Hands a string over to the caller.
fn give(string: String) -> *mut c_char {
    CString::new(string).expect("the benchmark's strings hold no NUL").into_raw()
}

/// Reads a string of the caller's.
///
/// # Safety
///
/// `string` must be NUL-terminated, and stay unchanged for as long as the result is used.
unsafe fn read<'a>(string: *const c_char) -> &'a str {
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(string) }.to_str().expect("the benchmark's strings are UTF-8")
}

/// Frees a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_string_free(string: *mut c_char) {
    // SAFETY: it came from `give`.
    drop(unsafe { CString::from_raw(string) });
}

/// Does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_noop() {
    work::noop();
}

/// Adds two numbers.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_add(a: i32, b: i32) -> i32 {
    work::add(a, b)
}

/// Adds the numbers up to `n`.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_gsum(n: u64) -> u64 {
    work::gsum(n)
}

/// Greets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_greet(name: *const c_char) -> *mut c_char {
    // SAFETY: the header asks for a string.
    give(work::greet(unsafe { read(name) }))
}

/// Greets with a record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_hello_there(given: &TestData, answer: &mut TestData) {
    // SAFETY: the header asks for a string in the record.
    let data = unsafe { read(given.data) };
    let made = work::hello_there(&work::TestData { data: data.to_owned(), len: given.len });
    *answer = TestData { data: give(made.data), len: made.len };
}

/// Makes a counter.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_counter_new() -> Box<Counter> {
    Box::default()
}

/// Counts one up and returns the count.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_counter_increment(counter: &Counter) -> u64 {
    counter.increment()
}

/// Frees a counter.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_counter_free(counter: Box<Counter>) {
    drop(counter);
}

/// Turns right.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_turn(direction: i32) -> i32 {
    let direction = match direction {
        0 => Direction::North,
        1 => Direction::East,
        2 => Direction::South,
        _ => Direction::West,
    };
    work::turn(direction) as i32
}

/// Makes a shape twice as large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_double(given: &Shape, answer: &mut Shape) {
    let &Shape { kind, radius, width, height, name } = given;
    let shape = match kind {
        0 => work::Shape::Circle { radius },
        1 => work::Shape::Rectangle { width, height },
        // SAFETY: the header asks for a string in a shape of this kind.
        2 => work::Shape::Named { name: unsafe { read(name) }.to_owned() },
        _ => work::Shape::Empty,
    };
    *answer = Shape { kind, radius: 0.0, width: 0.0, height: 0.0, name: ptr::null_mut() };
    match work::double(shape) {
        work::Shape::Circle { radius } => answer.radius = radius,
        work::Shape::Rectangle { width, height } => (answer.width, answer.height) = (width, height),
        work::Shape::Named { name } => answer.name = give(name),
        work::Shape::Empty => {}
    }
}

/// Fails when told to.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_may_fail(fail: bool, value: &mut i32, what: &mut *mut c_char) -> bool {
    match work::may_fail(fail) {
        Ok(number) => {
            *value = number;
            true
        }
        Err(failure) => {
            *what = give(match failure {
                Failure::Bad { what } => what,
                Failure::Gone => failure.to_string(),
            });
            false
        }
    }
}

/// Adds numbers up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_sum_floats(values: *const f64, count: u32) -> f64 {
    // SAFETY: the header asks for `count` numbers.
    work::sum_floats(unsafe { slice::from_raw_parts(values, count as usize) })
}

/// Gives the numbers below `count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_floats(values: *mut f64, count: u32) {
    // SAFETY: the header asks for room for `count` numbers; the callers zero it first.
    let values = unsafe { slice::from_raw_parts_mut(values, count as usize) };
    for (value, number) in values.iter_mut().zip(work::floats(count)) {
        *value = number;
    }
}

/// Adds the lengths of strings up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_total_length(values: *const *const c_char, count: u32) -> u32 {
    // SAFETY: the header asks for `count` strings.
    let values = unsafe { slice::from_raw_parts(values, count as usize) };
    // SAFETY: as above.
    work::total_length(values.iter().map(|value| unsafe { read(*value) }))
}

/// Gives `count` strings.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_strings(count: u32) -> *mut *mut c_char {
    let strings: Box<[_]> = work::strings(count).map(give).collect();
    Box::into_raw(strings).cast()
}

/// Frees the strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_strings_free(strings: *mut *mut c_char, count: u32) {
    // SAFETY: a boxed slice of `count` strings, from `boundary_strings`.
    let strings = unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(strings, count as usize)) };
    for string in strings {
        // SAFETY: each came from `give`.
        unsafe { boundary_string_free(string) };
    }
}

/// XORs bytes with a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_mask(from: *const u8, to: *mut u8, length: usize, key: u32) {
    // SAFETY: the header asks for two buffers of `length` bytes; `to` is a new one, zeroed by the callers.
    let (from, to) = unsafe { (slice::from_raw_parts(from, length), slice::from_raw_parts_mut(to, length)) };
    work::mask_into(from, to, key);
}

/// Calls back `count` times, and adds the answers up.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_sum_calls(callback: extern "C" fn(i32) -> i32, count: i32) -> i32 {
    let Ok(sum) = work::sum_calls(count, |number| Ok::<_, Infallible>(callback(number)));
    sum
}
