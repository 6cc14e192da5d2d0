"""The course's notation for the simple RNN: u, z, v, y, W_(in), W, W_(out), b, c, ε, T_t.

Column vectors, the time step as a superscript, the update number as a superscript of a parameter.
"""

from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation, Quantity

EPSILON = Quantity(
    "eps",
    "scalar",
    "eps",
    unicode="ε",
    latex=r"\epsilon",
    also=(("epsilon",), ("eta",), ("lr",), ("learning", "rate")),
)

#: The number of samples of a batch.
SAMPLES = Quantity("N", "scalar", "N", unicode="N", latex="N")

#: A loss that is not said: loss(y, d).
LOSS = Function("loss", "loss", r"\mathrm{loss}")

COURSE = Notation(
    name="course",
    layout="column",
    quantities=(
        Quantity("x", "signal", "x", unicode="x", latex="x", also=(("X",),)),
        Quantity("u", "signal", "u", unicode="u", latex="u"),
        Quantity("z", "signal", "z", unicode="z", latex="z", also=(("S",),)),
        Quantity("v", "signal", "v", unicode="v", latex="v"),
        Quantity("y", "signal", "y", unicode="y", latex="y"),
        Quantity("d", "signal", "d", unicode="d", latex="d"),
        Quantity("delta", "signal", "delta", unicode="δ", latex=r"\delta"),
        Quantity("delta_out", "signal", "delta", "out", True, "δ", r"\delta"),
        Quantity("W_in", "parameter", "W", "in", False, "W", "W", (("w", "in"),)),
        Quantity("W", "parameter", "W", unicode="W", latex="W", also=(("w",),)),
        Quantity("W_out", "parameter", "W", "out", False, "W", "W", (("w", "out"),)),
        Quantity("b", "parameter", "b", unicode="b", latex="b"),
        Quantity("c", "parameter", "c", unicode="c", latex="c"),
        EPSILON,
        SAMPLES,
        Quantity("E", "loss", "E", unicode="E", latex="E", also=(("L",), ("J",))),
    ),
    functions=(Function("f", "f", "f"), Function("g", "g", "g"), LOSS, *COMMON_FUNCTIONS),
)
