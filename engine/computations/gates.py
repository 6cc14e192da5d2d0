"""All gates by one product: which columns belong to which gate, and the shapes on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.bidirectional import BLOCKS, CELL
from engine.computations.common import choice, size
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape

COMPUTATIONS: Final = Registry()

# --- which columns -------------------------------------------------------------------------------

#: Layout → its blocks from left to right. The candidate is called g, c̃, n or h̃, or a in the course.
LAYOUTS: Final[dict[str, tuple[str, ...]]] = {
    "pytorch-lstm": ("input", "forget", "candidate", "output"),
    "keras-lstm": ("input", "forget", "candidate", "output"),
    "onnx-lstm": ("input", "output", "forget", "candidate"),
    "course-lstm": ("candidate", "input", "forget", "output"),
    "book-lstm": ("forget", "candidate", "input", "output"),
    "pytorch-gru": ("reset", "update", "candidate"),
    "keras-gru": ("update", "reset", "candidate"),
    "onnx-gru": ("update", "reset", "candidate"),
}
_PARTS: Final = ("input", "forget", "output", "candidate", "reset", "update")


def _columns(a: Arguments, layout: str) -> tuple[int, int]:
    start = LAYOUTS[layout].index(a["gate"]) * a["H"]
    return start, start + a["H"]


def _columns_mistakes(a: Arguments) -> Iterator[Mistake]:
    right, blocks = _columns(a, a["layout"]), len(LAYOUTS[a["layout"]])
    seen = {right}
    for other, parts in LAYOUTS.items():
        if a["gate"] not in parts or len(parts) != blocks:
            continue
        if (found := _columns(a, other)) not in seen:
            seen.add(found)
            yield "gate-roles-swapped", f"order-of-{other}", found
    yield "index-shifted", "stop-belongs-to-it", (right[0], right[1] - 1)
    if right[0]:
        yield "term-dropped", "width-for-stop", (right[0], a["H"])


@COMPUTATIONS.add(
    "gates.columns",
    "start and stop of a gate's columns where one product makes all gates",
    "A[:, start:stop] with blocks of H; i, f, g, o in PyTorch and Keras; i, o, f, c in ONNX; "
    "a, i, f, o in the course; f, g, i, o in Saito's Deep Learning from Scratch 2; "
    "GRU: r, z, n in PyTorch; z, r, h in Keras and ONNX",
    {
        "layout": choice("whose order", tuple(LAYOUTS)),
        "gate": choice("which block", _PARTS),
        "H": size("hidden units"),
    },
    _columns_mistakes,
)
def columns(a: Arguments) -> tuple[int, int]:
    """(block · H, (block + 1) · H)."""
    if a["gate"] not in LAYOUTS[a["layout"]]:
        raise ArgumentError("gate", f"{a['gate']} is no block of {a['layout']}")
    return _columns(a, a["layout"])


# --- shapes --------------------------------------------------------------------------------------

#: In row form; G stands for blocks · H.
_SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "A": ("N", "G"),
    "x": ("N", "D"),
    "h": ("N", "H"),
    "gate": ("N", "H"),
    "W": ("D", "G"),
    "U": ("H", "G"),
    "b": ("G",),
    "xs": ("N", "T", "D"),
    "hs": ("N", "T", "H"),
}


def _shape(a: Arguments, names: tuple[str, ...], blocks: int) -> Shape:
    return Shape(a["H"] * blocks if name == "G" else a[name] for name in names)


def _shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    names, blocks = _SHAPES[a["quantity"]], BLOCKS[a["cell"]]
    right = _shape(a, names, blocks)
    if "G" in names:
        if blocks > 1:
            yield "factor-dropped", "one-block", _shape(a, names, 1)
            yield "term-dropped", "candidate-left-out", _shape(a, names, blocks - 1)
    else:
        wide = tuple("G" if name == "H" else name for name in names)
        if wide != names and blocks > 1:
            yield "factor-added", "all-blocks", _shape(a, wide, blocks)
        elif wide == names:
            of_state = tuple("H" if name == "D" else name for name in names)
            yield "states-confused", "of-the-state", _shape(a, of_state, blocks)
    turned = Shape(reversed(right))
    if len(names) == 2 and turned != right:
        yield "transpose-added", "turned", turned
    if len(names) == 3:
        yield "axis-wrong", "time-in-front", Shape((right[1], right[0], right[2]))
        yield "sum-dropped", "one-step", Shape((right[0], right[2]))


@COMPUTATIONS.add(
    "gates.shape",
    "the shape of a quantity of a recurrent layer whose gates come from one product",
    "A = x W + h U + b in row form, all blocks side by side: A (N, 4H) for an LSTM, 3H for a GRU; "
    "a layer over time takes (N, T, D) and gives (N, T, H)",
    {
        "cell": CELL,
        "quantity": choice("whose shape", tuple(_SHAPES)),
        "N": size("sequences in the batch"),
        "D": size("features of an input"),
        "H": size("hidden units"),
        "T": size("time steps", default=1),
    },
    _shape_mistakes,
)
def shape(a: Arguments) -> Shape:
    """(N, blocks · H) for A, (N, H) for a gate."""
    return _shape(a, _SHAPES[a["quantity"]], BLOCKS[a["cell"]])
