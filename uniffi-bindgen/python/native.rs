//! The hand-over to the accelerator: every callable as a row of data, and the loop that puts the native ones in place.

use super::calls::{self, Place};
use super::enums;
use super::errors;
use super::module::Module;
use super::names;
use super::records;
use super::schema::tuple;
use super::source::Source;
use super::types;
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{Callable, Method, TypeDefinition, UniffiTraitMethods};

/// A callable, and where its native form goes.
struct Row {
    /// The class it is an attribute of; none for a function of the module.
    owner: Option<String>,
    name: String,
    callable: Callable,
    place: Place,
}

impl Module<'_> {
    pub fn native(&self, source: &mut Source) -> Result<()> {
        let rows = self.rows();
        source.blank(2);
        source.line("def _functions() -> tuple[tuple[typing.Any, ...], ...]:");
        source.indent();
        source.line("\"\"\"Where each function belongs, and how it is called.\"\"\"");
        let mut all = rows.iter().map(|row| self.row(row)).collect::<Result<Vec<String>>>()?;
        for definition in &self.namespace.type_definitions {
            // An object that Python may implement, too, is freed by its Python class.
            if let TypeDefinition::Interface(item) = definition
                && item.vtable.is_none()
            {
                let (class, key) = (types::object_class(&item.name, item.imp), self.key(&item.self_type.ty));
                all.push(format!(
                    "({class}, \"__del__\", \"\", {class}.__del__, \"free\", (), (\"{key}\",), (), None, None, False, ())"
                ));
            }
        }
        source.line(format!("return {}", tuple(&all)));
        source.dedent();
        source.blank(2);
        source.line("def _symbols() -> set[str]:");
        source.indent();
        source.line("\"\"\"The names of the library's functions that these bindings use.\"\"\"");
        source.line("return {name for name in {row[2] for row in _functions()} | _looked_up if name}");
        source.dedent();
        let externals: Vec<String> = self.externals().iter().map(|package| format!("{package}._native")).collect();
        let condition = if externals.is_empty() {
            "_accelerator is None".to_string()
        } else {
            format!("None in (_accelerator, {})", externals.join(", "))
        };
        let namespace = self.namespace;
        source.lines(&format!(
            "

def _bind() -> typing.Any:
    \"\"\"Put the native functions in place, if the library has what they need.\"\"\"
    if {condition}:
        return None
    rows = _functions()
    types = {{name: parts[:3] if parts[0] == \"external\" else parts for name, parts in _types().items()}}
    try:
        library = _accelerator.bind(
            _library._handle,
            {{
                \"name\": \"{}\",
                \"internal_error\": InternalError,
                \"rustbuffer_alloc\": \"{}\",
                \"rustbuffer_reserve\": \"{}\",
                \"rustbuffer_free\": \"{}\",
                \"types\": types,
                \"functions\": tuple(row[1:] for row in rows),
            }},
        )
    except ImportError:
        return None
    for row, function in zip(rows, library.functions, strict=True):
        if row[0] is None:
            globals()[row[1]] = function
        else:
            setattr(row[0], row[1], classmethod(function) if row[4] == \"class\" else function)
    return library


_native = _bind()
_uniffi_mode = \"pure\" if _native is None else \"native\"",
            namespace.name,
            namespace.ffi_rustbuffer_alloc.0,
            namespace.ffi_rustbuffer_reserve.0,
            namespace.ffi_rustbuffer_free.0,
        ));
        Ok(())
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for function in &self.namespace.functions {
            let name = names::variable(&function.callable.name);
            rows.push(Row { owner: None, name, callable: function.callable.clone(), place: Place::Function });
        }
        for definition in &self.namespace.type_definitions {
            match definition {
                TypeDefinition::Record(item) => {
                    let class = names::class(&item.name);
                    add_methods(&mut rows, &class, &item.methods);
                    add_traits(&mut rows, &class, &item.uniffi_trait_methods);
                }
                TypeDefinition::Enum(item) if !errors::is_flat_error(item) => {
                    let class = names::class(&item.name);
                    add_methods(&mut rows, &class, &item.methods);
                    add_traits(&mut rows, &class, &enums::used_traits(item));
                }
                TypeDefinition::Interface(item) => {
                    let class = types::object_class(&item.name, item.imp);
                    for constructor in &item.constructors {
                        let callable = &constructor.callable;
                        let (name, place) = if callable.is_primary_constructor() {
                            ("__init__".into(), Place::Init)
                        } else {
                            (names::variable(&callable.name), Place::Class)
                        };
                        rows.push(Row { owner: Some(class.clone()), name, callable: callable.clone(), place });
                    }
                    add_methods(&mut rows, &class, &item.methods);
                    add_traits(&mut rows, &class, &item.uniffi_trait_methods);
                }
                _ => {}
            }
        }
        rows
    }

    /// One callable as data, in the accelerator's form with the owner before it.
    fn row(&self, row: &Row) -> Result<String> {
        let callable = &row.callable;
        let mut arguments = Vec::new();
        let mut keys = Vec::new();
        if let Some(self_type) = self_type(callable) {
            arguments.push("\"self\"".to_string());
            keys.push(format!("\"{}\"", self.key(self_type)));
        }
        let mut defaults = Vec::new();
        for argument in &callable.arguments {
            arguments.push(format!("\"{}\"", names::variable(&argument.name)));
            keys.push(format!("\"{}\"", self.argument_key(argument)));
            if let Some(default) = &argument.default {
                defaults.push(self.default(default)?.text);
            }
        }
        // A coroutine function stays Python's; what starts its future is native.
        let (owner, name, wrapped, kind) = if callable.is_async() {
            let start = calls::start_name(callable);
            ("None".to_string(), start.clone(), start, "async")
        } else {
            let kind = match row.place {
                Place::Function => "function",
                Place::Method => "method",
                Place::Init => "init",
                Place::Class => "class",
            };
            match &row.owner {
                // By its name as data, which is not taken for Python's own.
                None => ("None".into(), row.name.clone(), format!("globals()[\"{}\"]", row.name), kind),
                Some(owner) if row.place == Place::Class => {
                    let wrapped = format!("{owner}.__dict__[\"{}\"].__func__", row.name);
                    (owner.clone(), row.name.clone(), wrapped, kind)
                }
                Some(owner) => (owner.clone(), row.name.clone(), format!("{owner}.{}", row.name), kind),
            }
        };
        let is_constructor = matches!(row.place, Place::Init | Place::Class);
        let returns = match &callable.return_type.ty {
            Some(_) if is_constructor && callable.is_async() => {
                let key = self.key(&uniffi_bindgen::pipeline::general::Type::UInt64);
                format!("\"{key}\"")
            }
            node => self.optional_key(node.as_ref()),
        };
        let extra: Vec<String> = callable.async_data.as_ref().map_or_else(Vec::new, |data| {
            [
                &data.ffi_rust_future_poll,
                &data.ffi_rust_future_complete,
                &data.ffi_rust_future_free,
                &data.ffi_rust_future_cancel,
            ]
            .map(|symbol| format!("\"{}\"", symbol.0))
            .to_vec()
        });
        let public = match &row.owner {
            None => row.name.clone(),
            Some(owner) => format!("{owner}.{}", row.name),
        };
        let keep_gil = if self.config.keep_gil.contains(&public) { "True" } else { "False" };
        let parts = [
            owner,
            format!("\"{name}\""),
            format!("\"{}\"", callable.ffi_func.0),
            wrapped,
            format!("\"{kind}\""),
            tuple(&arguments),
            tuple(&keys),
            tuple(&defaults),
            returns,
            self.optional_key(callable.throws_type.ty.as_ref()),
            keep_gil.into(),
            tuple(&extra),
        ];
        Ok(tuple(&parts))
    }
}

/// The type of a method's receiver.
fn self_type(callable: &Callable) -> Option<&uniffi_bindgen::pipeline::general::Type> {
    match &callable.kind {
        uniffi_bindgen::pipeline::general::CallableKind::Method { self_type } => Some(&self_type.ty),
        _ => None,
    }
}

fn add_methods(rows: &mut Vec<Row>, class: &str, methods: &[Method]) {
    for method in methods {
        rows.push(method_row(class, &names::variable(&method.callable.name), method));
    }
}

fn add_traits(rows: &mut Vec<Row>, class: &str, traits: &UniffiTraitMethods) {
    let direct = [("__repr__", &traits.debug_fmt), ("__str__", &traits.display_fmt), ("__hash__", &traits.hash_hash)];
    for (name, method) in direct {
        rows.extend(method.as_ref().map(|method| method_row(class, name, method)));
    }
    for method in [&traits.eq_eq, &traits.eq_ne, &traits.ord_cmp].into_iter().flatten() {
        let (name, callable) = (records::helper_name(method), method.callable.clone());
        rows.push(Row { owner: None, name, callable, place: Place::Method });
    }
}

fn method_row(class: &str, name: &str, method: &Method) -> Row {
    Row { owner: Some(class.into()), name: name.into(), callable: method.callable.clone(), place: Place::Method }
}
