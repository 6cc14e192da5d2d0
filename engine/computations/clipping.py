"""Clipping of gradients: by the norm, entry by entry, of one parameter or of all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Matrix,
    Vector,
    choice,
    dot,
    matrix,
    norm,
    numbers,
    positive,
    root,
)
from engine.computations.registry import Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_PASCANU: Final = "Pascanu, Mikolov, Bengio (2013)"


def _shortened(g: Vector, length: Entry, threshold: Fraction) -> Vector:
    return exact.scaled(threshold / length, g) if length > threshold else g


def clipped_by_norm(g: Vector, threshold: Fraction) -> Vector:
    """g · min(1, θ / ‖g‖)."""
    return _shortened(g, norm(g), threshold)


def clipped_by_value(g: Vector, threshold: Fraction) -> Vector:
    """Each entry between −θ and θ."""
    return tuple(max(-threshold, min(threshold, entry)) for entry in g)


def _by_norm_mistakes(a: Arguments) -> Iterator[Mistake]:
    g, threshold = a["gradient"], a["threshold"]
    length = norm(g)
    if length > threshold:
        yield "factor-dropped", "not-clipped", g
        yield "power-dropped", "by-the-squared-norm", exact.scaled(threshold / length**2, g)
        if len(g) > 1:
            yield "axis-wrong", "each-entry-by-itself", clipped_by_value(g, threshold)
            sizes = sum(abs(entry) for entry in g)
            yield "scale-wrong", "by-the-sum-of-sizes", exact.scaled(threshold / sizes, g)
        if threshold != 1:
            yield "scale-wrong", "norm-1", exact.scaled(1 / length, g)
            yield "normalisation-dropped", "by-the-threshold", exact.scaled(1 / threshold, g)
    elif length:
        yield "factor-added", "lengthened", exact.scaled(threshold / length, g)
        yield "normalisation-dropped", "times-the-threshold", exact.scaled(threshold, g)


_THRESHOLD: Final = positive("θ")


@COMPUTATIONS.add(
    "clipping.by_norm",
    "a gradient clipped by its norm",
    f"g · min(1, θ / ‖g‖); {_PASCANU}, algorithm 1",
    {"gradient": numbers("g, all entries of all parameters"), "threshold": _THRESHOLD},
    _by_norm_mistakes,
)
def by_norm(a: Arguments) -> Vector:
    """g · min(1, θ / ‖g‖)."""
    return clipped_by_norm(a["gradient"], a["threshold"])


def _by_value_mistakes(a: Arguments) -> Iterator[Mistake]:
    g, threshold = a["gradient"], a["threshold"]
    length = norm(g)
    if any(abs(entry) > threshold for entry in g):
        yield "factor-dropped", "not-clipped", g
    if length > threshold:
        yield "axis-wrong", "by-the-norm", _shortened(g, length, threshold)
    if any(entry < -threshold for entry in g):
        above = tuple(min(threshold, entry) for entry in g)
        yield "term-dropped", "upper-bound-only", above
        yield "sign-flipped", "signs-lost", tuple(min(threshold, abs(entry)) for entry in g)
    largest = max(abs(entry) for entry in g)
    if largest > threshold and len(g) > 1:
        yield "scale-wrong", "largest-to-the-bound", exact.scaled(threshold / largest, g)


@COMPUTATIONS.add(
    "clipping.by_value",
    "a gradient clipped entry by entry",
    "gᵢ ← min(max(gᵢ, −θ), θ); the direction changes",
    {"gradient": numbers("g"), "threshold": _THRESHOLD},
    _by_value_mistakes,
)
def by_value(a: Arguments) -> Vector:
    """min(max(g, −θ), θ)."""
    return clipped_by_value(a["gradient"], a["threshold"])


_GRADIENTS: Final = matrix("one row a parameter; shorter ones are filled up with zeros")


def _everything(a: Arguments) -> Vector:
    return tuple(entry for row in a["gradients"] for entry in row)


def _global_norm_mistakes(a: Arguments) -> Iterator[Mistake]:
    rows, squares = a["gradients"], [dot(row, row) for row in a["gradients"]]
    yield "power-dropped", "root-forgotten", sum(squares, Fraction(0))
    if len(rows) > 1:
        norms = [norm(row) for row in rows]
        yield "parentheses-misplaced", "sum-of-the-norms", sum(norms, Fraction(0))
        yield "sum-dropped", "largest-norm", max(norms)
        mean_square = sum(squares, Fraction(0)) / len(rows)
        yield "mean-for-sum", "mean-over-parameters", root(mean_square)


@COMPUTATIONS.add(
    "clipping.global_norm",
    "the norm of all gradients together",
    f"‖g‖ = √Σ g² over all entries of all parameters; {_PASCANU}",
    {"gradients": _GRADIENTS},
    _global_norm_mistakes,
)
def global_norm(a: Arguments) -> Entry:
    """√Σ g²."""
    return norm(_everything(a))


def _clipped(a: Arguments, scope: str) -> Matrix:
    whole_norm = norm(_everything(a))
    return tuple(
        _shortened(row, whole_norm if scope == "global" else norm(row), a["threshold"])
        for row in a["gradients"]
    )


def _parameters_mistakes(a: Arguments) -> Iterator[Mistake]:
    rows, threshold = a["gradients"], a["threshold"]
    other = "each" if a["scope"] == "global" else "global"
    if len(rows) > 1:
        yield "axis-wrong", f"{other}-norm", _clipped(a, other)
    if _clipped(a, a["scope"]) != rows:
        yield "factor-dropped", "not-clipped", rows
        by_entry = tuple(clipped_by_value(row, threshold) for row in rows)
        yield "axis-wrong", "each-entry-by-itself", by_entry


@COMPUTATIONS.add(
    "clipping.parameters",
    "the gradients of several parameters, clipped by the norm of all or each by its own",
    f"{_PASCANU}, algorithm 1; one rate for all keeps the direction, one for each does not",
    {
        "gradients": _GRADIENTS,
        "threshold": _THRESHOLD,
        "scope": choice("whose norm", ("global", "each")),
    },
    _parameters_mistakes,
)
def parameters(a: Arguments) -> Matrix:
    """Each row times its min(1, θ / norm)."""
    return _clipped(a, a["scope"])
