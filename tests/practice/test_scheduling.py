"""Ratings from evidence, study days, and when a card comes back."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills import scheduling
from drills.scheduling import Rating

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("evidence", "rating"),
    [
        ({}, Rating.GOOD),
        ({"milliseconds": 29_999}, Rating.EASY),
        ({"milliseconds": 30_000}, Rating.GOOD),
        ({"milliseconds": 120_000}, Rating.GOOD),
        ({"milliseconds": 120_001}, Rating.HARD),
        ({"hints": 1}, Rating.HARD),
        ({"hints": 1, "milliseconds": 5_000}, Rating.HARD),
        ({"guessed": True, "milliseconds": 5_000}, Rating.HARD),
        ({"right": False}, Rating.AGAIN),
        ({"right": False, "guessed": True, "hints": 2}, Rating.AGAIN),
        ({"revealed": True, "milliseconds": 5_000}, Rating.AGAIN),
        ({"expected_seconds": 0}, Rating.GOOD),
    ],
)
def test_the_rating_follows_from_what_happened(evidence: dict[str, object], rating: Rating) -> None:
    usual: dict[str, object] = {
        "right": True,
        "revealed": False,
        "hints": 0,
        "guessed": False,
        "milliseconds": 60_000,
        "expected_seconds": 60,
    }
    assert scheduling.rate(**(usual | evidence)) == rating  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("utc", "offset", "day"),
    [
        ((2026, 11, 1, 18, 59), 540, date(2026, 11, 1)),  # 03:59 in Tokyo, still the day before
        ((2026, 11, 1, 19, 0), 540, date(2026, 11, 2)),
        ((2026, 11, 2, 3, 59), 0, date(2026, 11, 1)),
        ((2026, 11, 2, 4, 0), 0, date(2026, 11, 2)),
        ((2026, 11, 2, 8, 59), -300, date(2026, 11, 1)),
    ],
)
def test_the_study_day_turns_at_four_in_the_morning(
    utc: tuple[int, int, int, int, int], offset: int, day: date
) -> None:
    moment = datetime(*utc, tzinfo=UTC)
    assert scheduling.study_day(moment, offset) == day
    abroad = moment.astimezone(timezone(timedelta(hours=-7)))
    assert scheduling.study_day(abroad, offset) == day


@pytest.mark.parametrize("offset", [540, 0, -300, 345])
def test_a_day_begins_where_the_one_before_it_ends(offset: int) -> None:
    begin = scheduling.day_begins(DAY, offset)
    assert scheduling.study_day(begin, offset) == DAY
    assert scheduling.study_day(begin - timedelta(milliseconds=1), offset) < DAY


def test_without_a_rating_there_is_no_state() -> None:
    assert scheduling.replay("card", []) is None


def test_a_card_is_never_due_on_the_day_on_which_it_was_answered() -> None:
    for rating in Rating:
        state = scheduling.replay("card", [(DAY, rating)])
        assert state is not None
        assert state.due > DAY


def test_better_ratings_come_back_later() -> None:
    dues = [scheduling.replay("card", [(DAY, rating)]).due for rating in Rating]  # type: ignore[union-attr]
    assert dues == sorted(dues)
    assert dues[0] < dues[3]


def test_late_yesterday_counts_as_one_day_ago_this_morning() -> None:
    """FSRS counts whole spans of 24 hours; study days do not."""
    evening = datetime(2026, 11, 1, 23, 0, tzinfo=UTC)
    morning = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
    days = [scheduling.study_day(moment, 0) for moment in (evening, morning)]
    assert days[1] - days[0] == timedelta(days=1)
    same_day = scheduling.replay("c", [(days[0], Rating.GOOD), (days[0], Rating.GOOD)])
    next_day = scheduling.replay("c", [(days[0], Rating.GOOD), (days[1], Rating.GOOD)])
    assert same_day is not None
    assert next_day is not None
    assert next_day.stability > same_day.stability


def test_a_day_before_the_last_one_counts_as_the_last_one() -> None:
    back = scheduling.replay("c", [(DAY, Rating.GOOD), (DAY - timedelta(days=30), Rating.GOOD)])
    still = scheduling.replay("c", [(DAY, Rating.GOOD), (DAY, Rating.GOOD)])
    assert back == still


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.integers(-400, 4000).map(lambda days: DAY + timedelta(days=days)),
            st.sampled_from(list(Rating)),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_replay_is_without_chance_and_moves_only_forward(
    history: list[tuple[date, Rating]],
) -> None:
    random.seed(1)
    first = scheduling.replay("card", history)
    random.seed(2)
    assert scheduling.replay("card", history) == first
    assert first is not None
    assert first.last_day == max(day for day, _ in history)
    assert first.due > first.last_day
    assert first.reviews == len(history)
    assert 0 <= first.lapses < len(history)


def test_replaying_neither_sleeps_nor_reads_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """``fsrs.Card()`` does both unless it is given an id and a due date."""

    class NoTime:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"asked for {name}")

    scheduling.replay("warm", [(DAY, Rating.GOOD)])
    for name in ("datetime", "time"):
        monkeypatch.setattr(f"fsrs.card.{name}", NoTime())
    assert scheduling.replay("card", [(DAY, rating) for rating in Rating]) is not None


def test_recall_falls_with_time_from_one() -> None:
    state = scheduling.replay("card", [(DAY, Rating.GOOD)])
    assert state is not None
    recalls = [scheduling.retrievability(state, DAY + timedelta(days=n)) for n in range(40)]
    assert recalls[0] == 1.0
    assert recalls == sorted(recalls, reverse=True)
    at_due = scheduling.retrievability(state, state.due)
    assert at_due == pytest.approx(scheduling.DESIRED_RETENTION, abs=0.03)


def test_the_curve_is_the_schedulers_own() -> None:
    from fsrs import Card, State

    for stability in (0.001, 0.2, 2.3, 40.0, 3000.0):
        for days in (0, 1, 7, 365):
            state = scheduling.CardState(stability, 5.0, DAY, DAY, 3, 0)
            card = Card(
                card_id=1,
                state=State.Review,
                stability=stability,
                difficulty=5.0,
                due=datetime(2026, 11, 1, tzinfo=UTC),
                last_review=datetime(2026, 11, 1, tzinfo=UTC),
            )
            day = DAY + timedelta(days=days)
            asked = datetime(day.year, day.month, day.day, tzinfo=UTC)
            theirs = scheduling._scheduler().get_card_retrievability(card, asked)
            assert scheduling.retrievability(state, day) == pytest.approx(theirs, rel=1e-12)
