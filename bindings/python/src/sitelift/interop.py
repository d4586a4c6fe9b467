"""Small functions that show, and let anyone measure, how values cross between Python and Rust."""

from __future__ import annotations

from sitelift._ffi.sitelift import (
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
from sitelift._records import TestData

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


def websocket_mask_in_place(payload: bytearray, key: bytes) -> None:
    """Mask or unmask a WebSocket payload (RFC 6455, section 5.3) in its own buffer.

    `key` is the 4 bytes of the masking key; anything else raises `InvalidArgumentError`.
    """
    payload[:] = websocket_mask(bytes(payload), key)
