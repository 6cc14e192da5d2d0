"""A small bank and a grader that need nobody else: the answer is right when it is the item's id
turned round, ``wrong ...`` names a mistake, ``?`` is not understood."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from drills.clock import ManualClock
from drills.progress.store import Store
from drills.session import Session, SessionRequest
from drills.verdict import Mistake, Verdict
from question_bank.text import Text


@dataclass(frozen=True)
class Item:
    id: str
    kind: str = "term"
    section: str = "rnn"
    fact: str = ""
    level: int = 1
    seconds: int = 60
    status: str = "current"
    hints: tuple[Text, ...] = (Text("first {D}", "一つ目 {D}"), Text("second", "二つ目"))
    hash: str = "h1"
    faces: tuple[str, ...] = ("typed", "choice")
    body: object = None


@dataclass
class Bank:
    items: dict[str, Item]
    sections: tuple[str, ...] = ("rnn", "bptt")
    mistakes: dict[str, object] = field(default_factory=dict)
    exercises: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Presentation:
    item: str
    face: str
    seed: int
    values: dict[str, int]
    order: tuple[int, ...]


class Grader:
    """Draws from the seed as the real ones do."""

    def __init__(self) -> None:
        self.graded: list[str] = []

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        rng = random.Random(f"{item.id}/{face}/{seed}")
        order = list(range(4))
        rng.shuffle(order)
        return Presentation(item.id, face, seed, {"D": rng.randint(2, 64)}, tuple(order))

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        self.graded.append(answer)
        if answer in ("?", "..."):
            outcome = "not_understood" if answer == "?" else "incomplete"
            return Verdict(outcome, Text("Not judged", "採点なし"), item=item.id)
        if answer == right(item.id):
            return Verdict("correct", Text("Right", "正解"), item=item.id, reading=answer)
        codes = answer.removeprefix("wrong").split()
        return Verdict(
            "wrong",
            Text("Look again", "見直す"),
            tuple(Mistake(code, (0, 1), {"found": "x"}) for code in codes),
            item=item.id,
            ledger=({"lag": 0, "state": "right"},),
        )

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        return Text(right(item.id), right(item.id))


GRADER = Grader()


def graders(kind: str) -> Grader:
    return GRADER


def right(item: str) -> str:
    return item[::-1]


def bank(count: int = 5, **fields: object) -> Bank:
    return Bank({f"item-{n}": Item(f"item-{n}", **fields) for n in range(count)})


def clock_at(day: int = 1, hour: int = 12, offset: int = 0) -> ManualClock:
    return ManualClock(datetime(2026, 11, day, hour, tzinfo=UTC), offset)


def start(
    home: Path, some_bank: Bank, clock: ManualClock, seed: int = 7, **request: object
) -> tuple[Store, Session]:
    store = Store(home, clock)
    asked = SessionRequest(seed=seed, **request)  # type: ignore[arg-type]
    return store, Session.start(some_bank, store, asked, graders=graders)
