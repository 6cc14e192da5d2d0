"""How PyTorch, Keras and ONNX keep a recurrent layer's weights, and ONNX its sequences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.bidirectional import BLOCKS, CELL
from engine.computations.common import choice, flag, size
from engine.computations.frameworks import directions_of
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- PyTorch -------------------------------------------------------------------------------------


def _torch(a: Arguments, quantity: str, blocks: int, width: int) -> Shape:
    rows = blocks * a["H"]
    if quantity == "bias_ih":
        return Shape((rows,))
    return Shape((rows, width if quantity == "weight_ih" else a["H"]))


def _torch_width(a: Arguments) -> int:
    return int(a["D"] if a["layer"] == 0 else directions_of(a) * a["H"])


def _torch_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, blocks, width = a["quantity"], BLOCKS[a["cell"]], _torch_width(a)
    right = _torch(a, quantity, blocks, width)
    if len(right) > 1 and right[0] != right[1]:
        yield "transpose-added", "turned", Shape(reversed(right))
    if blocks > 1:
        yield "factor-dropped", "one-block", _torch(a, quantity, 1, width)
    if quantity == "bias_ih":
        yield "shape-wrong", "both-biases-in-one", _torch(a, quantity, 2 * blocks, width)
    elif width != a["H"]:
        other = "weight_hh" if quantity == "weight_ih" else "weight_ih"
        yield "wrong-parameter", f"of-{other}", _torch(a, other, blocks, width)
    if quantity == "weight_ih" and a["layer"] > 0 and directions_of(a) == 2:
        yield "shape-wrong", "one-direction-below", _torch(a, quantity, blocks, a["H"])


@COMPUTATIONS.add(
    "torch.weight_shape",
    "the shape of weight_ih_l[k], weight_hh_l[k] or bias_ih_l[k] of nn.RNN, nn.LSTM or nn.GRU",
    "(G · H, D) for layer 0, (G · H, directions · H) above; (G · H, H); (G · H): matrices act on "
    "columns, gates one below the other; PyTorch, torch.nn.LSTM",
    {
        "cell": CELL,
        "quantity": choice("which parameter", ("weight_ih", "weight_hh", "bias_ih")),
        "D": size("input_size"),
        "H": size("hidden_size"),
        "layer": Parameter("integer", "k, from 0", minimum=0, maximum=11, default=0),
        "bidirectional": flag("bidirectional"),
    },
    _torch_mistakes,
)
def torch_weight(a: Arguments) -> Shape:
    """(G · H, width), (G · H, H) or (G · H,)."""
    return _torch(a, a["quantity"], BLOCKS[a["cell"]], _torch_width(a))


# --- Keras ---------------------------------------------------------------------------------------


def _keras(a: Arguments, quantity: str, blocks: int, biases: int) -> Shape:
    columns = blocks * a["H"]
    if quantity == "bias":
        return Shape((columns,) if biases == 1 else (biases, columns))
    return Shape((a["D"] if quantity == "kernel" else a["H"], columns))


def _keras_biases(a: Arguments) -> int:
    return 2 if a["cell"] == "GRU" and a["reset_after"] == "True" else 1


def _keras_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, blocks, biases = a["quantity"], BLOCKS[a["cell"]], _keras_biases(a)
    right = _keras(a, quantity, blocks, biases)
    if quantity != "bias":
        if right[0] != right[1]:
            yield "transpose-added", "turned-as-in-pytorch", Shape(reversed(right))
        if a["D"] != a["H"]:
            other = "recurrent_kernel" if quantity == "kernel" else "kernel"
            yield "wrong-parameter", f"of-{other}", _keras(a, other, blocks, biases)
    else:
        yield "shape-wrong", "other-number-of-biases", _keras(a, quantity, blocks, 3 - biases)
    if blocks > 1:
        yield "factor-dropped", "one-block", _keras(a, quantity, 1, biases)


@COMPUTATIONS.add(
    "keras.weight_shape",
    "the shape of kernel, recurrent_kernel or bias of a SimpleRNN, LSTM or GRU layer",
    "(D, G · H), (H, G · H), (G · H): rows come in, gates stand side by side; the GRU's bias is "
    "(2, 3H) with reset_after=True, its default; Keras, layers.GRU",
    {
        "cell": CELL,
        "quantity": choice("which parameter", ("kernel", "recurrent_kernel", "bias")),
        "D": size("features of an input"),
        "H": size("units"),
        "reset_after": flag("reset_after, of the GRU", default="True"),
    },
    _keras_mistakes,
)
def keras_weight(a: Arguments) -> Shape:
    """(D, G · H), (H, G · H), (G · H,) or (2, G · H)."""
    return _keras(a, a["quantity"], BLOCKS[a["cell"]], _keras_biases(a))


# --- ONNX ----------------------------------------------------------------------------------------

#: P stands for the directions, G for blocks · H, B for both biases in a row.
_ONNX: Final[dict[str, tuple[str, ...]]] = {
    "X": ("T", "N", "D"),
    "W": ("P", "G", "D"),
    "R": ("P", "G", "H"),
    "B": ("P", "B"),
    "P": ("P", "3H"),
    "Y": ("T", "P", "N", "H"),
    "Y_h": ("P", "N", "H"),
    "initial_h": ("P", "N", "H"),
}
_BATCH_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "X": ("N", "T", "D"),
    "Y": ("N", "T", "P", "H"),
    "Y_h": ("N", "P", "H"),
    "initial_h": ("N", "P", "H"),
}


def _onnx_names(quantity: str, layout: int) -> tuple[str, ...]:
    return _BATCH_FIRST.get(quantity, _ONNX[quantity]) if layout else _ONNX[quantity]


def _onnx(a: Arguments, names: tuple[str, ...], blocks: int) -> Shape:
    H = a["H"]
    sizes = {**a, "P": directions_of(a), "G": blocks * H, "B": 2 * blocks * H, "3H": 3 * H}
    return Shape(sizes[name] for name in names)


def _onnx_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, blocks = a["quantity"], BLOCKS[a["cell"]]
    names = _onnx_names(quantity, a["layout"])
    right = _onnx(a, names, blocks)
    other = _onnx(a, _onnx_names(quantity, 1 - a["layout"]), blocks)
    if other != right:
        yield "axis-wrong", "other-layout", other
    without = _onnx(a, tuple(name for name in names if name != "P"), blocks)
    if "P" in names:
        yield "term-dropped", "no-axis-for-the-directions", without
    if quantity == "B":
        yield "bias-dropped", "one-bias-of-two", _onnx(a, ("P", "G"), blocks)
    if quantity == "P":
        yield "term-added", "four-peepholes", Shape((right[0], 4 * a["H"]))
    if "G" in names:
        turned = (names[0], names[2], names[1])
        if _onnx(a, turned, blocks) != right:
            yield "transpose-added", "turned", _onnx(a, turned, blocks)
        if blocks > 1:
            yield "factor-dropped", "one-block", _onnx(a, names, 1)
    if quantity == "Y" and directions_of(a) == 2:
        wide = (*right[:2], 2 * a["H"]) if a["layout"] else (right[0], right[2], 2 * a["H"])
        yield "shape-wrong", "directions-in-the-features", Shape(wide)


@COMPUTATIONS.add(
    "onnx.rnn_shape",
    "the shape of an input or output of ONNX's operators RNN, LSTM and GRU",
    "X (T, N, D), W (P, G · H, D), R (P, G · H, H), B (P, 2 · G · H), peepholes (P, 3H), "
    "Y (T, P, N, H), Y_h (P, N, H), P being the directions; ONNX operators, LSTM-22",
    {
        "cell": CELL,
        "quantity": choice("whose shape", tuple(_ONNX), default="Y"),
        "N": size("sequences in the batch", default=1),
        "T": size("time steps", default=1),
        "D": size("features of an input", default=1),
        "H": size("hidden_size"),
        "bidirectional": flag('whether direction is "bidirectional"'),
        "layout": Parameter("integer", "layout; 1 is batch first", minimum=0, maximum=1, default=0),
    },
    _onnx_mistakes,
)
def onnx_shape(a: Arguments) -> Shape:
    """(T, P, N, H) for Y under layout 0."""
    if a["quantity"] == "P" and a["cell"] != "LSTM":
        raise ArgumentError("quantity", "P, the peepholes, is there for an LSTM only")
    return _onnx(a, _onnx_names(a["quantity"], a["layout"]), BLOCKS[a["cell"]])
