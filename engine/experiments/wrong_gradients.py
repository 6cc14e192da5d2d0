"""Wrong gradients on purpose: each a mistake that learners make, as a mutation of the training.

A loss that falls proves nothing about a gradient: some of these learn. They belong to experiments
only; no layer of the engine has an option to be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.functions import Array
from engine.training_replicated import ReplicatedTraining


class TruncatedToOneStep(ReplicatedTraining):
    """δᵗ = f′(uᵗ) ⊙ W_outᵀδ^{out,t}: nothing comes back from the next step."""

    def find_deltas(self) -> None:
        np.multiply(self.from_output, self.slopes, out=self.delta)


class UntransposedMatrix(ReplicatedTraining):
    """δᵗ = f′(uᵗ) ⊙ (W δᵗ⁺¹ + …) with W where Wᵀ belongs; the shapes fit, as W is square."""

    def backward_matrices(self, W: Array) -> Array:
        return W


class DerivativeOneStepEarly(ReplicatedTraining):
    """δᵗ = f′(uᵗ⁻¹) ⊙ (…) with u⁰ = 0: column t of u where column t + 1 belongs."""

    def find_slopes(self, s: Array) -> None:
        super().find_slopes(s)
        derivative = self.activation.derivative
        assert derivative is not None  # the settings admit element-wise activations only
        self.slopes[1:] = self.slopes[:-1].copy()
        self.slopes[0] = derivative(np.zeros(s.shape[1:])) / self.form.c


class GradientsNeverReset(ReplicatedTraining):
    """Each update subtracts the sum of all gradients so far: momentum 1, without friction."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.total = np.zeros_like(self.weights)

    def descent(self, gradient: Array) -> Array:
        self.total += gradient
        return self.total.copy()

    def keep(self, kept: NDArray[np.int64]) -> None:
        self.total = self.total[kept]


#: The right gradient and the wrong ones by the name that settings use.
GRADIENTS: Final[Mapping[str, type[ReplicatedTraining]]] = MappingProxyType(
    {
        "true": ReplicatedTraining,
        "truncated-to-one-step": TruncatedToOneStep,
        "untransposed-matrix": UntransposedMatrix,
        "derivative-one-step-early": DerivativeOneStepEarly,
        "never-reset": GradientsNeverReset,
    }
)
