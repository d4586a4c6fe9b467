"""Custom types, types of another namespace, and what `uniffi.toml` changes."""

from __future__ import annotations

import asyncio
import collections
import datetime as dt
import ipaddress

import pytest

UTC = dt.timezone.utc


def test_custom_types_that_are_converted(cases):
    moment = dt.datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)
    assert cases.echo_moment(moment) == moment
    assert cases.Moment is dt.datetime
    address = ipaddress.IPv4Address("192.0.2.1")
    assert cases.echo_address(address) == address
    assert type(cases.echo_address(address)) is ipaddress.IPv4Address


def test_custom_types_that_are_just_other_names(cases):
    assert cases.echo_even(4) == 4
    assert cases.echo_words(["a", "b"]) == ["a", "b"]
    with pytest.raises(ValueError, match="u32 requires"):
        cases.echo_even(-2)
    with pytest.raises(TypeError, match="a sequence is required"):
        cases.echo_words("words")


def test_conversions_that_fail(cases):
    with pytest.raises(cases.InternalError, match="3 is odd"):
        cases.echo_even(3)
    with pytest.raises(cases.InternalError):
        cases.echo_address("no address")
    with pytest.raises(AttributeError):
        cases.echo_moment("now")
    # All works on.
    assert cases.echo_even(2) == 2


def test_custom_types_in_records(cases):
    visit = cases.Visit(
        when=dt.datetime(2024, 1, 1, tzinfo=UTC),
        _from=ipaddress.IPv4Address("127.0.0.1"),
        words=["a"],
        even=2,
        others={"x": ipaddress.IPv4Address("192.0.2.1")},
    )
    assert cases.echo_visit(visit) == visit
    visit._from = None
    assert cases.echo_visit(visit)._from is None
    visit.when = 5
    with pytest.raises(AttributeError, match="timestamp"):
        cases.echo_visit(visit)


def place(elsewhere, **changes):
    return elsewhere.Place(**{"latitude": 1.5, "longitude": -2.5, "name": "here", **changes})


def test_types_of_another_namespace(cases, elsewhere):
    here = place(elsewhere)
    assert cases.echo_place(here) == here
    assert type(cases.echo_place(here)) is elsewhere.Place
    assert cases.echo_places([here, None]) == [here, None]
    assert cases.echo_travel(elsewhere.Travel.RIDE) is elsewhere.Travel.RIDE
    for course in (elsewhere.Course.STILL(), elsewhere.Course.TOWARDS(place=here, travel=elsewhere.Travel.WALK)):
        assert cases.echo_course(course) == course
    assert cases.echo_metres(5) == 5
    title = collections.UserString("title")
    assert cases.echo_title(title) == title
    assert type(cases.echo_title(title)) is collections.UserString


def test_objects_of_another_namespace(cases, elsewhere):
    before = elsewhere.live_beacons()
    beacon = elsewhere.Beacon(place(elsewhere))
    again = cases.echo_beacon(beacon)
    assert type(again) is elsewhere.Beacon
    assert again.place() == place(elsewhere)
    assert elsewhere.live_beacons() == before + 1
    del beacon, again
    assert elsewhere.live_beacons() == before


def journey(elsewhere, cases):
    here = place(elsewhere)
    return cases.Journey(
        start=here,
        course=elsewhere.Course.TOWARDS(place=here, travel=elsewhere.Travel.WALK),
        by=elsewhere.Travel.RIDE,
        beacons=[elsewhere.Beacon(here)],
        length=5,
        title=collections.UserString("title"),
        stops={"a": here},
    )


def test_records_of_types_of_another_namespace(cases, elsewhere):
    value = journey(elsewhere, cases)
    again = cases.echo_journey(value)
    assert again.beacons[0].place() == value.start
    again.beacons = value.beacons
    assert again == value


def test_bad_values_of_another_namespaces_types(cases, elsewhere):
    before = elsewhere.live_beacons()
    with pytest.raises(TypeError, match="a Place is required, not str"):
        cases.echo_place("here")
    value = journey(elsewhere, cases)
    value.stops["b"] = place(elsewhere, latitude="north")
    with pytest.raises(TypeError, match=r"stops.*latitude.*a float is required, not str"):
        cases.echo_journey(value)
    value.stops = {}
    value.length = -1
    with pytest.raises(ValueError, match=r"length.*u64 requires"):
        cases.echo_journey(value)
    with pytest.raises(ValueError, match="is not a valid Travel"):
        cases.echo_travel("RIDE")
    with pytest.raises(TypeError, match="a Beacon is required, not Counter"):
        cases.echo_beacon(cases.Counter())
    del value
    assert elsewhere.live_beacons() == before


def test_errors_of_another_namespace(cases, elsewhere):
    with pytest.raises(elsewhere.TravelError.NoWay) as info:
        cases.fail_to_travel(place(elsewhere))
    assert info.value.place == place(elsewhere)


def test_traits_of_another_namespace(cases, elsewhere):
    class Sunny(elsewhere.Weather):
        def degrees(self, place):
            if place.name is None:
                raise elsewhere.TravelError.NoWay(place=place)
            return place.latitude + 20

    assert cases.ask_weather(Sunny(), place(elsewhere)) == 21.5
    with pytest.raises(elsewhere.TravelError.NoWay):
        cases.ask_weather(Sunny(), place(elsewhere, name=None))


def test_attached_functions(cases):
    leaflet = cases.Leaflet.parse("text")
    assert leaflet == cases.Leaflet(text="text", pages=2)
    assert cases.Leaflet.parse("text", pages=3).pages == 3
    with pytest.raises(cases.CaseError.Plain):
        cases.Leaflet.parse("")
    assert asyncio.run(cases.Leaflet.fetch("later")).text == "later"
    assert cases.Leaflet.parse.__doc__ == cases.parse_leaflet.__doc__


def test_attached_class_methods_return_the_subclass(cases):
    class Mine(cases.Leaflet):
        __slots__ = ()

    assert type(cases.Leaflet.load("x")) is cases.Leaflet
    assert type(Mine.load("x")) is Mine
    assert Mine.load("x", pages=5).pages == 5
    assert [type(item) for item in Mine.load_all(["x", "y"])] == [Mine, Mine]
    assert type(Mine.find("x")) is Mine
    assert Mine.find(None) is None
    with pytest.raises(cases.CaseError.Plain):
        Mine.load("")


def test_bases_that_were_configured(cases):
    leaflet = cases.parse_leaflet("text", 2)
    assert leaflet.shout() == "TEXTTEXT"
    assert not hasattr(leaflet, "__dict__")


def test_renamed_and_excluded_things(cases):
    assert cases.renamed(renamed_argument=cases.NewRecord(new_item=7)) == 7
    assert cases.Renaming().new_method() == 7
    for gone in ("rename_me", "RenamedRecord", "excluded_function", "ExcludedRecord"):
        assert not hasattr(cases, gone)
    assert not hasattr(cases.Renaming, "excluded_method")
    assert not hasattr(cases.Renaming, "method")


def test_calls_that_keep_the_gil(cases):
    assert cases.add_keeping_gil(2, 3) == 5
    assert cases.add_keeping_gil(2**32 - 1, 1) == 0
    with pytest.raises(ValueError, match=r"add_keeping_gil\(\) argument 'b': u32 requires"):
        cases.add_keeping_gil(1, -1)
    assert cases.Counter(4).peek() == 4
