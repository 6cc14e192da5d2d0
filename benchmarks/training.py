"""The engine's training run against the course's loop, from the same random stream."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from benchmarks.course_loop import Array, course_losses
from benchmarks.figure import Figure
from engine.experiments import EXPERIMENTS
from engine.training import train
from engine.training_state import TrainingSettings, TrainingState

ITERATIONS = 10_000
ROUNDS = 3


def engine_losses(seed: int, iterations: int) -> Array:
    """The same losses by the engine, with the course's output delta."""
    settings = TrainingSettings(output_delta="seed")
    state = TrainingState.new(seed, settings)
    return np.concatenate([report.losses for report in train(state, settings, iterations)])


def _timed(run: Callable[[], Array]) -> tuple[float, Array]:
    start = time.perf_counter()
    losses = run()
    return time.perf_counter() - start, losses


def figures() -> Iterator[Figure]:
    """Times in turn, so that both meet the same machine; the median of three rounds."""
    course_times, engine_times, differences = [], [], []
    for seed in range(ROUNDS):
        course_time, course = _timed(partial(course_losses, seed, ITERATIONS))
        engine_time, engine = _timed(partial(engine_losses, seed, ITERATIONS))
        course_times.append(course_time)
        engine_times.append(engine_time)
        differences.append(float(np.abs(course - engine).max()))
    per_iteration = 1e6 / ITERATIONS
    ratio = statistics.median(c / e for c, e in zip(course_times, engine_times, strict=True))
    yield Figure("course-loop", statistics.median(course_times) * per_iteration, "us/iteration")
    yield Figure(
        "engine-training",
        statistics.median(engine_times) * per_iteration,
        "us/iteration",
        ratio,
        "course-loop",
        holds=ratio >= 3,
    )
    largest = max(differences)
    yield Figure(
        "loss-difference",
        largest,
        f"absolute/{ROUNDS * ITERATIONS}-iterations",
        largest / 1e-9,
        "limit-1e-9",
        holds=largest <= 1e-9,
    )

    run = EXPERIMENTS["binary-addition"].run(seed=0, iterations=2000, output_delta="seed")
    start = time.perf_counter()
    snapshots = sum(1 for _ in run)
    elapsed = time.perf_counter() - start
    yield Figure("lab-snapshot", elapsed / snapshots * 1e3, "ms/50-iterations")
