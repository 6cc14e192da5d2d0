"""What the remaining evenings are expected to come to, by running them in advance.

Each run draws a memory near the one that is assumed (how fast things fade, by what curve, how much
an answer adds), which evenings are missed and how every answer goes, and follows the policy to the
exam. The spread over the runs is the forecast's uncertainty; simulated learners say how often what
comes lies within it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drills.planning.memory import Array, Days, Memory
from drills.planning.policy import Learner, State, cost, priorities
from drills.planning.stock import Stock
from drills.scheduling import Rating

# So many runs of some hundred items; fewer of thousands, so that a plan is there at once.
RUNS: Final = 20
_CELLS: Final = 16_000
_STEPS: Final = 1_000_000
_FEWEST_RUNS: Final = 6
NEVER: Final = -1


# How far this learner's memory may be from the average one, as standard deviations of logarithms:
# the exponent of forgetting, what a right answer adds, the time that an item takes.
_DECAY_SPREAD: Final = 0.35
_GROWTH_SPREAD: Final = 0.6
_PACE_SPREAD: Final = 0.15
# First answers tell of those to come as if there had been no more than so many.
_MOST_FIRSTS: Final = 40.0


@dataclass(frozen=True)
class _Truth:
    """What each of M runs takes for true, as columns of shape (M, 1).

    Forgetting is R = (1 + factor t / (ease S)) ** -decay with R = 0.9 at t = ease S.
    """

    memory: Memory
    ease: Array
    decay: Array
    growth: Array
    known_first: Array
    pace: Array

    @classmethod
    def drawn(cls, memory: Memory, learner: Learner, runs: int, rng: np.random.Generator) -> _Truth:
        def near(value: float, spread: float) -> Array:
            found: Array = value * np.exp(spread * rng.standard_normal((runs, 1)))
            return found

        firsts = min(_MOST_FIRSTS, learner.firsts)
        known = learner.known_first
        eases = np.array(learner.eases)
        return cls(
            memory,
            ease=eases[np.arange(runs) * len(eases) // runs][:, None],
            decay=near(-memory.decay, _DECAY_SPREAD),
            growth=near(1.0, _GROWTH_SPREAD),
            known_first=rng.beta(known * firsts, (1 - known) * firsts, (runs, 1)),
            pace=near(1.0, _PACE_SPREAD),
        )

    @property
    def columns(self) -> tuple[Array, ...]:
        return self.ease, self.decay, self.growth, self.known_first, self.pace

    def recall(self, stability: Array, days: Array | Days | float) -> Array:
        factor = 0.9 ** (-1 / self.decay) - 1
        found: Array = (1 + factor * days / (self.ease * stability)) ** -self.decay
        return found

    def after_recall(self, stability: Array, difficulty: Array, recall: Array) -> Array:
        usual = self.memory.after_recall(stability, difficulty, recall)
        return stability + self.growth * (usual - stability)


@dataclass(frozen=True)
class Forecast:
    """M runs of N items over D evenings.

    ``recall`` (M, N): on the day of the exam, 0 for what was never seen.
    ``untouched`` (M, N): the same without any further evening.
    ``first`` (M, N): the evening on which an item was introduced, counted from 0; ``NEVER``.
    ``new`` and ``again`` (M, D): how many items were introduced and repeated.
    ``seconds`` (M, D): how long it took.
    """

    recall: Array
    untouched: Array
    first: NDArray[np.int64]
    new: NDArray[np.int64]
    again: NDArray[np.int64]
    seconds: Array


def forecast(
    stock: Stock,
    memory: Memory,
    learner: Learner,
    days: int,
    seconds: float,
    *,
    runs: int | None = None,
    seed: int = 1,
) -> Forecast:
    """Run ``days`` evenings of ``seconds`` each, beginning today, up to the exam after them."""
    count = len(stock)
    if runs is None:
        cells = max(1, count)
        fitting = min(_CELLS // cells, _STEPS // (cells * max(1, days)))
        runs = max(_FEWEST_RUNS, min(RUNS, fitting))
    rng = np.random.default_rng(seed)
    truth = _Truth.drawn(memory, learner, runs, rng)
    state = State.of(stock, runs)
    kept = rng.random((runs, days)) < learner.attendance
    costs = cost(stock, learner)
    expected = Memory(memory.weights, learner.ease)
    first = np.full((runs, count), NEVER, dtype=np.int64)
    new = np.zeros((runs, days), dtype=np.int64)
    again = np.zeros((runs, days), dtype=np.int64)
    spent = np.zeros((runs, days))
    untouched = _recall(truth, state, days)
    for day in range(days if count else 0):
        priority = priorities(state, stock, expected, learner, day, days - day, seconds)
        chosen = _filled(priority, costs * truth.pace, seconds) & kept[:, day : day + 1]
        fresh = chosen & np.isnan(state.stability)
        first[fresh] = day
        new[:, day] = fresh.sum(axis=1)
        again[:, day] = chosen.sum(axis=1) - new[:, day]
        spent[:, day] = (chosen * costs * truth.pace).sum(axis=1)
        _answer(state, chosen, fresh, truth, day, rng)
    return Forecast(_recall(truth, state, days), untouched, first, new, again, spent)


def _filled(priority: Array, costs: Array, seconds: float) -> NDArray[np.bool_]:
    """The items of an evening of each run, best first, until the time is up: shape (M, N)."""
    fits = (priority > 0) & (costs <= seconds)
    order = np.argsort(np.where(fits, -priority, np.inf), axis=1, kind="stable")
    taken = np.take_along_axis(np.where(fits, costs, 0.0), order, 1)
    chosen = np.zeros(priority.shape, dtype=bool)
    np.put_along_axis(chosen, order, np.cumsum(taken, axis=1) <= seconds, 1)
    return chosen & fits


def _answer(
    state: State,
    chosen: NDArray[np.bool_],
    fresh: NDArray[np.bool_],
    truth: _Truth,
    day: int,
    rng: np.random.Generator,
) -> None:
    """Answer what was chosen, and change the state accordingly."""
    memory = truth.memory
    draws = rng.random(chosen.shape)
    known = draws < truth.known_first
    for right, rating in ((True, Rating.GOOD), (False, Rating.AGAIN)):
        here = fresh & (known == right)
        state.stability[here], state.difficulty[here] = memory.first(rating)
    seen = chosen & ~fresh
    runs, _ = np.nonzero(seen)
    mine = _Truth(memory, *(column[runs, 0] for column in truth.columns))
    stability, difficulty = state.stability[seen], state.difficulty[seen]
    recall = mine.recall(stability, day - state.last[seen])
    right_now = draws[seen] < recall
    state.stability[seen] = np.where(
        right_now,
        mine.after_recall(stability, difficulty, recall),
        memory.after_lapse(stability, difficulty, recall),
    )
    state.difficulty[seen] = np.where(
        right_now,
        memory.next_difficulty(difficulty, Rating.GOOD),
        memory.next_difficulty(difficulty, Rating.AGAIN),
    )
    state.last[chosen] = day


def _recall(truth: _Truth, state: State, day: int) -> Array:
    unseen = np.isnan(state.stability)
    stability = np.where(unseen, 1.0, state.stability)
    found: Array = np.where(unseen, 0.0, truth.recall(stability, day - state.last))
    return found
