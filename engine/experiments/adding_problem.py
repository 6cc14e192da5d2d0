"""The adding problem, live: can the network carry a number over a hundred time steps?

Claim: an LSTM with forget-gate bias 1 and a GRU learn it at T = 100, a simple layer with tanh stays
at the baseline 1/6, which is what one reaches by always answering 1.

Every batch is drawn anew, so that each loss is measured on sequences that were never seen before.

Sources: Hochreiter, Schmidhuber (1997), experiment 4; Le, Jaitly, Hinton (2015), section 4.1.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from engine.experiments import cells
from engine.experiments.learner import Learner
from engine.experiments.plain import plain
from engine.stopping import whole_or_not_at_all
from engine.tasks.adding_problem import BASELINE, AddingProblem
from engine.training import Divergence

#: ``recent_loss`` is the mean over so many batches: one batch of 64 is off by a fifth at times.
RECENT: Final = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The run at one moment.

    Attributes
    ----------
    losses : mean of (y − d)² over the batch, of each iteration since the last snapshot
    loss : their mean
    recent_loss : mean over the last 100 iterations, or over all if there are fewer
    baseline : 1/6, of the answer that is always 1
    gradient_norm : ‖g‖ at the last iteration, before clipping
    marks : the two marked time steps of the last batch's first sequence, from 1
    values : the values there
    target, output : their sum, and the network's answer before the last update
    divergence : why the run ended early, else None
    """

    iteration: int
    losses: tuple[float, ...]
    loss: float
    recent_loss: float
    baseline: float
    gradient_norm: float
    marks: tuple[int, ...]
    values: tuple[float, ...]
    target: float
    output: float
    divergence: Divergence | None = None

    @property
    def diverged(self) -> str | None:
        """Such as "gradient norm nan at iteration 412"; None while all is well."""
        return None if self.divergence is None else str(self.divergence)

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return dict(plain(self))


@dataclass(slots=True)
class State:
    """The network with its optimiser, the generator of the batches, and the last losses."""

    learner: Learner
    rng: np.random.RandomState
    recent: list[float] = field(default_factory=list)

    @property
    def iteration(self) -> int:
        """Updates done."""
        return self.learner.iteration

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration."""
    rng = np.random.RandomState(seed)
    layer = cells.drawn(
        settings["cell"], rng, 2, settings["hidden"], forget_bias=settings["forget_bias"]
    )
    learner = Learner(
        layer,
        rng,
        1,
        "squared-error",
        learning_rate=settings["learning_rate"],
        clip=settings["clip"],
    )
    return State(learner, rng)


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings.

    ``state`` changes only while the caller waits for a snapshot, and by whole updates.
    """
    task = AddingProblem(settings["steps"])
    every = settings["every"]
    while state.learner.divergence is None and state.iteration < settings["iterations"]:
        until = min(settings["iterations"], (state.iteration // every + 1) * every)
        losses = []
        while state.learner.divergence is None and state.iteration < until:
            with whole_or_not_at_all(state.rng):
                x, d = task.sample(state.rng, settings["batch"])
                update = state.learner.update(x, d)
            losses.append(update.loss)
            state.recent = [*state.recent, update.loss][-RECENT:]
        marks = np.flatnonzero(x[:, 0, 1])
        yield Snapshot(
            iteration=state.iteration,
            losses=tuple(losses),
            loss=float(np.mean(losses)),
            recent_loss=float(np.mean(state.recent)),
            baseline=BASELINE,
            gradient_norm=update.gradient_norm,
            marks=tuple(int(t) + 1 for t in marks),
            values=tuple(float(x[t, 0, 0]) for t in marks),
            target=float(d[0, 0]),
            output=float(update.y[0, 0]),
            divergence=state.learner.divergence,
        )
