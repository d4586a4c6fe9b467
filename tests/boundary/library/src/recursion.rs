//! Types that hold themselves.

use std::collections::HashMap;

/// A tree.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Tree {
    /// An end.
    Leaf {
        /// What's there.
        value: i64,
    },
    /// A fork.
    Branch {
        /// One side.
        left: Box<Tree>,
        /// The other side.
        right: Box<Tree>,
    },
}

/// A chain of records.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Chain {
    /// This one's.
    pub value: i64,
    /// The next one.
    #[uniffi(default = None)]
    pub next: Option<Box<Chain>>,
}

/// A folder, which holds entries.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Folder {
    pub name: String,
    pub entries: Vec<Entry>,
}

/// An entry, which may be a folder.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Entry {
    /// A file by its size.
    File(u64),
    /// Another folder.
    Folder(Box<Folder>),
    /// Entries by name.
    Index(HashMap<String, Entry>),
}

#[uniffi::export]
pub fn echo_tree(tree: Tree) -> Tree {
    tree
}

#[uniffi::export]
pub fn echo_chain(chain: Chain) -> Chain {
    chain
}

#[uniffi::export]
pub fn echo_folder(folder: Folder) -> Folder {
    folder
}

#[uniffi::export]
pub fn echo_boxed(tree: Box<Tree>) -> Box<Tree> {
    tree
}

/// A chain of this length.
#[uniffi::export]
pub fn chain_of(length: u32) -> Option<Chain> {
    (0..length).fold(None, |next, value| Some(Chain { value: value.into(), next: next.map(Box::new) }))
}

/// The sum of a tree's leaves.
#[uniffi::export]
pub fn sum_of_tree(tree: Tree) -> i64 {
    match tree {
        Tree::Leaf { value } => value,
        Tree::Branch { left, right } => sum_of_tree(*left).wrapping_add(sum_of_tree(*right)),
    }
}
