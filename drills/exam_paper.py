"""Which questions a mock exam asks: single ones and whole sets, spread over what is to be learnt.

Facts about the exam (it publishes neither its questions nor weights): about 104 questions in 120
minutes, four options each, in sets of three to five; hence 69 seconds a question.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from drills.selection import BankLike, in_curriculum_order
from drills.settings import FRAMEWORKS

if TYPE_CHECKING:
    from drills.progress.store import Store

OPTIONS: Final = 4
SECONDS: Final = 69
WHOLE: Final = 104
# An estimate: recurrent networks, sequences, attention and word vectors are about a fifth of it.
SHARE: Final = 20
# So many exams in a row do not repeat a question, where the bank has enough of them.
WITHOUT_REPEAT: Final = 3
_KINDS: Final = ("choice", "formula", "code")


@dataclass(frozen=True)
class ExamRequest:
    """What someone wants to sit. ``minutes`` None is the exam's own pace for so many questions."""

    count: int = SHARE
    minutes: float | None = None
    section: str | None = None
    framework: str = FRAMEWORKS[0]
    seed: int | None = None

    def seconds_for(self, count: int) -> int:
        """The time for ``count`` questions."""
        return SECONDS * count if self.minutes is None else round(60 * self.minutes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def count_for(minutes: float) -> int:
    """How many questions the exam's pace leaves time for; at least one."""
    return max(1, round(60 * minutes / SECONDS))


def face_in_exam(item: Any) -> str | None:
    """The face with four options of which one is right; None for an item that has none."""
    if item.kind not in _KINDS or "choice" not in item.faces:
        return None
    options = getattr(item.body, "options", None)
    if options is not None and (len(options) != OPTIONS or item.body.several):
        return None
    return "choice"


def stock(bank: BankLike, request: ExamRequest) -> list[Any]:
    """The items that this exam may ask, in the order of the curriculum."""
    return [
        item
        for item in in_curriculum_order(bank)
        if item.status == "current"
        and face_in_exam(item) is not None
        and request.section in (None, item.section)
        and (item.framework is None or item.framework in ("numpy", request.framework))
    ]


def asked_before(store: Store) -> list[Collection[str]]:
    """The ids of the questions of the last exams, the newest first, finished or not."""
    return [
        frozenset(slot[1] for slot in record.plan["slots"])
        for record in store.exams()[: WITHOUT_REPEAT - 1]
    ]


def compose(
    bank: BankLike,
    request: ExamRequest,
    asked_before: Sequence[Collection[str]],
    rng: random.Random,
    usable: Callable[[Any], bool] = lambda item: True,
) -> list[Any]:
    """The items of one exam in the order in which they are asked.

    ``asked_before`` holds the ids of earlier exams, the newest first. ``usable`` is asked last, for
    an item that would be taken: a code question whose options cannot be made here is passed over.
    """
    return _Paper(stock(bank, request), asked_before, rng, usable).choose(request.count)


class _Paper:
    """One choosing: units are sets and single items; sections have their share of objectives."""

    def __init__(
        self,
        items: Sequence[Any],
        asked_before: Sequence[Collection[str]],
        rng: random.Random,
        usable: Callable[[Any], bool],
    ) -> None:
        self.rng = rng
        self.usable = usable
        # The longer ago an item was asked, the sooner it comes again: 0 is never or long ago.
        recent: dict[str, int] = {}
        for age, names in enumerate(asked_before[: WITHOUT_REPEAT - 1]):
            for name in names:
                recent.setdefault(name, WITHOUT_REPEAT - 1 - age)
        self.units = _units(items)
        self.recency = {id(unit): max(recent.get(i.id, 0) for i in unit) for unit in self.units}
        self.facts: set[str] = set()
        self.objectives: Counter[str] = Counter()
        self.chosen: list[list[Any]] = []
        # Whether there are as many questions that were not asked lately.
        self.enough = False

    def choose(self, count: int) -> list[Any]:
        """Sections in the order of the curriculum, sets before and among single questions."""
        rooms = self._rooms(count)
        self._take_sets(rooms)
        for section, room in rooms.items():
            singles = [u for u in self.units if len(u) == 1 and u[0].section == section]
            self._take_singles(singles, room)
        # What one section lacked, any other may give.
        left = count - sum(map(len, self.chosen))
        self._take_singles([u for u in self.units if len(u) == 1], left)
        order = {section: place for place, section in enumerate(rooms)}
        self.rng.shuffle(self.chosen)
        self.chosen.sort(key=lambda unit: order[unit[0].section])
        return [item for unit in self.chosen for item in unit]

    def _rooms(self, count: int) -> dict[str, int]:
        """How many questions each section gets: by its objectives, at most what is there."""
        fresh = Counter(
            item.section for unit in self.units if not self.recency[id(unit)] for item in unit
        )
        held = Counter(item.section for unit in self.units for item in unit)
        weights: dict[str, set[str]] = {}
        for unit in self.units:
            for item in unit:
                weights.setdefault(item.section, set()).update(item.objectives or (item.fact,))
        self.enough = fresh.total() >= count
        caps = fresh if self.enough else held
        return _shares(
            {section: len(names) for section, names in weights.items()}, caps, count, self.rng
        )

    def _take_sets(self, rooms: dict[str, int]) -> None:
        sets = [unit for unit in self.units if len(unit) > 1]
        # A third of them, so that the next two exams have sets of their own.
        allowed = max(1, len(sets) // WITHOUT_REPEAT)
        self.rng.shuffle(sets)
        sets.sort(key=lambda unit: self.recency[id(unit)])
        for unit in sets:
            section = unit[0].section
            if not allowed:
                return
            if self.enough and self.recency[id(unit)]:
                continue
            if len(unit) <= rooms.get(section, 0) and all(map(self.usable, unit)):
                self._take(unit)
                rooms[section] -= len(unit)
                allowed -= 1

    def _take_singles(self, units: list[list[Any]], room: int) -> None:
        waiting = [unit for unit in units if unit not in self.chosen]
        self.rng.shuffle(waiting)
        while room > 0 and waiting:
            # Not asked lately, no fact that is asked already, objectives that nothing asked for.
            best = min(waiting, key=self._burden)
            waiting.remove(best)
            if self.usable(best[0]):
                self._take(best)
                room -= 1

    def _burden(self, unit: list[Any]) -> tuple[int, bool, float]:
        item = unit[0]
        names = item.objectives or (item.fact,)
        asked = sum(self.objectives[name] for name in names) / len(names)
        return self.recency[id(unit)], bool(item.fact) and item.fact in self.facts, asked

    def _take(self, unit: list[Any]) -> None:
        self.chosen.append(unit)
        for item in unit:
            self.facts.add(item.fact)
            self.objectives.update(item.objectives or (item.fact,))


def _units(items: Iterable[Any]) -> list[list[Any]]:
    """Sets whole, in their own order; every other item alone."""
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(f"set {item.set}" if item.set else f"item {item.id}", []).append(item)
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=lambda item: (item.place.line, item.place.column))
    return list(groups.values())


def _shares(
    weights: Mapping[str, int], caps: Mapping[str, int], count: int, rng: random.Random
) -> dict[str, int]:
    """``count`` in whole numbers, as near to the weights as the caps allow.

    Each goes to the section that is furthest below its share; ties are broken by lot, so that in
    short exams small sections have their turn.
    """
    rooms = dict.fromkeys(weights, 0)
    lots = {section: rng.random() for section in weights}
    for _ in range(count):
        open_ones = [section for section in rooms if rooms[section] < caps.get(section, 0)]
        if not open_ones:
            break
        taker = min(open_ones, key=lambda s: ((rooms[s] + lots[s]) / weights[s], s))
        rooms[taker] += 1
    return rooms
