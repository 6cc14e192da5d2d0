"""The slot that is being worked on: time, hints, tries, draft, and the review that they make."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

import engine
from drills import scheduling
from drills.clock import Clock, stamp, unstamp
from drills.locale import text
from drills.progress.journal import Review
from drills.progress.verdicts import from_record, to_record
from drills.selection import BankLike, ItemLike
from drills.summary import Slot
from drills.verdict import Verdict
from question_bank.placeholders import fill_text
from question_bank.text import Text


class GraderLike(Protocol):
    """What a session needs of a grader; ``drills.grading.grader_for`` gives one a kind."""

    def present(self, item: Any, face: str, seed: int) -> Any: ...

    def grade(self, item: Any, presentation: Any, answer: str) -> Verdict: ...

    def reveal(self, item: Any, presentation: Any) -> Text: ...


def graders_of(bank: Any) -> Callable[[str], GraderLike]:
    """The graders of a bank, each imported when the first item of its kind comes."""

    def grader(kind: str) -> GraderLike:
        from drills.grading import grader_for

        return grader_for(kind, bank)

    return grader


class Attempt:
    """One slot while it is current. ``place`` is what of it must survive the process."""

    def __init__(
        self,
        slot: Slot,
        item: ItemLike,
        grader: GraderLike,
        presentation: Any,
        *,
        clock: Clock,
        place: Mapping[str, Any],
        tries: Sequence[Review],
        draft: str,
        hints: Sequence[Text],
    ) -> None:
        self.slot = slot
        self.item = item
        self.grader = grader
        self.presentation = presentation
        self.tries = list(tries)
        self.draft = draft
        values = {name: str(value) for name, value in presentation.values.items()}
        self.hints = tuple(fill_text(hint, values) for hint in hints)
        self.hints_used = int(place.get("hints", 0))
        self.revealed = bool(place.get("revealed", False))
        self.verdict: Verdict | None = None
        self._clock = clock
        self._shown_at: datetime = (
            unstamp(place["shown_at"]) if "shown_at" in place else clock.now()
        )
        # Time in earlier processes; the clock counts on from here.
        self._shown_before = int(place.get("shown_ms", 0))
        self._since = clock.monotonic()
        self._kept_verdict: Verdict | None = None
        if self.tries:
            self.verdict = self._kept_verdict = self._verdict_again(place.get("verdict"))

    @property
    def hints_shown(self) -> tuple[Text, ...]:
        return self.hints[: self.hints_used]

    @property
    def hints_left(self) -> int:
        return max(0, len(self.hints) - self.hints_used)

    @property
    def right(self) -> bool:
        return bool(self.tries) and self.tries[-1].right

    @property
    def shown_at(self) -> datetime:
        return self._shown_at

    def solution(self) -> Text:
        return self.grader.reveal(self.item, self.presentation)

    def shown_ms(self) -> int:
        """Milliseconds for which the slot has been on the screen, over all processes."""
        return self._shown_before + round(1000 * (self._clock.monotonic() - self._since))

    def judge(self, answer: str) -> Verdict:
        return self.grader.grade(self.item, self.presentation, answer)

    def review(
        self,
        *,
        uid: str,
        device: str,
        session: str,
        number: int,
        answered_at: datetime,
        verdict: Verdict | None,
        answer: str,
        guessed: bool,
    ) -> Review:
        """The row of one answer, or, without a verdict, of a solution that was looked at."""
        milliseconds = max(0, self.shown_ms() - sum(row.milliseconds for row in self.tries))
        right = verdict is not None and verdict.right
        rating = None
        if not self.tries:
            rating = scheduling.rate(
                right=right,
                revealed=self.revealed,
                hints=self.hints_used,
                guessed=guessed,
                milliseconds=milliseconds,
                expected_seconds=self.item.seconds,
            )
        # Right under another convention: what it would be as stated is told, not counted.
        mistakes = verdict.mistakes if verdict and not right else ()
        return Review(
            uid=uid,
            device=device,
            card=self.slot.card,
            item=self.slot.item,
            face=self.slot.face,
            item_hash=self.item.hash,
            engine_version=engine.__version__,
            session=session,
            slot=number,
            kind=self.item.kind,
            section=self.item.section,
            shown_at=stamp(self._shown_at),
            answered_at=stamp(answered_at),
            utc_offset=self._clock.utc_offset(),
            outcome=verdict.outcome if verdict else "revealed",
            right=right,
            mistakes=tuple(dict.fromkeys(mistake.code for mistake in mistakes)),
            rating=None if rating is None else int(rating),
            milliseconds=milliseconds,
            hints=self.hints_used,
            guessed=guessed,
            revealed=self.revealed,
            seed=self.slot.seed,
            answer=answer,
            values=dict(self.presentation.values),
            order=tuple(int(place) for place in self.presentation.order),
        )

    def keep(self, review: Review, verdict: Verdict | None) -> None:
        """Note a review that has been written."""
        self.tries.append(review)
        self._kept_verdict = verdict

    def place(self) -> dict[str, Any]:
        """Plain data from which the attempt is made again."""
        place: dict[str, Any] = {
            "hints": self.hints_used,
            "revealed": self.revealed,
            "shown_at": stamp(self._shown_at),
            "shown_ms": self.shown_ms(),
        }
        if self.tries and self._kept_verdict is not None:
            place["verdict"] = {
                "uid": self.tries[-1].uid,
                "verdict": to_record(self._kept_verdict),
            }
        return place

    def _verdict_again(self, kept: Mapping[str, Any] | None) -> Verdict | None:
        """The verdict on the last try: as kept, else judged again."""
        last = self.tries[-1]
        if last.outcome == "revealed":
            return None
        if kept and kept.get("uid") == last.uid:
            with suppress(KeyError, TypeError, ValueError):
                return from_record(kept["verdict"])
        verdict = self.judge(last.answer)
        if verdict.outcome == last.outcome:
            return verdict
        # The item has changed since: what was said then still stands.
        outcome: Any = last.outcome
        return dataclasses.replace(
            verdict, outcome=outcome, feedback=text("practice.session.judged_before")
        )


def present(
    item: ItemLike, grader: GraderLike, slot: Slot, drawn: Mapping[str, Any] | None
) -> tuple[Any, dict[str, Any]]:
    """The item as drawn for the slot, and what to keep of it.

    ``drawn`` is what was kept when the slot was shown before. Unless the item itself has changed,
    its numbers and its order hold, whatever this version of the program would draw.
    """
    presentation = grader.present(item, slot.face, slot.seed)
    now = {
        "hash": item.hash,
        "values": dict(presentation.values),
        "order": list(presentation.order),
    }
    if drawn is None or drawn["hash"] != item.hash:
        return presentation, now
    if json.dumps(drawn, default=str) != json.dumps(now, default=str):
        presentation = dataclasses.replace(
            presentation, values=drawn["values"], order=tuple(drawn["order"])
        )
    return presentation, dict(drawn)


def begin(
    slot: Slot,
    bank: BankLike,
    graders: Callable[[str], GraderLike],
    drawn: Mapping[str, Any] | None,
    **state: Any,
) -> tuple[Attempt, dict[str, Any]]:
    """The attempt at a slot, and what to keep of its draw; ``state`` as ``Attempt`` takes it."""
    item = bank.items[slot.item]
    grader = graders(item.kind)
    presentation, kept = present(item, grader, slot, drawn)
    hints = hints_of(item, bank, slot.face)
    return Attempt(slot, item, grader, presentation, hints=hints, **state), kept


def hints_of(item: Any, bank: Any, face: str) -> tuple[Text, ...]:
    """The item's own hints, else those of its exercise, blank by blank."""
    exercises = getattr(bank, "exercises", {})
    entry = exercises.get(getattr(getattr(item, "body", None), "exercise", None))
    if item.hints or entry is None or face == "bug":
        return tuple(item.hints)
    return tuple(
        Text(f"({letter}) ", f"（{letter}）") + hint
        for letter, blank in entry.blanks.items()
        for hint in blank.hints
    )


def place_after(review: Review, shown_ms: int) -> dict[str, Any]:
    """The place of a slot to which one comes back: what was read there stays read."""
    return {
        "hints": review.hints,
        "revealed": review.revealed,
        "shown_at": review.shown_at,
        "shown_ms": shown_ms,
    }


def printable(answer: str) -> str:
    """The text without lone surrogates, which a broken terminal sends and no file can hold."""
    return answer.encode("utf-8", "replace").decode("utf-8")
