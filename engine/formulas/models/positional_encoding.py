"""The sinusoidal positional encoding (Vaswani et al. 2017, section 3.5), counted from 0.

PE_{pos, 2i} = sin(pos / 10000^{2i/d}), PE_{pos, 2i+1} = cos(pos / 10000^{2i/d}): the exponent
counts pairs. The model computes sines and cosines apart; PE has them in turn.
"""

from engine.formulas.construction import applied, number, product
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import Node, Power, Quotient, Sum, Symbol

_pos, _i, _d = Symbol("pos"), Symbol("i"), Symbol("d")
_base = number(10000)
_exponent = Quotient(product(number(2), _i), _d)
_angles: tuple[Node, ...] = (
    Quotient(_pos, Power(_base, _exponent)),
    product(_pos, Power(_base, Sum((_exponent,), (-1,)))),
)


def _waves(function: str) -> tuple[Form, ...]:
    return tuple(Form(applied(function, angle), ("pos", "i")) for angle in _angles)


MODEL = StaticModel(
    name="positional_encoding",
    sizes={"n": 5, "d": 6, "p": 3},
    signals={"PE_sin": ("n", "p"), "PE_cos": ("n", "p")},
    equations={"PE_sin": _waves("sin")[0], "PE_cos": _waves("cos")[0]},
    interleaved={"PE": ("PE_sin", "PE_cos", "d")},
    answers={"PE_sin": _waves("sin")[1:], "PE_cos": _waves("cos")[1:]},
    first=0,
)

MODELS = (MODEL,)
