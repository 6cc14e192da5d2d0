"""Attention with parameters of its own: the general and the additive score."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import Vector, dot, matrix, numbers, root
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_KEYS: Final = matrix("the states h_i, one a row")

# --- general -------------------------------------------------------------------------------------


def _general(a: Arguments, turned: bool = False) -> Vector:
    W = exact.transpose(a["W"]) if turned else a["W"]
    carried = exact.times(exact.transpose(W), a["q"])
    return tuple(dot(carried, h) for h in a["h"])


def _general_mistakes(a: Arguments) -> Iterator[Mistake]:
    q, W = a["q"], a["W"]
    if len(W) == len(W[0]):
        if len(W) > 1 and exact.transpose(W) != W:
            yield "transpose-added", "W-transposed", _general(a, turned=True)
        yield "factor-dropped", "W-left-out", tuple(dot(q, h) for h in a["h"])
        between = exact.hadamard(q, [W[k][k] for k in range(len(W))])
        if len(W) > 1:
            yield "elementwise-for-matrix", "diagonal-only", tuple(dot(between, h) for h in a["h"])
    if len(W) > 1:
        scaled = exact.scaled(1 / root(Fraction(len(W))), _general(a))
        yield "scale-wrong", "divided-by-the-root", scaled


@COMPUTATIONS.add(
    "attention.general_scores",
    "the general (bilinear) scores of one query with every state",
    "e_i = qᵀ W h_i; Luong, Pham, Manning (2015), section 3.1",
    {
        "q": numbers("the query"),
        "W": matrix("H_q × H_h, in column form"),
        "h": _KEYS,
    },
    _general_mistakes,
)
def general_scores(a: Arguments) -> Vector:
    """qᵀ W h_i."""
    if (len(a["W"]), len(a["W"][0])) != (len(a["q"]), len(a["h"][0])):
        raise ArgumentError("W", f"has to be {len(a['q'])} × {len(a['h'][0])}, as q and h are wide")
    return _general(a)


# --- additive ------------------------------------------------------------------------------------


def _additive(a: Arguments, f: str = "tanh", wrong: str = "") -> Vector:
    carried = exact.times(a["W1"], a["q"])
    if wrong == "query-left-out":
        carried = exact.scaled(0, carried)
    scores = []
    for h in a["h"]:
        own = exact.times(a["W2"], h)
        if wrong == "tanh-of-each":
            m = exact.plus(exact.activated(f, carried), exact.activated(f, own))
        elif wrong == "multiplied":
            m = exact.activated(f, exact.hadamard(carried, own))
        else:
            m = exact.activated(f, exact.plus(carried, own))
        scores.append(sum(m, Fraction(0)) if wrong == "v-left-out" else dot(a["v"], m))
    return tuple(scores)


def _additive_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "activation-dropped", "no-tanh", _additive(a, "identity")
    yield "activation-wrong", "sigmoid-for-tanh", _additive(a, "sigmoid")
    yield "term-dropped", "query-left-out", _additive(a, wrong="query-left-out")
    yield "parentheses-misplaced", "tanh-of-each", _additive(a, wrong="tanh-of-each")
    yield "order-swapped", "multiplied", _additive(a, wrong="multiplied")
    if any(entry != 1 for entry in a["v"]):
        yield "factor-dropped", "v-left-out", _additive(a, wrong="v-left-out")


@COMPUTATIONS.add(
    "attention.additive_scores",
    "the additive scores (concat) of one query with every state",
    "e_i = vᵀ tanh(W₁ q + W₂ h_i) = vᵀ tanh(W [q; h_i]) with W = [W₁ W₂]; Bahdanau, Cho, Bengio "
    "(2015), appendix A.1.2",
    {
        "q": numbers("the query"),
        "h": _KEYS,
        "W1": matrix("A × H_q, in column form"),
        "W2": matrix("A × H_h, in column form"),
        "v": numbers("A entries"),
    },
    _additive_mistakes,
)
def additive_scores(a: Arguments) -> Vector:
    """vᵀ tanh(W₁ q + W₂ h_i)."""
    for name, width in (("W1", len(a["q"])), ("W2", len(a["h"][0]))):
        if (len(a[name]), len(a[name][0])) != (len(a["v"]), width):
            raise ArgumentError(name, f"has to be {len(a['v'])} × {width}")
    return _additive(a)
