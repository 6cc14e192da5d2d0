"""The channel: whatever bytes arrive, they are frames of ours or a bad channel."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.code.channel import (
    MAGIC,
    BadChannelError,
    Frame,
    FrameReader,
    Named,
    decode,
    encode,
    pack,
)
from engine.code.runner import Collector, Limits

FEW = settings(max_examples=80, deadline=None, derandomize=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("ktdsinfpcve") | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(["f", "p", "c", "v", "s", "unfit", "listed", "changed", "missing", "known"])
HEADERS = st.dictionaries(st.text(max_size=6) | KEYS, JSON, max_size=6)


@FEW
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_waited_for_or_refused(data: bytes) -> None:
    reader = FrameReader(max_header=100, max_payload=100)
    try:
        frames = reader.feed(data)
    except BadChannelError:
        return
    assert all(isinstance(frame, Frame) for frame in frames)


@FEW
@given(st.lists(st.tuples(HEADERS, st.binary(max_size=50)), max_size=4), st.data())
def test_frames_cut_anywhere_arrive_whole_and_in_order(messages: list, data: st.DataObject) -> None:
    stream = b"".join(pack(header, payload) for header, payload in messages)
    reader, received = FrameReader(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        received += reader.feed(stream[:size])
        stream = stream[size:]
    assert [(frame.header, frame.payload) for frame in received] == messages
    assert not reader.pending


@FEW
@given(HEADERS, st.binary(max_size=40), st.data())
def test_a_damaged_frame_is_another_frame_or_a_bad_channel(
    header: dict, payload: bytes, data: st.DataObject
) -> None:
    stream = bytearray(pack(header, payload))
    place = data.draw(st.integers(0, len(stream) - 1))
    stream[place] ^= data.draw(st.integers(1, 255))
    try:
        frames = FrameReader(max_payload=1000, max_header=1000).feed(bytes(stream))
    except BadChannelError:
        return
    assert all(isinstance(frame.header, dict) for frame in frames)


@FEW
@given(JSON, st.binary(max_size=64))
def test_any_description_of_a_value_is_decoded_or_refused(description: object, raw: bytes) -> None:
    try:
        value = decode(description, raw)
    except BadChannelError:
        return
    assert value.kind in ("array", "none", "sequence", "mapping", "other", "too-large")


@FEW
@given(st.lists(st.tuples(JSON, st.binary(max_size=20)), max_size=5))
def test_any_frames_of_a_learner_leave_the_collector_standing(messages: list) -> None:
    collector = Collector(1, 2, Limits())
    for header, payload in messages:
        if not isinstance(header, dict):
            continue
        try:
            collector.results(pack(header, payload))
        except BadChannelError:
            break
    assert len(collector.run.programs) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"pass": true}', "no-frame"),
        (struct.pack("<4sIQ", MAGIC, 1 << 31, 0), "frame-too-large"),
        (struct.pack("<4sIQ", MAGIC, 2, 1 << 60), "frame-too-large"),
        (struct.pack("<4sIQ", MAGIC, 2, 0) + b"[]", "header-not-an-object"),
        (struct.pack("<4sIQ", MAGIC, 3, 0) + b"{a}", "header-not-json"),
        (struct.pack("<4sIQ", MAGIC, 60_000, 0) + b"[" * 60_000, "header-not-json"),
    ],
)
def test_what_is_no_frame_is_refused_before_memory_is_taken(data: bytes, reason: str) -> None:
    with pytest.raises(BadChannelError) as refused:
        FrameReader().feed(data)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.array(3.5),
        np.zeros((0, 4)),
        np.array([[True, False]]),
        np.arange(4, dtype=np.float32),
        np.arange(6.0).reshape(2, 3).T,
        np.arange(4, dtype=">f8"),
        np.array([1 + 2j]),
    ],
    ids=str,
)
def test_an_array_arrives_as_it_was_sent(array: np.ndarray) -> None:
    buffers: list[bytes] = []
    value = decode(encode(array, buffers), b"".join(buffers))
    assert value.array is not None
    assert value.array.shape == array.shape
    assert np.array_equal(value.array, array)
    assert value.array.flags.writeable


class Liar:
    """Claims to be whatever one asks for; each claim would raise if it were asked."""

    @property
    def __class__(self) -> type:
        return np.ndarray

    def __array__(self, *_: object) -> np.ndarray:
        raise AssertionError("a learner's method was called")

    def __reduce__(self) -> str:
        raise AssertionError("a learner's method was called")


class Subclass(np.ndarray):
    def tobytes(self, *_: object) -> bytes:
        raise AssertionError("a learner's method was called")


@pytest.mark.parametrize(
    ("value", "kind", "type_"),
    [
        (None, "none", "NoneType"),
        (Liar(), "other", "Liar"),
        (np.zeros(2).view(Subclass), "array", "Subclass"),
        (np.zeros((1, 1)).view(np.matrix), "array", "matrix"),
        (np.array([object()]), "other", "ndarray of object"),
        ((x for x in [1]), "other", "generator"),
        ([1.0, np.zeros(2)], "sequence", "list"),
        ({"u": 1.0}, "mapping", "dict"),
        ({1: 1.0}, "other", "dict"),
        (10**400, "other", "int of object"),
        (np.zeros(3_000_000), "too-large", "ndarray"),
        ("text", "text", "str"),
        ("x" * 3000, "too-large", "str"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_every_other_object_travels_as_the_name_of_its_type(
    value: object, kind: str, type_: str
) -> None:
    buffers: list[bytes] = []
    received = decode(encode(value, buffers), b"".join(buffers))
    assert (received.kind, received.type) == (kind, type_)


def test_a_function_travels_as_its_name_and_nothing_else() -> None:
    received = decode(encode(Named("square"), []), b"")
    assert (received.kind, received.text, received.array) == ("function", "square", None)


@pytest.mark.parametrize("text", [None, 3, "x" * 3000, ["a"]])
def test_a_text_that_is_none_or_too_long_is_refused(text: object) -> None:
    with pytest.raises(BadChannelError):
        decode({"k": "text", "t": "str", "s": text}, b"")
