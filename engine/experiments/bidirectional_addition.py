"""Addition from the most significant bit: a task that needs the future.

Two numbers come in as bits, the highest first, and at each step the bit of their sum is wanted. It
depends on the carry, which comes from the lower bits: from the future. Even the best network that
reads forwards can only guess it. With k bits still to come, a carry arises from them with
probability p_k = (1 − 2^−k)/2 < ½, so the best guess is "none", right with 1 − p_k::

    share of right bits  ≤  (1/T) Σ_{k=0}^{T−1} (½ + 2^−(k+1))  =  ½ + (1 − 2^−T) / T

which is 0.6245 for T = 8. Reading backwards the carry is known, as in the course's adder.

Claim: forwards alone stays below that bound, however large the layer; bidirectional, and backwards
alone, get every bit right.

Source: Schuster, Paliwal (1997).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.experiments import cells
from engine.experiments.learner import Learner
from engine.experiments.plain import plain
from engine.functions import Array
from engine.recurrent.bidirectional import Bidirectional, Reversed
from engine.recurrent.layer import Layer
from engine.stopping import whole_or_not_at_all
from engine.tasks.binary_addition import BinaryAddition
from engine.training import Divergence

DIRECTIONS: Final = ("forwards", "backwards", "bidirectional")


@dataclass(frozen=True, slots=True)
class DirectionSnapshot:
    """One network.

    Attributes
    ----------
    name : "forwards", "backwards" or "bidirectional"
    parameters : how many numbers it has to learn
    losses : mean cross entropy of a bit, over each batch since the last snapshot; loss : their mean
    bit_accuracy : share of right bits of 256 fixed sums; accuracy : share of sums right in all bits
    output : predicted bits of the shown sum, highest first; right : whether all are right
    divergence : why this network goes no further, else None
    """

    name: str
    parameters: int
    losses: tuple[float, ...]
    loss: float
    bit_accuracy: float
    accuracy: float
    output: tuple[int, ...]
    right: bool
    gradient_norm: float
    divergence: Divergence | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The networks after ``iteration`` updates.

    a, b, target: bits of one of the fixed sums, highest first, another one each time; bound: the
    largest share of right bits that reading forwards can have on average.
    """

    iteration: int
    bound: float
    a: tuple[int, ...]
    b: tuple[int, ...]
    target: tuple[int, ...]
    networks: tuple[DirectionSnapshot, ...]

    @property
    def diverged(self) -> str | None:
        """In words, once no network can go on; each says its own besides."""
        ends = [n.divergence for n in self.networks]
        return str(ends[-1]) if all(end is not None for end in ends) else None

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return {**plain(self), "diverged": self.diverged}


@dataclass(slots=True)
class State:
    """The networks by direction, and the generator of the batches that they share."""

    learners: dict[str, Learner]
    gradient_norms: dict[str, float]
    rng: np.random.RandomState
    iteration: int = 0

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def forward_bound(T: int) -> float:
    """½ + (1 − 2^−T) / T."""
    return 0.5 + (1.0 - 2.0**-T) / T


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration."""
    learners = {}
    for name in DIRECTIONS:
        rng = np.random.RandomState(seed)
        layer = _layer(name, rng, settings["cell"], settings["hidden"])
        learners[name] = Learner(
            layer,
            rng,
            1,
            "cross-entropy",
            learning_rate=settings["learning_rate"],
            clip=settings["clip"],
        )
    return State(learners, {}, rng)


def _layer(name: str, rng: np.random.RandomState, cell: str, H: int) -> Layer:
    if name == "bidirectional":
        return Bidirectional(cells.drawn(cell, rng, 2, H), cells.drawn(cell, rng, 2, H))
    # As many units as both directions together have, so that size is no excuse.
    layer = cells.drawn(cell, rng, 2, 2 * H)
    return Reversed(layer) if name == "backwards" else layer


def highest_first(task: BinaryAddition, pairs: Any) -> tuple[Array, Array]:
    """x (T, N, 2) and d (T, N, 1) of the pairs (N, 2); entry 0 is the highest bit."""
    x, d = task.sequences(pairs)
    return x[::-1].copy(), d[::-1].copy()


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings."""
    task = BinaryAddition(settings["width"])
    every = settings["every"]
    fixed = task.test_pairs()
    x_fixed, d_fixed = highest_first(task, fixed)
    while state.iteration < settings["iterations"] and _alive(state):
        until = min(settings["iterations"], (state.iteration // every + 1) * every)
        losses: dict[str, list[float]] = {name: [] for name in DIRECTIONS}
        while state.iteration < until and _alive(state):
            with whole_or_not_at_all(state.rng):
                x, d = highest_first(task, task.sample(state.rng, settings["batch"]))
                for name, learner in state.learners.items():
                    if learner.waits_for(state.iteration):
                        update = learner.update(x, d)
                        losses[name].append(update.loss)
                        state.gradient_norms[name] = update.gradient_norm
            state.iteration += 1
        number = (state.iteration // every) % len(fixed)
        networks = tuple(
            _shown(state, name, losses[name], x_fixed, d_fixed, number) for name in DIRECTIONS
        )
        a, b = (int(n) for n in fixed[number])
        yield Snapshot(
            iteration=state.iteration,
            bound=forward_bound(settings["width"]),
            a=task.bits(a),
            b=task.bits(b),
            target=task.bits(a + b),
            networks=networks,
        )


def _alive(state: State) -> bool:
    return any(learner.divergence is None for learner in state.learners.values())


def _shown(
    state: State, name: str, losses: list[float], x: Array, d: Array, number: int
) -> DirectionSnapshot:
    learner = state.learners[name]
    right = (learner.outputs(x) > 0) == (d > 0.5)
    bits = np.where(right, d, 1 - d)[:, number, 0]
    return DirectionSnapshot(
        name=name,
        parameters=sum(array.size for array in learner.parameters().values()),
        losses=tuple(losses),
        loss=float(np.mean(losses)) if losses else float("nan"),
        bit_accuracy=float(right.mean()),
        accuracy=float(right.all(axis=(0, 2)).mean()),
        output=tuple(int(bit) for bit in bits),
        right=bool(right[:, number].all()),
        gradient_norm=state.gradient_norms[name],
        divergence=learner.divergence,
    )
