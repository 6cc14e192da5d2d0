"""Figures of recorded runs: what a claim about training can be held against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final

from engine.computations.common import choice
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

#: Settings that the sweep over binary addition was recorded for; a test holds them against the
#: file, which is not read before a figure is wanted.
RUNS: Final = (
    "seed", "deviation 0.1", "deviation 0.5", "deviation 2", "deviation 3", "xavier", "he",
    "relu 1", "relu 0.1", "relu xavier", "relu he", "relu 1 clip 1", "tanh 1", "tanh 0.5",
    "tanh xavier", "tanh he", "true delta", "true delta 0.5", "true delta 2", "cross-entropy",
    "cross-entropy tanh xavier", "rate 0.01", "rate 1", "2 units", "4 units", "32 units",
    "64 units", "128 units", "highest first", "truncated-to-one-step", "untransposed-matrix",
    "derivative-one-step-early", "never-reset", "identity",
)  # fmt: skip
#: Shares of all replicates, and the median of the first check with nearly every sum right.
FIGURES: Final = ("solved", "nan", "diverged", "bit_accuracy", "first")


@cache
def _rows() -> dict[str, Any]:
    file = resources.files("engine") / "experiments" / "results" / "binary_addition.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    return found


def _figure(run: str, figure: str) -> Fraction | None:
    row = _rows()[run]
    value = row["first"]["50"] if figure == "first" else row[figure]
    return None if value is None else Fraction(repr(value))


def _recorded_mistakes(a: Arguments) -> Iterator[Mistake]:
    usual = _figure("seed", a["figure"])
    if usual is not None and usual != _figure(a["run"], a["figure"]):
        yield "wrong-parameter", "usual-settings", usual


@COMPUTATIONS.add(
    "binary_addition.recorded",
    "what came of the recorded runs of binary addition under one setting",
    "engine/experiments/results/binary_addition.json: 200 replicates, 10 000 updates each; solved "
    "means at least 99 % of 256 fixed sums fully right",
    {
        "run": choice("the setting that differs from the usual one", RUNS),
        "figure": choice("which figure", FIGURES),
    },
    _recorded_mistakes,
)
def recorded(a: Arguments) -> Fraction:
    """The figure as it was recorded."""
    found = _figure(a["run"], a["figure"])
    if found is None:
        raise ArgumentError("figure", f"was not reached by most replicates of {a['run']}")
    return found
