//! Property copying (`HTML+RDFa` 1.1, section 3.5): what `rdfa:copy` takes over from an `rdfa:Pattern`.

use super::graph::{Graph, Object, Statement};
use super::names::RDF_TYPE;
use std::collections::HashSet;

const COPY: &str = "http://www.w3.org/ns/rdfa#copy";
const PATTERN: &str = "http://www.w3.org/ns/rdfa#Pattern";

/// Most patterns that one subject copies, one by way of another.
const MAX_PATTERNS: usize = 64;

impl Graph {
    /// Gives each subject the statements of the patterns that it copies, and drops those patterns.
    pub(super) fn copy_patterns(&mut self) {
        let is_pattern: Vec<bool> =
            self.subjects.iter().map(|subject| subject.statements.iter().any(makes_pattern)).collect();
        let pattern_in = |graph: &Self, statement: &Statement| {
            let (COPY, Object::Resource(id)) = (statement.0.as_str(), &statement.1) else { return None };
            graph.by_id.get(id).copied().filter(|index| is_pattern[*index])
        };
        let mut copied = HashSet::new();
        'all: for index in (0..self.subjects.len()).filter(|index| !is_pattern[*index]) {
            let mut wanted: Vec<usize> =
                self.subjects[index].statements.iter().filter_map(|one| pattern_in(self, one)).collect();
            // Patterns may copy one another.
            let mut taken = HashSet::new();
            while let Some(pattern) = wanted.pop() {
                if taken.len() == MAX_PATTERNS {
                    self.cut();
                    break;
                }
                if !taken.insert(pattern) {
                    continue;
                }
                copied.insert(pattern);
                for at in 0..self.subjects[pattern].statements.len() {
                    let statement = &self.subjects[pattern].statements[at];
                    if let Some(next) = pattern_in(self, statement) {
                        wanted.push(next);
                    } else if !makes_pattern(statement) {
                        let statement = statement.clone();
                        if !self.fits(statement.0.len() + statement.1.len()) {
                            break 'all;
                        }
                        self.subjects[index].statements.push(statement);
                    }
                }
            }
        }
        let is_copied = |statement: &Statement| match (statement.0.as_str(), &statement.1) {
            (COPY, Object::Resource(id)) => self.by_id.get(id).is_some_and(|index| copied.contains(index)),
            _ => false,
        };
        for subject in &mut self.subjects {
            subject.statements.retain(|statement| !is_copied(statement));
        }
        let mut index = 0;
        self.subjects.retain(|_| {
            index += 1;
            !copied.contains(&(index - 1))
        });
    }
}

fn makes_pattern(statement: &Statement) -> bool {
    statement.0 == RDF_TYPE && matches!(&statement.1, Object::Resource(kind) if kind == PATTERN)
}
