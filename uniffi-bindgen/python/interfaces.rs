//! Rust objects as classes that hold a handle, and traits as the classes that Python code implements.

use super::callbacks;
use super::calls::Place;
use super::module::Module;
use super::names;
use super::source::Source;
use super::types;
use anyhow::{Result, bail};
use uniffi_bindgen::pipeline::general::{Interface, Method, ObjectImpl, TraitKind, Type};

impl Module<'_> {
    pub fn interface(&self, source: &mut Source, item: &Interface) -> Result<()> {
        let name = names::class(&item.name);
        if types::is_foreign_trait(item.imp) {
            self.protocol(source, &name, "", item.docstring.as_deref(), &item.methods)?;
        } else {
            let protocol = format!("{name}Protocol");
            self.protocol(source, &protocol, "(typing.Protocol)", item.docstring.as_deref(), &item.methods)?;
        }
        self.object_class(source, item)
    }

    /// The methods by themselves, without an implementation.
    pub fn protocol(
        &self,
        source: &mut Source,
        name: &str,
        bases: &str,
        doc: Option<&str>,
        methods: &[Method],
    ) -> Result<()> {
        source.blank(2);
        source.line(format!("class {name}{bases}:"));
        source.indent();
        source.docstring(doc);
        source.blank_after_docstring();
        source.line("__slots__ = ()");
        for method in methods {
            source.blank(1);
            let callable = &method.callable;
            source.line(self.signature(callable, Place::Method, &names::variable(&callable.name))?);
            source.indent();
            source.docstring(method.docstring.as_deref());
            source.line("raise NotImplementedError");
            source.dedent();
        }
        source.dedent();
        Ok(())
    }

    fn object_class(&self, source: &mut Source, item: &Interface) -> Result<()> {
        let class = types::object_class(&item.name, item.imp);
        let is_error = item.self_type.is_used_as_error;
        let bases = self.base_list(&self.bases(item)?, &class);
        source.blank(2);
        source.line(format!("class {class}{bases}:"));
        source.indent();
        source.docstring(item.docstring.as_deref());
        source.blank_after_docstring();
        if !is_error {
            source.line("__slots__ = (\"__dict__\", \"__weakref__\", \"_handle\")");
        }
        source.line("_handle: int");
        let mut has_init = false;
        for constructor in &item.constructors {
            let callable = &constructor.callable;
            source.blank(1);
            let doc = constructor.docstring.as_deref();
            if callable.is_primary_constructor() {
                if callable.is_async() {
                    bail!("{class}: an async primary constructor can't be Python's __init__; give it another name");
                }
                has_init = true;
                self.callable(source, callable, doc, Place::Init, "__init__", &[])?;
            } else {
                let name = names::variable(&callable.name);
                self.callable(source, callable, doc, Place::Class, &name, &["@classmethod"])?;
            }
        }
        if !has_init {
            source.blank(1);
            source.block("def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:", |source| {
                source.line(format!("raise ValueError(\"{class} has no default constructor\")"));
            });
        }
        handle_methods(source, &class);
        self.methods(source, &item.methods)?;
        self.trait_methods(source, &class, &item.uniffi_trait_methods)?;
        source.dedent();
        Ok(())
    }

    fn bases(&self, item: &Interface) -> Result<Vec<String>> {
        let mut bases = Vec::new();
        if types::is_foreign_trait(item.imp) {
            bases.push(names::class(&item.name));
        }
        if item.self_type.is_used_as_error {
            bases.push("Exception".into());
        }
        for implemented in &item.trait_impls {
            let suffix = match &implemented.trait_ty.ty {
                Type::Interface { imp: ObjectImpl::Trait(TraitKind::RustOnly), .. } => "Protocol",
                Type::Interface { imp: ObjectImpl::Trait(_), .. } | Type::CallbackInterface { .. } => "",
                other => bail!("{}: {other:?} is no trait that it could implement", item.name),
            };
            bases.push(format!("{}{suffix}", self.annotation(&implemented.trait_ty.ty)));
        }
        Ok(bases)
    }
}

/// What every class that holds a handle has.
fn handle_methods(source: &mut Source, class: &str) {
    source.blank(1);
    source.lines(&format!(
        "def __del__(self) -> None:
    # In a cycle, another finalizer may still use this object: it finds it closed.
    handle = getattr(self, \"_handle\", None)
    if handle is not None:
        del self._handle
        _c_free_{class}(_u64(handle), ctypes.byref(_Status()))

def __reduce__(self) -> typing.NoReturn:
    raise TypeError(\"a {class} stands for an object in Rust: it can't be copied or pickled\")

def _uniffi_clone_handle(self) -> int:
    try:
        handle: int = _c_clone_{class}(_u64(self._handle), ctypes.byref(_Status()))
    except AttributeError:
        raise ValueError(\"this {class} is closed or was never initialised\") from None
    return handle

@classmethod
def _uniffi_make_instance(cls, handle: int) -> {class}:
    if not handle:
        raise InternalError(\"Rust returned a null handle for a {class}\")
    instance = cls.__new__(cls)
    instance._handle = handle
    return instance"
    ));
}

/// How the object's handle goes to Rust and comes back.
pub fn handle_functions(source: &mut Source, item: &Interface) {
    let name = names::class(&item.name);
    let class = types::object_class(&item.name, item.imp);
    source.blank(2);
    source.line(format!("_c_clone_{class} = _symbol(\"{}\", ctypes.c_uint64)", item.ffi_func_clone.0));
    source.line(format!("_c_free_{class} = _symbol(\"{}\", None)", item.ffi_func_free.0));
    let Some(vtable) = &item.vtable else {
        source.lines(&format!(
            "

def _lower_{name}(value: typing.Any) -> int:
    # Its real type: `isinstance` believes what an object says of itself.
    if not issubclass(type(value), {class}):
        raise TypeError(f\"a {class} is required, not {{type(value).__name__}}\")
    if getattr(value, \"_handle\", None) is None:
        raise ValueError(\"this {class} is closed or was never initialised\")
    handle: int = value._uniffi_clone_handle()
    return handle


def _lift_{name}(handle: int) -> {class}:
    return {class}._uniffi_make_instance(handle)


def _give_back_{name}(handle: int) -> None:
    _c_free_{class}(_u64(handle), ctypes.byref(_Status()))"
        ));
        return;
    };
    let note = callbacks::insert_hook(vtable);
    source.lines(&format!(
        "_handles_{name} = _HandleMap({note})


def _lower_{name}(value: typing.Any) -> int:
    if issubclass(type(value), {class}):
        handle: int = value._uniffi_clone_handle()
        return handle
    if not issubclass(type(value), {name}):
        raise TypeError(f\"a {name} is required, not {{type(value).__name__}}\")
    handle = _handles_{name}.insert(value)
    return handle


def _lift_{name}(handle: int) -> {name}:
    if handle & 1:
        value: {name} = _handles_{name}.remove(handle)
        return value
    return {class}._uniffi_make_instance(handle)


def _give_back_{name}(handle: int) -> None:
    if handle & 1:
        _handles_{name}.remove(handle)
    else:
        _c_free_{class}(_u64(handle), ctypes.byref(_Status()))"
    ));
}
