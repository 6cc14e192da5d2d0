"""The binary adder, live: its losses, one sum with its predicted bits, and how the weights fare."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.initializers import spectral_radius
from engine.recurrent.rnn import RNN, Parameters
from engine.tasks.binary_addition import BinaryAddition, rounded
from engine.training import Divergence, Report, train
from engine.training_state import TrainingSettings, TrainingState


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The run at one moment.

    Attributes
    ----------
    iteration : updates done
    losses : Σ ½(d − y)² over the bits, of each iteration since the last snapshot
    loss : their mean
    a, b, target, output : bits of the last pair, of its sum and of the prediction made before the
        last update, most significant bit first
    right : whether the prediction was right in every bit
    accuracy : share of 256 fixed sums whose bits are all right
    gradient_norm : of all three weight matrices, at the last iteration
    spectral_radius : largest absolute eigenvalue of W
    divergence : why the run ended early, else None; ``diverged`` is the same in words
    """

    iteration: int
    losses: tuple[float, ...]
    loss: float
    a: tuple[int, ...]
    b: tuple[int, ...]
    target: tuple[int, ...]
    output: tuple[int, ...]
    right: bool
    accuracy: float
    gradient_norm: float
    spectral_radius: float
    divergence: Divergence | None = None

    @property
    def diverged(self) -> str | None:
        """Such as "gradient norm 1e+49 at iteration 412"; None while all is well."""
        return None if self.divergence is None else str(self.divergence)

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return {
            "iteration": self.iteration,
            "losses": [_finite(loss) for loss in self.losses],
            "loss": _finite(self.loss),
            "a": list(self.a),
            "b": list(self.b),
            "target": list(self.target),
            "output": list(self.output),
            "right": self.right,
            "accuracy": _finite(self.accuracy),
            "gradient_norm": _finite(self.gradient_norm),
            "spectral_radius": _finite(self.spectral_radius),
            "diverged": self.diverged,
        }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _split(settings: dict[str, Any]) -> tuple[TrainingSettings, int, int]:
    training = {key: settings[key] for key in settings if key not in ("iterations", "every")}
    return TrainingSettings(**training), settings["iterations"], settings["every"]


def new_state(seed: int, **settings: Any) -> TrainingState:
    """The state of the experiment before its first iteration."""
    return TrainingState.new(seed, _split(settings)[0])


def run(state: TrainingState, **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings."""
    training, iterations, every = _split(settings)
    task = BinaryAddition(training.width)
    x, d = task.sequences(task.test_pairs())
    wanted = rounded(d)
    for report in train(state, training, iterations, every):
        parameters = Parameters.without_biases(state.W_in, state.W, state.W_out)
        # Not around the yield: error settings are the caller's again while we wait.
        with np.errstate(all="ignore"):
            y = RNN(parameters, training.activation, "sigmoid").forward(x).y
            accuracy = float((rounded(y) == wanted).all(axis=(0, 2)).mean())
            radius = spectral_radius(state.W)
        yield _snapshot(report, task, accuracy, radius)


def _snapshot(report: Report, task: BinaryAddition, accuracy: float, radius: float) -> Snapshot:
    target = task.bits(report.a + report.b)
    output = tuple(int(bit) for bit in rounded(report.y)[::-1])
    return Snapshot(
        iteration=report.iteration,
        losses=tuple(float(loss) for loss in report.losses),
        loss=float(report.losses.mean()),
        a=task.bits(report.a),
        b=task.bits(report.b),
        target=target,
        output=output,
        right=output == target,
        accuracy=accuracy,
        gradient_norm=report.gradient_norm,
        spectral_radius=radius,
        divergence=report.divergence,
    )
