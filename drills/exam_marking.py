"""One question of an exam, and the row that it leaves in the journal when it is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drills.attempt import GraderLike, begin
from drills.clock import Clock
from drills.locale import text
from drills.progress.journal import Review
from drills.progress.store import Store
from drills.selection import BankLike
from drills.summary import Slot
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.grading.base import View


@dataclass
class Question:
    """One question of an exam and what has become of it; ``answer`` is a letter or empty."""

    slot: Slot
    answer: str = ""
    guessed: bool = False
    flagged: bool = False
    milliseconds: int = 0
    shown_at: str = ""

    def kept(self) -> list[Any]:
        """What of it is kept in the exam's place."""
        return [self.answer, self.guessed, self.flagged, self.milliseconds, self.shown_at]


def exam_view(item: Any, presentation: Any, grader: Any, language: Language) -> View:
    """What is shown of a question in an exam.

    Items that are also typed say "write": here they ask, as the exam does, which option it is.
    """
    view: View = grader.view(item, presentation, language)
    if item.kind not in ("formula", "code"):
        return view
    letter = presentation.values.get("blank", "")
    asked = text(f"exam.asked.{item.kind}", letter=letter).in_(language)
    return replace(view, stem=f"{view.stem}\n{asked}")


def review_of(
    question: Question,
    number: int,
    session: str,
    bank: BankLike,
    store: Store,
    graders: Callable[[str], GraderLike],
    drawn: Mapping[str, Any] | None,
    clock: Clock,
) -> Review | None:
    """The row of the question, made as that of every answer; None for what cannot be judged.

    ``drawn`` is what was kept when the question was shown. An item that was changed since has
    other options: the letter says nothing about them and is not judged.
    """
    place: dict[str, Any] = {"shown_ms": question.milliseconds}
    if question.shown_at:
        place["shown_at"] = question.shown_at
    attempt, kept = begin(
        question.slot,
        bank,
        graders,
        drawn,
        clock=clock,
        place=place,
        tries=(),
        draft=question.answer,
    )
    if drawn is not None and drawn["hash"] != kept["hash"]:
        return None
    verdict = attempt.judge(question.answer)
    if not verdict.judged:
        return None
    return attempt.review(
        uid=store.new_uid(),
        device=store.device,
        session=session,
        number=number,
        answered_at=store.moment(at_least=attempt.shown_at),
        verdict=verdict,
        answer=question.answer,
        guessed=question.guessed,
    )
