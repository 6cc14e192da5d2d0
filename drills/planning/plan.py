"""The plan: what is introduced when, what is left out, and what that comes to on the exam day.

A pure function of items, cards, learner, date and minutes: asked again after a missed evening it
plans with what is left. The same question gives the same plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from drills.planning.forecast import NEVER, Forecast, forecast
from drills.planning.memory import Array, Memory
from drills.planning.policy import Learner, cost
from drills.planning.stock import Stock

Flags: TypeAlias = NDArray[np.bool_]

# The bounds of a forecast: eight of ten runs end between them.
LOW: Final = 0.1
HIGH: Final = 0.9


@dataclass(frozen=True)
class Range:
    """An expected share, 0 to 1, with the bounds that hold in eight of ten runs."""

    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 4) for name in ("mean", "low", "high")}


@dataclass(frozen=True)
class Evening:
    """One evening: ``new`` items by section, how many are repeated, and the minutes it takes."""

    day: date
    new: dict[str, int]
    again: int
    minutes: float

    @property
    def introduced(self) -> int:
        return sum(self.new.values())

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "new": self.new,
            "again": self.again,
            "minutes": round(self.minutes, 1),
        }


@dataclass(frozen=True)
class SectionPlan:
    """A section: its share of the weight, items, of them seen, to come and left out, forecast."""

    section: str
    weight: float
    items: int
    seen: int
    coming: int
    left_out: int
    recall: Range
    last_new: date | None

    def to_json(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "weight": round(self.weight, 4),
            "items": self.items,
            "seen": self.seen,
            "coming": self.coming,
            "left_out": self.left_out,
            "recall": self.recall.to_json(),
            "last_new": self.last_new.isoformat() if self.last_new else None,
        }


@dataclass(frozen=True)
class Plan:
    """``recall`` is expected of the whole bank, objectives by their weight; ``untouched`` is the
    same if no further evening is kept. ``covered`` is the share of the time that seeing everything
    still unseen once would take; ``left_out`` the ids of what is not expected to be introduced, in
    the order in which it would come next."""

    today: date
    exam: date
    minutes: float
    recall: Range
    untouched: Range
    covered: float
    attendance: float
    items: int
    seen: int
    sections: tuple[SectionPlan, ...]
    evenings: tuple[Evening, ...]
    left_out: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.exam - self.today).days

    @property
    def coming(self) -> int:
        return sum(section.coming for section in self.sections)

    def to_json(self) -> dict[str, Any]:
        return {
            "today": self.today.isoformat(),
            "exam": self.exam.isoformat(),
            "days": self.days,
            "minutes_per_day": self.minutes,
            "recall": self.recall.to_json(),
            "recall_untouched": self.untouched.to_json(),
            "covered": round(self.covered, 4),
            "attendance": round(self.attendance, 4),
            "items": self.items,
            "seen": self.seen,
            "coming": self.coming,
            "sections": [section.to_json() for section in self.sections],
            "evenings": [evening.to_json() for evening in self.evenings],
            "left_out": list(self.left_out),
        }


def make_plan(
    stock: Stock,
    memory: Memory,
    learner: Learner,
    today: date,
    exam: date,
    minutes: float,
    sections: Sequence[str] = (),
) -> Plan:
    """Plan the evenings from today up to the one before the exam.

    ``sections`` gives their order. On the day of the exam, or after it, there is none left.
    """
    days = max(0, (exam - today).days)
    seen_ahead = forecast(stock, memory, learner, days, 60 * minutes)
    share_introduced = (seen_ahead.first != NEVER).mean(axis=0)
    coming = stock.unseen & (share_introduced >= 0.5)
    left_out = stock.unseen & ~coming
    usual = _usual_day(seen_ahead)
    unseen_seconds = float(cost(stock, learner)[stock.unseen].sum())
    return Plan(
        today=today,
        exam=exam,
        minutes=minutes,
        recall=_range(seen_ahead.recall @ stock.weight),
        untouched=_range(seen_ahead.untouched @ stock.weight),
        covered=60 * minutes * days / unseen_seconds if unseen_seconds else 1.0,
        attendance=learner.attendance,
        items=len(stock),
        seen=int((~stock.unseen).sum()),
        sections=_sections(stock, seen_ahead, coming, usual, today, sections),
        evenings=_evenings(stock, seen_ahead, coming, usual, today, days),
        left_out=_left_out(stock, share_introduced, left_out),
    )


def _range(values: Array) -> Range:
    if not values.size:
        return Range(0.0, 0.0, 0.0)
    low, high = np.quantile(values, (LOW, HIGH))
    return Range(float(values.mean()), float(low), float(high))


def _usual_day(ahead: Forecast) -> Array:
    """The evening on which an item is introduced in most runs that introduce it: (N,)."""
    masked = np.where(ahead.first == NEVER, np.nan, ahead.first.astype(np.float64))
    usual = np.full(masked.shape[1], np.inf)
    known = (ahead.first != NEVER).any(axis=0)
    if known.any():
        usual[known] = np.floor(np.nanmedian(masked[:, known], axis=0))
    return usual


def _sections(
    stock: Stock,
    ahead: Forecast,
    coming: Flags,
    usual: Array,
    today: date,
    order: Sequence[str],
) -> tuple[SectionPlan, ...]:
    names = np.array([entry.section for entry in stock.entries], dtype=object)
    known = list(dict.fromkeys(names))
    place = {name: number for number, name in enumerate(order)}
    rows = []
    for name in sorted(known, key=lambda name: place.get(name, len(place))):
        mine = names == name
        weight = stock.weight[mine]
        days = usual[mine & coming]
        rows.append(
            SectionPlan(
                section=name,
                weight=float(weight.sum()),
                items=int(mine.sum()),
                seen=int((mine & ~stock.unseen).sum()),
                coming=int((mine & coming).sum()),
                left_out=int((mine & stock.unseen & ~coming).sum()),
                recall=_range(ahead.recall[:, mine] @ (weight / weight.sum())),
                last_new=today + timedelta(days=int(days.max())) if days.size else None,
            )
        )
    return tuple(rows)


def _evenings(
    stock: Stock, ahead: Forecast, coming: Flags, usual: Array, today: date, days: int
) -> tuple[Evening, ...]:
    # An evening that is missed in some runs is planned as one that is kept.
    kept = np.maximum(1, (ahead.seconds > 0).sum(axis=0))
    again = ahead.again.sum(axis=0) / kept
    minutes = ahead.seconds.sum(axis=0) / kept / 60
    rows = []
    for day in range(days):
        new: dict[str, int] = {}
        for place in np.flatnonzero(coming & (usual == day)):
            section = stock.entries[place].section
            new[section] = new.get(section, 0) + 1
        evening = today + timedelta(days=day)
        rows.append(Evening(evening, new, round(float(again[day])), float(minutes[day])))
    return tuple(rows)


def _left_out(stock: Stock, share: Array, left_out: Flags) -> tuple[str, ...]:
    density = share + stock.weight / stock.seconds
    places = np.flatnonzero(left_out)
    ordered = places[np.argsort(-density[places], kind="stable")]
    return tuple(stock.entries[place].id for place in ordered)
