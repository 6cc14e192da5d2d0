"""40 replicates against one run, from the same seeds and with the same losses."""

from __future__ import annotations

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
ITERATIONS = 1_000
EVERY = 250
ROUNDS = 15
SETTINGS = TrainingSettings()


def replicated_losses(replicates: int) -> Array:
    """Losses of seeds 0 to R − 1 trained together, (iterations, R)."""
    states = [TrainingState.new(seed, SETTINGS) for seed in range(replicates)]
    reports = train_replicates(ReplicatedTraining(states, SETTINGS), ITERATIONS, EVERY)
    return np.concatenate([report.losses for report in reports])


def single_losses(seed: int) -> Array:
    """Losses of the run that is alone, (iterations,)."""
    reports = train(TrainingState.new(seed, SETTINGS), SETTINGS, ITERATIONS, EVERY)
    return np.concatenate([report.losses for report in reports])


def _seconds(work: Callable[[], Array]) -> float:
    """Of this process alone: what else the machine does is not ours."""
    start = time.process_time()
    work()
    return time.process_time() - start


def figures() -> Iterator[Figure]:
    """Times in turn; of each the fastest round, which the rest of the machine disturbed least.

    "One run" is the same training with one replicate. The loop for a single run, which has no
    replicate axis to carry, is shown beside it.
    """
    works = (
        partial(single_losses, 0),
        partial(replicated_losses, 1),
        partial(replicated_losses, REPLICATES),
    )
    rounds = [[_seconds(work) for work in works] for _ in range(ROUNDS)]
    loop, one, many = (1e6 / ITERATIONS * min(times) for times in zip(*rounds, strict=True))
    yield Figure("one-replicate", one, "us/iteration")
    ratio = many / one
    yield Figure(
        f"{REPLICATES}-replicates", many, "us/iteration", ratio, "one-replicate", holds=ratio <= 3
    )
    beside = f"{REPLICATES}-replicates-beside-the-single-loop"
    yield Figure(beside, many, "us/iteration", many / loop, "engine-training")
    together = replicated_losses(REPLICATES)
    largest = max(
        float(np.abs(together[:, seed] - single_losses(seed)).max()) for seed in range(REPLICATES)
    )
    yield Figure(
        "replicate-loss-difference",
        largest,
        f"absolute/{REPLICATES}x{ITERATIONS}-iterations",
        largest / 1e-9,
        "limit-1e-9",
        holds=largest <= 1e-9,
    )
