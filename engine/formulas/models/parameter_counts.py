"""How many parameters a layer has: formulas in the sizes D (input), H (hidden), K (output).

The sizes are drawn numbers here, so that an equality holds for all of them. A gate, or a candidate,
has H (D + H) weights and one bias vector, in PyTorch two.
"""

from engine.formulas.construction import number, product, squared, total
from engine.formulas.models.static import SCALAR, Form, StaticModel
from engine.formulas.tree import Node, Power, Quotient, Symbol

_D, _H, _K, _d, _h = (Symbol(name) for name in ("D", "H", "K", "d", "h"))


def _gates(count: int, biases: int = 1) -> tuple[Form, ...]:
    """``count`` gates: written out, with the sizes together, and with the weights side by side."""
    bias: Node = _H if biases == 1 else product(number(biases), _H)
    inside = total(product(_H, _D), squared(_H), bias)
    inputs = total(_D, _H, number(biases))
    many = () if count == 1 else (number(count),)
    made: tuple[Node, ...] = (
        product(*many, inside),
        product(*many, _H, inputs),
        total(*(product(*many, part) for part in (product(_H, _D), squared(_H), bias))),
    )
    return tuple(Form(tree) for tree in dict.fromkeys(made))


_COUNTS: dict[str, tuple[Form, ...]] = {
    "n_rnn": _gates(1),
    "n_lstm": _gates(4),
    "n_lstm_two": _gates(4, 2),
    "n_gru": _gates(3),
    "n_gru_two": _gates(3, 2),
    "n_peephole": (
        Form(
            total(
                product(number(4), total(product(_H, _D), squared(_H), _H)), product(number(3), _H)
            )
        ),
    ),
    "n_birnn": tuple(Form(product(number(2), form.tree)) for form in _gates(1)),
    "n_output": (Form(total(product(_K, _H), _K)), Form(product(_K, total(_H, number(1))))),
    "n_attention": (
        Form(total(product(number(4), squared(_d)), product(number(4), _d))),
        Form(product(number(4), _d, total(_d, number(1)))),
        Form(product(number(4), total(Power(_d, number(2)), _d))),
    ),
    "d_k": (Form(Quotient(_d, _h)),),
}

MODEL = StaticModel(
    name="parameter_counts",
    sizes={},
    signals=dict.fromkeys(_COUNTS, SCALAR),
    equations={name: forms[0] for name, forms in _COUNTS.items()},
    scalars=dict.fromkeys(("D", "H", "K", "d", "h"), "positive"),
    answers={name: forms[1:] for name, forms in _COUNTS.items()},
)

MODELS = (MODEL,)
