"""Attention by hand: scores, weights, context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Matrix,
    Vector,
    choice,
    divided,
    dot,
    fitting,
    mask_of,
    matrix,
    mean,
    numbers,
    root,
    size,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_VASWANI: Final = "Vaswani et al. (2017), section 3.2"
_BAHDANAU: Final = "Bahdanau, Cho, Bengio (2015); Luong, Pham, Manning (2015)"

# --- scores --------------------------------------------------------------------------------------


def _scores(a: Arguments, divisor: Entry, Q: Matrix, K: Matrix) -> Matrix:
    return tuple(tuple(dot(q, k) / divisor for k in K) for q in Q)


def _scores_mistakes(a: Arguments) -> Iterator[Mistake]:
    Q, K, scaled = a["Q"], a["K"], a["form"] == "scaled"
    d = len(Q[0])
    scale = root(Fraction(d)) if scaled else Fraction(1)
    if scaled and d > 1:
        yield "factor-dropped", "not-scaled", _scores(a, Fraction(1), Q, K)
        yield "power-dropped", "divided-by-d", _scores(a, Fraction(d), Q, K)
        yield "factor-added", "multiplied-by-the-root", _scores(a, 1 / scale, Q, K)
    elif d > 1:
        yield "scale-wrong", "divided-by-the-root", _scores(a, root(Fraction(d)), Q, K)
    if len(K) == d > 1:
        yield "transpose-dropped", "Q-times-K", _scores(a, scale, Q, exact.transpose(K))
    if max(len(Q), len(K)) > 1:
        yield "order-swapped", "keys-as-rows", _scores(a, scale, K, Q)
    if d > 1:
        first = _scores(a, scale, tuple(q[:1] for q in Q), tuple(k[:1] for k in K))
        yield "sum-dropped", "first-feature-only", first


@COMPUTATIONS.add(
    "attention.scores",
    "scores of queries and keys: a row a query, a column a key",
    f"Q Kᵀ, or Q Kᵀ / √d_k; {_VASWANI}",
    {
        "Q": matrix("queries, one a row"),
        "K": matrix("keys, one a row"),
        "form": choice("which score", ("scaled", "dot")),
    },
    _scores_mistakes,
)
def scores(a: Arguments) -> Matrix:
    """Q Kᵀ / √d_k, or Q Kᵀ."""
    d = len(a["Q"][0])
    if len(a["K"][0]) != d:
        raise ArgumentError("K", f"has to have {d} columns, as Q has; it has {len(a['K'][0])}")
    divisor = root(Fraction(d)) if a["form"] == "scaled" else Fraction(1)
    return _scores(a, divisor, a["Q"], a["K"])


# --- weights and context -------------------------------------------------------------------------


def _weights(a: Arguments, divisor: Entry) -> Vector:
    mask = mask_of(a, "mask", len(a["scores"]))
    seen = [divided(e, divisor) for e, m in zip(a["scores"], mask, strict=True) if m]
    weights = iter(exact.softmax(seen))
    return tuple(next(weights) if m else Fraction(0) for m in mask)


def _divisor(a: Arguments) -> Entry:
    return Fraction(1) if a["d_k"] is None else root(Fraction(a["d_k"]))


def _shares(entries: Sequence[Given]) -> Vector | None:
    values = [exact.number(entry) for entry in entries]
    total = sum(values, Fraction(0))
    return exact.scaled(1 / total, values) if total > 0 and min(values) >= 0 else None


def _wrong_weights(a: Arguments) -> Iterator[tuple[str, str, Vector]]:
    mask = mask_of(a, "mask", len(a["scores"]))
    divisor = _divisor(a)
    if not all(mask):
        everything = _weights({**a, "mask": None}, divisor)
        masked = exact.hadamard(everything, [Fraction(m) for m in mask])
        yield "mask-misplaced", "masked-after-the-softmax", masked
        of_zero = [e if m else Fraction(0) for e, m in zip(a["scores"], mask, strict=True)]
        zeroed = exact.softmax([divided(e, divisor) for e in of_zero])
        yield "mask-misplaced", "scores-set-to-0", zeroed
        yield "term-added", "not-masked", everything
    if a["d_k"] is not None and a["d_k"] > 1:
        yield "factor-dropped", "not-scaled", _weights(a, Fraction(1))
        yield "power-dropped", "divided-by-d", _weights(a, Fraction(a["d_k"]))
        after = exact.scaled(1 / divisor, _weights(a, Fraction(1)))
        yield "parentheses-misplaced", "scaled-after-the-softmax", after
    if all(mask) and (shares := _shares(a["scores"])) is not None:
        yield "activation-dropped", "scores-over-their-sum", shares
    if len(mask) > 1:
        weights = _weights(a, divisor)
        likeliest = weights.index(max(weights))
        hard = tuple(Fraction(k == likeliest) for k in range(len(mask)))
        yield "activation-wrong", "hard-attention", hard


_LOOKING: Final = {
    "scores": numbers("e, one a key; such as 1.5 or ln 3", logarithms=True),
    "d_k": size("if given, scores are first divided by √d_k", default=None),
    "mask": numbers("1 where a key may be seen, 0 where not; all if not given", default=None),
}


@COMPUTATIONS.add(
    "attention.weights",
    "attention weights from scores",
    f"α = softmax(e), over the keys that may be seen; {_BAHDANAU}; {_VASWANI}",
    _LOOKING,
    _wrong_weights,
)
def weights(a: Arguments) -> Vector:
    """softmax(scores / √d_k), 0 where masked."""
    return _weights(a, _divisor(a))


def _looked_up(a: Arguments, alpha: Vector) -> Vector:
    return exact.times(exact.transpose(a["values"]), alpha)


def _context_mistakes(a: Arguments) -> Iterator[Mistake]:
    for code, note, alpha in _wrong_weights(a):
        yield code, note, _looked_up(a, alpha)
    alpha = _weights(a, _divisor(a))
    if len(alpha) > 1:
        yield "normalisation-dropped", "mean-of-the-values", mean(a["values"])
        raw = tuple(exact.number(entry) for entry in a["scores"])
        yield "left-side-wrong", "weighted-by-the-scores", _looked_up(a, raw)
    if len(alpha) == len(a["values"][0]) > 1:
        turned = exact.times(a["values"], alpha)
        yield "transpose-added", "values-as-columns", turned


@COMPUTATIONS.add(
    "attention.context",
    "the context: values weighted by attention",
    f"c = Σ α_i v_i; {_BAHDANAU}",
    {**_LOOKING, "values": matrix("a row a key: the states, or V")},
    _context_mistakes,
)
def context(a: Arguments) -> Vector:
    """Σ α v."""
    fitting(a, "values", len(a["scores"]))
    return _looked_up(a, _weights(a, _divisor(a)))
