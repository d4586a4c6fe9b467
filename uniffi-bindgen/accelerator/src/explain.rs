//! Saying in an exception's message which value was wrong.

use crate::api;
use crate::errors::{raise_instance, take};
use crate::names;
use crate::object::{Object, Raised, Ref, Result, tuple_of};
use crate::shape::{Field, Shape};
use crate::spec::Tuple;

/// A string put together by `PyUnicode_FromFormat`.
macro_rules! format {
    ($format:literal $(, $arg:expr)+ $(,)?) => {
        // SAFETY: the format and its arguments match; each use below can be checked at a glance.
        unsafe { Ref::steal(api::PyUnicode_FromFormat()($format.as_ptr() $(, $arg)+)) }
    };
}

/// How many steps a message shows at most.
const SHOWN: usize = 16;

/// The way to a value within others, from the inside out.
#[derive(Default)]
pub(crate) struct Path(Vec<Step>);

/// One step on it.
pub(crate) enum Step {
    /// A class, for its name, and one of its fields.
    Field(Ref, Ref),
    Item(usize),
    /// The value under a key.
    Value(Ref),
    Key(Ref),
}

impl Step {
    #[cold]
    pub(crate) fn field(shape: &Shape, field: &Field) -> Self {
        Self::Field(shape.class.class.own(), field.name.own())
    }
}

impl Path {
    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Puts `prefix` and the path in front of the message of the exception that is set. Exceptions that consist of more
    /// than a message stay as they are.
    pub(crate) fn explain(self, prefix: Option<&Object>) -> Raised {
        let Some(exception) = take() else { return Raised };
        if self.rewrite(prefix, &exception).is_err() {
            // What kept it from being explained matters less than the exception itself.
            drop(take());
        }
        raise_instance(&exception)
    }

    fn rewrite(&self, prefix: Option<&Object>, exception: &Object) -> Result<()> {
        let classes =
            [api::PyExc_TypeError(), api::PyExc_ValueError(), api::PyExc_OverflowError(), api::PyExc_AttributeError()];
        if !classes.into_iter().any(|class| exception.is_exactly(class)) {
            return Ok(());
        }
        let args = exception.attribute(names::get().args)?;
        let args = Tuple::new(&args, c"args")?;
        let Some(message) = args.get(0).filter(|message| args.len() == 1 && message.is_exactly(api::PyUnicode_Type()))
        else {
            return Ok(());
        };
        let mut text = format!(c"%U%s", prefix.unwrap_or(names::get().empty).as_raw(), separator(prefix.is_some()))?;
        for (index, step) in self.0.iter().rev().take(SHOWN).enumerate() {
            text = step.append(&text, index == 0)?;
        }
        let more = if self.0.len() > SHOWN { c" ..." } else { c"" };
        let text = format!(c"%U%s%s%U", text.as_raw(), more.as_ptr(), separator(!self.0.is_empty()), message.as_raw())?;
        exception.set_plainly(names::get().args, &*tuple_of(text)?)
    }
}

impl Step {
    fn append(&self, text: &Object, first: bool) -> Result<Ref> {
        let text = text.as_raw();
        match self {
            Self::Field(class, name) if first => {
                format!(c"%U%U.%U", text, class.attribute(names::get().name)?.as_raw(), name.as_raw())
            }
            Self::Field(_, name) => format!(c"%U.%U", text, name.as_raw()),
            Self::Item(index) => format!(c"%U[%zu]", text, *index),
            Self::Value(key) => format!(c"%U[%.80U]", text, key.repr()?.as_raw()),
            Self::Key(key) => {
                let space = if first { c"" } else { c" " };
                format!(c"%U%skey %.80U", text, space.as_ptr(), key.repr()?.as_raw())
            }
        }
    }
}

fn separator(needed: bool) -> *const std::ffi::c_char {
    if needed { c": ".as_ptr() } else { c"".as_ptr() }
}
