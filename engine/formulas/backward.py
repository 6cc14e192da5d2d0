"""Formulas of backward passes, written from the structure of forward equations.

What stands here is form, not truth: canonical answers are made from it, and every one of them is
evaluated against the derivation (tests, and ``register``).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas.construction import (
    gradient,
    minus,
    negative,
    number,
    product,
    signal,
    squared,
    substituted,
    transposed,
)
from engine.formulas.models import Model
from engine.formulas.tree import (
    Apply,
    Index,
    Node,
    Number,
    Product,
    Sum,
    Symbol,
    walk,
    with_children,
)

NOW = Index.of(0, t=1)
OWN, LAG, WHOLE = "own", "lag", "sequence"


def adjoint_tree(model: Model, name: str, time: Index, through: str) -> Node:
    """dE/d(signal at time), written with the gradients of what reads the signal.

    ``through``: ``sequence`` (every reader), ``own`` (readers at the same step: the loss of that
    step), ``lag`` (readers on the recurrent path only: the loss of a later step).
    """
    shares: list[Node] = []
    if name == model.output and through != LAG:
        shares.append(gradient(signal(name, time), Symbol("E", time=time)))
    for reader, when, equation in readers_of(model, name, time, through):
        upstream = upstream_of(model, reader, when, through)
        shares.extend(shares_of(equation, Symbol(name, time=time), upstream))
    return added(shares)


def readers_of(
    model: Model, name: str, time: Index, through: str
) -> tuple[tuple[str, Index, Node], ...]:
    """What reads a signal: each reader, its time step, and its equation at that step."""
    found = []
    recurrent = model.recurrent()
    for reader, equation in model.equations.items():
        if through == LAG and reader not in recurrent:
            continue
        for lag in _lags(equation, name):
            if through == OWN and lag:
                continue
            found.append((reader, time + lag, substituted(equation, "t", time + lag)))
    return tuple(found)


def jacobian_tree(model: Model, name: str, layout: str = "numerator") -> Node | None:
    """d(state at t)/d(state one step earlier); None where gates make it no plain product.

    Numerator layout: a row for each component of the state at t. ``denominator``: its transpose.
    """
    factors = _forward_through(model, name, name)
    if factors is None:
        return None
    if layout == "denominator":
        factors = [one if _is_diagonal(one) else transposed(one) for one in reversed(factors)]
    return product(*factors)


def _forward_through(model: Model, name: str, state: str) -> list[Node] | None:
    """The factors of d(signal at t)/d(state at t - 1), where they are a chain."""
    equation = model.equations[name]
    if isinstance(equation, Apply) and isinstance(equation.argument, Symbol):
        inner = _forward_through(model, equation.argument.name, state)
        slope = Apply("diag", Apply(equation.function, equation.argument, equation.order + 1))
        return None if inner is None else [slope, *inner]
    before = Symbol(state, time=NOW - 1)
    found = None
    for term in equation.terms if isinstance(equation, Sum) else (equation,):
        reads = [node for node in walk(term) if isinstance(node, Symbol)]
        if before in reads:
            plain = isinstance(term, Product) and term.factors[-1] == before and found is None
            if not plain or not isinstance(term, Product) or "hadamard" in term.operators:
                return None
            found = list(term.factors[:-1])
        elif any(node.name in model.equations for node in reads):
            return None
    return found


def _is_diagonal(node: Node) -> bool:
    return isinstance(node, Apply) and node.function == "diag"


def _lags(equation: Node, name: str) -> list[int]:
    """How many steps before the equation's own step a signal is read in it, each once."""
    found = [
        -(node.time.constant if node.time else 0)
        for node in walk(equation)
        if isinstance(node, Symbol) and node.name == name
    ]
    return list(dict.fromkeys(found))


def upstream_of(model: Model, reader: str, when: Index, through: str) -> Node:
    """The gradient of a reader, by its name where it has one that may be used."""
    named = model.adjoint_of.get(reader)
    if named:
        return Symbol(named, time=when)
    if reader == model.output and model.only_for_the_loss:
        return gradient(signal(reader, when))
    return adjoint_tree(model, reader, when, through)


def shares_of(node: Node, leaf: Symbol, upstream: Node) -> Iterator[Node]:
    """What comes back to ``leaf`` through each of its places in ``node``, whose gradient is given.

    Column layout: through a weight W comes W^T, through a function its slope, elementwise; a weight
    itself gets the outer product with what it is multiplied with.
    """
    match node:
        case Symbol():
            if node == leaf:
                yield upstream
        case Sum(terms=terms, signs=signs):
            for term, sign in zip(terms, signs, strict=True):
                for share in shares_of(term, leaf, upstream):
                    yield share if sign > 0 else _negated(share)
        case Apply(function=function, argument=argument, order=order):
            slope = Apply(function, argument, order + 1)
            yield from shares_of(argument, leaf, elementwise(slope, upstream))
        case Product(factors=factors, operators=operators):
            for place, factor in enumerate(factors):
                others = factors[:place], factors[place + 1 :]
                if "hadamard" in operators:
                    through = elementwise(*others[0], *others[1], upstream)
                else:
                    through = _through_matrices(*others, upstream)
                yield from shares_of(factor, leaf, through)


def _through_matrices(before: tuple[Node, ...], after: tuple[Node, ...], upstream: Node) -> Node:
    """(A x B): what comes back to x is A^T (...) B^T; numbers go to the front."""
    numbers = [factor for factor in (*before, *after) if isinstance(factor, Number)]
    left = [transposed(factor) for factor in reversed(before) if factor not in numbers]
    right = [transposed(factor) for factor in reversed(after) if factor not in numbers]
    parts: list[Node] = [*numbers, *left, upstream, *right]
    if len(parts) == 1:
        return upstream
    flat: list[Node] = []
    for part in parts:
        joined = isinstance(part, Product) and set(part.operators) == {"juxtaposed"}
        flat.extend(part.factors if joined and isinstance(part, Product) else [part])
    return product(*flat)


def elementwise(*factors: Node) -> Node:
    """An elementwise product, written without inner brackets."""
    flat: list[Node] = []
    for factor in factors:
        joined = isinstance(factor, Product) and set(factor.operators) == {"hadamard"}
        flat.extend(factor.factors if joined and isinstance(factor, Product) else [factor])
    return product(*flat, operator="hadamard")


def _negated(node: Node) -> Node:
    if isinstance(node, Sum) and len(node.terms) == 1 and node.signs == (-1,):
        return node.terms[0]
    return negative(node)


def added(shares: list[Node]) -> Node:
    """A sum of shares; a negative one is subtracted, and so does not come first if it can."""
    if len(shares) == 1:
        return shares[0]
    parts = [
        (share.terms[0], -1)
        if isinstance(share, Sum) and len(share.terms) == 1 and share.signs == (-1,)
        else (share, 1)
        for share in shares
    ]
    parts.sort(key=lambda part: part[1] < 0)
    return Sum(tuple(node for node, _ in parts), tuple(sign for _, sign in parts))


def in_values(node: Node, model: Model) -> Node:
    """Slopes written with values: o(1 - o) for sigma'(u_o), 1 - tanh(c)^2 for tanh'(c)."""
    if isinstance(node, Apply) and node.order == 1 and node.function in {"sigmoid", "tanh"}:
        value = _value_of(node, model)
        if node.function == "tanh":
            return minus(number(1), squared(value))
        return elementwise(value, minus(number(1), value))
    children = list(node.children())
    if not children:
        return node
    changed = with_children(node, [in_values(child, model) for child in children])
    if isinstance(changed, Product) and set(changed.operators) == {"hadamard"}:
        return elementwise(*changed.factors)
    return changed


def _value_of(slope: Apply, model: Model) -> Node:
    """The value of the function whose slope this is: by its signal's name where it has one."""
    for name, equation in model.equations.items():
        if not isinstance(equation, Apply) or equation.function != slope.function:
            continue
        time = _time_of(equation.argument, slope.argument)
        if time is not None:
            return Symbol(name, time=time)
    return Apply(slope.function, slope.argument)


def _time_of(equation: Node, argument: Node) -> Index | None:
    """The step at which ``equation`` (given at t) is ``argument``, or None."""
    for node in walk(argument):
        if isinstance(node, Symbol) and node.time is not None:
            own = next(n for n in walk(equation) if isinstance(n, Symbol) and n.time is not None)
            if own.name != node.name or own.time is None:
                return None
            time = node.time - own.time.constant
            return time if substituted(equation, "t", time) == argument else None
    return None
