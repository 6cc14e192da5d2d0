"""``order``: lettered steps to bring into order; a wrong order gets the reason that it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.grading.base import (
    LETTERS,
    Certificate,
    Grader,
    Presentation,
    View,
    filled,
    labelled,
    letters_in,
    not_understood,
    shuffled,
    sourced_or_neither,
    surroundings,
    verdict,
)
from drills.grading.drawing import drawn
from drills.locale import text
from drills.verdict import Verdict
from question_bank.kinds.order import OrderBody
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from question_bank.model import Item


class OrderGrader(Grader):
    """A permutation of letters in; every pair that is not free has to keep its order."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        body = _body(item)
        order = shuffled(item, face, seed, len(body.steps))
        if _broken(body, order) is None:
            # Shown in the right order there would be nothing to do.
            order = tuple(reversed(order))
        if _broken(body, order) is None:
            order = tuple(reversed(range(len(body.steps))))
        return Presentation(item.id, face, seed, drawn(item, face, seed)[0], order)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        body = _body(item)
        count = len(body.steps)
        letters = letters_in(answer, count)
        if letters is None or sorted(letters) != list(LETTERS[:count]):
            example = " ".join(reversed(LETTERS[:count]))
            return not_understood(
                item, presentation, "grading.order.form", n=count, last=LETTERS[count - 1],
                example=example,
            )  # fmt: skip
        reading = " ".join(letters)
        placed = [presentation.order[LETTERS.index(letter)] for letter in letters]
        broken = _broken(body, placed)
        if broken is None:
            return verdict(item, presentation, "correct", item.explanation, reading=reading)
        return verdict(item, presentation, "wrong", _why(body, placed), reading=reading)

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        body = _body(item)
        letter = {index: LETTERS[place] for place, index in enumerate(presentation.order)}
        order = " ".join(letter[index] for index in range(len(body.steps)))
        lines = [
            Text(f"{letter[index]}  {step.en}", f"{letter[index]}  {step.ja}")
            for index, step in enumerate(body.steps)
        ]
        whole = Text(
            "\n".join([order, *(line.en for line in lines)]),
            "\n".join([order, *(line.ja for line in lines)]),
        )
        return filled(whole, presentation)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        body = _body(item)
        shown = labelled(body.steps, presentation.order)
        count = len(body.steps)
        prompt = text(
            "grading.order.form",
            n=count,
            last=LETTERS[count - 1],
            example=" ".join(reversed(LETTERS[:count])),
        )
        return View(
            filled(item.stem, presentation).in_(language),
            options=tuple((a, filled(t, presentation).in_(language)) for a, t in shown),
            prompt=prompt.in_(language),
            **surroundings(item, presentation, language),
        )

    def certify(self, item: Item) -> Certificate:
        return sourced_or_neither(item)


def _broken(body: OrderBody, placed: Sequence[int]) -> tuple[int, int] | None:
    """The first bound pair (in the author's numbers) that stands the wrong way round."""
    place = {index: where for where, index in enumerate(placed)}
    return next(((a, b) for a, b in body.bound() if place[a] > place[b]), None)


def _why(body: OrderBody, placed: Sequence[int]) -> Text:
    """The reason of the first violated precedence. The loader saw to it that one explains each."""
    place = {index: where for where, index in enumerate(placed)}
    return next(
        (entry.why for entry in body.because if place[entry.before] > place[entry.after]),
        text("grading.order.wrong"),
    )


def _body(item: Item) -> OrderBody:
    assert isinstance(item.body, OrderBody)
    return item.body
