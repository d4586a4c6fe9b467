//! Default values of arguments and fields.

use super::module::Module;
use super::names;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use uniffi_bindgen::pipeline::general::{DefaultValue, Literal, Radix, Type};

/// A default value as Python text.
pub struct Default {
    pub text: String,
    /// False for what must be made anew each time, such as a list.
    pub constant: bool,
}

impl Module<'_> {
    pub fn default(&self, default: &DefaultValue) -> Result<Default> {
        match default {
            DefaultValue::Default(node) => self.empty(&node.ty),
            DefaultValue::Literal(literal) => self.literal(literal),
        }
    }

    /// The value of `Default::default()`.
    fn empty(&self, ty: &Type) -> Result<Default> {
        let constant = |text: &str| Ok(Default { text: text.into(), constant: true });
        match ty {
            Type::Boolean => constant("False"),
            Type::String => constant("\"\""),
            Type::Bytes => constant("b\"\""),
            Type::Float32 | Type::Float64 => constant("0.0"),
            Type::Optional { .. } => constant("None"),
            Type::Sequence { .. } => Ok(Default { text: "[]".into(), constant: false }),
            Type::Set { .. } => Ok(Default { text: "set()".into(), constant: false }),
            Type::Map { .. } => Ok(Default { text: "{}".into(), constant: false }),
            Type::Custom { builtin, .. } => self.empty(builtin),
            Type::Box { inner_type } => self.empty(inner_type),
            Type::Timestamp | Type::Duration => bail!("a timestamp or duration has no default value"),
            Type::Record { .. } | Type::Enum { .. } | Type::Interface { .. } | Type::CallbackInterface { .. } => {
                Ok(Default { text: format!("{}()", self.annotation(ty)), constant: false })
            }
            _ => constant("0"),
        }
    }

    fn literal(&self, literal: &Literal) -> Result<Default> {
        let text = match literal {
            Literal::Boolean(true) => "True".into(),
            Literal::Boolean(false) | Literal::None => {
                if matches!(literal, Literal::None) {
                    "None".into()
                } else {
                    "False".into()
                }
            }
            Literal::String(text) => string(text),
            Literal::UInt(value, radix, _) => integer(i128::from(*value), *radix),
            Literal::Int(value, radix, _) => integer(i128::from(*value), *radix),
            Literal::Float(text, _) => text.clone(),
            Literal::Enum(variant, node) => format!("{}.{}", self.annotation(&node.ty), names::variant(variant)),
            Literal::EmptySequence => return Ok(Default { text: "[]".into(), constant: false }),
            Literal::EmptyMap => return Ok(Default { text: "{}".into(), constant: false }),
            Literal::EmptySet => return Ok(Default { text: "set()".into(), constant: false }),
            Literal::Some { inner } => return self.default(inner),
        };
        Ok(Default { text, constant: true })
    }
}

fn integer(value: i128, radix: Radix) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    match radix {
        Radix::Decimal => value.to_string(),
        Radix::Octal => format!("{sign}0o{size:o}"),
        Radix::Hexadecimal => format!("{sign}{size:#x}"),
    }
}

/// A Python string literal.
pub fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char if (char as u32) < 0x20 => {
                let _ = write!(out, "\\x{:02x}", char as u32);
            }
            char => out.push(char),
        }
    }
    out.push('"');
    out
}
