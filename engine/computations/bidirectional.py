"""Layers in both directions and on top of each other: widths, counts, what a state has seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.common import at_most, choice, size, wanted
from engine.computations.registry import Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

#: Parts with weights of their own.
BLOCKS: Final = {"RNN": 1, "GRU": 3, "LSTM": 4}
_SOURCE: Final = "Schuster, Paliwal (1997)"


def stacked_count(
    cell: str, D: int, H: int, layers: int, directions: int, biases: int, upper: int | None = None
) -> int:
    """Parameters of a stack; every layer but the first has ``upper`` inputs, all directions · H."""
    upper = directions * H if upper is None else upper
    widths = [D] + [upper] * (layers - 1)
    return directions * sum(BLOCKS[cell] * (H * width + H * H + biases * H) for width in widths)


def _count(a: Arguments, **but: int | None) -> int:
    sizes = {name: a[name] for name in ("D", "H", "layers", "directions", "biases")}
    return stacked_count(a["cell"], **{**sizes, **but})


def _count_mistakes(a: Arguments) -> Iterator[Mistake]:
    D, H, layers, directions, biases = (
        a[name] for name in ("D", "H", "layers", "directions", "biases")
    )
    if directions == 2:
        one = sum(
            stacked_count(a["cell"], width, H, 1, 1, biases)
            for width in [D] + [2 * H] * (layers - 1)
        )
        yield "factor-dropped", "one-direction", one
        if layers > 1:
            yield "shape-wrong", "upper-layers-of-input-H", _count(a, upper=H)
            yield "sum-shortened", "one-layer", _count(a, layers=1)
    if layers > 1 and directions * H != D:
        yield "wrong-signal", "upper-layers-of-input-D", _count(a, upper=D)
    if layers > 1 and directions == 1:
        yield "factor-dropped", "one-layer", _count(a, layers=1)
    if biases:
        yield "bias-dropped", "no-biases", _count(a, biases=0)
    else:
        yield "term-added", "biases-counted", _count(a, biases=1)
    if biases == 2:
        yield "bias-dropped", "one-bias-of-two", _count(a, biases=1)
    yield (
        "recurrent-path-dropped",
        "no-recurrent-matrices",
        _count(a) - (directions * layers * BLOCKS[a["cell"]] * H * H),
    )


CELL: Final = choice("kind of layer", tuple(BLOCKS), default="LSTM")
BIASES: Final = Parameter(
    "integer", "bias vectors a block: 2 in PyTorch", minimum=0, maximum=2, default=1
)


@COMPUTATIONS.add(
    "bidirectional.parameter_count",
    "parameters of recurrent layers, stacked and in both directions",
    f"two of everything; a layer above a bidirectional one has 2H inputs; {_SOURCE}",
    {
        "cell": CELL,
        "D": size("inputs"),
        "H": size("hidden units of each direction"),
        "layers": size("layers", maximum=12, default=1),
        "directions": size("1 or 2", maximum=2, default=2),
        "biases": BIASES,
    },
    _count_mistakes,
)
def parameter_count(a: Arguments) -> int:
    """directions · Σ over layers of blocks · (H · width + H² + biases · H)."""
    return _count(a)


# --- shapes --------------------------------------------------------------------------------------


def _shape(a: Arguments, width: int, transposed: bool = False) -> Shape:
    if a["quantity"] == "h":
        return Shape((width,))
    if a["quantity"] == "sequence":
        sizes = (a["T"], width, a["N"]) if transposed else (a["N"], a["T"], width)
        return Shape(sizes)
    K = wanted(a, "K", "V")
    return Shape((width, K) if transposed else (K, width))


def _width(a: Arguments) -> int:
    return int(a["H"] * (2 if a["merge"] == "concatenate" else 1))


def _shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    other = a["H"] if a["merge"] == "concatenate" else 2 * a["H"]
    note = "one-direction" if a["merge"] == "concatenate" else "side-by-side"
    yield "shape-wrong", note, _shape(a, other)
    if a["quantity"] == "V" and a["K"] != _width(a):
        yield "transpose-added", "turned", _shape(a, _width(a), transposed=True)
    if a["quantity"] == "sequence" and a["merge"] == "concatenate":
        yield "axis-wrong", "along-time", Shape((a["N"], 2 * a["T"], a["H"]))
        yield "factor-added", "along-the-batch", Shape((2 * a["N"], a["T"], a["H"]))


@COMPUTATIONS.add(
    "bidirectional.shape",
    "the shape of a state, of the states of a batch, or of the output weights V",
    f"y_t = g(V [h_f; h_b] + c): the states side by side, V (K × 2H); {_SOURCE}",
    {
        "quantity": choice("whose shape", ("sequence", "h", "V")),
        "merge": choice("how both directions meet", ("concatenate", "sum")),
        "H": size("hidden units of each direction"),
        "N": size("sequences in the batch", default=1),
        "T": size("their length", default=1),
        "K": size("outputs; needed for V", default=None),
    },
    _shape_mistakes,
)
def shape(a: Arguments) -> Shape:
    """(N, T, 2H), (2H,) or (K, 2H)."""
    return _shape(a, _width(a))


# --- what a state has seen -----------------------------------------------------------------------


def _seen(a: Arguments, direction: str) -> int:
    T, t = a["T"], a["t"]
    return int({"forward": t, "backward": T - t + 1, "both": T}[direction])


def _seen_mistakes(a: Arguments) -> Iterator[Mistake]:
    direction = a["direction"]
    if direction == "both":
        yield "recurrent-path-dropped", "forward-only", _seen(a, "forward")
        yield "sum-added", "step-t-twice", a["T"] + 1
        return
    other = "backward" if direction == "forward" else "forward"
    yield "states-confused", "other-direction", _seen(a, other)
    yield "sum-lengthened", "whole-sequence", a["T"]
    yield "index-shifted", "own-step-left-out", _seen(a, direction) - 1


@COMPUTATIONS.add(
    "bidirectional.seen_inputs",
    "how many inputs a state or output at step t depends on",
    f"the forward state has seen x¹ … xᵗ, the backward one xᵗ … x^T, the output all; {_SOURCE}",
    {
        "T": size("length of the sequence"),
        "t": size("the step, from 1"),
        "direction": choice("which part", ("both", "forward", "backward")),
    },
    _seen_mistakes,
)
def seen_inputs(a: Arguments) -> int:
    """T, t or T − t + 1."""
    at_most(a, "t", a["T"])
    return _seen(a, a["direction"])
