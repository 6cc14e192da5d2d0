"""How far back a gradient reaches: ‖∂E_T/∂h_t‖ by time step, in layers nobody has trained yet.

E_T = gᵀh_T with a random unit vector g, so that every curve is 1 at t = T and no output layer plays
a part. For the simple layer (column form, γ the greatest slope of f, σ_max the largest singular
value of W)::

    ∂h_T/∂h_t = Π_{i=T}^{t+1} diag(f′(uⁱ)) W        ‖∂E_T/∂h_t‖ ≤ (γ σ_max)^(T−t)

Claim: with γ σ_max < 1 the gradient has to vanish, which is sufficient; σ_max > 1/γ is necessary
for an explosion, not sufficient: the slopes of tanh can still let it vanish. For the identity the
spectral radius ρ alone decides in the long run, ρ^(T−t). In an LSTM the way along the cells is
multiplied by the forget gates only, about σ(b_f) each; in a GRU by its update gates.

Measured, ‖∂E_T/∂h_1‖ for T = 50 and H = 32, median over 20 draws of 8 sequences, seed 0::

    ρ       tanh     ReLU     identity     LSTM, b_f = 1     GRU
    0.5     2e−24    1e−24    6e−16        1e−7              1e−12
    1       3e−11    8e−10    0.4          7e−6              7e−10
    2       0.3      8e+5     2e+14        3e−3              4e−5

    LSTM with ρ = 1 and b_f = 0, 1, 5:   3e−11, 7e−6, 0.2

Clipping by norm shortens the gradient of the parameters when it is long. It leaves the ratio of
near to far time steps as it is, so it is no cure against vanishing.

Sources: Pascanu, Mikolov, Bengio (2013), sections 2.1 and 3.2; Hochreiter, Schmidhuber (1997).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np

from engine.experiments import cells
from engine.experiments.cells import CELLS, Cell
from engine.experiments.plain import plain
from engine.functions import Array
from engine.initializers import spectral_radius
from engine.optimizers import clip_by_norm, global_norm
from engine.recurrent import lstm, simple
from engine.stopping import whole_or_not_at_all
from engine.training import Divergence

#: Sequences a draw, and numbers a step: enough that one sequence does not decide.
N: Final = 8
D: Final = 4

Quantiles: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CellNorms:
    """One kind of layer. Norms are at t = 1, …, T.

    Attributes
    ----------
    name : such as "rnn-tanh", "lstm"
    norms : ‖∂E_T/∂h_t‖, median over the sequences of this draw
    cell_norms : ‖∂E_T/∂c_t‖ likewise, of an LSTM; else None
    low, median, high : 10, 50 and 90 % quantiles of ‖∂E_T/∂h_t‖ over all draws so far
    at_first_step : the median at t = 1: what is left of the gradient
    largest_singular_value : σ_max of W in this draw, of the simple layers; else None
    gradient_norm, clipped_norm : of all parameters together, before and after clipping
    divergence : of a gradient that is no number any more
    """

    name: str
    norms: tuple[float, ...]
    cell_norms: tuple[float, ...] | None
    low: Quantiles
    median: Quantiles
    high: Quantiles
    at_first_step: float
    largest_singular_value: float | None
    gradient_norm: float
    clipped_norm: float
    divergence: Divergence | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All cells after ``iteration`` draws of weights and sequences."""

    iteration: int
    cells: tuple[CellNorms, ...]

    @property
    def diverged(self) -> str | None:
        """The first cell whose gradient overflowed, in words."""
        broken = [f"{c.name}: {c.divergence}" for c in self.cells if c.divergence is not None]
        return broken[0] if broken else None

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return {**plain(self), "diverged": self.diverged}


@dataclass(slots=True)
class State:
    """The generator, and the norms (draws · N, T) of each cell so far."""

    rng: np.random.RandomState
    iteration: int = 0
    samples: dict[str, list[Array]] = field(default_factory=dict)

    def copy(self) -> State:
        """An independent state: both go on alike."""
        rng = np.random.RandomState()
        rng.set_state(self.rng.get_state())
        return replace(self, rng=rng, samples={k: list(v) for k, v in self.samples.items()})


def scaled(W: Array, rho: float) -> Array:
    """The square matrix multiplied by a number so that its largest absolute eigenvalue is ρ."""
    return W * (rho / spectral_radius(W))


def layer_of(name: str, rng: np.random.RandomState, H: int, rho: float, forget_bias: float) -> Cell:
    """A layer whose recurrent matrices (H, H), each for itself, have the spectral radius ρ."""
    layer = cells.drawn(name, rng, D, H, forget_bias=forget_bias)
    if isinstance(layer, lstm.LSTM):
        gates = np.hsplit(layer.parameters.U, 4)
        return layer.with_parameters({"U": np.hstack([scaled(U, rho) for U in gates])})
    names = ("W",) if isinstance(layer, simple.SimpleRNN) else ("U_z", "U_r", "U")
    return layer.with_parameters({U: scaled(getattr(layer.parameters, U), rho) for U in names})


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first draw."""
    return State(np.random.RandomState(seed))


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """One snapshot a draw; see ``engine.experiments`` for settings."""
    names = CELLS if settings["cell"] == "all" else (settings["cell"],)
    T, H = settings["steps"], settings["hidden"]
    while state.iteration < settings["draws"]:
        number = state.iteration + 1
        new: dict[str, Array] = {}
        # Not around the yield: error settings are the caller's again while we wait.
        with whole_or_not_at_all(state.rng), np.errstate(all="ignore"):
            # Each draw from a seed of its own, so that leaving a cell out changes no other.
            seed = int(state.rng.randint(2**31))
            layers = tuple(_cell(state, name, seed, T, H, settings, new) for name in names)
        for name, norms in new.items():
            state.samples.setdefault(name, []).append(norms)
        state.iteration = number
        yield Snapshot(number, layers)


def _cell(
    state: State,
    name: str,
    seed: int,
    T: int,
    H: int,
    settings: dict[str, Any],
    new: dict[str, Array],
) -> CellNorms:
    rng = np.random.RandomState(seed)
    x = settings["input_deviation"] * rng.randn(T, N, D)
    g = rng.randn(N, H)
    g /= np.linalg.norm(g, axis=1, keepdims=True)
    layer = layer_of(name, rng, H, settings["spectral_radius"], settings["forget_bias"])
    forward: Any = layer.forward(x)
    d_output = np.zeros((T, N, H))
    d_output[-1] = g
    backward: Any = layer.backward(forward, d_output)
    # What a backward record calls by the state's name holds all its ways to E.
    state_gradient = backward.z if isinstance(layer, simple.SimpleRNN) else backward.h
    norms = new[name] = _norms(state_gradient)
    samples = [*state.samples.get(name, []), norms]
    low, median, high = np.quantile(np.concatenate(samples, axis=1), (0.1, 0.5, 0.9), axis=1)
    gradients = backward.parameters.as_dict()
    clipped = clip_by_norm(gradients, settings["clip"] or np.inf)
    sigma = None
    if isinstance(layer, simple.SimpleRNN):
        sigma = float(np.linalg.norm(layer.parameters.W, 2))
    fine = np.isfinite(clipped.norm) and np.isfinite(norms).all()
    return CellNorms(
        name=name,
        norms=_floats(np.median(norms, axis=1)),
        cell_norms=_floats(np.median(_norms(backward.c), axis=1)) if name == "lstm" else None,
        low=_floats(low),
        median=_floats(median),
        high=_floats(high),
        at_first_step=float(median[0]),
        largest_singular_value=sigma,
        gradient_norm=float(clipped.norm),
        clipped_norm=float(global_norm(clipped.gradients)),
        divergence=None if fine else Divergence(state.iteration + 1, float(clipped.norm)),
    )


def _norms(gradient: Array) -> Array:
    """(T, N, H) → (T, N); divided by the largest entry first, as squares overflow early."""
    largest = np.abs(gradient).max(axis=2, keepdims=True)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return np.asarray(unit[..., 0] * np.linalg.norm(gradient / unit, axis=2))


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
