"""A failing input made small, so that its numbers can be followed by hand.

Candidates travel in batches: a round costs two processes, not two a candidate. Only inputs that
fail in the *same way* count, lest the shrunk case show another fault than the one that was found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np

from .inputs import Case, hard_case
from .specification import Specification

# Says for each candidate whether it fails in the same way as the case that is to shrink.
Probe: TypeAlias = Callable[[Sequence[Mapping[str, Any]]], list[bool]]
_MAX_SHAPES: Final = 40
# Of one shape: a matrix can be symmetric by chance, and then hides a transpose.
_DRAWS: Final = 3
_MAX_ENTRIES: Final = 40


def shrink(spec: Specification, case: Case, probe: Probe, seed: int) -> Case:
    """A smaller case with the same failure; the given one if none is found."""
    rng = np.random.default_rng(seed)
    case = _sizes(spec, case, probe, rng)
    case = _simplify(case, probe, _whole_arguments)
    return _simplify(case, probe, _entries)


def _sizes(spec: Specification, case: Case, probe: Probe, rng: np.random.Generator) -> Case:
    names = list(spec.sizes)
    hard = next((h for h in spec.hard if h.name == case.name), None)
    limits = [range(1, min(3, case.sizes[name]) + 1) for name in names]
    shapes = sorted(itertools.product(*limits), key=lambda shape: (sum(shape), shape))
    candidates = []
    for shape in shapes[:_MAX_SHAPES]:
        sizes = dict(zip(names, shape, strict=True))
        for _ in range(_DRAWS):
            if hard is not None:
                fixed = replace(hard, sizes=sizes)
                candidates.append(hard_case(spec, fixed, rng))
            else:
                candidates.append(Case(case.name, case.kind, sizes, _small(spec, sizes, rng)))
    for candidate, fails in zip(candidates, probe([c.arguments for c in candidates]), strict=True):
        if fails:
            return candidate
    return case


def _small(spec: Specification, sizes: Mapping[str, int], rng: np.random.Generator) -> Any:
    values: dict[str, Any] = {}
    for argument in spec.arguments:
        shape = tuple(length.at(sizes) for length in argument.shape)
        if argument.draw == "bits":
            values[argument.name] = rng.integers(0, 2, size=shape)
        elif argument.draw == "number":
            values[argument.name] = round(float(rng.uniform(argument.low, argument.high)), 1)
        else:
            values[argument.name] = rng.choice([-1.0, -0.5, 0.5, 1.0], size=shape)
    return values


_Change: TypeAlias = tuple[str, tuple[int, ...] | None, float]


def _whole_arguments(arguments: Mapping[str, Any]) -> list[_Change]:
    return [
        (name, None, value)
        for name, array in arguments.items()
        if isinstance(array, np.ndarray)
        for value in (0.0, 1.0)
        if not (array == value).all()
    ]


def _entries(arguments: Mapping[str, Any]) -> list[_Change]:
    changes: list[_Change] = []
    for name, array in arguments.items():
        if isinstance(array, np.ndarray):
            for index in np.ndindex(*array.shape):
                changes += [
                    (name, index, value) for value in (0.0, 1.0) if array[index] not in (0.0, value)
                ]
    return changes[:_MAX_ENTRIES]


def _simplify(
    case: Case, probe: Probe, propose: Callable[[Mapping[str, Any]], list[_Change]]
) -> Case:
    """Tries each change alone, then as many of the successful ones together as still fail."""
    changes = propose(case.arguments)
    if not changes:
        return case
    alone = probe([_changed(case.arguments, [change]) for change in changes])
    good: list[_Change] = []
    taken = set()
    for change, fails in zip(changes, alone, strict=True):
        if fails and change[:2] not in taken:
            taken.add(change[:2])
            good.append(change)
    if not good:
        return case
    together = [_changed(case.arguments, good[:count]) for count in range(len(good), 0, -1)]
    for arguments, fails in zip(together, probe(together), strict=True):
        if fails:
            return Case(case.name, case.kind, case.sizes, arguments)
    return case


def _changed(arguments: Mapping[str, Any], changes: Sequence[_Change]) -> dict[str, Any]:
    values = dict(arguments)
    for name, index, value in changes:
        array = np.array(values[name])
        array[... if index is None else index] = value
        values[name] = array
    return values
