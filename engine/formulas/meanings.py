"""From the equations of a reading to statements about a model's own quantities.

Sources have names that no model has: one weight for the past and the input side by side, all
gates in one matrix, ``c_next`` for the cell of this step, ``dc_next`` for what comes back from the
step after. A notation says what they mean; here they are put in, before anything is judged. The
equations as typed stay with the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from engine.formulas.assignments import of_unknown_loss
from engine.formulas.backward import OWN, adjoint_tree
from engine.formulas.construction import (
    NOW,
    hadamard,
    minus,
    number,
    replaced,
    squared,
    substituted,
)
from engine.formulas.given_letters import CannotBindError, OtherNetError, defined, refuse_steps
from engine.formulas.items import (
    in_own_order,
    meant_of_items,
    of_summed_loss,
    with_own_sizes,
)
from engine.formulas.models import Model
from engine.formulas.models.static import is_static
from engine.formulas.notations import Notation
from engine.formulas.reading import Reading
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Equation,
    Node,
    Product,
    Span,
    Stack,
    Sum,
    Symbol,
    Transpose,
    walk,
    with_children,
)

#: Ways to take a text that only its page could tell apart; the first is the one that is judged.
USUAL, GATES_EXCHANGED, WEIGHTS_JOINED = "usual", "gates-exchanged", "weights-joined"
SENT_BACK, SLOPES_OF_VALUES, OLD_STATES = "sent-back", "slopes-of-values", "old-states"
OTHER_WAYS = (GATES_EXCHANGED, WEIGHTS_JOINED, SENT_BACK, SLOPES_OF_VALUES, OLD_STATES)
_NEXT = "_next"


def meant(
    equation: Equation,
    notation: Notation,
    model: Model,
    way: str = USUAL,
    asked: bool = False,
) -> tuple[Equation, ...]:
    """What an equation says of the model: one statement, or one for every block of a matrix.

    ``asked``: the question says which model is meant; else its own letters have to. Raises
    ``CannotBindError``.
    """
    if is_static(model):
        told = meant_of_items(equation, notation, model)
        return (told if asked else in_own_order(of_summed_loss(told, model), model),)
    if (
        notation.needs
        and not asked
        and not any(
            isinstance(node, Symbol) and node.name in notation.needs for node in walk(equation)
        )
    ):
        raise OtherNetError(notation.name)
    refuse_steps(equation, model)
    equation = of_unknown_loss(equation, model)
    equation = defined(equation, notation)
    told = with_own_sizes(_steps_filled(equation, notation, model), notation)
    told = _named(told, notation, model, way)
    told = _with_carry(told, notation, model, way)
    if way == SLOPES_OF_VALUES:
        told = _links(told, lambda link: _mapped(link, lambda node: _slope_in_value(node, model)))
    if way == OLD_STATES and unstepped(equation):
        told = _links(told, lambda link: _older(link, model))
    if notation.stacked:
        return tuple(_blocks(told, notation))
    if notation.joint:
        return tuple(_parts(told, notation, model, way))
    return (told,)


def _links(equation: Equation, change: Callable[[Node], Node]) -> Equation:
    links = tuple(change(link) for link in equation.links)
    return equation if links == equation.links else replace(equation, links=links)


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with ``change`` made at every node, the leaves first."""
    children = list(node.children())
    changed = [_mapped(child, change) for child in children]
    if any(new is not old for new, old in zip(changed, children, strict=True)):
        node = with_children(node, changed)
    return change(node)


# -- names without an index


def _steps_filled(equation: Equation, notation: Notation, model: Model) -> Equation:
    """``c = f * c + i * a``: what is not computed yet when the left side is, is a step older."""
    left = equation.links[0]
    if not isinstance(left, Symbol) or left.time is not None or len(equation.links) < 2:
        return equation
    order = list(model.equations)
    plain = left.name.removesuffix(_NEXT)
    if plain not in order:
        return equation
    states, place = model.states(), order.index(plain)

    def older(node: Node) -> Node:
        late = isinstance(node, Symbol) and node.name in states and node.time is None
        if late and isinstance(node, Symbol) and order.index(node.name) >= place:
            return replace(node, time=NOW - 1)
        return node

    return replace(equation, links=(left, *(_mapped(link, older) for link in equation.links[1:])))


# -- further names


def is_differential(node: Node) -> bool:
    """Whether a gradient was written as ``dW`` and not as a fraction."""
    return (
        isinstance(node, Derivative)
        and isinstance(node.of, Symbol)
        and (node.span is not None and node.of.span == node.span)
    )


def _named(equation: Equation, notation: Notation, model: Model, way: str) -> Equation:
    """Names that the notation explains, put into the model's words."""
    inner = notation.inner_gradients != (way == GATES_EXCHANGED)
    gates = _gates(model) if inner else {}
    if not (notation.meanings or gates):
        return equation
    symbols = [node for node in walk(equation) if isinstance(node, Symbol)]
    # Beside f_next the next one is that of the step after; else it is the new one of this step.
    over = any(one.time == NOW + 1 and one.name not in notation.meanings for one in symbols)

    def put(symbol: Symbol, meaning: Node, span: Span | None) -> Node:
        time = (symbol.time or NOW) + (1 if over and symbol.name.endswith(_NEXT) else 0)
        return replace(substituted(meaning, "t", time), span=span)

    def change(node: Node, carried: bool) -> Node:
        by = node.by if isinstance(node, Derivative) else None
        if isinstance(by, Symbol) and is_differential(node):
            if carried and not over and by.name in _ahead(notation):
                return put(by, notation.differentials[by.name], node.span)
            if by.name in gates:
                return Symbol(gates[by.name], time=by.time, span=node.span)
        if isinstance(node, Symbol) and node.name in notation.meanings:
            return put(node, notation.meanings[node.name], node.span)
        children = list(node.children())
        changed = [change(child, carried) for child in children]
        if any(new is not old for new, old in zip(changed, children, strict=True)):
            node = with_children(node, changed)
        if isinstance(node, Transpose) and isinstance(node.operand, Transpose):
            return node.operand.operand
        return node

    left, *right = equation.links
    alone = not right
    return replace(equation, links=(change(left, alone), *(change(link, True) for link in right)))


def _ahead(notation: Notation) -> Mapping[str, Node]:
    """The differentials of names of the next step."""
    return {name: tree for name, tree in notation.differentials.items() if name.endswith(_NEXT)}


def _gates(model: Model) -> dict[str, str]:
    """Signals that are a function of one pre-activation, with the name of its gradient."""
    found = {}
    for name, body in model.equations.items():
        source = body.argument if isinstance(body, Apply) else None
        if isinstance(source, Symbol) and source.name in model.gradient_of:
            found[name] = model.gradient_of[source.name]
    return found


def _with_carry(equation: Equation, notation: Notation, model: Model, way: str) -> Equation:
    """``dc += dh * o * (1 - tanh(c)**2)``: to what came back already something is added.

    ``dc_prev = ds * f`` says what is sent back to the step before: the whole is that and the share
    of that step itself. Where it is written as a fraction only its page could tell.
    """
    left = equation.links[0]
    if len(equation.links) < 2 or not (
        isinstance(left, Derivative) and isinstance(left.by, Symbol)
    ):
        return equation
    by, link = left.by, equation.links[-1]
    carried = notation.differentials.get(by.name)
    if carried is None or len(equation.links) != 2:
        return equation
    if isinstance(link, BigOperator) and link.index == "t" and link.low is link.high is None:
        return replace(equation, links=(left, Sum((carried, link.body), (1, 1), span=link.span)))
    if by.time == NOW - 1 and (is_differential(left) or way == SENT_BACK):
        own = adjoint_tree(model, by.name, NOW - 1, OWN)
        return replace(equation, links=(left, Sum((own, link), (1, 1), span=link.span)))
    return equation


# -- what only the page could tell


def _slope_in_value(node: Node, model: Model) -> Node:
    """σ'(z) as z (1 - z), where z is the gate."""
    if not (isinstance(node, Apply) and node.order == 1 and isinstance(node.argument, Symbol)):
        return node
    value = node.argument
    body = model.equations.get(value.name)
    if not (isinstance(body, Apply) and body.function == node.function):
        return node
    one = number(1)
    if node.function == "sigmoid":
        return hadamard(value, minus(one, value))
    return minus(one, squared(value)) if node.function == "tanh" else node


def _older(node: Node, model: Model) -> Node:
    """A state without an index as the one of the step before; what is differentiated by stays."""
    if isinstance(node, Derivative):
        return node
    if isinstance(node, Symbol):
        old = node.time is None and node.name in model.states()
        return replace(node, time=NOW - 1) if old else node
    children = [_older(child, model) for child in node.children()]
    return with_children(node, children) if children else node


# -- one weight for several factors: W [h; x]


def _parts(equation: Equation, notation: Notation, model: Model, way: str) -> Iterator[Equation]:
    joint = notation.joint
    stacks = [node for node in walk(equation) if isinstance(node, Stack)]
    only = notation.only_joint

    def is_joint(node: Node) -> bool:
        return (
            isinstance(node, Symbol)
            and node.name in joint
            and (bool(stacks) or node.name in only or way == WEIGHTS_JOINED)
        )

    left = equation.links[0]
    by = left.by if isinstance(left, Derivative) else left
    if len(equation.links) > 1 and is_joint(by) and isinstance(by, Symbol):
        for kind in {_kind(part, s.parts): 0 for s in stacks for part in s.parts} or ("h", "x"):
            yield _part(equation, kind, joint, model)
        return
    if isinstance(left, Stack) and len(equation.links) > 1:
        for part in left.parts:
            kind = _kind(part, left.parts)
            yield _part(equation, kind, joint, model)
        return
    changed = _links(equation, lambda link: _mapped(link, lambda node: _spread(node, joint, model)))
    if any(is_joint(node) for node in walk(changed)) and isinstance(by, Symbol):
        restricted = isinstance(left, Derivative) and by.name in {"h", "x"}
        if not restricted or any(isinstance(node, Stack) for node in walk(changed)):
            if only or any(node.name in only for node in walk(changed) if isinstance(node, Symbol)):
                raise CannotBindError(by.name)
        else:
            changed = _part(changed, by.name, joint, model)
    yield changed


def _part(
    equation: Equation, kind: str, joint: Mapping[str, Mapping[str, str]], model: Model
) -> Equation:
    """The block of an equation that belongs to one of the factors that are stacked."""

    def change(node: Node) -> Node:
        if isinstance(node, Symbol) and node.name in joint:
            name = joint[node.name].get(kind)
            if name is None or name not in model.parameters:
                raise CannotBindError(node.name)
            return replace(node, name=name)
        if isinstance(node, Stack):
            return next((p for p in node.parts if _kind(p, node.parts) == kind), node)
        return node

    return _links(equation, lambda link: _mapped(link, change))


def _kind(part: Node, parts: tuple[Node, ...]) -> str:
    """Which input of a gate a part of a stack is: x, h, or c beside both."""
    names = {node.name for node in walk(part) if isinstance(node, Symbol)}
    both = [name for name in ("h_f", "h_b") if names & {name, f"grad_{name}"}]
    if len(both) == 1:  # the two directions of a bidirectional RNN
        return both[0]
    if names & {"x", "grad_x"}:
        return "x"
    return "c" if len(parts) > 2 and names & {"c", "grad_c"} else "h"


def _spread(node: Node, joint: Mapping[str, Mapping[str, str]], model: Model) -> Node:
    """``W [h; x] + b`` as ``U h + W x + b``; nothing else is changed."""
    if isinstance(node, Sum):
        return _flat(node)
    if not isinstance(node, Product):
        return node
    for place in range(len(node.factors) - 1):
        if node.operators[place] == "hadamard":
            continue
        one, other = (_bare(factor) for factor in node.factors[place : place + 2])
        weight, stack = (one, other) if isinstance(other, Stack) else (other, one)
        named = isinstance(weight, Symbol) and weight.name in joint
        if named and isinstance(weight, Symbol) and isinstance(stack, Stack):
            terms = []
            for part in stack.parts:
                name = joint[weight.name].get(_kind(part, stack.parts))
                if name is None or name not in model.parameters:
                    raise CannotBindError(weight.name)
                own = replace(weight, name=name)
                pair = tuple(
                    _unstacked(factor, weight, own, stack, part)
                    for factor in node.factors[place : place + 2]
                )
                factors = (*node.factors[:place], *pair, *node.factors[place + 2 :])
                terms.append(replace(node, factors=factors, span=part.span or node.span))
            return Sum(tuple(terms), (1,) * len(terms), span=node.span)
    return node


def _unstacked(factor: Node, weight: Symbol, own: Symbol, stack: Stack, part: Node) -> Node:
    return (
        replaced(factor, weight, own)
        if factor == weight or (isinstance(factor, Transpose) and factor.operand == weight)
        else replaced(factor, stack, part)
    )


def _bare(node: Node) -> Node:
    return node.operand if isinstance(node, Transpose) else node


def _flat(node: Sum) -> Sum:
    """A sum of sums without the brackets."""
    terms: list[Node] = []
    signs: list[int] = []
    for term, sign in zip(node.terms, node.signs, strict=True):
        inner = (
            isinstance(term, Sum)
            and len(term.terms) > 1
            and all(isinstance(part, Product) for part in term.terms)
        )
        if inner and isinstance(term, Sum):
            terms.extend(term.terms)
            signs.extend(sign * one for one in term.signs)
        else:
            terms.append(term)
            signs.append(sign)
    return replace(node, terms=tuple(terms), signs=tuple(signs))


# -- all gates in one matrix: A = x Wx + h Wh + b


def _blocks(equation: Equation, notation: Notation) -> Iterator[Equation]:
    stacked = notation.stacked
    left = equation.links[0]
    by = left.by if isinstance(left, Derivative) else left
    count = len(next(iter(stacked.values())))
    if len(equation.links) > 1 and isinstance(by, Symbol) and by.name in stacked:
        for place in range(count):
            yield _links(equation, lambda link, at=place: _block(link, at, stacked))  # type: ignore[misc]
        return
    yield _links(equation, lambda link: _mapped(link, lambda node: _summed(node, stacked)))


def _block(node: Node, place: int, stacked: Mapping[str, tuple[str, ...]]) -> Node:
    count = len(next(iter(stacked.values())))

    def change(part: Node) -> Node:
        if isinstance(part, Symbol) and part.name in stacked:
            return replace(part, name=stacked[part.name][place])
        if isinstance(part, Stack) and len(part.parts) == count:
            return part.parts[place]
        return part

    return _mapped(node, change)


def _summed(node: Node, stacked: Mapping[str, tuple[str, ...]]) -> Node:
    """dA Wx^T is the sum of the gates' products."""
    if not isinstance(node, Product):
        return node
    names = [part.name for part in walk(node) if isinstance(part, Symbol) and part.name in stacked]
    if not names:
        return node
    if len(names) != 2:
        raise CannotBindError(names[0])
    count = len(stacked[names[0]])
    terms = tuple(_block(node, place, stacked) for place in range(count))
    return Sum(terms, (1,) * count, span=node.span)


def mixes_letters(reading: Reading) -> bool:
    """Whether one quantity was read from a large and from a small letter: c and C of a text."""
    letters: dict[str, set[str]] = {}
    for equation in reading.equations:
        for node in walk(equation):
            if isinstance(node, Symbol) and node.span is not None:
                written = reading.text[slice(*node.span)].lstrip("\\{ ")
                letters.setdefault(node.name, set()).add(written[:1])
    return any(len(used) > len({one.lower() for one in used}) for used in letters.values())


def uses_both(reading: Reading) -> bool:
    """Whether weights of the input and of the state both occur, and so say which is which."""
    names = {
        node.name[:2]
        for equation in reading.equations
        for node in walk(equation)
        if isinstance(node, Symbol)
    }
    return {"W_", "U_"} <= names


def unstepped(equation: Equation) -> bool:
    """Whether no quantity of an equation says at which step it is."""
    return all(node.time is None for node in walk(equation) if isinstance(node, Symbol))


__all__ = [
    "OTHER_WAYS",
    "CannotBindError",
    "OtherNetError",
    "is_differential",
    "meant",
    "mixes_letters",
    "unstepped",
    "uses_both",
]
