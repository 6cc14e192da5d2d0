"""Stacked layers: the output sequence of each layer is the input sequence of the next.

    layer 1 takes x, layer l takes h^{l−1}_1, …, h^{l−1}_T; the output is that of the last layer

Backward, the gradient of a layer's input is the gradient of the output of the layer below::

    ∂E/∂h^{l−1}_t = (∂E/∂x_t of layer l)

Every layer has an initial and a final state of its own. A state of the whole is the tuple of all
their arrays, from layer 1 up; names say where an array belongs: ``layer2.h0``. Parameters likewise:
``layer2.W``.

Sources: El Hihi, Bengio (1996); Graves, Mohamed, Hinton (2013).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from engine.recurrent.layer import (
    AnyBackward,
    AnyForward,
    GivenState,
    Layer,
    State,
)
from engine.recurrent.parts import PartParameters, replaced_parts, split_state, state_names_of
from engine.recurrent.rnn import Array, ShapeError


@dataclass(frozen=True, slots=True)
class Forward:
    """The runs of the layers, from layer 1 up; ``runs[l].output`` is what layer l+1 took."""

    runs: tuple[AnyForward, ...]

    @property
    def x(self) -> Array:
        """(T, N, D)."""
        return self.runs[0].x

    @property
    def output(self) -> Array:
        """(T, N, F) of the last layer."""
        return self.runs[-1].output

    @property
    def final(self) -> State:
        """The final states of all layers, one after the other."""
        return tuple(array for run in self.runs for array in run.final)


@dataclass(frozen=True, slots=True)
class Backward:
    """The gradients of the layers, from layer 1 up."""

    layers: tuple[AnyBackward, ...]
    parameters: PartParameters

    @property
    def x(self) -> Array:
        """∂E/∂x (T, N, D)."""
        return self.layers[0].x

    @property
    def initial(self) -> State:
        """∂E/∂initial of all layers, one after the other."""
        return tuple(array for layer in self.layers for array in layer.initial)


class Stacked:
    """Layers on top of each other; the same mask serves them all.

    Raises ValueError without a layer, ShapeError if a layer takes another width than it gets.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        if not layers:
            raise ValueError("at least one layer is needed")
        for number, (below, above) in enumerate(itertools.pairwise(layers), start=2):
            if above.input_size != below.output_size:
                found, width = (above.input_size,), below.output_size
                raise ShapeError(f"the input of layer {number}", found, f"({width},), its input")
        self.layers = tuple(layers)
        self._parts = {f"layer{n}": layer for n, layer in enumerate(layers, start=1)}

    @property
    def parameters(self) -> PartParameters:
        return PartParameters({name: part.parameters for name, part in self._parts.items()})

    @property
    def input_size(self) -> int:
        """D, the input of layer 1."""
        return self.layers[0].input_size

    @property
    def output_size(self) -> int:
        """F, the output of the last layer."""
        return self.layers[-1].output_size

    @property
    def state_names(self) -> tuple[str, ...]:
        return state_names_of(self._parts)

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Stacked:
        """The stack with other values for the parameters named in ``values``."""
        return Stacked(list(replaced_parts(self._parts, values).values()))

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> Forward:
        """x (T, N, D); initial: the states of all layers or None; mask (T, N) or None."""
        runs: list[AnyForward] = []
        for layer, state in zip(self.layers, split_state(initial, self._parts), strict=True):
            runs.append(layer.forward(x, state, mask=mask))
            x = runs[-1].output
        return Forward(tuple(runs))

    def backward(self, run: Forward, d_output: ArrayLike, d_final: GivenState = None) -> Backward:
        """d_output (T, N, F) = ∂E/∂output; d_final for the states of all layers, or None."""
        found: list[AnyBackward] = []
        states = split_state(d_final, self._parts)
        for layer, part, state in reversed(list(zip(self.layers, run.runs, states, strict=True))):
            found.append(layer.backward(part, d_output, state))
            d_output = found[-1].x
        found.reverse()
        names = zip(self._parts, found, strict=True)
        return Backward(
            tuple(found), PartParameters({name: part.parameters for name, part in names})
        )
