"""The order of a training loop in numbers: gradients reset, or not; clipped before the step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.clipping import clipped_by_norm, clipped_by_value
from engine.computations.common import (
    Entry,
    Vector,
    alike,
    norm,
    numbers,
    positive,
    weight,
)
from engine.computations.registry import Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

# --- reset, or not -------------------------------------------------------------------------------


def _steps(a: Arguments, gradients: Vector, sign: int = -1) -> Entry:
    found: Entry = a["w"] + sign * a["learning_rate"] * sum(gradients, Fraction(0))
    return found


def _running(gradients: Vector) -> Vector:
    return tuple(sum(gradients[: k + 1], Fraction(0)) for k in range(len(gradients)))


def _steps_mistakes(a: Arguments) -> Iterator[Mistake]:
    g = a["gradients"]
    yield "sign-flipped", "uphill", _steps(a, g, sign=1)
    if a["learning_rate"] != 1:
        yield "learning-rate-dropped", "rate-1", _steps({**a, "learning_rate": Fraction(1)}, g)
    if len(g) > 1:
        yield "not-reset", "gradients-kept", _steps(a, _running(g))
        yield "sum-dropped", "last-step-only", _steps(a, g[-1:])
        yield "mean-for-sum", "one-mean-step", _steps(a, (sum(g, Fraction(0)) / len(g),))
    if a["w"] != 0:
        yield "left-side-wrong", "change-for-new-value", _steps(a, g) - a["w"]


@COMPUTATIONS.add(
    "sgd.steps",
    "w after some updates of gradient descent, each with the gradient of its own batch",
    "w ← w − ε g, the accumulated gradient being set to 0 in between; kept, it would act again",
    {
        "w": weight("the weight before the first update"),
        "gradients": numbers("∂E/∂w of each batch, one an update"),
        "learning_rate": positive("ε"),
    },
    _steps_mistakes,
)
def steps(a: Arguments) -> Entry:
    """w − ε Σ g."""
    return _steps(a, a["gradients"])


# --- clipped, then taken -------------------------------------------------------------------------


def _taken(a: Arguments, g: Vector, sign: int = -1) -> Vector:
    return exact.plus(a["w"], exact.scaled(sign * a["learning_rate"], g))


def _taken_mistakes(a: Arguments) -> Iterator[Mistake]:
    g, threshold, rate = a["gradient"], a["threshold"], a["learning_rate"]
    clipped = clipped_by_norm(g, threshold)
    yield "sign-flipped", "uphill", _taken(a, clipped, sign=1)
    if rate != 1:
        whole = {**a, "learning_rate": Fraction(1)}
        yield "learning-rate-dropped", "whole-gradient", _taken(whole, clipped)
    if norm(g) > threshold:
        yield "order-of-updates", "clipped-after-the-step", _taken(a, g)
        if len(g) > 1:
            yield "axis-wrong", "clipped-by-value", _taken(a, clipped_by_value(g, threshold))
    if any(a["w"]):
        yield "left-side-wrong", "change-for-new-value", exact.scaled(-rate, clipped)


@COMPUTATIONS.add(
    "clipping.sgd_step",
    "w after one step with a gradient that is clipped by its norm",
    "backward, clip, step: w ← w − ε g min(1, θ/‖g‖); clipped after the step, it comes too late; "
    "Pascanu, Mikolov, Bengio (2013), algorithm 1",
    {
        "w": numbers("the old value"),
        "gradient": numbers("∂E/∂w"),
        "threshold": positive("θ"),
        "learning_rate": positive("ε"),
    },
    _taken_mistakes,
)
def clipped_step(a: Arguments) -> Vector:
    """w − ε g · min(1, θ / ‖g‖)."""
    alike(a, "w", "gradient")
    return _taken(a, clipped_by_norm(a["gradient"], a["threshold"]))
