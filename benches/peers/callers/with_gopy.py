"""The rows through the module that gopy makes of `gopy/boundary_gopy.go`. Its slices are turned into lists and back."""

from __future__ import annotations

from types import SimpleNamespace

from gopy_module import boundary_gopy as native
from gopy_module import go


def load() -> SimpleNamespace:
    """Return the functions of the rows."""
    return SimpleNamespace(
        noop=native.Noop,
        add=native.Add,
        gsum=native.Gsum,
        greet=native.Greet,
        TestData=lambda data, len: native.TestData(Data=data, Len=len),  # noqa: A006, the record's name for it
        hello_there=native.HelloThere,
        read_test_data=lambda record: SimpleNamespace(data=record.Data, len=record.Len),
        Counter=lambda: SimpleNamespace(increment=native.NewCounter().Increment),
        # What a Go error becomes.
        Failure=RuntimeError,
        may_fail=native.MayFail,
        sum_floats=lambda values: native.SumFloats(go.Slice_float64(values)),
        floats=lambda count: list(native.Floats(count)),
        total_length=lambda values: native.TotalLength(go.Slice_string(values)),
        strings=lambda count: list(native.Strings(count)),
        mask=lambda data, key: bytes(native.Mask(go.Slice_byte.from_bytes(data), key)),
        callback=lambda answer: answer,
        sum_calls=native.SumCalls,
    )
