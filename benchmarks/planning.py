"""How long planning makes one wait: a plan of 42 evenings over 800 items, and tonight's session.

The limits are a second for the plan and 50 ms for the session; the ratio is that to one evening's
priorities, of which a plan needs 42 for each of its runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.bank import milliseconds
from benchmarks.figure import Figure
from drills import scheduling
from drills.planning.memory import Memory
from drills.planning.plan import make_plan
from drills.planning.policy import Learner, State, priorities
from drills.planning.stock import stock_of
from drills.planning.tonight import tonight
from question_bank.catalogue import Entry
from question_bank.objectives import OBJECTIVES

ITEMS, EVENINGS, MINUTES = 800, 42, 25
TODAY = date(2026, 11, 24)
LIMITS = {"plan": 1000.0, "tonight": 50.0}


def entries() -> list[Entry]:
    """Items on all objectives, in three levels."""
    return [
        Entry(
            id=f"item-{number}",
            kind=("choice", "numeric", "code")[number % 3],
            section=OBJECTIVES[number * len(OBJECTIVES) // ITEMS][0],
            fact=f"fact-{number // 2}",
            objectives=(OBJECTIVES[number * len(OBJECTIVES) // ITEMS],),
            level=1 + number % 3,
            seconds=40 + 7 * (number % 31),
            status="current",
            faces=("choice",),
            hash="",
            framework=None,
            set=None,
            mistakes=(),
            line=number,
            column=1,
            card=f"item-{number}#choice",
        )
        for number in range(ITEMS)
    ]


def figures() -> Iterator[Figure]:
    """One evening's priorities, tonight's session, the whole plan."""
    stock = stock_of(entries(), {}, TODAY)
    memory, learner = Memory(scheduling.parameters()), Learner()
    state, exam = State.of(stock), TODAY + timedelta(days=EVENINGS)
    seconds = 60 * MINUTES
    reference = milliseconds(
        lambda: priorities(state, stock, memory, learner, 0, EVENINGS, seconds)
    )
    yield Figure("planning-priorities", reference, "ms")
    for name, work in (
        ("tonight", lambda: tonight(stock, memory, learner, EVENINGS, MINUTES)),
        ("plan", lambda: make_plan(stock, memory, learner, TODAY, exam, MINUTES)),
    ):
        taken = milliseconds(work)
        holds = taken <= LIMITS[name]
        yield Figure(
            f"planning-{name}", taken, "ms", taken / reference, "planning-priorities", holds
        )
