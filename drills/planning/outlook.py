"""The way from progress and bank to a plan: what app and command line ask.

Everything here reads; nothing is kept. A missed evening needs no repair: the next question plans
with the days that are left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from drills import scheduling
from drills.clock import unstamp
from drills.planning.learner import Answer, learner_of
from drills.planning.memory import Memory
from drills.planning.plan import Plan, make_plan
from drills.planning.policy import AROUND_SECONDS, Learner
from drills.planning.stock import Stock, stock_of
from drills.planning.tonight import Tonight, tonight
from drills.selection import catalogue_of, in_curriculum_order
from drills.settings import MINUTES, Settings, remembered_framework
from drills.siblings import with_siblings

if TYPE_CHECKING:
    from drills.progress.journal import Review
    from drills.progress.store import Store

# Without a date the plan looks so many days ahead, and the exam never comes nearer.
HORIZON: Final = 42
# Farther than this nobody's evenings can be told, and looking there takes its time.
FARTHEST: Final = 200
# The cards of the last answers tell enough of a learner, and are read at once.
_CARDS: Final = 150
_EVENINGS: Final = 14
_LONGEST: Final = 900.0


@dataclass(frozen=True)
class Outlook:
    """Where someone stands on a study day: everything that a plan is made from.

    ``missed`` counts evenings of the last two weeks; ``spent`` are the minutes of today so far;
    ``mistakes`` has for the items answered last the codes of what was wrong with them.
    """

    stock: Stock
    memory: Memory
    learner: Learner
    today: date
    exam: date | None
    minutes: int
    missed: int
    spent: float
    sections: tuple[str, ...]
    mistakes: Mapping[str, tuple[str, ...]]

    @property
    def exam_in(self) -> int | None:
        """Days until the exam; None without a date ahead."""
        if self.exam is None or self.exam < self.today:
            return None
        return (self.exam - self.today).days

    @property
    def is_dated(self) -> bool:
        """Whether the plan ends with the exam, and not at a horizon before it."""
        return self.exam_in is not None and self.exam_in <= FARTHEST

    @property
    def days_left(self) -> int:
        """How many evenings are planned, this one included: those until the exam or horizon."""
        return HORIZON if self.exam_in is None else min(FARTHEST, self.exam_in)

    def tonight(self, minutes: float | None = None) -> Tonight:
        """The session for this evening."""
        spent = self.minutes if minutes is None else minutes
        return tonight(self.stock, self.memory, self.learner, max(1, self.days_left), spent)

    def mistakes_in(self, items: Iterable[str]) -> tuple[str, ...]:
        """The codes of the mistakes that were made in these items, the most frequent first."""
        codes = Counter(code for item in items for code in self.mistakes.get(item, ()))
        return tuple(code for code, _ in codes.most_common())

    def plan(self) -> Plan:
        """The plan up to the exam, or over the horizon."""
        exam = self.today + timedelta(days=self.days_left)
        return make_plan(
            self.stock, self.memory, self.learner, self.today, exam, self.minutes, self.sections
        )


def outlook(
    store: Store,
    bank: Any,
    now: datetime,
    settings: Settings,
    *,
    exam: date | None = None,
    minutes: int | None = None,
) -> Outlook:
    """Where the user of this store stands; ``exam`` and ``minutes`` instead of the settings'."""
    store.refresh()
    offset = store.clock.utc_offset()
    today = scheduling.study_day(now, offset)
    memory = Memory(scheduling.parameters())
    entries = in_curriculum_order(bank, catalogue_of(bank))
    seconds = {entry.id: float(entry.seconds) for entry in entries}
    cards = with_siblings(store.cards(), entries)
    kept, evenings = _attendance(store, now, today, offset)
    histories = store.histories(_CARDS)
    mistakes: dict[str, tuple[str, ...]] = {}
    for row in histories:
        mistakes[row.item] = mistakes.get(row.item, ()) + row.mistakes
    return Outlook(
        stock=stock_of(entries, cards, today, remembered_framework(store.home)),
        memory=memory,
        learner=learner_of(_answers(histories, seconds), memory, kept, evenings),
        today=today,
        exam=exam or settings.exam_date,
        minutes=minutes or settings.minutes or MINUTES,
        missed=evenings - kept,
        spent=_spent(histories, today),
        sections=tuple(bank.sections),
        mistakes=mistakes,
    )


def _answers(rows: Iterable[Review], seconds: Mapping[str, float]) -> list[Answer]:
    return [
        Answer(
            row.card,
            scheduling.study_day(unstamp(row.answered_at), row.utc_offset),
            row.rating,
            row.face,
            row.milliseconds / 1000,
            seconds.get(row.item, 0.0),
        )
        for row in rows
        if row.rating is not None
    ]


def _spent(rows: Iterable[Review], today: date) -> float:
    """The minutes that this study day's answers took, with the reading around them."""
    seconds = 0.0
    for row in rows:
        if scheduling.study_day(unstamp(row.answered_at), row.utc_offset) == today:
            # Whoever left an item open over dinner did not work on it.
            seconds += min(row.milliseconds / 1000, _LONGEST) + AROUND_SECONDS
    return seconds / 60


def _attendance(store: Store, now: datetime, today: date, offset: int) -> tuple[int, int]:
    """(evenings kept, evenings there were) of the last two weeks, today left out.

    Evenings count from the first answer on: who begins today has missed nothing.
    """
    since = now - timedelta(days=_EVENINGS + 1)
    days = {scheduling.study_day(moment, offset) for moment in store.moments(since)}
    first = store.first_moment()
    if first is None:
        return 0, 0
    begun = scheduling.study_day(first, offset)
    lately = [today - timedelta(days=n) for n in range(1, _EVENINGS + 1)]
    there = [day for day in lately if day >= begun]
    return len(days.intersection(there)), len(there)
