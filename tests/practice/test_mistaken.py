"""One mistake over all kinds: it is counted by its code, and practised where it can be made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from built_in import BANK
from practice_rows import review

from drills.clock import ManualClock
from drills.mistaken import about_mistake, chances, mistake_counts
from drills.progress.store import Store
from drills.selection import SessionRequest
from engine.mistakes import MISTAKE_CODES

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    clock = ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), utc_offset=540)
    return Store(tmp_path / "home", clock)


def items_of(kind: str, code: str, most: int) -> list[str]:
    """Items of a kind in which a mistake can be made."""
    found: list[str] = []
    for item in BANK.items.values():
        if item.kind == kind and item.status == "current" and code in chances(item, BANK):
            found.append(item.id)
        if len(found) == most:
            break
    return found


@pytest.mark.parametrize("kind", ["choice", "formula", "code"])
def test_a_dropped_transpose_can_be_made_in_every_kind_that_has_matrices(kind: str) -> None:
    assert items_of(kind, "transpose-dropped", 2)


def test_what_can_be_made_in_an_item_are_codes_that_exist() -> None:
    for item in list(BANK.items.values())[::40]:
        assert chances(item, BANK) <= MISTAKE_CODES


def test_counts_go_over_kinds_and_sections_and_know_the_last_day(store: Store) -> None:
    rows = [
        review(1, kind="formula", section="rnn", mistakes=("transpose-dropped",)),
        review(
            2,
            kind="code",
            section="bptt",
            mistakes=("transpose-dropped", "index-shifted"),
            answered_at="2026-11-03T12:02:30.000Z",
        ),
        review(3, kind="choice", section="lstm", mistakes=(), right=True, outcome="correct"),
    ]
    for row in rows:
        store.record(row)
    first, second = mistake_counts(store, BANK)
    assert (first.code, first.count) == ("transpose-dropped", 2)
    assert (first.last, first.sections) == (date(2026, 11, 3), ("rnn", "bptt"))
    assert first.name == BANK.mistakes["transpose-dropped"].name
    assert (second.code, second.count, second.sections) == ("index-shifted", 1, ("bptt",))


def test_a_session_about_a_mistake_begins_where_it_was_made_and_mixes_kinds(store: Store) -> None:
    made = items_of("code", "index-shifted", 3)[-1]
    item = BANK.items[made]
    card = f"{made}#{item.faces[0]}"
    store.record(review(1, item=made, card=card, mistakes=("index-shifted",)))
    request = SessionRequest(mistake="index-shifted", count=8)
    asked = about_mistake(request, BANK, store, TODAY)
    assert asked.items[0] == made
    assert len(asked.items) == len(set(asked.items)) == 8
    assert all("index-shifted" in chances(BANK.items[name], BANK) for name in asked.items)
    assert len({BANK.items[name].kind for name in asked.items}) > 1


def test_section_kind_and_status_hold_for_a_session_about_a_mistake_too(store: Store) -> None:
    request = SessionRequest(mistake="sign-flipped", section="lstm", kind="formula", count=3)
    items = [BANK.items[name] for name in about_mistake(request, BANK, store, TODAY).items]
    assert {(item.section, item.kind, item.status) for item in items} == {
        ("lstm", "formula", "current")
    }


def test_a_mistake_that_no_item_allows_gives_none_and_other_requests_stay_as_they_are(
    store: Store,
) -> None:
    nothing = SessionRequest(mistake="greedy-for-beam", section="rnn")
    assert about_mistake(nothing, BANK, store, TODAY).items == ()
    plain = SessionRequest(section="rnn")
    assert about_mistake(plain, BANK, store, TODAY) is plain
