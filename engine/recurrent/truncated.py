"""Truncated backpropagation through time with a carried state.

A long sequence is cut into windows of k steps. The state goes on from window to window, the
gradient does not::

    initial state of window j+1 = final state of window j, taken as a constant
    gradient = Σ over the windows of the gradient of each window's loss

So a loss reaches back to the start of its own window and no further, and only k steps have to be
kept in memory. This is what ``detach()`` between two windows does in PyTorch, and what TBPTT means
for long texts. ``engine.recurrent.rnn`` cuts otherwise: there each loss reaches back the same
number of steps T_t.

Source: Williams, Peng (1990); Sutskever (2013), section 2.8, with k1 = k2 = k.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent.layer import AnyForward, GivenState, Layer
from engine.recurrent.rnn import Array, ShapeError


def windows(T: int, k: int) -> Iterator[slice]:
    """The steps 1, …, T in windows of k, as slices; the last one may be shorter.

    Raises ValueError if T or k is below 1.
    """
    if T < 1 or k < 1:
        raise ValueError(f"T ≥ 1 and k ≥ 1; given {T} and {k}")
    return (slice(start, min(start + k, T)) for start in range(0, T, k))


def forward_in_windows(
    layer: Layer,
    x: ArrayLike,
    k: int,
    initial: GivenState = None,
    *,
    mask: ArrayLike | None = None,
) -> Iterator[tuple[slice, AnyForward]]:
    """Run window by window: the window and its run, the state carried on by copy.

    Each run is one to call ``layer.backward`` on, with the window's part of ∂E/∂output; its
    gradient of the initial state is what truncation throws away. The layer's parameters may change
    between two windows, as in training. Layers that read backwards carry no state across windows
    that would mean anything: they are no business of this function.

    Parameters
    ----------
    x : (T, N, D); mask : (T, N) or None; initial : the state before the first window

    Raises
    ------
    ShapeError, and ValueError if k is below 1
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 3 or x.shape[0] == 0:
        raise ShapeError("x", x.shape, "(T, N, D) with T ≥ 1")
    if mask is not None and np.shape(mask) != x.shape[:2]:
        raise ShapeError("mask", np.shape(mask), f"(T, N) = {x.shape[:2]}")
    return _run(layer, x, windows(len(x), k), initial, mask)


def _run(
    layer: Layer,
    x: Array,
    parts: Iterator[slice],
    state: GivenState,
    mask: ArrayLike | None,
) -> Iterator[tuple[slice, AnyForward]]:
    # A generator of its own, so that wrong arguments raise at the call and not at the first step.
    for part in parts:
        run = layer.forward(x[part], state, mask=None if mask is None else np.asarray(mask)[part])
        yield part, run
        state = run.final
