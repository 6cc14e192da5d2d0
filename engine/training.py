"""Training the binary adder: a generator of reports over a state that can be kept.

The network has no biases and starts from z⁰ = 0; one pair of numbers is one update, with the
gradients of all T bits summed (online gradient descent, as in the course's program). From the same
seed the losses are those of the course's loop, in a fraction of its time: see ``_Loop``.

``engine.recurrent.rnn`` is the same mathematics for reading; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine import functions
from engine.functions import Array
from engine.stopping import check
from engine.tasks.binary_addition import BinaryAddition
from engine.training_state import TrainingSettings, TrainingState

#: No run was ever seen to learn again after a gradient beyond this: its units are saturated or
#: dead if not NaN. Chaotic runs that do go on stay below 1e5 (ReLU, tanh and identity, 120 runs).
GRADIENT_LIMIT: Final = 1e8

#: Updates between two looks at whether the run is to stop: some milliseconds of work.
_PORTION: Final = 100


@dataclass(frozen=True, slots=True)
class Divergence:
    """Why a run cannot go on: the gradient's norm at an iteration (from 1); may be inf or nan."""

    iteration: int
    gradient_norm: float

    def __str__(self) -> str:
        return f"gradient norm {self.gradient_norm:.0e} at iteration {self.iteration}"


@dataclass(frozen=True, slots=True)
class Report:
    """What happened since the last report.

    Attributes
    ----------
    iteration : updates done since the state was new
    losses : Σ_t ½(dᵗ − yᵗ)² of each iteration since the last report, before its update. This is
        so for each output delta, also for "cross-entropy", so that curves can be compared
    gradient_norm : of W_in, W and W_out together, at the last iteration
    a, b : the last pair
    y : (T,) the outputs for it, least significant bit first, before its update
    divergence : not None in the last report of a run that failed
    """

    iteration: int
    losses: Array
    gradient_norm: float
    a: int
    b: int
    y: Array
    divergence: Divergence | None = None


def train(
    state: TrainingState, settings: TrainingSettings, iterations: int, every: int = 50
) -> Iterator[Report]:
    """Advance ``state`` in place until ``state.iteration`` is ``iterations``.

    Yields at every multiple of ``every`` and at the end; ``state`` changes only while the caller
    waits, and by whole updates. So what is kept (``state.copy()``, ``state.save(path)``) is always
    whole, and a run that goes on from it is the run that was never stopped, bit for bit. Closing
    the generator ends the run, and so does being told to (``engine.stopping``). After a divergence
    the run is over; ``state`` is as it was before the failing update.

    Raises
    ------
    ValueError if ``every`` is below 1, or if state and settings differ in the number of units
    """
    if every < 1:
        raise ValueError(f"every has to be at least 1; it is {every}")
    if len(state.W) != settings.hidden:
        units = f"{len(state.W)} hidden units, the settings {settings.hidden}"
        raise ValueError(f"this state belongs to other settings: it has {units}")
    loop = _Loop(state, settings)
    while state.iteration < iterations:
        until = min(iterations, (state.iteration // every + 1) * every)
        # Not around the yield: the caller's own error settings would be ours while we wait.
        with np.errstate(all="ignore"):
            report = _advance(loop, until)
        yield report
        if report.divergence is not None:
            return


def _advance(loop: _Loop, until: int) -> Report:
    reports: list[Report] = []
    while loop.state.iteration < until:
        check()
        reports.append(loop.advance(min(_PORTION, until - loop.state.iteration)))
        if reports[-1].divergence is not None:
            break
    return replace(reports[-1], losses=np.concatenate([report.losses for report in reports]))


#: As an array: of a Python float NumPy would make one at each call.
_ONE: Final = np.array(1.0)


def sigmoid_into(u: Array, z: Array) -> None:
    """z ← σ(u) without any new array; u is used up."""
    # exp may overflow to inf, whose reciprocal is the right 0.
    np.negative(u, u)
    np.exp(u, u)
    np.add(u, _ONE, u)
    np.reciprocal(u, z)


#: z ← f(u) by name, without any new array; u may be used up.
ACTIVATE_INTO: Final[dict[str, Callable[[Array, Array], object]]] = {
    "sigmoid": sigmoid_into,
    "tanh": np.tanh,
    "relu": lambda u, z: np.maximum(u, 0.0, out=z),
    "identity": lambda u, z: np.copyto(z, u),
}


def _true_delta(e: Array, y: Array) -> Array:
    return np.asarray(e * (y * (1.0 - y)))


def _seed_delta(e: Array, y: Array) -> Array:
    # The course's mistake: σ′ wants the pre-activation v and gets y, which is σ(v) already.
    s = 1.0 / (1.0 + np.exp(-y))
    return np.asarray(e * (s * (1.0 - s)))


def _cross_entropy_delta(e: Array, y: Array) -> Array:
    return e


#: δ^out from e = y − d and y.
OUTPUT_DELTAS: Final[dict[str, Callable[[Array, Array], Array]]] = {
    "true": _true_delta,
    "seed": _seed_delta,
    "cross-entropy": _cross_entropy_delta,
}


class _Loop:
    """The training loop on buffers allocated once.

    Why it is fast: a network of 16 units spends its time in calls, not in arithmetic. So each row
    t of ``inputs`` is [xᵗ⁺¹, zᵗ] and ``weights`` is W_in on top of W: one product is
    uᵗ⁺¹, and one product of the whole run with all deltas is both gradients. What does not depend
    on the previous step (outputs, f′, W_outᵀδ^out) is computed for all t at once.
    """

    def __init__(self, state: TrainingState, settings: TrainingSettings) -> None:
        task = BinaryAddition(settings.width)
        T, D, H = settings.width, 2, settings.hidden
        self.state = state
        self.task = task
        self.bits = task.table()
        self.learning_rate = settings.learning_rate
        self.activate = ACTIVATE_INTO[settings.activation]
        derivative = functions.activation(settings.activation).derivative_from_output
        assert derivative is not None  # the settings admit element-wise activations only
        self.derivative_from_output = derivative
        self.output_delta = OUTPUT_DELTAS[settings.output_delta]

        self.weights = np.concatenate([state.W_in, state.W])
        self.W_out = state.W_out[:, 0].copy()
        self.gradient = np.empty_like(self.weights)
        self.inputs = np.zeros((T + 1, D + H))  # the last row holds zᵀ only
        self.delta = np.zeros((T + 1, H))  # the last row is δᵀ⁺¹ = 0
        self.y = np.empty(T)

    def advance(self, count: int) -> Report:
        """Up to ``count`` updates, then write the parameters back into the state."""
        T, D = len(self.y), 2
        # Local names: at this size an attribute look-up costs as much as the arithmetic.
        dot, add, multiply, subtract = np.dot, np.add, np.multiply, np.subtract
        activate, bits = self.activate, self.bits
        weights, W, W_out, y = self.weights, self.weights[D:], self.W_out, self.y
        W_T, gradient, flat = W.T, self.gradient, self.gradient.ravel()
        inputs, inputs_T = self.inputs, self.inputs[:T].T
        x_a, x_b, z = inputs[:T, 0], inputs[:T, 1], inputs[1:, D:]
        delta = self.delta[:T]
        u, v = np.empty(W.shape[0]), np.empty(T)
        from_output = np.empty_like(delta)  # W_outᵀ δ^{out,t} for each t
        forward = [(inputs[t], inputs[t + 1, D:]) for t in range(T)]
        backward = [
            (self.delta[t + 1], self.delta[t], from_output[t], t) for t in reversed(range(T))
        ]
        pairs = self.task.sample(self.state.rng, count).tolist()
        losses = np.empty(count)
        divergence = None
        done = 0

        for a, b in pairs:
            x_a[:] = bits[a]
            x_b[:] = bits[b]
            for row, z_t in forward:
                dot(row, weights, u)
                activate(u, z_t)
            dot(z, W_out, v)
            sigmoid_into(v, y)
            e = y - bits[a + b]
            losses[done] = 0.5 * dot(e, e)

            delta_out = self.output_delta(e, y)
            multiply(delta_out[:, None], W_out, from_output)
            df = self.derivative_from_output(z)
            for delta_next, delta_t, output_part, t in backward:
                dot(delta_next, W_T, u)
                add(u, output_part, u)
                multiply(u, df[t], delta_t)

            dot(inputs_T, delta, gradient)
            gradient_out = dot(delta_out, z)
            squared_norm = dot(flat, flat) + dot(gradient_out, gradient_out)
            done += 1
            # Written so that a NaN, too, counts as beyond the limit.
            if not squared_norm <= GRADIENT_LIMIT**2:
                iteration = self.state.iteration + done
                divergence = Divergence(iteration, float(np.sqrt(squared_norm)))
                break
            multiply(gradient, self.learning_rate, gradient)
            subtract(weights, gradient, weights)
            gradient_out *= self.learning_rate
            subtract(W_out, gradient_out, W_out)

        self.state.W_in = weights[:D].copy()
        self.state.W = W.copy()
        self.state.W_out = W_out[:, None].copy()
        self.state.iteration += done - (divergence is not None)
        return Report(
            iteration=self.state.iteration,
            losses=losses[:done],
            gradient_norm=float(np.sqrt(squared_norm)),
            a=a,
            b=b,
            y=y.copy(),
            divergence=divergence,
        )
