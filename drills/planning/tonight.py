"""Tonight's session: what the evening is best spent on, mixed so that nothing comes in a row.

What to ask is the plan's business (``policy``). In which order is this module's: prerequisites
first, kinds and sections taking turns, items of one fact apart, the questions of a set together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from drills.planning.ladder import needs, rung_of
from drills.planning.memory import Memory
from drills.planning.policy import Learner, State, cost, fill, priorities
from drills.planning.stock import Stock
from drills.selection import SIBLING_GAP

# What it costs to ask an item next: of the fact just asked, of the same section, of the same kind,
# and for each place by which it would come before its turn.
_SAME_FACT: Final = 8.0
_SAME_SECTION: Final = 1.0
_SAME_KIND: Final = 0.7
_EARLIER: Final = 0.25
# Only so many are looked at for the next place: the order stays near that of worth.
_AHEAD: Final = 12


@dataclass(frozen=True)
class Tonight:
    """What one evening asks, in order.

    ``weak_items`` are not due, but seeing them again brings the most; ``new_sections`` are the
    sections of the new ones, the most frequent first.
    """

    items: tuple[str, ...]
    due: int
    new: int
    minutes: float
    new_sections: tuple[str, ...]
    weak_items: tuple[str, ...]

    @property
    def weak(self) -> int:
        return len(self.weak_items)

    def to_json(self) -> dict[str, Any]:
        return {
            "items": list(self.items),
            "due": self.due,
            "weak": self.weak,
            "new": self.new,
            "minutes": round(self.minutes, 1),
            "new_sections": list(self.new_sections),
        }


def tonight(
    stock: Stock, memory: Memory, learner: Learner, days_left: int, minutes: float
) -> Tonight:
    """The session for an evening of ``minutes``, ``days_left`` before the exam."""
    expected = Memory(memory.weights, learner.ease)
    seconds = 60 * minutes
    found = priorities(State.of(stock), stock, expected, learner, 0, days_left, seconds)[0]
    costs = cost(stock, learner)
    places = fill(found, costs, seconds)
    unseen = {place for place in places if stock.unseen[place]}
    due = {place for place in places if place not in unseen and stock.due[place] <= 0}
    sections = Counter(stock.entries[place].section for place in places if place in unseen)
    entries = [stock.entries[place] for place in places]
    seen_rungs = {rung_of(e) for e, new in zip(stock.entries, stock.unseen, strict=True) if not new}
    return Tonight(
        items=tuple(entry.id for entry in interleaved(entries, seen_rungs)),
        due=len(due),
        new=len(unseen),
        minutes=float(sum(costs[place] for place in places)) / 60,
        new_sections=tuple(name for name, _ in sections.most_common()),
        weak_items=tuple(stock.entries[place].id for place in places if place not in unseen | due),
    )


def interleaved(entries: Sequence[Any], met: set[Any]) -> list[Any]:
    """The entries, the most worthwhile first, in the order in which to ask them.

    ``met`` holds the rungs of which something has been seen: they hold nothing up.
    """
    waiting = _units(entries)
    before = needs([r for r in dict.fromkeys(map(rung_of, entries)) if r is not None])
    placed: list[Any] = []
    met = set(met)
    while waiting:
        free = [unit for unit in waiting if _is_free(unit, waiting, before, met)][:_AHEAD]
        unit = min(
            free or waiting[:1],
            key=lambda unit: _burden(unit[0], placed) + _EARLIER * waiting.index(unit),
        )
        waiting.remove(unit)
        placed += unit
        met |= {rung_of(entry) for entry in unit}
    return placed


def _units(entries: Sequence[Any]) -> list[list[Any]]:
    """Each item alone, the questions of a set in one group and in their own order."""
    groups: dict[str, list[Any]] = {}
    for entry in entries:
        groups.setdefault(f"set {entry.set}" if entry.set else f"item {entry.id}", []).append(entry)
    for group in groups.values():
        group.sort(key=lambda entry: (entry.place.line, entry.place.column))
    return list(groups.values())


def _is_free(
    unit: list[Any], waiting: list[list[Any]], before: dict[Any, Any], met: set[Any]
) -> bool:
    """Whether nothing that it needs still waits."""
    wanted = {need for entry in unit for need in before.get(rung_of(entry), ())} - met
    if not wanted:
        return True
    others = {rung_of(entry) for other in waiting if other is not unit for entry in other}
    return wanted.isdisjoint(others)


def _burden(entry: Any, placed: Sequence[Any]) -> float:
    burden = 0.0
    for age, other in enumerate(reversed(placed[-SIBLING_GAP:])):
        burden += _SAME_FACT * bool(entry.fact and entry.fact == other.fact)
        burden += (_SAME_SECTION * (entry.section == other.section)) / (age + 1)
        burden += (_SAME_KIND * (entry.kind == other.kind)) / (age + 1)
    return burden
