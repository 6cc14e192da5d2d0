"""``choice``: one right option, or several; every wrong one has its own reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drills.grading.base import (
    LETTERS,
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    filled,
    join,
    labelled,
    letters_in,
    not_understood,
    shown_values,
    shuffled,
    sourced_or_neither,
    surroundings,
    verdict,
)
from drills.grading.drawing import corners, drawn, evaluate
from drills.grading.values import NotUnderstoodError, agreement, parse_literal, show
from drills.locale import text
from drills.verdict import Mistake, Verdict
from question_bank.kinds.choice import ChoiceBody
from question_bank.placeholders import fill_text, substitute
from question_bank.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from question_bank.kinds.choice import Option
    from question_bank.model import Item

SAMPLES = 24


class ChoiceGrader(Grader):
    """Letters in, the chosen option's own reason out."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        body = _body(item)

        def distinct(values: Mapping[str, Any]) -> bool:
            texts = [fill_text(option.text, shown_values(values)) for option in body.options]
            return all(
                len({t.in_(language) for t in texts}) == len(texts) for language in LANGUAGES
            )

        values, _ = drawn(item, face, seed, distinct)
        order = shuffled(item, face, seed, len(body.options))
        last = tuple(i for i in range(len(body.options)) if body.options[i].fixed)
        order = (*(i for i in order if i not in last), *last)
        return Presentation(item.id, face, seed, values, order)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        body = _body(item)
        letters = letters_in(answer, len(body.options))
        last = LETTERS[len(body.options) - 1]
        if letters is None or (len(letters) > 1 and not body.several):
            key = "grading.choice.form_several" if body.several else "grading.choice.form"
            return not_understood(item, presentation, key, last=last)
        chosen = [presentation.order[LETTERS.index(letter)] for letter in sorted(set(letters))]
        reading = " ".join(sorted(set(letters)))
        wrong = [body.options[index] for index in chosen if not body.options[index].right]
        missing = sum(option.right for option in body.options) - (len(chosen) - len(wrong))
        if not wrong and not missing:
            return verdict(item, presentation, "correct", item.explanation, reading=reading)
        feedback = [option.why for option in wrong if option.why is not None]
        if missing and body.several:
            feedback.append(text("grading.choice.missing", n=missing))
        mistakes = [Mistake(option.mistake) for option in wrong if option.mistake]
        return verdict(
            item, presentation, "wrong", join(feedback), reading=reading, mistakes=mistakes
        )

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        shown = labelled([option.text for option in _body(item).options], presentation.order)
        right = [
            Text(f"{letter}  {option.en}", f"{letter}  {option.ja}")
            for (letter, option), index in zip(shown, presentation.order, strict=True)
            if _body(item).options[index].right
        ]
        lines = Text("\n".join(t.en for t in right), "\n".join(t.ja for t in right))
        return filled(lines, presentation)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        body = _body(item)
        shown = labelled([option.text for option in body.options], presentation.order)
        key = "grading.choice.prompt_several" if body.several else "grading.choice.prompt"
        return View(
            filled(item.stem, presentation).in_(language),
            options=tuple((a, filled(t, presentation).in_(language)) for a, t in shown),
            prompt=text(key, last=LETTERS[len(body.options) - 1]).in_(language),
            **surroundings(item, presentation, language),
        )

    def certify(self, item: Item) -> Certificate:
        body = _body(item)
        claimed = [option for option in body.options if option.claim is not None]
        problems: list[Text] = []
        rows = [self.present(item, item.faces[0], seed).values for seed in range(SAMPLES)]
        for values in [*rows, *corners(item)] if item.draw else [{}]:
            for option in claimed:
                found = _claim_problem(option, values)
                if found is not None and found not in problems:
                    problems.append(found)
            if problems:
                return failed(*problems)
        return (
            Certificate("proved") if len(claimed) == len(body.options) else sourced_or_neither(item)
        )


def _claim_problem(option: Option, values: Mapping[str, Any]) -> Text | None:
    """Why the option's claim is not as the key says, else None."""
    claim = option.claim
    assert claim is not None
    said = fill_text(option.text, shown_values(values))
    try:
        value = evaluate(claim.compute, values)
        stated = parse_literal(substitute(claim.equals, values), value)
    except (ValueError, KeyError, NotUnderstoodError) as error:
        return text("grading.certify.no_value", name=claim.compute.name, reason=str(error))
    holds = agreement(stated, value, 1e-3) == "yes"
    if holds == option.right:
        return None
    key = "grading.certify.claim_fails" if option.right else "grading.certify.claim_holds"
    template = text(key, value=show(value), name=claim.compute.name)
    return Text(template.en.replace("{option}", said.en), template.ja.replace("{option}", said.ja))


def _body(item: Item) -> ChoiceBody:
    assert isinstance(item.body, ChoiceBody)
    return item.body
