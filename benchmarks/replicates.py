"""40 replicates against one run, from the same seeds and with the same losses.

"One run" is the loop for a single run, ``engine.training``, which has no replicate axis to carry.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from benchmarks.figure import Figure
from benchmarks.training import Array
from engine.training import train
from engine.training_replicated import ReplicatedTraining, train_replicates
from engine.training_state import TrainingSettings, TrainingState

REPLICATES = 40
ITERATIONS = 10_000
EVERY = 250
ROUNDS = 5
COMPARED = 1_000
SETTINGS = TrainingSettings()


def replicated_losses(replicates: int, iterations: int = ITERATIONS) -> Array:
    """Losses of seeds 0 to R − 1 trained together, (iterations, R)."""
    states = [TrainingState.new(seed, SETTINGS) for seed in range(replicates)]
    reports = train_replicates(ReplicatedTraining(states, SETTINGS), iterations, EVERY)
    return np.concatenate([report.losses for report in reports])


def single_losses(seed: int, iterations: int = ITERATIONS) -> Array:
    """Losses of the run that is alone, (iterations,)."""
    reports = train(TrainingState.new(seed, SETTINGS), SETTINGS, iterations, EVERY)
    return np.concatenate([report.losses for report in reports])


def _seconds(work: Callable[[], Array]) -> float:
    """Of this process alone: what else the machine does is not ours."""
    start = time.process_time()
    work()
    return time.process_time() - start


def figures() -> Iterator[Figure]:
    """Times in turn, so that all meet the same machine; the median of the rounds."""
    works = (
        partial(single_losses, 0),
        partial(replicated_losses, 1),
        partial(replicated_losses, REPLICATES),
    )
    rounds = [[_seconds(work) for work in works] for _ in range(ROUNDS)]
    loop, one, many = (
        1e6 / ITERATIONS * statistics.median(times) for times in zip(*rounds, strict=True)
    )
    yield Figure("one-run", loop, "us/iteration")
    yield Figure("one-replicate", one, "us/iteration", one / loop, "one-run")
    ratio = statistics.median(times[2] / times[0] for times in rounds)
    yield Figure(
        f"{REPLICATES}-replicates", many, "us/iteration", ratio, "one-run", holds=ratio <= 3
    )
    together = replicated_losses(REPLICATES, COMPARED)
    largest = max(
        float(np.abs(together[:, seed] - single_losses(seed, COMPARED)).max())
        for seed in range(REPLICATES)
    )
    yield Figure(
        "replicate-loss-difference",
        largest,
        f"absolute/{REPLICATES}x{COMPARED}-iterations",
        largest / 1e-9,
        "limit-1e-9",
        holds=largest <= 1e-9,
    )
