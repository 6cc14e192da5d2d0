"""The simple recurrent network and backpropagation through time, as the equations say it.

Column form, as courses and the exam print it (one sequence, vectors are columns)::

    uᵗ = W_in xᵗ + W zᵗ⁻¹ + b        zᵗ = f(uᵗ)                      t = 1, …, T
    vᵗ = W_out zᵗ + c                yᵗ = g(vᵗ)
    δ^{out,t} = ∂E/∂vᵗ
    δᵗ = f′(uᵗ) ⊙ (Wᵀ δᵗ⁺¹ + W_outᵀ δ^{out,t})                       δᵀ⁺¹ = 0
    ∂E/∂W_in = Σ δᵗ[xᵗ]ᵀ    ∂E/∂W = Σ δᵗ[zᵗ⁻¹]ᵀ    ∂E/∂b = Σ δᵗ
    ∂E/∂W_out = Σ δ^{out,t}[zᵗ]ᵀ     ∂E/∂c = Σ δ^{out,t}
    ∂E/∂xᵗ = W_inᵀ δᵗ                ∂E/∂z⁰ = Wᵀ δ¹

**Row form is what this module computes with**: N sequences at once, one a row, time first. Every
matrix is the transpose of the column form's: ``u = x @ W_in + z_prev @ W + b`` with W_in (D, H),
W (H, H), W_out (H, K), and an outer product δxᵀ becomes ``x.T @ delta``. Entry 0 of an array over
time is t = 1. D inputs, H hidden units, K outputs.

Sources: Rumelhart, Hinton, Williams (1986); Werbos (1990); for truncation Williams, Peng (1990).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import functions
from engine.functions import Activation, Output

Array = NDArray[np.float64]
Function: TypeAlias = "str | Activation | tuple[Callable[[Array], Array], Callable[[Array], Array]]"


class ShapeError(ValueError):
    """An array whose shape does not fit: ``name``, the ``found`` and the ``expected`` shape."""

    def __init__(self, name: str, found: tuple[int, ...], expected: str) -> None:
        self.name = name
        self.found = found
        self.expected = expected
        super().__init__(f"{name} has shape {found}, expected {expected}")


def as_activation(function: Function) -> Activation:
    """A named activation, an Activation, or a pair (function, derivative of the pre-activation)."""
    if isinstance(function, Activation):
        return function
    if isinstance(function, str):
        return functions.activation(function)
    value, derivative = function
    return Activation(getattr(value, "__name__", "given"), value, derivative)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The five parameters in row form, or their gradients; float64.

    W_in (D, H), W (H, H), W_out (H, K), b (H,), c (K,). Raises ShapeError if they do not fit.
    """

    W_in: Array
    W: Array
    W_out: Array
    b: Array
    c: Array

    def __post_init__(self) -> None:
        for part in fields(self):
            value = np.asarray(getattr(self, part.name), dtype=np.float64)
            object.__setattr__(self, part.name, value)
        if self.W_in.ndim != 2:
            raise ShapeError("W_in", self.W_in.shape, "(D, H)")
        H = self.W_in.shape[1]
        if self.W.shape != (H, H):
            raise ShapeError("W", self.W.shape, f"(H, H) = ({H}, {H})")
        if self.W_out.ndim != 2 or self.W_out.shape[0] != H:
            raise ShapeError("W_out", self.W_out.shape, f"(H, K) with H = {H}")
        K = self.W_out.shape[1]
        if self.b.shape != (H,):
            raise ShapeError("b", self.b.shape, f"(H,) = ({H},)")
        if self.c.shape != (K,):
            raise ShapeError("c", self.c.shape, f"(K,) = ({K},)")

    @classmethod
    def without_biases(cls, W_in: ArrayLike, W: ArrayLike, W_out: ArrayLike) -> Parameters:
        """Row-form weights with b = 0 and c = 0."""
        W_in, W, W_out = (np.asarray(M, dtype=np.float64) for M in (W_in, W, W_out))
        return cls(W_in, W, W_out, np.zeros(W.shape[-1]), np.zeros(W_out.shape[-1]))

    @classmethod
    def from_column_form(
        cls, W_in: ArrayLike, W: ArrayLike, W_out: ArrayLike, b: ArrayLike, c: ArrayLike
    ) -> Parameters:
        """From W_in (H, D), W (H, H), W_out (K, H) as the equations have them, and b, c."""
        transposed = (np.array(M, dtype=np.float64).T for M in (W_in, W, W_out))
        vectors = (np.array(v, dtype=np.float64).reshape(-1) for v in (b, c))
        return cls(*transposed, *vectors)

    def to_column_form(self) -> dict[str, Array]:
        """The same parameters as the equations have them: W_in (H, D), W (H, H), W_out (K, H)."""
        return {
            "W_in": self.W_in.T.copy(),
            "W": self.W.T.copy(),
            "W_out": self.W_out.T.copy(),
            "b": self.b.copy(),
            "c": self.c.copy(),
        }

    def as_dict(self) -> dict[str, Array]:
        """Name → array; the arrays are not copied."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @property
    def count(self) -> int:
        """HD + H² + KH + H + K; the length of the sequence plays no part."""
        return sum(array.size for array in self.as_dict().values())


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind; entry 0 of the first axis is t = 1.

    x (T, N, D), z0 (N, H), u and z (T, N, H), v and y (T, N, K).
    """

    x: Array
    z0: Array
    u: Array
    z: Array
    v: Array
    y: Array

    @property
    def z_previous(self) -> Array:
        """zᵗ⁻¹ for each t: z⁰, z¹, …, zᵀ⁻¹, (T, N, H)."""
        return np.concatenate([self.z0[None], self.z[:-1]])


@dataclass(frozen=True, slots=True)
class Backward:
    """What a backward run leaves behind, in row form.

    delta_out (T, N, K), delta (T, N, H), the gradients of the five parameters, of x (T, N, D) and
    of z0 (N, H).
    """

    delta_out: Array
    delta: Array
    parameters: Parameters
    x: Array
    z0: Array


class RNN:
    """The simple RNN with activations f (hidden, element by element) and g (output).

    Parameters
    ----------
    parameters : Parameters, in row form
    f, g : name ("sigmoid", "tanh", "relu", "identity"; g also "softmax"), Activation, or a pair
        (function, derivative); the derivative takes the pre-activation

    Raises
    ------
    UnknownFunctionError, and ValueError if f is not element-wise
    """

    def __init__(
        self, parameters: Parameters, f: Function = "tanh", g: Function = "identity"
    ) -> None:
        self.parameters = parameters
        self.f = as_activation(f)
        self.g = as_activation(g)
        if self.f.derivative is None:
            raise ValueError(f"the hidden activation has to be element-wise; {self.f.name} is not")
        self._df = self.f.derivative

    def forward(self, x: ArrayLike, z0: ArrayLike | None = None) -> Forward:
        """Run over the sequence.

        Parameters
        ----------
        x : (T, N, D)
        z0 : (N, H), zeros if not given

        Raises
        ------
        ShapeError
        """
        p = self.parameters
        D, H = p.W_in.shape
        # Copies: what the caller does to x or z0 afterwards must not reach a later backward run.
        x = np.array(x, dtype=np.float64)
        if x.ndim != 3 or x.shape[2] != D or x.shape[0] == 0:
            raise ShapeError("x", x.shape, f"(T, N, D) with T ≥ 1 and D = {D}")
        T, N, _ = x.shape
        z0 = np.zeros((N, H)) if z0 is None else np.array(z0, dtype=np.float64)
        if z0.shape != (N, H):
            raise ShapeError("z0", z0.shape, f"(N, H) = ({N}, {H})")

        u = np.empty((T, N, H))
        z = np.empty((T, N, H))
        z_prev = z0
        for t in range(T):
            u[t] = x[t] @ p.W_in + z_prev @ p.W + p.b
            z[t] = self.f(u[t])
            z_prev = z[t]
        v = z @ p.W_out + p.c
        return Forward(x, z0, u, z, v, self.g(v))

    def error(
        self,
        run: Forward,
        d: ArrayLike,
        output: str = "mse-identity",
        *,
        step: int | None = None,
        mean: bool = False,
    ) -> float:
        """E of a run against targets d (T, N, K), for an output pair of ``functions.OUTPUTS``.

        Summed over time (``step``: only this t, from 1) and over the batch, or with ``mean``
        averaged over the batch. Raises ValueError if the pair belongs to another g.
        """
        per_step = self._pair(output).value(run.v, self._targets(run, d))
        chosen = per_step if step is None else per_step[step - 1]
        return float(chosen.sum() / (run.v.shape[1] if mean else 1))

    def output_delta(
        self, run: Forward, d: ArrayLike, output: str = "mse-identity", *, mean: bool = False
    ) -> Array:
        """δ^{out,t} = ∂E/∂vᵗ (T, N, K) of the same loss: what ``backward`` takes."""
        delta_out = self._pair(output).delta(run.v, self._targets(run, d))
        return np.asarray(delta_out / (run.v.shape[1] if mean else 1))

    def _pair(self, output: str) -> Output:
        pair = functions.output(output)
        if pair.activation.name != self.g.name:
            raise ValueError(f"{output} needs g = {pair.activation.name}; it is {self.g.name}")
        return pair

    def _targets(self, run: Forward, d: ArrayLike) -> Array:
        d = np.asarray(d, dtype=np.float64)
        if d.shape != run.v.shape:
            raise ShapeError("d", d.shape, str(run.v.shape))
        return d

    def pull_back_output(self, run: Forward, dE_dy: ArrayLike) -> Array:
        """δ^{out,t} = ∂E/∂vᵗ from ∂E/∂yᵗ, both (T, N, K), for a loss of the caller's own."""
        dE_dy = np.asarray(dE_dy, dtype=np.float64)
        if dE_dy.shape != run.y.shape:
            raise ShapeError("dE_dy", dE_dy.shape, str(run.y.shape))
        return self.g.pull_back(run.v, dE_dy)

    def backward(
        self, run: Forward, delta_out: ArrayLike, *, step: int | None = None, T_t: int | None = None
    ) -> Backward:
        """Backpropagate δ^out through time; ``run`` is left as it is.

        Parameters
        ----------
        delta_out : (T, N, K), ∂E/∂v of each time step
        step : t (from 1) for the loss Eᵗ of one step; None for the sequence's E = Σ Eᵗ
        T_t : how many steps a loss travels back, so that its sums run over s = 0, …, T_t;
            None for the whole history. zᵗ⁻ᵀ⁻¹ (T = T_t) then is a constant: only the way back is
            cut, the forward state is not.

        Raises
        ------
        ShapeError, and ValueError for a step outside 1, …, T or a negative T_t
        """
        T = run.x.shape[0]
        delta_out = np.array(delta_out, dtype=np.float64)
        if delta_out.shape != run.v.shape:
            raise ShapeError("delta_out", delta_out.shape, str(run.v.shape))
        if step is not None:
            if not 1 <= step <= T:
                raise ValueError(f"step has to lie in 1, …, {T}; it is {step}")
            one = np.zeros_like(delta_out)
            one[step - 1] = delta_out[step - 1]
            delta_out = one
        if T_t is not None and T_t < 0:
            raise ValueError(f"T_t may not be negative; it is {T_t}")

        if T_t is None:
            delta = self._delta(run, delta_out)
            dz0 = delta[0] @ self.parameters.W.T
        else:
            delta, dz0 = self._truncated_delta(run, delta_out, T_t)
        return Backward(
            delta_out=delta_out,
            delta=delta,
            parameters=self._gradients(run, delta_out, delta),
            x=delta @ self.parameters.W_in.T,
            z0=dz0,
        )

    def _delta(self, run: Forward, delta_out: Array) -> Array:
        p = self.parameters
        df = self._df(run.u)
        delta = np.empty_like(run.u)
        delta_next = np.zeros_like(run.z0)
        for t in reversed(range(len(delta))):
            delta[t] = df[t] * (delta_next @ p.W.T + delta_out[t] @ p.W_out.T)
            delta_next = delta[t]
        return delta

    def _truncated_delta(self, run: Forward, delta_out: Array, T_t: int) -> tuple[Array, Array]:
        # Each loss Eᵗ has a horizon of its own, so δ is built by lags: `part` holds the share of
        # Eᵗ⁺ˢ in δᵗ for every t at once, and one more lag is one more factor f′(u) ⊙ Wᵀ.
        p = self.parameters
        df = self._df(run.u)
        part = df * (delta_out @ p.W_out.T)
        delta = part.copy()
        dz0 = np.zeros_like(run.z0)
        for _ in range(T_t):
            back = part @ p.W.T
            dz0 += back[0]
            part = np.concatenate([df[:-1] * back[1:], np.zeros_like(part[:1])])
            delta += part
        return delta, dz0

    def _gradients(self, run: Forward, delta_out: Array, delta: Array) -> Parameters:
        def summed(left: Array, right: Array) -> Array:
            # Σ over time and batch of the outer products: one matrix product of the stacked rows.
            return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])

        return Parameters(
            W_in=summed(run.x, delta),
            W=summed(run.z_previous, delta),
            W_out=summed(run.z, delta_out),
            b=delta.sum(axis=(0, 1)),
            c=delta_out.sum(axis=(0, 1)),
        )
