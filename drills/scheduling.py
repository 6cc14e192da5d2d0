"""When a card comes back: FSRS over study days, with ratings from evidence instead of self-report.

The algorithm is FSRS-6 as the package ``fsrs`` gives it, without learning steps and without fuzz.
Time is counted in study days, which turn at 04:00 local time: an answer in the small hours belongs
to the evening before, and a card seen late yesterday counts as one day old this morning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fsrs import Card, Scheduler
    from fsrs import Rating as FsrsRating

DAY_TURNS: Final = timedelta(hours=4)
DESIRED_RETENTION: Final = 0.9
LONGEST_INTERVAL: Final = 36500
SLOW: Final = 2.0
FAST: Final = 0.5


class Rating(IntEnum):
    """How well an item was known; the numbers are those of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class CardState:
    """What memory is taken to hold of one card; ``due`` and ``last_day`` are study days.

    ``forgot``: whether the last answer was not known.
    """

    stability: float
    difficulty: float
    due: date
    last_day: date
    reviews: int
    lapses: int
    forgot: bool = False


def rate(
    *,
    right: bool,
    revealed: bool,
    hints: int,
    guessed: bool,
    milliseconds: int,
    expected_seconds: float,
) -> Rating:
    """The rating that the evidence of one answer gives."""
    if revealed or not right:
        return Rating.AGAIN
    share = milliseconds / 1000 / expected_seconds if expected_seconds > 0 else 1.0
    if hints or guessed or share > SLOW:
        return Rating.HARD
    return Rating.EASY if share < FAST else Rating.GOOD


def study_day(moment: datetime, utc_offset: int) -> date:
    """The study day of a moment; ``utc_offset`` in minutes."""
    return (moment.astimezone(UTC) + timedelta(minutes=utc_offset) - DAY_TURNS).date()


def day_begins(day: date, utc_offset: int) -> datetime:
    """The moment, in UTC, at which a study day begins."""
    return datetime.combine(day, time(), UTC) + DAY_TURNS - timedelta(minutes=utc_offset)


def replay(card: str, history: Iterable[tuple[date, Rating]]) -> CardState | None:
    """The state after all ratings in their order; None without any.

    A day earlier than the one before it (the clock went back, or one travelled west) counts as
    that one.
    """
    scheduler = _scheduler()
    memory: Card | None = None
    last_day = date.min
    reviews = lapses = 0
    forgot = False
    for day, rating in history:
        last_day = max(day, last_day)
        forgot = rating == Rating.AGAIN
        if memory is None:
            memory = _new_card(card, last_day)
        elif rating == Rating.AGAIN:
            lapses += 1
        memory, _ = scheduler.review_card(memory, _fsrs_rating(rating), _midnight(last_day))
        reviews += 1
    if memory is None:
        return None
    return CardState(
        stability=float(memory.stability or 0.0),
        difficulty=float(memory.difficulty or 0.0),
        due=memory.due.date(),
        last_day=last_day,
        reviews=reviews,
        lapses=lapses,
        forgot=forgot,
    )


def retrievability(state: CardState, day: date) -> float:
    """The probability, 0 to 1, that the card would be recalled on that study day."""
    factor, decay = _forgetting_curve()
    elapsed = max(0, (day - state.last_day).days)
    return float((1 + factor * elapsed / state.stability) ** decay)


@cache
def _forgetting_curve() -> tuple[float, float]:
    """Factor and decay of R = (1 + factor t / S) ** decay, for which R is 0.9 at t = S.

    Asking the scheduler itself builds a card each time, which is twenty times as slow; a test holds
    the two against each other.
    """
    decay = -parameters()[20]
    return 0.9 ** (1 / decay) - 1, decay


def parameters() -> tuple[float, ...]:
    """The 21 parameters of FSRS-6 that are in use."""
    return tuple(_scheduler().parameters)


@cache
def version() -> str:
    """Names the algorithm: cards that were computed under another version are replayed."""
    from importlib.metadata import version as version_of

    # The parameters are the package's own, so that its version names them without importing it.
    return (
        f"fsrs {version_of('fsrs')}, retention {DESIRED_RETENTION}, day turns {DAY_TURNS}, "
        "lapses noted"
    )


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=DESIRED_RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_INTERVAL,
        enable_fuzzing=False,
    )


def _new_card(card: str, day: date) -> Card:
    from fsrs import Card

    # Without an id and a due date of its own, Card() sleeps a millisecond and reads the clock.
    number = int.from_bytes(hashlib.sha256(card.encode()).digest()[:6])
    return Card(card_id=number, due=_midnight(day))


def _fsrs_rating(rating: Rating) -> FsrsRating:
    from fsrs import Rating as FsrsRating

    return FsrsRating(int(rating))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
