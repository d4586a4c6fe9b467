//! Where a call of a known signature put its arguments.

use super::{Frame, arch};

/// An argument's type as far as calling conventions care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// An integer or pointer.
    Integer,
    /// An `f32` or `f64`.
    Float,
    /// A `RustBuffer` by value: a struct of three 64-bit words.
    Buffer,
}

/// What the supported calling conventions differ in.
pub(super) struct Convention {
    integers: usize,
    floats: usize,
    /// Whether a struct of 24 bytes is passed as a pointer to a copy instead of on the stack.
    buffers_by_pointer: bool,
}

impl Convention {
    /// x86-64 except on Windows.
    #[cfg_attr(target_arch = "aarch64", allow(dead_code))]
    pub(super) const SYSTEM_V: Self = Self { integers: 6, floats: 8, buffers_by_pointer: false };

    /// 64-bit ARM except on Windows and Apple's systems (which pack arguments on the stack).
    #[cfg_attr(not(target_arch = "aarch64"), allow(dead_code))]
    pub(super) const AAPCS64: Self = Self { integers: 8, floats: 8, buffers_by_pointer: true };

    /// How many registers carry arguments.
    pub(super) const fn saved(&self) -> usize {
        self.integers + self.floats
    }
}

/// Where to find one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In this word of the saved registers.
    Register(usize),
    /// On the stack, this many words after its first argument.
    Stack(usize),
    /// Three words on the stack.
    BufferOnStack(usize),
    /// Three words, to which this word of the saved registers points.
    BufferAtRegister(usize),
    /// Three words, to which a word on the stack points.
    BufferAtStack(usize),
}

/// The places of a signature's arguments, worked out once.
pub(crate) struct Layout {
    places: Box<[Place]>,
    /// How many words the arguments take.
    words: usize,
    /// Whether they are what the first registers hold, in that order.
    plain: bool,
}

/// As many words need no allocation.
const FEW: usize = 16;

impl Layout {
    /// For the convention of this target.
    pub(crate) fn new(parameters: &[Parameter]) -> Self {
        Self::with(&arch::CONVENTION, parameters)
    }

    fn with(convention: &Convention, parameters: &[Parameter]) -> Self {
        let mut integers = 0..convention.integers;
        let mut floats = convention.integers..convention.saved();
        let mut stack = 0;
        let mut push = |words: usize| {
            let offset = stack;
            stack += words;
            offset
        };
        let mut place = |parameter: &Parameter| match parameter {
            Parameter::Integer => integers.next().map_or_else(|| Place::Stack(push(1)), Place::Register),
            Parameter::Float => floats.next().map_or_else(|| Place::Stack(push(1)), Place::Register),
            Parameter::Buffer if convention.buffers_by_pointer => {
                integers.next().map_or_else(|| Place::BufferAtStack(push(1)), Place::BufferAtRegister)
            }
            Parameter::Buffer => Place::BufferOnStack(push(3)),
        };
        let places: Box<[_]> = parameters.iter().map(&mut place).collect();
        let words = parameters.iter().map(|&parameter| if parameter == Parameter::Buffer { 3 } else { 1 }).sum();
        let plain = places.iter().enumerate().all(|(index, &place)| place == Place::Register(index));
        Self { places, words, plain }
    }

    /// Shows `work` the arguments, one word each and three for a buffer. Of a narrow integer or an `f32` only the low
    /// bytes mean anything: the conventions leave the rest undefined.
    ///
    /// # Safety
    ///
    /// The frame must come from a call with this layout's signature that has not returned.
    #[inline]
    pub(crate) unsafe fn read<T>(&self, frame: &Frame, work: impl FnOnce(&[u64]) -> T) -> T {
        let (mut few, mut many);
        let words = match frame.saved.get(..self.words) {
            Some(words) if self.plain => words,
            // SAFETY: as the caller promises.
            _ => unsafe {
                let room = if self.words <= FEW {
                    few = [0; FEW];
                    &mut few[..self.words]
                } else {
                    many = vec![0; self.words];
                    &mut many[..]
                };
                self.copy(frame, room);
                room
            },
        };
        work(words)
    }

    /// Copies the arguments.
    ///
    /// # Safety
    ///
    /// As for `read`; there must be as many words as the arguments need.
    unsafe fn copy(&self, frame: &Frame, words: &mut [u64]) {
        let mut rest = words.iter_mut();
        let mut put = |word: u64| {
            if let Some(next) = rest.next() {
                *next = word;
            }
        };
        // SAFETY: the caller passed an argument there.
        let on_stack = |offset: usize| unsafe { frame.stack.add(offset) };
        for place in &self.places {
            let buffer = match *place {
                Place::Register(word) => {
                    put(frame.saved[word]);
                    continue;
                }
                Place::Stack(offset) => {
                    // SAFETY: as above.
                    put(unsafe { *on_stack(offset) });
                    continue;
                }
                Place::BufferOnStack(offset) => on_stack(offset).cast::<[u64; 3]>(),
                // SAFETY: the register held a pointer.
                Place::BufferAtRegister(word) => unsafe { *std::ptr::from_ref(&frame.saved[word]).cast() },
                // SAFETY: the word on the stack is a pointer.
                Place::BufferAtStack(offset) => unsafe { *on_stack(offset).cast() },
            };
            // SAFETY: the caller's copy of the struct, which lives as long as the call.
            unsafe { *buffer }.into_iter().for_each(&mut put);
        }
    }
}
