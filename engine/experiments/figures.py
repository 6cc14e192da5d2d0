"""Recorded figures of replicated runs by name, each with the interval in which a repetition lands.

``binary-addition/deviation 2`` is the row ``deviation 2`` of ``results/binary_addition.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from engine.experiments.agreement import binomial_interval

#: Runs below which a recorded figure proves nothing: it has not been repeated.
LEAST_RUNS: Final = 3
_CONFIDENCE: Final = 0.99
_NORMAL: Final = 2.576  # two-sided 99 %
_SHARES: Final = ("solved", "arrived", "diverged", "nan")


@dataclass(frozen=True, slots=True)
class Figure:
    """One recorded figure.

    Attributes
    ----------
    value : as recorded; infinite where it was never reached
    low, high : where the same figure of as many new runs is expected (99 %), or, for the few runs
        of a long training, their smallest and largest
    runs : how many runs it rests on
    share : whether it is a share, between 0 and 1
    """

    value: float
    low: float
    high: float
    runs: int
    share: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one setting; ``settings`` as the runs had them."""

    name: str
    settings: Mapping[str, Any]
    figures: Mapping[str, Figure]


@cache
def rows() -> Mapping[str, Row]:
    """Every recorded row, by ``experiment/row``."""
    found: dict[str, Row] = {}
    folder = resources.files("engine.experiments") / "results"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            prefix = file.name.removesuffix(".json").replace("_", "-")
            for name, row in json.loads(file.read_text(encoding="utf-8"))["rows"].items():
                full = f"{prefix}/{name}"
                found[full] = Row(full, row["settings"], figures_of(row))
    return found


def figures_of(row: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures of one row as ``record`` or ``published`` writes it; names with hyphens."""
    return _of_few_runs(row["runs"]) if "runs" in row else _of_many_runs(row)


def _of_many_runs(row: Mapping[str, Any]) -> dict[str, Figure]:
    R = int(row["replicates"])
    found: dict[str, Figure] = {}
    for name in _SHARES:
        low, high = binomial_interval(round(row[name] * R), R, _CONFIDENCE)
        found[name] = Figure(row[name], low, high, R, share=True)
    bits = row["bit_accuracy"]
    # Bhatia and Davis (2000): a variable within [0, 1] has at most the variance m(1 - m).
    spread = _NORMAL * math.sqrt(bits * (1 - bits) / R)
    found["bit-accuracy"] = Figure(bits, max(0.0, bits - spread), min(1.0, bits + spread), R, True)
    first = [_or_never(row["first"][quarter]) for quarter in ("25", "50", "75")]
    found["first"] = _median(first, R, scale=1.0)
    loss = [_or_never(row["loss"][quantile]) for quantile in ("10", "50", "90")]
    # Between the quartiles of a normal variable lie 0.526 of what lies between 10 and 90 %.
    found["loss"] = _median(loss, R, scale=0.526)
    return found


def _median(quantiles: list[float], runs: int, scale: float) -> Figure:
    """A median with the notches of McGill, Tukey and Larsen (1978), for 99 instead of 95 %."""
    low, middle, high = quantiles
    if math.isinf(middle):
        return Figure(middle, middle, middle, runs)
    if math.isinf(high):
        # The upper quartile was never reached: the lower half of the spread speaks for both.
        high = 2 * middle - low
    spread = 2.06 * scale * (high - low) / math.sqrt(runs)
    return Figure(middle, middle - spread, middle + spread, runs)


def _of_few_runs(runs: list[Mapping[str, Any]]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for name in runs[0]["figures"]:
        values = sorted(_or_never(run["figures"].get(name)) for run in runs)
        count = len(values)
        middle = (values[(count - 1) // 2] + values[count // 2]) / 2
        share = name.startswith("exact matches")
        found[name.replace(" ", "-")] = Figure(middle, values[0], values[-1], count, share)
    return found


def _or_never(value: float | None) -> float:
    return math.inf if value is None else float(value)
