"""A failing input made small, so that its numbers can be followed by hand.

Candidates travel in batches: a round costs two processes, not two a candidate. Only inputs that
fail in the *same way* count, lest the shrunk case show another fault than the one that was found;
and only inputs that the exercise could have drawn, so that what is printed is a fair question.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np

from .arguments import Draw, Place, at, put
from .drawing import draw
from .inputs import Case, hard_case, implied
from .preconditions import bounds, broken, least_sizes
from .specification import HardInput, Specification

# Says for each candidate whether it fails in the same way as the case that is to shrink.
Probe: TypeAlias = Callable[[Sequence[Case]], list[bool]]
_MAX_SHAPES: Final = 40
# Of one shape: a matrix can be symmetric by chance, and then hides a transpose.
_DRAWS: Final = 3
_MAX_ENTRIES: Final = 40
# Sizes above the smallest that are tried for one symbol, and rounds of making one after another
# smaller.
_STEPS: Final = 3
_ROUNDS: Final = 3


def shrink(spec: Specification, case: Case, probe: Probe, seed: int) -> Case:
    """A smaller case with the same failure; the given one if none is found."""
    rng = np.random.default_rng(seed)
    case = _Sizes(spec, case, probe, rng).smallest()
    case = _simplify(spec, case, probe, _whole_arguments)
    return _simplify(spec, case, probe, _entries)


class _Sizes:
    """The search for smaller sizes: first the smallest shapes of all, then one size at a time."""

    def __init__(
        self, spec: Specification, case: Case, probe: Probe, rng: np.random.Generator
    ) -> None:
        self._spec = spec
        self._case = case
        self._probe = probe
        self._rng = rng
        known = (*spec.hard, *implied(spec))
        self._hard = next((hard for hard in known if hard.name == case.name), None)
        fixed = self._hard.sizes if self._hard and self._hard.needs_sizes else {}
        # A size may be below its range where a hard case is so.
        self._least = {
            name: size if name in fixed else min(least_sizes(spec)[name], size)
            for name, size in case.sizes.items()
        }
        self._allowed = broken(spec, case.sizes, case.arguments)

    def smallest(self) -> Case:
        names = list(self._case.sizes)
        tried = [self._from(self._least[name], self._case.sizes[name]) for name in names]
        shapes = sorted(itertools.product(*tried), key=lambda shape: (sum(shape), shape))
        found = self._first(
            [dict(zip(names, shape, strict=True)) for shape in shapes[:_MAX_SHAPES]]
        )
        if found is not None or len(shapes) <= _MAX_SHAPES:
            return found or self._case
        for _ in range(_ROUNDS):
            smaller = self._one_by_one()
            if smaller is None:
                break
            self._case = smaller
        return self._case

    @staticmethod
    def _from(least: int, size: int) -> list[int]:
        return list(range(least, min(size, least + _STEPS - 1) + 1))

    def _one_by_one(self) -> Case | None:
        """Each size made smaller alone, then as many of them together as still fail."""
        now = dict(self._case.sizes)
        alone = [
            {**now, name: size}
            for name in now
            for size in {*self._from(self._least[name], now[name] - 1), now[name] - 1}
            if size >= self._least[name]
        ]
        fails = self._failing(alone)
        lower: dict[str, int] = {}
        for sizes, found in zip(alone, fails, strict=True):
            name = next(name for name in now if sizes[name] != now[name])
            if found is not None:
                lower[name] = min(sizes[name], lower.get(name, sizes[name]))
        together = [
            {**now, **dict(list(lower.items())[:count])} for count in range(len(lower), 0, -1)
        ]
        return self._first(together)

    def _first(self, shapes: Sequence[Mapping[str, int]]) -> Case | None:
        return next((case for case in self._failing(shapes) if case is not None), None)

    def _failing(self, shapes: Sequence[Mapping[str, int]]) -> list[Case | None]:
        """For each shape a case that fails as the given one does, if one was found."""
        cases = [self._drawn(sizes, turn) for sizes in shapes for turn in range(_DRAWS)]
        fits = [broken(self._spec, case.sizes, case.arguments) <= self._allowed for case in cases]
        probed = iter(self._probe([case for case, fit in zip(cases, fits, strict=True) if fit]))
        fails = [fit and next(probed) for fit in fits]
        rows = [range(n * _DRAWS, (n + 1) * _DRAWS) for n in range(len(shapes))]
        return [next((cases[i] for i in row if fails[i]), None) for row in rows]

    def _drawn(self, sizes: Mapping[str, int], turn: int) -> Case:
        """Another draw for these sizes, with the same options chosen and the same left out."""
        case, spec = self._case, self._spec
        # Few different numbers are easy to follow, but may be alike where it counts: not the last.
        simple = turn < _DRAWS - 1
        if self._hard is not None:
            fixed = HardInput(case.name, sizes, self._hard.fill)
            fresh = dict(hard_case(spec, fixed, self._rng, simple=simple).arguments)
        else:
            fresh = draw(spec.arguments, sizes, self._rng, simple=simple)
        fresh |= {name: None for name, value in case.arguments.items() if value is None}
        for place, one in spec.places().values():
            kept = ("choice",) if turn else ("choice", "number", "count")
            if one.kind in kept and fresh[str(place[0])] is not None:
                fresh = put(fresh, place, at(case.arguments, place))
        return replace(case, sizes=dict(sizes), arguments=fresh)


_Change: TypeAlias = tuple[Place, tuple[int, ...] | None, float]


def _free(spec: Specification, case: Case) -> Iterator[tuple[Place, Any, list[float]]]:
    """The arrays whose entries may be anything, with the simple values that they may take."""
    for place, one in spec.places().values():
        if case.arguments[str(place[0])] is None:
            continue
        array = at(case.arguments, place)
        if isinstance(array, np.ndarray) and one.kind in ("uniform", "normal", "bits"):
            yield place, array, _simple(one, case.sizes)


def _simple(one: Draw, sizes: Mapping[str, int]) -> list[float]:
    """0 and 1 if they are in the range of a draw, else a whole number, else its edge."""
    limits = bounds(one, sizes)
    if limits is None:
        return [0.0, 1.0]
    low, high = limits
    simple = [number for number in (0.0, 1.0) if low <= number <= high]
    edge = float(np.ceil(low)) if low > 0 else float(np.floor(high))
    return simple or [min(max(edge, low), high)]


def _whole_arguments(spec: Specification, case: Case) -> list[_Change]:
    return [
        (place, None, value)
        for place, array, simple in _free(spec, case)
        for value in simple
        if not (array == value).all()
    ]


def _entries(spec: Specification, case: Case) -> list[_Change]:
    changes: list[_Change] = []
    for place, array, simple in _free(spec, case):
        for index in np.ndindex(*array.shape):
            changes += [
                (place, index, value) for value in simple if array[index] not in (0.0, value)
            ]
    return changes[:_MAX_ENTRIES]


def _simplify(
    spec: Specification,
    case: Case,
    probe: Probe,
    propose: Callable[[Specification, Case], list[_Change]],
) -> Case:
    """Tries each change alone, then as many of the successful ones together as still fail."""
    changes = propose(spec, case)
    if not changes:
        return case
    alone = probe([_changed(case, [change]) for change in changes])
    good: list[_Change] = []
    taken = set()
    for change, fails in zip(changes, alone, strict=True):
        if fails and change[:2] not in taken:
            taken.add(change[:2])
            good.append(change)
    if not good:
        return case
    together = [_changed(case, good[:count]) for count in range(len(good), 0, -1)]
    for smaller, fails in zip(together, probe(together), strict=True):
        if fails:
            return smaller
    return case


def _changed(case: Case, changes: Sequence[_Change]) -> Case:
    arguments = case.arguments
    for place, index, value in changes:
        array = np.array(at(arguments, place))
        array[... if index is None else index] = value
        arguments = put(arguments, place, array)
    return replace(case, arguments=arguments)
