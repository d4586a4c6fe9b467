//! Python objects that Rust calls: their methods as C functions, in the table that Rust asks for.

use super::calls::Lowering;
use super::module::Module;
use super::names;
use super::source::{Source, listed};
use super::types::{self, Ffi};
use uniffi_bindgen::pipeline::general::{Callable, CallbackInterface, VTable};

impl Module<'_> {
    /// Hand the methods of `name`'s implementations to Rust.
    pub fn vtable(&self, source: &mut Source, name: &str, vtable: &VTable) {
        for method in vtable.methods.iter().filter(|method| method.callable.is_async()) {
            self.async_method(source, name, &method.callable);
        }
        source.blank(2);
        source.line(format!("def _methods_{name}() -> tuple[typing.Any, ...]:"));
        source.indent();
        source.line(format!("\"\"\"The methods of {name} as C functions.\"\"\""));
        source.lines(&format!(
            "
@_c_function(None, ctypes.c_uint64)
def free(handle: int) -> None:
    _handles_{name}.remove(handle)

@_c_function(ctypes.c_uint64, ctypes.c_uint64)
def clone(handle: int) -> typing.Any:
    return _handles_{name}.clone(handle)"
        ));
        let mut functions = vec!["free".to_string(), "clone".to_string()];
        for method in &vtable.methods {
            let callable = &method.callable;
            if callable.is_async() {
                functions.push(async_name(name, callable));
            } else {
                source.blank(1);
                self.method_function(source, name, callable);
                functions.push(method_name(callable));
            }
        }
        source.blank(1);
        let functions = functions.join(", ");
        let is_long = functions.len() > 100;
        source.line(if is_long { format!("return ({functions})") } else { format!("return {functions}") });
        source.dedent();
        source.blank(2);
        let init = &vtable.init_fn.0;
        let rows: Vec<String> = vtable
            .methods
            .iter()
            .map(|method| {
                let callable = &method.callable;
                if callable.is_async() {
                    return format!("_pointer({})", async_name(name, callable));
                }
                let arguments: Vec<String> =
                    callable.arguments.iter().map(|argument| format!("\"{}\"", self.key(&argument.ty.ty))).collect();
                format!(
                    "(\"{}\", {}, {}, {})",
                    names::variable(&callable.name),
                    super::schema::tuple(&arguments),
                    self.optional_key(callable.return_type.ty.as_ref()),
                    self.optional_key(callable.throws_type.ty.as_ref()),
                )
            })
            .collect();
        source.line(format!(
            "if not _install_native_vtable(\"{init}\", _handles_{name}, lambda: {}):",
            super::schema::tuple(&rows)
        ));
        source.indent();
        source.line(format!("_install_vtable(\"{init}\", *_methods_{name}())"));
        source.dedent();
    }

    /// The method's Python arguments, lifted. All are, even if the call fails: Rust has given them up.
    fn lift_arguments(&self, source: &mut Source, callable: &Callable) {
        for (index, argument) in callable.arguments.iter().enumerate() {
            let lifted = self.lift_value(&argument.ty.ty, &format!("_a{index}"));
            source.line(format!("_p{index} = {lifted}"));
        }
    }

    fn method_function(&self, source: &mut Source, name: &str, callable: &Callable) {
        let returned = callable.return_type.ty.as_ref();
        let out = returned.map_or_else(
            || "ctypes.c_void_p".into(),
            |node| format!("ctypes.POINTER({})", types::ffi(&node.ty).ctype()),
        );
        let mut prototype = vec!["None".into(), "ctypes.c_uint64".into()];
        prototype.extend(c_arguments(callable));
        // The status is written when the call fails; a pointer object for it would be made at each call.
        prototype.extend([out, "ctypes.c_void_p".into()]);
        source.line(listed("@_c_function(", &prototype, ")"));
        let mut parameters = vec!["_handle: int".to_string()];
        parameters.extend((0..callable.arguments.len()).map(|index| format!("_a{index}: typing.Any")));
        parameters.extend(["_out: typing.Any".into(), "_status: typing.Any".into()]);
        source.line(listed(&format!("def {}(", method_name(callable)), &parameters, ") -> None:"));
        source.indent();
        source.line("try:");
        source.indent();
        self.lift_arguments(source, callable);
        let arguments: Vec<String> = (0..callable.arguments.len()).map(|index| format!("_p{index}")).collect();
        let call =
            format!("_handles_{name}.get(_handle).{}({})", names::variable(&callable.name), arguments.join(", "));
        if let Some(node) = returned {
            source.line(format!("_result = {call}"));
            let mut lowering = Lowering::new(self, false);
            let lowered = lowering.value(&node.ty, "_result", false);
            source.code(&lowering.statements.into_text());
            source.line(format!("_out[0] = {lowered}"));
        } else {
            source.line(call);
        }
        source.dedent();
        if let Some(error) = &callable.throws_type.ty {
            source.line(format!("except {} as _error:", self.annotation(&error.ty)));
            source.indent();
            source.line("try:");
            source.indent();
            source.line("_parts: _Parts = []");
            source.line(format!("{}(_error, _parts.append, _nothing_taken)", self.writer(&error.ty)));
            source.line("_failed = _Status.from_address(_status)");
            source.line("_failed.error = _lower(b\"\".join(_parts))");
            source.line("_failed.code = 1");
            source.dedent();
            source.block("except BaseException as _other:", |source| {
                source.line("_report(_Status.from_address(_status), _other)");
            });
            source.dedent();
        }
        source.block("except BaseException as _error:", |source| {
            source.line("_report(_Status.from_address(_status), _error)");
        });
        source.dedent();
    }

    fn async_method(&self, source: &mut Source, name: &str, callable: &Callable) {
        let returned = callable.return_type.ty.as_ref();
        let result = returned.map_or_else(
            || "_Outcome".into(),
            |node| {
                let kind = types::ffi(&node.ty);
                self.outcomes.borrow_mut().insert(kind);
                outcome_name(kind)
            },
        );
        let function = async_name(name, callable);
        source.blank(2);
        let mut prototype = vec!["None".into(), "ctypes.c_uint64".into()];
        prototype.extend(c_arguments(callable));
        let complete = format!("ctypes.CFUNCTYPE(None, ctypes.c_uint64, {result})");
        prototype.extend([complete, "ctypes.c_uint64".into(), "ctypes.POINTER(_DroppedCallback)".into()]);
        source.line(listed("@_c_function(", &prototype, ")"));
        let mut parameters = vec!["_handle: int".to_string()];
        parameters.extend((0..callable.arguments.len()).map(|index| format!("_a{index}: typing.Any")));
        parameters.extend(["_complete: typing.Any".into(), "_data: int".into(), "_out_dropped: typing.Any".into()]);
        source.line(listed(&format!("def {function}("), &parameters, ") -> None:"));
        source.indent();
        let arguments: Vec<String> = (0..callable.arguments.len()).map(|index| format!("_p{index}")).collect();
        source.line("def _fail(error: BaseException) -> None:");
        source.indent();
        source.line(format!("outcome = {result}()"));
        if let Some(error) = &callable.throws_type.ty {
            source.line(format!("if isinstance(error, {}):", self.annotation(&error.ty)));
            source.indent();
            source.line("parts: _Parts = []");
            source.line(format!("{}(error, parts.append, _nothing_taken)", self.writer(&error.ty)));
            source.line("outcome.status.code = 1");
            source.line("outcome.status.error = _lower(b\"\".join(parts))");
            source.dedent();
            source.block("else:", |source| source.line("_report(outcome.status, error)"));
        } else {
            source.line("_report(outcome.status, error)");
        }
        source.line("_complete(_data, outcome)");
        source.dedent();
        source.blank(1);
        source.line("def _succeed(_result: typing.Any) -> None:");
        source.indent();
        source.line(format!("outcome = {result}()"));
        if let Some(node) = returned {
            let mut lowering = Lowering::new(self, false);
            let lowered = lowering.value(&node.ty, "_result", false);
            source.code(&lowering.statements.into_text());
            source.line(format!("outcome.value = {lowered}"));
        }
        source.line("_complete(_data, outcome)");
        source.dedent();
        source.blank(1);
        source.line("try:");
        source.indent();
        self.lift_arguments(source, callable);
        source.line(format!("_object = _handles_{name}.get(_handle)"));
        source.dedent();
        source.block("except BaseException as _error:", |source| {
            source.line("_fail(_error)");
            source.line("return");
        });
        let call = format!("_object.{}({})", names::variable(&callable.name), arguments.join(", "));
        source.line(format!("_start_coroutine(lambda: {call}, _succeed, _fail, _out_dropped)"));
        source.dedent();
    }

    /// The structures in which coroutines' outcomes go to Rust.
    pub fn outcome_structures(&self, source: &mut Source) {
        source.blank(2);
        source.block("class _Outcome(ctypes.Structure):", |source| {
            source.line("_fields_ = ((\"status\", _Status),)");
        });
        for kind in self.outcomes.borrow().iter() {
            source.blank(2);
            source.block(format!("class {}(ctypes.Structure):", outcome_name(*kind)), |source| {
                source.line(format!("_fields_ = ((\"value\", {}), (\"status\", _Status))", kind.ctype()));
            });
        }
    }
}

fn outcome_name(kind: Ffi) -> String {
    let ctype = kind.ctype();
    format!("_Outcome_{}", ctype.trim_start_matches("ctypes.c_").trim_start_matches('_'))
}

fn async_name(name: &str, callable: &Callable) -> String {
    format!("_async_{name}_{}", names::variable(&callable.name))
}

/// Its own name could hide one that the body needs.
fn method_name(callable: &Callable) -> String {
    format!("method_{}", names::variable(&callable.name))
}

/// The C arguments of a method, after the handle.
fn c_arguments(callable: &Callable) -> Vec<String> {
    callable.arguments.iter().map(|argument| types::ffi(&argument.ty.ty).ctype()).collect()
}

/// Whether Rust may await one of the methods.
pub fn has_async_methods(vtable: &VTable) -> bool {
    vtable.methods.iter().any(|method| method.callable.is_async())
}

/// What a handle map calls when an object is handed over: coroutines will need the loop that runs then.
pub fn insert_hook(vtable: &VTable) -> &'static str {
    if has_async_methods(vtable) { "_note_loop" } else { "" }
}

/// A callback interface's handles.
pub fn callback_handles(source: &mut Source, item: &CallbackInterface) {
    let name = names::class(&item.name);
    let note = insert_hook(&item.vtable);
    source.lines(&format!(
        "

_handles_{name} = _HandleMap({note})
_lower_{name} = _handles_{name}.insert
_lift_{name} = _handles_{name}.get
_give_back_{name} = _handles_{name}.remove"
    ));
}
