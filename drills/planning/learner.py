"""What the answers so far tell of a learner: how fast things fade, how fast one works, how often.

Everything starts from the average of FSRS and moves with the evidence, by Bayes' rule over a grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from drills.planning.memory import Memory
from drills.planning.policy import Learner
from drills.scheduling import Rating

# A priori the logarithm of the ease is normal around 0; the planner's curve may be wrong by more
# than the spread of average learners, hence the wide one.
_SPREAD: Final = 0.6
_GRID: Final = np.linspace(-2.0, 1.5, 36)
_QUANTILES: Final = (0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93)
# Nobody forgets exactly as the curve says, and the answers of one evening go well or badly
# together: each counts as a quarter of an independent one.
_TRUST: Final = 0.25
# Four of ten items known at first sight, as if ten had been seen; nine of ten evenings kept.
_KNOWN: Final = (4.0, 10.0)
_KEPT: Final = (9.0, 10.0)
_SLOWEST: Final = 2.5
_FASTEST: Final = 0.4
# The chance of a right answer without knowing, by the faces that have options.
_GUESS: Final[Mapping[str, float]] = {"choice": 0.25}


@dataclass(frozen=True)
class Answer:
    """One rated answer: plain data. ``seconds`` taken, ``expected`` of the item."""

    card: str
    day: date
    rating: int
    face: str
    seconds: float
    expected: float


@dataclass(frozen=True)
class Trial:
    """A card that was asked again: its stability then, how many days later, and whether known."""

    stability: float
    days: int
    known: bool
    guess: float = 0.0


def learner_of(
    answers: Iterable[Answer], memory: Memory, kept: int = 0, evenings: int = 0
) -> Learner:
    """The learner that answers, in the order of time, tell of; ``kept`` of ``evenings`` lately.

    ``answers`` have to hold the whole history of each card that they mention.
    """
    rows = list(answers)
    firsts, trials = trials_of(rows, memory)
    return Learner(
        eases=eases_of(trials, memory),
        known_first=(_KNOWN[0] + sum(firsts)) / (_KNOWN[1] + len(firsts)),
        firsts=_KNOWN[1] + len(firsts),
        pace=_pace(rows),
        attendance=(_KEPT[0] + kept) / (_KEPT[1] + max(kept, evenings)),
    )


def trials_of(answers: Sequence[Answer], memory: Memory) -> tuple[list[bool], list[Trial]]:
    """Which first answers were right, and every later one as a trial."""
    states: dict[str, tuple[float, float, date]] = {}
    firsts: list[bool] = []
    trials: list[Trial] = []
    for answer in answers:
        known = answer.rating > Rating.AGAIN
        rating = int(Rating.GOOD if known else Rating.AGAIN)
        before = states.get(answer.card)
        if before is None:
            firsts.append(known)
            states[answer.card] = (*memory.first(answer.rating), answer.day)
            continue
        stability, difficulty, last = before
        days = (answer.day - last).days
        if days <= 0:
            # Answered twice on one day: that tells nothing about forgetting.
            continue
        trials.append(Trial(stability, days, known, _GUESS.get(answer.face, 0.0)))
        recall = memory.recall(np.array(stability), days)
        change = memory.after_recall if known else memory.after_lapse
        states[answer.card] = (
            float(change(np.array(stability), np.array(difficulty), recall)),
            float(memory.next_difficulty(np.array(difficulty), rating)),
            answer.day,
        )
    return firsts, trials


def eases_of(trials: Sequence[Trial], memory: Memory) -> tuple[float, ...]:
    """Quantiles of the ease after these trials, each as likely as the next."""
    log = -(_GRID**2) / (2 * _SPREAD**2)
    if trials:
        stability = np.array([t.stability for t in trials])[:, None]
        days = np.array([float(t.days) for t in trials])[:, None]
        guess = np.array([t.guess for t in trials])[:, None]
        recall = memory.recall(stability * np.exp(_GRID), days)
        right = np.clip(recall + (1 - recall) * guess, 1e-6, 1 - 1e-6)
        known = np.array([t.known for t in trials])[:, None]
        log = log + _TRUST * np.log(np.where(known, right, 1 - right)).sum(axis=0)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    # Each grid point stands for the interval around it.
    below = np.cumsum(mass) - mass / 2
    return tuple(math.exp(value) for value in np.interp(_QUANTILES, below, _GRID))


def _pace(answers: Sequence[Answer]) -> float:
    """The median of time taken over time expected, drawn to 1 where there are few answers."""
    shares = [a.seconds / a.expected for a in answers if a.expected > 0 and a.seconds > 0]
    if not shares:
        return 1.0
    found = min(_SLOWEST, max(_FASTEST, median(shares)))
    trust = len(shares) / (len(shares) + 10)
    return math.exp(trust * math.log(found))
