"""PyTorch's documentation of the simple RNN: two biases, W_ih and W_hh; rows times transposes.

tanh(x_t W_ih^T + b_ih + h_{t-1} W_hh^T + b_hh): the weights are stored as for columns. The two
biases add to one; each by itself is half of it, so that one of them is never taken for both.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.construction import half, parameter, transposed
from engine.formulas.notations import COMMON_FUNCTIONS, Notation
from engine.formulas.notations.course import EPSILON, SAMPLES
from engine.formulas.notations.gates import quantity, signals
from engine.formulas.tree import Node

_BIASES: Mapping[str, Node] = {"b_input": half(parameter("b")), "b_hidden": half(parameter("b"))}
_WEIGHTS = ("W_in", "W", "W_out")
_TURNED: Mapping[str, Node] = {name: transposed(parameter(name)) for name in _WEIGHTS}


def _notation(name: str, layout: str, meanings: Mapping[str, Node]) -> Notation:
    return Notation(
        name=name,
        layout=layout,
        quantities=(
            *signals({"x": "x X", "u": "a", "z": "h H", "v": "o", "y": "y", "d": "d"}),
            quantity("W_in", "parameter", "W_ih"),
            quantity("W", "parameter", "W_hh"),
            quantity("W_out", "parameter", "W_ho"),
            quantity("b_input", "parameter", "b_ih"),
            quantity("b_hidden", "parameter", "b_hh"),
            quantity("b", "parameter", "b_h b"),
            quantity("c", "parameter", "b_y b_o"),
            EPSILON,
            SAMPLES,
            quantity("E", "loss", "L E J"),
        ),
        functions=COMMON_FUNCTIONS,
        strict=layout == "row",
        meanings=meanings,
        independent=layout == "row",
        # W_hh alone is anyone's: only beside these is it known how it is stored.
        needs=frozenset({"W_in", "b_input", "b_hidden"}),
    )


PYTORCH = _notation("pytorch", "column", _BIASES)
PYTORCH_ROWS = _notation("pytorch-rows", "row", {**_BIASES, **_TURNED})
