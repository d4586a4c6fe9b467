"""Feeds readers and writers with nonsense; run by `test_fuzz.py`, or by hand with a longer time.

    python fuzz_codecs.py MODE SECONDS SEED

In the folder of the packages, or with it in PYTHONPATH. Whatever it is fed, a codec returns a value or raises; it never
crashes, and the native readers and writers agree with those in pure Python.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import gc
import importlib
import io
import itertools
import math
import os
import random
import struct
import sys
import time

MEMORY = 4 << 30
SIMPLE = ("u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "bool", "str", "bytes")
# Some more often than others.
KINDS = (
    *("record", "record", "record", "enum", "enum", "error", "flat_enum", "flat_error", "optional", "sequence"),
    *("sequence", "set", "map", "box", "custom", "timestamp", "duration", "object", "callback", "trait", "external"),
)
PREFIX = "ffi_boundary_cases_rustbuffer_"
# Takes nothing and returns a small number: as good as any for a handle that is none.
HARMLESS = "uniffi_boundary_cases_checksum_func_add"


class OddError(Exception):
    """What callables of the tables raise."""


JUNK = (
    *(None, True, False, 0, 1, -1, 255, 2**32, 2**63, -(2**63), 2**64 - 1, 2**70, 0.5, math.nan, math.inf, 1e300, 1j),
    *("", "text", "ä中🎈", "\ud800", "x" * 300, b"", b"bytes", bytearray(b"x"), memoryview(b"abcd")[::2]),
    *((), object(), int, len, OddError(), range(3), ..., {}, [], set()),
)


class Disagreement(Exception):  # noqa: N818
    """The two implementations have come to different ends."""


class Tables:
    """Random tables of types, as the accelerator takes them."""

    def __init__(self, random_: random.Random, module):
        self.random = random_
        self.module = module
        self.accelerator = module._accelerator
        self.libraries = []
        self.serial = itertools.count()

    def fields(self, names):
        count = self.random.choice((1, 1, 2, 3, 5, 12))
        return tuple(f"f{index}" for index in range(count)), tuple(self.random.choice(names) for _ in range(count))

    def record_class(self, fields, bases=()):
        kind = self.random.randrange(6)
        name = f"Record{next(self.serial)}"
        if kind <= 2:
            made = dataclasses.make_dataclass(name, fields, bases=bases, slots=True, kw_only=True)
        elif kind == 3:
            made = dataclasses.make_dataclass(name, fields, bases=bases, frozen=True)
        elif kind == 4:
            made = type(name, bases, {})
        else:
            # A field that is no slot.
            made = type(name, bases, {"__slots__": (*fields[1:], "__dict__")})
        return made

    def callable(self):
        return self.random.choice((self.identity, self.identity, self.failing, self.collecting))

    @staticmethod
    def identity(*values):
        return values[0] if len(values) == 1 else values

    @staticmethod
    def failing(*_):
        raise OddError

    @staticmethod
    def collecting(*values):
        gc.collect(0)
        return values[0] if len(values) == 1 else values

    def times(self):
        return (lambda seconds, nanos: (seconds, nanos)), self.random.choice((lambda value: value, self.failing))

    def entry(self, names):
        choose = self.random.choice
        kind = choose(KINDS)
        if kind == "record":
            fields, types = self.fields(names)
            return (kind, self.record_class(fields), fields, types)
        if kind in {"enum", "error"}:
            base = type(f"Base{next(self.serial)}", (Exception,) if kind == "error" else (), {"__slots__": ()})
            variants = []
            for _ in range(choose((1, 2, 5))):
                fields, types = self.fields(names) if self.random.random() < 0.8 else ((), ())
                made = type(f"Variant{next(self.serial)}", (base,), {}) if kind == "error" else None
                variants.append((made or self.record_class(fields, (base,)), fields, types))
            return (kind, base, tuple(variants))
        if kind == "flat_enum":
            members = enum.Enum(f"Enum{next(self.serial)}", [f"M{index}" for index in range(choose((1, 3, 200)))])
            return (kind, members, tuple(members))
        if kind == "flat_error":
            base = type(f"Flat{next(self.serial)}", (Exception,), {})
            return (kind, base, tuple(type(f"V{index}", (base,), {}) for index in range(choose((1, 4)))))
        if kind == "map":
            return (kind, choose(names), choose(names))
        if kind == "custom":
            return (kind, choose(names), choose((None, self.callable())), choose((None, self.callable())))
        if kind in {"timestamp", "duration"}:
            return (kind, *self.times())
        if kind == "object":
            made = type(f"Object{next(self.serial)}", (), {"__slots__": ("_handle", "__weakref__")})
            return (kind, made, HARMLESS, HARMLESS)
        if kind == "callback":
            return (kind, object, self.accelerator.HandleMap())
        if kind == "trait":
            base = type(f"Trait{next(self.serial)}", (), {})
            made = type(f"Impl{next(self.serial)}", (base,), {"__slots__": ("_handle",)})
            return (kind, base, made, HARMLESS, HARMLESS, self.accelerator.HandleMap())
        if kind == "external":
            if not self.libraries:
                return ("u8",)
            library, inner = choose(self.libraries)
            return (kind, library, choose(inner))
        return (kind, choose(names))

    def types(self):
        names = list(SIMPLE) + [f"T{index}" for index in range(self.random.choice((1, 3, 8, 20)))]
        made = {name: (name,) if name in SIMPLE else self.entry(names) for name in names}
        return names, made

    def spec(self, types):
        return {
            "name": "fuzz",
            "internal_error": self.module.InternalError,
            "rustbuffer_alloc": PREFIX + "alloc",
            "rustbuffer_reserve": PREFIX + "reserve",
            "rustbuffer_free": PREFIX + "free",
            "types": types,
            "functions": (),
        }

    def bind(self):
        while True:
            names, types = self.types()
            try:
                library = self.accelerator.bind(self.module._library._handle, self.spec(types))
                break
            except ValueError as error:
                # A box of itself.
                assert "made of itself" in str(error), error  # noqa: PT017
        self.libraries = [*self.libraries[-5:], (library, names)]
        return library, names, types


class Values:
    """Random values, fitting or not."""

    def __init__(self, random_: random.Random):
        self.random = random_

    def junk(self, depth=0):
        choose, number = self.random.choice, self.random.randrange
        kind = number(22 if depth < 3 else 16)
        if kind < 16:
            return choose(JUNK)
        if kind == 16:
            return [self.junk(depth + 1) for _ in range(number(4))]
        if kind == 17:
            with contextlib.suppress(TypeError):
                return {self.junk(3): self.junk(depth + 1) for _ in range(number(4))}
            return {}
        if kind == 18:
            return tuple(self.junk(depth + 1) for _ in range(number(4)))
        if kind == 19:
            items = [1, 2, 3]
            items.append(items)
            return items
        if kind == 20:
            return Changing(self.random)
        return iter([self.junk(3)])

    def fitting(self, types, name, depth=0):
        """A value of a type, more or less."""
        choose, number = self.random.choice, self.random.randrange
        if self.random.random() < 0.01:
            return self.junk()
        kind, *parts = types[name]
        if kind[0] in "ui" and kind[1:].isdigit():
            bits = int(kind[1:])
            low = 0 if kind[0] == "u" else -(2 ** (bits - 1))
            return choose((low, low + 2**bits - 1, 0, 1, self.random.randrange(low, low + 2**bits)))
        if kind in {"f32", "f64"}:
            return choose((0.0, -0.5, 1.5, math.inf, 3))
        if kind == "bool":
            return choose((True, False))
        if kind == "str":
            return choose(("", "a", "zwölf", "中🎈", "x" * number(300)))
        if kind == "bytes":
            return self.random.randbytes(choose((0, 1, 7, 300)))
        if kind in {"timestamp", "duration"}:
            return (number(2**40), number(10**9))
        if depth > 6:
            return self.junk(3)
        inner = lambda which: self.fitting(types, which, depth + 1)  # noqa: E731
        if kind == "optional":
            return choose((None, inner(parts[0])))
        if kind == "sequence":
            return [inner(parts[0]) for _ in range(choose((0, 1, 2, 5)))]
        if kind == "set":
            with contextlib.suppress(TypeError, AttributeError):
                return {inner(parts[0]) for _ in range(choose((0, 1, 2)))}
            return set()
        if kind == "map":
            with contextlib.suppress(TypeError, AttributeError):
                return {inner(parts[0]): inner(parts[1]) for _ in range(choose((0, 1, 3)))}
            return {}
        if kind in {"box", "custom"}:
            return inner(parts[0])
        if kind == "flat_enum":
            return choose(parts[1])
        if kind == "flat_error":
            return choose(parts[1])("message")
        if kind == "record":
            return self.shape(*parts, inner)
        if kind in {"enum", "error"}:
            return self.shape(*choose(parts[1]), inner)
        if kind == "object":
            made = parts[0]()
            if number(20):
                made._handle = 2
            return made
        return self.junk(3)

    def shape(self, owner, fields, types, inner):
        made = owner.__new__(owner)
        for field, name in zip(fields, types, strict=True):
            if self.random.random() < 0.995:
                object.__setattr__(made, field, inner(name))
        return made


class Changing:
    """A number whose use collects garbage or fails."""

    def __init__(self, random_):
        self.random = random_

    def __index__(self):
        if self.random.random() < 0.3:
            raise OddError
        gc.collect(0)
        return 1

    __float__ = __index__


def damage(random_, data):
    """Change bytes here and there."""
    kind = random_.randrange(6)
    changed = bytearray(data)
    if kind == 0:
        return bytes(changed[: random_.randrange(len(changed) + 1)])
    if kind == 1:
        return bytes(changed) + random_.randbytes(random_.choice((1, 4, 30)))
    for _ in range(random_.choice((1, 1, 2, 5))):
        if not changed:
            break
        place = random_.randrange(len(changed))
        if kind == 2:
            changed[place] = random_.randrange(256)
        elif kind == 3:
            changed[place] ^= 1 << random_.randrange(8)
        elif kind == 4:
            word = random_.choice(
                (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\0", b"\0\0\0\1", b"\0\0\xff\xff")
            )
            changed[place : place + 4] = word
        else:
            del changed[place]
    return bytes(changed)


def nonsense(random_):
    """Bytes of no particular type."""
    size = random_.choice((0, 1, 2, 4, 5, 8, 9, 16, 40, 200))
    if random_.random() < 0.5:
        return random_.randbytes(size)
    return bytes(random_.choice((0, 0, 0, 0, 1, 1, 2, 3, 255)) for _ in range(size))


def spoil(random_, values, value, depth=0):
    """A description with a fault in it."""
    if isinstance(value, tuple) and value and depth < 4 and random_.random() < 0.85:
        items = list(value)
        place = random_.randrange(len(items))
        kind = random_.randrange(6)
        if kind == 0:
            del items[place]
        elif kind == 1:
            items.insert(place, values.junk())
        else:
            items[place] = spoil(random_, values, items[place], depth + 1)
        return tuple(items)
    return values.junk()


# What a reader or a writer may raise; MemoryError and SystemError are not among it.
EXPECTED = (
    TypeError,
    ValueError,
    OverflowError,
    AttributeError,
    RecursionError,
    OddError,
    KeyError,
    RuntimeError,
    BufferError,
)


def fuzz_tables(module, random_, until):
    """Arbitrary tables, arbitrary bytes, arbitrary values."""
    tables, values = Tables(random_, module), Values(random_)
    read, write = module._accelerator._read, module._accelerator._write
    expected = (*EXPECTED, module.InternalError)
    rounds = done = 0
    while time.monotonic() < until:
        rounds += 1
        library, names, types = tables.bind()
        for _ in range(60):
            name = random_.choice(names)
            value = values.fitting(types, name) if random_.random() < 0.8 else values.junk()
            data = nonsense(random_)
            with contextlib.suppress(*expected):
                data = write(library, name, value)
                done += 1
            with contextlib.suppress(*expected):
                again = read(library, name, data)
                with contextlib.suppress(*expected):
                    write(library, name, again)
            for _ in range(6):
                data = damage(random_, data)
                with contextlib.suppress(*expected):
                    read(library, name, data)
        for _ in range(10):
            spoilt = dict(types)
            name = random_.choice(names)
            spoilt[name] = spoil(random_, values, spoilt[name])
            spec = tables.spec(spoilt)
            if random_.random() < 0.3:
                key = random_.choice(list(spec))
                spec[key] = values.junk()
            if random_.random() < 0.1:
                del spec[random_.choice(list(spec))]
            with contextlib.suppress(
                TypeError, ValueError, ImportError, KeyError, OverflowError, AttributeError, RecursionError
            ):
                tables.accelerator.bind(module._library._handle, spec)
    assert done > rounds, "hardly any value could be written"
    return rounds


def closed_types(types):
    """The types that hold no handles, which nonsense must not be taken for."""
    open_kinds = {"object", "trait", "callback", "external", "borrowed_bytes"}

    def has_handles(name, seen):
        if name in seen:
            return False
        seen.add(name)
        kind, *parts = types[name]
        if kind in open_kinds:
            return True
        if kind in {"optional", "sequence", "set", "box", "custom"}:
            return has_handles(parts[0], seen)
        if kind == "map":
            return has_handles(parts[0], seen) or has_handles(parts[1], seen)
        if kind == "record":
            return any(has_handles(inner, seen) for inner in parts[2])
        if kind in {"enum", "error"}:
            return any(has_handles(inner, seen) for variant in parts[1] for inner in variant[2])
        return False

    return [name for name in types if not has_handles(name, set())]


def empty_elements(types):
    """Lists of things without bytes: any number of them fits into nothing."""
    return {
        name
        for name, (kind, *parts) in types.items()
        if kind == "sequence" and types[parts[0]][0] == "record" and not types[parts[0]][2]
    }


def same(left, right):
    """Equal, where not-a-number is equal to itself."""
    return left == right or repr(left) == repr(right)


def fuzz_own_types(module, random_, until):
    """The library's own types: pure Python's readers and writers, and native ones that agree with them."""
    types = module._types()
    if "Empties" in types:
        types = {name: entry for name, entry in types.items() if name not in {"Empties", *empty_elements(types)}}
    codecs = {}
    for name in closed_types(types):
        ident = name.replace("[", "_").replace("]", "").replace(", ", "_to_").replace("?", "")
        kind = types[name][0]
        # Containers are named inside out: only plain names are looked up.
        if kind in {"record", "enum", "error", "flat_enum"} and hasattr(module, f"_read_{ident}"):
            codecs[name] = (getattr(module, f"_read_{ident}"), getattr(module, f"_write_{ident}"))
    assert len(codecs) > 10, sorted(types)
    values = Values(random_)
    native = module._native
    rounds = 0
    malformed = (struct.error, KeyError, UnicodeDecodeError)
    expected = (*EXPECTED, module.InternalError, struct.error)

    def read_purely(name, data):
        # As the generated module does it.
        stream = io.BytesIO(data + b"\x00")
        try:
            value = codecs[name][0](stream.read)
        except malformed as error:
            raise module.InternalError(str(error)) from None
        if stream.tell() != len(data):
            raise module.InternalError("not as many bytes")
        return value

    def write_purely(name, value):
        parts = []
        codecs[name][1](value, parts.append, [])
        return b"".join(parts)

    def outcome(call, *arguments):
        try:
            return call(*arguments)
        except expected as error:
            return error

    def compare(name, what, pure, own):
        # The native reader is the stricter one about what Rust never writes, such as a bool that is 7.
        if isinstance(own, Exception):
            agree = isinstance(pure, Exception) or (what != "writing" and isinstance(own, module.InternalError))
        else:
            agree = not isinstance(pure, Exception) and same(pure, own)
        if not agree:
            raise Disagreement(f"{what} {name}: pure {pure!r}, native {own!r}")

    names = list(codecs)
    while time.monotonic() < until:
        for _ in range(100):
            rounds += 1
            name = random_.choice(names)
            fit = values.fitting(types, name) if types[name][0] != "custom" else values.junk()
            data = outcome(write_purely, name, fit)
            if native is not None and not holds_odd_values(fit):
                compare(name, "writing", data, outcome(module._accelerator._write, native, name, fit))
            data = data if isinstance(data, bytes) else nonsense(random_)
            for _ in range(4):
                pure = outcome(read_purely, name, data)
                if native is not None:
                    own = outcome(module._accelerator._read, native, name, data)
                    compare(name, f"reading {data!r}", pure, own)
                data = damage(random_, data)
    return rounds


def holds_odd_values(value, depth=0):
    """Whether a value's use has effects, so that it can't be used twice; or a time, which `Values` knows nothing of."""
    if depth > 8:
        return True
    if isinstance(value, (list, tuple, set)):
        return any(holds_odd_values(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return any(holds_odd_values(item, depth + 1) for pair in value.items() for item in pair)
    if isinstance(value, (int, float, str, bytes, bytearray, enum.Enum, type(None))):
        return False
    if dataclasses.is_dataclass(value):
        return any(holds_odd_values(getattr(value, field.name, None), depth + 1) for field in dataclasses.fields(value))
    if isinstance(value, Exception):
        slots = [name for owner in type(value).__mro__ for name in getattr(owner, "__slots__", ())]
        return any(holds_odd_values(getattr(value, name, None), depth + 1) for name in {*slots, *vars(value)})
    return True


def main(mode, seconds, seed):
    """Fuzz for so long."""
    # A sanitizer needs all the address space there is.
    if sys.platform.startswith("linux") and "ASAN_OPTIONS" not in os.environ:
        import resource  # noqa: PLC0415

        # To believe a count of the buffer's would need more.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    module = importlib.import_module(f"cases_{mode}.boundary_cases")
    assert module._uniffi_mode == mode
    print(f"seed {seed}", flush=True)
    random_ = random.Random(seed)
    start = time.monotonic()
    if mode == "native":
        print(fuzz_tables(module, random_, start + seconds / 2), "tables", flush=True)
    print(fuzz_own_types(module, random_, start + seconds), "values", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32))
