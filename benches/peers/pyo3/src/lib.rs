//! The rows through PyO3. Records are dataclasses of Python's (`records`) or classes of PyO3's (`classes`); the calls
//! named `…_detached` release the interpreter's lock, as calls through `ctypes` and UniFFI do.

use std::pin::Pin;
use std::task::{Context, Poll};

use boundary_core as work;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyBytes;

/// Converts a record of the core's and back, field by field; `links` are records themselves.
macro_rules! convert {
    ($from:ty, $to:ty { $($field:ident),* $(; $links:ident)? }) => {
        impl From<$from> for $to {
            fn from(record: $from) -> Self {
                Self {
                    $($field: record.$field,)*
                    $($links: record.$links.into_iter().map(Into::into).collect(),)?
                }
            }
        }

        impl From<$to> for $from {
            fn from(record: $to) -> Self {
                Self {
                    $($field: record.$field,)*
                    $($links: record.$links.into_iter().map(Into::into).collect(),)?
                }
            }
        }
    };
}

mod classes;
mod records;

pyo3::create_exception!(boundary_pyo3, Failure, PyException, "A typed error; what is bad is its argument.");

/// Makes the exception for an error of the core's.
fn failure(error: work::Failure) -> PyErr {
    match error {
        work::Failure::Bad { what } => Failure::new_err(what),
        work::Failure::Gone => Failure::new_err(()),
    }
}

/// An enum without data.
#[pyclass(eq, hash, frozen, from_py_object, rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(Clone, Copy, Hash, PartialEq)]
enum Direction {
    North,
    East,
    South,
    West,
}

impl From<Direction> for work::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::North => Self::North,
            Direction::East => Self::East,
            Direction::South => Self::South,
            Direction::West => Self::West,
        }
    }
}

impl From<work::Direction> for Direction {
    fn from(direction: work::Direction) -> Self {
        match direction {
            work::Direction::North => Self::North,
            work::Direction::East => Self::East,
            work::Direction::South => Self::South,
            work::Direction::West => Self::West,
        }
    }
}

/// An enum with data.
#[pyclass(frozen, from_py_object)]
#[derive(Clone)]
enum Shape {
    Circle { radius: f64 },
    Rectangle { width: f64, height: f64 },
    Named { name: String },
    Empty {},
}

impl From<Shape> for work::Shape {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Circle { radius } => Self::Circle { radius },
            Shape::Rectangle { width, height } => Self::Rectangle { width, height },
            Shape::Named { name } => Self::Named { name },
            Shape::Empty {} => Self::Empty,
        }
    }
}

impl From<work::Shape> for Shape {
    fn from(shape: work::Shape) -> Self {
        match shape {
            work::Shape::Circle { radius } => Self::Circle { radius },
            work::Shape::Rectangle { width, height } => Self::Rectangle { width, height },
            work::Shape::Named { name } => Self::Named { name },
            work::Shape::Empty => Self::Empty {},
        }
    }
}

/// An object with a method.
#[pyclass(frozen)]
#[derive(Default)]
struct Counter(work::Counter);

#[pymethods]
impl Counter {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn increment(&self) -> u64 {
        self.0.increment()
    }

    fn increment_detached(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.0.increment())
    }
}

/// A future that is polled without the interpreter's lock, as PyO3's guide has it.
struct Detached<F>(F);

impl<F: Future<Output: Send> + Send> Future for Detached<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = context.waker();
        // SAFETY: the inner future stays where it is for as long as the outer one does.
        let inner = unsafe { self.map_unchecked_mut(|detached| &mut detached.0) };
        Python::attach(|py| py.detach(|| inner.poll(&mut Context::from_waker(waker))))
    }
}

/// The module.
#[pymodule]
mod boundary_pyo3 {
    use super::{
        Bound, Detached, Py, PyAny, PyAnyMethods, PyBackedStr, PyBytes, PyResult, Python, classes, failure, pyfunction,
        records, work,
    };

    #[pymodule_export]
    use super::{Counter, Direction, Failure, Shape};
    #[pymodule_export]
    use classes::{LinkClass, SiteClass, TestDataClass};

    #[pyfunction]
    fn noop() {
        work::noop();
    }

    #[pyfunction]
    fn noop_detached(py: Python<'_>) {
        py.detach(work::noop);
    }

    #[pyfunction]
    fn add(a: i32, b: i32) -> i32 {
        work::add(a, b)
    }

    #[pyfunction]
    fn add_detached(py: Python<'_>, a: i32, b: i32) -> i32 {
        py.detach(|| work::add(a, b))
    }

    #[pyfunction]
    async fn add_ready(a: i32, b: i32) -> i32 {
        work::add(a, b)
    }

    #[pyfunction]
    async fn add_ready_detached(a: i32, b: i32) -> i32 {
        Detached(async move { work::add(a, b) }).await
    }

    #[pyfunction]
    fn gsum(n: u64) -> u64 {
        work::gsum(n)
    }

    #[pyfunction]
    fn gsum_detached(py: Python<'_>, n: u64) -> u64 {
        py.detach(|| work::gsum(n))
    }

    #[pyfunction]
    fn greet(name: &str) -> String {
        work::greet(name)
    }

    #[pyfunction]
    fn greet_detached(py: Python<'_>, name: &str) -> String {
        py.detach(|| work::greet(name))
    }

    #[pyfunction]
    fn hello_there(given: records::TestData) -> records::TestData {
        work::hello_there(&given.into()).into()
    }

    #[pyfunction]
    fn hello_there_detached(py: Python<'_>, given: records::TestData) -> records::TestData {
        py.detach(|| work::hello_there(&given.into()).into())
    }

    #[pyfunction]
    fn hello_there_class(given: TestDataClass) -> TestDataClass {
        work::hello_there(&given.into()).into()
    }

    #[pyfunction]
    fn make_site(number: u32) -> records::Site {
        work::make_site(number).into()
    }

    #[pyfunction]
    fn make_site_detached(py: Python<'_>, number: u32) -> records::Site {
        py.detach(|| work::make_site(number).into())
    }

    #[pyfunction]
    fn make_site_class(number: u32) -> SiteClass {
        work::make_site(number).into()
    }

    #[pyfunction]
    fn echo_site(site: records::Site) -> records::Site {
        site
    }

    #[pyfunction]
    fn echo_site_detached(py: Python<'_>, site: records::Site) -> records::Site {
        py.detach(|| site)
    }

    #[pyfunction]
    fn echo_site_class(site: SiteClass) -> SiteClass {
        site
    }

    #[pyfunction]
    fn take_site(site: records::Site) -> u32 {
        work::take_site(&site.into())
    }

    #[pyfunction]
    fn take_site_detached(py: Python<'_>, site: records::Site) -> u32 {
        py.detach(|| work::take_site(&site.into()))
    }

    #[pyfunction]
    fn take_site_class(site: &SiteClass) -> usize {
        site.links.len()
    }

    #[pyfunction]
    fn make_sites(count: u32) -> Vec<records::Site> {
        work::make_sites(count).into_iter().map(Into::into).collect()
    }

    #[pyfunction]
    fn make_sites_detached(py: Python<'_>, count: u32) -> Vec<records::Site> {
        py.detach(|| work::make_sites(count).into_iter().map(Into::into).collect())
    }

    #[pyfunction]
    fn make_sites_class(count: u32) -> Vec<SiteClass> {
        work::make_sites(count).into_iter().map(Into::into).collect()
    }

    #[pyfunction]
    fn turn(direction: super::Direction) -> super::Direction {
        work::turn(direction.into()).into()
    }

    #[pyfunction]
    fn turn_detached(py: Python<'_>, direction: super::Direction) -> super::Direction {
        py.detach(|| work::turn(direction.into()).into())
    }

    #[pyfunction]
    fn double(shape: super::Shape) -> super::Shape {
        work::double(shape.into()).into()
    }

    #[pyfunction]
    fn double_detached(py: Python<'_>, shape: super::Shape) -> super::Shape {
        py.detach(|| work::double(shape.into()).into())
    }

    #[pyfunction]
    fn may_fail(fail: bool) -> PyResult<i32> {
        work::may_fail(fail).map_err(failure)
    }

    #[pyfunction]
    fn may_fail_detached(py: Python<'_>, fail: bool) -> PyResult<i32> {
        py.detach(|| work::may_fail(fail)).map_err(failure)
    }

    #[pyfunction]
    fn sum_floats(values: Vec<f64>) -> f64 {
        work::sum_floats(&values)
    }

    #[pyfunction]
    fn sum_floats_detached(py: Python<'_>, values: Vec<f64>) -> f64 {
        py.detach(|| work::sum_floats(&values))
    }

    #[pyfunction]
    fn floats(count: u32) -> Vec<f64> {
        work::floats(count).collect()
    }

    #[pyfunction]
    fn floats_detached(py: Python<'_>, count: u32) -> Vec<f64> {
        py.detach(|| work::floats(count).collect())
    }

    #[pyfunction]
    fn total_length(values: Vec<String>) -> u32 {
        work::total_length(values)
    }

    #[pyfunction]
    fn total_length_borrowed(values: Vec<PyBackedStr>) -> u32 {
        work::total_length(values)
    }

    #[pyfunction]
    fn total_length_detached(py: Python<'_>, values: Vec<String>) -> u32 {
        py.detach(|| work::total_length(&values))
    }

    #[pyfunction]
    fn strings(count: u32) -> Vec<String> {
        work::strings(count).collect()
    }

    #[pyfunction]
    fn strings_detached(py: Python<'_>, count: u32) -> Vec<String> {
        py.detach(|| work::strings(count).collect())
    }

    #[pyfunction]
    fn mask<'py>(py: Python<'py>, data: &[u8], key: u32) -> PyResult<Bound<'py, PyBytes>> {
        PyBytes::new_with(py, data.len(), |to| {
            work::mask_into(data, to, key);
            Ok(())
        })
    }

    #[pyfunction]
    fn mask_detached<'py>(py: Python<'py>, data: &[u8], key: u32) -> PyResult<Bound<'py, PyBytes>> {
        PyBytes::new_with(py, data.len(), |to| {
            py.detach(|| work::mask_into(data, to, key));
            Ok(())
        })
    }

    #[pyfunction]
    fn sum_calls(callback: &Bound<'_, PyAny>, count: i32) -> PyResult<i32> {
        work::sum_calls(count, |number| callback.call1((number,))?.extract())
    }

    #[pyfunction]
    fn sum_calls_detached(py: Python<'_>, callback: Py<PyAny>, count: i32) -> PyResult<i32> {
        py.detach(|| work::sum_calls(count, |number| Python::attach(|py| callback.call1(py, (number,))?.extract(py))))
    }
}
