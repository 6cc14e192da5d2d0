"""A gate in a place where it does not belong: the reset gate of a GRU.

The reset gate acts on the state of the step before, inside the candidate. Usual slips: it is left
out, it gates the input, the candidate as a whole, or the new state.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas.construction import NOW, hadamard, signal
from engine.formulas.models import Model
from engine.formulas.targets import Target
from engine.formulas.tree import Apply, Node, Product, Sum, Symbol, walk, with_children


def misplaced(form: Node, target: Target) -> Iterator[Node]:
    """The forward equation with the gate left out or elsewhere; nothing where there is none."""
    model = target.model
    if target.kind != "forward" or "reset" not in model.keys:
        return
    gate, candidate = _gate_and_candidate(model)
    if target.quantity in {gate, candidate} or any(_is(node, gate) for node in walk(form)):
        yield from _in_candidate(form, gate)
    elif any(_is(node, candidate) for node in walk(form)):
        for name in (candidate, *sorted(model.states())):
            yield _gated(form, name, gate)


def _gate_and_candidate(model: Model) -> tuple[str, str]:
    """The gate that stands inside another pre-activation, and the signal that this one makes."""
    for name, body in model.equations.items():
        source = body.argument if isinstance(body, Apply) else None
        inner = model.equations.get(source.name) if isinstance(source, Symbol) else None
        for node in walk(inner) if inner is not None else ():
            made = model.equations.get(node.name) if isinstance(node, Symbol) else None
            if isinstance(node, Symbol) and isinstance(made, Apply) and node.time == NOW:
                return node.name, name
    return "", ""


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Symbol) and node.name == name


def _gated(node: Node, name: str, gate: str) -> Node:
    """The tree with the gate beside every place of a signal."""
    if isinstance(node, Symbol):
        return hadamard(signal(gate), node) if node.name == name else node
    children = [_gated(child, name, gate) for child in node.children()]
    return with_children(node, children) if children else node


def _without(node: Node, gate: str) -> Node:
    if isinstance(node, Product):
        kept = [place for place, one in enumerate(node.factors) if not _is(one, gate)]
        if len(kept) == 1:
            return _without(node.factors[kept[0]], gate)
    children = [_without(child, gate) for child in node.children()]
    return with_children(node, children) if children else node


def _in_candidate(form: Node, gate: str) -> Iterator[Node]:
    bare = _without(form, gate)
    if bare == form:
        return
    yield bare
    inner = bare.argument if isinstance(bare, Apply) else bare

    def whole(changed: Node) -> Node:
        return Apply(bare.function, changed) if isinstance(bare, Apply) else changed

    yield hadamard(signal(gate), bare)
    yield whole(hadamard(signal(gate), inner))
    if not isinstance(inner, Sum):
        return
    for place, term in enumerate(inner.terms):
        moved = hadamard(signal(gate), term)
        changed = whole(Sum((*inner.terms[:place], moved, *inner.terms[place + 1 :]), inner.signs))
        if changed != form:
            yield changed
    last = len(inner.terms) - 1
    if last > 1:
        both = hadamard(signal(gate), Sum(inner.terms[:last], inner.signs[:last]))
        yield whole(Sum((both, inner.terms[last]), (1, inner.signs[last])))
