"""Truncated BPTT over a long text: how many windows, what they reach, where each row reads on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.common import at_most, choice, size
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_SOURCE: Final = "Williams, Peng (1990)"
_LENGTH: Final = size("length of the sequence", maximum=1_000_000)
_WINDOW: Final = size("τ, the length of a window", maximum=1_000_000)

# --- how many windows ----------------------------------------------------------------------------


def _count(a: Arguments, rest: str) -> int:
    T, tau = a["T"], a["tau"]
    return int(T // tau if rest == "dropped" else -(-T // tau))


def _windows(a: Arguments) -> int:
    if a["quantity"] == "count":
        return _count(a, a["rest"])
    return int(a["T"] - a["tau"] * (_count(a, "kept") - 1))


def _windows_mistakes(a: Arguments) -> Iterator[Mistake]:
    T, tau = a["T"], a["tau"]
    if a["quantity"] == "last":
        if T % tau:
            yield "sum-lengthened", "whole-window", tau
            yield "wrong-parameter", "what-is-lacking", tau - T % tau
        else:
            yield "sum-shortened", "nothing-left", 0
        return
    if T % tau:
        kept = a["rest"] == "kept"
        note = "rest-left-out" if kept else "rest-counted"
        code = "sum-shortened" if kept else "sum-lengthened"
        yield code, note, _count(a, "dropped" if kept else "kept")
    else:
        yield "sum-lengthened", "one-more", _count(a, a["rest"]) + 1
    yield "term-added", "one-from-every-step", T - tau + 1
    yield "wrong-parameter", "length-for-count", tau
    yield "factor-dropped", "one-a-step", T


@COMPUTATIONS.add(
    "bptt.windows",
    "how many windows of τ steps truncated BPTT makes of a sequence, or the length of the last",
    f"⌈T/τ⌉, each with one update; ⌊T/τ⌋ if a shorter rest is dropped; {_SOURCE}",
    {
        "T": _LENGTH,
        "tau": _WINDOW,
        "rest": choice("what becomes of a shorter last window", ("kept", "dropped")),
        "quantity": choice("what is asked for", ("count", "last")),
    },
    _windows_mistakes,
)
def windows(a: Arguments) -> int:
    """⌈T/τ⌉, ⌊T/τ⌋, or the length of the last window."""
    at_most(a, "tau", a["T"])
    if a["quantity"] == "last" and a["rest"] == "dropped":
        raise ArgumentError("rest", "has to be kept for the length of the last window")
    return _windows(a)


# --- what a gradient reaches ---------------------------------------------------------------------


def _reach(a: Arguments) -> int:
    return int((a["t"] - 1) % a["tau"] + 1)


def _reach_mistakes(a: Arguments) -> Iterator[Mistake]:
    t, tau = a["t"], a["tau"]
    if t > tau:
        yield "sum-lengthened", "whole-history", t
    if t % tau:
        yield "wrong-parameter", "always-a-whole-window", tau
    yield "index-shifted", "own-step-left-out", _reach(a) - 1
    if t % tau == 0:
        yield "sum-shortened", "nothing-at-the-cut", 1


@COMPUTATIONS.add(
    "bptt.reach",
    "how many inputs get a gradient from the loss of step t, windows of τ steps being cut apart",
    "those from the beginning of its window to t: (t − 1) mod τ + 1; the state is carried over the "
    f"cut, the gradient is not; {_SOURCE}",
    {"t": size("the step, from 1", maximum=1_000_000), "tau": _WINDOW},
    _reach_mistakes,
)
def reach(a: Arguments) -> int:
    """(t − 1) mod τ + 1."""
    return _reach(a)


# --- where a row of the batch reads --------------------------------------------------------------


def _position(a: Arguments) -> int:
    jump = a["n"] // a["N"]
    return int((a["row"] * jump + a["update"] * a["tau"] + a["t"]) % a["n"])


def _position_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, N, tau, row, update, t = (a[k] for k in ("n", "N", "tau", "row", "update", "t"))
    if row:
        yield "factor-dropped", "every-row-from-the-start", (update * tau + t) % n
        if update or row * tau != row * (n // N):
            in_turn = ((update * N + row) * tau + t) % n
            yield "order-swapped", "windows-dealt-in-turn", in_turn
    if update:
        yield "recurrent-path-dropped", "every-update-from-the-start", (row * (n // N) + t) % n
        by_step = (row * (n // N) + update + t) % n
        yield "factor-dropped", "one-step-an-update", by_step
    yield "index-shifted", "counted-from-1", (_position(a) + 1) % n


@COMPUTATIONS.add(
    "bptt.stream_position",
    "which word of a text a row of the batch reads at a step of an update, state carried on",
    "row · ⌊n/N⌋ + update · τ + t, modulo n: each row reads a part of the text on and on, so that "
    "its state fits the next window; Saito, Deep Learning from Scratch 2, section 5.5",
    {
        "n": size("words of the text", maximum=1_000_000),
        "N": size("rows of the batch"),
        "tau": size("steps of an update"),
        "row": Parameter("integer", "the row, from 0", minimum=0, maximum=4095),
        "update": Parameter("integer", "the update, from 0", minimum=0, maximum=100_000),
        "t": Parameter("integer", "the step in the window, from 0", minimum=0, maximum=4095),
    },
    _position_mistakes,
)
def stream_position(a: Arguments) -> int:
    """(row · ⌊n/N⌋ + update · τ + t) mod n."""
    at_most(a, "N", a["n"])
    at_most(a, "row", a["N"] - 1)
    at_most(a, "t", a["tau"] - 1)
    return _position(a)
