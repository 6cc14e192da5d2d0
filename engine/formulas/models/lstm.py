"""The LSTM with a forget gate, in column vectors, with and without peepholes.

u_g = W_g x + U_g h^{t-1} + b_g for each block g: candidate a, input i, forget f, output o;
a = tanh(u_a), the gates are sigmoids; c = f ⊙ c^{t-1} + i ⊙ a, h = o ⊙ tanh(c).
(Gers, Schmidhuber, Cummins 2000; peepholes: Gers and Schmidhuber 2000, i and f see c^{t-1}, o sees
c^t. ``biases=two``: one bias with each weight, as cuDNN keeps them.)
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
from engine.formulas.models import Model, OutputLoss, Variant
from engine.formulas.tree import Node, Reduce

BLOCKS = ("a", "i", "f", "o")
GATES = ("i", "f", "o")


def loss_of_output(output: str, label: str) -> OutputLoss:
    """A smooth loss of which nothing is known but that it depends on the output."""
    distance = minus(signal(output), product(number(2), signal(label)))
    return OutputLoss("abstract", "identity", Reduce("sum", applied("loss", distance)))


def _pre_activation(block: str, peephole: bool, biases: int = 1) -> Node:
    terms: list[Node] = [
        product(parameter(f"W_{block}"), signal("x")),
        product(parameter(f"U_{block}"), signal("h", at(-1))),
    ]
    if peephole and block in GATES:
        cell = signal("c") if block == "o" else signal("c", at(-1))
        terms.append(hadamard(parameter(f"p_{block}"), cell))
    terms.append(parameter(f"b_{block}"))
    if biases == 2:
        terms.append(parameter(f"b2_{block}"))
    return total(*terms)


def _model(name: str, peephole: bool) -> Model:
    # The output gate comes last: with a peephole it looks at the new cell.
    before, after = ("a", "i", "f"), ("o",)
    equations: dict[str, Node] = {}
    for block in before:
        equations[f"u_{block}"] = _pre_activation(block, peephole)
        equations[block] = applied("tanh" if block == "a" else "sigmoid", signal(f"u_{block}"))
    equations["c"] = total(
        hadamard(signal("f"), signal("c", at(-1))), hadamard(signal("i"), signal("a"))
    )
    for block in after:
        equations[f"u_{block}"] = _pre_activation(block, peephole)
        equations[block] = applied("sigmoid", signal(f"u_{block}"))
    equations["h"] = hadamard(signal("o"), applied("tanh", signal("c")))
    parameters: dict[str, tuple[str, str]] = {}
    for block in BLOCKS:
        parameters |= {
            f"W_{block}": ("H", "D"),
            f"U_{block}": ("H", "H"),
            f"b_{block}": ("H", "1"),
        }
    if peephole:
        parameters |= {f"p_{block}": ("H", "1") for block in GATES}
    two = Variant(
        when=(("biases", "two"),),
        equations={f"u_{block}": _pre_activation(block, peephole, 2) for block in BLOCKS},
        parameters={f"b2_{block}": ("H", "1") for block in BLOCKS},
        biases=tuple(f"b2_{block}" for block in BLOCKS),
    )
    return Model(
        name=name,
        sizes=("D", "H"),
        signals={"x": "D", "d": "H"} | dict.fromkeys(equations, "H"),
        parameters=parameters,
        equations=equations,
        output="h",
        label="d",
        output_losses={"abstract": loss_of_output("h", "d")},
        adjoints={f"delta_{block}": f"u_{block}" for block in BLOCKS}
        | {f"grad_{name}": name for name in (*BLOCKS, "c", "h")},
        biases=tuple(f"b_{block}" for block in BLOCKS),
        variants=(two,),
    )


MODEL = _model("lstm", peephole=False)
PEEPHOLE = _model("lstm_peephole", peephole=True)
