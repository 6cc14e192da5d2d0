"""The adding problem: two marked numbers of a long sequence are to be added.

Each time step gives a pair: a value, drawn evenly from [0, 1], and a marker. Two steps are marked
with 1, all others with 0: one in the first half of the sequence, one in the second. The target is
the sum of the two marked values, asked for after the last step. To be right, a network has to carry
a number over half the sequence on average, and over all of it at times.

    baseline: who always says 1, the mean, has E (d − y)² = Var(u₁ + u₂) = 2/12 = 1/6

Source: Hochreiter, Schmidhuber (1997), experiment 4, with values in [−1, 1], markers −1 at both
ends, and lengths that vary. This form: Le, Jaitly, Hinton (2015), section 4.1; Arjovsky, Shah,
Bengio (2016), section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.functions import Array

#: Mean squared error of the best answer that does not look at the sequence.
BASELINE: Final = 1 / 6


@dataclass(frozen=True, slots=True)
class AddingProblem:
    """The task with sequences of ``steps`` = T ≥ 2 time steps; raises ValueError below that."""

    steps: int = 100

    def __post_init__(self) -> None:
        if self.steps < 2:
            raise ValueError(f"two steps are marked, so T has to be at least 2: {self.steps}")

    def sample(self, rng: np.random.RandomState, count: int) -> tuple[Array, Array]:
        """Draw N = ``count`` sequences: x (T, N, 2), values and markers, and targets d (N, 1)."""
        T, half = self.steps, self.steps // 2
        x = np.zeros((T, count, 2))
        x[..., 0] = rng.random_sample((T, count))
        n = np.arange(count)
        first, second = rng.randint(half, size=count), rng.randint(half, T, size=count)
        x[first, n, 1] = x[second, n, 1] = 1.0
        return x, np.asarray((x[first, n, 0] + x[second, n, 0])[:, None])
