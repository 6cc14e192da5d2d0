"""What the remaining evenings are expected to come to, by running them in advance.

Each run draws how well this learner keeps things, which evenings are missed and how every answer
goes, and follows the policy to the exam. The spread over the runs is the forecast's uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drills.planning.memory import Array, Memory
from drills.planning.policy import Learner, State, cost, priorities
from drills.planning.stock import Stock
from drills.scheduling import Rating

# So many runs of some hundred items; fewer of thousands, so that a plan is there at once.
RUNS: Final = 20
_CELLS: Final = 16_000
_FEWEST_RUNS: Final = 6
NEVER: Final = -1


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
        runs = max(_FEWEST_RUNS, min(RUNS, _CELLS // max(1, count)))
    rng = np.random.default_rng(seed)
    eases = np.array(learner.eases)
    truth = Memory(memory.weights, 1.0)
    ease = eases[np.arange(runs) * len(eases) // runs][:, None]
    state = State.of(stock, runs)
    kept = rng.random((runs, days)) < learner.attendance
    costs = cost(stock, learner)
    expected = Memory(memory.weights, learner.ease)
    first = np.full((runs, count), NEVER, dtype=np.int64)
    new = np.zeros((runs, days), dtype=np.int64)
    again = np.zeros((runs, days), dtype=np.int64)
    spent = np.zeros((runs, days))
    untouched = _recall(truth, state, ease, days)
    for day in range(days if count else 0):
        priority = priorities(state, stock, expected, learner, day, days - day, seconds)
        chosen = _filled(priority, costs, seconds) & kept[:, day : day + 1]
        fresh = chosen & np.isnan(state.stability)
        first[fresh] = day
        new[:, day] = fresh.sum(axis=1)
        again[:, day] = chosen.sum(axis=1) - new[:, day]
        spent[:, day] = (chosen * costs).sum(axis=1)
        _answer(state, chosen, fresh, truth, ease, learner.known_first, day, rng)
    return Forecast(_recall(truth, state, ease, days), untouched, first, new, again, spent)


def _filled(priority: Array, costs: Array, seconds: float) -> NDArray[np.bool_]:
    """The items of an evening of each run, best first, until the time is up: shape (M, N)."""
    fits = (priority > 0) & (costs <= seconds)
    order = np.argsort(np.where(fits, -priority, np.inf), axis=1, kind="stable")
    used = np.cumsum(np.where(np.take_along_axis(fits, order, 1), costs[order], 0.0), axis=1)
    chosen = np.zeros(priority.shape, dtype=bool)
    np.put_along_axis(chosen, order, used <= seconds, 1)
    return chosen & fits


def _answer(
    state: State,
    chosen: NDArray[np.bool_],
    fresh: NDArray[np.bool_],
    memory: Memory,
    ease: Array,
    known_first: float,
    day: int,
    rng: np.random.Generator,
) -> None:
    """Answer what was chosen, and change the state accordingly."""
    draws = rng.random(chosen.shape)
    for right, rating in ((True, Rating.GOOD), (False, Rating.AGAIN)):
        mine = fresh & ((draws < known_first) == right)
        state.stability[mine], state.difficulty[mine] = memory.first(rating)
    seen = chosen & ~fresh
    stability, difficulty = state.stability[seen], state.difficulty[seen]
    strength = np.broadcast_to(ease, chosen.shape)[seen]
    recall = memory.recall(strength * stability, day - state.last[seen])
    right_now = draws[seen] < recall
    state.stability[seen] = np.where(
        right_now,
        memory.after_recall(stability, difficulty, recall),
        memory.after_lapse(stability, difficulty, recall),
    )
    state.difficulty[seen] = np.where(
        right_now,
        memory.next_difficulty(difficulty, Rating.GOOD),
        memory.next_difficulty(difficulty, Rating.AGAIN),
    )
    state.last[chosen] = day


def _recall(memory: Memory, state: State, ease: Array, day: int) -> Array:
    unseen = np.isnan(state.stability)
    stability = np.where(unseen, 1.0, state.stability)
    found: Array = np.where(unseen, 0.0, memory.recall(ease * stability, day - state.last))
    return found
