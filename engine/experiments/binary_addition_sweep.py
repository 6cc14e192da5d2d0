"""Binary adders by the dozen: what a setting does to R replicates, as shares and quantiles.

One lucky run proves nothing. Each case is trained from the seeds s, s + 1, …, s + R − 1, the same
for every case, so that cases differ in what is compared and in nothing else.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from engine.experiments.cases import CASES, Case
from engine.experiments.wrong_gradients import GRADIENTS
from engine.functions import Array
from engine.training import GRADIENT_LIMIT, Divergence
from engine.training_replicated import ReplicatedReport, right_bits
from engine.training_state import TrainingSettings, TrainingState

#: A replicate has learnt the task when it gets this share of the fixed sums right in every bit.
SOLVED: Final = 0.99

#: Replicates that advance in one batch: more of them no longer fit the processor's caches.
BLOCK: Final = 40


@dataclass(frozen=True, slots=True)
class Ended:
    """A replicate that could not go on: its seed, and when and why."""

    seed: int
    divergence: Divergence

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.divergence}"


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """R replicates of one case at one moment.

    Attributes
    ----------
    name : the case
    loss : 10, 50 and 90 % quantiles, over the replicates that still run, of each one's mean loss
        since the last snapshot; NaN where none runs
    solved : share of the replicates that get at least 99 % of 256 fixed sums fully right now
    arrived : share that did so at this snapshot or an earlier one
    first : quartiles of the first such snapshot's iteration; infinite where it has not come yet
    bit_accuracy : share of right bits, mean over replicates; one that ended in NaN has none right
    gradient_norm : median over replicates, at the last iteration of each
    exploded : share whose gradient's norm was ever beyond GRADIENT_LIMIT, or NaN
    ended : the replicates that diverged and go no further, in order of their seeds
    """

    name: str
    loss: tuple[float, float, float]
    solved: float
    arrived: float
    first: tuple[float, float, float]
    bit_accuracy: float
    gradient_norm: float
    exploded: float
    ended: tuple[Ended, ...]


@dataclass(frozen=True, slots=True)
class SweepSnapshot:
    """All cases at one moment; ``replicates`` is R."""

    iteration: int
    replicates: int
    cases: tuple[CaseSnapshot, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        cases = []
        for case in self.cases:
            plain = _plain(asdict(case))
            plain["loss"] = dict(zip(("10", "50", "90"), plain["loss"], strict=True))
            plain["first"] = dict(zip(("25", "50", "75"), plain["first"], strict=True))
            plain["ended"] = [
                {"seed": end.seed, "diverged": str(end.divergence)} for end in case.ended
            ]
            cases.append(plain)
        return {"iteration": self.iteration, "replicates": self.replicates, "cases": cases}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return value


class CaseRun:
    """R replicates of one case, in blocks; knows when each first solved the task."""

    def __init__(
        self, case: Case, seeds: Sequence[int], gradient_limit: float = GRADIENT_LIMIT
    ) -> None:
        self.case = case
        self.seeds = tuple(seeds)
        settings = TrainingSettings(
            hidden=case.hidden,
            activation=case.activation,
            initialisation=case.initialisation,
            deviation=case.deviation,
            learning_rate=case.learning_rate,
            output_delta=case.output_delta,
        )
        self.blocks = [
            GRADIENTS[case.gradient](
                [TrainingState.new(seed, settings) for seed in self.seeds[start : start + BLOCK]],
                settings,
                clip=case.clip,
                highest_first=case.highest_first,
                gradient_limit=gradient_limit,
            )
            for start in range(0, len(self.seeds), BLOCK)
        ]
        self.first = np.full(len(self.seeds), np.inf)

    @property
    def running(self) -> int:
        return sum(block.running for block in self.blocks)

    def advance(self, until: int) -> CaseSnapshot:
        """Updates until this iteration, and how the replicates fare after them.

        Blocks that got further before a run was stopped have the fewer to do when it goes on.
        """
        reports = [block.advance(until - block.iteration) for block in self.blocks]
        right = np.concatenate([right_bits(block) for block in self.blocks])
        bits = right.mean(axis=(1, 2))
        solved = right.all(axis=2).mean(axis=1) >= SOLVED
        # Weights before the last update may still be numbers; what the run came to is not.
        norms = np.concatenate([report.gradient_norms for report in reports])
        bits[np.isnan(norms)], solved[np.isnan(norms)] = 0.0, False
        self.first[solved & np.isinf(self.first)] = reports[0].iteration
        exploded = np.concatenate([block.exploded for block in self.blocks])
        return CaseSnapshot(
            name=self.case.name,
            loss=_loss_quantiles(reports),
            solved=float(solved.mean()),
            arrived=float(np.isfinite(self.first).mean()),
            first=quartiles(self.first),
            bit_accuracy=float(bits.mean()),
            gradient_norm=float(np.median(norms)),
            exploded=float(exploded.mean()),
            ended=self._ended(),
        )

    def _ended(self) -> tuple[Ended, ...]:
        divergences = [one for block in self.blocks for one in block.divergences]
        return tuple(
            Ended(seed, divergence)
            for seed, divergence in zip(self.seeds, divergences, strict=True)
            if divergence is not None
        )


def _loss_quantiles(reports: Sequence[ReplicatedReport]) -> tuple[float, float, float]:
    # A replicate that ended has NaN from there on, so its mean is NaN, too.
    means: Array = np.concatenate(
        [report.losses.mean(axis=0) for report in reports if len(report.losses)] or [np.zeros(0)]
    )
    means = means[np.isfinite(means)]
    if not len(means):
        return (math.nan, math.nan, math.nan)
    low, middle, high = (float(q) for q in np.quantile(means, (0.1, 0.5, 0.9)))
    return low, middle, high


def quartiles(values: Array) -> tuple[float, float, float]:
    """25, 50 and 75 % of values that may be infinite, (R,): order statistics between numbers.

    Interpolating with infinity would give NaN; a quartile beyond the last number is infinite.
    """
    ordered = np.sort(values)
    found = []
    for share in (0.25, 0.5, 0.75):
        place = share * (len(ordered) - 1)
        low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
        between = low + (high - low) * (place - math.floor(place)) if low < high else low
        found.append(float(between if np.isfinite(between) else high))
    return found[0], found[1], found[2]


@dataclass(slots=True)
class Sweep:
    """The state of a sweep: its cases, advanced in place."""

    runs: tuple[CaseRun, ...]
    iteration: int = 0

    @classmethod
    def of(cls, cases: Sequence[Case], seeds: Sequence[int], **options: Any) -> Sweep:
        """All cases before their first update."""
        return cls(tuple(CaseRun(case, seeds, **options) for case in cases))

    @property
    def running(self) -> int:
        """How many replicates of all cases have not ended."""
        return sum(run.running for run in self.runs)

    def copy(self) -> Sweep:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(name: str, seed: int, **settings: Any) -> Sweep:
    """The state of the sweep of this name before its first iteration."""
    seeds = [(seed + r) % 2**32 for r in range(settings["replicates"])]
    return Sweep.of(CASES[name](settings), seeds)


def run(sweep: Sweep, **settings: Any) -> Iterator[SweepSnapshot]:
    """Snapshots of the sweep that goes on from this state, a snapshot each ``every`` updates.

    Ends early, after a snapshot, when no replicate of any case is left.
    """
    iterations, every = settings["iterations"], settings["every"]
    while sweep.iteration < iterations and sweep.running:
        until = min(iterations, (sweep.iteration // every + 1) * every)
        cases = tuple(run.advance(until) for run in sweep.runs)
        sweep.iteration = until
        yield SweepSnapshot(until, len(sweep.runs[0].seeds), cases)
