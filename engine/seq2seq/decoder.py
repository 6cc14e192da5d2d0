"""The decoder: a recurrent layer that may look back at the source, and an output layer.

For t = 1, …, T, with the embedded input e_t and the encoder's outputs h_1 … h_S::

    x_t = [e_t; k; c_t]        k: only if peeky        c_t: only with the query before the step
    s_t = layer(x_t, state)                            s_0 is the initial state
    c_t = attention(s_{t−1} or s_t; h_1 … h_S)
    o_t = [s_t; k; c_t]  or, with W_c,  tanh(W_cᵀ [s_t; k; c_t])
    v_t = W_outᵀ o_t + b_out                           p(w | w_1 … w_{t−1}) = softmax(v_t)

* **peeky**: every step sees the encoder's last state k = s_0, not the first step only, and so does
  the output layer (Cho et al., 2014, whose decoder has the summary c in every step).
* **query before the step**: s_{t−1} asks, and the context takes part in making s_t (Bahdanau et
  al., 2015). The steps have to be made one after another.
* **query after the step**: s_t asks, and the context joins it afterwards (Luong et al., 2015; their
  h̃_t is o_t with W_c). With known inputs the layer makes all its steps first, then all queries ask
  at once.

Backward, δ = ∂E/∂v; what has several ways to E adds them up::

    ∂E/∂o_t = δ_t W_outᵀ           split into ds_t, dk and dc_t
    after:  attention back: dc_t → ds_t, dh            then the layer: ds_t → dx_t, ds_0
    before: for t = T, …, 1 the layer: ds_t → dx_t     dc_t gets its share of dx_t, then
            attention back: dc_t → ds_{t−1}, dh

Time first: e (T, N, E), s (T, N, H); the memory, the encoder's outputs, is (S, N, F).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.attention import Attention
from engine.attention import Backward as LookedBack
from engine.attention import Forward as Look
from engine.recurrent.layer import AnyBackward, AnyForward, Layer, Mask, State, outer_sum
from engine.recurrent.rnn import Array, ShapeError

Query = Literal["after", "before"]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the encoder leaves to the decoder.

    outputs (S, N, F), all its outputs, which attention looks at; mask (S, N), true on real source
    steps, or None; state: the decoder's initial state.
    """

    outputs: Array
    mask: Mask | None
    state: State


@dataclass(frozen=True, slots=True)
class Forward:
    """What the decoder leaves behind.

    e (T, N, E), x (T, N, D), s (T, N, H); joined (T, N, P): s, k and c side by side; o (T, N, J):
    joined, or the tanh of its combination; v (T, N, V); state: after the last step. ``runs`` are
    the layer's, ``looks`` the attention's with queries (N, T, H): one of each, or one a step
    (N, 1, H) with the query before.
    """

    memory: Memory
    e: Array
    x: Array
    runs: tuple[AnyForward, ...]
    looks: tuple[Look, ...]
    s: Array
    joined: Array
    o: Array
    v: Array
    state: State

    @property
    def alpha(self) -> Array | None:
        """The alignment, (N, T, S): how much step t looks at source step i. Rows sum to 1."""
        if not self.looks:
            return None
        return np.concatenate([look.alpha for look in self.looks], axis=1)

    @property
    def c(self) -> Array | None:
        """The contexts, (T, N, F)."""
        if not self.looks:
            return None
        return np.concatenate([np.swapaxes(look.c, 0, 1) for look in self.looks])


@dataclass(frozen=True, slots=True)
class Backward:
    """The field called q is ∂E/∂q: e (T, N, E), s (T, N, H), memory (S, N, F) of its outputs.

    ``state`` is that of the initial state, ``parameters`` by name. s counts the ways of a state to
    its own output and as a query, not the one through the next step.
    """

    e: Array
    s: Array
    memory: Array
    state: State
    parameters: dict[str, Array]


class Decoder:
    """Layer, output layer, and what they see of the source.

    Parameters
    ----------
    layer : takes E columns, and H more if peeky, and F more with the query before the step
    W_out (J, V), b_out (V,) : J is the number of columns of o
    W_c : (P, J) with P = H, and H more if peeky, F more with attention; None for o = joined, J = P
    attention : over the encoder's outputs (S, N, F); None for none
    query : which state asks, "after" or "before" the step

    Raises
    ------
    ShapeError for weights that do not fit; ValueError for another query
    """

    def __init__(
        self,
        layer: Layer,
        W_out: ArrayLike,
        b_out: ArrayLike,
        *,
        W_c: ArrayLike | None = None,
        peeky: bool = False,
        attention: Attention | None = None,
        query: Query = "after",
    ) -> None:
        if query not in {"after", "before"}:
            raise ValueError(f"the query comes 'after' or 'before' the step, not {query!r}")
        self.layer = layer
        self.W_out: Array = np.asarray(W_out, dtype=np.float64)
        self.b_out: Array = np.asarray(b_out, dtype=np.float64)
        self.W_c: Array | None = None if W_c is None else np.asarray(W_c, dtype=np.float64)
        self.peeky = peeky
        self.attention = attention
        self.query = query
        # The state that asks and that peeky shows: the hidden state of the uppermost layer.
        hidden = [i for i, name in enumerate(layer.state_names) if name.endswith(("h0", "z0"))]
        self.hidden = hidden[-1]
        if self.b_out.shape != self.W_out.shape[1:]:
            raise ShapeError("b_out", self.b_out.shape, str(self.W_out.shape[1:]))
        if self.W_c is not None and self.W_c.shape[1:] != self.W_out.shape[:1]:
            raise ShapeError("W_c", self.W_c.shape, f"(P, J) with J = {self.W_out.shape[0]}")

    @property
    def before(self) -> bool:
        """Whether the context takes part in the step."""
        return self.attention is not None and self.query == "before"

    def parameters(self) -> dict[str, Array]:
        """Name → array, not copied: "layer.W", "attention.W_1", "W_c", "W_out", "b_out"."""
        named = {f"layer.{name}": a for name, a in self.layer.parameters.as_dict().items()}
        if self.attention is not None:
            scores = self.attention.score.as_dict()
            named |= {f"attention.{name}": a for name, a in scores.items()}
        if self.W_c is not None:
            named["W_c"] = self.W_c
        return {**named, "W_out": self.W_out, "b_out": self.b_out}

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Decoder:
        """The same decoder with other values for all its parameters."""
        attention = self.attention
        if attention is not None:
            attention = Attention(attention.score.with_parameters(part_of(values, "attention")))
        return Decoder(
            self.layer.with_parameters(part_of(values, "layer")),
            values["W_out"],
            values["b_out"],
            W_c=values.get("W_c"),
            peeky=self.peeky,
            attention=attention,
            query=self.query,
        )

    def forward(self, e: ArrayLike, memory: Memory, state: State | None = None) -> Forward:
        """Run over embedded inputs e (T, N, E).

        Parameters
        ----------
        state : to go on from; the memory's, which is the first, if not given. What peeky shows
            stays the memory's

        Raises
        ------
        ShapeError
        """
        e = np.array(e, dtype=np.float64)
        N = memory.outputs.shape[1]
        if e.ndim != 3 or e.shape[1] != N or not len(e):
            raise ShapeError("e", e.shape, f"(T, N, E) with T ≥ 1 and N = {N}")
        state = memory.state if state is None else state
        k = np.broadcast_to(memory.state[self.hidden], (len(e), *memory.state[self.hidden].shape))
        x = np.concatenate([e, k], axis=-1) if self.peeky else e
        make = self._steps_asking_before if self.before else self._steps_asking_after
        runs, looks = make(x, memory, state)
        s = np.concatenate([run.output for run in runs])
        parts = [s, k] if self.peeky else [s]
        parts += [np.concatenate([np.swapaxes(look.c, 0, 1) for look in looks])] if looks else []
        joined = np.concatenate(parts, axis=-1)
        o = joined if self.W_c is None else np.tanh(joined @ self.W_c)
        v = o @ self.W_out + self.b_out
        x = np.concatenate([run.x for run in runs])
        return Forward(memory, e, x, tuple(runs), tuple(looks), s, joined, o, v, runs[-1].final)

    def _steps_asking_after(
        self, x: Array, memory: Memory, state: State
    ) -> tuple[list[AnyForward], list[Look]]:
        run = self.layer.forward(x, state)
        return [run], [] if self.attention is None else [self._look(run.output, memory)]

    def _steps_asking_before(
        self, x: Array, memory: Memory, state: State
    ) -> tuple[list[AnyForward], list[Look]]:
        runs: list[AnyForward] = []
        looks: list[Look] = []
        s_previous = state[self.hidden]
        for t in range(len(x)):
            looks.append(self._look(s_previous[None], memory))
            c_t = np.swapaxes(looks[-1].c, 0, 1)
            runs.append(self.layer.forward(np.concatenate([x[t : t + 1], c_t], axis=-1), state))
            state = runs[-1].final
            s_previous = runs[-1].output[0]
        return runs, looks

    def _look(self, queries: Array, memory: Memory) -> Look:
        # Attention has the batch first: (T, N, H) → (N, T, H) and (S, N, F) → (N, S, F).
        assert self.attention is not None
        mask = None if memory.mask is None else memory.mask.T[:, None, :]
        h = np.swapaxes(memory.outputs, 0, 1)
        return self.attention.forward(np.swapaxes(queries, 0, 1), h, mask=mask)

    def backward(self, run: Forward, delta_out: ArrayLike) -> Backward:
        """From δ^out = ∂E/∂v (T, N, V). ``run`` is that of ``forward`` and is left as it is.

        Raises
        ------
        ShapeError
        """
        delta_out = np.asarray(delta_out, dtype=np.float64)
        if delta_out.shape != run.v.shape:
            raise ShapeError("delta_out", delta_out.shape, str(run.v.shape))
        total = _Sum()
        total.add({"W_out": outer_sum(run.o, delta_out), "b_out": delta_out.sum(axis=(0, 1))})
        djoined = delta_out @ self.W_out.T
        if self.W_c is not None:
            da = djoined * (1.0 - run.o**2)
            total.add({"W_c": outer_sum(run.joined, da)})
            djoined = da @ self.W_c.T

        H, E = run.s.shape[-1], run.e.shape[-1]
        K = run.memory.state[self.hidden].shape[-1] if self.peeky else 0
        ds = djoined[..., :H].copy()
        dk = djoined[..., H : H + K].sum(axis=0)
        dc = djoined[..., H + K :]
        back = self._back_before if self.before else self._back_after
        dx, dh, initial = back(run, ds, dc, total)
        if self.peeky:
            initial[self.hidden] += dk + dx[..., E : E + K].sum(axis=0)
        return Backward(dx[..., :E], ds, dh, tuple(initial), total.gradients)

    def _back_after(
        self, run: Forward, ds: Array, dc: Array, total: _Sum
    ) -> tuple[Array, Array, list[Array]]:
        # → dx, dh, and of the initial state; ds gets what the states owe to their queries.
        dh = np.zeros_like(run.memory.outputs)
        if self.attention is not None:
            look = self._look_back(run.looks[0], dc)
            total.add_attention(look)
            ds += np.swapaxes(look.q, 0, 1)
            dh += np.swapaxes(look.h, 0, 1)
        back = self.layer.backward(run.runs[0], ds)
        total.add_layer(back)
        return back.x, dh, [np.array(array) for array in back.initial]

    def _back_before(
        self, run: Forward, ds: Array, dc: Array, total: _Sum
    ) -> tuple[Array, Array, list[Array]]:
        # The same; here the context is the last part of x_t, and s_{t−1} was the query of step t.
        F = dc.shape[-1]
        dx = np.empty_like(run.x)
        dh = np.zeros_like(run.memory.outputs)
        initial = [np.zeros_like(array) for array in run.state]
        for t in reversed(range(len(ds))):
            back = self.layer.backward(run.runs[t], ds[t : t + 1], tuple(initial))
            total.add_layer(back)
            dx[t] = back.x[0]
            initial = [np.array(array) for array in back.initial]
            look = self._look_back(run.looks[t], dc[t : t + 1] + back.x[..., -F:])
            total.add_attention(look)
            dh += np.swapaxes(look.h, 0, 1)
            if t > 0:
                ds[t - 1] += look.q[:, 0]
            else:
                initial[self.hidden] += look.q[:, 0]
        return dx, dh, initial

    def _look_back(self, look: Look, dc: Array) -> LookedBack:
        assert self.attention is not None
        return self.attention.backward(look, np.swapaxes(dc, 0, 1))


class _Sum:
    """Gradients of parameters, added up over the steps."""

    def __init__(self) -> None:
        self.gradients: dict[str, Array] = {}

    def add(self, gradients: Mapping[str, Array], part: str = "") -> None:
        for own, gradient in gradients.items():
            name = part + own
            known = self.gradients.get(name)
            self.gradients[name] = gradient if known is None else known + gradient

    def add_layer(self, back: AnyBackward) -> None:
        self.add(back.parameters.as_dict(), "layer.")

    def add_attention(self, back: LookedBack) -> None:
        self.add(back.parameters, "attention.")


def part_of(values: Mapping[str, ArrayLike], name: str) -> dict[str, ArrayLike]:
    """The values "name.q", by q alone."""
    start = f"{name}."
    return {key[len(start) :]: value for key, value in values.items() if key.startswith(start)}
