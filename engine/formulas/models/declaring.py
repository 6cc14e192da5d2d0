"""A cell from its forward equations as text: ``cell("mgu", "f^t = ...", ..., "h^t = ...")``.

What carries a step is a signal; the rest are parameters: matrices in capitals, biases in small
letters. A matrix is as wide as what it is multiplied with. The last equation makes the output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.formulas.construction import applied, signal
from engine.formulas.models import Model
from engine.formulas.models.lstm import loss_of_output
from engine.formulas.notations import COMMON_FUNCTIONS, Notation, Quantity
from engine.formulas.reading import read_in
from engine.formulas.tree import Apply, Node, Product, Symbol, walk

_NAME = re.compile(r"([A-Za-z]+(?:_[A-Za-z]+)?)(\^|\b)")
_LABEL, _INPUT, _STATE = "d", "D", "H"


class DeclarationError(ValueError):
    """An equation that cannot be read, or a name whose size it does not tell."""


def cell(name: str, *equations: str) -> Model:
    """The model of a cell whose forward equations are given, in order of computation.

    Raises ``DeclarationError``.
    """
    notation = _notation(equations)
    made: dict[str, Node] = {}
    for text in equations:
        reading = read_in(text, notation)
        if not reading.understood or len(reading.equations[0].links) != 2:
            raise DeclarationError(f"not an equation of a cell: {text}")
        left, right = reading.equations[0].links
        if not isinstance(left, Symbol):
            raise DeclarationError(f"not a quantity on the left: {text}")
        if isinstance(right, Apply) and not isinstance(right.argument, Symbol):
            # What a function is taken of is a quantity too: its gradient is the delta.
            made[f"u_{left.name}"] = right.argument
            right = applied(right.function, signal(f"u_{left.name}"))
        made[left.name] = right
    output = list(made)[-1]
    signals = [one.name for one in notation.quantities if one.kind == "signal"]
    inputs = {one: _INPUT for one in signals if one not in made}
    sizes = {**inputs, _LABEL: _STATE, **dict.fromkeys(made, _STATE)}
    parameters = _shapes(notation, made, sizes)
    return Model(
        name=name,
        sizes=(_INPUT, _STATE),
        signals=sizes,
        parameters=parameters,
        equations=made,
        output=output,
        label=_LABEL,
        output_losses={"abstract": loss_of_output(output, _LABEL)},
        adjoints=_gradients(sizes),
        biases=tuple(one for one, shape in parameters.items() if shape[1] == "1"),
    )


def _notation(equations: tuple[str, ...]) -> Notation:
    """The names of the equations: with a step above a signal, without a parameter."""
    words = {word for one in COMMON_FUNCTIONS for word in (one.name, *one.also)}
    kinds: dict[str, str] = {}
    for text in equations:
        for word, mark in _NAME.findall(text):
            if word in words or word == "t":
                continue
            kinds[word] = "signal" if mark == "^" else kinds.get(word, "parameter")
    quantities = tuple(
        Quantity(
            word, "signal" if kind == "signal" else "parameter", *_parts(word), False,
            _parts(word)[0], _parts(word)[0],
        )
        for word, kind in kinds.items()
    )  # fmt: skip
    return Notation("declared", "column", quantities, COMMON_FUNCTIONS)


def _parts(word: str) -> tuple[str, str]:
    letter, _, label = word.partition("_")
    return letter, label


def _gradients(sizes: Mapping[str, str]) -> dict[str, str]:
    """Names for all gradients: delta_f for that of u_f, grad_f for that of f."""
    return {
        f"delta_{name[2:]}" if name.startswith("u_") else f"grad_{name}": name
        for name in sizes
        if name != _LABEL
    }


def _shapes(
    notation: Notation, equations: Mapping[str, Node], sizes: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """The shapes of the parameters, from what each is multiplied with."""
    shapes: dict[str, tuple[str, str]] = {}
    for one in notation.quantities:
        if one.kind != "parameter":
            continue
        if one.letter[0].islower():
            shapes[one.name] = (_STATE, "1")
            continue
        nodes = [node for equation in equations.values() for node in walk(equation)]
        beside = [
            right
            for node in nodes
            if isinstance(node, Product)
            for left, right in zip(node.factors, node.factors[1:], strict=False)
            if left == Symbol(one.name)
        ]
        if not beside:
            raise DeclarationError(f"nothing tells how wide {one.name} is")
        read = [node for node in walk(beside[0]) if isinstance(node, Symbol) and node.name in sizes]
        if not read:
            raise DeclarationError(f"nothing tells how wide {one.name} is")
        shapes[one.name] = (_STATE, sizes[read[0].name])
    return shapes
