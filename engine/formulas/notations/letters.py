"""The simple RNN in the letters of lecture notes: h for the state, and z, s or y for the rest.

What is summed before the activation is z (or s) here, the logits there; y is the label, or the
output before its softmax. One table could not tell them apart, so each is a notation of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation
from engine.formulas.notations.course import EPSILON, SAMPLES
from engine.formulas.notations.gates import quantity, signals

# Without a label W is the course's, whose z is the state.
_WEIGHTS = (
    quantity("W_in", "parameter", "W_xh W_hx W_ih W_x"),
    quantity("W", "parameter", "W_hh W_h"),
    quantity("W_out", "parameter", "W_hy W_yh W_ho W_oh W_hq W_o W_y"),
    quantity("b", "parameter", "b_h b_hh"),
    quantity("c", "parameter", "b_y b_o b_q"),
)
_FUNCTIONS = (Function("f", "f", "f", ("phi",)), Function("g", "g", "g"), *COMMON_FUNCTIONS)


def _notation(
    name: str,
    table: Mapping[str, str],
    *,
    needs: frozenset[str] = frozenset(),
    independent: bool = False,
) -> Notation:
    return Notation(
        name=name,
        layout="column",
        quantities=(
            *signals({"x": "x X", "z": "h H", **table}),
            *_WEIGHTS,
            EPSILON,
            SAMPLES,
            quantity("E", "loss", "L E J l C"),
        ),
        functions=_FUNCTIONS,
        needs=needs,
        independent=independent,
    )


#: z (s, net) before the activation of the state.
BEFORE_ACTIVATION = _notation(
    "before-activation",
    {
        "u": "z s net a",
        "v": "o",
        "y": "yhat p",
        "d": "y",
        "delta": "delta delta_z delta_a delta_s",
        "delta_out": "delta_o delta_y delta_out",
    },
    needs=frozenset({"u", "delta"}),
)
#: δ_h and δ_z are the gradients of what they name.
ERRORS = _notation(
    "errors",
    {
        "u": "z s net a",
        "v": "o",
        "y": "yhat p",
        "d": "y",
        "delta": "delta_z delta_a delta_s",
        "delta_out": "delta_o delta_y",
        "grad_z": "delta_h",
    },
    needs=frozenset({"delta"}),
)
#: z for the logits.
LOGITS = _notation(
    "logits",
    {
        "u": "a",
        "v": "z o",
        "y": "yhat p",
        "d": "y",
        "delta": "delta delta_h delta_a",
        "delta_out": "delta_z delta_y delta_o delta_out",
    },
    independent=True,
)
#: y for the output before its softmax, if there is any.
LINEAR_OUTPUT = _notation(
    "linear-output",
    {
        "u": "z a",
        "v": "y",
        "y": "p",
        "d": "d",
        "delta": "delta delta_z delta_a",
        "delta_out": "delta_y delta_o delta_out",
        "grad_z": "delta_h",
    },
    needs=frozenset({"v", "delta_out"}),
    independent=True,
)
#: s for the state, z for the logits, o for what the softmax makes of them (Britz 2015).
S_STATE = Notation(
    name="s-state",
    layout="column",
    quantities=(
        *signals({"x": "x", "u": "a u", "z": "s", "v": "z", "y": "yhat o", "d": "y"}),
        *signals({"delta": "delta", "delta_out": "delta_z delta_o"}),
        quantity("W_in", "parameter", "U"),
        quantity("W", "parameter", "W"),
        quantity("W_out", "parameter", "V"),
        quantity("b", "parameter", "b"),
        quantity("c", "parameter", "c"),
        EPSILON,
        SAMPLES,
        quantity("E", "loss", "E L J"),
    ),
    functions=_FUNCTIONS,
    needs=frozenset({"x", "W", "d", "delta", "delta_out"}),
)

LETTERS = (BEFORE_ACTIVATION, ERRORS, LOGITS, S_STATE)
