"""``numeric``: a value that the engine computes; a known mistake's value is named."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from drills.grading.base import (
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    filled,
    join,
    surroundings,
    verdict,
)
from drills.grading.drawing import corners, drawn, evaluate, mistaken
from drills.grading.values import (
    NotUnderstoodError,
    agreement,
    apart,
    form_of,
    parse,
    parse_literal,
    show,
    structure,
)
from drills.locale import text
from drills.verdict import Mistake, Verdict
from question_bank.kinds.numeric import NumericBody
from question_bank.placeholders import ANSWER_NAME
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Item

SAMPLES: Final = 24

# A name that the engine does not know, or arguments that do not fit it.
NO_VALUE: Final = (KeyError, ValueError)


class NumericGrader(Grader):
    """Typed values in; right, a named mistake, or wrong out."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        body = _body(item)

        def good(values: Mapping[str, Any]) -> bool:
            try:
                return not coinciding(body, values)
            except NO_VALUE:
                return False

        values, _ = drawn(item, face, seed, good)
        return Presentation(item.id, face, seed, values)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        body = _body(item)
        try:
            truth = evaluate(body.truth, presentation.values)
        except NO_VALUE:
            return verdict(item, presentation, "undecided", text("grading.numeric.no_value"))
        form = body.answer or form_of(truth)
        try:
            typed = parse(answer, form)
            if form == "vector" and structure(typed) == (1,) != structure(truth) != ():
                raise NotUnderstoodError("list-wanted")
        except NotUnderstoodError as error:
            reason = text(f"grading.numeric.{error.code}")
            wanted = text(f"grading.numeric.form_{form}")
            return verdict(item, presentation, "not_understood", join([reason, wanted]))
        reading = show(typed)
        found = agreement(typed, truth, body.tolerance)
        if found == "yes":
            feedback = self._explained(item, presentation, truth)
            return verdict(item, presentation, "correct", feedback, reading=reading)
        named = [
            wrong.code
            for wrong in mistaken(body.truth, presentation.values, body.mistakes)
            if agreement(typed, wrong.value, body.tolerance) == "yes"
        ]
        if named:
            codes = list(dict.fromkeys(named))
            return verdict(
                item,
                presentation,
                "wrong",
                join([self._look(code) for code in codes[:2]]),
                reading=reading,
                mistakes=[Mistake(code, at={"found": reading}) for code in codes],
            )
        if found == "coarse":
            return verdict(
                item, presentation, "incomplete", text("grading.numeric.coarse"), reading=reading
            )
        key = "grading.numeric.wrong"
        if structure(typed) != structure(truth) and form != "shape":
            key = "grading.numeric.other_size"
        return verdict(item, presentation, "wrong", text(key), reading=reading)

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        try:
            shown = show(evaluate(_body(item).truth, presentation.values))
        except NO_VALUE:
            return text("grading.numeric.no_value")
        return Text(shown, shown)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        body = _body(item)
        try:
            form = body.answer or form_of(evaluate(body.truth, presentation.values))
        except NO_VALUE:
            form = "decimal"
        return View(
            filled(item.stem, presentation).in_(language),
            prompt=text(f"grading.numeric.form_{form}").in_(language),
            **surroundings(item, presentation, language),
        )

    def certify(self, item: Item) -> Certificate:
        body = _body(item)
        try:
            value = evaluate(body.truth, body.check.given)
            worked = parse_literal(body.check.answer, value)
        except (*NO_VALUE, NotUnderstoodError) as error:
            name = body.truth.name
            return failed(text("grading.certify.no_value", name=name, reason=str(error)))
        if agreement(worked, value, body.tolerance) != "yes":
            return failed(
                text("grading.certify.check_differs", worked=show(worked), value=show(value))
            )
        problems = [*self._draw_problems(item), *_form_problems(body, value)]
        return failed(*problems) if problems else Certificate("proved")

    def _draw_problems(self, item: Item) -> list[Text]:
        body = _body(item)
        try:
            for values in corners(item):
                evaluate(body.truth, values)
            for seed in range(SAMPLES if item.draw else 1):
                values = dict(self.present(item, item.faces[0], seed).values)
                if codes := coinciding(body, values):
                    shown = ", ".join(f"{name} = {value}" for name, value in values.items())
                    key = "grading.certify.coincide"
                    return [text(key, codes=", ".join(codes), values=shown or "-")]
        except NO_VALUE as error:
            name = body.truth.name
            return [text("grading.certify.no_value", name=name, reason=str(error))]
        return []

    def _explained(self, item: Item, presentation: Presentation, truth: Any) -> Text:
        return filled(item.explanation, presentation, **{ANSWER_NAME: show(truth)})

    def _look(self, code: str) -> Text:
        found = self.mistake_text(code)
        if found is None:
            return Text(f"{code}.", f"{code}。")
        name = found.name.en[:1].upper() + found.name.en[1:]
        return Text(f"{name}: {found.look.en}", f"{found.name.ja}：{found.look.ja}")


def coinciding(body: NumericBody, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of mistakes whose value cannot be told from the truth, or from that of another code.

    Empty for a good draw. Raises as ``evaluate``.
    """
    truth = evaluate(body.truth, values)
    wrong = mistaken(body.truth, values, body.mistakes)
    for one in wrong:
        if not apart(one.value, truth, body.tolerance):
            return (one.code,)
    for one, other in combinations(wrong, 2):
        if one.code != other.code and not apart(one.value, other.value, body.tolerance):
            return (one.code, other.code)
    return ()


def _form_problems(body: NumericBody, value: Any) -> list[Text]:
    """The form in which the answer is wanted must be able to hold it."""
    form = body.answer
    if form is None:
        return []
    dimensions = len(structure(value))
    fits = {
        "integer": isinstance(value, int),
        "fraction": dimensions == 0 and not isinstance(value, float),
        "decimal": dimensions == 0,
        "shape": dimensions <= 1,
        "vector": dimensions <= 1,
        "matrix": dimensions in (0, 2),
    }
    if fits[form]:
        return []
    return [text("grading.certify.form", form=form, value=show(value))]


def _body(item: Item) -> NumericBody:
    assert isinstance(item.body, NumericBody)
    return item.body
