"""The same weights as ONNX's operators RNN, LSTM and GRU keep them, and what Y, Y_h and Y_c are.

A node is one layer in one or two directions (P = 1 or 2). Its matrices are in column form with the
directions in front, G gates stacked in the orders ``layouts.GATE_ORDERS[kind]["onnx"]``::

    X (T, N, D)      W (P, G·H, D)      R (P, G·H, H)      B (P, 2·G·H): both biases in a row
    LSTM only:       P (P, 3H), the peepholes in the order i, o, f
    Y (T, P, N, H)   Y_h and Y_c (P, N, H), the states at each sequence's own end
    layout = 1       X (N, T, D), Y (N, T, P, H), initial_h, Y_h and Y_c (N, P, H)

The GRU's z keeps the old state; ``linear_before_reset`` = 1 is reset = "after" (the linear product
comes before the reset), 0 is reset = "before".

Source: the operator documentation of ONNX, RNN-22, LSTM-22, GRU-22.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent import gru
from engine.recurrent.bidirectional import Bidirectional, Reversed
from engine.recurrent.layer import AnyForward, Layer, State
from engine.recurrent.layouts import Kind, StackedGates, gates_of, layer_of, reordered, require_kind
from engine.recurrent.rnn import Array, ShapeError

Direction: TypeAlias = Literal["forward", "reverse", "bidirectional"]


@dataclass(frozen=True, slots=True)
class OnnxWeights:
    """The inputs W, R, B and P of a node, and the attributes that belong to them.

    W (P, G·H, D), R (P, G·H, H), B (P, 2·G·H), P (P, 3H) or None.
    """

    kind: Kind
    direction: Direction
    W: Array
    R: Array
    B: Array
    P: Array | None = None
    linear_before_reset: int = 0


def from_onnx(
    kind: Kind,
    W: ArrayLike,
    R: ArrayLike,
    B: ArrayLike | None = None,
    P: ArrayLike | None = None,
    *,
    direction: Direction = "forward",
    linear_before_reset: int = 0,
    activations: Sequence[str] = ("tanh",),
) -> Layer:
    """The layer that a node describes.

    Parameters
    ----------
    W, R, B, P : as in ``OnnxWeights``; zeros for a B that is not there
    activations : f for each direction, for kind "RNN"; one name may stand for both

    Raises
    ------
    ShapeError, and ValueError for another kind or direction
    """
    require_kind(kind)
    if direction not in get_args(Direction):
        raise ValueError(f"direction is one of {get_args(Direction)}; it is {direction!r}")
    W, R = np.asarray(W, dtype=np.float64), np.asarray(R, dtype=np.float64)
    directions = 2 if direction == "bidirectional" else 1
    for name, matrix in (("W", W), ("R", R)):
        if matrix.ndim != 3 or matrix.shape[0] != directions:
            raise ShapeError(name, matrix.shape, f"({directions}, G·H, …)")
    rows = W.shape[1]
    B = np.zeros((directions, 2 * rows)) if B is None else np.asarray(B, dtype=np.float64)
    if B.shape != (directions, 2 * rows):
        raise ShapeError("B", B.shape, f"({directions}, {2 * rows})")
    peepholes = None if P is None else np.asarray(P, dtype=np.float64)
    if peepholes is not None and peepholes.shape != (directions, 3 * R.shape[2]):
        raise ShapeError("P", peepholes.shape, f"({directions}, {3 * R.shape[2]})")
    reset: gru.Reset = "after" if linear_before_reset else "before"

    layers: list[Layer] = []
    for d in range(directions):
        first, second = (_from_onnx(kind, b) for b in np.split(B[d], 2))
        p = None if peepholes is None else peepholes[d].reshape(3, -1)[[0, 2, 1]]
        gates = StackedGates(
            kind, _from_onnx(kind, W[d]).T, _from_onnx(kind, R[d]).T, first, second, p
        )
        layers.append(layer_of(gates, activations[d % len(activations)].lower(), reset))
    if direction == "bidirectional":
        return Bidirectional(*layers)
    return Reversed(layers[0]) if direction == "reverse" else layers[0]


def onnx_weights(layer: Layer) -> OnnxWeights:
    """The inputs of the node that is this layer; ``from_onnx`` undone.

    Raises ValueError for a stack (each layer is a node of its own), and for a pair that no node
    can describe: an LSTM with a GRU, with different resets, or peepholes on one side only.
    """
    direction: Direction = "forward"
    singles: list[Layer] = [layer]
    if isinstance(layer, Bidirectional):
        direction, singles = "bidirectional", [layer.forwards, layer.backwards]
    elif isinstance(layer, Reversed):
        direction, singles = "reverse", [layer.layer]
    found = [gates_of(single, single.parameters, gradients=False) for single in singles]
    resets = {single.reset for single in singles if isinstance(single, gru.GRU)}
    peepholes = [gates.p[[0, 2, 1]].reshape(-1) for gates in found if gates.p is not None]
    if (
        len({(gates.kind, gates.U.shape) for gates in found}) > 1
        or len(resets) > 1
        or len(peepholes) not in {0, len(found)}
    ):
        raise ValueError("both directions of a node are of one kind, one size and one variant")
    return OnnxWeights(
        kind=found[0].kind,
        direction=direction,
        W=np.stack([_to_onnx(gates.kind, gates.W.T) for gates in found]),
        R=np.stack([_to_onnx(gates.kind, gates.U.T) for gates in found]),
        B=np.stack(
            [
                np.concatenate([_to_onnx(gates.kind, b) for b in (gates.first, gates.second)])
                for gates in found
            ]
        ),
        P=np.stack(peepholes) if peepholes else None,
        linear_before_reset=int(resets == {"after"}),
    )


def onnx_outputs(layer: Layer, run: AnyForward, *, layout: int = 0) -> tuple[Array, ...]:
    """Y, Y_h, and for an LSTM Y_c, of a run of a node's layer (time first, whatever the layout)."""
    directions = 2 if isinstance(layer, Bidirectional) else 1
    T, N, width = run.output.shape
    Y = run.output.reshape(T, N, directions, width // directions).swapaxes(1, 2)
    cells = len(run.final) // directions
    states = [np.stack(run.final[k::cells]) for k in range(cells)]
    if layout == 0:
        return (Y, *states)
    return (Y.transpose(2, 0, 1, 3), *(state.swapaxes(0, 1) for state in states))


def onnx_initial(
    initial_h: ArrayLike, initial_c: ArrayLike | None = None, *, layout: int = 0
) -> State:
    """initial_h and initial_c, each (P, N, H), or (N, P, H) with layout 1 → a layer's state."""
    given = [np.asarray(a) for a in (initial_h, initial_c) if a is not None]
    for array in given:
        if array.ndim != 3 or array.shape != given[0].shape:
            raise ShapeError("initial state", array.shape, "(P, N, H), both alike")
    states = [array.swapaxes(0, 1) if layout else array for array in given]
    return tuple(state[d] for d in range(len(states[0])) for state in states)


def _from_onnx(kind: str, stacked: Array) -> Array:
    return reordered(stacked, kind, "onnx", "engine", axis=0)


def _to_onnx(kind: str, stacked: Array) -> Array:
    return reordered(stacked, kind, "engine", "onnx", axis=0)
