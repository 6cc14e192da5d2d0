"""Notations that sources of their own keep: ŷ for the output, W_ax, names written together.

Goodfellow et al. (2016, chapter 10) write ŷ for the output and y for the target; Ng's course
W_ax, W_aa, W_ya and the state a; the course CS231n Wxh, Whh, Why with y before the softmax; Saito's
second book Wx, Wh for rows.
"""

from __future__ import annotations

from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation, Quantity
from engine.formulas.notations.course import EPSILON, SAMPLES

_F = Function("f", "f", "f", ("phi",))
_G = Function("g", "g", "g")
_DELTAS = (
    Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta"),
    Quantity("delta_out", "signal", "delta", "out", True, "δ", r"\delta"),
)
_LOSS = Quantity("E", "loss", "L", unicode="L", latex="L", also=(("E",), ("J",)))
_HAT = Quantity(
    "y",
    "signal",
    "yhat",
    unicode="ŷ",
    latex=r"\hat{y}",
    also=(("y", "hat"), ("y", "pred"), ("yt", "pred")),
)
_TARGET = Quantity("d", "signal", "y", unicode="y", latex="y", also=(("d",),))

HATTED = Notation(
    name="goodfellow",
    layout="column",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x"),
        Quantity("u", "signal", "a", unicode="a", latex="a", also=(("u",),)),
        Quantity("z", "signal", "h", unicode="h", latex="h"),
        Quantity("v", "signal", "o", unicode="o", latex="o", also=(("v",),)),
        _HAT,
        _TARGET,
        *_DELTAS,
        Quantity(
            "W_in", "parameter", "U", unicode="U", latex="U",
            also=(("W", "xh"), ("W", "hx"), ("W", "in")),
        ),
        Quantity("W", "parameter", "W", unicode="W", latex="W", also=(("W", "hh"),)),
        Quantity(
            "W_out", "parameter", "V", unicode="V", latex="V",
            also=(("W", "hy"), ("W", "yh"), ("W", "out")),
        ),
        Quantity("b", "parameter", "b", unicode="b", latex="b", also=(("b", "h"),)),
        Quantity("c", "parameter", "c", unicode="c", latex="c", also=(("b", "y"),)),
        EPSILON,
        SAMPLES,
        _LOSS,
    ),
    functions=(_F, _G, *COMMON_FUNCTIONS),
)  # fmt: skip

# Without f and g: there g is the function of the state as well as that of the output.
COURSERA = Notation(
    name="coursera",
    layout="column",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x", also=(("xt",),)),
        Quantity("z", "signal", "a", unicode="a", latex="a", also=(("a", "next"),)),
        Quantity("u", "signal", "u", unicode="u", latex="u"),
        _HAT,
        _TARGET,
        Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta", also=(("dtanh",),)),
        _DELTAS[1],
        Quantity("W_in", "parameter", "W", "ax", False, "W", "W", (("Wax",),)),
        Quantity("W", "parameter", "W", "aa", False, "W", "W", (("Waa",),)),
        Quantity("W_out", "parameter", "W", "ya", False, "W", "W", (("Wya",),)),
        Quantity("b", "parameter", "b", "a", False, "b", "b", (("ba",),)),
        Quantity("c", "parameter", "b", "y", False, "b", "b", (("by",),)),
        EPSILON,
        SAMPLES,
        _LOSS,
    ),
    functions=COMMON_FUNCTIONS,
    strict=True,
)

CS231N = Notation(
    name="cs231n",
    layout="column",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x", also=(("xs",),)),
        Quantity("z", "signal", "h", unicode="h", latex="h", also=(("hs",),)),
        Quantity("v", "signal", "y", unicode="y", latex="y", also=(("ys",),)),
        Quantity("y", "signal", "p", unicode="p", latex="p", also=(("ps",),)),
        Quantity("u", "signal", "u", unicode="u", latex="u"),
        Quantity(
            "delta",
            "signal",
            "delta",
            unicode="δ",
            latex=r"\delta",
            also=(("dhraw",), ("dh", "raw")),
        ),
        Quantity("delta_out", "signal", "delta", "out", True, "δ", r"\delta"),
        Quantity("W_in", "parameter", "Wxh", unicode="Wxh", latex="Wxh", also=(("W", "xh"),)),
        Quantity("W", "parameter", "Whh", unicode="Whh", latex="Whh", also=(("W", "hh"),)),
        Quantity("W_out", "parameter", "Why", unicode="Why", latex="Why", also=(("W", "hy"),)),
        Quantity("b", "parameter", "bh", unicode="bh", latex="bh", also=(("b", "h"),)),
        Quantity("c", "parameter", "by", unicode="by", latex="by", also=(("b", "y"),)),
        EPSILON,
        SAMPLES,
        _LOSS,
    ),
    functions=COMMON_FUNCTIONS,
    strict=True,
)

SCRATCH = Notation(
    name="scratch",
    layout="row",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x", also=(("X",),)),
        Quantity("z", "signal", "h", unicode="h", latex="h", also=(("H",), ("h", "next"))),
        Quantity("u", "signal", "u", unicode="u", latex="u"),
        Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta", also=(("dt",),)),
        Quantity("W_in", "parameter", "W", "x", False, "W", "W", (("Wx",),)),
        Quantity("W", "parameter", "W", "h", False, "W", "W", (("Wh",),)),
        Quantity("b", "parameter", "b", unicode="b", latex="b"),
        EPSILON,
        SAMPLES,
        _LOSS,
    ),
    functions=(_F, *COMMON_FUNCTIONS),
    strict=True,
)
