//! Names of `RDFa` and what they stand for: prefixes, a vocabulary, and the few terms that need neither.

use crate::extract::events::Attributes;
use std::rc::Rc;

pub(super) const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub(super) const USES_VOCABULARY: &str = "http://www.w3.org/ns/rdfa#usesVocabulary";

/// Terms and the empty prefix stand for names of this.
const XHTML: &str = "http://www.w3.org/1999/xhtml/vocab#";

/// Most prefixes declared on one element.
const MAX_PREFIXES: usize = 64;

/// The initial context of `RDFa` 1.1, which every page may use undeclared.
const KNOWN: &[(&str, &str)] = &[
    ("as", "https://www.w3.org/ns/activitystreams#"),
    ("cc", "http://creativecommons.org/ns#"),
    ("csvw", "http://www.w3.org/ns/csvw#"),
    ("ctag", "http://commontag.org/ns#"),
    ("dc", "http://purl.org/dc/terms/"),
    ("dc11", "http://purl.org/dc/elements/1.1/"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("dqv", "http://www.w3.org/ns/dqv#"),
    ("duv", "https://www.w3.org/ns/duv#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("gr", "http://purl.org/goodrelations/v1#"),
    ("grddl", "http://www.w3.org/2003/g/data-view#"),
    ("ical", "http://www.w3.org/2002/12/cal/icaltzd#"),
    ("ldp", "http://www.w3.org/ns/ldp#"),
    ("ma", "http://www.w3.org/ns/ma-ont#"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("og", "http://ogp.me/ns#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("qb", "http://purl.org/linked-data/cube#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfa", "http://www.w3.org/ns/rdfa#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("rev", "http://purl.org/stuff/rev#"),
    ("rif", "http://www.w3.org/2007/rif#"),
    ("rr", "http://www.w3.org/ns/r2rml#"),
    ("schema", "http://schema.org/"),
    ("sd", "http://www.w3.org/ns/sparql-service-description#"),
    ("sioc", "http://rdfs.org/sioc/ns#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("skosxl", "http://www.w3.org/2008/05/skos-xl#"),
    ("v", "http://rdf.data-vocabulary.org/#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("void", "http://rdfs.org/ns/void#"),
    ("wdr", "http://www.w3.org/2007/05/powder#"),
    ("wdrs", "http://www.w3.org/2007/05/powder-s#"),
    ("xhv", XHTML),
    ("xml", "http://www.w3.org/XML/1998/namespace"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// The prefixes of an element, and those of the elements around it.
struct Declared {
    own: Vec<(String, String)>,
    above: Option<Rc<Declared>>,
}

/// What names mean at an element.
#[derive(Clone, Default)]
pub(super) struct Names {
    vocabulary: Option<Rc<str>>,
    declared: Option<Rc<Declared>>,
}

impl Names {
    pub(super) fn set_vocabulary(&mut self, vocabulary: Option<Rc<str>>) {
        self.vocabulary = vocabulary;
    }

    /// Takes in the prefixes that an element declares: `xmlns:…` and, stronger, `prefix`.
    pub(super) fn declare<A: Attributes>(&mut self, attributes: &A) {
        let mut own: Vec<(String, String)> = Vec::new();
        let mut declare = |prefix: &str, address: &str| {
            if own.len() < MAX_PREFIXES && !prefix.is_empty() && prefix != "_" {
                own.push((prefix.to_ascii_lowercase(), address.to_owned()));
            }
        };
        if let Some(text) = attributes.get("prefix") {
            let mut words = text.split_ascii_whitespace();
            while let (Some(prefix), Some(address)) = (words.next(), words.next()) {
                if let Some(prefix) = prefix.strip_suffix(':') {
                    declare(prefix, address);
                }
            }
        }
        attributes.each(&mut |name, value| {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                declare(prefix, value.trim());
            }
        });
        if !own.is_empty() {
            self.declared = Some(Rc::new(Declared { own, above: self.declared.take() }));
        }
    }

    fn prefix(&self, prefix: &str) -> Option<&str> {
        let prefix = prefix.to_ascii_lowercase();
        let mut at = self.declared.as_deref();
        while let Some(declared) = at {
            if let Some((_, address)) = declared.own.iter().find(|(known, _)| *known == prefix) {
                return Some(address);
            }
            at = declared.above.as_deref();
        }
        KNOWN.iter().find(|(known, _)| *known == prefix).map(|(_, address)| *address)
    }

    /// What a compact name with a known prefix stands for.
    pub(super) fn compact(&self, name: &str) -> Option<String> {
        let (prefix, rest) = name.split_once(':')?;
        match prefix {
            "_" => Some(format!("_:n{rest}")),
            "" => Some(format!("{XHTML}{rest}")),
            _ if rest.starts_with("//") => None,
            _ => self.prefix(prefix).map(|address| format!("{address}{rest}")),
        }
    }

    /// What a term, a compact name or an address stands for; nothing for a term without a vocabulary.
    pub(super) fn term(&self, name: &str) -> Option<String> {
        if let Some((scheme, _)) = name.split_once(':') {
            let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
            return self.compact(name).or_else(|| is_scheme.then(|| name.to_owned()));
        }
        if name.is_empty() {
            return None;
        }
        match &self.vocabulary {
            Some(vocabulary) => Some(format!("{vocabulary}{name}")),
            None => match name.to_ascii_lowercase().as_str() {
                "license" => Some(format!("{XHTML}license")),
                "role" => Some(format!("{XHTML}role")),
                "describedby" => Some("http://www.w3.org/2007/05/powder-s#describedby".to_owned()),
                _ => None,
            },
        }
    }
}

/// The datatype of a `datetime` attribute by its form (`HTML+RDFa`, section 3.1).
pub(super) fn datatype_of_time(text: &str) -> Option<&'static str> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    Some(match shape.as_str() {
        "9999" => "http://www.w3.org/2001/XMLSchema#gYear",
        "9999-99" => "http://www.w3.org/2001/XMLSchema#gYearMonth",
        "9999-99-99" => "http://www.w3.org/2001/XMLSchema#date",
        "99:99" | "99:99:99" | "99:99Z" | "99:99:99Z" => "http://www.w3.org/2001/XMLSchema#time",
        shape if shape.starts_with("9999-99-99T99:99") => "http://www.w3.org/2001/XMLSchema#dateTime",
        shape if shape.starts_with('P') => "http://www.w3.org/2001/XMLSchema#duration",
        _ => return None,
    })
}
