"""The faces of one fact: where one of them was forgotten, the others come due as well.

A fact that could not be written as a formula is not known because it was recognised among four
options last week. Nothing of this is stored: a card's own state stays what its own answers made it,
and as soon as the forgotten one is known again the others return to their own days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from drills.progress.index import CardRow
from drills.selection import BankLike, catalogue_of

if TYPE_CHECKING:
    from drills.progress.store import Store

NEXT_DAY = timedelta(days=1)


def cards_of(store: Store, bank: BankLike) -> Mapping[str, CardRow]:
    """The cards of a store, as what was forgotten makes them due in this bank."""
    return with_siblings(store.cards(), catalogue_of(bank))


def with_siblings(cards: Mapping[str, CardRow], entries: Iterable[Any]) -> Mapping[str, CardRow]:
    """The cards with what a lapse on one face of a fact means for its other faces.

    A card of the same fact that has not been answered since the lapse is due on the day after it,
    if it would have been due later. ``entries`` are the items, or the bank's catalogue of them.
    """
    forgotten = [row for row in cards.values() if row.state.forgot]
    if not forgotten:
        return cards
    fact_of = {entry.id: entry.fact for entry in entries}
    lapses: dict[str, date] = {}
    for row in forgotten:
        fact = fact_of.get(row.item)
        if fact:
            lapses[fact] = max(row.state.last_day, lapses.get(fact, date.min))
    found = dict(cards)
    for name, row in cards.items():
        lapse = lapses.get(fact_of.get(row.item, ""))
        if lapse is None or row.state.forgot or row.state.last_day > lapse:
            continue
        day = lapse + NEXT_DAY
        if row.state.due > day:
            found[name] = replace(row, state=replace(row.state, due=day))
    return found
