"""A mock exam: a state machine without a screen. App, command line and tests drive it.

Time counts only while it is open, and every change is on the disk before a method returns. After
the process is killed at any moment, ``resume`` goes on at the same question with the same numbers,
answers, flags and time. Nothing is judged before it is handed in, by hand or by the clock.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from drills.attempt import GraderLike, graders_of, present, printable
from drills.clock import Clock, stamp
from drills.exam_marking import Question, exam_view, review_of
from drills.exam_paper import OPTIONS, ExamRequest, asked_before, compose
from drills.exam_report import ExamReport, report_of
from drills.locale import text
from drills.progress.places import SessionRecord
from drills.progress.store import Store, StoreError
from drills.selection import BankLike, card_name
from drills.summary import Slot
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.grading.base import View

__all__ = ["Exam", "ExamError", "ExamRequest", "Question"]

SEEDS: Final = 1_000_000
# Kinds whose options are made by the engine: only looking shows whether there are enough.
_MADE: Final = ("formula", "code")
_LONGEST_NOTE: Final = 20_000
_LEASE_SECONDS: Final = 20.0


class ExamError(Exception):
    """Something that this exam cannot do now; ``message`` says why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Exam:
    """One exam. Made by ``start`` and ``resume``; ``pause`` stops its clock and lets go of it."""

    def __init__(
        self,
        bank: BankLike,
        store: Store,
        record: SessionRecord,
        clock: Clock | None = None,
        graders: Callable[[str], GraderLike] | None = None,
    ) -> None:
        self.bank = bank
        self.store = store
        self.id = record.id
        self.started_at = record.started_at
        self.seconds = int(record.plan["exam"]["seconds"])
        self._settings = dict(record.plan["exam"])
        self._clock = clock or store.clock
        self._graders = graders or graders_of(bank)
        self._drawn: dict[str, Any] = dict(record.plan.get("drawn", {}))
        place = record.place
        kept = place.get("questions") or [[] for _ in record.plan["slots"]]
        made = [
            Question(Slot(*slot[:4]), *fields)
            for slot, fields in zip(record.plan["slots"], kept, strict=True)
        ]
        # A question that has left the bank can be neither shown nor judged.
        self.questions = [one for one in made if one.slot.item in bank.items]
        before = sum(one.slot.item in bank.items for one in made[: record.position])
        self._position = max(0, min(before, len(self.questions) - 1))
        self.note = str(place.get("note", ""))
        self.handed_in_at = place.get("handed_in_at")
        self.by_clock = bool(place.get("by_clock", False))
        self.finished = record.finished or not self.questions
        self._elapsed = int(place.get("elapsed", 0)) / 1000
        self._spent: list[float] = [one.milliseconds / 1000 for one in self.questions]
        if not self.finished:
            self._read_drafts()
        self._since = self._clock.monotonic()
        self._prolonged = self._since
        self._closed = False
        if not self.finished and self.handed_in_at is None:
            self._show()

    @classmethod
    def start(
        cls,
        bank: BankLike,
        store: Store,
        request: ExamRequest | None = None,
        clock: Clock | None = None,
        *,
        rng: random.Random | None = None,
        graders: Callable[[str], GraderLike] | None = None,
    ) -> Exam:
        """Choose the questions and begin. Without any to ask, ``questions`` is empty."""
        request = request or ExamRequest()
        clock = clock or store.clock
        rng = rng or random.Random(request.seed)  # noqa: S311 (order of options, not a secret)
        making = graders or graders_of(bank)
        seeds: dict[str, int] = {}

        def usable(item: Any) -> bool:
            seeds[item.id] = rng.randrange(SEEDS)
            if item.kind not in _MADE:
                return True
            grader: Any = making(item.kind)
            shown = grader.view(item, grader.present(item, "choice", seeds[item.id]), "en")
            return len(shown.options) == OPTIONS

        items = compose(bank, request, asked_before(store), rng, usable)
        slots = [
            [card_name(item.id, "choice"), item.id, "choice", seeds[item.id]] for item in items
        ]
        settings = request.to_json() | {"seconds": request.seconds_for(len(slots))}
        record = SessionRecord(
            id=store.new_uid(),
            started_at=stamp(clock.now()),
            plan={"exam": settings, "slots": slots, "drawn": {}},
            position=0,
            place={},
            finished=not slots,
        )
        exam = cls(bank, store, record, clock, graders)
        if slots:
            exam._save()
        return exam

    @classmethod
    def resume(
        cls,
        bank: BankLike,
        store: Store,
        clock: Clock | None = None,
        graders: Callable[[str], GraderLike] | None = None,
    ) -> Exam | None:
        """Go on with the newest exam that was not handed in and that nobody else holds.

        One whose handing in was cut short is judged to the end and returned as finished.
        """
        for found in store.unfinished_sessions():
            record = store.take_session(found.id) if "exam" in found.plan else None
            if record is None:
                continue
            exam = cls(bank, store, record, clock, graders)
            exam._save()
            if exam.handed_in_at is not None:
                exam._judge_all()
            elif exam.finished:
                # Nothing of it is in the bank any more.
                exam.pause()
                continue
            return exam
        return None

    # Where it stands

    @property
    def position(self) -> int:
        """The number of the question that is shown, from 0."""
        return self._position

    @property
    def question(self) -> Question:
        """The question that is shown."""
        return self.questions[self._position]

    @property
    def item(self) -> Any:
        return self.bank.items[self.question.slot.item]

    @property
    def remaining(self) -> float:
        """Seconds left, without changing anything: cheap enough for every frame."""
        running = 0.0 if self.stopped else self._clock.monotonic() - self._since
        return max(0.0, self.seconds - self._elapsed - running)

    @property
    def stopped(self) -> bool:
        """Whether the clock stands."""
        return self._closed or self.finished or self.handed_in_at is not None

    @property
    def ahead(self) -> float:
        """Seconds that are left beyond the pace: negative when one is behind it."""
        unanswered = len(self.questions) - self.answered
        return self.remaining - self.seconds * unanswered / max(1, len(self.questions))

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(bool(one.answer) for one in self.questions)

    @property
    def trouble(self) -> Text | None:
        """What is wrong with writing progress; None when all is well."""
        return self.store.trouble

    def part_of_set(self) -> tuple[int, int] | None:
        """(number, of how many) within the set that the question belongs to; None for a single."""
        name = getattr(self.item, "set", None)
        if not name:
            return None
        members = [
            place
            for place, one in enumerate(self.questions)
            if getattr(self.bank.items[one.slot.item], "set", None) == name
        ]
        return members.index(self._position) + 1, len(members)

    def presentation(self, position: int | None = None) -> Any:
        """The question as drawn; the same after every restart."""
        question = self.questions[self._position if position is None else position]
        item = self.bank.items[question.slot.item]
        before = self._drawn.get(item.id)
        drawn, self._drawn[item.id] = present(item, self._graders(item.kind), question.slot, before)
        if before is not None and before["hash"] != item.hash:
            # The letter belonged to options that are no longer there.
            question.answer = ""
        return drawn

    def view(self, language: Language, position: int | None = None) -> View:
        """What is shown of the question, with four options."""
        place = self._position if position is None else position
        item = self.bank.items[self.questions[place].slot.item]
        return exam_view(item, self.presentation(place), self._graders(item.kind), language)

    # What one does. Each returns False when the time was up and the exam handed in instead.

    def choose(self, letter: str) -> bool:
        """Answer the question with A, B, C or D, or take the answer back with an empty text."""
        if letter and letter not in "ABCD":
            raise ExamError(text("exam.letters"))
        return self._change(lambda question: setattr(question, "answer", letter))

    def guess(self) -> bool:
        """Mark the answer as a guess, or no longer."""
        return self._change(lambda q: setattr(q, "guessed", not q.guessed))

    def flag(self) -> bool:
        """Mark the question to come back to, or no longer."""
        return self._change(lambda q: setattr(q, "flagged", not q.flagged))

    def go(self, position: int) -> bool:
        """Show another question. Raises ``ExamError`` for a number that there is not."""
        if not 0 <= position < len(self.questions):
            raise ExamError(text("exam.no_question", last=len(self.questions)))
        if not self._working():
            return False
        self._position = position
        self._show()
        self._save()
        return True

    def write_note(self, note: str) -> bool:
        """What stands on the scratch pad; cheap enough for every few keys."""
        if not self._working():
            return False
        self.note = printable(note)[:_LONGEST_NOTE]
        self.store.save_draft(f"{self.id}/note", self.note)
        return True

    def tick(self) -> bool:
        """Count the time and keep it; to be called every second or so while the exam is open."""
        if not self._working():
            return False
        kept = f"{round(1000 * self._elapsed)} {self._position} {self.question.milliseconds}"
        self.store.save_draft(f"{self.id}/time", kept)
        if self._since - self._prolonged > _LEASE_SECONDS:
            self._prolonged = self._since
            self.store.prolong_session(self.id)
        return True

    def hand_in(self) -> None:
        """Judge every answer and write it down. Killed half way, ``resume`` does the rest."""
        if self._working():
            self._hand_in(by_clock=False)

    def pause(self) -> None:
        """Stop the clock and let go of the exam, so that any process can go on with it."""
        if self._closed:
            return
        if self.questions and self.store.holds_session(self.id) and not self.finished:
            self._count()
            self._save()
        self.store.release_session(self.id)
        self._closed = True

    def report(self) -> ExamReport:
        """What it has come to. Raises ``ExamError`` before it is handed in."""
        if not self.finished:
            raise ExamError(text("exam.not_handed_in"))
        return report_of(self.record(), self.store.reviews(self.id), self.bank)

    # Inside

    def _change(self, change: Callable[[Question], None]) -> bool:
        if not self._working():
            return False
        change(self.question)
        self._save()
        return True

    def _working(self) -> bool:
        """Count the time; hand in if it is over. Raises ``ExamError`` if there is nothing to do."""
        if self.finished:
            raise ExamError(text("exam.finished"))
        if self._closed or not self.store.holds_session(self.id):
            raise ExamError(text("practice.session.taken"))
        self._count()
        if self._elapsed >= self.seconds:
            self._hand_in(by_clock=True)
            return False
        return True

    def _count(self) -> None:
        now = self._clock.monotonic()
        # What runs over the end is nobody's time: the exam was over.
        passed = min(max(0.0, now - self._since), max(0.0, self.seconds - self._elapsed))
        self._since = now
        if self.handed_in_at is None:
            self._elapsed += passed
            self._spent[self._position] += passed
            self.question.milliseconds = round(1000 * self._spent[self._position])

    def _show(self) -> None:
        if not self.question.shown_at:
            self.question.shown_at = stamp(self._clock.now())
        self.presentation()

    def _read_drafts(self) -> None:
        self.note = self.store.draft(f"{self.id}/note") or self.note
        kept = (self.store.draft(f"{self.id}/time") or "").split()
        if len(kept) != 3 or not all(word.isdigit() for word in kept):
            return
        elapsed, position, spent = map(int, kept)
        self._elapsed = max(self._elapsed, elapsed / 1000)
        if position == self._position and position < len(self.questions):
            self._spent[position] = max(self._spent[position], spent / 1000)
            self.question.milliseconds = round(1000 * self._spent[position])

    def _hand_in(self, *, by_clock: bool) -> None:
        self.by_clock = by_clock
        self.handed_in_at = stamp(self._clock.now())
        # First the decision, then the rows: killed in between, nothing can be changed any more.
        self._save()
        self._judge_all()

    def _judge_all(self) -> None:
        written = {row.item for row in self.store.reviews(self.id)}
        for number, question in enumerate(self.questions):
            name = question.slot.item
            if not question.answer or name in written:
                continue
            review = review_of(
                question,
                number,
                self.id,
                self.bank,
                self.store,
                self._graders,
                self._drawn.get(name),
                self._clock,
            )
            if review is not None:
                # A full or read-only disk does not end the exam; ``trouble`` tells of it.
                with suppress(StoreError):
                    self.store.record(review)
        self.finished = True
        self._save()
        self.store.release_session(self.id)

    def record(self) -> SessionRecord:
        """The exam as plain data, as the store keeps it."""
        plan = {
            "exam": self._settings,
            "slots": [dataclasses.astuple(one.slot) for one in self.questions],
            "drawn": self._drawn,
        }
        place = {
            "questions": [one.kept() for one in self.questions],
            "elapsed": round(1000 * self._elapsed),
            "note": self.note,
            "handed_in_at": self.handed_in_at,
            "by_clock": self.by_clock,
        }
        return SessionRecord(self.id, self.started_at, plan, self._position, place, self.finished)

    def _save(self) -> None:
        if not self.store.save_session(self.record()):
            raise ExamError(text("practice.session.taken"))
