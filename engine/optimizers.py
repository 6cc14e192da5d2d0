"""Optimisers, and the clipping of gradients that comes before them.

g is the gradient of one parameter w, η the learning rate, t = 1, 2, … the number of the step; every
memory starts at 0, all products are element by element::

    SGD        w ← w − η g
    Momentum   v ← μ v − η g                                       w ← w + v
    AdaGrad    h ← h + g²                                          w ← w − η g / (√h + ε)
    RMSProp    h ← ρ h + (1 − ρ) g²                                w ← w − η g / (√h + ε)
    Adam       m ← β₁ m + (1 − β₁) g     m̂ = m / (1 − β₁ᵗ)
               v ← β₂ v + (1 − β₂) g²    v̂ = v / (1 − β₂ᵗ)         w ← w − η m̂ / (√v̂ + ε)

    clipping by the norm     g ← g · min(1, θ / ‖g‖),  ‖g‖ over all entries of all parameters
    clipping by the value    gᵢ ← min(max(gᵢ, −θ), θ)

Clipping by the norm keeps the direction, clipping by the value does not. Both are against exploding
gradients; a vanishing one they leave as it is. Adam's first step is about η · sign(g), whatever the
size of g, unless g is as small as ε: m̂ = g and v̂ = g² then.

Where ε stands is a convention, too. Adam written as w ← w − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε̂)
has ε = ε̂ / √(1 − β₂ᵗ) above: 32 ε̂ at the first step, ε̂ in the end. Gradients of 1e-7, such as an
encoder's at first, then make small steps at first instead of whole ones.

Sources: momentum, Polyak (1964); AdaGrad, Duchi, Hazan, Singer (2011); RMSProp, Tieleman, Hinton
(2012, lecture 6.5); Adam, Kingma, Ba (2015), algorithm 1; clipping, Pascanu, Mikolov, Bengio
(2013), algorithm 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]
Named = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Clipped:
    """The clipped gradients; the ``norm`` before; ``rate`` = min(1, θ / norm).

    Both are numbers, or (R,) for R replicates.
    """

    gradients: dict[str, Array]
    norm: Array
    rate: Array


def global_norm(gradients: Named, *, replicates: bool = False) -> Array:
    """√ of the sum of the squares of all entries of all gradients.

    With ``replicates`` the first axis of every gradient counts R runs: one norm each, (R,).
    """
    rows = [
        np.abs(np.asarray(g, dtype=np.float64)).reshape(len(g) if replicates else 1, -1)
        for g in gradients.values()
    ]
    entries = np.concatenate(rows, axis=1) if rows else np.zeros((1, 0))
    largest = entries.max(axis=1, initial=0.0)
    # Divided by the largest entry before squaring: 1e200 has a norm, its square has not.
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    norm = unit * np.sqrt(((entries / unit[:, None]) ** 2).sum(axis=1))
    return np.asarray(norm if replicates else norm[0])


def clip_by_norm(
    gradients: Named, threshold: float, *, epsilon: float = 0.0, replicates: bool = False
) -> Clipped:
    """Shorten the gradient to the length θ if it is longer: g · min(1, θ / (‖g‖ + ε)).

    Parameters
    ----------
    threshold : θ > 0
    epsilon : 0 in the equation; some books and PyTorch add 1e-6 to the norm
    replicates : the first axis of every gradient counts runs, and each is clipped by itself

    A norm that is infinite or NaN cannot be shortened: the gradients are then left as they are,
    with rate 1, and ``norm`` says so.
    """
    if not threshold > 0:
        raise ValueError(f"the threshold has to be positive; it is {threshold}")
    norm = global_norm(gradients, replicates=replicates)
    finite = np.isfinite(norm)
    length = np.where(finite & (norm > 0), norm, threshold) + epsilon
    rate = np.where(finite, np.minimum(1.0, threshold / length), 1.0)
    clipped = {
        name: np.asarray(_per_replicate(rate, g) * np.asarray(g, dtype=np.float64))
        for name, g in gradients.items()
    }
    return Clipped(clipped, norm, np.asarray(rate))


def clip_by_value(gradients: Named, threshold: float) -> dict[str, Array]:
    """Every entry into [−θ, θ], θ > 0; the direction changes."""
    if not threshold > 0:
        raise ValueError(f"the threshold has to be positive; it is {threshold}")
    return {name: np.clip(g, -threshold, threshold) for name, g in gradients.items()}


def _per_replicate(number: ArrayLike, g: Array) -> Array:
    # (R,) → (R, 1, …, 1), so that it multiplies along the first axis; a single number as it is.
    number = np.asarray(number, dtype=np.float64)
    return number.reshape(number.shape + (1,) * (np.ndim(g) - 1)) if number.ndim else number


class Step(Protocol):
    """What a rule hands out: at least the ``change`` that is added to the parameter."""

    @property
    def change(self) -> Array: ...


Record = TypeVar("Record", bound=Step)


class Optimizer(ABC, Generic[Record]):
    """One rule for every parameter; the memory of each is kept under its name.

    ``learning_rate`` is a number, or (R,) for R replicates along the first axis of every parameter.
    """

    #: The quantities that a step remembers for the next; they start at 0.
    remembers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: ArrayLike) -> None:
        self.learning_rate = learning_rate
        self.t = 0
        self.memory: dict[str, dict[str, Array]] = {}

    @abstractmethod
    def rule(self, g: Array, memory: Named, t: int) -> Record:
        """The t-th step (from 1) of one parameter with gradient g; changes nothing."""

    def step(self, parameters: Named, gradients: Named) -> dict[str, Record]:
        """Change the parameters, in place, and hand out what led to it, by their names.

        Parameters without a gradient stay.

        Raises
        ------
        ValueError for a gradient without a parameter, ShapeError for one of another shape; nothing
        has then been changed
        """
        for name, g in gradients.items():
            if name not in parameters:
                raise ValueError(f"a gradient of {name!r}, but no parameter of that name")
            if np.shape(g) != np.shape(parameters[name]):
                raise ShapeError(f"gradient of {name}", np.shape(g), str(parameters[name].shape))
        self.t += 1
        records = {}
        for name, given in gradients.items():
            g = np.asarray(given, dtype=np.float64)
            memory = self.memory.get(name) or {m: np.zeros_like(g) for m in self.remembers}
            record = self.rule(g, memory, self.t)
            self.memory[name] = {m: getattr(record, m) for m in self.remembers}
            parameters[name][...] += record.change
            records[name] = record
        return records

    def rate_for(self, g: Array) -> Array:
        """η as it multiplies g."""
        return _per_replicate(self.learning_rate, g)


@dataclass(frozen=True, slots=True)
class SGDStep:
    """change = −η g."""

    change: Array


class SGD(Optimizer[SGDStep]):
    """Stochastic gradient descent."""

    def __init__(self, learning_rate: ArrayLike = 0.01) -> None:
        super().__init__(learning_rate)

    def rule(self, g: Array, memory: Named, t: int) -> SGDStep:
        return SGDStep(np.asarray(-self.rate_for(g) * g))


@dataclass(frozen=True, slots=True)
class MomentumStep:
    """v, the velocity, which is the change."""

    v: Array

    @property
    def change(self) -> Array:
        return self.v


class Momentum(Optimizer[MomentumStep]):
    """SGD with momentum μ. PyTorch's v is this one divided by −η; w moves alike while η stays."""

    remembers = ("v",)

    def __init__(self, learning_rate: ArrayLike = 0.01, mu: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.mu = mu

    def rule(self, g: Array, memory: Named, t: int) -> MomentumStep:
        return MomentumStep(np.asarray(self.mu * memory["v"] - self.rate_for(g) * g))


@dataclass(frozen=True, slots=True)
class SquaresStep:
    """h, the sum or the running mean of the squares, and the change."""

    h: Array
    change: Array


class AdaGrad(Optimizer[SquaresStep]):
    """Entries that had large gradients take smaller steps from then on."""

    remembers = ("h",)

    def __init__(self, learning_rate: ArrayLike = 0.01, epsilon: float = 1e-7) -> None:
        super().__init__(learning_rate)
        self.epsilon = epsilon

    def rule(self, g: Array, memory: Named, t: int) -> SquaresStep:
        h = memory["h"] + g**2
        return SquaresStep(h, np.asarray(-self.rate_for(g) * g / (np.sqrt(h) + self.epsilon)))


class RMSProp(Optimizer[SquaresStep]):
    """AdaGrad that forgets: a running mean in place of the sum, so that steps do not die out."""

    remembers = ("h",)

    def __init__(
        self, learning_rate: ArrayLike = 0.01, rho: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.rho = rho
        self.epsilon = epsilon

    def rule(self, g: Array, memory: Named, t: int) -> SquaresStep:
        h = self.rho * memory["h"] + (1.0 - self.rho) * g**2
        return SquaresStep(h, np.asarray(-self.rate_for(g) * g / (np.sqrt(h) + self.epsilon)))


@dataclass(frozen=True, slots=True)
class AdamStep:
    """m and v, the running means; m_hat and v_hat, freed of their start at 0; the change."""

    m: Array
    v: Array
    m_hat: Array
    v_hat: Array
    change: Array


class Adam(Optimizer[AdamStep]):
    """Adam with bias correction.

    Parameters
    ----------
    epsilon : ε, as in algorithm 1 and in PyTorch
    epsilon_hat : ε̂, in place of ε: added to √v before the correction, as at the end of the paper's
        section 2, and in Keras (1e-7)
    """

    remembers = ("m", "v")

    def __init__(
        self,
        learning_rate: ArrayLike = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        epsilon_hat: float | None = None,
    ) -> None:
        super().__init__(learning_rate)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.epsilon_hat = epsilon_hat

    def rule(self, g: Array, memory: Named, t: int) -> AdamStep:
        m = self.beta1 * memory["m"] + (1.0 - self.beta1) * g
        v = self.beta2 * memory["v"] + (1.0 - self.beta2) * g**2
        m_hat = m / (1.0 - self.beta1**t)
        v_hat = v / (1.0 - self.beta2**t)
        epsilon = self.epsilon
        if self.epsilon_hat is not None:
            epsilon = self.epsilon_hat / (1.0 - self.beta2**t) ** 0.5
        change = -self.rate_for(g) * m_hat / (np.sqrt(v_hat) + epsilon)
        return AdamStep(m, v, m_hat, v_hat, np.asarray(change))


#: Name → class, for settings and experiments.
OPTIMIZERS: Final[Mapping[str, type[Optimizer[Any]]]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}
