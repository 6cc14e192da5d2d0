"""A practice session: a state machine without a screen. App, command line and tests drive it.

Everything that matters is on the disk before a method returns: the journal holds the answers, the
database the place. After the process is killed at any moment, ``resume`` shows the same item with
the same numbers, hints, draft and verdict.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from drills import scheduling
from drills.attempt import Attempt, GraderLike, begin, graders_of, place_after, printable
from drills.clock import Clock, stamp
from drills.locale import text
from drills.progress.journal import Review
from drills.progress.places import SessionRecord
from drills.progress.store import Store, StoreError
from drills.selection import BankLike, SessionRequest, card_name, choose, face_of
from drills.siblings import cards_of
from drills.summary import SessionSummary, Slot, count_mistakes, result_of
from drills.verdict import Verdict
from question_bank.text import Text

__all__ = ["Session", "SessionError", "SessionRequest", "SessionSummary", "Slot"]

SEEDS: Final = 1_000_000


class SessionError(Exception):
    """Something that this session cannot do now; ``message`` says why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Session:
    """One session over a fixed list of slots. Made by ``start`` and ``resume``.

    A second answer to a slot is journalled without a rating; after a right one further answers are
    judged but not kept. An unjudged answer leaves no trace but the draft.
    """

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
        self.request: Mapping[str, Any] = record.plan.get("request", {})
        self.slots: tuple[Slot, ...] = tuple(Slot(*slot[:4]) for slot in record.plan["slots"])
        self._clock = clock or store.clock
        self._graders = graders or graders_of(bank)
        # What was drawn and how options lay, for each slot that has been shown.
        self._drawn: dict[str, Any] = dict(record.plan.get("drawn", {}))
        self._closed = False
        self._enter(record.position, record.place)

    @classmethod
    def start(
        cls,
        bank: BankLike,
        store: Store,
        request: SessionRequest | None = None,
        clock: Clock | None = None,
        *,
        rng: random.Random | None = None,
        graders: Callable[[str], GraderLike] | None = None,
    ) -> Session:
        """Choose items and begin. Without anything to ask, ``slots`` is empty."""
        request = request or SessionRequest()
        clock = clock or store.clock
        if request.seed is not None:
            rng = random.Random(request.seed)  # noqa: S311 (order of options, not a secret)
        rng = rng or random.Random()  # noqa: S311
        store.refresh()
        mistaken: set[str] = set()
        if request.mistake:
            mistaken = {row.item for row in store.reviews_with(request.mistake)}
        today = scheduling.study_day(clock.now(), clock.utc_offset())
        slots = []
        for item in choose(bank, cards_of(store, bank), request, today, mistaken):
            face = face_of(item, request.face)
            slots.append([card_name(item.id, face), item.id, face, rng.randrange(SEEDS)])
        record = SessionRecord(
            id=store.new_uid(),
            started_at=stamp(clock.now()),
            plan={"request": request.to_json(), "slots": slots, "drawn": {}},
            position=0,
            place={},
            finished=not slots,
        )
        session = cls(bank, store, record, clock, graders)
        if slots:
            session._save()
        return session

    @classmethod
    def resume(
        cls,
        bank: BankLike,
        store: Store,
        clock: Clock | None = None,
        graders: Callable[[str], GraderLike] | None = None,
    ) -> Session | None:
        """Go on with the newest unfinished session that nobody else holds; None without one."""
        store.refresh()
        for found in store.unfinished_sessions():
            if "exam" in found.plan:
                continue
            record = store.take_session(found.id)
            if record is None:
                continue
            session = cls(bank, store, record, clock, graders)
            session._save()
            if not session.finished:
                return session
            session.close()
        return None

    # Where it stands

    @property
    def position(self) -> int:
        """The number of the current slot from 0; the number of slots when finished."""
        return self._position

    @property
    def finished(self) -> bool:
        return self._position >= len(self.slots)

    @property
    def current(self) -> Slot | None:
        return None if self.finished else self.slots[self._position]

    @property
    def item(self) -> Any:
        """The current item. Raises ``SessionError`` when the session is finished."""
        return self._current().item

    @property
    def presentation(self) -> Any:
        """The current item as drawn. Raises ``SessionError`` when the session is finished."""
        return self._current().presentation

    @property
    def verdict(self) -> Verdict | None:
        """The last verdict on the current slot."""
        return self._attempt.verdict if self._attempt else None

    @property
    def tries(self) -> int:
        """How many judged answers the current slot has had."""
        return len(self._attempt.tries) if self._attempt else 0

    @property
    def last_on_slot_right(self) -> bool:
        """Whether the current slot is done: its last judged answer was right."""
        return self._attempt is not None and self._attempt.right

    @property
    def hints_shown(self) -> tuple[Text, ...]:
        """The hints asked for on this slot, again after a restart."""
        return self._attempt.hints_shown if self._attempt else ()

    @property
    def hints_left(self) -> int:
        """How many hints have not been asked for yet."""
        return self._attempt.hints_left if self._attempt else 0

    @property
    def solution(self) -> Text | None:
        """The right answer if it was asked for on this slot, again after a restart."""
        if self._attempt is None or not self._attempt.revealed:
            return None
        return self._attempt.solution()

    @property
    def draft(self) -> str:
        """What stands in the answer field."""
        return self._attempt.draft if self._attempt else ""

    @property
    def trouble(self) -> Text | None:
        """What is wrong with writing progress; None when all is well."""
        return self.store.trouble

    @property
    def comes_back_in(self) -> int | None:
        """Study days until the current card is due again; None before it has been rated."""
        slot = self.current
        return None if slot is None else self._days_until(slot.card)

    # What one does

    def answer(self, answer: str, guessed: bool = False) -> Verdict:
        """Judge an answer, and write it down before returning.

        Raises ``SessionError`` when the session is finished or is held elsewhere.
        """
        attempt = self._working()
        answer = printable(answer)
        verdict = attempt.judge(answer)
        if verdict.judged and not attempt.right:
            self._record(attempt, verdict, answer, guessed)
        attempt.verdict = verdict
        attempt.draft = answer
        self.store.save_draft(self._draft_key(), answer)
        self._save()
        return verdict

    def hint(self) -> Text | None:
        """The next hint, which then counts; None when there is none left."""
        attempt = self._working()
        if not attempt.hints_left:
            return None
        attempt.hints_used += 1
        self._save()
        return attempt.hints_shown[-1]

    def reveal(self) -> Text:
        """The right answer. A slot that has not been answered yet then counts as not known."""
        attempt = self._working()
        solution = attempt.solution()
        attempt.revealed = True
        self._save()
        return solution

    def next(self) -> None:
        """Go on. A slot whose solution was shown and that was not answered is written as such."""
        attempt = self._working()
        if attempt.revealed and not attempt.tries:
            self._record(attempt, None, "", False)
        self._enter(self._position + 1, {})
        self._save()

    def undo(self) -> bool:
        """Take back the last judged answer of this session and return to it; False without one."""
        self._require_lease()
        standing = self.store.reviews(self.id)
        last = standing[-1] if standing else None
        if last is None or not 0 <= last.slot < len(self.slots):
            return False
        if self.slots[last.slot].item not in self.bank.items:
            return False
        spent = sum(row.milliseconds for row in standing if row.slot == last.slot)
        place = place_after(last, spent)
        # First the place, then the row: killed between the two, the answer still stands there.
        self._enter(last.slot, place)
        self._save()
        with suppress(StoreError):
            self.store.undo(last.uid, self.id)
        if last.answer:
            self.store.save_draft(self._draft_key(), last.answer)
        self._enter(last.slot, place)
        self._save()
        return True

    def set_draft(self, draft: str) -> None:
        """Keep what is being typed; cheap enough for every few keys."""
        draft = printable(draft)
        if self._attempt is None or draft == self._attempt.draft:
            return
        self._attempt.draft = draft
        self.store.save_draft(self._draft_key(), draft)

    def heartbeat(self) -> bool:
        """Prolong the lease; to be called now and then where a home is shared between machines."""
        return self.finished or self.store.prolong_session(self.id)

    def close(self) -> None:
        """Stop the clock and let go of the session, so that any process can take it up."""
        if self._closed:
            return
        if self.slots and self.store.holds_session(self.id):
            self._save()
        self.store.release_session(self.id)
        self._closed = True

    def discard(self) -> None:
        """End the session where it is: it will not be resumed; its answers stay."""
        self._require_lease()
        self._enter(len(self.slots), {})
        self._save()
        self.close()

    def summary(self) -> SessionSummary:
        """What the session has come to so far."""
        rows = self.store.reviews(self.id)
        by_slot: dict[int, list[Review]] = {}
        for row in rows:
            by_slot.setdefault(row.slot, []).append(row)
        return SessionSummary(
            session=self.id,
            slots=len(self.slots),
            results=tuple(
                result_of(slot, by_slot.get(number, []), self._days_until(slot.card))
                for number, slot in enumerate(self.slots)
            ),
            reached=self._position,
            mistakes=count_mistakes(rows),
            unsaved=len(self.store.unsaved),
        )

    # Inside

    def _current(self) -> Attempt:
        if self._attempt is None:
            raise SessionError(text("practice.session.finished"))
        return self._attempt

    def _working(self) -> Attempt:
        """The current attempt, and nobody else is at it."""
        attempt = self._current()
        self._require_lease()
        return attempt

    def _require_lease(self) -> None:
        if self._closed or not self.store.holds_session(self.id):
            raise SessionError(text("practice.session.taken"))

    def _enter(self, position: int, place: Mapping[str, Any]) -> None:
        """Stand at a slot, with what is known of it; items that left the bank are passed over."""
        while position < len(self.slots) and self.slots[position].item not in self.bank.items:
            position, place = position + 1, {}
        self._position = position
        self._attempt: Attempt | None = None
        if self.finished:
            return
        key = str(position)
        self._attempt, self._drawn[key] = begin(
            self.slots[position],
            self.bank,
            self._graders,
            self._drawn.get(key),
            clock=self._clock,
            place=place,
            tries=self.store.reviews(self.id, position),
            draft=self.store.draft(self._draft_key()) or "",
        )

    def _record(
        self, attempt: Attempt, verdict: Verdict | None, answer: str, guessed: bool
    ) -> None:
        review = attempt.review(
            uid=self.store.new_uid(),
            device=self.store.device,
            session=self.id,
            number=self._position,
            answered_at=self.store.moment(at_least=attempt.shown_at),
            verdict=verdict,
            answer=answer,
            guessed=guessed,
        )
        # A full or read-only disk does not end the session; ``trouble`` tells of it.
        with suppress(StoreError):
            self.store.record(review)
        attempt.keep(review, verdict)

    def _save(self) -> None:
        plan = {
            "request": self.request,
            "slots": [[slot.card, slot.item, slot.face, slot.seed] for slot in self.slots],
            "drawn": self._drawn,
        }
        record = SessionRecord(
            self.id,
            self.started_at,
            plan,
            self._position,
            self._attempt.place() if self._attempt else {},
            self.finished,
        )
        if not self.store.save_session(record):
            raise SessionError(text("practice.session.taken"))

    def _draft_key(self) -> str:
        return f"{self.id}/{self._position}"

    def _days_until(self, card: str) -> int | None:
        row = self.store.card(card)
        if row is None:
            return None
        today = scheduling.study_day(self._clock.now(), self._clock.utc_offset())
        return max(0, (row.state.due - today).days)
