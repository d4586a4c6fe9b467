//! Functions, methods and constructors in pure Python: check and lower the arguments, call, lift the outcome.
//!
//! Everything is checked and serialised before anything is allocated for Rust, so that a bad argument leaks nothing.

use super::module::Module;
use super::names;
use super::shadow;
use super::source::{Source, listed};
use super::types::{self, Ffi};
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{Argument, Callable, CallableKind, Type, TypeNode};

/// Where a callable stands in the module.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Function,
    Method,
    Init,
    Class,
}

/// Lowers values by themselves: statements that may fail first, then an expression that can't.
pub struct Lowering<'l> {
    module: &'l Module<'l>,
    pub statements: Source,
    pub names: usize,
    /// True when what was given to Rust must be noted, to be taken back after a failure.
    noted: bool,
}

impl<'l> Lowering<'l> {
    pub fn new(module: &'l Module<'l>, noted: bool) -> Self {
        Self { module, statements: Source::default(), names: 0, noted }
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("_{stem}{}", self.names)
    }

    /// Lower the variable `name`.
    pub fn value(&mut self, ty: &Type, name: &str, by_ref: bool) -> String {
        match (types::ffi(ty), ty) {
            (_, Type::Box { inner_type }) => self.value(inner_type, name, by_ref),
            (_, Type::Custom { builtin, .. }) => {
                let inner = self.name("builtin");
                self.statements.line(format!("{inner} = {}", self.module.lower_custom(ty, name)));
                self.value(builtin, &inner, false)
            }
            (Ffi::Int(bits, signed), _) => {
                let (low, high) = range(bits, signed);
                let kind = format!("{}{bits}", if signed { "i" } else { "u" });
                self.statements.block(
                    format!("if {name}.__class__ is not _int or not {low} <= {name} <= {high}:"),
                    |source| {
                        source.line(format!("{name} = _integer({name}, {low}, {high}, \"{kind}\")"));
                    },
                );
                if bits == 64 { format!("_{}64({name})", if signed { "i" } else { "u" }) } else { name.into() }
            }
            (Ffi::Bool, _) => {
                self.statements.line(format!("{name} = _booleans[{name}]"));
                name.into()
            }
            (Ffi::F64, _) => {
                let number = self.name("f");
                self.statements.line(format!("{number} = _f64({name})"));
                number
            }
            (Ffi::F32, _) => {
                let number = self.name("f");
                self.statements.line(format!("{number} = _f32(_single({name}))"));
                number
            }
            (Ffi::Handle, _) => {
                let handle = self.name("handle");
                let (lower, give_back) = self.module.lower_handle(ty, name);
                self.statements.line(format!("{handle} = {lower}"));
                if self.noted {
                    self.statements.line(format!("_taken.append(({give_back}, {handle}))"));
                }
                format!("_u64({handle})")
            }
            (Ffi::Buffer, Type::String) => {
                let data = self.name("b");
                self.statements.line(format!("{data} = {name}.encode()"));
                format!("_lower({data})")
            }
            (Ffi::Buffer, Type::Bytes) if by_ref => {
                let data = self.name("b");
                self.statements.line(format!("{data} = _lend({name})"));
                data
            }
            (Ffi::Buffer, _) => {
                let (parts, data) = (self.name("parts"), self.name("b"));
                let taken = if self.noted && self.module.has_handles(ty) { "_taken" } else { "_nothing_taken" };
                self.statements.line(format!("{parts}: _Parts = []"));
                self.statements.line(format!("{}({name}, {parts}.append, {taken})", self.module.writer(ty)));
                self.statements.line(format!("{data} = b\"\".join({parts})"));
                format!("_lower({data})")
            }
        }
    }
}

/// The smallest and largest value of an integer type.
fn range(bits: u8, signed: bool) -> (i128, i128) {
    if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

/// The C function's name in the generated module.
pub fn c_name(callable: &Callable) -> String {
    let symbol = &callable.ffi_func.0;
    let short = symbol.split_once("_fn_").map_or(symbol.as_str(), |(_, short)| short);
    format!("_c_{short}")
}

/// The name of the function that starts an async callable's future.
pub fn start_name(callable: &Callable) -> String {
    c_name(callable).replacen("_c_", "_start_", 1)
}

/// A callable's own arguments, to be passed to another function with the same ones.
fn pass_on(callable: &Callable) -> String {
    let mut arguments: Vec<String> =
        callable.arguments.iter().map(|argument| names::variable(&argument.name)).collect();
    if matches!(callable.kind, CallableKind::Method { .. }) {
        arguments.insert(0, "self".into());
    }
    arguments.join(", ")
}

impl Module<'_> {
    /// The parameters of a callable, annotated, with their defaults.
    pub fn parameters(&self, callable: &Callable) -> Result<Vec<String>> {
        callable
            .arguments
            .iter()
            .map(|argument| {
                let (name, ty) = (names::variable(&argument.name), self.argument_annotation(&argument.ty.ty));
                Ok(match &argument.default {
                    None => format!("{name}: {ty}"),
                    Some(default) => {
                        let default = self.default(default)?;
                        let text = if default.constant { &default.text } else { "_DEFAULT" };
                        format!("{name}: {ty} = {text}")
                    }
                })
            })
            .collect()
    }

    /// A value's annotation, `None` for none.
    pub fn return_annotation(&self, node: Option<&TypeNode>) -> String {
        node.map_or_else(|| "None".into(), |node| self.annotation(&node.ty))
    }

    /// The header of the `def` statement of a callable.
    pub fn signature(&self, callable: &Callable, place: Place, name: &str) -> Result<String> {
        let mut parameters = self.parameters(callable)?;
        match place {
            Place::Function => {}
            Place::Method | Place::Init => parameters.insert(0, "self".into()),
            Place::Class => parameters.insert(0, "cls".into()),
        }
        let returns =
            if place == Place::Init { "None".into() } else { self.return_annotation(callable.return_type.ty.as_ref()) };
        let word = if callable.is_async() { "async def" } else { "def" };
        Ok(listed(&format!("{word} {name}("), &parameters, &format!(") -> {returns}:")))
    }

    /// A free function.
    pub fn function(&self, source: &mut Source, callable: &Callable, doc: Option<&str>) -> Result<()> {
        source.blank(2);
        self.callable(source, callable, doc, Place::Function, &names::variable(&callable.name), &[])
    }

    /// A function, method or constructor, with its body.
    pub fn callable(
        &self,
        source: &mut Source,
        callable: &Callable,
        doc: Option<&str>,
        place: Place,
        name: &str,
        decorators: &[&str],
    ) -> Result<()> {
        for decorator in decorators {
            source.line(decorator);
        }
        source.line(self.signature(callable, place, name)?);
        source.indent();
        source.docstring(doc);
        if callable.is_async() {
            self.await_outcome(source, callable, place);
        } else {
            self.call(source, callable, place)?;
        }
        source.dedent();
        Ok(())
    }

    /// The body of a coroutine function: start, and wait unless the outcome is there at once.
    fn await_outcome(&self, source: &mut Source, callable: &Callable, place: Place) {
        let arguments = pass_on(callable);
        if self.has_async_callbacks() {
            // Rust may ask for a coroutine later, on a thread where no loop runs.
            source.line("_note_loop()");
        }
        source.line(format!("_outcome = {}({arguments})", start_name(callable)));
        source.block("if _outcome.__class__ is _Pending:", |source| {
            source.line("_outcome = await _finish(_outcome)");
        });
        if place == Place::Class {
            source.line("_object = cls._uniffi_make_instance(_outcome)");
            source.line("return _object");
        } else if let Some(node) = &callable.return_type.ty {
            source.line(format!("_result: {} = _outcome", self.local_annotation(callable, &node.ty)));
            source.line("return _result");
        }
    }

    /// The function that starts an async callable.
    pub fn start(&self, source: &mut Source, callable: &Callable) -> Result<()> {
        let Some(data) = &callable.async_data else { return Ok(()) };
        let mut parameters = self.parameters(callable)?;
        if matches!(callable.kind, CallableKind::Method { .. }) {
            parameters.insert(0, "self: typing.Any".into());
        }
        source.blank(2);
        source.line(listed(&format!("def {}(", start_name(callable)), &parameters, ") -> typing.Any:"));
        source.indent();
        let arguments = self.lower_arguments(source, callable)?;
        let calls = format!("_calls_{}", data.ffi_rust_future_complete.0);
        let lift = match (&callable.kind, &callable.return_type.ty) {
            // The class method makes the object, of whatever class it was called on.
            (CallableKind::Constructor { .. }, _) => "_same".into(),
            (_, Some(node)) => format!("lambda _result: {}", self.lift_value(&node.ty, "_result")),
            (_, None) => "None".into(),
        };
        source.line(format!("_future = {}({})", c_name(callable), arguments.join(", ")));
        source.line(format!("return _start(_future, {calls}, {lift}, {})", self.error_reader(callable)));
        source.dedent();
        Ok(())
    }

    /// Statements that check and lower the arguments; returns the expressions to call with.
    fn lower_arguments(&self, source: &mut Source, callable: &Callable) -> Result<Vec<String>> {
        for argument in &callable.arguments {
            if let Some(default) = &argument.default {
                let default = self.default(default)?;
                if !default.constant {
                    let name = names::variable(&argument.name);
                    source.block(format!("if {name} is _DEFAULT:"), |source| {
                        source.line(format!("{name} = {}", default.text));
                    });
                }
            }
        }
        let noted = callable.arguments.iter().any(|argument| self.has_handles(&argument.ty.ty));
        let mut lowering = Lowering::new(self, noted);
        let mut expressions = Vec::new();
        let mut blamed = Vec::new();
        if let CallableKind::Method { self_type } = &callable.kind {
            if matches!(self_type.ty, Type::Interface { .. }) {
                // Last, when nothing can fail any more.
                let (lower, _) = self.lower_handle(&self_type.ty, "self");
                expressions.push(format!("_u64({lower})"));
            } else {
                expressions.push(lowering.value(&self_type.ty, "self", false));
                blamed.push(format!("(\"self\", \"{}\", self)", self.key(&self_type.ty)));
            }
        }
        for argument in &callable.arguments {
            let name = names::variable(&argument.name);
            expressions.push(lowering.value(&argument.ty.ty, &name, argument.is_borrowed_bytes()));
            blamed.push(format!("(\"{name}\", \"{}\", {name})", self.argument_key(argument)));
        }
        let statements = lowering.statements.into_text();
        if statements.is_empty() {
            return Ok(expressions);
        }
        if noted {
            source.line("_taken: _Taken = []");
        }
        source.block("try:", |source| source.code(&statements));
        source.block(if noted { "except BaseException:" } else { "except Exception:" }, |source| {
            if noted {
                source.line("_give_back(_taken)");
            }
            let mut blame = vec![format!("\"{}\"", names::variable(&callable.name))];
            blame.extend(blamed);
            source.line(listed("_blame(", &blame, ")"));
            source.line("raise");
        });
        Ok(expressions)
    }

    /// An argument's type in the schema.
    pub fn argument_key(&self, argument: &Argument) -> String {
        if argument.is_borrowed_bytes() { "borrowed_bytes".into() } else { self.key(&argument.ty.ty) }
    }

    /// The body of a synchronous callable.
    fn call(&self, source: &mut Source, callable: &Callable, place: Place) -> Result<()> {
        let mut arguments = self.lower_arguments(source, callable)?;
        arguments.push("_call[1]".into());
        source.line("_call = _statuses.pop() if _statuses else _new_status()");
        let call = format!("{}({})", c_name(callable), arguments.join(", "));
        let returned = callable.return_type.ty.is_some();
        source.line(if returned { format!("_result = {call}") } else { call });
        source.block("if _call[0].code:", |source| {
            source.line(format!("raise _failure(_call[0], {})", self.error_reader(callable)));
        });
        source.line("_statuses.append(_call)");
        match (place, &callable.return_type.ty) {
            (Place::Init, returned) => {
                if let Some(Type::Interface { name, imp, .. }) = returned.as_ref().map(|node| &node.ty) {
                    // What an earlier call of `__init__` made is let go.
                    source.line(format!("{}.__del__(self)", types::object_class(name, *imp)));
                }
                source.line("self._handle = _result");
            }
            (Place::Class, _) => source.line("return cls._uniffi_make_instance(_result)"),
            (_, Some(node)) => {
                let lifted = self.lift_value(&node.ty, "_result");
                source.line(format!("_value: {} = {lifted}", self.local_annotation(callable, &node.ty)));
                source.line("return _value");
            }
            (_, None) => {}
        }
        Ok(())
    }

    /// An annotation inside of the function, where an argument may have a type's name.
    fn local_annotation(&self, callable: &Callable, ty: &Type) -> String {
        let parameters: Vec<String> =
            callable.arguments.iter().map(|argument| names::variable(&argument.name)).collect();
        shadow::qualify(&self.annotation(ty), &shadow::hidden(parameters.iter().map(String::as_str)))
    }

    fn error_reader(&self, callable: &Callable) -> String {
        callable.throws_type.ty.as_ref().map_or_else(|| "None".into(), |node| self.reader(&node.ty))
    }

    /// The value of something that Rust returned or passed by itself.
    pub fn lift_value(&self, ty: &Type, expression: &str) -> String {
        match (types::ffi(ty), ty) {
            (_, Type::Box { inner_type }) => self.lift_value(inner_type, expression),
            (_, Type::Custom { builtin, .. }) => self.lift_custom(ty, &self.lift_value(builtin, expression)),
            (Ffi::Bool, _) => format!("{expression} != 0"),
            (Ffi::Handle, _) => self.lift_handle(ty, expression),
            (Ffi::Buffer, Type::String) => format!("_take({expression}).decode()"),
            (Ffi::Buffer, Type::Bytes) => format!("_take({expression})[4:]"),
            (Ffi::Buffer, _) => format!("_lift({}, {expression})", self.reader(ty)),
            (Ffi::Int(..) | Ffi::F32 | Ffi::F64, _) => expression.into(),
        }
    }
}
