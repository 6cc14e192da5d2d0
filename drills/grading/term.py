"""``term``: a name to type, in either language and in any of its usual spellings."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from drills.grading.base import (
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    filled,
    not_understood,
    sourced_or_neither,
    surroundings,
    verdict,
)
from drills.grading.drawing import drawn
from drills.locale import text
from drills.verdict import Verdict
from question_bank.kinds.term import Near, TermBody
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Item

MAX_LENGTH: Final = 200

# Shorter words are too close to one another for a slip of the finger to be told from a mistake.
_SHORTEST_FOR_SLIPS: Final = 6
_HIRAGANA: Final = {chr(code): chr(code + 0x60) for code in range(ord("ぁ"), ord("ゖ") + 1)}
_TO_KATAKANA: Final = str.maketrans(_HIRAGANA)


class TermGrader(Grader):
    """Compares folded spellings: width, case, spaces, hyphens and long-vowel marks don't count."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        return Presentation(item.id, face, seed, drawn(item, face, seed)[0])

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        body = _body(item)
        reading = " ".join(unicodedata.normalize("NFKC", answer[:MAX_LENGTH]).split())
        parts = _parts(answer)
        if len(answer) > MAX_LENGTH or not parts:
            return not_understood(item, presentation, "grading.term.form")
        accepted = {fold(spelling) for spelling in (*body.en, *body.ja)}
        if all(part in accepted for part in parts):
            return verdict(item, presentation, "correct", item.explanation, reading=reading)
        near = _near(body, parts)
        if near is not None:
            return verdict(item, presentation, "wrong", near.why, reading=reading)
        if len(parts) == 1 and any(_one_slip(parts[0], spelling) for spelling in accepted):
            return not_understood(item, presentation, "grading.term.slip")
        return verdict(item, presentation, "wrong", text("grading.term.wrong"), reading=reading)

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        return Text(_body(item).en[0], _body(item).ja[0])

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        stem = filled(item.stem, presentation).in_(language)
        around = surroundings(item, presentation, language)
        return View(stem, prompt=text("grading.term.form").in_(language), **around)

    def certify(self, item: Item) -> Certificate:
        body = _body(item)
        accepted = {fold(spelling): spelling for spelling in (*body.en, *body.ja)}
        problems = [
            text("grading.certify.near_accepted", near=spelling, accepted=accepted[fold(spelling)])
            for near in body.near
            for spelling in near.text
            if fold(spelling) in accepted
        ]
        unreadable = [
            text("grading.certify.unreadable", spelling=spelling)
            for spelling in (*accepted.values(), *(s for near in body.near for s in near.text))
            if not fold(spelling)
        ]
        return (
            failed(*problems, *unreadable) if problems or unreadable else sourced_or_neither(item)
        )


def fold(spelling: str) -> str:
    """One form for all spellings of a term: NFKC, no case, katakana, no spaces, hyphens, dots,
    long-vowel marks or quotes, and no English article."""
    plain = unicodedata.normalize("NFKC", spelling).casefold().translate(_TO_KATAKANA)
    plain = re.sub(r"^\s*(?:the|an|a)\s+", "", plain)
    return re.sub(r"[\s\-‐‑‒–—―−ーｰ〜~_・·.。,、'’‘\"“”「」『』`]", "", plain)


def _parts(answer: str) -> list[str]:
    """The folded answer; "term (other name)" and "term = other name" are two, both to be right."""
    plain = unicodedata.normalize("NFKC", answer[:MAX_LENGTH])
    parts = re.split(r"[()\[\]=/]", plain)
    return [folded for part in parts if (folded := fold(part))]


def _near(body: TermBody, parts: list[str]) -> Near | None:
    for near in body.near:
        if any(fold(spelling) in parts for spelling in near.text):
            return near
    return None


def _one_slip(typed: str, right: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with its neighbour."""
    if min(len(typed), len(right)) < _SHORTEST_FOR_SLIPS or abs(len(typed) - len(right)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(typed, right, strict=False)) if a != b), None)
    if same is None:
        return typed != right
    rest, other = typed[same:], right[same:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )


def _body(item: Item) -> TermBody:
    assert isinstance(item.body, TermBody)
    return item.body
