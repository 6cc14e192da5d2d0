"""Recurrent layers of PyTorch and Keras: the shapes of what they return, and their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.bidirectional import CELL, stacked_count
from engine.computations.common import choice, flag, size
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape

COMPUTATIONS: Final = Registry()

_TORCH: Final = "PyTorch, torch.nn.RNN, LSTM and GRU"
_KERAS: Final = "Keras, layers.SimpleRNN, LSTM and GRU"


def _on(a: Arguments, name: str) -> bool:
    return bool(a[name] == "True")


def directions_of(a: Arguments) -> int:
    """2 if ``bidirectional`` is on, else 1."""
    return 2 if _on(a, "bidirectional") else 1


_SIZES: Final = {
    "D": size("features of an input", default=1),
    "H": size("hidden units"),
    "N": size("sequences in the batch"),
    "T": size("time steps"),
}
_LAYERS: Final = size("layers", maximum=12, default=1)

# --- PyTorch -------------------------------------------------------------------------------------


def _torch_shape(
    a: Arguments, quantity: str, directions: int, layers: int, batch_first: bool
) -> Shape:
    N, T, H = a["N"], a["T"], a["H"]
    if quantity in ("h_n", "c_n"):
        # The state has the layers in front whatever batch_first says.
        return Shape((directions * layers, N, H))
    width = a["D"] if quantity == "input" else directions * H
    return Shape((N, T, width) if batch_first else (T, N, width))


def _torch_shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, directions, layers = a["quantity"], directions_of(a), a["num_layers"]
    batch_first = _on(a, "batch_first")
    right = _torch_shape(a, quantity, directions, layers, batch_first)
    if quantity in ("h_n", "c_n"):
        yield "axis-wrong", "batch-in-front", Shape((right[1], right[0], right[2]))
        yield (
            "states-confused",
            "output",
            _torch_shape(a, "output", directions, layers, batch_first),
        )
        if directions == 2:
            yield (
                "factor-dropped",
                "one-direction",
                _torch_shape(a, quantity, 1, layers, batch_first),
            )
            wide = Shape((layers, a["N"], 2 * a["H"]))
            yield "shape-wrong", "directions-in-the-features", wide
        if layers > 1:
            yield (
                "factor-dropped",
                "last-layer-only",
                _torch_shape(a, quantity, directions, 1, batch_first),
            )
        return
    yield (
        "axis-wrong",
        "other-batch-first",
        _torch_shape(a, quantity, directions, layers, not batch_first),
    )
    if quantity == "output":
        state = _torch_shape(a, "h_n", directions, layers, batch_first)
        yield "states-confused", "h_n", state
        if layers > 1:
            wide = layers * right[2]
            yield "factor-added", "features-of-all-layers", Shape((*right[:2], wide))
        if directions == 2:
            yield (
                "factor-dropped",
                "one-direction",
                _torch_shape(a, quantity, 1, layers, batch_first),
            )
        if a["D"] != right[2]:
            yield "wrong-parameter", "features-of-the-input", Shape((*right[:2], a["D"]))


@COMPUTATIONS.add(
    "torch.rnn_shape",
    "the shape of input, output, h_n or c_n of nn.RNN, nn.LSTM or nn.GRU",
    f"output (T, N, directions · H), or batch first; h_n (directions · layers, N, H); {_TORCH}",
    {
        "cell": CELL,
        "quantity": choice("whose shape", ("output", "h_n", "c_n", "input")),
        **_SIZES,
        "num_layers": _LAYERS,
        "bidirectional": flag("bidirectional"),
        "batch_first": flag("batch_first"),
    },
    _torch_shape_mistakes,
)
def torch_shape(a: Arguments) -> Shape:
    """(T, N, directions · H) for the output, (directions · layers, N, H) for the states."""
    if a["quantity"] == "c_n" and a["cell"] != "LSTM":
        raise ArgumentError("quantity", "c_n is there for an LSTM only")
    return _torch_shape(a, a["quantity"], directions_of(a), a["num_layers"], _on(a, "batch_first"))


def _torch_count(a: Arguments, biases: int, directions: int, upper: int | None = None) -> int:
    return stacked_count(
        a["cell"], a["D"], a["H"], a["num_layers"], directions, biases, upper=upper
    )


def _torch_count_mistakes(a: Arguments) -> Iterator[Mistake]:
    directions, H = directions_of(a), a["H"]
    biases = 2 if _on(a, "bias") else 0
    if biases:
        yield "bias-dropped", "one-bias-of-two", _torch_count(a, 1, directions)
        yield "bias-dropped", "no-biases", _torch_count(a, 0, directions)
    else:
        yield "term-added", "biases-counted", _torch_count(a, 2, directions)
    if directions == 2:
        yield "factor-dropped", "one-direction", _torch_count(a, biases, 1, upper=2 * H)
        if a["num_layers"] > 1:
            yield "shape-wrong", "upper-layers-of-input-H", _torch_count(a, biases, 2, upper=H)
    if a["num_layers"] > 1:
        yield "sum-dropped", "one-layer", _torch_count({**a, "num_layers": 1}, biases, directions)
        if a["D"] != directions * H:
            equal = _torch_count(a, biases, directions, upper=a["D"])
            yield "wrong-signal", "upper-layers-of-input-D", equal


@COMPUTATIONS.add(
    "torch.parameter_count",
    "parameters of nn.RNN, nn.LSTM or nn.GRU",
    f"two bias vectors a block, bias_ih and bias_hh; {_TORCH}",
    {
        "cell": CELL,
        "D": size("input_size"),
        "H": size("hidden_size"),
        "num_layers": _LAYERS,
        "bidirectional": flag("bidirectional"),
        "bias": flag("bias", default="True"),
    },
    _torch_count_mistakes,
)
def torch_count(a: Arguments) -> int:
    """directions · Σ over layers of blocks · (H · width + H² + 2H)."""
    return _torch_count(a, 2 if _on(a, "bias") else 0, directions_of(a))


# --- Keras ---------------------------------------------------------------------------------------


def _keras_shape(a: Arguments, sequences: bool, directions: int) -> Shape:
    N, T, width = a["N"], a["T"], directions * a["H"]
    return Shape((N, T, width) if sequences else (N, width))


def _keras_shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    directions = directions_of(a)
    sequences = _on(a, "return_sequences")
    if a["quantity"] == "state":
        yield "states-confused", "output-sequence", _keras_shape(a, True, directions)
        yield "shape-wrong", "layers-in-front", Shape((1, a["N"], a["H"]))
        if directions == 2:
            yield "factor-added", "both-directions", _keras_shape(a, False, 2)
        return
    yield "states-confused", "other-return-sequences", _keras_shape(a, not sequences, directions)
    if directions == 2:
        yield "factor-dropped", "one-direction", _keras_shape(a, sequences, 1)
    if sequences:
        turned = Shape((a["T"], a["N"], directions * a["H"]))
        yield "axis-wrong", "time-in-front", turned
    if a["D"] != directions * a["H"]:
        of_input = _keras_shape({**a, "H": a["D"]}, sequences, 1)
        yield "wrong-parameter", "features-of-the-input", of_input


@COMPUTATIONS.add(
    "keras.rnn_shape",
    "the shape of the output of a recurrent layer, or of one of its states",
    f"(N, T, H) with return_sequences, else (N, H); each state is (N, H); {_KERAS}, Bidirectional",
    {
        "quantity": choice("whose shape", ("output", "state")),
        **_SIZES,
        "return_sequences": flag("return_sequences"),
        "bidirectional": flag("whether the layer stands in Bidirectional(…), which concatenates"),
    },
    _keras_shape_mistakes,
)
def keras_shape(a: Arguments) -> Shape:
    """(N, T, H) or (N, H)."""
    if a["quantity"] == "state":
        return _keras_shape(a, False, 1)
    return _keras_shape(a, _on(a, "return_sequences"), directions_of(a))


_STATES: Final = {"RNN": 1, "GRU": 1, "LSTM": 2}


def _returned(a: Arguments, states: int) -> int:
    return 1 + (states * directions_of(a) if _on(a, "return_state") else 0)


def _returned_mistakes(a: Arguments) -> Iterator[Mistake]:
    if not _on(a, "return_state"):
        yield "term-added", "states-returned", _returned({**a, "return_state": "True"}, 1)
        return
    states, directions = _STATES[a["cell"]], directions_of(a)
    other = ("h-only", 1) if states == 2 else ("a-cell-too", 2)
    found = [("states-confused", other[0], _returned(a, other[1]))]
    found.append(("term-dropped", "output-left-out", states * directions))
    if directions == 2:
        found.insert(0, ("factor-dropped", "one-direction", 1 + states))
    # The numbers are so small that two mistakes meet: the value is then named by the first.
    seen = set()
    for code, note, value in found:
        if value not in seen:
            seen.add(value)
            yield code, note, value


@COMPUTATIONS.add(
    "keras.returned_count",
    "how many arrays a recurrent layer returns",
    f"the output; with return_state also h, and c of an LSTM, for each direction; {_KERAS}",
    {
        "cell": CELL,
        "return_state": flag("return_state"),
        "bidirectional": flag("whether the layer stands in Bidirectional(…)"),
    },
    _returned_mistakes,
)
def returned_count(a: Arguments) -> int:
    """1, or 1 + directions · states."""
    return _returned(a, _STATES[a["cell"]])


def _keras_biases(a: Arguments) -> int:
    if not _on(a, "use_bias"):
        return 0
    return 2 if a["cell"] == "GRU" and _on(a, "reset_after") else 1


def _keras_count(a: Arguments, biases: int, directions: int) -> int:
    return stacked_count(a["cell"], a["D"], a["H"], 1, directions, biases)


def _keras_count_mistakes(a: Arguments) -> Iterator[Mistake]:
    directions, biases = directions_of(a), _keras_biases(a)
    if biases:
        yield "bias-dropped", "no-biases", _keras_count(a, 0, directions)
    else:
        yield "term-added", "biases-counted", _keras_count(a, 1, directions)
    if biases == 2:
        yield "bias-dropped", "one-bias-of-two", _keras_count(a, 1, directions)
    elif biases == 1:
        yield "factor-added", "two-biases-as-in-pytorch", _keras_count(a, 2, directions)
    if directions == 2:
        yield "factor-dropped", "one-direction", _keras_count(a, biases, 1)
    squares = directions * stacked_count(a["cell"], a["D"], a["H"], 1, 1, biases) - (
        _keras_count({**a, "D": 0}, biases, directions)
    )
    yield "recurrent-path-dropped", "input-matrices-only", squares


@COMPUTATIONS.add(
    "keras.parameter_count",
    "parameters of a SimpleRNN, LSTM or GRU layer",
    f"one bias vector a block; the GRU has two with reset_after=True, its default; {_KERAS}",
    {
        "cell": CELL,
        "D": size("features of an input"),
        "H": size("units"),
        "use_bias": flag("use_bias", default="True"),
        "reset_after": flag("reset_after, of the GRU", default="True"),
        "bidirectional": flag("whether the layer stands in Bidirectional(…)"),
    },
    _keras_count_mistakes,
)
def keras_count(a: Arguments) -> int:
    """directions · blocks · (HD + H² + biases · H)."""
    return _keras_count(a, _keras_biases(a), directions_of(a))
