//! Types that another crate's functions use.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

uniffi::setup_scaffolding!("boundary_types");

/// A place on a map.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Place {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What people call it.
    #[uniffi(default = None)]
    pub name: Option<String>,
}

/// A way of going somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Travel {
    /// Slowly.
    Walk,
    /// Quickly.
    Ride,
}

/// Where something is going.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Course {
    /// Nowhere.
    Still,
    /// Somewhere.
    Towards {
        /// The goal.
        place: Place,
        /// The means.
        travel: Travel,
    },
}

/// A journey's end before its end.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum TravelError {
    /// There is no way.
    #[error("no way to {}", place.name.as_deref().unwrap_or("there"))]
    NoWay {
        /// Where to.
        place: Place,
    },
    /// It's too late.
    #[error("too late")]
    TooLate,
}

/// Metres.
pub struct Metres(pub u64);

uniffi::custom_newtype!(Metres, u64);

/// A title, in capitals in Rust and in Python text with a wrapper.
pub struct Title(pub String);

uniffi::custom_newtype!(Title, String);

static BEACONS: AtomicI64 = AtomicI64::new(0);

/// Something that stands on a map.
#[derive(uniffi::Object)]
pub struct Beacon {
    place: Place,
}

impl Drop for Beacon {
    fn drop(&mut self) {
        BEACONS.fetch_sub(1, Ordering::SeqCst);
    }
}

#[uniffi::export]
impl Beacon {
    /// Set one up.
    #[uniffi::constructor]
    pub fn new(place: Place) -> Arc<Self> {
        BEACONS.fetch_add(1, Ordering::SeqCst);
        Arc::new(Self { place })
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.place.clone()
    }
}

/// How many beacons there are.
#[uniffi::export]
pub fn live_beacons() -> i64 {
    BEACONS.load(Ordering::SeqCst)
}

/// What tells the weather.
#[uniffi::export(with_foreign)]
pub trait Weather: Send + Sync {
    /// The temperature at a place.
    fn degrees(&self, place: Place) -> Result<f64, TravelError>;
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TravelError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::TooLate
    }
}
