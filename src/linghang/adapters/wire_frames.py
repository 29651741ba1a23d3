"""Frames between a process and its child: a JSON header, then bytes, both length-prefixed."""

import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

_LENGTHS = struct.Struct(">IQ")


def send(connection: socket.socket, header: Mapping[str, Any], body: bytes | memoryview = b"") -> None:
    """Write one frame. Raises OSError when the other side is gone."""
    head = json.dumps(header, ensure_ascii=False).encode()
    connection.sendall(_LENGTHS.pack(len(head), len(body)) + head)
    if len(body):
        connection.sendall(body)


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytearray]:
    """Read one frame. Raises EOFError when the other side closed, TimeoutError after the socket's time-out."""
    head_length, body_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    header: dict[str, Any] = json.loads(bytes(_exactly(connection, head_length)))
    return header, _exactly(connection, body_length)


def _exactly(connection: socket.socket, count: int) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    while view:
        got = connection.recv_into(view)
        if not got:
            raise EOFError("the other side closed the connection")
        view = view[got:]
    return data
