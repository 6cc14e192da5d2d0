"""The states of both directions of a bidirectional RNN side by side, as a program stores them.

The net that reads backwards makes its states in the order of its own steps: b_1 belongs to x_T.
Before they are joined they are put in the order of time, r_t = b_{T+1-t} (Schuster and Paliwal
1997).
"""

from engine.formulas.models.attention import at
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import Index, Stack, Symbol

_from_the_end = Symbol("b", time=Index.of(1, T=1, t=-1))

MODEL = StaticModel(
    name="joined_states",
    sizes={"T": 4, "H": 3, "H+H": 6},
    signals={"f": ("T", "H"), "b": ("T", "H"), "r": ("T", "H"), "h": ("T", "H+H")},
    equations={
        "r": Form(_from_the_end, ("t",)),
        "h": Form(Stack((at("f"), at("r")), "columns")),
    },
    asked=("r", "h"),
    answers={"h": (Form(Stack((at("f", "t"), at("r", "t")), "rows"), ("t",)),)},
)

MODELS = (MODEL,)
