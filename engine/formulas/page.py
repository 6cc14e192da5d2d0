"""What only the page could tell of a formula that fails: whether another notation is meant.

A formula without its page may be right in a notation that gives its letters another meaning. Then
it is neither accepted nor called wrong. Nothing here applies when a target is asked for or a
convention is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.construction import NOW, applied, gradient, hadamard, replaced
from engine.formulas.conventions import Mentions
from engine.formulas.evaluation.binding import Budget, BudgetExceededError
from engine.formulas.models import Model
from engine.formulas.models.static import is_static
from engine.formulas.statements import Statement
from engine.formulas.targets import Target
from engine.formulas.tree import (
    Apply,
    Derivative,
    Node,
    Product,
    Symbol,
    Transpose,
    walk,
    with_children,
)
from engine.formulas.verdicts import holds

SCALAR = "scalar-or-matrix"
NOTATIONS = "notations-disagree"
# Between numbers there is no such mistake.
MATTERS_TO_MATRICES = frozenset({"transpose-dropped", "order-swapped"})


def page_reason(
    statement: Statement, names: set[str], layouts: tuple[str, ...] | None, notation: str
) -> str | None:
    """The reason why a formula that was found wrong depends on its page, or None.

    ``names`` are the codes of its mistakes.
    """
    if is_static(statement.target.model):
        return None
    try:
        return _reason(statement, names, layouts, notation, Budget())
    except BudgetExceededError:
        return None


def _reason(
    statement: Statement,
    names: set[str],
    layouts: tuple[str, ...] | None,
    notation: str,
    budget: Budget,
) -> str | None:
    numbers = statement.target.kind != "forward" and names <= MATTERS_TO_MATRICES
    numbers = numbers and _without_matrix_signs(statement)
    if numbers and holds(statement, {"scalar": "yes"}, budget, layouts):
        return SCALAR
    # The rows that an update adds up may be the steps of the run.
    added_up = statement.target.kind == "update" and Mentions.of(*statement.links).reduces
    if added_up and holds(statement, {"scope": "one-step"}, budget, layouts):
        return NOTATIONS
    if _by_states(statement) and holds(statement, {"activation": "identity"}, budget, layouts):
        return NOTATIONS  # where the state is no function of anything, dE/dz is dE/du
    for other in _other_meanings(statement, layouts, notation):
        if holds(other, {}, budget, layouts, written=statement):
            return NOTATIONS
    return None


def _by_states(statement: Statement) -> bool:
    """Whether a gradient is written with dE/dz."""
    if statement.target.kind != "gradient":
        return False
    states = statement.target.model.states()
    nodes = (part for link in statement.links for part in walk(link))
    named = (node.by for node in nodes if isinstance(node, Derivative))
    return any(isinstance(by, Symbol) and by.name in states for by in named)


def _without_matrix_signs(statement: Statement) -> bool:
    """Whether a formula may be about numbers: no transpose, no ⊙, no @, no diag anywhere."""
    for node in (part for link in statement.links for part in walk(link)):
        if isinstance(node, Transpose) or (isinstance(node, Apply) and node.function == "diag"):
            return False
        if isinstance(node, Product) and set(node.operators) - {"juxtaposed"}:
            return False
    return True


def _other_meanings(
    statement: Statement, layouts: tuple[str, ...] | None, notation: str
) -> Iterator[Statement]:
    """The statement as it reads where its letters mean something else."""
    target = statement.target
    if layouts is not None or _has_matrix_products(statement):
        yield from _values_before_assignment(statement)
    if target.kind in {"adjoint", "lag-adjoint", "gradient", "update"}:
        yield from _delta_of_the_state(statement)
    if target.kind == "forward" and target.quantity == target.model.output and notation != "course":
        yield from _output_before_its_function(statement, target)


def _has_matrix_products(statement: Statement) -> bool:
    nodes = (part for link in statement.links for part in walk(link))
    return any(isinstance(node, Product) and "matmul" in node.operators for node in nodes)


def _values_before_assignment(statement: Statement) -> Iterator[Statement]:
    """In a program z is the state of the step before until the new one is assigned to it.

    Going backward, delta is that of the step after.
    """
    states = statement.target.model.states()
    symbols = [n for link in statement.links for n in walk(link) if isinstance(n, Symbol)]
    if any(symbol.time is not None for symbol in symbols):
        return
    links = statement.links
    for name in states & {symbol.name for symbol in symbols}:
        before = Symbol(name, NOW - 1)
        links = tuple(replaced(link, Symbol(name), before) for link in links)
        yield replace(statement, links=links)
    left = statement.left
    if isinstance(left, Symbol) and left.name in statement.target.model.gradients:
        after = Symbol(left.name, NOW + 1)
        yield replace(statement, links=tuple(replaced(link, left, after) for link in links))


def _delta_of_the_state(statement: Statement) -> Iterator[Statement]:
    """delta as dE/dz rather than dE/du: then dE/du is f'(u) times it."""
    target = statement.target
    model = target.model
    for name, source in model.adjoints.items():
        reader = _reader(model, source)
        if source not in model.recurrent() or reader is None:
            continue
        value, function = reader
        links = tuple(_with_state(link, name, value) for link in statement.links)
        defined = all(isinstance(link, Derivative) for link in links)
        if links == statement.links and not defined:
            continue
        if target.quantity == name:
            left = statement.left if isinstance(statement.left, Symbol) else target.left
            time = left.time if isinstance(left, Symbol) else None
            slope = applied(function, Symbol(source, time or NOW), 1)
            links = tuple(hadamard(slope, link) for link in links)
        yield replace(statement, links=links)


def _reader(model: Model, source: str) -> tuple[str, str] | None:
    """The signal that is a function of ``source`` alone, and that function."""
    for value, equation in model.equations.items():
        if isinstance(equation, Apply) and equation.argument == Symbol(source, NOW):
            return value, equation.function
    return None


def _with_state(node: Node, adjoint: str, value: str) -> Node:
    if isinstance(node, Symbol) and node.name == adjoint and node.outer is None:
        return gradient(Symbol(value, node.time or NOW))
    children = list(node.children())
    if not children or isinstance(node, Derivative):
        return node
    return with_children(node, [_with_state(child, adjoint, value) for child in children])


def _output_before_its_function(statement: Statement, target: Target) -> Iterator[Statement]:
    """y = W_hy h, where y names what the softmax is yet to be taken of."""
    equation = target.model.equations[target.quantity]
    if isinstance(equation, Apply):
        links = tuple(applied(equation.function, link) for link in statement.links)
        yield replace(statement, links=links)
