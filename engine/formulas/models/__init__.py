"""Models as data: forward equations, each written once. Everything else is derived from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cache

from engine.formulas.tree import Index, Node, Symbol, walk


@dataclass(frozen=True)
class OutputLoss:
    """One choice of output activation ``function`` and loss (a scalar tree in output and label).

    ``function`` ``g`` is an abstract elementwise function.
    """

    name: str
    function: str
    loss: Node
    # Ways to write dE/d(pre-activation); claims, which a test holds against the derivation.
    adjoint: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Model:
    """Forward equations of one time step, in column layout.

    ``signals`` maps each signal to the letter of its size, in the order of computation after the
    inputs; ``parameters`` maps each parameter to rows and columns (``1`` for a bias).
    ``equations`` maps a computed signal to its right-hand side at time ``t``; a signal at an
    earlier time than the first is an initial state. ``adjoints`` gives names to dE/d(signal).
    """

    name: str
    sizes: tuple[str, ...]
    signals: Mapping[str, str]
    parameters: Mapping[str, tuple[str, str]]
    equations: Mapping[str, Node]
    output: str
    label: str
    output_losses: Mapping[str, OutputLoss]
    adjoints: Mapping[str, str] = field(default_factory=dict)
    biases: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Signals that no equation computes."""
        return tuple(name for name in self.signals if name not in self.equations)

    @property
    def adjoint_of(self) -> dict[str, str]:
        """Signal -> the name of its adjoint."""
        return {value: name for name, value in self.adjoints.items()}

    def states(self) -> frozenset[str]:
        """Signals that are read one step later: they have an initial value."""
        return frozenset(
            node.name
            for equation in self.equations.values()
            for node in walk(equation)
            if isinstance(node, Symbol) and node.time is not None and node.time.constant < 0
        )

    def recurrent(self) -> frozenset[str]:
        """Signals whose value at t can reach the loss of a later step."""
        reads: dict[str, set[str]] = {}
        found: set[str] = set()
        for name, equation in self.equations.items():
            for node in walk(equation):
                if isinstance(node, Symbol) and node.name in self.signals:
                    reads.setdefault(name, set()).add(node.name)
                    if node.time is not None and node.time.constant < 0:
                        found.add(node.name)
        while True:
            more = {source for name in found for source in reads.get(name, ())} - found
            if not more:
                return frozenset(found)
            found |= more

    def fingerprint(self) -> str:
        """A hash of everything that a derivation depends on."""
        record = {
            "signals": dict(self.signals),
            "parameters": {name: list(shape) for name, shape in self.parameters.items()},
            "equations": {name: plain(node) for name, node in self.equations.items()},
            "losses": {o.name: [o.function, plain(o.loss)] for o in self.output_losses.values()},
        }
        text = json.dumps(record, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(node: object) -> object:
    """A tree as lists and strings, for hashing; spans are left out."""
    if isinstance(node, Node):
        slots = [slot.name for slot in fields(node) if slot.name != "span"]
        return [type(node).__name__, *(plain(getattr(node, name)) for name in slots)]
    if isinstance(node, tuple):
        return [plain(part) for part in node]
    if isinstance(node, Index):
        return ["index", [list(pair) for pair in node.coefficients], node.constant]
    if isinstance(node, Fraction):
        return str(node)
    return node


@cache
def models() -> Mapping[str, Model]:
    """All models by name."""
    from engine.formulas.models import rnn

    return {rnn.MODEL.name: rnn.MODEL}
