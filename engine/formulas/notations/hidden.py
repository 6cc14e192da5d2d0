"""The h, W_xh, W_hh, W_hy notation (or U, W, V, as Goodfellow has it), column vectors."""

from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation, Quantity
from engine.formulas.notations.course import EPSILON, LOSS, SAMPLES

HIDDEN = Notation(
    name="hidden",
    layout="column",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x"),
        Quantity("u", "signal", "a", unicode="a", latex="a", also=(("u",),)),
        Quantity("z", "signal", "h", unicode="h", latex="h"),
        Quantity("v", "signal", "o", unicode="o", latex="o", also=(("v",),)),
        Quantity("y", "signal", "y", unicode="y", latex="y"),
        Quantity("d", "signal", "d", unicode="d", latex="d"),
        Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta"),
        Quantity("delta_out", "signal", "delta", "out", True, "δ", r"\delta"),
        Quantity("W_in", "parameter", "W", "xh", False, "W", "W", (("W", "hx"), ("U",))),
        Quantity("W", "parameter", "W", "hh", False, "W", "W", (("W",),)),
        Quantity("W_out", "parameter", "W", "hy", False, "W", "W", (("W", "yh"), ("V",))),
        Quantity("b", "parameter", "b", "h", False, "b", "b", (("b",),)),
        Quantity("c", "parameter", "b", "y", False, "b", "b", (("c",),)),
        EPSILON,
        SAMPLES,
        Quantity("E", "loss", "L", unicode="L", latex="L", also=(("E",), ("J",))),
    ),
    functions=(
        Function("f", "f", "f", ("phi",)),
        Function("g", "g", "g"),
        LOSS,
        *COMMON_FUNCTIONS,
    ),
)
