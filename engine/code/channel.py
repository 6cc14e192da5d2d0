"""Frames between judge, zygote and child, and values inside them.

A frame is a fixed head (magic, two lengths), a JSON header and raw bytes. Nothing that is read here
can run code: no pickle, no ``np.load``, no object arrays. What a learner's process writes is
hostile until proved otherwise, so every length is checked *before* anything is allocated, and
whatever does not fit is a :class:`BadChannelError`.

Used on both sides, hence the standard library and NumPy only.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

MAGIC: Final = b"DOJO"
_HEAD: Final = struct.Struct("<4sIQ")
# The whole list of element types that travel; anything else is named, not sent.
DTYPES: Final = frozenset(
    "|b1 |i1 <i2 <i4 <i8 |u1 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16".split()  # noqa: SIM905
)
MAX_DIMENSIONS: Final = 8
MAX_ITEMS: Final = 64
MAX_DEPTH: Final = 4
MAX_TEXT: Final = 2000


class BadChannelError(Exception):
    """What arrived is no frame of ours; ``reason`` is a short stable slug."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Frame:
    """One message: a JSON object and the raw bytes that belong to it."""

    header: dict[str, Any]
    payload: bytes


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """The bytes of one frame."""
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    return _HEAD.pack(MAGIC, len(text), len(payload)) + text + payload


class FrameReader:
    """Turns pieces of a byte stream, cut anywhere, into frames.

    Args:
        max_header: bytes of one JSON header.
        max_payload: raw bytes of one frame.
        max_total: bytes of the whole stream.
        max_frames: frames of the whole stream.
    """

    def __init__(
        self,
        max_header: int = 1 << 20,
        max_payload: int = 64 << 20,
        max_total: int = 256 << 20,
        max_frames: int = 100_000,
    ) -> None:
        self._max_header = max_header
        self._max_payload = max_payload
        self._left = max_total
        self._frames_left = max_frames
        self._buffer = bytearray()

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``.

        Raises:
            BadChannelError: on anything but frames within the limits.
        """
        self._left -= len(data)
        if self._left < 0:
            raise BadChannelError("too-much")
        self._buffer += data
        frames = []
        while (frame := self._take()) is not None:
            frames.append(frame)
        return frames

    def _take(self) -> Frame | None:
        start = self._buffer[: len(MAGIC)]
        if not MAGIC.startswith(bytes(start)):
            raise BadChannelError("no-frame")
        if len(self._buffer) < _HEAD.size:
            return None
        _, header_size, payload_size = _HEAD.unpack_from(self._buffer)
        if header_size > self._max_header or payload_size > self._max_payload:
            raise BadChannelError("frame-too-large")
        end = _HEAD.size + header_size + payload_size
        if len(self._buffer) < end:
            return None
        self._frames_left -= 1
        if self._frames_left < 0:
            raise BadChannelError("too-many-frames")
        text = bytes(self._buffer[_HEAD.size : _HEAD.size + header_size])
        payload = bytes(self._buffer[_HEAD.size + header_size : end])
        del self._buffer[:end]
        try:
            header = json.loads(text)
        except (ValueError, RecursionError):
            raise BadChannelError("header-not-json") from None
        if not isinstance(header, dict):
            raise BadChannelError("header-not-an-object")
        return Frame(header, payload)


@dataclass(frozen=True)
class Named:
    """Stands for a function of the exercise's own file that is handed over as an argument."""

    name: str


@dataclass(frozen=True)
class Value:
    """A value as it came over the channel.

    ``kind`` is "array", "none", "text", "sequence", "mapping", "function", "other" or "too-large";
    ``type`` is the type's name on the sender's side ("ndarray", "float", "float32", "matrix",
    "list", ...). ``text`` is that of a text, and the name of a function.
    """

    kind: str
    type: str
    array: np.ndarray[Any, np.dtype[Any]] | None = None
    items: tuple[Value, ...] = ()
    keys: tuple[str, ...] = ()
    text: str = ""


def _name(value: object) -> str:
    try:
        return str(type.__dict__["__name__"].__get__(type(value)))[:80]
    except Exception:
        return "object"


def encode(value: object, buffers: list[bytes], limit: int = 16 << 20, depth: int = 0) -> Any:
    """A description of ``value`` for a header; raw bytes are appended to ``buffers``.

    No method of the value itself is called: a subclass is sent as its base class's bytes, and an
    unknown object as the name of its type.
    """
    kind = type(value)
    if value is None:
        return {"k": "none"}
    if issubclass(kind, np.ndarray):
        return _encode_array(np.ndarray.view(value, np.ndarray), _name(value), buffers, limit)  # type: ignore[call-overload]
    if kind in (bool, int, float, complex) or issubclass(kind, np.generic):
        try:
            return _encode_array(np.array(value), _name(value), buffers, limit)
        except (OverflowError, ValueError, TypeError):
            return {"k": "other", "t": _name(value)}
    if kind is str:
        if len(value) > MAX_TEXT:  # type: ignore[arg-type]
            return {"k": "too-large", "t": "str"}
        return {"k": "text", "t": "str", "s": value}
    if kind is Named:
        return {"k": "function", "t": "function", "s": value.name}  # type: ignore[attr-defined]
    if kind in (tuple, list) and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:  # type: ignore[arg-type]
        items = [encode(item, buffers, limit, depth + 1) for item in value]  # type: ignore[attr-defined]
        return {"k": "sequence", "t": _name(value), "i": items}
    if kind is dict and depth < MAX_DEPTH and _plain_keys(value):
        items = [encode(item, buffers, limit, depth + 1) for item in value.values()]  # type: ignore[attr-defined]
        return {"k": "mapping", "t": "dict", "n": list(value), "i": items}  # type: ignore[call-overload]
    return {"k": "other", "t": _name(value)}


def _plain_keys(value: Any) -> bool:
    return len(value) <= MAX_ITEMS and all(type(key) is str and len(key) < 80 for key in value)


def _encode_array(
    array: np.ndarray[Any, np.dtype[Any]], name: str, buffers: list[bytes], limit: int
) -> dict[str, Any]:
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    elif array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    code = array.dtype.str
    if code not in DTYPES or array.ndim > MAX_DIMENSIONS:
        return {"k": "other", "t": f"{name} of {array.dtype.name[:40]}"}
    if array.nbytes > limit:
        return {"k": "too-large", "t": name, "s": list(array.shape)}
    buffers.append(array.tobytes())
    return {"k": "array", "t": name, "d": code, "s": list(array.shape)}


def decode(description: Any, payload: bytes) -> Value:
    """The value that :func:`encode` described; arrays are fresh and writable.

    Raises:
        BadChannelError: when description and payload do not fit exactly.
    """
    value, used = _decode(description, payload, 0, 0)
    if used != len(payload):
        raise BadChannelError("payload-left-over")
    return value


def _decode(what: Any, payload: bytes, at: int, depth: int) -> tuple[Value, int]:
    if not isinstance(what, dict) or depth > MAX_DEPTH + 1:
        raise BadChannelError("bad-description")
    kind = what.get("k")
    name = what.get("t", "")
    if not isinstance(name, str) or len(name) > 200:
        raise BadChannelError("bad-description")
    if kind == "array":
        return _decode_array(what, name, payload, at)
    if kind in ("sequence", "mapping"):
        items = what.get("i")
        if not isinstance(items, list) or len(items) > MAX_ITEMS:
            raise BadChannelError("bad-description")
        values = []
        for item in items:
            value, at = _decode(item, payload, at, depth + 1)
            values.append(value)
        keys = what.get("n", []) if kind == "mapping" else []
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            raise BadChannelError("bad-description")
        if kind == "mapping" and len(keys) != len(values):
            raise BadChannelError("bad-description")
        return Value(kind, name, None, tuple(values), tuple(keys)), at
    if kind in ("text", "function"):
        text = what.get("s")
        if not isinstance(text, str) or len(text) > MAX_TEXT:
            raise BadChannelError("bad-description")
        return Value(kind, name, text=text), at
    if kind in ("none", "other", "too-large"):
        return Value(kind, name or "NoneType"), at
    raise BadChannelError("bad-description")


def _decode_array(what: dict[str, Any], name: str, payload: bytes, at: int) -> tuple[Value, int]:
    code, shape = what.get("d"), what.get("s")
    if not isinstance(code, str) or code not in DTYPES or not isinstance(shape, list):
        raise BadChannelError("bad-array")
    if len(shape) > MAX_DIMENSIONS:
        raise BadChannelError("bad-array")
    size = np.dtype(code).itemsize
    for length in shape:
        # bool is an int in Python; a length is not true or false.
        if type(length) is not int or not 0 <= length <= 1 << 31:
            raise BadChannelError("bad-array")
        size *= length
    if size > len(payload) - at:
        raise BadChannelError("array-larger-than-payload")
    raw = payload[at : at + size]
    try:
        array = np.frombuffer(raw, dtype=code).reshape(shape).copy()
    except ValueError:  # no element, but lengths that NumPy refuses
        raise BadChannelError("bad-array") from None
    return Value("array", name, array), at + size
