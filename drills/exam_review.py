"""A question of an exam that was handed in, looked at again: verdict, right answer, explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drills.attempt import GraderLike, graders_of, present
from drills.grading.base import filled
from drills.progress.places import SessionRecord
from drills.selection import BankLike
from drills.summary import Slot
from drills.verdict import Verdict
from question_bank.text import Text


@dataclass(frozen=True)
class Reviewed:
    """``verdict`` is None for a question that was not answered, or that has changed since."""

    item: Any
    presentation: Any
    answer: str
    verdict: Verdict | None
    solution: Text
    explanation: Text


def look_again(
    bank: BankLike,
    record: SessionRecord,
    number: int,
    graders: Callable[[str], GraderLike] | None = None,
) -> Reviewed | None:
    """Question ``number`` (from 0) with the same numbers in the same order.

    None if it has left the bank. Raises ``IndexError`` for a number that there is not.
    """
    slot = Slot(*record.plan["slots"][number][:4])
    answer = str(record.place["questions"][number][0])
    item = bank.items.get(slot.item)
    if item is None:
        return None
    grader = (graders or graders_of(bank))(item.kind)
    drawn = record.plan.get("drawn", {}).get(item.id)
    presentation, kept = present(item, grader, slot, drawn)
    if drawn is not None and drawn["hash"] != kept["hash"]:
        # Its options are others now: the letter says nothing about them.
        answer = ""
    return Reviewed(
        item=item,
        presentation=presentation,
        answer=answer,
        verdict=grader.grade(item, presentation, answer) if answer else None,
        solution=grader.reveal(item, presentation),
        explanation=filled(item.explanation, presentation),
    )
