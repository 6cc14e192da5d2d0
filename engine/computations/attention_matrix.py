"""Attention of all queries at once: a softmax for each row, masks, how much is seen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Matrix,
    at_most,
    choice,
    divided,
    flag,
    matrix,
    root,
    size,
    wanted,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_VASWANI: Final = "Vaswani et al. (2017), section 3.2"

# --- weights and output --------------------------------------------------------------------------


def _visible(a: Arguments, i: int, j: int, wrong: str) -> bool:
    if a["mask"] == "none" or wrong in ("not-masked", "masked-after-the-softmax"):
        return True
    return j >= i if wrong == "past-masked" else j <= i


def _weights(a: Arguments, wrong: str = "") -> Matrix:
    S = a["S"]
    d = 1 if a["d_k"] is None or wrong == "not-scaled" else a["d_k"]
    divisor: Entry = Fraction(d) if wrong == "divided-by-d" else root(Fraction(d))
    cells = [[(i, j) for j in range(len(S[0])) if _visible(a, i, j, wrong)] for i in range(len(S))]
    if wrong == "softmax-over-the-queries":
        cells = [[(i, j) for row in cells for i, k in row if k == j] for j in range(len(S[0]))]
    weights: list[list[Entry]] = [[Fraction(0)] * len(S[0]) for _ in S]
    for group in cells:
        scores: list[Given] = [divided(S[i][j], divisor) for i, j in group]
        for (i, j), share in zip(group, exact.softmax(scores), strict=True):
            weights[i][j] = share
    if wrong == "masked-after-the-softmax":
        weights = [
            [w if j <= i else Fraction(0) for j, w in enumerate(row)]
            for i, row in enumerate(weights)
        ]
    return tuple(tuple(row) for row in weights)


def _result(a: Arguments, wrong: str = "") -> Matrix:
    alpha = _weights(a, wrong)
    if a["quantity"] == "weights":
        return alpha
    columns = exact.transpose(a["V"])
    return tuple(exact.times(columns, row) for row in alpha)


def _result_mistakes(a: Arguments) -> Iterator[Mistake]:
    if len(a["S"]) > 1:
        yield "axis-wrong", "softmax-over-the-queries", _result(a, "softmax-over-the-queries")
    if a["mask"] == "causal" and len(a["S"]) > 1:
        for note in ("masked-after-the-softmax", "past-masked"):
            yield "mask-misplaced", note, _result(a, note)
        yield "term-added", "not-masked", _result(a, "not-masked")
    if a["d_k"] is not None and a["d_k"] > 1:
        yield "factor-dropped", "not-scaled", _result(a, "not-scaled")
        yield "power-dropped", "divided-by-d", _result(a, "divided-by-d")


@COMPUTATIONS.add(
    "attention.matrix",
    "the weights of all queries, a row each, or the output A V, with or without a causal mask",
    f"A = softmax(S / √d_k) row by row, over the keys j ≤ i under a causal mask; {_VASWANI}",
    {
        "S": matrix("scores, a row a query, such as 0 or ln 3", logarithms=True, most=5),
        "d_k": size("if given, scores are first divided by √d_k", default=None),
        "mask": choice("which keys a query may see", ("none", "causal")),
        "V": matrix("values, a row a key; needed for the output", default=None, most=5),
        "quantity": choice("what is asked for", ("weights", "output")),
    },
    _result_mistakes,
)
def whole_matrix(a: Arguments) -> Matrix:
    """softmax(S / √d_k), or that times V."""
    n = len(a["S"][0])
    if n < 2:
        raise ArgumentError("S", "has to have two keys or more")
    if a["mask"] == "causal" and len(a["S"]) != n:
        raise ArgumentError("S", "has to be square under a causal mask")
    if a["quantity"] == "output" and len(wanted(a, "V", "the output")) != n:
        raise ArgumentError("V", f"has to have {n} rows, one a key")
    return _result(a)


# --- how much is seen ----------------------------------------------------------------------------


def _entries(a: Arguments, causal: bool, length: int, heads: int) -> int:
    n = a["n"]
    return sum(min(i, length) if causal else length for i in range(1, n + 1)) * heads


def _entries_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, heads, causal = a["n"], a["h"], a["causal"] == "True"
    length = n if a["length"] is None else a["length"]
    right = _entries(a, causal, length, heads)
    if causal:
        yield "term-added", "future-seen", _entries(a, False, length, heads)
        if n > 1:
            yield (
                "index-shifted",
                "own-position-hidden",
                right - sum(heads for i in range(1, n + 1) if i <= length),
            )
    if length < n:
        yield "mask-misplaced", "padding-seen", _entries(a, causal, n, heads)
    if length < n and not causal:
        yield "sum-shortened", "padded-queries-left-out", length * length * heads
    if heads > 1:
        yield "factor-dropped", "one-head", right // heads


@COMPUTATIONS.add(
    "attention.visible_entries",
    "how many scores of self-attention are left after masking",
    f"n(n + 1)/2 under a causal mask, n · L if only L keys are no padding, Σ min(i, L) under both; "
    f"{_VASWANI}.3",
    {
        "n": size("positions, padding among them"),
        "causal": flag("whether a position sees only itself and those before", default="True"),
        "length": size("positions that are no padding, at the beginning", default=None),
        "h": size("heads", maximum=128, default=1),
    },
    _entries_mistakes,
)
def visible_entries(a: Arguments) -> int:
    """Σ over queries of the keys that are seen, times heads."""
    at_most(a, "length", a["n"])
    length = a["n"] if a["length"] is None else a["length"]
    return _entries(a, a["causal"] == "True", length, a["h"])
