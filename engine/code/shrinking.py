"""A failing input made small, so that its numbers can be followed by hand.

Candidates travel in batches: a round costs two processes, not two a candidate. Only inputs that
fail in the *same way* count, lest the shrunk case show another fault than the one that was found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np

from .arguments import Place, at, put
from .drawing import draw
from .inputs import Case, hard_case, implied
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
    case = _simplify(spec, case, probe, _whole_arguments)
    return _simplify(spec, case, probe, _entries)


def _sizes(spec: Specification, case: Case, probe: Probe, rng: np.random.Generator) -> Case:
    names = list(spec.sizes)
    hard = next((h for h in (*spec.hard, *implied(spec)) if h.name == case.name), None)
    limits = [range(1, min(3, case.sizes[name]) + 1) for name in names]
    shapes = sorted(itertools.product(*limits), key=lambda shape: (sum(shape), shape))
    candidates = []
    for shape in shapes[:_MAX_SHAPES]:
        sizes = dict(zip(names, shape, strict=True))
        for turn in range(_DRAWS):
            if hard is not None:
                fixed = replace(hard, sizes=sizes)
                candidates.append(hard_case(spec, fixed, rng, turn, simple=True))
            else:
                drawn = draw(spec.arguments, sizes, rng, turn, simple=True)
                candidates.append(Case(case.name, case.kind, sizes, drawn))
    for candidate, fails in zip(candidates, probe([c.arguments for c in candidates]), strict=True):
        if fails:
            return candidate
    return case


_Change: TypeAlias = tuple[Place, tuple[int, ...] | None, float]


def _free(
    spec: Specification, arguments: Mapping[str, Any]
) -> Iterator[tuple[Place, Any, list[float]]]:
    """The arrays whose entries may be anything, with the simple values that they may take."""
    for place, one in spec.places().values():
        if arguments[str(place[0])] is None:
            continue
        array = at(arguments, place)
        if isinstance(array, np.ndarray) and one.kind in ("uniform", "normal", "bits"):
            # What is drawn above 0 must stay there: a scale, a variance.
            low = one.low if one.kind == "uniform" else 0.0
            simple = [number for number in (0.0, 1.0) if number >= low]
            yield place, array, simple


def _whole_arguments(spec: Specification, arguments: Mapping[str, Any]) -> list[_Change]:
    return [
        (place, None, value)
        for place, array, simple in _free(spec, arguments)
        for value in simple
        if not (array == value).all()
    ]


def _entries(spec: Specification, arguments: Mapping[str, Any]) -> list[_Change]:
    changes: list[_Change] = []
    for place, array, simple in _free(spec, arguments):
        for index in np.ndindex(*array.shape):
            changes += [
                (place, index, value) for value in simple if array[index] not in (0.0, value)
            ]
    return changes[:_MAX_ENTRIES]


def _simplify(
    spec: Specification,
    case: Case,
    probe: Probe,
    propose: Callable[[Specification, Mapping[str, Any]], list[_Change]],
) -> Case:
    """Tries each change alone, then as many of the successful ones together as still fail."""
    changes = propose(spec, case.arguments)
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


def _changed(arguments: Mapping[str, Any], changes: Sequence[_Change]) -> Mapping[str, Any]:
    for place, index, value in changes:
        array = np.array(at(arguments, place))
        array[... if index is None else index] = value
        arguments = put(arguments, place, array)
    return arguments
