"""Small functions that show, and let anyone measure, how values cross between Python and Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift._ffi.sitelift import (
    TestData,
    add,
    echo_nested,
    echo_site,
    echo_test_data,
    get_data_info,
    greet,
    greeting,
    gsum,
    hello_there,
    hello_world,
    parse_json,
    print_this,
    version,
    websocket_mask,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "TestData",
    "add",
    "echo_nested",
    "echo_site",
    "echo_test_data",
    "get_data_info",
    "greet",
    "greeting",
    "gsum",
    "hello_there",
    "hello_world",
    "parse_json",
    "print_this",
    "version",
    "websocket_mask",
    "websocket_mask_in_place",
]


def websocket_mask_in_place(payload: Buffer, key: Buffer) -> None:
    """Mask or unmask a WebSocket payload (RFC 6455, section 5.3) in its own buffer.

    `payload` is anything that can be written to: a `bytearray`, a `memoryview`, a NumPy array. `key` is the 4 bytes of
    the masking key; anything else raises `InvalidArgumentError`.
    """
    memoryview(payload).cast("B")[:] = websocket_mask(payload, key)
