"""The questions of a set come one after another, in the order of the set."""

from dataclasses import dataclass, field
from datetime import date

from drills.selection import SessionRequest, choose, spread
from question_bank.text import Place


@dataclass
class Question:
    id: str
    fact: str
    set: str | None = None
    place: Place = field(default=Place("", 1, 1))
    section: str = "rnn"
    kind: str = "choice"
    status: str = "current"
    faces: tuple[str, ...] = ("choice",)


def question(id, fact, name=None, line=1):
    return Question(id, fact, name, Place("items/a.yaml", line, 1))


def test_a_set_is_not_torn_apart():
    items = [
        question("third", "f", "s", 30),
        question("alone", "g"),
        question("first", "f", "s", 10),
        question("other", "h"),
        question("second", "f", "s", 20),
    ]

    order = [item.id for item in spread(items)]

    assert order == ["first", "second", "third", "alone", "other"]


def test_a_question_of_a_set_that_is_due_alone_is_asked_alone():
    items = {
        "first": question("first", "f", "s", 10),
        "second": question("second", "f", "s", 20),
        "alone": question("alone", "g"),
    }

    class Bank:
        sections = ("rnn",)

    Bank.items = items

    asked = choose(Bank, {}, SessionRequest(count=2), date(2026, 11, 24))

    assert [item.id for item in asked] == ["first", "second"]
    assert [item.id for item in spread([items["second"], items["alone"]])] == ["second", "alone"]
