"""Bytes: any contiguous buffer goes in, copied or lent; `bytes` come out."""

from __future__ import annotations

import array
import gc
import mmap
import threading
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(data=st.binary())
def test_any_bytes(cases, data):
    result = cases.echo_bytes(data)
    assert (result, type(result)) == (data, bytes)
    assert cases.echo_u8_list([data, data]) == [data, data]
    assert cases.sum_of(data) == sum(data)
    assert cases.length_of(data) == len(data)


def buffers():
    plain = bytes(range(256))
    yield "bytes", plain
    yield "bytearray", bytearray(plain)
    yield "memoryview", memoryview(plain)
    yield "a part of a view", memoryview(b"x" + plain + b"x")[1:-1]
    yield "a view that can be written", memoryview(bytearray(plain))
    yield "array of bytes", array.array("B", plain)
    yield "array of words", array.array("Q", plain)
    yield "view of two dimensions", memoryview(plain).cast("B", (16, 16))
    memory = mmap.mmap(-1, 256)
    memory.write(plain)
    yield "mmap", memory


BUFFERS = list(buffers())


@pytest.mark.parametrize("buffer", [buffer for _, buffer in BUFFERS], ids=[name for name, _ in BUFFERS])
def test_buffers_of_all_kinds(cases, buffer):
    plain = bytes(range(256))
    assert cases.echo_bytes(buffer) == plain
    assert cases.sum_of(buffer) == sum(plain)
    assert cases.compare(buffer, plain, "is ") == "is Equal"
    assert cases.length_of(buffer) == 256
    assert cases.echo_u8_list([buffer]) == [plain]


def test_empty_buffers(cases):
    for empty in (b"", bytearray(), memoryview(b""), array.array("Q")):
        assert cases.echo_bytes(empty) == b""
        assert cases.sum_of(empty) == 0


def test_buffers_with_gaps_are_refused(cases):
    for gaps in (memoryview(b"abcdef")[::2], memoryview(b"abcdef")[::-1]):
        for take in (cases.echo_bytes, cases.sum_of, cases.length_of, lambda gaps: cases.echo_u8_list([gaps])):
            with pytest.raises((TypeError, BufferError)):
                take(gaps)


def test_things_that_are_no_buffers(cases):
    for wrong in ("text", None, 5, [1, 2], object(), range(3)):
        for take in (cases.echo_bytes, cases.sum_of, cases.length_of):
            with pytest.raises(TypeError, match=f"a bytes-like object is required, not {type(wrong).__name__}"):
                take(wrong)
    with pytest.raises(TypeError, match=r"compare\(\) argument 'right'"):
        cases.compare(b"", "text", "")


def test_buffers_are_let_go(cases):
    for take in (cases.echo_bytes, cases.sum_of, cases.length_of, lambda data: cases.echo_u8_list([data])):
        data = bytearray(b"abc")
        take(data)
        # A buffer that is still lent could not grow.
        data.extend(b"def")
    data = bytearray(b"abc")
    for arguments in ((data, "text", ""), (data, data, 5), (data, data, "\ud800")):
        with pytest.raises((TypeError, UnicodeEncodeError)):
            cases.compare(*arguments)
        gc.collect()
        data.extend(b"def")


def test_a_lent_buffer_can_not_grow(cases):
    data = bytearray(b"x" * 1000)
    started, refused = threading.Event(), []

    def call():
        started.set()
        assert cases.sum_slowly(data, 100) == 1000 * ord("x")

    thread = threading.Thread(target=call)
    thread.start()
    started.wait()
    while thread.is_alive() and not refused:
        try:
            data.extend(b"y")
        except BufferError as error:
            refused.append(error)
        else:
            # Not lent yet.
            del data[1000:]
    thread.join()
    assert refused
    data.extend(b"y")


def test_exporters_are_released(cases):
    class Own(bytearray):
        pass

    data = Own(b"abc")
    gone = weakref.ref(data)
    assert cases.sum_of(data) == sum(b"abc")
    with pytest.raises(TypeError):
        cases.compare(data, 5, "")
    del data
    gc.collect()
    assert gone() is None


def test_released_views_are_refused(cases):
    view = memoryview(b"abc")
    view.release()
    for take in (cases.echo_bytes, cases.sum_of):
        with pytest.raises((ValueError, TypeError)):
            take(view)


def test_borrowed_text(cases):
    assert cases.count_letters("zwölf🎈") == 6
    with pytest.raises(TypeError, match="a str is required, not bytes"):
        cases.count_letters(b"text")


def test_large_bytes(cases):
    data = cases.bytes_of(5_000_000)
    assert len(data) == 5_000_000
    assert data[:252] == bytes([*range(251), 0])
    assert cases.sum_of(data) == sum(data)
    assert cases.echo_bytes(data) == data


def test_numpy(cases):
    import numpy as np

    plain = np.arange(256, dtype=np.uint8)
    assert cases.echo_bytes(plain) == plain.tobytes()
    assert cases.sum_of(plain) == plain.sum()
    assert cases.sum_of(plain.reshape(16, 16)) == plain.sum()
    for gaps in (plain[::2], plain.reshape(16, 16).T):
        for take in (cases.echo_bytes, cases.sum_of):
            with pytest.raises((TypeError, ValueError, BufferError)):
                take(gaps)
    assert cases.echo_i64(np.int64(-5)) == -5
    assert cases.echo_f32(np.float32(0.5)) == 0.5
    assert cases.echo_bool(np.bool_(True)) is True
    assert cases.echo_i64_list(np.arange(3)) == [0, 1, 2]
