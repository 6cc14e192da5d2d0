"""Inputs of a judgement: ordinary draws, equal sizes, repeated shapes, and the named hard ones.

Sizes that are all different expose a swapped order or a missing transpose as an error; equal sizes
let the same mistake run and show its wrong values; one shape twice with other values exposes a
cache; one case twice exposes state that a function keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .specification import Argument, HardInput, Specification


@dataclass(frozen=True)
class Case:
    """Argument values by name, in the order of the call, with the sizes that they were drawn for.

    ``kind``: "ordinary", "equal-sizes", "same-shapes", "again", or "hard" (``name`` says which).
    """

    name: str
    kind: str
    sizes: Mapping[str, int]
    arguments: Mapping[str, Any]


def cases(spec: Specification, seed: int, ordinary: int = 3) -> list[Case]:
    """The cases of one judgement, hard ones included; the same seed gives the same cases."""
    rng = np.random.default_rng(seed)
    drawn = [
        _case("ordinary", "ordinary", spec, different(spec, rng), rng) for _ in range(ordinary)
    ]
    first = drawn[0]
    drawn.append(_case("same-shapes", "same-shapes", spec, first.sizes, rng))
    drawn.append(_case("equal-sizes", "equal-sizes", spec, equal(spec, rng), rng))
    for hard in spec.hard:
        drawn.append(hard_case(spec, hard, rng))
    drawn.append(Case("again", "again", first.sizes, first.arguments))
    return drawn


def different(spec: Specification, rng: np.random.Generator) -> dict[str, int]:
    """Sizes within their ranges, all different if the ranges allow it."""
    sizes: dict[str, int] = {}
    for _ in range(200):
        sizes = {name: int(rng.integers(lo, hi + 1)) for name, (lo, hi) in spec.sizes.items()}
        if len(set(sizes.values())) == len(sizes):
            break
    return sizes


def equal(spec: Specification, rng: np.random.Generator) -> dict[str, int]:
    """One size for all symbols, as far as their ranges allow."""
    if not spec.sizes:
        return {}
    low = max(lo for lo, _ in spec.sizes.values())
    common = int(rng.integers(max(2, low), max(2, low) + 2))
    return {name: min(max(common, lo), hi) for name, (lo, hi) in spec.sizes.items()}


def hard_case(spec: Specification, hard: HardInput, rng: np.random.Generator) -> Case:
    """One named hard case: its fixed sizes, and its fillings over an ordinary draw."""
    sizes = {**different(spec, rng), **hard.sizes}
    arguments = draw(spec, sizes, rng)
    for name, filling in hard.fill.items():
        value = arguments[name]
        if isinstance(filling, Mapping):
            arguments[name] = value * filling["times"]
        elif isinstance(value, np.ndarray):
            arguments[name] = np.full_like(value, filling)
        else:
            arguments[name] = float(filling)
    return Case(hard.name, "hard", sizes, arguments)


def gradient_case(spec: Specification, seed: int) -> Case:
    """The case of the check by finite differences, with its own fixed sizes."""
    rng = np.random.default_rng(seed)
    assert spec.gradients is not None
    sizes = {**different(spec, rng), **spec.gradients.sizes}
    return _case("gradient", "ordinary", spec, sizes, rng)


def draw(spec: Specification, sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, Any]:
    """Values of all arguments for given sizes."""
    return {a.name: draw_one(a, sizes, rng) for a in spec.arguments}


def draw_one(argument: Argument, sizes: Mapping[str, int], rng: np.random.Generator) -> Any:
    """One argument's value: an array, or a Python float for the draw "number".

    Three decimals are as good as sixteen for telling computations apart, and can be pasted.
    """
    shape = tuple(length.at(sizes) for length in argument.shape)
    if argument.draw == "number":
        return round(float(rng.uniform(argument.low, argument.high)), 3)
    if argument.draw == "bits":
        return rng.integers(0, 2, size=shape)
    if argument.draw == "normal":
        return np.round(rng.normal(size=shape) * argument.high, 3)
    return np.round(rng.uniform(argument.low, argument.high, size=shape), 3)


def _case(
    name: str, kind: str, spec: Specification, sizes: Mapping[str, int], rng: np.random.Generator
) -> Case:
    return Case(name, kind, sizes, draw(spec, sizes, rng))
