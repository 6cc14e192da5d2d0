"""A lapse on one face of a fact brings its other faces due, until it is known again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from practice_doubles import Bank, Item, clock_at, right, start

from drills.progress import paths
from drills.progress.index import CardRow
from drills.progress.store import Store
from drills.scheduling import CardState
from drills.siblings import with_siblings
from drills.statistics import statistics

DAY = date(2026, 11, 20)
FAR = DAY + timedelta(days=30)


@dataclass(frozen=True)
class Entry:
    id: str
    fact: str


ENTRIES = (
    Entry("typed", "rnn.delta"),
    Entry("chosen", "rnn.delta"),
    Entry("other", "lstm.cell"),
    Entry("bare", ""),
)


def row(item: str, *, due: date = FAR, last: date = DAY, forgot: bool = False) -> CardRow:
    state = CardState(9.0, 5.0, due, last, 3, int(forgot), forgot)
    return CardRow(f"{item}#typed", item, state, "h")


def due_days(*rows: CardRow) -> dict[str, date]:
    found = with_siblings({one.card: one for one in rows}, ENTRIES)
    return {one.item: one.state.due for one in found.values()}


NEXT = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "sibling", "due"),
    [
        ("it would have come later: it comes on the day after the lapse", row("chosen"), NEXT),
        ("it is due sooner already", row("chosen", due=DAY), DAY),
        ("it was answered after the lapse", row("chosen", last=NEXT), FAR),
        ("it was forgotten itself, and has a day of its own", row("chosen", forgot=True), FAR),
        ("it asks for another fact", row("other"), FAR),
        ("no fact is stated", row("bare"), FAR),
        ("its item has left the bank", row("gone"), FAR),
    ],
)
def test_when_a_fact_was_forgotten(said: str, sibling: CardRow, due: date) -> None:
    lapse = row("typed", due=NEXT, forgot=True)
    assert due_days(lapse, sibling)[sibling.item] == due, said
    assert due_days(lapse, sibling)["typed"] == NEXT


def test_without_a_lapse_the_cards_are_what_they_were() -> None:
    cards = {one.card: one for one in (row("typed"), row("chosen"))}
    assert with_siblings(cards, ENTRIES) is cards


def test_a_lapse_in_a_session_brings_the_other_item_of_the_fact_the_next_evening(
    tmp_path: Path,
) -> None:
    items = [Item("one", fact="f"), Item("two", fact="f"), Item("three", fact="g")]
    bank, clock = Bank({item.id: item for item in items}), clock_at(1)
    store, session = start(tmp_path, bank, clock, count=3)
    while not session.finished:
        session.answer(right(session.item.id))
        session.next()
    clock.advance(days=1)
    _, lapse = start(tmp_path, bank, clock, items=("one",))
    lapse.answer("wrong index-shifted")
    lapse.next()
    clock.advance(days=1)
    store, evening = start(tmp_path, bank, clock, which="due")
    own = {card.item: card.state.due for card in store.cards().values()}
    today = clock.now().date()
    assert own["two"] > today
    assert own["three"] > today
    assert {slot.item for slot in evening.slots} == {"one", "two"}
    assert statistics(store, bank, clock.now()).due == 2


def test_a_home_of_an_earlier_version_knows_its_lapses_after_its_cards_are_replayed(
    tmp_path: Path,
) -> None:
    clock = clock_at(1)
    store, session = start(tmp_path, Bank({"one": Item("one", fact="f")}), clock)
    session.answer("wrong")
    store.close()
    with closing(sqlite3.connect(paths.database(tmp_path))) as connection, connection:
        connection.execute("ALTER TABLE card DROP COLUMN forgot")
        connection.execute("UPDATE fact SET value = 'earlier' WHERE name = 'scheduler'")
        connection.execute("PRAGMA user_version = 2")
    with Store(tmp_path, clock) as again:
        assert [card.state.forgot for card in again.cards().values()] == [True]
        assert again.notices == []
