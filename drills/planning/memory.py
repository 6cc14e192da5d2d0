"""FSRS-6 over arrays: what a review today would leave on the day of the exam, for all items.

The equations are those of the package ``fsrs`` (tests hold the two against each other), written for
arrays because a plan asks them some hundred thousand times. Source: the FSRS-6 algorithm,
https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from drills.scheduling import Rating

Array: TypeAlias = NDArray[np.float64]
Days: TypeAlias = NDArray[np.int64]

STABILITY_MIN = 0.001


@dataclass(frozen=True)
class Memory:
    """A forgetting curve and how reviews change it; ``weights`` are the 21 parameters of FSRS-6.

    ``ease`` multiplies every stability when recall is asked for: 1 is the average learner, less is
    one who forgets faster. Stabilities themselves stay those of the average, so that one state
    serves every learner that a plan considers.
    """

    weights: tuple[float, ...]
    ease: float = 1.0

    @property
    def decay(self) -> float:
        return -self.weights[20]

    @property
    def factor(self) -> float:
        return float(0.9 ** (1 / self.decay) - 1)

    def recall(self, stability: Array, days: Array | Days | float) -> Array:
        """The probability of recall after ``days``; shapes broadcast."""
        found: Array = (1 + self.factor * days / (self.ease * stability)) ** self.decay
        return found

    def first(self, rating: int) -> tuple[float, float]:
        """Stability and difficulty after the first answer."""
        return max(self.weights[rating - 1], STABILITY_MIN), self._first_difficulty(rating)

    def after_recall(self, stability: Array, difficulty: Array, recall: Array) -> Array:
        """The stability after an answer that was right (Good)."""
        w = self.weights
        growth = np.exp(w[8]) * (11 - difficulty) * stability ** -w[9]
        found: Array = stability * (1 + growth * (np.exp(w[10] * (1 - recall)) - 1))
        return found

    def after_lapse(self, stability: Array, difficulty: Array, recall: Array) -> Array:
        """The stability after an answer that was wrong (Again)."""
        w = self.weights
        long = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1)
        long = long * np.exp((1 - recall) * w[14])
        short = stability / np.exp(w[17] * w[18])
        found: Array = np.maximum(np.minimum(long, short), STABILITY_MIN)
        return found

    def next_difficulty(self, difficulty: Array, rating: int) -> Array:
        """The difficulty after an answer."""
        w = self.weights
        moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        easy = w[4] - np.exp(w[5] * (Rating.EASY - 1)) + 1
        found: Array = np.clip(w[7] * easy + (1 - w[7]) * moved, 1.0, 10.0)
        return found

    def _first_difficulty(self, rating: int) -> float:
        w = self.weights
        return float(np.clip(w[4] - np.exp(w[5] * (rating - 1)) + 1, 1.0, 10.0))
