"""Which target a formula states, and for which index values the statement must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from engine.formulas import static_targets
from engine.formulas.construction import substituted
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding
from engine.formulas.evaluation.shapes import loss_index, loss_of
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel
from engine.formulas.targets import Target, targets_by_id
from engine.formulas.tree import BigOperator, Derivative, Equation, Index, Node, Symbol, walk

KNOWN_INDICES = frozenset({"t", "T", "T_t", "tau"})


@dataclass(frozen=True)
class Statement:
    """One claim: ``left`` (None for a lone right-hand side) equals each of ``links``.

    ``positions`` are the places of the links in the chain as written. ``asked``: the target was
    asked for, so that an answer may only use what it gives.
    """

    target: Target
    left: Node | None
    links: tuple[Node, ...]
    positions: tuple[int, ...]
    asked: bool = False

    @property
    def by_itself(self) -> bool:
        """Whether an equation stands for itself: then nothing is "not given" to it."""
        return self.left is not None and not self.asked


def named_by(left: Node, model: Model) -> tuple[tuple[str, Node], ...]:
    """Targets that a left side may name, likeliest first, each with the left side to evaluate."""
    if isinstance(model, StaticModel):
        return static_targets.static_named_by(left, model)
    known = targets_by_id(model)
    return tuple((name, node) for name, node in _named_by(left, model) if name in known)


def _named_by(left: Node, model: Model) -> tuple[tuple[str, Node], ...]:
    prefix = model.name
    if isinstance(left, Derivative) and isinstance(left.by, Symbol):
        if loss_of(left.of) is None:
            return tuple(_of_jacobian(left, model))
        by = left.by
        loss = loss_index(left)
        if by.name in model.parameters:
            return ((f"{prefix}.{by.name}.gradient", left),)
        adjoint = model.gradient_of.get(by.name)
        if adjoint is None:
            return ()
        left = Symbol(adjoint, time=by.time, outer=loss, span=left.span)
    if not isinstance(left, Symbol):
        return ()
    name = left.name
    if name in model.parameters:
        return ((f"{prefix}.{name}.update", left),)
    if name in model.equations:
        return ((f"{prefix}.{name}", left),)
    if name in model.gradients:
        plain = f"{prefix}.{name}"
        lagged = f"{plain}_step"
        if lagged not in targets_by_id(model):
            return ((plain, left),)
        if left.outer is not None:
            own = left.outer == left.time
            return ((plain, left),) if own else ((lagged, left), (plain, left))
        # delta^t alone is never read as the lag recursion: that would hide a dropped output path.
        if left.time is None or (left.time.coefficients == (("t", 1),) and not left.time.constant):
            return ((plain, left),)
        return ((lagged, left), (plain, left))
    return ()


def _of_jacobian(left: Derivative, model: Model) -> Iterator[tuple[str, Node]]:
    """Targets that dz^t/dz^k may name: the step of one, or the product over many."""
    of, by = left.of, left.by
    if not (isinstance(of, Symbol) and isinstance(by, Symbol) and of.name == by.name):
        return
    if of.time is None or by.time is None:
        return
    known = targets_by_id(model)
    one_step = by.time == of.time - 1
    for kind in ("jacobian",) if one_step else ("jacobian_product",):
        name = f"{model.name}.{of.name}.{kind}"
        if name in known:
            yield name, left


def free_indices(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Index variables of a tree that no sum binds."""
    found: set[str] = set()
    if isinstance(node, Symbol):
        for index in (node.time, node.outer):
            found.update(index.variables if index else ())
    if isinstance(node, BigOperator):
        for index in (node.low, node.high):
            found.update(index.variables if index else ())
        found -= bound
        return frozenset(found) | free_indices(node.body, bound | {node.index})
    found -= bound
    for child in node.children():
        found |= free_indices(child, bound)
    return frozenset(found)


def unbound_index(statement: Statement) -> str | None:
    """An index variable of the links that neither a sum nor the left side binds."""
    left = statement.left if statement.left is not None else statement.target.left
    if isinstance(statement.target, static_targets.StaticTarget):
        return static_targets.static_unbound(statement.target, left, statement.links)
    bound = KNOWN_INDICES | free_indices(left)
    free: set[str] = set()
    for link in statement.links:
        free |= free_indices(link)
    strange = sorted(free - bound)
    return strange[0] if strange else None


def all_index_names(*nodes: Node) -> frozenset[str]:
    """Every index name that the nodes use, bound or free."""
    found: set[str] = set(KNOWN_INDICES)
    for node in (part for root in nodes for part in walk(root)):
        if isinstance(node, Symbol):
            for index in (node.time, node.outer):
                if index is not None and index.coefficients:
                    found.update(index.variables)
        elif isinstance(node, BigOperator):
            found.add(node.index)
            for index in (node.low, node.high):
                if index is not None and index.coefficients:
                    found.update(index.variables)
    return frozenset(found)


def adapted_left(target: Target, links: tuple[Node, ...]) -> Node | None:
    """The canonical left side with the answer's own letter for the lag, where it has another."""
    if isinstance(target, static_targets.StaticTarget):
        return static_targets.static_left(target, links)
    if target.kind != "lag-adjoint":
        return None
    free: set[str] = set()
    for link in links:
        free |= free_indices(link)
    strange = sorted(free - KNOWN_INDICES - {"s"})
    if len(strange) == 1 and "s" not in free:
        return substituted(target.left, "s", Index.of(0, **{strange[0]: 1}))
    return None


def mentions_lag(names: frozenset[str]) -> bool:
    """Whether a statement speaks of truncation."""
    return bool(names & {"T_t", "tau"})


def bindings(
    target: Target,
    convention: Convention,
    left: Node | None,
    names: frozenset[str],
    steps: int,
    variant: int = 0,
) -> tuple[Binding, ...]:
    """Index values at which the statement is tested; ``variant`` takes another selection.

    Empty if no value of the left side's indices lies within the run.
    """
    left = left if left is not None else target.left
    if isinstance(target, static_targets.StaticTarget):
        return static_targets.static_bindings(target, left)
    common = {"T": steps}
    if target.kind in {"gradient", "update"}:
        return tuple(_of_gradient(target, convention, left, names, steps, variant))
    if target.kind in {"jacobian", "jacobian-product"}:
        return tuple(_of_steps(left, steps))
    assert isinstance(left, Symbol)
    return tuple(_of_signal(target, convention, left, common, steps))


def _of_gradient(
    target: Target,
    convention: Convention,
    left: Node,
    names: frozenset[str],
    steps: int,
    variant: int,
) -> Iterator[Binding]:
    update = left.update if isinstance(left, Symbol) else None
    loss = loss_index(left) if isinstance(left, Derivative) else None
    if convention.loss == "sequence" and convention.scope == "whole":
        ends: tuple[int, ...] = (steps,)
    else:
        ends = (steps, steps - 2) if variant == 0 else (steps - 1,)
    for end in (one for one in ends if one >= 1):
        full = end - 1
        lags = (full, max(0, end - 3)) if mentions_lag(names) else (full,)
        for chosen in lags:
            lag = chosen
            indices = {"t": end, "T": steps, "T_t": lag, "tau": lag + 1}
            loss_step = end
            if loss is not None:
                free = [name for name in loss.variables if name not in indices]
                indices.update(dict.fromkeys(free[:1], end - loss.constant))
                loss_step = loss.value(indices)
                if not 1 <= loss_step <= steps:
                    continue
                lag = min(lag, loss_step - 1) if mentions_lag(names) else loss_step - 1
            yield Binding(indices, loss_step, lag, update)


def _of_steps(left: Node, steps: int) -> Iterator[Binding]:
    """Two steps of the run, the later one first, as the left side of a Jacobian names them."""
    assert isinstance(left, Derivative)
    of, by = left.of, left.by
    assert isinstance(of, Symbol)
    assert isinstance(by, Symbol)
    if of.time is None or by.time is None:
        return
    variables = sorted({*of.time.variables, *by.time.variables})
    for values in product(range(steps + 1), repeat=min(len(variables), 2)):
        indices = {"T": steps} | dict(zip(variables, values, strict=False))
        if any(name not in indices for name in variables):
            return
        later, earlier = of.time.value(indices), by.time.value(indices)
        if 0 <= earlier < later <= steps:
            indices.setdefault("t", later)
            yield Binding(indices | {"T_t": later - 1, "tau": later}, later, later - 1)


def _of_signal(
    target: Target,
    convention: Convention,
    left: Symbol,
    common: Mapping[str, int],
    steps: int,
) -> Iterator[Binding]:
    time = left.time if left.time is not None else Index.of(0, t=1)
    variables = sorted({*time.variables, *(left.outer.variables if left.outer else ())})
    spread = range(-1, steps + 2)
    of_state = target.kind == "adjoint" and (
        target.model.gradients.get(target.quantity) in target.model.states()
    )
    for values in product(spread, repeat=min(len(variables), 3)):
        indices = dict(common) | dict(zip(variables, values, strict=False))
        if any(name not in indices for name in variables):
            return
        position = time.value(indices)
        first = 0 if of_state and not variables else 1  # dE/dz^0 is asked for by its number
        if not first <= position <= steps or indices.get("t", 1) > steps:
            continue
        indices.setdefault("t", position)
        for loss_step in _loss_steps(target, convention, left, time, indices, position, steps):
            with_lag = indices | {"T_t": loss_step - 1, "tau": loss_step}
            yield Binding(with_lag, loss_step, max(0, loss_step - 1))


def _loss_steps(
    target: Target,
    convention: Convention,
    left: Symbol,
    time: Index,
    indices: Mapping[str, int],
    position: int,
    steps: int,
) -> tuple[int, ...]:
    """Steps of the loss for one position of the left side; empty where it says nothing."""
    if left.outer is not None:
        explicit = left.outer.value(dict(indices))
        inside = explicit <= steps and (
            position < explicit if target.kind == "lag-adjoint" else position == explicit
        )
        return (explicit,) if inside else ()
    if target.kind == "lag-adjoint":
        if time.coefficients == (("t", 1),) and time.constant == 0:
            return tuple(range(position + 1, steps + 1))
        if "t" in time.variables:
            return (indices["t"],) if position < indices["t"] <= steps else ()
        return tuple(range(position + 1, steps + 1))
    if target.kind == "adjoint" and convention.loss == "sequence":
        # The last step is a boundary: there delta^{T+1} would be read.
        first = 2 if target.model.ends() else 0
        inside = first <= position < steps and (position < 1 or indices["t"] < steps)
        return (steps,) if inside else ()
    # Of the loss of its own step it is nothing, whatever the formula.
    return () if target.of_later_steps else (position,)


def split(equation: Equation) -> tuple[Node | None, tuple[Node, ...], tuple[int, ...]]:
    """Left side (None for a lone right-hand side), links and their positions."""
    if len(equation.links) == 1:
        return None, equation.links, (0,)
    return equation.links[0], equation.links[1:], tuple(range(1, len(equation.links)))
