"""Single edits of a tree: each takes one node and gives it as a known mistake would have it.

An edit carries the code of the mistake. The same edits, applied to a learner's formula, are the
candidates for mending it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from engine.formulas.mistakes.codes import ROLES, code_of_exchange
from engine.formulas.mistakes.function_edits import function_edits
from engine.formulas.mistakes.optimizer_edits import optimizer_edits
from engine.formulas.mistakes.product_edits import (
    big_sum_edits,
    flattened,
    product_edits,
    sum_edits,
)
from engine.formulas.mistakes.static_edits import static_edits
from engine.formulas.mistakes.symbol_edits import lag_edits, symbol_edits
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Node,
    Power,
    Product,
    Sum,
    Symbol,
    Transpose,
    with_children,
)


@dataclass(frozen=True)
class Edit:
    """One change at one place: ``original`` became ``replacement``."""

    code: str
    original: Node
    replacement: Node
    note: str = ""


@dataclass(frozen=True)
class Mutant:
    """A wrong computation: ``codes`` are the mistakes in it, ``code`` the first of them."""

    code: str
    codes: tuple[str, ...]
    tree: Node
    note: str
    edits: tuple[Edit, ...] = ()


def variants(tree: Node, model: Model, bound: frozenset[str] = frozenset()) -> Iterator[Mutant]:
    """Every single edit of ``tree``, each with the whole tree as it becomes."""
    for edit, changed in _edits(tree, model, bound):
        if changed != tree:
            yield Mutant(edit.code, (edit.code,), changed, edit.note, (edit,))


def _edits(node: Node, model: Model, bound: frozenset[str]) -> Iterator[tuple[Edit, Node]]:
    for code, replacement, note in _local(node, model, bound):
        yield Edit(code, node, replacement, note), replacement
    if isinstance(node, Derivative):
        return
    inner = bound | {node.index} if isinstance(node, BigOperator) else bound
    children = list(node.children())
    for place, child in enumerate(children):
        for edit, changed in _edits(child, model, inner):
            if _any_way_up(node) and edit.code == "transpose-added":
                continue
            mended = list(children)
            mended[place] = changed
            whole = with_children(node, mended)
            if edit.code == "sum-dropped" and isinstance(whole, Product):
                whole = flattened(whole)
            yield edit, whole


def _any_way_up(node: Node) -> bool:
    """Whether a transpose below is taken back, or makes no difference."""
    whole = isinstance(node, Apply) and not node.order and node.function in {"norm", "diag"}
    return isinstance(node, Transpose) or whole


def _local(node: Node, model: Model, bound: frozenset[str]) -> Iterator[tuple[str, Node, str]]:
    if isinstance(model, StaticModel):
        yield from _of_static(node, model, bound)
        return
    if not model.differentiated:
        yield from optimizer_edits(node, model)
    match node:
        case Symbol():
            yield from symbol_edits(node, model)
            yield from lag_edits(node, model, bound)
        case Transpose(operand=operand):
            yield "transpose-dropped", operand, ""
        case Product():
            yield from product_edits(node, model)
        case Sum():
            yield from sum_edits(node, model)
        case BigOperator(kind="sum"):
            yield from big_sum_edits(node)
        case BigOperator(high=Index() as high):
            yield "product-lengthened", replace(node, high=high + 1), "high+1"
            yield "product-lengthened", replace(node, high=high - 1), "high-1"
        case Apply():
            yield from function_edits(node, model)
        case Power(base=base):
            yield "power-dropped", base, ""
        case Derivative(by=Symbol() as by):
            for code, changed, note in symbol_edits(by, model):
                if code in {"wrong-parameter", "wrong-signal", "index-shifted", *ROLES}:
                    yield (
                        _code_of_gradient(code, by, changed, model),
                        replace(node, by=changed),
                        note,
                    )


def _of_static(
    node: Node, model: StaticModel, bound: frozenset[str]
) -> Iterator[tuple[str, Node, str]]:
    """Edits of formulas without time steps: their own, and those of sums and products."""
    yield from static_edits(node, model, bound)
    match node:
        case Product():
            yield from product_edits(node, cast(Model, model))
        case Sum():
            yield from sum_edits(node, cast(Model, model))
        case BigOperator(kind="sum"):
            yield from big_sum_edits(node)


def _code_of_gradient(code: str, by: Symbol, other: Node, model: Model) -> str:
    """The code of taking a gradient by another signal, or of what a mending of it adds."""
    names = model.gradient_of
    if not isinstance(other, Symbol) or not {by.name, other.name} <= set(names):
        return code
    if by.name == other.name:
        return code
    return code_of_exchange(names[by.name], names[other.name], model)
