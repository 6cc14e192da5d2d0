"""What the names of a source mean in a model without time steps.

Other letters for sizes (T_x is T), matrices whose columns are the items (U of lecture notes), and
items without their index: in ``score(q, k) = q^T k`` any one key is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from engine.formulas.construction import number, substituted
from engine.formulas.models import Model
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.notations import Notation
from engine.formulas.reader.indices import index_node
from engine.formulas.statements import free_indices
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Derivative,
    Equation,
    Index,
    Node,
    Quotient,
    Stack,
    Sum,
    Symbol,
    Transpose,
    walk,
    with_children,
)

_ITEM = "j"
_LOG_LIKELIHOOD = "logP"
KRONECKER = "kronecker"


def meant_of_items(equation: Equation, notation: Notation, model: Model) -> Equation:
    """The equation in the model's own quantities and sizes."""
    static = cast(StaticModel, model)
    equation = with_own_sizes(equation, notation)
    if KRONECKER in notation.by_name:
        equation = _changed(equation, _kronecker)
    if notation.meanings:
        equation = _changed(equation, lambda node: _meaning(node, notation.meanings))
    equation = _of_log_probability(equation, static)
    equation = _with_other_case(_changed(equation, _slope), static)
    return _with_items(_with_left_index(_with_left_name(equation, static), static), static)


def _of_log_probability(equation: Equation, model: StaticModel) -> Equation:
    """``log P(w_o | w_c) = a`` and its slopes as statements about the loss, which is -log P."""
    if model.loss is None or "o" not in model.places or len(equation.links) < 2:
        return equation
    left, *right = equation.links
    loss = Symbol(model.loss, span=left.span)
    told: Node
    if _is_log_of_right_word(left):
        told = loss
    elif isinstance(left, Derivative) and _is_log_of_right_word(left.of):
        told = replace(left, of=loss)
    else:
        return equation
    links = (told, *(Sum((link,), (-1,), span=link.span) for link in right))
    return replace(equation, links=links)


def _is_log_of_right_word(node: Node) -> bool:
    inner = node.argument if isinstance(node, Apply) and node.function == "log" else None
    return isinstance(inner, Symbol) and inner.name == "y" and inner.time == Index.of(0, o=1)


def of_summed_loss(equation: Equation, model: Model) -> Equation:
    """``L = -Σ_t log p_t`` as a statement about log P: many sum the loss, and do not average it."""
    left, *right = equation.links
    loss = getattr(model, "loss", None)
    if not right or not isinstance(left, Symbol) or left.name != loss:
        return equation
    if _LOG_LIKELIHOOD not in model.equations:
        return equation
    nodes = [node for link in right for node in walk(link)]
    if any(isinstance(node, Symbol) and node.name in ("T", loss) for node in nodes):
        return equation
    links = (Sum((link,), (-1,), span=link.span) for link in right)
    return replace(equation, links=(replace(left, name=_LOG_LIKELIHOOD), *links))


def in_own_order(equation: Equation, model: Model) -> Equation:
    """``W [s; c]`` as ``W [c; s]``: which part of W belongs to which is a matter of names."""
    static = cast(StaticModel, model)
    forms = [node for form in static.equations.values() for node in walk(form.tree)]
    orders = {_names_in(one): one for one in forms if isinstance(one, Stack)}
    if not orders:
        return equation

    def turned(node: Node) -> Node:
        if not isinstance(node, Stack) or len(node.parts) != 2 or _names_in(node) in orders:
            return node
        swapped = replace(node, parts=node.parts[::-1])
        return swapped if _names_in(swapped) in orders else node

    return _changed(equation, turned)


def _names_in(stack: Stack) -> tuple[str, ...]:
    return tuple(part.name if isinstance(part, Symbol) else "" for part in stack.parts)


def with_own_sizes(equation: Equation, notation: Notation) -> Equation:
    """The equation with the model's letters for sizes and numbers of steps."""
    if notation.limit_names:
        limits = {**notation.size_names, **notation.limit_names}
        equation = _changed(equation, lambda node: _limit(node, limits))
    if not notation.size_names:
        return equation
    return _changed(equation, lambda node: _size(node, notation.size_names))


def _changed(equation: Equation, change: Callable[[Node], Node]) -> Equation:
    links = tuple(_mapped(link, change) for link in equation.links)
    return equation if links == equation.links else replace(equation, links=links)


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    children = list(node.children())
    changed = [_mapped(child, change) for child in children]
    if any(new is not old for new, old in zip(changed, children, strict=True)):
        node = with_children(node, changed)
    return change(node)


def _size(node: Node, names: Mapping[str, str]) -> Node:
    if isinstance(node, BigOperator):
        low, high = (_index(limit, names, True) for limit in (node.low, node.high))
        return replace(node, low=low, high=high)
    if isinstance(node, Symbol):
        lone = node.time is None and node.outer is None
        name = names.get(node.name, node.name) if lone else node.name
        time, outer = _index(node.time, names), _index(node.outer, names)
        return replace(node, name=name, time=time, outer=outer)
    return node


def _limit(node: Node, names: Mapping[str, str]) -> Node:
    if not isinstance(node, BigOperator):
        return node
    low, high = (_index(limit, names, True) for limit in (node.low, node.high))
    return replace(node, low=low, high=high)


def _index(found: Index | None, names: Mapping[str, str], limit: bool = False) -> Index | None:
    """An index in the model's sizes; a small letter is one only where it is a limit."""
    if found is None or not found.variables:
        return found
    for name in found.variables:
        if name in names and (limit or len(name) > 1 or name.isupper()):
            found = found.substitute(name, Index.of(0, **{names[name]: 1}))
    return found


def _kronecker(node: Node) -> Node:
    """``δ_{ij}``: 1 where the indices are the same, else 0."""
    if not (isinstance(node, Symbol) and node.name == KRONECKER and node.time and node.outer):
        return node
    same = Comparison("=", index_node(node.outer), index_node(node.time), span=node.span)
    return Cases((number(1),), (same,), number(0), span=node.span)


def _slope(node: Node) -> Node:
    """``dS^T``: the gradient transposed, which is what a derivative by S^T comes to."""
    if isinstance(node, Derivative) and isinstance(node.by, Transpose):
        inner = replace(node, by=node.by.operand)
        return Transpose(inner, span=node.span)
    return node


def _meaning(node: Node, meanings: Mapping[str, Node]) -> Node:
    """A name put into the model's words: ``s@0`` is item 0 of s, ``h^T`` its last one.

    t in a meaning is the index of the name.
    """
    if isinstance(node, Symbol):
        numbered = node.time is not None and not node.time.variables and node.outer is None
        item = f"{node.name}@{node.time.constant}" if numbered and node.time else ""
        if item in meanings:
            return replace(meanings[item], span=node.span)
        if node.name in meanings:
            meaning = meanings[node.name]
            if node.time is not None:
                meaning = substituted(meaning, "t", node.time)
            return replace(meaning, span=node.span)
    if isinstance(node, Transpose) and isinstance(node.operand, Transpose):
        return node.operand.operand
    if isinstance(node, Transpose) and isinstance(node.operand, Symbol):
        # h^T as the last of the steps that stand above the letter.
        bare = node.operand.time is None
        last = meanings.get(f"{node.operand.name}^T") if bare else None
        return replace(last, span=node.span) if last is not None else node
    return node


def _with_other_case(equation: Equation, model: StaticModel) -> Equation:
    """``if ‖g‖ > θ: g = θ g/‖g‖``: else g stays as it is."""
    left, *right = equation.links
    if not isinstance(left, Symbol):
        return equation
    old = next((a for a, new in model.assigned.items() if left.name in (a, new)), None)
    if old is None or not any(isinstance(one, Cases) and one.otherwise is None for one in right):
        return equation
    kept = Symbol(old, time=left.time)
    mended = (
        replace(one, otherwise=kept) if isinstance(one, Cases) and one.otherwise is None else one
        for one in right
    )
    return replace(equation, links=(left, *mended))


def _with_left_name(equation: Equation, model: StaticModel) -> Equation:
    """``softmax(z)_i = ...`` says what the output is."""
    left = equation.links[0]
    if len(equation.links) < 2 or isinstance(left, Symbol | Derivative):
        return equation
    for name, form in model.equations.items():
        for tree in (form, *model.answers.get(name, ())):
            if not isinstance(tree.tree, Apply | Quotient) or len(tree.indices) > 1:
                continue
            if not isinstance(left, type(tree.tree)):
                continue
            found = _same(tree, left)
            if found is not None:
                named = Symbol(name, time=found if found.variables else None, span=left.span)
                return replace(equation, links=(named, *equation.links[1:]))
    return equation


def _same(form: Form, left: Node) -> Index | None:
    """The index under which a form is the left side; an empty one: the whole; None: it is not."""
    if not form.indices:
        return Index() if form.tree == left else None
    free = {
        name
        for node in walk(left)
        if isinstance(node, Symbol) and node.time is not None
        for name in node.time.variables
    } - {node.index for node in walk(left) if isinstance(node, BigOperator)}
    for letter in sorted(free):
        mine = substituted(form.tree, form.indices[0], Index.of(0, **{letter: 1}))
        if _renamed_sums(mine) == _renamed_sums(left):
            return Index.of(0, **{letter: 1})
    return None


def _renamed_sums(node: Node) -> Node:
    """The tree with one name for the index of its sum."""

    def change(part: Node) -> Node:
        if isinstance(part, BigOperator):
            body = substituted(part.body, part.index, Index.of(0, **{"*": 1}))
            return replace(part, index="*", body=body)
        return part

    return _mapped(node, change)


def _with_left_index(equation: Equation, model: StaticModel) -> Equation:
    """The index of the left side, where it was left out and only one is free on the right."""
    left, *right = equation.links
    if not (isinstance(left, Symbol) and left.time is None and left.outer is None and right):
        return equation
    shape = model.shape(left.name)
    if left.name not in model.equations or shape is None or "1" in shape:
        return equation
    free: set[str] = set()
    for link in right:
        free |= free_indices(link)
    free -= {*model.sizes, *model.places}
    if len(free) != 1:
        return equation
    named = replace(left, time=Index.of(0, **{free.pop(): 1}))
    return replace(equation, links=(named, *right))


def _with_items(equation: Equation, model: StaticModel) -> Equation:
    """An index for the items of a table, where their index was left out everywhere."""
    from engine.formulas.static_rows import shape_of

    left, *right = equation.links
    if not (isinstance(left, Symbol) and left.time is None and right):
        return equation
    shape = model.shape(left.name)
    if left.name not in model.equations or shape is None or "1" not in shape or shape[0] == "1":
        return equation
    parts = [node for link in right for node in walk(link)]
    tables = {
        node.name
        for node in parts
        if isinstance(node, Symbol)
        and node.name in model.signals
        and (model.shape(node.name) or ("1", "1"))[0] == shape[0]
    }
    if not tables or any(isinstance(n, Symbol) and n.name in tables and n.time for n in parts):
        return equation
    if any(shape_of(link, model, lay) == shape for link in right for lay in ("column", "row")):
        return equation
    index = Index.of(0, **{_ITEM: 1})

    def one(node: Node) -> Node:
        if isinstance(node, Symbol) and node.name in tables | {left.name}:
            return replace(node, time=index)
        return node

    changed = _changed(equation, one)
    fits = all(shape_of(link, model) == ("1", "1") for link in changed.links[1:])
    return changed if fits else equation
