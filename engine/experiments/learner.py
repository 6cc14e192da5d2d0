"""A recurrent layer with a linear output on top, trained by Adam with clipping.

v = h V + c        h (N, F): the last output of the layer, or each one; V (F, K), c (K,)

squared error      E = (1/N) Σ (v − d)²                      ∂E/∂v = 2 (v − d) / N
cross entropy      E = mean of −d log y − (1 − d) log(1 − y), y = σ(v);  ∂E/∂v = (y − d) / count
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from engine.functions import Array
from engine.initializers import xavier
from engine.losses import sigmoid_cross_entropy
from engine.optimizers import Adam, clip_by_norm
from engine.recurrent.layer import Layer, outer_sum, project
from engine.stopping import check
from engine.training import GRADIENT_LIMIT, Divergence

Loss: TypeAlias = Literal["squared-error", "cross-entropy"]


@dataclass(frozen=True, slots=True)
class Update:
    """One update: E and the outputs y before it, ‖g‖ before clipping, and the layer's two runs."""

    loss: float
    y: Array
    gradient_norm: float
    forward: Any
    backward: Any


class Learner:
    """The network, its optimiser, and how many updates it has had.

    Parameters
    ----------
    layer : any recurrent layer; its parameters are changed in place
    rng : draws V (F, K) with deviation 1/√F; c = 0
    loss : "squared-error" of the output after the last step, d (N, K); "cross-entropy" of the
        outputs at all steps, d (T, N, K)
    clip : θ of clipping by norm; 0 for none

    Attributes
    ----------
    divergence : why it cannot go on, else None; its parameters are then as before that update
    """

    def __init__(
        self,
        layer: Layer,
        rng: np.random.RandomState,
        K: int,
        loss: Loss,
        *,
        learning_rate: float,
        clip: float = 0.0,
    ) -> None:
        self.layer = layer
        self.V = xavier(rng, layer.output_size, K)
        self.c = np.zeros(K)
        self.loss = loss
        self.clip = clip
        self.optimizer = Adam(learning_rate)
        self.divergence: Divergence | None = None

    @property
    def iteration(self) -> int:
        """Updates done."""
        return self.optimizer.t

    def waits_for(self, iteration: int) -> bool:
        """Whether it goes on and has not had the update after ``iteration``.

        When several learn from the same batches and are stopped between two of them, some have had
        the batch already when the run goes on.
        """
        return self.divergence is None and self.iteration == iteration

    def copy(self) -> Learner:
        """An independent learner: both go on alike."""
        return copy.deepcopy(self)

    def outputs(self, x: Array) -> Array:
        """v for x (T, N, D): (N, K) after the last step, or (T, N, K)."""
        # Not around a yield: error settings are the caller's again once we return.
        with np.errstate(all="ignore"):
            return self._v(self.layer.forward(x).output)

    def _v(self, h: Array) -> Array:
        if self.loss == "squared-error":
            return np.asarray(h[-1] @ self.V + self.c)
        return np.asarray(project(h, self.V) + self.c)

    def _error(self, v: Array, d: Array) -> tuple[float, Array, Array]:
        if self.loss == "squared-error":
            return float(((v - d) ** 2).sum() / len(v)), v, 2.0 * (v - d) / len(v)
        entropy = sigmoid_cross_entropy(v, d)
        return entropy.E, entropy.y, entropy.delta_out

    def update(self, x: Array, d: Array) -> Update:
        """One step of Adam on the batch x (T, N, D) with targets d; never warns.

        A gradient that is no finite number, or one beyond GRADIENT_LIMIT that no clipping shortens,
        sets ``divergence`` and changes no parameter.
        """
        with np.errstate(all="ignore"):
            return self._update(x, d)

    def _update(self, x: Array, d: Array) -> Update:
        forward = self.layer.forward(x)
        h = forward.output
        E, y, delta_out = self._error(self._v(h), d)
        d_output = np.zeros_like(h)
        if self.loss == "squared-error":
            d_output[-1] = delta_out @ self.V.T
            gradients = {"V": h[-1].T @ delta_out, "c": delta_out.sum(axis=0)}
        else:
            d_output[...] = project(delta_out, self.V.T)
            gradients = {"V": outer_sum(h, delta_out), "c": delta_out.sum(axis=(0, 1))}
        check()
        backward = self.layer.backward(forward, d_output)
        check()  # for the last time: from here on the update is made
        gradients |= {f"layer.{k}": g for k, g in backward.parameters.as_dict().items()}
        clipped = clip_by_norm(gradients, self.clip or np.inf)
        norm = float(clipped.norm)
        limit = np.finfo(np.float64).max if self.clip else GRADIENT_LIMIT
        # Written so that a NaN, too, counts as beyond the limit.
        if not norm <= limit:
            self.divergence = Divergence(self.iteration + 1, norm)
        else:
            self.optimizer.step(self.parameters(), clipped.gradients)
        return Update(E, y, norm, forward, backward)

    def parameters(self) -> dict[str, Array]:
        """Name → array, not copied: the layer's as "layer.W", and V, c."""
        own = {f"layer.{k}": a for k, a in self.layer.parameters.as_dict().items()}
        return {**own, "V": self.V, "c": self.c}
