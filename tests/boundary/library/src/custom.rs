//! Custom types: converted as `uniffi.toml` says, or just other names.

use std::collections::HashMap;

/// Milliseconds since 1970; a `datetime` in Python.
pub struct Moment(i64);

uniffi::custom_newtype!(Moment, i64);

/// An address of four bytes; an `IPv4Address` in Python.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Address(std::net::Ipv4Addr);

uniffi::custom_type!(Address, String, {
    try_lift: |text| Ok(Address(text.parse()?)),
    lower: |address| address.0.to_string(),
});

/// Not converted in Python.
pub struct Even(u32);

uniffi::custom_type!(Even, u32, {
    try_lift: |number| {
        if number % 2 == 0 { Ok(Even(number)) } else { Err(std::io::Error::other(format!("{number} is odd")).into()) }
    },
    lower: |even| even.0,
});

/// A list, not converted in Python.
pub struct Words(Vec<String>);

uniffi::custom_newtype!(Words, Vec<String>);

/// Holds custom types.
#[derive(uniffi::Record)]
pub struct Visit {
    pub when: Moment,
    pub from: Option<Address>,
    pub words: Words,
    pub even: Even,
    pub others: HashMap<String, Address>,
}

#[uniffi::export]
pub fn echo_moment(moment: Moment) -> Moment {
    moment
}

#[uniffi::export]
pub fn echo_address(address: Address) -> Address {
    address
}

#[uniffi::export]
pub fn echo_even(even: Even) -> Even {
    even
}

#[uniffi::export]
pub fn echo_words(words: Words) -> Words {
    words
}

#[uniffi::export]
pub fn echo_visit(visit: Visit) -> Visit {
    visit
}
