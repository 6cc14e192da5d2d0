"""Attention's way back: from the context to weights, scores, query and states."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Matrix,
    Vector,
    alike,
    choice,
    distribution,
    dot,
    matrix,
    numbers,
    root,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- through the softmax -------------------------------------------------------------------------


def through_softmax(alpha: Vector, dalpha: Vector, wrong: str = "") -> Vector:
    """α ⊙ (dα − α·dα)."""
    middle = dot(alpha, dalpha)
    if wrong == "alpha-times-dalpha":
        return exact.hadamard(alpha, dalpha)
    if wrong == "slope-of-the-sigmoid":
        return exact.hadamard([x * (1 - x) for x in alpha], dalpha)
    if wrong == "alpha-left-out":
        return tuple(y - middle for y in dalpha)
    if wrong == "plain-mean-taken-off":
        middle = sum(dalpha, Fraction(0)) / len(dalpha)
    return tuple(x * (y - middle) for x, y in zip(alpha, dalpha, strict=True))


_THROUGH_SOFTMAX: Final = (
    ("term-dropped", "alpha-times-dalpha"),
    ("activation-wrong", "slope-of-the-sigmoid"),
    ("factor-dropped", "alpha-left-out"),
    ("mean-for-sum", "plain-mean-taken-off"),
)


def _softmax_mistakes(a: Arguments) -> Iterator[Mistake]:
    for code, note in _THROUGH_SOFTMAX:
        yield code, note, through_softmax(a["alpha"], a["dalpha"], note)
    yield "sign-flipped", "minus", exact.scaled(-1, through_softmax(a["alpha"], a["dalpha"]))


_WEIGHTS: Final = Parameter("numbers", "the weights", minimum=0, maximum=1, most=8)


def _checked_weights(a: Arguments) -> None:
    if len(a["alpha"]) < 2:
        raise ArgumentError("alpha", "has to have two weights or more")
    distribution("alpha", a["alpha"])


@COMPUTATIONS.add(
    "attention.softmax_backward",
    "∂E/∂e from ∂E/∂α, on the way back through the softmax",
    "de = α ⊙ (dα − Σ α_j dα_j), as the Jacobian is diag(α) − α αᵀ",
    {"alpha": _WEIGHTS, "dalpha": numbers("∂E/∂α")},
    _softmax_mistakes,
)
def softmax_backward(a: Arguments) -> Vector:
    """α ⊙ (dα − α·dα)."""
    alike(a, "alpha", "dalpha")
    _checked_weights(a)
    return through_softmax(a["alpha"], a["dalpha"])


# --- from the context ----------------------------------------------------------------------------


def _scale(a: Arguments, wrong: str = "") -> Entry:
    scaled = a["form"] == "scaled" and wrong != "not-scaled"
    return 1 / root(Fraction(len(a["dc"]))) if scaled else Fraction(1)


def _backward(a: Arguments, wrong: str = "") -> Vector | Matrix:
    alpha, dc, h, quantity = a["alpha"], a["dc"], a["h"], a["quantity"]
    dalpha = exact.times(h, dc)
    if quantity == "dalpha":
        return dalpha
    de = exact.scaled(_scale(a, wrong), through_softmax(alpha, dalpha, wrong))
    if quantity == "de":
        # ∂E/∂ of the scaled scores: the scale belongs to the way from there to q and h.
        return through_softmax(alpha, dalpha, wrong)
    if quantity == "dq":
        return exact.times(exact.transpose(h), de)
    as_value, as_key = exact.outer(alpha, dc), exact.outer(de, a["q"])
    if wrong == "score-path-left-out":
        return as_value
    if wrong == "value-path-left-out":
        return as_key
    return tuple(exact.plus(v, k) for v, k in zip(as_value, as_key, strict=True))


def _backward_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, alpha, dc = a["quantity"], a["alpha"], a["dc"]
    if quantity == "dalpha":
        weighted = exact.hadamard(alpha, exact.times(a["h"], dc))
        yield "factor-added", "times-alpha", weighted
        if len(alpha) == len(dc):
            yield "transpose-added", "along-the-features", exact.times(exact.transpose(a["h"]), dc)
        yield "sign-flipped", "minus", exact.scaled(-1, exact.times(a["h"], dc))
        return
    for code, note in _THROUGH_SOFTMAX:
        yield code, note, _backward(a, note)
    if quantity == "de":
        return
    if a["form"] == "scaled" and len(dc) > 1:
        yield "normalisation-dropped", "not-scaled", _backward(a, "not-scaled")
    if quantity == "dh":
        yield "term-dropped", "score-path-left-out", _backward(a, "score-path-left-out")
        yield "term-dropped", "value-path-left-out", _backward(a, "value-path-left-out")


@COMPUTATIONS.add(
    "attention.backward_step",
    "what ∂E/∂c of one query gives the weights, the scores, the query, or the states",
    "dα_i = h_i·dc; de = α ⊙ (dα − α·dα); dq = Σ de_i h_i; dh_i = α_i dc + de_i q, each state "
    "being value and key; with the scaled score the parts of e are divided by √d",
    {
        "alpha": _WEIGHTS,
        "dc": numbers("∂E/∂c of the context c = Σ α_i h_i"),
        "h": matrix("the states h_i, one a row"),
        "q": numbers("the query"),
        "form": choice("which score", ("dot", "scaled")),
        "quantity": choice("what is asked for", ("de", "dalpha", "dq", "dh")),
    },
    _backward_mistakes,
)
def backward_step(a: Arguments) -> Vector | Matrix:
    """dα, de, dq or dh (one row a state)."""
    alike(a, "alpha", "h")
    D = alike(a, "dc", "q")
    if len(a["h"][0]) != D:
        raise ArgumentError("h", f"has to have {D} columns, as dc has entries")
    _checked_weights(a)
    return _backward(a)
