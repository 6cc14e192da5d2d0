"""``match``: lettered left sides, numbered right sides; the first wrong pair gets its reason."""

from __future__ import annotations

import re
import unicodedata
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
    not_understood,
    shuffled,
    sourced_or_neither,
    surroundings,
    verdict,
)
from drills.grading.choice import SAMPLES
from drills.grading.drawing import corners, drawn, evaluate
from drills.grading.values import NotUnderstoodError, agreement, parse_literal, show
from drills.locale import text
from drills.verdict import Verdict
from question_bank.kinds.match import MatchBody, Pair
from question_bank.placeholders import substitute
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Item

_PAIR = re.compile(r"([A-Z])\s*(?:[=:\-→⇒>~]|->|=>)?\s*([0-9]{1,2})")


class MatchGrader(Grader):
    """``A=2 B=1`` in; every left side needs a partner."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        order = shuffled(item, face, seed, len(_body(item).right_sides()))
        return Presentation(item.id, face, seed, drawn(item, face, seed)[0], order)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        body = _body(item)
        sides = body.right_sides()
        chosen = _read(answer, len(body.pairs), len(sides))
        if chosen is None:
            return not_understood(item, presentation, "grading.match.form", **_form(body))
        reading = " ".join(f"{LETTERS[i]}={number}" for i, number in enumerate(chosen))
        picked = [sides[presentation.order[number - 1]] for number in chosen]
        pairs = list(zip(body.pairs, picked, strict=True))
        wrong = [(pair, side) for pair, side in pairs if pair.right != side]
        if not wrong:
            return verdict(item, presentation, "correct", item.explanation, reading=reading)
        pair, side = wrong[0]
        extra = next((entry.why for entry in body.extra if entry.right == side), None)
        count = text("grading.match.count", right=len(pairs) - len(wrong), n=len(pairs))
        feedback = join([count, pair.why if extra is None else extra])
        return verdict(item, presentation, "wrong", feedback, reading=reading)

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        body = _body(item)
        sides = body.right_sides()
        number = {index: place + 1 for place, index in enumerate(presentation.order)}
        pairs = [
            (LETTERS[i], number[sides.index(pair.right)], pair) for i, pair in enumerate(body.pairs)
        ]
        first = " ".join(f"{letter}={n}" for letter, n, _ in pairs)
        en = [f"{letter}={n}  {pair.left.en}: {pair.right.en}" for letter, n, pair in pairs]
        ja = [f"{letter}={n}  {pair.left.ja}：{pair.right.ja}" for letter, n, pair in pairs]
        return filled(Text("\n".join([first, *en]), "\n".join([first, *ja])), presentation)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        body = _body(item)
        sides = body.right_sides()

        def shown(side: Text) -> str:
            return filled(side, presentation).in_(language)

        left = tuple((LETTERS[i], shown(pair.left)) for i, pair in enumerate(body.pairs))
        right = tuple(
            (str(i + 1), shown(sides[index])) for i, index in enumerate(presentation.order)
        )
        return View(
            shown(item.stem),
            options=left,
            left=left,
            right=right,
            prompt=text("grading.match.form", **_form(body)).in_(language),
            **surroundings(item, presentation, language),
        )

    def certify(self, item: Item) -> Certificate:
        """Each left side computes to what its partner says, and to what no other partner says."""
        pairs = _body(item).pairs
        claimed = [pair for pair in pairs if pair.claim is not None]
        rows = [self.present(item, item.faces[0], seed).values for seed in range(SAMPLES)]
        for values in [*rows, *corners(item)] if item.draw else [{}]:
            for pair in claimed:
                for other in claimed:
                    problem = _claim_problem(pair, other, values)
                    if problem is not None:
                        return failed(problem)
        return Certificate("proved") if len(claimed) == len(pairs) else sourced_or_neither(item)


def _claim_problem(pair: Pair, other: Pair, values: Mapping[str, Any]) -> Text | None:
    """What is wrong with ``other.right`` beside ``pair.left``: it must hold for a partner only."""
    claim, beside = pair.claim, other.claim
    assert claim is not None
    assert beside is not None
    try:
        value = evaluate(claim.compute, values)
        stated = parse_literal(substitute(beside.equals, values), value)
    except NotUnderstoodError:
        # What cannot be read as such a value is no value of it.
        stated = None
    except (ValueError, KeyError) as error:
        return text("grading.certify.no_value", name=claim.compute.name, reason=str(error))
    holds = stated is not None and agreement(stated, value, 1e-3) == "yes"
    if holds == (pair.right == other.right):
        return None
    template = text(f"grading.certify.pair_{'holds' if holds else 'fails'}", value=show(value))
    left, right = pair.left, other.right
    return Text(
        template.en.replace("{left}", left.en).replace("{right}", right.en),
        template.ja.replace("{left}", left.ja).replace("{right}", right.ja),
    )


def _form(body: MatchBody) -> dict[str, object]:
    return {
        "last": LETTERS[len(body.pairs) - 1],
        "n": len(body.right_sides()),
        "example": " ".join(f"{LETTERS[i]}={i + 1}" for i in range(len(body.pairs))),
    }


def _read(answer: str, lefts: int, rights: int) -> list[int] | None:
    """The number chosen for each left side, or None for another form, a gap or a repeat."""
    plain = unicodedata.normalize("NFKC", answer[:400]).upper()
    plain = re.sub(r"[,;、。・/|()\[\]]", " ", plain)
    chosen: dict[str, int] = {}
    for letter, number in _PAIR.findall(plain):
        if letter in chosen or letter not in LETTERS[:lefts] or not 1 <= int(number) <= rights:
            return None
        chosen[letter] = int(number)
    if _PAIR.sub("", plain).strip() or len(chosen) < lefts:
        return None
    return [chosen[letter] for letter in LETTERS[:lefts]]


def _body(item: Item) -> MatchBody:
    assert isinstance(item.body, MatchBody)
    return item.body
