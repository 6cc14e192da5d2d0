"""Gate orders of the libraries, PyTorch's weights, and what output, h_n and c_n are.

**Gate orders.** Every library stacks the matrices of the gates, each in its own order: see
``GATE_ORDERS``. a is the candidate of the LSTM (also g, c̃), g that of the GRU (also h̃, n).

**PyTorch** keeps column form: ``weight_ih_l0`` (4H, D), ``weight_hh_l0`` (4H, H), and two biases
``bias_ih_l0``, ``bias_hh_l0`` (4H,), of which only the sum counts; ``_l1`` is the second layer,
``_reverse`` the backward direction. Its GRU is reset = "after", z_convention = "z-keeps-old"; only
in the candidate are the two biases two (b and b_u). With L layers and P directions (1 or 2)::

    output (T, N, P·H)   of the last layer, at every step; (N, T, P·H) with batch_first=True
    h_n    (L·P, N, H)   of every layer, at the end; never batch first; c_n likewise (LSTM only)
    forwards:   h_n[-1] is output[-1]                     (P = 1, no padding)
    both ways:  h_n[-2] is output[-1, :, :H]              the forward direction after t = T
                h_n[-1] is output[0, :, H:]               the backward direction after t = 1

With packed sequences h_n is the state at each sequence's own end, as ``run.final`` is here.

ONNX's operators: ``engine.recurrent.onnx_layouts``.

Source: the documentation of torch.nn.RNN, LSTM and GRU.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent import gru, lstm, simple
from engine.recurrent.bidirectional import Bidirectional
from engine.recurrent.layer import AnyBackward, Layer, State
from engine.recurrent.rnn import Array, Function, ShapeError
from engine.recurrent.sequences import BatchFirst
from engine.recurrent.stacked import Stacked

Kind: TypeAlias = Literal["RNN", "LSTM", "GRU"]

#: Which gate stands where, by kind and library; "engine" is what this package computes with, and
#: "dlfs2" is the program of the Japanese textbook ゼロから作るDeep Learning ②.
GATE_ORDERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "LSTM": {
            "engine": ("a", "i", "f", "o"),
            "pytorch": ("i", "f", "a", "o"),
            "keras": ("i", "f", "a", "o"),
            "onnx": ("i", "o", "f", "a"),
            "dlfs2": ("f", "a", "i", "o"),
        },
        "GRU": {
            "engine": ("z", "r", "g"),
            "pytorch": ("r", "z", "g"),
            "keras": ("z", "r", "g"),
            "onnx": ("z", "r", "g"),
            "dlfs2": ("z", "r", "g"),
        },
        "RNN": dict.fromkeys(("engine", "pytorch", "keras", "onnx", "dlfs2"), ("u",)),
    }
)


def reordered(array: ArrayLike, kind: str, source: str, target: str, *, axis: int = -1) -> Array:
    """Gates stacked along an axis, from the order of one library to that of another.

    Raises ValueError for a kind or library that is not there, ShapeError for an axis that cannot
    be cut into as many equal parts as there are gates.
    """
    array = np.asarray(array, dtype=np.float64)
    for name, known in ((kind, GATE_ORDERS), (source, GATE_ORDERS["RNN"])):
        if name not in known:
            raise ValueError(f"{name!r} is none of {', '.join(known)}")
    if target not in GATE_ORDERS["RNN"]:
        raise ValueError(f"{target!r} is none of {', '.join(GATE_ORDERS['RNN'])}")
    have, want = GATE_ORDERS[kind][source], GATE_ORDERS[kind][target]
    if array.shape[axis] % len(have):
        raise ShapeError("array", array.shape, f"{len(have)} equal parts along axis {axis}")
    parts = dict(zip(have, np.split(array, len(have), axis=axis), strict=True))
    return np.concatenate([parts[gate] for gate in want], axis=axis)


@dataclass(frozen=True, slots=True)
class StackedGates:
    """One layer, one direction, in row form and the engine's order of G gates.

    W (D, G·H), U (H, G·H), first and second bias (G·H,), p (3, H) as i, f, o or None.
    """

    kind: Kind
    W: Array
    U: Array
    first: Array
    second: Array
    p: Array | None = None

    def __post_init__(self) -> None:
        width = self.W.shape[-1]
        for name, bias in (("first bias", self.first), ("second bias", self.second)):
            if bias.shape != (width,):
                raise ShapeError(name, bias.shape, f"(G·H,) = ({width},)")


def gates_of(layer: Layer, parameters: Any, *, gradients: bool) -> StackedGates:
    """A single layer with its parameters (or ``gradients`` of them) → its stacked gates.

    z is turned into that which keeps the old state. Raises ValueError for a layer of layers.
    """
    # Where two biases are only ever added, the first holds their sum; the gradient of either is
    # that of the sum.
    if isinstance(layer, simple.SimpleRNN):
        first = parameters.b
        second = first if gradients else np.zeros_like(first)
        return StackedGates("RNN", parameters.W_in, parameters.W, first, second)
    if isinstance(layer, lstm.LSTM):
        first = parameters.b
        second = first if gradients else np.zeros_like(first)
        p = None if parameters.peepholes is None else np.stack(parameters.peepholes)
        return StackedGates("LSTM", parameters.W, parameters.U, first, second, p)
    if isinstance(layer, gru.GRU):
        # Both libraries' z keeps the old state. Negating is its own gradient.
        sign = 1.0 if layer.z_convention == "z-keeps-old" else -1.0
        q = parameters
        W = np.hstack([sign * q.W_z, q.W_r, q.W])
        U = np.hstack([sign * q.U_z, q.U_r, q.U])
        first = np.hstack([sign * q.b_z, q.b_r, q.b])
        second = first.copy() if gradients else np.zeros_like(first)
        if q.b_u is not None:
            second[2 * len(q.U) :] = q.b_u
        return StackedGates("GRU", W, U, first, second)
    raise ValueError(f"a {type(layer).__name__} has no such layout")


def layer_of(gates: StackedGates, f: Function, reset: gru.Reset) -> Layer:
    """Stacked gates → the layer; f is for the kind RNN, reset for GRU, whose z keeps the old."""
    both = gates.first + gates.second
    if gates.kind == "RNN":
        return simple.SimpleRNN(simple.Parameters(gates.W, gates.U, both), f)
    if gates.kind == "LSTM":
        p_i, p_f, p_o = (None, None, None) if gates.p is None else gates.p
        return lstm.LSTM(lstm.Parameters(gates.W, gates.U, both, p_i, p_f, p_o))
    W_z, W_r, W = np.hsplit(gates.W, 3)
    U_z, U_r, U = np.hsplit(gates.U, 3)
    b_z, b_r, b = np.split(both, 3)
    b_u = None
    if reset == "after":
        b, b_u = np.split(gates.first, 3)[2], np.split(gates.second, 3)[2]
    parameters = gru.Parameters(W_z, W_r, W, U_z, U_r, U, b_z, b_r, b, b_u)
    return gru.GRU(parameters, reset=reset, z_convention="z-keeps-old")


def require_kind(kind: str) -> None:
    """Raises ValueError for another kind than RNN, LSTM and GRU."""
    if kind not in get_args(Kind):
        raise ValueError(f"kind is one of {', '.join(get_args(Kind))}; it is {kind!r}")


def _single_layers(layer: Layer, parameters: Any, suffix: str) -> Iterator[tuple[str, Layer, Any]]:
    # PyTorch's suffix, the layer, its parameters (or their gradients), layer by layer.
    if isinstance(layer, BatchFirst):
        yield from _single_layers(layer.layer, parameters, suffix)
    elif isinstance(layer, Stacked):
        parts = zip(layer.layers, parameters.parts.values(), strict=True)
        for number, (part, own) in enumerate(parts):
            yield from _single_layers(part, own, f"_l{number}")
    elif isinstance(layer, Bidirectional):
        yield suffix, layer.forwards, parameters.parts["forward"]
        yield f"{suffix}_reverse", layer.backwards, parameters.parts["backward"]
    else:
        yield suffix, layer, parameters


def _torch(layer: Layer, parameters: Any, *, gradients: bool) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for suffix, single, own in _single_layers(layer, parameters, "_l0"):
        if isinstance(single, gru.GRU) and single.reset == "before":
            raise ValueError("PyTorch has no GRU with reset before the product")
        gates = gates_of(single, own, gradients=gradients)
        if gates.p is not None:
            raise ValueError("PyTorch has no peepholes")
        named = {
            "weight_ih": gates.W.T,
            "weight_hh": gates.U.T,
            "bias_ih": gates.first,
            "bias_hh": gates.second,
        }
        for name, array in named.items():
            found[name + suffix] = reordered(array, gates.kind, "engine", "pytorch", axis=0)
    return found


def torch_weights(layer: Layer) -> dict[str, Array]:
    """The parameters of a layer under the names of PyTorch's ``state_dict``; ``from_torch`` undone.

    The layer may be stacked, bidirectional and batch first, nested in PyTorch's way. Where only
    the sum of two biases counts, it stands in ``bias_ih``. Raises ValueError for what PyTorch does
    not have: peepholes, reset = "before".
    """
    return _torch(layer, layer.parameters, gradients=False)


def torch_gradients(layer: Layer, backward: AnyBackward) -> dict[str, Array]:
    """The gradients of a backward run under PyTorch's names, as ``parameter.grad`` has them."""
    return _torch(layer, backward.parameters, gradients=True)


def from_torch(kind: Kind, weights: Mapping[str, ArrayLike], nonlinearity: str = "tanh") -> Stacked:
    """A stack of as many layers, one way or both ways, as PyTorch's ``state_dict`` has.

    Biases that are not there (``bias=False``) are zeros. Raises ValueError for a name that is
    missing or belongs to no such module (a projection ``weight_hr_l0``), and ShapeError.
    """
    require_kind(kind)
    left = {name: np.asarray(value, dtype=np.float64) for name, value in weights.items()}

    def take(name: str) -> Array:
        if name not in left:
            raise ValueError(f"{name} is missing (there: {', '.join(weights)})")
        return reordered(left.pop(name), kind, "pytorch", "engine", axis=0)

    def single(suffix: str) -> Layer:
        W, U = take(f"weight_ih{suffix}").T, take(f"weight_hh{suffix}").T
        biases = [
            take(name) if name in left else np.zeros(W.shape[1])
            for name in (f"bias_ih{suffix}", f"bias_hh{suffix}")
        ]
        return layer_of(StackedGates(kind, W, U, *biases), nonlinearity, "after")

    layers: list[Layer] = []
    while left:
        suffix = f"_l{len(layers)}"
        layer = single(suffix)
        if f"weight_ih{suffix}_reverse" in left:
            layer = Bidirectional(layer, single(f"{suffix}_reverse"))
        layers.append(layer)
    return Stacked(layers)


def torch_state(layer: Layer, state: State) -> tuple[Array, ...]:
    """A state of the layer (``run.final``) → (h_n,), or (h_n, c_n), each (L·P, N, H).

    The gradient of an initial state has the same form. The layers have to be of one size H.
    """
    named = list(zip(layer.state_names, state, strict=True))
    cells = [array for name, array in named if name.endswith("c0")]
    hidden = [array for name, array in named if not name.endswith("c0")]
    return tuple(np.stack(arrays) for arrays in (hidden, cells) if arrays)


def from_torch_state(layer: Layer, h: ArrayLike, c: ArrayLike | None = None) -> State:
    """h_0 and c_0 (L·P, N, H) → the state that ``layer.forward`` takes. Raises ShapeError."""
    cells = [name.endswith("c0") for name in layer.state_names]
    for name, given, number in (("h", h, cells.count(False)), ("c", c, cells.count(True))):
        shape = () if given is None else np.shape(given)
        if (shape[0] if shape else 0) != number:
            raise ShapeError(name, shape, f"({number}, N, H)")
    hidden, memory = iter(np.asarray(h)), iter(() if c is None else np.asarray(c))
    return tuple(next(memory) if cell else next(hidden) for cell in cells)
