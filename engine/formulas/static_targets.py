"""What can be asked of a static model: its equations, gradients of its loss, and Jacobians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product as every
from typing import Any, cast

from engine.formulas.construction import gradient, substituted
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding
from engine.formulas.evaluation.shapes import loss_of
from engine.formulas.evaluation.static_run import THRESHOLDS
from engine.formulas.models import Model
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.targets import Target
from engine.formulas.tree import BigOperator, Derivative, Index, Node, Symbol, walk, with_children

FORWARD, SLOPE, JACOBIAN = "static-forward", "static-gradient", "static-jacobian"
KINDS = frozenset({FORWARD, SLOPE, JACOBIAN})
# Index values at which a statement is tested at most.
MOST_BINDINGS = 24
_FRESH = tuple("abgpqrsuwxyz")


@dataclass(frozen=True)
class StaticTarget(Target):
    """One question about a static model. ``by``: what a Jacobian is taken with respect to."""

    by: str = ""

    @property
    def static(self) -> StaticModel:
        """The model, as what it is."""
        return cast(StaticModel, self.model)

    @cached_property
    def left(self) -> Node:
        """The left side as the first answer has it."""
        return self.left_of(self.forms[0])

    def left_of(self, form: Form) -> Node:
        """The left side that belongs to one way of writing."""
        letters = [Index.of(0, **{letter: 1}) for letter in form.indices]
        if self.kind == JACOBIAN:
            above, below = (*letters, None, None)[:2]
            return Derivative(Symbol(self.quantity, time=above), Symbol(self.by, time=below))
        outer, time = (None, *letters)[-2:] if letters else (None, None)
        for whole, halves in self.static.interleaved.items():
            if self.quantity in halves[:2] and time is not None:
                return Symbol(whole, time=time + time + halves.index(self.quantity), outer=outer)
        name = Symbol(self.quantity, time=time, outer=outer)
        return gradient(name) if self.kind == SLOPE else name

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """All ways to write the answer, the one to show first."""
        model = self.static
        if self.kind == FORWARD:
            return (model.equations[self.quantity], *model.answers.get(self.quantity, ()))
        key = self.id.removeprefix(f"{model.name}.")
        return model.answers[key]

    def definition(self, left: Node | None = None) -> Node:
        """The node whose value is the truth."""
        return left if left is not None else self.left

    @cached_property
    def functions(self) -> frozenset[str] | None:
        """None of the functions that conventions choose."""
        return frozenset()

    @property
    def output_source(self) -> str | None:
        return None

    def seeds(self, usual: tuple[int, ...]) -> tuple[int, ...]:
        """The runs that decide: more of them where it matters on which side of a bound one is."""
        bounded = "threshold" in self.static.scalars.values()
        return tuple(range(len(THRESHOLDS))) if bounded and len(usual) > 1 else usual

    def answers(self, convention: Convention) -> tuple[Node, ...]:
        """The answers for the target's own left side, in column layout."""
        return self.answers_for(self.left)

    def answers_for(self, left: Node | None) -> tuple[Node, ...]:
        """The answers for a left side, in its own letters."""
        indices = self._own(indices_of(left if left is not None else self.left))
        made = (_with_indices(form, indices, self.static.sizes) for form in self.forms)
        return tuple(dict.fromkeys(tree for tree in made if tree is not None))

    def of_item(self, left: Node) -> bool:
        """Whether a left side is what is asked: where that is the last item, no other one."""
        fixed = {form.indices for form in self.forms}
        if not all(set(letters) & set(self.static.sizes) for letters in fixed):
            return True
        return any(self.left_of(form) == left for form in self.forms)

    def _own(self, indices: tuple[Index, ...]) -> tuple[Index, ...]:
        """The indices of a left side as they count in the quantity itself: i of 2i + 1."""
        if any(self.quantity in halves[:2] for halves in self.static.interleaved.values()):
            pair = indices[-1]
            half = Index.of(0, **{name: weight // 2 for name, weight in pair.coefficients})
            return (*indices[:-1], half + pair.constant // 2)
        return indices


def static_targets(model: StaticModel) -> tuple[StaticTarget, ...]:
    """All targets of a static model."""
    made = []
    computed = tuple(model.equations)
    asked = model.asked
    if asked is None:
        asked = tuple(name for name in computed if name != model.loss)
    base = (*model.inputs, *model.parameters, *model.scalars)
    over = "every index over its whole range"

    def add(label: str, quantity: str, kind: str, given: tuple[str, ...], by: str = "") -> None:
        shape = model.shape(by or quantity) or ("1", "1")
        name = f"{model.name}.{label}"
        made.append(StaticTarget(name, cast(Model, model), quantity, kind, given, shape, over, by))

    for name in asked:
        add(name, name, FORWARD, (*base, *computed[: computed.index(name)]))
    for name in model.sloped:
        given = (*base, *(one for one in computed if one != model.loss))
        add(f"{name}.gradient", name, SLOPE, given)
    for of, by in model.jacobians:
        add(f"{of}.{by}.jacobian", of, JACOBIAN, (*base, *computed), by)
    return tuple(made)


def indices_of(left: Node) -> tuple[Index, ...]:
    """The indices of a left side, in the order of its letters."""
    if isinstance(left, Derivative):
        own = () if loss_of(left.of) is not None else indices_of(left.of)
        return (*own, *indices_of(left.by))
    if not isinstance(left, Symbol):
        return ()
    return tuple(index for index in (left.outer, left.time) if index is not None)


def _with_indices(form: Form, indices: tuple[Index, ...], sizes: Mapping[str, int]) -> Node | None:
    """An answer in other letters; None if it is one for another left side."""
    if len(form.indices) != len(indices):
        return None
    pairs = dict(zip(form.indices, indices, strict=True))
    if any(
        letter in sizes and index != Index.of(0, **{letter: 1}) for letter, index in pairs.items()
    ):
        return None
    pairs = {letter: index for letter, index in pairs.items() if letter not in sizes}
    found = zip(form.indices, indices, strict=True)
    if any(pairs.get(letter, index) != index for letter, index in found):
        return None  # z_i by sigma_j, where the answer is for z_j by sigma_j
    taken = {name for index in indices for name in index.variables}
    tree = _renamed(form.tree, taken - set(form.indices) | (taken & _bound(form.tree)))
    # In two steps, so that i and j can change places.
    for letter in pairs:
        tree = substituted(tree, letter, Index.of(0, **{f"<{letter}>": 1}))
    for letter, index in pairs.items():
        tree = substituted(tree, f"<{letter}>", index)
    return tree


def _bound(tree: Node) -> set[str]:
    return {node.index for node in walk(tree) if isinstance(node, BigOperator)}


def _renamed(node: Node, taken: set[str]) -> Node:
    """The tree with other letters for those bound ones that the left side uses."""
    if isinstance(node, BigOperator) and node.index in taken:
        used = (
            taken
            | _bound(node)
            | {
                name
                for part in walk(node)
                if isinstance(part, Symbol)
                for index in (part.time, part.outer)
                for name in (index.variables if index else ())
            }
        )
        fresh = next(letter for letter in _FRESH if letter not in used)
        body = substituted(node.body, node.index, Index.of(0, **{fresh: 1}))
        node = replace(node, index=fresh, body=body)
    children = list(node.children())
    if not children or not taken:
        return node
    return with_children(node, [_renamed(child, taken) for child in children])


def static_named_by(left: Node, model: StaticModel) -> tuple[tuple[str, Node], ...]:
    """The target of a static model that a left side names, with the left side to evaluate."""
    known = {target.id: target for target in static_targets(model)}

    def named(label: str, node: Node) -> tuple[tuple[str, Node], ...]:
        name = f"{model.name}.{label}"
        return ((name, node),) if name in known and known[name].of_item(node) else ()

    if isinstance(left, Derivative):
        of, by = left.of, left.by
        if not isinstance(by, Symbol):
            return ()
        if loss_of(of) is not None:
            return named(f"{by.name}.gradient", gradient(by))
        return named(f"{of.name}.{by.name}.jacobian", left) if isinstance(of, Symbol) else ()
    if not isinstance(left, Symbol):
        return ()
    left = replace(left, name=model.assigned.get(left.name, left.name))
    if left.name in model.interleaved:
        return named(_half(left, model), left)
    return named(left.name, left)


def _half(left: Symbol, model: StaticModel) -> str:
    """Which of the two quantities that take turns has the columns that a left side names."""
    even, odd, _ = model.interleaved[left.name]
    column = left.time
    if column is None or left.outer is None or any(weight % 2 for _, weight in column.coefficients):
        return ""
    return odd if column.constant % 2 else even


def static_left(target: StaticTarget, links: tuple[Node, ...]) -> Node | None:
    """The left side that a lone right-hand side belongs to, by the indices that it leaves free."""
    model = target.static
    free: set[str] = set()
    for link in links:
        free |= _letters(link, model, frozenset())
    letters = sorted(free - set(model.sizes) - set(model.places))
    counts = {len(set(form.indices) - set(model.sizes)): form for form in reversed(target.forms)}
    form = counts.get(len(letters))
    if form is None:
        return None
    if set(form.indices) - set(model.sizes) == set(letters):
        return target.left_of(form)
    return target.left_of(Form(form.tree, tuple(letters)))


def _letters(node: Node, model: StaticModel, bound: frozenset[str]) -> set[str]:
    """Index letters that no sum binds, also where they stand as values (pos, i)."""
    found: set[str] = set()
    if isinstance(node, Symbol):
        for index in (node.time, node.outer):
            found.update(index.variables if index else ())
        if node.time is None and model.shape(node.name) is None:
            found.add(node.name)
        found -= {model.loss or ""}
    if isinstance(node, BigOperator):
        for index in (node.low, node.high):
            found.update(index.variables if index else ())
        found -= bound
        return found | _letters(node.body, model, bound | {node.index})
    found -= bound
    for child in node.children():
        found |= _letters(child, model, bound)
    return found


def static_unbound(target: StaticTarget, left: Node, links: tuple[Node, ...]) -> str | None:
    """An index variable that neither a sum nor the left side binds."""
    from engine.formulas.statements import free_indices

    model = target.static
    bound = free_indices(left) | set(model.sizes) | set(model.places)
    free: set[str] = set()
    for link in links:
        free |= free_indices(link)
    strange = sorted(free - bound)
    return strange[0] if strange else None


def static_bindings(target: StaticTarget, left: Node) -> tuple[Binding, ...]:
    """All values of the indices of the left side within their ranges."""
    model = target.static
    sizes = dict(model.sizes)
    places = list(_ranges(left, model, sizes))
    variables = sorted({name for index, _ in places for name in index.variables} - set(sizes))
    variables = [name for name in variables if name not in model.places]
    largest = max([*sizes.values(), 1]) + model.first + 1
    found: list[Binding] = []
    for values in every(range(-1, largest), repeat=min(len(variables), 3)):
        chosen = dict(zip(variables, values, strict=False))
        known: dict[str, int] = {**sizes, **chosen}
        inside = all(
            model.first <= index.value(known) < model.first + size
            for index, size in places
            if not set(index.variables) & set(model.places)
        )
        if inside:
            found.append(Binding(chosen, 1, 0))
    if len(found) > MOST_BINDINGS:
        gap = len(found) / MOST_BINDINGS
        found = [found[int(i * gap)] for i in range(MOST_BINDINGS)]
    return tuple(found)


def _ranges(
    node: Node, model: StaticModel, sizes: Mapping[str, int]
) -> Iterator[tuple[Index, int]]:
    """Every index of a left side with the size that it picks from."""
    if isinstance(node, Derivative):
        if loss_of(node.of) is None:
            yield from _ranges(node.of, model, sizes)
        yield from _ranges(node.by, model, sizes)
    elif isinstance(node, Symbol):
        rows, columns = (sizes.get(letter, 1) for letter in model.shape(node.name) or ("1", "1"))
        if node.name in model.families and node.time is not None:
            yield node.time, sizes[model.families[node.name]]
            return
        if node.outer is not None:
            yield node.outer, rows
        if node.time is not None:
            yield node.time, columns if node.outer is not None else rows


def with_static_limits(node: Node, model: StaticModel) -> Node:
    """The formula with the limits of every sum that leaves them out; spans are kept."""
    children = list(node.children())
    if not children:
        return node
    changed = [with_static_limits(child, model) for child in children]
    if any(new is not old for new, old in zip(changed, children, strict=True)):
        node = with_children(node, changed)
    if isinstance(node, BigOperator) and node.low is None and node.high is None:
        letter = model.size_picked(node.body, node.index)
        if letter is not None:
            last = Index.of(model.first - 1, **{letter: 1})
            return replace(node, low=Index.of(model.first), high=last)
    return node


def static_missing(target: StaticTarget, link: Node) -> str | None:
    """Why a true link is no full answer: it uses what was asked for, or what is not given."""
    model = target.static
    order = {name: place for place, name in enumerate(model.equations)}
    own = order.get(target.by or target.quantity, -1)
    for node in walk(link):
        if isinstance(node, Derivative):
            name = node.by.name if isinstance(node.by, Symbol) else ""
            if loss_of(node.of) is None or target.kind == FORWARD:
                return "asked-for" if target.kind == JACOBIAN else "not-given"
            if target.kind == SLOPE and name == target.quantity:
                return "asked-for"
            if target.kind == JACOBIAN or order.get(name, -1) <= own:
                return "not-given"
        elif isinstance(node, Symbol) and target.kind == FORWARD and node.name in order:
            if node.name == target.quantity:
                return "asked-for"
            if order[node.name] > own:
                return "not-given"
    return None


def is_static_target(target: Any) -> bool:
    """Whether a target asks about a static model."""
    return isinstance(target, StaticTarget)
