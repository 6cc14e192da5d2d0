"""The items that a plan is about, as arrays: what they cost, what they count, how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drills.planning.ladder import Ladder
from drills.planning.memory import Array, Days
from drills.progress.index import CardRow
from drills.scheduling import CardState
from drills.siblings import with_siblings
from question_bank.objectives import row
from question_bank.prerequisites import weight

# Of new items that are worth about the same, those at the beginning of the curriculum come first.
EARLY: Final = 1.6

# What an item without objectives counts as: an objective of its own that matters as the ordinary.
_ORDINARY = weight("")


@dataclass(frozen=True)
class Stock:
    """N items; every array has shape (N,).

    ``weight`` sums to 1. ``early`` falls from ``EARLY`` to 1 along the curriculum. ``stability`` is
    NaN for what was never answered. ``last`` and ``due`` are study days, counted from today: -3 is
    three days ago.
    """

    entries: tuple[Any, ...]
    seconds: Array
    weight: Array
    early: Array
    stability: Array
    difficulty: Array
    last: Days
    due: Days
    ladder: Ladder

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def unseen(self) -> NDArray[np.bool_]:
        return np.isnan(self.stability)


def in_plan(entry: Any, framework: str | None = None) -> bool:
    """Whether the plan counts with an item: it is current, and not of the other framework."""
    return entry.status == "current" and (
        framework is None or entry.framework in (None, "numpy", framework)
    )


def stock_of(
    catalogue: Sequence[Any],
    cards: Mapping[str, CardRow],
    today: date,
    framework: str | None = None,
) -> Stock:
    """The stock of those entries that the plan counts with; they are in the curriculum's order."""
    entries = tuple(entry for entry in catalogue if in_plan(entry, framework))
    held = with_siblings(cards, catalogue)
    found = [held.get(entry.card) for entry in entries]
    states = [card.state if card else None for card in found]
    nan = float("nan")
    return Stock(
        entries,
        seconds=np.array([max(1, entry.seconds) for entry in entries], dtype=np.float64),
        weight=weights(entries),
        early=np.linspace(EARLY, 1.0, len(entries)),
        stability=np.array([_held(s, today) if s else nan for s in states], dtype=np.float64),
        difficulty=np.array([s.difficulty if s else 5.0 for s in states], dtype=np.float64),
        last=np.array([(s.last_day - today).days if s else 0 for s in states], dtype=np.int64),
        due=np.array([(s.due - today).days if s else 0 for s in states], dtype=np.int64),
        ladder=Ladder(entries),
    )


def _held(state: CardState, today: date) -> float:
    """The stability that the plan counts with: of what is due no more than the days it was held.

    A card is due before its own time when another face of its fact was forgotten: that it is still
    held is then no more certain than of any card that is due.
    """
    if state.due > today:
        return state.stability
    return min(state.stability, float(max(1, (today - state.last_day).days)))


def weights(entries: Sequence[Any]) -> Array:
    """What each item counts: each objective's weight, shared by the items that are about it."""
    about = [tuple(dict.fromkeys(map(row, e.objectives))) for e in entries]
    items = Counter(name for names in about for name in names)
    shares = [
        sum(weight(name) / items[name] for name in names) if names else _ORDINARY / 2
        for names in about
    ]
    found = np.array(shares, dtype=np.float64)
    return found / found.sum() if len(found) else found
