"""A small RNN in exact arithmetic, whose gradients keep the share of every lag apart.

The equations are those of ``engine.recurrent.rnn`` (a test holds the two together). What is kept
apart here, δ of each loss and lag, is what mistakes about sums are made of: a sum that stops too
early, that takes the wrong state, that forgets the way through time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.computations import exact
from engine.computations.exact import Matrix, Vector


@dataclass(frozen=True)
class Network:
    """Column form: W_in (H, D), W (H, H), W_out (K, H), b (H), c (K), z0 (H)."""

    W_in: Matrix
    W: Matrix
    W_out: Matrix
    b: Vector
    c: Vector
    z0: Vector
    f: str
    pair: str

    def run(self, x: Sequence[Vector], fed_back: str = "z") -> Run:
        """u, z, v, y of every step; ``fed_back="u"`` makes the mistake of passing on u."""
        u: list[Vector] = []
        z: list[Vector] = []
        v: list[Vector] = []
        y: list[Vector] = []
        previous = self.z0
        for x_t in x:
            u_t = exact.plus(exact.times(self.W_in, x_t), exact.times(self.W, previous), self.b)
            z_t = exact.activated(self.f, u_t)
            v_t = exact.plus(exact.times(self.W_out, z_t), self.c)
            for kept, value in ((u, u_t), (z, z_t), (v, v_t), (y, exact.outputs(self.pair, v_t))):
                kept.append(value)
            previous = u_t if fed_back == "u" else z_t
        return Run(tuple(x), (self.z0, *z), tuple(u), tuple(v), tuple(y))


@dataclass(frozen=True)
class Run:
    """Step t (from 1) is entry t − 1 of x, u, v, y and entry t of z, which begins with z⁰."""

    x: tuple[Vector, ...]
    z: tuple[Vector, ...]
    u: tuple[Vector, ...]
    v: tuple[Vector, ...]
    y: tuple[Vector, ...]

    def quantity(self, name: str, t: int) -> Vector:
        """u, z, v or y at step t (from 1)."""
        found: tuple[Vector, ...] = getattr(self, name)
        return found[t] if name == "z" else found[t - 1]


@dataclass(frozen=True)
class Backward:
    """Rules of the backward pass, each of which a mistake may break.

    Attributes
    ----------
    loss : "step" (Eᵗ of the last step) or "sequence" (Σ Eᵗ)
    lags : each loss travels back s = 0, …, lags; None for the whole history
    hidden_slope : "u" is f′(u), "z" is f′(z), "none" leaves f′ out
    output_slope : False leaves g′ out of δ^out of mse-sigmoid
    transposed : False takes W as it is on the way back
    state_shift : the state beside δ^{t−s} in ∂E/∂W is z^{t−s−1+state_shift}
    """

    loss: str = "step"
    lags: int | None = None
    hidden_slope: str = "u"
    output_slope: bool = True
    transposed: bool = True
    state_shift: int = 0

    def but(self, **broken: object) -> Backward:
        """The same rules, one of them broken."""
        return replace(self, **broken)  # type: ignore[arg-type]

    def losses(self, T: int) -> range:
        """The steps whose error counts."""
        return range(1, T + 1) if self.loss == "sequence" else range(T, T + 1)

    def delta_out(self, network: Network, run: Run, d: Sequence[Vector], t: int) -> Vector:
        """δ^{out,t}."""
        pair = network.pair if self.output_slope else "mse-identity"
        return exact.output_delta(pair, run.y[t - 1], d[t - 1])

    def deltas(
        self, network: Network, run: Run, d: Sequence[Vector]
    ) -> Iterator[tuple[int, int, Vector]]:
        """(t, s, share of Eᵗ in δ^{t−s}) for every loss and every lag that counts."""
        W = exact.transpose(network.W) if self.transposed else network.W
        W_out = exact.transpose(network.W_out)
        for t in self.losses(len(run.x)):
            arriving = exact.times(W_out, self.delta_out(network, run, d, t))
            longest = t - 1 if self.lags is None else min(self.lags, t - 1)
            for s in range(longest + 1):
                delta = exact.hadamard(self._slope(network, run, t - s), arriving)
                yield t, s, delta
                arriving = exact.times(W, delta)

    def _slope(self, network: Network, run: Run, t: int) -> Vector:
        if self.hidden_slope == "none":
            return (Fraction(1),) * len(network.b)
        return exact.derivatives(network.f, run.quantity(self.hidden_slope, t))

    def gradient(self, network: Network, run: Run, d: Sequence[Vector], parameter: str) -> Matrix:
        """∂E/∂parameter in column form; b and c as matrices of one column."""
        if parameter in ("W_out", "c"):
            terms = [
                exact.outer(
                    self.delta_out(network, run, d, t),
                    (Fraction(1),) if parameter == "c" else run.z[t + self.state_shift],
                )
                for t in self.losses(len(run.x))
            ]
        else:
            terms = [
                exact.outer(delta, self._beside(run, t - s, parameter))
                for t, s, delta in self.deltas(network, run, d)
            ]
        return tuple(exact.plus(*rows) for rows in zip(*terms, strict=True))

    def _beside(self, run: Run, t: int, parameter: str) -> Vector:
        if parameter == "b":
            return (Fraction(1),)
        return run.x[t - 1] if parameter == "W_in" else run.z[t - 1 + self.state_shift]
