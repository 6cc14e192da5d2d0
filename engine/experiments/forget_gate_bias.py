"""LSTMs that differ in the initial bias of the forget gate, trained side by side.

With inputs and weights small, f = σ(b_f), and of a cell's content the share Π f_t is left after T
steps; ∂c_T/∂c_0 along the cells is that same product (0.9²⁰ = 0.122)::

    b_f = 0     f = 0.50        0.5³⁰   = 9 · 10⁻¹⁰
    b_f = 1     f = 0.73        0.73³⁰  = 8 · 10⁻⁵
    b_f = 5     f = 0.993       0.993³⁰ = 0.82

Claim: a network that starts with b_f = 1 learns the adding problem sooner than one with b_f = 0: it
starts by remembering, and has gradients from far back from the first update on. Measured with the
default settings (T = 80), updates until the mean loss of 25 batches is below 0.08, seeds 0, 1, 2::

    b_f = 2     350  575  475        b_f = 0     850  875  650
    b_f = 1     550  700  575        b_f = −2    950  950  800

All networks have the same initial weights but for b_f, and see the same batches.

Sources: Gers, Schmidhuber, Cummins (2000); Jozefowicz, Zaremba, Sutskever (2015), section 4.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.experiments import cells
from engine.experiments.learner import Learner, Update
from engine.experiments.plain import plain
from engine.stopping import whole_or_not_at_all
from engine.tasks.adding_problem import BASELINE, AddingProblem
from engine.training import Divergence

#: ``recent_loss`` is the mean over so many batches.
RECENT: Final = 100


@dataclass(frozen=True, slots=True)
class BiasSnapshot:
    """One network.

    Attributes
    ----------
    bias : b_f at the start
    losses : mean of (y − d)² over each batch since the last snapshot; loss : their mean
    recent_loss : mean over the last 100 iterations, or over all if there are fewer
    forget_gate : mean of f over units, sequences and time steps of the last batch
    retention : mean over units and sequences of Π f_t, the share of a cell that lasts to the end
    cell_gradient : ‖∂E/∂c_1‖ / ‖∂E/∂c_T‖ over the batch
    gradient_norm : ‖g‖ at the last iteration, before clipping
    divergence : why this network goes no further, else None
    """

    bias: float
    losses: tuple[float, ...]
    loss: float
    recent_loss: float
    forget_gate: float
    retention: float
    cell_gradient: float
    gradient_norm: float
    divergence: Divergence | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All networks after ``iteration`` updates."""

    iteration: int
    baseline: float
    networks: tuple[BiasSnapshot, ...]

    @property
    def diverged(self) -> str | None:
        """In words, once no network can go on; each says its own besides."""
        ends = [n.divergence for n in self.networks]
        return str(ends[-1]) if all(end is not None for end in ends) else None

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return {**plain(self), "diverged": self.diverged}


@dataclass(slots=True)
class Network:
    """A learner, the losses of its last iterations, and what its last update left behind."""

    bias: float
    learner: Learner
    recent: list[float]
    last: Update | None = None


@dataclass(slots=True)
class State:
    """The networks and the generator of the batches that they share."""

    networks: list[Network]
    rng: np.random.RandomState
    iteration: int = 0

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration."""
    networks = []
    for bias in settings["biases"]:
        # The same seed for each: they differ in b_f and in nothing else.
        rng = np.random.RandomState(seed)
        layer = cells.drawn("lstm", rng, 2, settings["hidden"], forget_bias=bias)
        learner = Learner(
            layer,
            rng,
            1,
            "squared-error",
            learning_rate=settings["learning_rate"],
            clip=settings["clip"],
        )
        networks.append(Network(bias, learner, []))
    return State(networks, rng)


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings."""
    task = AddingProblem(settings["steps"])
    every = settings["every"]
    while state.iteration < settings["iterations"] and _alive(state):
        until = min(settings["iterations"], (state.iteration // every + 1) * every)
        losses: list[list[float]] = [[] for _ in state.networks]
        while state.iteration < until and _alive(state):
            with whole_or_not_at_all(state.rng):
                x, d = task.sample(state.rng, settings["batch"])
                for network, own in zip(state.networks, losses, strict=True):
                    if network.learner.waits_for(state.iteration):
                        network.last = network.learner.update(x, d)
                        own.append(network.last.loss)
                        network.recent = [*network.recent, network.last.loss][-RECENT:]
            state.iteration += 1
        pairs = zip(state.networks, losses, strict=True)
        with np.errstate(all="ignore"):
            shown = tuple(_shown(network, own) for network, own in pairs)
        yield Snapshot(state.iteration, BASELINE, shown)


def _alive(state: State) -> bool:
    return any(network.learner.divergence is None for network in state.networks)


def _shown(network: Network, losses: list[float]) -> BiasSnapshot:
    assert network.last is not None  # every network has had its first update by now
    forward, backward = network.last.forward, network.last.backward
    return BiasSnapshot(
        bias=network.bias,
        losses=tuple(losses),
        loss=float(np.mean(losses)) if losses else network.last.loss,
        recent_loss=float(np.mean(network.recent)),
        forget_gate=float(forward.f.mean()),
        retention=float(forward.f.prod(axis=0).mean()),
        cell_gradient=float(np.linalg.norm(backward.c[0]) / np.linalg.norm(backward.c[-1])),
        gradient_norm=network.last.gradient_norm,
        divergence=network.learner.divergence,
    )
