"""Errors are exceptions, caught by variant, with fields; panics are InternalError."""

from __future__ import annotations

import copy
import gc
import pickle
import traceback
import weakref

import pytest


def caught(cases, which):
    with pytest.raises(cases.CaseError) as info:
        cases.fail_with(which)
    return info.value


def test_no_error(cases):
    assert cases.fail_with(0) == 0


def test_errors_are_caught_by_variant(cases):
    error = cases.CaseError
    for which, variant in enumerate((error.BadInput, error.Missing, error.Broken, error.Plain, error.Clash), 1):
        with pytest.raises(variant) as info:
            cases.fail_with(which)
        assert type(info.value) is variant
        assert issubclass(variant, error)
        assert isinstance(info.value, Exception)
        assert variant.__qualname__ == f"CaseError.{variant.__name__}"


def test_bases_that_were_configured(cases):
    with pytest.raises(ValueError):  # noqa: PT011
        cases.fail_with(1)
    with pytest.raises(LookupError):
        cases.fail_with(2)
    assert caught(cases, 1).advice() == "mind the BadInput"
    assert not isinstance(caught(cases, 4), ValueError | LookupError)


def test_fields(cases):
    bad = caught(cases, 1)
    assert (bad.input, bad.position) == ('ä"\\', 7)
    assert bad.args == ('ä"\\', 7)
    assert caught(cases, 2)[0] == caught(cases, 2)._0 == "it"
    broken = caught(cases, 3)
    assert broken.link == cases.Link(url="https://example.org", text="there", weight=0.5)
    assert broken.path == [cases.Point(x=1, y=2)]
    assert isinstance(broken.cause, cases.CaseError.Plain)
    assert caught(cases, 4).args == ()


def test_fields_named_as_an_exceptions_own(cases):
    clash = caught(cases, 5)
    assert clash.message == "said"
    # `args` of an exception is always a tuple.
    assert "mine" in str(clash)


def test_str_and_repr(cases):
    bad = caught(cases, 1)
    assert str(bad) == "input='ä\"\\\\', position=7"
    assert repr(bad) == "CaseError.BadInput(input='ä\"\\\\', position=7)"
    assert repr(caught(cases, 2)) == "CaseError.Missing('it')"
    assert repr(caught(cases, 4)) == "CaseError.Plain()"
    assert "CaseError.BadInput" in "".join(traceback.format_exception(bad))


def test_errors_made_in_python(cases):
    error = cases.CaseError.BadInput(input="x", position=3)
    assert (error.input, error.position) == ("x", 3)
    again = cases.echo_error(error)
    assert type(again) is cases.CaseError.BadInput
    assert again.args == ("x", 3)
    with pytest.raises(cases.CaseError.Missing) as info:
        cases.fail_with_this(cases.CaseError.Missing("y"))
    assert info.value._0 == "y"
    with pytest.raises(TypeError):
        cases.CaseError.BadInput()
    nested = cases.CaseError.Broken(link=cases.Link(url="u", text="t"), path=[], cause=error)
    assert cases.echo_error(nested).cause.position == 3


def test_values_that_are_no_errors(cases):
    for wrong in (None, "error", ValueError("x"), cases.CaseError.Plain, Exception()):
        with pytest.raises(TypeError, match="a CaseError is required"):
            cases.echo_error(wrong)
    with pytest.raises(ValueError, match=r"position.*u32 requires"):
        cases.echo_error(cases.CaseError.BadInput(input="x", position=-1))
    with pytest.raises(TypeError, match="a CaseError is required"):
        cases.echo_error(cases.CaseError("no variant"))


def test_subclasses_of_errors(cases):
    class Worse(cases.CaseError.Missing):
        pass

    assert type(cases.echo_error(Worse("z"))) is cases.CaseError.Missing


@pytest.mark.parametrize("which", range(1, 6))
def test_errors_are_copied_and_pickled(cases, which):
    error = caught(cases, which)
    copies = [copy.copy(error), copy.deepcopy(error)]
    copies += [pickle.loads(pickle.dumps(error, level)) for level in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for again in copies:
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert repr(again) == repr(error)


def test_flat_errors(cases):
    with pytest.raises(cases.FlatError.NotFound) as info:
        cases.fail_flatly("näme")
    assert str(info.value) == "näme was not found"
    assert info.value.args == ("näme was not found",)
    assert repr(info.value) == "FlatError.NotFound('näme was not found')"
    with pytest.raises(cases.FlatError.NotAllowed, match="not allowed"):
        cases.fail_flatly(None)
    again = pickle.loads(pickle.dumps(info.value))
    assert (type(again), again.args) == (type(info.value), info.value.args)
    assert copy.copy(info.value).args == info.value.args


def test_objects_as_errors(cases, live):
    with pytest.raises(cases.Problem) as info:
        cases.fail_with_object("broken")
    assert info.value.text() == "broken"
    assert str(info.value) == "problem: broken"
    assert repr(info.value).startswith("Problem {")
    assert isinstance(info.value, Exception)
    assert live("PROBLEM") == 1
    del info
    gc.collect()
    assert live("PROBLEM") == 0


def test_traits_of_errors(cases):
    with pytest.raises(cases.Fault.Coded) as info:
        cases.fail_with_fault(7, "a")
    error = info.value
    other = cases.Fault.Coded(7, "b")
    assert error == other
    assert hash(error) == hash(other)
    assert error < cases.Fault.Coded(8, "a")
    assert str(error) == "fault 7"
    assert (error.code, error.text) == (7, "a")


def test_panics(cases):
    with pytest.raises(cases.InternalError, match=r"^it's a \"pänic\"$"):
        cases.panic_with('it\'s a "pänic"')
    with pytest.raises(cases.InternalError, match="there is nothing"):
        cases.panic_or_fail()
    with pytest.raises(cases.InternalError):
        cases.panic_without_words()
    with pytest.raises(cases.InternalError, match="counter at 3"):
        cases.Counter(3).panic()
    assert not issubclass(cases.InternalError, cases.CaseError)
    # All works on.
    assert cases.add(1, 2) == 3


def test_chaining(cases):
    def chained():
        try:
            cases.fail_with(2)
        except cases.CaseError as error:
            raise RuntimeError("outer") from error

    with pytest.raises(RuntimeError) as info:
        chained()
    assert isinstance(info.value.__cause__, cases.CaseError.Missing)
    first = KeyError("first")
    try:
        raise first
    except KeyError:
        error = caught(cases, 2)
    assert error.__context__ is first


def test_notes_and_attributes(cases):
    error = caught(cases, 2)
    error.extra = 1
    assert error.extra == 1


def test_errors_are_released(cases):
    error = caught(cases, 3)
    gone = weakref.ref(error)
    error.__traceback__ = None
    del error
    gc.collect()
    assert gone() is None


def test_match_statements_on_errors(cases):
    match caught(cases, 1):
        case cases.CaseError.BadInput(input=text, position=7):
            assert text == 'ä"\\'
        case other:
            pytest.fail(f"{other!r} has not matched")
