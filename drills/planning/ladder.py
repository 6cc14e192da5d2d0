"""What is introduced before what: items stand on rungs, and a rung lifts those that it needs."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from drills.planning.memory import Array
from question_bank.prerequisites import builds_on

Rung: TypeAlias = tuple[str, int]

# What is needed stands just before what needs it.
_NUDGE = 1 + 1e-6


def rung_of(entry: Any) -> Rung | None:
    """The objective that an item is about, with its level; None for an item without objectives."""
    return (entry.objectives[0], entry.level) if entry.objectives else None


def needs(rungs: Sequence[Rung]) -> dict[Rung, tuple[Rung, ...]]:
    """For each rung those to be met before it, of the rungs that there are.

    Within an objective the lower level comes first. The lowest needs the lowest of every objective
    that it builds on, or, where the bank has no item of that one, of what that builds on.
    """
    levels: dict[str, list[int]] = {}
    for objective, level in sorted(rungs):
        levels.setdefault(objective, []).append(level)

    def first_rungs(objective: str) -> tuple[Rung, ...]:
        if objective in levels:
            return ((objective, levels[objective][0]),)
        return tuple(rung for before in builds_on(objective) for rung in first_rungs(before))

    found: dict[Rung, tuple[Rung, ...]] = {}
    for objective, own in levels.items():
        before = tuple(r for name in builds_on(objective) for r in first_rungs(name))
        found[objective, own[0]] = tuple(dict.fromkeys(before))
        for lower, level in pairwise(own):
            found[objective, level] = ((objective, lower),)
    return found


class Ladder:
    """The rungs of a sequence of items, as arrays.

    ``of`` holds for each item the number of its rung, -1 without one: shape (N,).
    """

    def __init__(self, entries: Sequence[Any]) -> None:
        rungs = [rung_of(entry) for entry in entries]
        before = needs([rung for rung in dict.fromkeys(rungs) if rung is not None])
        order = list(TopologicalSorter(before).static_order())
        number = {rung: place for place, rung in enumerate(order)}
        self.of: NDArray[np.intp] = np.array(
            [-1 if rung is None else number[rung] for rung in rungs], dtype=np.intp
        )
        # Dependents first, so that a need travels down the whole chain in one pass.
        self.edges = [
            (number[need], number[rung]) for rung in reversed(order) for need in before[rung]
        ]
        self._sorted = np.argsort(self.of, kind="stable")[int((self.of < 0).sum()) :]
        self._starts = np.searchsorted(self.of[self._sorted], np.arange(len(order)))

    def lift(self, index: Array, unseen: NDArray[np.bool_]) -> Array:
        """The priorities of items, shape (M, N), with prerequisites not below what needs them.

        Of each rung of which nothing has been seen, the best item is raised to the best of what
        needs that rung.
        """
        if not self.edges:
            return index
        fresh = np.where(unseen, index, -np.inf)[:, self._sorted]
        best = np.maximum.reduceat(fresh, self._starts, axis=1).T.copy()
        met = np.logical_or.reduceat(~unseen[:, self._sorted], self._starts, axis=1).T
        wanted = best.copy()
        for before, after in self.edges:
            raised = np.maximum(wanted[before], wanted[after] * _NUDGE)
            wanted[before] = np.where(met[before], wanted[before], raised)
        # -1 takes the last row, which the mask then leaves out.
        top = unseen & (self.of >= 0) & (index == best[self.of].T) & ~met[self.of].T
        lifted: Array = np.where(top, wanted[self.of].T, index)
        return lifted
