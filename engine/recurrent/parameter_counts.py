"""How many numbers a recurrent layer has to learn, by every convention in use.

A gate (or the candidate, or the only part of a simple RNN) sees the input and the old state, so it
has a matrix of D·H, one of H·H, and one bias or two::

    G · (H·D + H·H + biases·H)        G = 1 simple RNN, 3 GRU, 4 LSTM

* one bias: the equations, the course, Keras (but for its GRU), 80,400 for an LSTM of D = H = 100;
* two biases: PyTorch; Keras's GRU with ``reset_after=True``. Where both are only added, the second
  adds nothing that could be learnt. In a GRU with reset after the product one of three does: the
  layer here has 3(HD + H² + H) + H, with b_u only;
* peepholes: each of three gates sees the cell, through a vector (3H, as in this package and in
  ONNX) or, in some texts, through a whole matrix (3H²).

A bidirectional layer has two of everything; a layer on top of it has 2H inputs. The length of the
sequences and the size of the batch play no part.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["RNN", "LSTM", "GRU"]
Peepholes: TypeAlias = Literal["none", "diagonal", "full"]

#: How many parts with weights of their own there are.
PARTS: Final[Mapping[str, int]] = MappingProxyType({"RNN": 1, "GRU": 3, "LSTM": 4})


def layer_count(
    kind: Kind, D: int, H: int, *, biases: int = 1, peepholes: Peepholes = "none"
) -> int:
    """G(HD + H² + biases·H), with peepholes 3H or 3H² more; one layer, one direction.

    Raises ValueError for another kind, sizes below 1, other than 0 to 2 biases, and peepholes
    outside an LSTM.
    """
    if kind not in PARTS:
        raise ValueError(f"kind is one of {', '.join(PARTS)}; it is {kind!r}")
    if peepholes not in get_args(Peepholes):
        raise ValueError(f"peepholes is one of {get_args(Peepholes)}; it is {peepholes!r}")
    if D < 1 or H < 1 or not 0 <= biases <= 2:
        raise ValueError(f"D ≥ 1, H ≥ 1 and 0, 1 or 2 biases; given {D}, {H}, {biases}")
    if peepholes != "none" and kind != "LSTM":
        raise ValueError(f"peepholes look at a cell; a {kind} has none")
    seen = {"none": 0, "diagonal": 3 * H, "full": 3 * H * H}[peepholes]
    return PARTS[kind] * (H * D + H * H + biases * H) + seen


def count(
    kind: Kind,
    D: int,
    H: int,
    *,
    layers: int = 1,
    directions: int = 1,
    biases: int = 1,
    peepholes: Peepholes = "none",
) -> int:
    """The sum over a stack: layer 1 has D inputs, each further one directions·H.

    Raises ValueError as ``layer_count`` does, and for fewer than one layer or other than 1 or 2
    directions.
    """
    if layers < 1 or directions not in {1, 2}:
        raise ValueError(f"layers ≥ 1 and 1 or 2 directions; given {layers}, {directions}")
    widths = [D] + [directions * H] * (layers - 1)
    return directions * sum(
        layer_count(kind, width, H, biases=biases, peepholes=peepholes) for width in widths
    )
