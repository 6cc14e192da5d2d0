"""What a session came to: one row a slot, and the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from drills.locale import text
from drills.progress.journal import Review
from question_bank.text import Text


@dataclass(frozen=True)
class Slot:
    """One place in a session: a card, its item's id, the face shown, and the seed of its draw."""

    card: str
    item: str
    face: str
    seed: int


@dataclass(frozen=True)
class SlotResult:
    """How one slot went. ``outcome`` is that of the first answer; None if it was passed over."""

    slot: Slot
    outcome: str | None = None
    right: bool = False
    rating: int | None = None
    tries: int = 0
    hints: int = 0
    guessed: bool = False
    revealed: bool = False
    milliseconds: int = 0
    mistakes: tuple[str, ...] = ()
    comes_back_in: int | None = None


@dataclass(frozen=True)
class SessionSummary:
    """The results in order, and what they add up to; ``right`` counts first answers."""

    session: str
    results: tuple[SlotResult, ...]
    reached: int
    mistakes: tuple[tuple[str, int], ...] = ()
    unsaved: int = 0
    slots: int = field(default=0)

    @property
    def answered(self) -> int:
        return sum(result.outcome not in (None, "revealed") for result in self.results)

    @property
    def right(self) -> int:
        return sum(result.right for result in self.results)

    @property
    def wrong(self) -> int:
        return self.answered - self.right

    @property
    def shown(self) -> int:
        return sum(result.outcome == "revealed" for result in self.results)

    @property
    def skipped(self) -> int:
        return sum(result.outcome is None for result in self.results[: self.reached])

    @property
    def hints(self) -> int:
        return sum(result.hints for result in self.results)

    @property
    def guesses(self) -> int:
        return sum(result.guessed for result in self.results)

    @property
    def milliseconds(self) -> int:
        return sum(result.milliseconds for result in self.results)

    def lines(self) -> list[Text]:
        """The summary in sentences, for the plain session."""
        minutes, seconds = divmod(round(self.milliseconds / 1000), 60)
        lines = [
            text(
                "practice.summary.answers",
                answered=self.answered,
                slots=self.slots,
                right=self.right,
            ),
            text("practice.summary.time", minutes=minutes, seconds=seconds),
        ]
        if self.shown or self.skipped:
            lines.append(text("practice.summary.passed", shown=self.shown, skipped=self.skipped))
        if self.hints or self.guesses:
            lines.append(text("practice.summary.help", hints=self.hints, guesses=self.guesses))
        if self.unsaved:
            lines.append(text("practice.summary.unsaved", n=self.unsaved))
        return lines

    def to_json(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "slots": self.slots,
            "answered": self.answered,
            "right": self.right,
            "wrong": self.wrong,
            "shown": self.shown,
            "skipped": self.skipped,
            "hints": self.hints,
            "guesses": self.guesses,
            "milliseconds": self.milliseconds,
            "mistakes": dict(self.mistakes),
            "unsaved": self.unsaved,
            "results": [
                asdict(result.slot)
                | {name: value for name, value in asdict(result).items() if name != "slot"}
                for result in self.results
            ],
        }


def result_of(slot: Slot, reviews: Sequence[Review], comes_back_in: int | None) -> SlotResult:
    """The result of one slot from its reviews, in the order in which they were written."""
    if not reviews:
        return SlotResult(slot)
    first, last = reviews[0], reviews[-1]
    return SlotResult(
        slot=slot,
        outcome=first.outcome,
        right=first.right and not first.revealed,
        rating=first.rating,
        tries=sum(review.outcome != "revealed" for review in reviews),
        hints=last.hints,
        guessed=first.guessed,
        revealed=last.revealed,
        milliseconds=sum(review.milliseconds for review in reviews),
        mistakes=tuple(dict.fromkeys(code for review in reviews for code in review.mistakes)),
        comes_back_in=comes_back_in,
    )


def count_mistakes(reviews: Iterable[Review]) -> tuple[tuple[str, int], ...]:
    """Codes and how often each was made, the most frequent first."""
    counts = Counter(code for review in reviews for code in review.mistakes)
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
