"""Row vectors and capital letters, as in Dive into Deep Learning.

H_t = φ(X_t W_xh + H_{t-1} W_hh + b_h), O_t = H_t W_hq + b_q.
"""

from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation, Quantity
from engine.formulas.notations.course import EPSILON, SAMPLES

ROW = Notation(
    name="row",
    layout="row",
    quantities=(
        Quantity("x", "signal", "X", unicode="X", latex="X", also=(("x",),)),
        Quantity("z", "signal", "H", unicode="H", latex="H", also=(("h",),)),
        Quantity("v", "signal", "O", unicode="O", latex="O", also=(("o",),)),
        Quantity("y", "signal", "Y", unicode="Y", latex="Y", also=(("y",),)),
        Quantity("u", "signal", "u", unicode="u", latex="u", also=(("U",),)),
        Quantity("d", "signal", "d", unicode="d", latex="d", also=(("D",),)),
        Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta"),
        Quantity("delta_out", "signal", "delta", "out", True, "δ", r"\delta"),
        Quantity("W_in", "parameter", "W", "xh", False, "W", "W", (("W", "hx"),)),
        Quantity("W", "parameter", "W", "hh", False, "W", "W"),
        Quantity("W_out", "parameter", "W", "hq", False, "W", "W", (("W", "qh"), ("W", "hy"))),
        Quantity("b", "parameter", "b", "h", False, "b", "b"),
        Quantity("c", "parameter", "b", "q", False, "b", "b", (("b", "y"),)),
        EPSILON,
        SAMPLES,
        Quantity("E", "loss", "L", unicode="L", latex="L", also=(("E",),)),
    ),
    functions=(
        Function("f", "φ", r"\phi", ("phi", "f")),
        Function("g", "g", "g"),
        *COMMON_FUNCTIONS,
    ),
)
