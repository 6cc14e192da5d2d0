"""How soon a run stops: the longest stretch of work between two looks at whether it was told to.

Each experiment runs three times for a second with its default settings, and the median of the three
counts. Those that end an epoch with a test do so once more with few examples to learn from, so that
the test comes. Measured is the time of the thread itself: what else the machine does is not ours.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.figure import Figure
from engine.experiments import EXPERIMENTS
from engine.stopping import Stopped, stoppable

BUDGET = 100
SECONDS = 1.0
ROUNDS = 3
#: Two epochs of one update each, and the test after both.
TESTED: dict[str, dict[str, Any]] = {
    name: {"examples": 128, "epochs": 2} for name in ("addition-strings", "date-conversion")
}


class Stretches:
    """A condition that notes how long it was not looked at, and is true once time is up."""

    def __init__(self) -> None:
        self.start = self.last = time.thread_time()
        self.longest = 0.0

    def __call__(self) -> bool:
        now = time.thread_time()
        self.longest = max(self.longest, now - self.last)
        # Looking itself is not part of the next stretch.
        self.last = time.thread_time()
        return now - self.start > SECONDS


def longest_stretch(name: str, settings: dict[str, Any]) -> float:
    """Milliseconds."""
    snapshots = EXPERIMENTS[name].run(seed=0, **settings)
    stretches = Stretches()
    try:
        with stoppable(stretches):
            for _ in snapshots:
                pass
    except Stopped:
        pass
    return 1000 * stretches.longest


def figures() -> Iterator[Figure]:
    """One figure an experiment; the budget is what a run may take to stop."""
    unit = f"ms(budget:{BUDGET})"
    for name in EXPERIMENTS:
        for tested, settings in (("", {}), ("-test", TESTED.get(name))):
            if settings is not None:
                value = statistics.median(longest_stretch(name, settings) for _ in range(ROUNDS))
                holds = value <= BUDGET
                yield Figure(f"stop-{name}{tested}", value, unit, value / BUDGET, "budget", holds)
