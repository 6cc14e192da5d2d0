"""``formula``: a formula that is written, or chosen among look-alikes that the engine made."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from drills.grading.base import (
    LETTERS,
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    filled,
    join,
    letters_in,
    not_understood,
    shuffled,
    surroundings,
    verdict,
)
from drills.grading.formula_feedback import mistake_sentence, verdict_of
from drills.grading.formula_words import target_statement
from drills.locale import text
from drills.verdict import Mistake, Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import FormulaBody, Item

__all__ = ["FormulaGrader", "target_statement", "verdict_of"]

DISTRACTORS: Final = 3


class FormulaGrader(Grader):
    """Typed: judged by derivation and evaluation. Choice: the distractors are proved mistakes."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        """The order of the options; a typed formula has nothing to draw."""
        order = shuffled(item, face, seed, DISTRACTORS + 1) if face == "choice" else ()
        return Presentation(item.id, face, seed, order=order)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        """Judge what was typed, or name the mistake of the option that was chosen."""
        if presentation.face == "choice":
            return self._grade_choice(item, presentation, answer)
        from engine.formulas.judge import judge

        body = _body(item)
        found = verdict_of(
            judge(answer, target=body.target, stated=dict(body.stated)),
            self._texts(),
            body.stated,
            item=item.id,
            face=presentation.face,
            seed=presentation.seed,
            elsewhere_counts=item.elsewhere == "counts",
        )
        if not found.right:
            return found
        from dataclasses import replace

        parts = [found.feedback, item.explanation]
        return replace(found, feedback=join(parts) if found.outcome != "correct" else parts[1])

    def _grade_choice(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        options = self._options(item, presentation)
        letters = letters_in(answer, len(options))
        if letters is None or len(letters) != 1:
            shown = ", ".join(LETTERS[: len(options)])
            return not_understood(item, presentation, "formula.choice_form", letters=shown)
        formula, code = options[LETTERS.index(letters[0])]
        if code is None:
            return verdict(item, presentation, "correct", item.explanation, reading=formula)
        mistake = Mistake(code)
        return verdict(
            item,
            presentation,
            "wrong",
            mistake_sentence(mistake, self._texts()),
            reading=formula,
            mistakes=[mistake],
        )

    def certify(self, item: Item) -> Certificate:
        """The derived answer is right as stated, and every option that should be wrong is wrong."""
        from engine.formulas.judge import judge
        from engine.formulas.targets import TARGETS

        body = _body(item)
        target = TARGETS.get(body.target)
        if target is None:
            return failed(text("formula.unknown_target", name=body.target))
        stated = dict(body.stated)
        problems = []
        for formula in _right_answers(body.target, tuple(sorted(stated.items()))):
            outcome = judge(formula, target=body.target, stated=stated).outcome
            if outcome != "correct":
                problems.append(
                    text("certification.unproved_key", formula=formula, outcome=outcome)
                )
        for formula in body.check:
            outcome = judge(formula, target=body.target, stated=stated).outcome
            if outcome != "correct":
                problems.append(
                    text(
                        "grading.certify.formula_check",
                        target=body.target,
                        formula=formula,
                        outcome=outcome,
                    )
                )
        if "choice" in item.faces:
            for formula, _code in _distractors(body.target, tuple(sorted(stated.items())), 0):
                outcome = judge(formula, target=body.target, stated=stated).outcome
                if outcome != "wrong":
                    problems.append(text("formula.distractor", formula=formula, outcome=outcome))
        return failed(*problems) if problems else Certificate("proved")

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        """The canonical answer, with the letter of its option where options are shown."""
        formula = _right_answers(_body(item).target, _stated(item))[0]
        if presentation.face == "choice":
            letter = LETTERS[presentation.order.index(0)]
            return Text(f"{letter}  {formula}", f"{letter}  {formula}")
        return Text(formula, formula)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        """The stem, and the options as formulas where they are to be chosen from."""
        stem = filled(item.stem, presentation).in_(language)
        given = _body(item).given
        if given is not None:
            stem += "\n" + text("formula.given", symbols=given.in_(language)).in_(language)
        options: tuple[tuple[str, str], ...] = ()
        if presentation.face == "choice":
            options = tuple(
                (LETTERS[place], formula)
                for place, (formula, _) in enumerate(self._options(item, presentation))
            )
        prompt = text(f"formula.prompt.{presentation.face}").in_(language)
        around = surroundings(item, presentation, language)
        return View(stem, options=options, prompt=prompt, **around)

    def _options(self, item: Item, presentation: Presentation) -> list[tuple[str, str | None]]:
        """(formula, code of its mistake) in the order shown; the author's number 0 is right."""
        target, stated = _body(item).target, _stated(item)
        options: list[tuple[str, str | None]] = [(_right_answers(target, stated)[0], None)]
        options += _distractors(target, stated, presentation.seed)
        return [options[index] for index in presentation.order if index < len(options)]

    def _texts(self) -> Any:
        from drills.grading.base import _built_in_mistakes

        return self.bank.mistakes if self.bank is not None else _built_in_mistakes()


def _body(item: Item) -> FormulaBody:
    from question_bank.model import FormulaBody

    assert isinstance(item.body, FormulaBody)
    return item.body


def _stated(item: Item) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_body(item).stated.items()))


@lru_cache(maxsize=64)
def _right_answers(target: str, stated: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    from engine.formulas.conventions import Convention, checked
    from engine.formulas.notations import notations
    from engine.formulas.rendering import canonical
    from engine.formulas.targets import TARGETS, laid_out

    asked, convention = TARGETS[target], Convention(**checked(dict(stated)))
    # In the letters that the distractors have: each model has tables of its own.
    names = next(iter(notations(asked.model).values()))
    answers = asked.answers(convention)
    return tuple(canonical(laid_out(answer, asked.model, convention), names) for answer in answers)


@lru_cache(maxsize=64)
def _distractors(
    target: str, stated: tuple[tuple[str, str], ...], seed: int
) -> tuple[tuple[str, str], ...]:
    from engine.formulas.register import distractors
    from engine.formulas.targets import TARGETS

    return tuple(distractors(TARGETS[target], dict(stated), count=DISTRACTORS, seed=seed))
