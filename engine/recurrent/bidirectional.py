"""Bidirectional layers: one reads the sequence forwards, another backwards.

    h_f,t  runs over x_1, …, x_T        knows the past of t
    h_b,t  runs over x_T, …, x_1        knows the future of t
    output_t = [h_f,t ; h_b,t]          2H features: an output layer on it has V (2H, K)

Backward, ∂E/∂output_t is cut into its two halves. The first goes back in time from T to 1 through
the forward layer, the second from 1 to T through the other; ∂E/∂x_t is the sum of both.

With sequences of different lengths the second layer begins at each sequence's own end. It needs no
more than the mask, turned round with x: padded steps then come first, and keep the initial state.
The final state of the second layer is its state at t = 1, after it has read everything.

Since the whole sequence has to be there before the first output, no decoder that feeds on its own
outputs can be bidirectional. Source: Schuster, Paliwal (1997).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent.layer import (
    AnyBackward,
    AnyForward,
    AnyParameters,
    Around,
    GivenState,
    Layer,
    State,
)
from engine.recurrent.parts import PartParameters, replaced_parts, split_state, state_names_of
from engine.recurrent.rnn import Array, ShapeError


@dataclass(frozen=True, slots=True)
class ReversedForward:
    """A run over the reversed sequence; x and output are in the order of the original.

    Entry 0 of ``run`` is t = T of the original.
    """

    run: AnyForward

    @property
    def x(self) -> Array:
        """(T, N, D)."""
        return self.run.x[::-1]

    @property
    def output(self) -> Array:
        """(T, N, F)."""
        return self.run.output[::-1]

    @property
    def final(self) -> State:
        """The state after t = 1."""
        return self.run.final


@dataclass(frozen=True, slots=True)
class ReversedBackward:
    """Gradients of a run over the reversed sequence; x is in the order of the original."""

    backward: AnyBackward

    @property
    def x(self) -> Array:
        """∂E/∂x (T, N, D)."""
        return self.backward.x[::-1]

    @property
    def initial(self) -> State:
        return self.backward.initial

    @property
    def parameters(self) -> AnyParameters:
        return self.backward.parameters


class Reversed(Around):
    """Any layer, reading the sequence from its end to its beginning."""

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> ReversedForward:
        """x (T, N, D), mask (T, N) or None; ``initial`` is the state before t = T."""
        turned = None if mask is None else np.asarray(mask)[::-1]
        return ReversedForward(self.layer.forward(np.asarray(x)[::-1], initial, mask=turned))

    def backward(
        self, run: ReversedForward, d_output: ArrayLike, d_final: GivenState = None
    ) -> ReversedBackward:
        """d_output (T, N, F) = ∂E/∂output; d_final is of the state after t = 1."""
        turned = np.asarray(d_output)[::-1]
        return ReversedBackward(self.layer.backward(run.run, turned, d_final))


@dataclass(frozen=True, slots=True)
class Forward:
    """The runs of both directions; ``backwards`` gives its outputs in the order of x."""

    forwards: AnyForward
    backwards: ReversedForward
    output: Array

    @property
    def x(self) -> Array:
        """(T, N, D)."""
        return self.forwards.x

    @property
    def final(self) -> State:
        """The final state of the forward layer (after T), then of the other (after 1)."""
        return (*self.forwards.final, *self.backwards.final)


@dataclass(frozen=True, slots=True)
class Backward:
    """The gradients of both directions, and ∂E/∂x (T, N, D), the sum of theirs."""

    forwards: AnyBackward
    backwards: ReversedBackward
    x: Array
    parameters: PartParameters

    @property
    def initial(self) -> State:
        """∂E/∂initial of the forward layer, then of the other."""
        return (*self.forwards.initial, *self.backwards.initial)


class Bidirectional:
    """Two layers over one sequence: ``forwards`` from t = 1 on, ``backwards`` from t = T on.

    They share nothing but x; their sizes H may differ. Parameters are called ``forward.W`` and
    ``backward.W``. Raises ShapeError if they take inputs of different width.
    """

    def __init__(self, forwards: Layer, backwards: Layer) -> None:
        if forwards.input_size != backwards.input_size:
            found, width = (backwards.input_size,), forwards.input_size
            raise ShapeError("the input of the backward layer", found, f"({width},)")
        self.forwards = forwards
        self.backwards = backwards
        self._parts: dict[str, Layer] = {"forward": forwards, "backward": backwards}

    @property
    def parameters(self) -> PartParameters:
        return PartParameters({name: part.parameters for name, part in self._parts.items()})

    @property
    def input_size(self) -> int:
        """D."""
        return self.forwards.input_size

    @property
    def output_size(self) -> int:
        """2H, if both have H units."""
        return self.forwards.output_size + self.backwards.output_size

    @property
    def state_names(self) -> tuple[str, ...]:
        return state_names_of(self._parts)

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Bidirectional:
        """The pair with other values for the parameters named in ``values``."""
        parts = replaced_parts(self._parts, values)
        return Bidirectional(parts["forward"], parts["backward"])

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> Forward:
        """x (T, N, D); initial: the states of both or None; mask (T, N) or None."""
        of_forwards, of_backwards = split_state(initial, self._parts)
        forwards = self.forwards.forward(x, of_forwards, mask=mask)
        backwards = Reversed(self.backwards).forward(x, of_backwards, mask=mask)
        output = np.concatenate([forwards.output, backwards.output], axis=-1)
        return Forward(forwards, backwards, output)

    def backward(self, run: Forward, d_output: ArrayLike, d_final: GivenState = None) -> Backward:
        """d_output (T, N, 2H) = ∂E/∂output; d_final for the states of both, or None."""
        d_output = np.asarray(d_output, dtype=np.float64)
        if d_output.shape != run.output.shape:
            raise ShapeError("d_output", d_output.shape, str(run.output.shape))
        H = self.forwards.output_size
        of_forwards, of_backwards = split_state(d_final, self._parts)
        forwards = self.forwards.backward(run.forwards, d_output[..., :H], of_forwards)
        backwards = Reversed(self.backwards).backward(
            run.backwards, d_output[..., H:], of_backwards
        )
        parameters = {"forward": forwards.parameters, "backward": backwards.parameters}
        return Backward(forwards, backwards, forwards.x + backwards.x, PartParameters(parameters))
