"""Which items a session asks for, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from practice_doubles import Bank, Item, bank, clock_at, graders, right, start

from drills.progress.index import CardRow
from drills.scheduling import Rating, replay
from drills.selection import SIBLING_GAP, SessionRequest, choose, spread
from drills.session import Session

TODAY = date(2026, 11, 10)


def seen(item: str, days_ago: int, rating: Rating = Rating.AGAIN, face: str = "typed") -> CardRow:
    name = f"{item}#{face}"
    state = replay(name, [(TODAY - timedelta(days=days_ago), rating)])
    assert state is not None
    return CardRow(name, item, state, "h1")


def ids(some_bank: Bank, rows: list[CardRow], **request: object) -> list[str]:
    asked = SessionRequest(**request)  # type: ignore[arg-type]
    return [item.id for item in choose(some_bank, {row.card: row for row in rows}, asked, TODAY)]


MIXED = Bank(
    {
        "u": Item("u", section="bptt", kind="formula"),
        "a": Item("a"),
        "b": Item("b", kind="choice"),
        "c": Item("c"),
        "old": Item("old", status="legacy"),
        "course": Item("course", status="course"),
        "own": Item("own", section="my-own-notes"),
    }
)
ROWS = [seen("c", 5), seen("u", 9), seen("b", 1, Rating.EASY)]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({}, ["u", "c", "a", "own"]),
        ({"which": "due"}, ["u", "c"]),
        ({"which": "new"}, ["a", "own"]),
        ({"which": "all"}, ["u", "c", "a", "own", "b"]),
        ({"count": 2}, ["u", "c"]),
        ({"count": 0}, []),
        ({"count": -3}, []),
        ({"section": "rnn"}, ["c", "a"]),
        ({"section": "nowhere"}, []),
        ({"kind": "formula"}, ["u"]),
        ({"section": "bptt", "which": "new"}, []),
        ({"statuses": ("legacy", "course")}, ["old", "course"]),
        ({"items": ("old", "b", "gone", "a")}, ["old", "b", "a"]),
        ({"face": "choice", "which": "due"}, []),
    ],
)
def test_due_first_then_new_in_the_order_of_the_curriculum(
    request_: dict[str, object], expected: list[str]
) -> None:
    assert ids(MIXED, ROWS, **request_) == expected


def test_what_is_due_as_long_but_less_well_known_comes_first() -> None:
    weak, strong = seen("b", 2, Rating.AGAIN), seen("a", 2, Rating.HARD)
    assert weak.state.due == strong.state.due
    assert ids(bank_of("a", "b"), [strong, weak], which="due") == ["b", "a"]


def bank_of(*names: str) -> Bank:
    return Bank({name: Item(name) for name in names})


@dataclass(frozen=True)
class Option:
    mistake: str | None


@dataclass(frozen=True)
class Body:
    options: tuple[Option, ...] = ()
    mistakes: object = None


def test_a_mistake_is_practised_where_it_was_made_and_where_it_can_be_made(home: Path) -> None:
    some_bank = Bank(
        {
            "plain": Item("plain"),
            "made": Item("made"),
            "option": Item("option", body=Body((Option(None), Option("sum-dropped")))),
            "number": Item("number", body=Body(mistakes=("sum-dropped", "sign-flipped"))),
            "every": Item("every", body=Body(mistakes="all")),
        }
    )
    store, session = start(home, some_bank, clock_at(), items=("made",))
    session.answer("wrong sum-dropped")
    session.answer(right("made"))
    session.close()
    request = SessionRequest(mistake="sum-dropped", seed=1)
    asked = Session.start(some_bank, store, request, graders=graders)
    assert {slot.item for slot in asked.slots} == {"made", "option", "number"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_what_is_due_is_asked_the_day_it_falls_due_and_not_before(home: Path) -> None:
    clock = clock_at(day=1, hour=12)
    store, session = start(home, bank(1), clock)
    session.answer("wrong")
    session.close()
    due = SessionRequest(which="due", seed=1)
    # Due tomorrow, which begins at four in the morning.
    clock.advance(15.9 * 3600)
    assert Session.start(bank(1), store, due, graders=graders).slots == ()
    clock.advance(0.2 * 3600)
    assert len(Session.start(bank(1), store, due, graders=graders).slots) == 1


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.lists(st.sampled_from(["", "p", "q", "r", "s", "t"]), max_size=16))
def test_siblings_are_kept_apart_wherever_there_is_something_to_put_between(
    facts: list[str],
) -> None:
    items = [Item(f"i{n}", fact=fact) for n, fact in enumerate(facts)]
    order = spread(items)
    assert sorted(item.id for item in order) == sorted(item.id for item in items)
    for place, item in enumerate(order):
        recent = {other.fact for other in order[max(0, place - SIBLING_GAP) : place]} - {""}
        if item.fact in recent:
            assert all(other.fact in recent for other in order[place:])


def test_without_siblings_the_order_is_kept() -> None:
    items = [Item(f"i{n}", fact=f"f{n}") for n in range(9)] + [Item("x"), Item("y")]
    assert spread(items) == items
