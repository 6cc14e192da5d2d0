"""What has been learnt: by section, kind, mistake and day, and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from drills import scheduling
from drills.clock import stamp, unstamp
from drills.locale import text
from drills.progress.index import CardRow
from drills.progress.journal import Review
from drills.progress.store import Store
from drills.selection import BankLike, catalogue_of, in_curriculum_order
from drills.siblings import with_siblings
from question_bank.text import Text


@dataclass
class StatisticsRow:
    """One section or kind.

    ``reviews`` are first answers (a solution shown instead is one, too), ``right`` those of them
    that were right unaided by the solution; ``answers`` also counts further tries. ``recall`` is
    the mean probability, 0 to 1, that an item will be known tomorrow; 0 for one never seen. (On
    the day itself it is 1 even for what was just wrong: the answer has been read a moment ago.)
    """

    key: str
    label: Text
    items: int = 0
    seen: int = 0
    new: int = 0
    due: int = 0
    recall: float = 0.0
    reviews: int = 0
    right: int = 0
    answers: int = 0
    hints: int = 0
    guesses: int = 0
    milliseconds: int = 0

    @property
    def right_share(self) -> float | None:
        """Share of first answers that were right; None without any."""
        return self.right / self.reviews if self.reviews else None

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        del data["label"]
        return data | {"recall": round(self.recall, 4), "right_share": _rounded(self.right_share)}


@dataclass
class MistakeRow:
    """One named mistake: how often it was made, in which items, and when last."""

    key: str
    label: Text
    count: int = 0
    items: set[str] = field(default_factory=set)
    last: date = date.min

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "count": self.count,
            "items": sorted(self.items),
            "last": self.last.isoformat(),
        }


@dataclass
class DayRow:
    """One study day."""

    day: date
    reviews: int = 0
    right: int = 0
    answers: int = 0
    milliseconds: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"day": self.day.isoformat()}


@dataclass(frozen=True)
class Statistics:
    """All of it. ``next_due`` is the moment at which the next card not due yet becomes so."""

    total: StatisticsRow
    sections: tuple[StatisticsRow, ...]
    kinds: tuple[StatisticsRow, ...]
    mistakes: tuple[MistakeRow, ...]
    days: tuple[DayRow, ...]
    next_due: datetime | None

    @property
    def reviews(self) -> int:
        return self.total.reviews

    @property
    def right(self) -> int:
        return self.total.right

    @property
    def due(self) -> int:
        return self.total.due

    @property
    def new(self) -> int:
        return self.total.new

    @property
    def items(self) -> int:
        return self.total.items

    def to_json(self) -> dict[str, Any]:
        total = self.total.to_json()
        del total["key"]
        return total | {
            "next_due": stamp(self.next_due) if self.next_due else None,
            "sections": [row.to_json() for row in self.sections],
            "kinds": [row.to_json() for row in self.kinds],
            "mistakes": [row.to_json() for row in self.mistakes],
            "days": [row.to_json() for row in self.days],
        }


def statistics(store: Store, bank: BankLike, now: datetime, *, answers: bool = True) -> Statistics:
    """Progress of this store over this bank at the moment ``now`` (aware).

    Without ``answers`` only what the cards tell: items, due, new and recall. That spares reading
    tens of thousands of reviews where nobody looks at them.

    Items that are not current count once they have been answered; reviews of items that have left
    the bank count under the section that they had.
    """
    store.refresh()
    offset = store.clock.utc_offset()
    today = scheduling.study_day(now, offset)
    tomorrow = today + timedelta(days=1)
    reviews = store.reviews() if answers else []
    cards_of: dict[str, list[CardRow]] = {}
    catalogue = catalogue_of(bank)
    for card in with_siblings(store.cards(), catalogue).values():
        cards_of.setdefault(card.item, []).append(card)

    total = StatisticsRow("", Text("", ""))
    sections: dict[str, StatisticsRow] = {}
    kinds: dict[str, StatisticsRow] = {}
    upcoming: list[date] = []
    for item in in_curriculum_order(bank, catalogue):
        cards = cards_of.get(item.id, [])
        if item.status != "current" and not cards:
            continue
        states = [card.state for card in cards]
        due = sum(state.due <= today for state in states)
        upcoming += [state.due for state in states if state.due > today]
        recall = max((scheduling.retrievability(state, tomorrow) for state in states), default=0.0)
        for row in (total, _row(sections, "section", item.section), _row(kinds, "kind", item.kind)):
            row.items += 1
            row.seen += bool(cards)
            row.new += not cards
            row.due += due
            # The mean so far, brought up to date.
            row.recall += (recall - row.recall) / row.items
    known = {item.id: item for item in catalogue}
    for review in reviews:
        item = known.get(review.item)
        section = item.section if item else review.section
        kind = item.kind if item else review.kind
        for row in (total, _row(sections, "section", section), _row(kinds, "kind", kind)):
            _count(row, review)
    return Statistics(
        total=total,
        sections=tuple(sections.values()),
        kinds=tuple(kinds.values()),
        mistakes=_mistakes(reviews, getattr(bank, "mistakes", {})),
        days=_days(reviews),
        next_due=scheduling.day_begins(min(upcoming), offset) if upcoming else None,
    )


def _row(rows: dict[str, StatisticsRow], area: str, key: str) -> StatisticsRow:
    if key not in rows:
        try:
            label = text(f"practice.{area}.{key}")
        except KeyError:
            # A user's own folder keeps its name.
            label = Text(key, key)
        rows[key] = StatisticsRow(key, label)
    return rows[key]


def _count(row: StatisticsRow | DayRow, review: Review) -> None:
    if review.rating is not None:
        row.reviews += 1
        row.right += review.right and not review.revealed
    row.answers += review.outcome != "revealed"
    row.milliseconds += review.milliseconds
    if isinstance(row, StatisticsRow) and review.rating is not None:
        row.hints += review.hints
        row.guesses += review.guessed


def _mistakes(reviews: Iterable[Review], names: Mapping[str, Any]) -> tuple[MistakeRow, ...]:
    rows: dict[str, MistakeRow] = {}
    for review in reviews:
        for code in review.mistakes:
            entry = names.get(code)
            row = rows.setdefault(code, MistakeRow(code, entry.name if entry else Text(code, code)))
            row.count += 1
            row.items.add(review.item)
            row.last = max(row.last, _day(review))
    return tuple(sorted(rows.values(), key=lambda row: (-row.count, row.key)))


def _days(reviews: Sequence[Review]) -> tuple[DayRow, ...]:
    rows: dict[date, DayRow] = {}
    for review in reviews:
        day = _day(review)
        _count(rows.setdefault(day, DayRow(day)), review)
    return tuple(rows[day] for day in sorted(rows))


def _day(review: Review) -> date:
    return scheduling.study_day(unstamp(review.answered_at), review.utc_offset)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
