"""The GRU in column vectors, in its four usual variants.

r = sigma(W_r x + U_r h^{t-1} + b_r), z = sigma(W_z x + U_z h^{t-1} + b_z), candidate g = tanh(u_g).
``reset``: before the matrix product, u_g = W_g x + U_g (r ⊙ h^{t-1}) + b_g (Cho et al. 2014), or
after it, u_g = W_g x + r ⊙ (U_g h^{t-1}) + b_g (cuDNN, PyTorch; with ``biases=two`` there is one
inside the bracket). ``z``: ``z-takes-new``, h = (1 - z) ⊙ h^{t-1} + z ⊙ g (Chung et al. 2014), or
``z-keeps-old``, h = z ⊙ h^{t-1} + (1 - z) ⊙ g (Cho et al. 2014, PyTorch, Keras).
"""

from engine.formulas.construction import (
    applied,
    at,
    hadamard,
    minus,
    number,
    parameter,
    product,
    signal,
    total,
)
from engine.formulas.models import Model, Variant
from engine.formulas.models.lstm import loss_of_output
from engine.formulas.tree import Node

BLOCKS = ("r", "z", "g")
_PAST = signal("h", at(-1))


def _pre_activation(block: str, biases: int = 1, reset: str = "before") -> Node:
    weight, own = parameter(f"U_{block}"), parameter(f"b_{block}")
    second: list[Node] = [parameter(f"b2_{block}")] if biases == 2 else []
    past = product(weight, _PAST)
    if block == "g" and reset == "before":
        past = product(weight, hadamard(signal("r"), _PAST))
    elif block == "g":
        # The second bias stands with the weight of the past, and so is gated too.
        return total(
            product(parameter("W_g"), signal("x")), hadamard(signal("r"), total(past, *second)), own
        )
    return total(product(parameter(f"W_{block}"), signal("x")), past, own, *second)


def _state(z: str) -> Node:
    share: Node = signal("z")
    rest: Node = minus(number(1), share)
    keep, take = (share, rest) if z == "z-keeps-old" else (rest, share)
    return total(hadamard(keep, _PAST), hadamard(take, signal("g")))


def _equations() -> dict[str, Node]:
    made: dict[str, Node] = {}
    for block in BLOCKS:
        made[f"u_{block}"] = _pre_activation(block)
        made[block] = applied("tanh" if block == "g" else "sigmoid", signal(f"u_{block}"))
    made["h"] = _state("z-takes-new")
    return made


_EQUATIONS = _equations()
_SECOND = tuple(f"b2_{block}" for block in BLOCKS)

MODEL = Model(
    name="gru",
    sizes=("D", "H"),
    signals={"x": "D", "d": "H"} | dict.fromkeys(_EQUATIONS, "H"),
    parameters={
        name: shape
        for block in BLOCKS
        for name, shape in (
            (f"W_{block}", ("H", "D")),
            (f"U_{block}", ("H", "H")),
            (f"b_{block}", ("H", "1")),
        )
    },
    equations=_EQUATIONS,
    output="h",
    label="d",
    output_losses={"abstract": loss_of_output("h", "d")},
    adjoints={f"delta_{block}": f"u_{block}" for block in BLOCKS}
    | {f"grad_{name}": name for name in (*BLOCKS, "h")},
    biases=tuple(f"b_{block}" for block in BLOCKS),
    variants=(
        Variant((("z", "z-keeps-old"),), {"h": _state("z-keeps-old")}),
        Variant((("reset", "after"),), {"u_g": _pre_activation("g", reset="after")}),
        Variant(
            (("biases", "two"),),
            {f"u_{block}": _pre_activation(block, 2) for block in BLOCKS},
            dict.fromkeys(_SECOND, ("H", "1")),
            _SECOND,
        ),
        Variant((("biases", "two"), ("reset", "after")), {"u_g": _pre_activation("g", 2, "after")}),
    ),
)
