"""Training many binary adders at once: a replicate axis in front of every matrix.

One run says what happened once; what a setting does is a distribution. R runs that differ in their
seeds, and if wanted in learning rate, clipping and initial weights, advance together: every product
of ``engine.training`` becomes one product of R pairs of matrices. A network of 16 units spends its
time in calls, so R = 40 takes less than three times the time of one run.

Replicate r is the run that ``engine.training`` makes of its state: the same random stream,
the same equations (Rumelhart, Hinton and Williams, 1986; Werbos, 1990), the same losses.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engine import functions
from engine.functions import Array
from engine.stopping import check, interruptible
from engine.tasks.binary_addition import BinaryAddition
from engine.training import (
    ACTIVATE_INTO,
    GRADIENT_LIMIT,
    OUTPUT_DELTAS,
    Divergence,
    sigmoid_into,
)
from engine.training_forms import FORMS, aligned, one_plus_tanh
from engine.training_state import TrainingSettings, TrainingState

#: Settings that all replicates of one training have in common: they decide shapes and functions.
SHARED: Final = ("width", "hidden", "activation", "output_delta")

#: Pairs are drawn for so many updates at once, at most, and for so many multiplications: after
#: that a run looks whether it was told to stop. The stream does not depend on it.
_CHUNK: Final = 250
_CHUNK_MULTIPLICATIONS: Final = 2**26

#: Below this square of all gradients together none is beyond any limit.
_SUSPECT: Final = GRADIENT_LIMIT**2

#: What ``_allocate`` makes from the states.
_BUFFERS: Final = (
    *("weights", "from_output", "slopes", "delta"),
    *("_inputs", "_s", "_u", "_backward"),
)


@dataclass(frozen=True, slots=True)
class ReplicatedReport:
    """What happened to R replicates since the last report.

    Attributes
    ----------
    iteration : updates done by the replicates that still run
    losses : (n, R) Σ_t ½(dᵗ − yᵗ)² before each update; NaN from the update after a replicate's end
    gradient_norms : (R,) of all three matrices, before clipping, at each replicate's last iteration
    divergences : (R) why a replicate ended, else None
    """

    iteration: int
    losses: Array
    gradient_norms: Array
    divergences: tuple[Divergence | None, ...]


class ReplicatedTraining:
    """R runs that advance together; ``states`` are advanced in place.

    A subclass may override the four methods from ``backward_matrices`` on to make a *wrong*
    gradient on purpose; see ``engine.experiments.wrong_gradients``.

    Parameters
    ----------
    states : R states, all at one iteration
    settings : one for all, or R that agree in SHARED
    clip : θ of clipping by norm, g ← g · min(1, θ/‖g‖) over all matrices together (Pascanu, Mikolov
        and Bengio, 2013); one for all or R; infinite for none
    highest_first : feed the bits from the most significant on, so that no carry can arrive
    gradient_limit : a replicate ends when its gradient's norm is beyond this, or NaN; infinite to
        let a run explode until NaN

    Raises
    ------
    ValueError if the numbers of replicates, or what they have to have in common, differ
    """

    def __init__(
        self,
        states: Sequence[TrainingState],
        settings: TrainingSettings | Sequence[TrainingSettings],
        *,
        clip: float | Sequence[float] = np.inf,
        highest_first: bool = False,
        gradient_limit: float = GRADIENT_LIMIT,
    ) -> None:
        R = len(states)
        each = [settings] * R if isinstance(settings, TrainingSettings) else list(settings)
        clips = np.array(np.broadcast_to(np.asarray(clip, dtype=np.float64), (R,)))
        if not gradient_limit >= GRADIENT_LIMIT:
            raise ValueError(f"the gradient's limit has to be at least {GRADIENT_LIMIT:.0e}")
        if R == 0 or len(each) != R:
            raise ValueError(f"{R} states and {len(each)} settings make no set of replicates")
        for name in SHARED:
            if len({getattr(one, name) for one in each}) > 1:
                raise ValueError(f"replicates have to agree in {name}")
        if len({state.iteration for state in states}) > 1:
            raise ValueError("replicates have to start at one iteration")
        if any(len(state.W) != each[0].hidden for state in states):
            raise ValueError("a state and its settings differ in the number of units")
        first = each[0]
        self.states = tuple(states)
        self.iteration = states[0].iteration
        self.divergences: list[Divergence | None] = [None] * R
        self.gradient_norms = np.zeros(R)
        #: Whose gradient was ever beyond GRADIENT_LIMIT, also where the run may go on after it.
        self.exploded = np.zeros(R, dtype=np.bool_)
        self.task = BinaryAddition(first.width)
        self._limit = gradient_limit
        self.activation = functions.activation(first.activation)
        self.form = FORMS[first.activation]
        bits = self.task.table()
        self.bits = np.ascontiguousarray(bits[:, ::-1]) if highest_first else bits
        self._output_delta = OUTPUT_DELTAS[first.output_delta]
        self._rates = np.array([one.learning_rate for one in each])
        self._clips = clips
        #: Whether one factor serves all replicates.
        self._alike = bool(self._rates.min() == self._rates.max() > 0 and np.isinf(clips).all())
        self.T, self.D, self.H = first.width, 2, first.hidden
        self._allocate(np.arange(R, dtype=np.int64))

    @property
    def running(self) -> int:
        """How many replicates have not ended."""
        return len(self.active)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """An independent training: both go on alike. Not while ``advance`` is at work."""
        kept = {name: value for name, value in vars(self).items() if name not in _BUFFERS}
        new = object.__new__(type(self))
        vars(new).update(copy.deepcopy(kept, memo))
        # Some buffers are views of others, which a copy would take apart.
        new._allocate(new.active)
        return new

    @property
    def updates_at_once(self) -> int:
        """Between two looks at whether the run is to stop."""
        each = 3 * self.running * self.T * (self.D + self.H) * self.H
        return max(1, min(_CHUNK, _CHUNK_MULTIPLICATIONS // each))

    def parameters(self) -> tuple[Array, Array, Array]:
        """W_in (R, 2, H), W (R, H, H), W_out (R, H, 1), also of replicates that have ended."""
        W_in, W, W_out = zip(*((s.W_in, s.W, s.W_out) for s in self.states), strict=True)
        return np.stack(W_in), np.stack(W), np.stack(W_out)

    def advance(self, count: int) -> ReplicatedReport:
        """``count`` updates of every replicate that has not ended.

        Nothing is raised or warned of when numbers overflow: the replicate ends, and its state
        stays as it was before the failing update. Stopped (``engine.stopping``) leaves all at the
        same whole update.
        """
        R = len(self.states)
        losses = np.full((count, R), np.nan)
        done = 0
        with np.errstate(all="ignore"):
            while done < count and self.running:
                self._write_back()
                check()
                until = min(count, done + self.updates_at_once)
                drawn = np.zeros((R, until - done, 2), dtype=np.int64)
                for r in self.active:
                    drawn[r] = self.task.sample(self.states[r].rng, until - done)
                pairs = drawn.transpose(1, 0, 2)
                start = done
                while done < until and self.running:
                    done += self._run(pairs[done - start :], losses[done:until])
            self._write_back()
        # Without any replicate left the clock still runs: reports keep their rhythm.
        self.iteration += count - done
        return ReplicatedReport(
            self.iteration, losses, self.gradient_norms.copy(), tuple(self.divergences)
        )

    # What a wrong gradient does differently. Shapes: R here are the replicates still running.

    def backward_matrices(self, W: Array) -> Array:
        """Row deltas are multiplied by this on their way back: Wᵀ (R, H, H), a view of W.

        Times c both of them; see ``engine.training_forms``.
        """
        return W.transpose(0, 2, 1)

    def find_slopes(self, s: Array) -> None:
        """f′(uᵗ)/c of every step into ``self.slopes``, from s (T + 1, R, H), s⁰ first."""
        self.form.slopes_into(s[1:], self.slopes)

    def find_deltas(self) -> None:
        """δᵗ = f′(uᵗ) ⊙ (Wᵀδᵗ⁺¹ + W_outᵀδ^{out,t}) into ``self.delta``, from the last step on.

        ``self.slopes`` and ``self.from_output`` hold f′(uᵗ)/c and c W_outᵀδ^{out,t}; all (T, R, H).
        """
        matmul, add, multiply = np.matmul, np.add, np.multiply
        u, sums = self._u, self._u[:, 0]
        multiply(self.from_output[-1], self.slopes[-1], self.delta[-1])  # nothing is beyond T
        for delta_next, matrices, from_output, slopes, delta in self._backward:
            matmul(delta_next, matrices, u)
            add(sums, from_output, sums)
            multiply(sums, slopes, delta)

    def descent(self, gradient: Array) -> Array:
        """The step before clipping and ε: the gradient itself; what is returned is written to.

        gradient is that of W_in, W and W_outᵀ one upon the other, (R, D + H + 1, H), times k, and
        times ε c / k if that is the same for all.
        """
        return gradient

    def keep(self, kept: NDArray[np.int64]) -> None:
        """Some replicates have ended; ``kept`` holds the positions of those that go on."""

    def _allocate(self, active: NDArray[np.int64]) -> None:
        """Parameters and buffers for the replicates of these indices."""
        self.active = active
        R, T, D, H = len(active), self.T, self.D, self.H
        if R == 0:
            return
        states = [self.states[r] for r in active]
        self.weights = aligned(R, D + H + 1, H)
        for r, s in enumerate(states):
            np.multiply(self.form.c, np.concatenate([s.W_in, s.W, s.W_out.T]), self.weights[r])
        # Row t holds [xᵗ⁺¹, sᵗ]: one product is uᵗ⁺¹, and one of all rows and deltas the gradient.
        self._inputs = aligned(T + 1, R, D + H)
        # Element by element, s is quickest by itself; for the products it has to lie beside x.
        self._s, self._u = aligned(T + 1, R, H), aligned(R, 1, H)
        self.from_output, self.slopes, self.delta = (aligned(T, R, H) for _ in range(3))
        matrices = self.backward_matrices(self.weights[:, D:-1])
        # Views are made once: to cut one out costs as much as a step's arithmetic.
        self._backward = [
            (
                self.delta[t + 1][:, None],
                matrices,
                self.from_output[t],
                self.slopes[t],
                self.delta[t],
            )
            for t in reversed(range(T - 1))
        ]

    def _run(self, pairs: NDArray[np.int64], losses: Array) -> int:
        """Updates until all pairs (n, R, 2) are used or a replicate ends; returns their number."""
        T, D, active, bits = self.T, self.D, self.active, self.bits
        R, n = len(active), len(pairs)
        a, b = pairs[:, active].transpose(2, 0, 1)
        by_time = self.form.k * bits.T
        x_a, x_b = by_time.take(a, axis=1), by_time.take(b, axis=1)  # (T, n, R)
        d, errors = bits.take(a + b, axis=0), np.empty((n, R, T))
        # Local names, as in ``engine.training``: look-ups cost as much as the arithmetic.
        matmul, activate = np.matmul, self.form.into
        weights, inputs, u = self.weights, self._inputs, self._u
        W_in_and_W, W_out, W_out_column = weights[:, :-1], weights[:, -1], weights[:, -1, :, None]
        x_a_now, x_b_now, sums = inputs[:T, :, 0], inputs[:T, :, 1], u[:, 0]
        s, s_by_replicate = self._s, self._s[1:].transpose(1, 0, 2)
        forward = [
            (inputs[t][:, None], W_in_and_W, s[t + 1], inputs[t + 1, :, D:]) for t in range(1, T)
        ]
        # In the first step there is no state yet.
        forward.insert(0, (inputs[0, :, None, :D], weights[:, :D], s[1], inputs[1, :, D:]))
        inputs_T, delta_T = inputs[:T].transpose(1, 2, 0), self.delta.transpose(1, 0, 2)
        v, y = np.empty((R, T, 1)), np.empty((R, T))
        half_v = v[:, :, 0]
        half, to_half = np.array(0.5), 0.5 / (self.form.c * self.form.k)
        gradient = aligned(*weights.shape)
        gradient_in_and_W, gradient_out = gradient[:, :-1], gradient[:, -1:]
        # The gradient comes out k times too large, and what it changes is kept times c.
        k = self.form.k
        rates, clips = self._rates[active] * (self.form.c / k), self._clips[active]
        # One rate for all is cheapest where everything is still small: at the outputs.
        alike, rate = self._alike, np.array(rates[0] if self._alike else 1.0)
        limit = (k * rate) ** 2 * _SUSPECT
        ended = np.zeros(R, dtype=np.bool_)

        for i in range(n):
            x_a_now[...], x_b_now[...] = x_a[:, i], x_b[:, i]
            for row, matrices, s_t, beside_x in forward:
                matmul(row, matrices, u)
                activate(sums, s_t)
                beside_x[...] = s_t
            matmul(s_by_replicate, W_out_column, v)
            if to_half != 1.0:
                np.multiply(half_v, to_half, half_v)
            one_plus_tanh(half_v, y)
            np.multiply(y, half, y)
            e = np.subtract(y, d[i], errors[i])

            delta_out = np.multiply(self._output_delta(e, y), rate)
            np.multiply(delta_out.T[:, :, None], W_out, self.from_output)
            self.find_slopes(s)
            self.find_deltas()
            matmul(inputs_T, delta_T, gradient_in_and_W)
            matmul(delta_out[:, None], s_by_replicate, gradient_out)

            step = self.descent(gradient)
            flat = step.ravel()
            # No norm is above that of all, and a NaN makes it NaN: one cheap look at all.
            suspect = not np.dot(flat, flat) <= limit
            if suspect or not alike or i == n - 1:
                by_replicate = step.reshape(R, -1)
                norms = np.sqrt(np.einsum("ri,ri->r", by_replicate, by_replicate)) / (k * rate)
                ended = ~(norms <= self._limit)
                self.exploded[active] |= ~(norms <= GRADIENT_LIMIT)
                # The minimum passes over ∞/∞: no clipping of an infinite gradient.
                factors = rates / rate * np.fmin(1.0, clips / norms)
                np.multiply(step, factors[:, None, None], out=step)
                step[ended] = 0.0
            np.subtract(weights, step, out=weights)
            if suspect and ended.any():
                break

        done = i + 1
        losses[:done, active] = 0.5 * np.einsum("irt,irt->ir", errors[:done], errors[:done])
        self.gradient_norms[active] = norms
        self.iteration += done
        if ended.any():
            self._end(ended)
        return done

    def _end(self, ended: NDArray[np.bool_]) -> None:
        """Some of the running replicates go no further than the update before the last."""
        self._write_back()
        for r in self.active[ended]:
            self.divergences[r] = Divergence(self.iteration, float(self.gradient_norms[r]))
            self.states[r].iteration = self.iteration - 1
        kept = np.flatnonzero(~ended)
        self.keep(kept)
        self._allocate(self.active[kept])

    def _write_back(self) -> None:
        for position, r in enumerate(self.active):
            state, weights = self.states[r], self.weights[position] / self.form.c
            state.W_in, state.W = weights[: self.D], weights[self.D : -1]
            state.W_out = weights[-1:].T.copy()
            state.iteration = self.iteration


def train_replicates(
    training: ReplicatedTraining, iterations: int, every: int = 50
) -> Iterator[ReplicatedReport]:
    """Advance until ``training.iteration`` is ``iterations``; yields at multiples of ``every``.

    Ends early, after a report, when no replicate is left. Closing the generator ends the run.

    Raises
    ------
    ValueError if ``every`` is below 1
    """
    if every < 1:
        raise ValueError(f"every has to be at least 1; it is {every}")
    while training.iteration < iterations and training.running:
        until = min(iterations, (training.iteration // every + 1) * every)
        yield training.advance(until - training.iteration)


def right_bits(training: ReplicatedTraining, count: int = 256) -> NDArray[np.bool_]:
    """Which bits of ``count`` fixed sums each replicate gets right: (R, count, T).

    A replicate whose weights are no longer numbers gets none.
    """
    task, (W_in, W, W_out) = training.task, training.parameters()
    bits = training.bits
    pairs = task.test_pairs(count)
    x = np.stack([bits[pairs[:, 0]], bits[pairs[:, 1]]], axis=-1)  # (count, T, 2)
    wanted = bits[pairs.sum(axis=1)] > 0.5
    activate = ACTIVATE_INTO[training.activation.name]
    z, y = np.zeros((len(W), count, W.shape[-1])), np.empty((len(W), count))
    right = np.empty((len(W), count, task.width), dtype=np.bool_)
    with np.errstate(all="ignore"):
        for t in interruptible(range(task.width)):
            activate(np.matmul(x[:, t], W_in) + np.matmul(z, W), z)
            sigmoid_into(np.matmul(z, W_out)[:, :, 0], y)
            right[:, :, t] = ((y > 0.5) == wanted[:, t]) & ~np.isnan(y)
    return right
