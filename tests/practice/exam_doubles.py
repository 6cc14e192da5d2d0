"""A bank of four-option questions and a grader whose right option is the author's number 0."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from practice_doubles import Bank, Presentation, clock_at

from drills.exam import Exam, ExamRequest
from drills.grading.base import View
from drills.progress.store import Store
from drills.verdict import Mistake, Verdict
from question_bank.text import Place, Text

LETTERS = "ABCD"


def body(options: int = 4, several: bool = False) -> SimpleNamespace:
    return SimpleNamespace(options=[None] * options, several=several)


@dataclass(frozen=True)
class Item:
    id: str
    kind: str = "choice"
    section: str = "rnn"
    fact: str = ""
    objectives: tuple[str, ...] = ()
    level: int = 1
    seconds: int = 60
    status: str = "current"
    framework: str | None = None
    set: str | None = None
    place: Place = field(default=Place("f.yaml", 1, 1))
    hints: tuple[Text, ...] = ()
    hash: str = "h1"
    faces: tuple[str, ...] = ("choice",)
    body: object = field(default_factory=body)


class Grader:
    """Draws from the seed; a wrong letter is the mistake ``index-shifted``."""

    def __init__(self, options: int = 4) -> None:
        self.options = options

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        order = list(range(4))
        random.Random(f"{item.id}/{face}/{seed}").shuffle(order)
        return Presentation(item.id, face, seed, {}, tuple(order))

    def view(self, item: Item, presentation: Presentation, language: str) -> View:
        options = tuple((letter, f"{item.id} {letter}") for letter in LETTERS[: self.options])
        return View(item.id, options=options)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        if presentation.order[LETTERS.index(answer)] == 0:
            return Verdict("correct", Text("Right", "正解"), item=item.id)
        mistakes = (Mistake("index-shifted"),)
        return Verdict("wrong", Text("Look", "見直す"), mistakes, item=item.id)

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        letter = LETTERS[presentation.order.index(0)]
        return Text(letter, letter)


GRADER = Grader()


def graders(kind: str) -> Grader:
    return GRADER


def questions(count: int, **fields: object) -> Bank:
    items = [Item(f"item-{n}", fact=f"f{n}", **fields) for n in range(count)]  # type: ignore[arg-type]
    return Bank({item.id: item for item in items})  # type: ignore[misc]


def sit(home: Path, bank: Bank, *, seed: int = 3, **request: object) -> tuple[Store, Exam]:
    store = Store(home, clock_at())
    asked = ExamRequest(seed=seed, **request)  # type: ignore[arg-type]
    return store, Exam.start(bank, store, asked, graders=graders)


def right_letter(exam: Exam, position: int | None = None) -> str:
    return LETTERS[exam.presentation(position).order.index(0)]


def wrong_letter(exam: Exam, position: int | None = None) -> str:
    return LETTERS[exam.presentation(position).order.index(1)]
