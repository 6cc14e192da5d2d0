"""Batches of sequences that differ in length, and the two ways to lay a batch out.

Time first (T, N, D) is what the layers compute with and PyTorch's default; batch first (N, T, D) is
Keras's and ``batch_first=True``. Sequences that are shorter than T are padded at the end; ``mask``
(T, N) is true on real steps. What layers do with it: ``engine.recurrent.layer``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.recurrent.layer import (
    AnyBackward,
    AnyForward,
    AnyParameters,
    Around,
    GivenState,
    Mask,
    State,
)
from engine.recurrent.rnn import Array, ShapeError


def swap(array: ArrayLike) -> NDArray[Any]:
    """(T, N, …) → (N, T, …) and back; a view, its values are not copied.

    Raises ShapeError for fewer than two axes.
    """
    array = np.asarray(array)
    if array.ndim < 2:
        raise ShapeError("array", array.shape, "(T, N, …) or (N, T, …)")
    return array.swapaxes(0, 1)


def as_lengths(lengths: ArrayLike, T: int) -> NDArray[np.int64]:
    """Lengths (N,) as integers from 0 to T. Raises ShapeError and ValueError."""
    given = np.asarray(lengths)
    if given.ndim != 1:
        raise ShapeError("lengths", given.shape, "(N,)")
    whole = given.astype(np.int64)
    if given.size and ((whole != given).any() or whole.min() < 0 or whole.max() > T):
        raise ValueError(f"lengths are whole numbers from 0 to {T}; given: {given.tolist()}")
    return whole


def mask_of(lengths: ArrayLike, T: int) -> Mask:
    """Lengths (N,) → mask (T, N), true at t = 1, …, length."""
    return np.asarray(np.arange(T)[:, None] < as_lengths(lengths, T))


def pad(sequences: Sequence[ArrayLike]) -> tuple[Array, NDArray[np.int64]]:
    """N sequences (length, D) → x (T, N, D) with zeros at the end, and the lengths (N,).

    Raises ShapeError if they are not all of one width D, ValueError if there is none.
    """
    arrays = [np.asarray(sequence, dtype=np.float64) for sequence in sequences]
    if not arrays:
        raise ValueError("at least one sequence is needed")
    for number, array in enumerate(arrays):
        if array.ndim != 2 or array.shape[1] != arrays[0].shape[-1]:
            raise ShapeError(f"sequence {number}", array.shape, f"(T, {arrays[0].shape[-1]})")
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    x = np.zeros((int(lengths.max()), len(arrays), arrays[0].shape[1]))
    for n, array in enumerate(arrays):
        x[: len(array), n] = array
    return x, lengths


def unpad(x: ArrayLike, lengths: ArrayLike) -> tuple[Array, ...]:
    """x (T, N, D) → N sequences (length, D), as copies: ``pad`` undone."""
    x = np.asarray(x, dtype=np.float64)
    return tuple(x[:length, n].copy() for n, length in enumerate(_fitting(x, lengths)))


def reverse(x: ArrayLike, lengths: ArrayLike) -> NDArray[Any]:
    """Each sequence of x (T, N, …) turned round within its own length; padding stays where it is.

    This is how an encoder's input is reversed (Sutskever et al., 2014). Its own inverse.
    """
    x = np.asarray(x)
    turned = x.copy()
    for n, length in enumerate(_fitting(x, lengths)):
        turned[:length, n] = x[:length, n][::-1]
    return turned


def last(output: ArrayLike, lengths: ArrayLike) -> Array:
    """The output (T, N, F) at each sequence's last real step → (N, F); 0 for an empty sequence.

    What many-to-one models read. ``output[-1]`` is 0 wherever a sequence is shorter than T.
    """
    output = np.asarray(output, dtype=np.float64)
    lengths = _fitting(output, lengths)
    found = output[lengths - 1, np.arange(len(lengths))]
    return np.asarray(np.where((lengths > 0)[:, None], found, 0.0))


def _fitting(x: NDArray[Any], lengths: ArrayLike) -> NDArray[np.int64]:
    if x.ndim < 2:
        raise ShapeError("x", x.shape, "(T, N, …)")
    lengths = as_lengths(lengths, x.shape[0])
    if len(lengths) != x.shape[1]:
        raise ShapeError("lengths", lengths.shape, f"(N,) = ({x.shape[1]},)")
    return lengths


@dataclass(frozen=True, slots=True)
class BatchFirstForward:
    """A run of a layer, seen batch first: x (N, T, D), output (N, T, F); ``run`` is time first."""

    run: AnyForward

    @property
    def x(self) -> Array:
        return swap(self.run.x)

    @property
    def output(self) -> Array:
        return swap(self.run.output)

    @property
    def final(self) -> State:
        """As the layer gives it: states (N, H) have no time, so nothing is swapped."""
        return self.run.final


@dataclass(frozen=True, slots=True)
class BatchFirstBackward:
    """Gradients of a layer, seen batch first: x (N, T, D); ``backward`` is time first."""

    backward: AnyBackward

    @property
    def x(self) -> Array:
        return swap(self.backward.x)

    @property
    def initial(self) -> State:
        return self.backward.initial

    @property
    def parameters(self) -> AnyParameters:
        return self.backward.parameters


class BatchFirst(Around):
    """Any layer, with x (N, T, D), mask (N, T) and output (N, T, F)."""

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> BatchFirstForward:
        """x (N, T, D), mask (N, T) or None; the initial state as the layer takes it."""
        swapped = None if mask is None else swap(mask)
        return BatchFirstForward(self.layer.forward(swap(x), initial, mask=swapped))

    def backward(
        self, run: BatchFirstForward, d_output: ArrayLike, d_final: GivenState = None
    ) -> BatchFirstBackward:
        """d_output (N, T, F) = ∂E/∂output; d_final as the layer takes it."""
        return BatchFirstBackward(self.layer.backward(run.run, swap(d_output), d_final))
