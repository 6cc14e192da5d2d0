"""Which items an evening is best spent on: the gain on the day of the exam for each second.

For every item the plan asks what it would be worth on the day of the exam if it were studied now,
less what it is worth if it is not, and takes the greatest gain for its time first. Near the exam
that prefers what has nearly been forgotten; long before it, what has never been seen; what costs
too much for what it counts is left out. Simulated learners (tests/practice) say how far that
carries under memory models that it does not use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drills.planning.memory import Array, Days, Memory
from drills.planning.stock import Stock
from drills.scheduling import Rating

# An unseen item may be known already: the share of the first answers that are right is taken off
# what it is worth to see it. In full that starves what is new if memory fades slowly, not at all it
# starves what was learnt if memory fades fast; half of it holds in both.
ALREADY_KNOWN: Final = 0.5
# So much of an evening goes to what is due, where there is as much: what was missed yesterday comes
# back before everything new has been seen. It costs next to nothing on the day of the exam.
DUE_SHARE: Final = 0.2
# Less than one point of recall is not worth anybody's turn: the evening ends instead.
LEAST_GAIN: Final = 0.01
# Reading the verdict and going on, for each item.
AROUND_SECONDS: Final = 8.0


@dataclass(frozen=True)
class Learner:
    """What the answers so far tell of someone.

    ``eases`` are equally likely factors of every stability (1 is FSRS's average learner),
    ``known_first`` is the share of items known at first sight, as ``firsts`` answers tell it,
    ``pace`` the time taken beside the expected one, ``attendance`` the share of evenings kept.
    """

    eases: tuple[float, ...] = (0.45, 0.65, 0.8, 1.0, 1.25, 1.55, 2.2)
    known_first: float = 0.4
    firsts: float = 10.0
    pace: float = 1.0
    attendance: float = 0.9

    @property
    def ease(self) -> float:
        """The middle one."""
        return float(np.median(self.eases))


@dataclass
class State:
    """M runs of one stock, each array of shape (M, N); days count from today."""

    stability: Array
    difficulty: Array
    last: Days

    @classmethod
    def of(cls, stock: Stock, runs: int = 1) -> State:
        return cls(
            np.tile(stock.stability, (runs, 1)),
            np.tile(stock.difficulty, (runs, 1)),
            np.tile(stock.last, (runs, 1)),
        )


def cost(stock: Stock, learner: Learner) -> Array:
    """Seconds that each item takes of an evening: shape (N,)."""
    return stock.seconds * learner.pace + AROUND_SECONDS


def gain(state: State, memory: Memory, day: int, days_left: int, known_first: float) -> Array:
    """What studying each item on ``day`` adds to its recall ``days_left`` later: shape (M, N)."""
    unseen = np.isnan(state.stability)
    stability = np.where(unseen, 1.0, state.stability)
    elapsed = day - state.last
    now = memory.recall(stability, elapsed)
    known = memory.after_recall(stability, state.difficulty, now)
    missed = memory.after_lapse(stability, state.difficulty, now)
    after = now * memory.recall(known, days_left) + (1 - now) * memory.recall(missed, days_left)
    seen = after - memory.recall(stability, elapsed + days_left)
    new = first_recall(memory, days_left, known_first) - ALREADY_KNOWN * known_first
    gained: Array = np.where(unseen, new, seen)
    return gained


def first_recall(memory: Memory, days_left: int, known_first: float) -> float:
    """What is expected of an item ``days_left`` after it was seen for the first time."""
    known, missed = (
        float(memory.recall(np.array(memory.first(rating)[0]), days_left))
        for rating in (Rating.GOOD, Rating.AGAIN)
    )
    return known_first * known + (1 - known_first) * missed


def priorities(
    state: State,
    stock: Stock,
    memory: Memory,
    learner: Learner,
    day: int,
    days_left: int,
    seconds: float,
) -> Array:
    """Weighted gain for each second of an evening of ``seconds``: shape (M, N).

    Prerequisites are lifted before what needs them, and the most worthwhile of what is due before
    all else, up to its share. What was answered on ``day`` itself is worth nothing on it.
    """
    unseen = np.isnan(state.stability)
    found = gain(state, memory, day, max(1, days_left), learner.known_first)
    costs = cost(stock, learner)
    found = np.where(found < LEAST_GAIN, 0.0, found) * stock.weight / costs
    found = np.where(unseen, found * stock.early, np.where(state.last >= day, 0.0, found))
    due = ~unseen & (day - state.last >= np.maximum(1, np.rint(state.stability)))
    lifted = stock.ladder.lift(found, unseen)
    return _reserved(lifted, due & (found > 0), costs, DUE_SHARE * seconds)


def _reserved(priority: Array, due: NDArray[np.bool_], costs: Array, seconds: float) -> Array:
    """The priorities with the best of what is due above all others, for so many seconds."""
    order = np.argsort(np.where(due, -priority, np.inf), axis=1, kind="stable")
    used = np.cumsum(np.where(np.take_along_axis(due, order, 1), costs[order], 0.0), axis=1)
    reserved = np.zeros(priority.shape, dtype=bool)
    np.put_along_axis(reserved, order, used <= seconds, 1)
    top = priority.max(axis=1, keepdims=True) if priority.shape[1] else 0.0
    found: Array = np.where(reserved & due, priority + top, priority)
    return found


def fill(priority: Array, costs: Array, seconds: float) -> list[int]:
    """The items, best first, of one evening: each that still fits, and that is worth anything.

    ``priority`` has shape (N,). Where nothing fits, the one that is worth the most for its time is
    begun all the same, unless there are no seconds at all.
    """
    order = [int(place) for place in np.argsort(-priority, kind="stable")]
    left = seconds
    chosen: list[int] = []
    for place in order:
        if priority[place] <= 0:
            break
        if costs[place] <= left:
            chosen.append(place)
            left -= costs[place]
    if not chosen and order and seconds > 0 and priority[order[0]] > 0:
        chosen = order[:1]
    return chosen
