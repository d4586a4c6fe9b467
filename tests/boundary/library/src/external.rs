//! Functions whose types another crate defines.

use std::collections::HashMap;
use std::sync::Arc;

use boundary_types::{Beacon, Course, Metres, Place, Title, Travel, TravelError, Weather};

/// Holds types of the other namespace.
#[derive(uniffi::Record)]
pub struct Journey {
    pub start: Place,
    pub course: Course,
    pub by: Travel,
    pub beacons: Vec<Arc<Beacon>>,
    pub length: Metres,
    pub title: Title,
    pub stops: HashMap<String, Place>,
}

#[uniffi::export]
pub fn echo_journey(journey: Journey) -> Journey {
    journey
}

#[uniffi::export]
pub fn echo_place(place: Place) -> Place {
    place
}

#[uniffi::export]
pub fn echo_places(places: Vec<Option<Place>>) -> Vec<Option<Place>> {
    places
}

#[uniffi::export]
pub fn echo_travel(travel: Travel) -> Travel {
    travel
}

#[uniffi::export]
pub fn echo_course(course: Course) -> Course {
    course
}

#[uniffi::export]
pub fn echo_beacon(beacon: Arc<Beacon>) -> Arc<Beacon> {
    beacon
}

#[uniffi::export]
pub fn echo_metres(metres: Metres) -> Metres {
    metres
}

#[uniffi::export]
pub fn echo_title(title: Title) -> Title {
    title
}

/// Fails with the other namespace's error.
#[uniffi::export]
pub fn fail_to_travel(place: Place) -> Result<(), TravelError> {
    Err(TravelError::NoWay { place })
}

/// Asks an implementation of the other namespace's trait.
#[uniffi::export]
pub fn ask_weather(weather: Arc<dyn Weather>, place: Place) -> Result<f64, TravelError> {
    weather.degrees(place)
}
