//! Calls entry points through many signatures and compares what the target finds with what was passed.

#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)] // Random bits.

use std::backtrace::Backtrace;
use std::sync::Mutex;

use super::*;

/// Keeps what it was called with.
struct Recorder {
    layout: Layout,
    seen: Mutex<Vec<u64>>,
}

impl Target for Recorder {
    fn call(&self, frame: &Frame) -> u64 {
        assert_eq!(std::ptr::from_ref(frame).addr() % 16, 0, "the stub keeps the stack aligned");
        // SAFETY: the test calls with the signature that the layout was made of.
        let words = unsafe { self.layout.read(frame, <[u64]>::to_vec) };
        let sum = words.iter().fold(0, |sum: u64, &word| sum.wrapping_add(word));
        *self.seen.lock().unwrap() = words;
        sum
    }
}

/// A type that can be passed, with values that use all of its bits.
trait Argument: Copy {
    const PARAMETER: Parameter;
    fn make(random: &mut impl FnMut() -> u64) -> Self;
    /// Its words, and which of their bits are defined.
    fn words(self) -> Vec<(u64, u64)>;
}

macro_rules! integers {
    ($($type:ty => $unsigned:ty),+) => {$(
        impl Argument for $type {
            const PARAMETER: Parameter = Parameter::Integer;
            fn make(random: &mut impl FnMut() -> u64) -> Self {
                random() as $type
            }
            fn words(self) -> Vec<(u64, u64)> {
                vec![(u64::from(self as $unsigned), u64::from(<$unsigned>::MAX))]
            }
        }
    )+};
}

integers!(u8 => u8, i8 => u8, u16 => u16, i16 => u16, u32 => u32, i32 => u32, u64 => u64, i64 => u64);

impl Argument for f32 {
    const PARAMETER: Parameter = Parameter::Float;
    fn make(random: &mut impl FnMut() -> u64) -> Self {
        f32::from_bits(random() as u32 & 0x7f7f_ffff)
    }
    fn words(self) -> Vec<(u64, u64)> {
        vec![(u64::from(self.to_bits()), u64::from(u32::MAX))]
    }
}

impl Argument for f64 {
    const PARAMETER: Parameter = Parameter::Float;
    fn make(random: &mut impl FnMut() -> u64) -> Self {
        f64::from_bits(random() & 0x7fef_ffff_ffff_ffff)
    }
    fn words(self) -> Vec<(u64, u64)> {
        vec![(self.to_bits(), u64::MAX)]
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Buffer {
    capacity: u64,
    len: u64,
    data: *mut u8,
}

impl Argument for Buffer {
    const PARAMETER: Parameter = Parameter::Buffer;
    fn make(random: &mut impl FnMut() -> u64) -> Self {
        Self { capacity: random(), len: random(), data: std::ptr::without_provenance_mut(random() as usize) }
    }
    fn words(self) -> Vec<(u64, u64)> {
        [self.capacity, self.len, self.data.addr() as u64].map(|word| (word, u64::MAX)).to_vec()
    }
}

/// An entry point for these parameters, and the target behind it.
fn recorder(parameters: &[Parameter]) -> (*const c_void, &'static Recorder) {
    let layout = Layout::new(parameters);
    let target: &Recorder = Box::leak(Box::new(Recorder { layout, seen: Mutex::default() }));
    let entry = reserve(1).unwrap().bind(target).unwrap();
    (entry, target)
}

macro_rules! signatures {
    ($($name:ident($($argument:ident: $type:ty),*);)+) => {$(
        #[test]
        fn $name() {
            let (entry, target) = recorder(&[$(<$type as Argument>::PARAMETER),*]);
            // SAFETY: the address of an entry point, called with the signature that it was made for.
            let entry: extern "C" fn($($type),*) -> u64 = unsafe { std::mem::transmute(entry) };
            let mut state = 0x9e37_79b9_7f4a_7c15_u64;
            #[allow(unused_mut, unused_variables)]
            let mut random = || {
                // xorshift64*
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                state.wrapping_mul(0x2545_f491_4f6c_dd1d)
            };
            for _ in 0..1000 {
                $(let $argument = <$type>::make(&mut random);)*
                let sum = entry($($argument),*);
                let seen = std::mem::take(&mut *target.seen.lock().unwrap());
                assert_eq!(sum, seen.iter().fold(0, |sum: u64, &word| sum.wrapping_add(word)));
                let passed: &[Vec<(u64, u64)>] = &[$($argument.words()),*];
                let passed = passed.concat();
                assert_eq!(seen.len(), passed.len());
                for (index, (seen, (passed, mask))) in seen.into_iter().zip(passed).enumerate() {
                    assert_eq!(seen & mask, passed, "word {index}");
                }
            }
        }
    )+};
}

signatures! {
    nothing();
    free(handle: u64);
    bytes(a: u8, b: i8);
    halves(a: i16, b: u16);
    method_of_i32(handle: u64, value: i32, out: u64, status: u64);
    every_width(a: u8, b: i8, c: u16, d: i16, e: u32, f: i32);
    integers_on_the_stack(a: u64, b: u32, c: i8, d: u8, e: i64, f: u16, g: i8, h: u8, i: i16, j: u16, k: i32, l: u32, m: i64, n: u64);
    one_float(handle: u64, a: f32, out: u64, status: u64);
    one_double(handle: u64, a: f64, out: u64, status: u64);
    floats_on_the_stack(a: f32, b: f64, c: f32, d: f64, e: f32, f: f64, g: f32, h: f64, i: f32, j: f64, k: f32);
    both_on_the_stack(
        a: u8, b: f32, c: i16, d: f64, e: u32, f: f32, g: i64, h: f64, i: i8, j: f32, k: u16, l: f64, m: i32, n: f32,
        o: u64, p: f64, q: i8, r: f32, s: u8, t: f64, u: i16, v: f32
    );
    buffer(handle: u64, a: Buffer, out: u64, status: u64);
    two_buffers(handle: u64, a: Buffer, b: Buffer, out: u64, status: u64);
    buffers_between_words(handle: u64, a: i8, b: Buffer, c: f64, d: u32, e: Buffer, f: f32, out: u64, status: u64);
    buffers_after_the_registers(
        a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: Buffer, j: u8, k: Buffer, l: f32, m: i16
    );
    buffer_before_the_stack(
        a: Buffer, b: i8, c: i16, d: i32, e: i64, f: u8, g: u16, h: u32, i: u64, j: Buffer, k: f32, l: f64, m: f32,
        n: f64, o: f32, p: f64, q: f32, r: f64, s: f32, t: f64
    );
}

/// Answers with its own number.
struct Number(u64);

impl Target for Number {
    fn call(&self, _: &Frame) -> u64 {
        self.0
    }
}

#[test]
fn each_entry_has_its_own_target() {
    let mut slots = reserve(128).unwrap();
    let entries: Vec<extern "C" fn() -> u64> = (0..128)
        .map(|number| slots.bind(Box::leak(Box::new(Number(number << 40 | number)))).unwrap())
        // SAFETY: the address of an entry point; its target looks at no argument.
        .map(|entry| unsafe { std::mem::transmute(entry) })
        .collect();
    assert!(slots.bind(&Number(0)).is_none());
    for (number, entry) in (0..).zip(&entries) {
        assert_eq!(entry(), number << 40 | number);
    }
}

#[test]
fn the_pool_is_finite() {
    assert!(reserve(1).is_some());
    assert!(reserve(SLOTS).is_none());
    assert!(reserve(usize::MAX).is_none());
}

#[test]
fn reserving_from_many_threads() {
    let starts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| reserve(2).unwrap().0)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<std::collections::HashSet<_>>()
    });
    assert_eq!(starts.len(), 16);
}

/// Keeps the names on the stack.
struct Witness(Mutex<String>);

impl Target for Witness {
    fn call(&self, _: &Frame) -> u64 {
        *self.0.lock().unwrap() = Backtrace::force_capture().to_string();
        7
    }
}

#[inline(never)]
fn caller_below_the_stub(entry: extern "C" fn(u64) -> u64) -> u64 {
    std::hint::black_box(entry(1)) + 1
}

/// The callers below the stub are seen only when it describes its frame rightly.
#[test]
fn the_stack_can_be_unwound() {
    let witness: &Witness = Box::leak(Box::new(Witness(Mutex::default())));
    let entry = reserve(1).unwrap().bind(witness).unwrap();
    // SAFETY: the address of an entry point; its target looks at no argument.
    let entry: extern "C" fn(u64) -> u64 = unsafe { std::mem::transmute(entry) };
    assert_eq!(caller_below_the_stub(entry), 8);
    let names = witness.0.lock().unwrap();
    assert!(names.contains("caller_below_the_stub"), "{names}");
    assert!(names.contains("the_stack_can_be_unwound"), "{names}");
}
