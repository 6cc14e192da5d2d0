"""The warm process passes on what it gets, unopened, and forgets it."""

import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.code.channel import FrameReader, pack

if sys.platform != "linux":
    pytest.skip("only where a warm process is forked", allow_module_level=True)

from engine.code.mailbox import Inbox, Outbox


def letters(inbox: Inbox) -> list[tuple[dict, bytes]]:
    found = []
    while (letter := inbox.take()) is not None:
        found.append((letter.header, inbox.contents(letter)))
    return found


@given(
    sizes=st.lists(st.integers(0, 300), min_size=1, max_size=5),
    cuts=st.lists(st.integers(1, 200), min_size=1, max_size=8),
    forgetful=st.booleans(),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_letters_cut_anywhere_arrive_whole_and_in_order(
    sizes: list[int], cuts: list[int], forgetful: bool
) -> None:
    sent = [({"kind": "run", "task": n}, bytes([n]) * size) for n, size in enumerate(sizes)]
    stream = b"".join(pack(header, body) for header, body in sent)
    reading, writing = os.pipe()
    inbox, got, at = Inbox(reading), [], 0
    while at < len(stream):
        cut = cuts[at % len(cuts)]
        os.write(writing, stream[at : at + cut])
        at += cut
        assert inbox.wait()
        got += letters(inbox)
        if forgetful:
            inbox.forget()
    os.close(writing)
    assert not inbox.wait()
    assert got == sent
    os.close(reading)


def test_what_was_taken_is_gone_and_what_comes_next_is_kept() -> None:
    reading, writing = os.pipe()
    inbox = Inbox(reading)
    following = pack({"kind": "run", "task": 2}, b"the next one" * 1000)
    os.write(writing, pack({"kind": "run", "task": 1}, b"a reference" * 900) + following[:5000])
    inbox.wait()
    letters(inbox)
    area = inbox._pages.area
    assert area.find(b"a reference") >= 0
    inbox.forget()
    assert area.find(b"a reference") == -1
    os.write(writing, following[5000:])
    inbox.wait()
    assert letters(inbox) == [({"kind": "run", "task": 2}, b"the next one" * 1000)]


def test_no_letter_of_ours_is_an_error_and_one_too_large_as_well() -> None:
    reading, writing = os.pipe()
    inbox = Inbox(reading)
    os.write(writing, b"x" * 40)
    inbox.wait()
    with pytest.raises(ValueError, match="no request"):
        inbox.take()
    full = Inbox(reading)
    full._end = len(full._pages.area)
    with pytest.raises(MemoryError):
        full.wait()


def test_results_are_passed_on_piece_by_piece_up_to_what_is_allowed() -> None:
    source, results = os.pipe()
    reading, writing = os.pipe()
    outbox = Outbox(writing)
    outbox.send("hello", 0, pid=7)
    os.write(results, b"numbers")
    assert outbox.relay("results", 3, source, most=7) == 7
    os.write(results, b"too many")
    assert outbox.relay("results", 3, source, most=7) == 8
    os.close(results)
    assert outbox.relay("results", 3, source, most=7) == 0
    frames = FrameReader().feed(os.read(reading, 1 << 16))
    assert [(frame.header, frame.payload) for frame in frames] == [
        ({"event": "hello", "task": 0, "pid": 7}, b""),
        ({"event": "results", "task": 3}, b"numbers"),
    ]
    outbox.forget()
    assert outbox._pages.area.find(b"m") == -1
