"""What a formula can be asked for: targets, generated from a model's forward equations.

For each computed signal its equation; for each named adjoint its recursion (and, on the recurrent
path, the recursion by lag of one step's loss); for each parameter its gradient and its update.
The canonical answers are written from the structure of the equations; that they are right is not
assumed but evaluated, at runs that the derivation made (tests and ``register``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import cast

from engine.formulas.backward import (
    added,
    adjoint_tree,
    in_values,
    jacobian_tree,
    readers_of,
    shares_of,
    upstream_of,
)
from engine.formulas.construction import (
    NOW,
    at,
    gradient,
    hadamard,
    minus,
    parameter,
    product,
    replaced,
    signal,
    substituted,
    summed,
    transposed,
    without,
)
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.shapes import Shape
from engine.formulas.models import Model, models
from engine.formulas.models.static import StaticModel, is_static, static_models
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Node,
    Product,
    Quotient,
    Sum,
    Symbol,
    Transpose,
    walk,
    with_children,
)

LAG = Index.of(0, s=1)
EARLIER = Index.of(0, k=1)
HORIZON = Index.of(0, T_t=1)
END = Index.of(0, T=1)
MOST_DEFINITIONS = 4
# A model with no more has a recursion of its gradients alone.
FEW_GRADIENTS = 2


@dataclass(frozen=True)
class Target:
    """One question. ``shape`` is symbolic, in column layout; ``given`` what an answer may use.

    ``kind``: forward, output-adjoint, adjoint, lag-adjoint, jacobian, gradient, update.
    ``quantifier`` says over what the statement must hold.
    """

    id: str
    model: Model
    quantity: str
    kind: str
    given: tuple[str, ...]
    shape: Shape
    quantifier: str

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def model_name(self) -> str:
        return self.model.name

    @cached_property
    def left(self) -> Node:
        """The left side of the statement, in the model's own names."""
        if self.kind == "jacobian":
            return Derivative(signal(self.quantity), signal(self.quantity, at(-1)))
        if self.kind == "jacobian-product":
            return Derivative(signal(self.quantity), signal(self.quantity, EARLIER))
        if self.kind == "gradient":
            return gradient(parameter(self.quantity))
        if self.kind == "update":
            return parameter(self.quantity, at(1))
        if self.kind == "lag-adjoint":
            return signal(self.quantity, at(-1, s=-1))
        return signal(self.quantity)

    def definition(self, left: Node | None = None) -> Node:
        """The node whose value is the truth: what the left side names, as the run knows it."""
        left = left if left is not None else self.left
        if self.kind == "update":
            name = Symbol(self.quantity)
            return minus(name, product(Symbol("eps"), gradient(name)))
        return left

    @cached_property
    def functions(self) -> frozenset[str] | None:
        """The model's functions that this target has to do with; None: any, through a delta."""
        if self.kind != "forward":
            return None
        nodes = [node for answer in self.answers(Convention()) for node in walk(answer)]
        return frozenset(node.function for node in nodes if isinstance(node, Apply))

    @cached_property
    def of_later_steps(self) -> bool:
        """Whether this is the gradient of an input that no equation of its own step reads."""
        of = self.model.gradients.get(self.quantity)
        if self.kind != "adjoint" or of not in self.model.inputs:
            return False
        return not readers_of(self.model, of, NOW, "own")

    @property
    def output_source(self) -> str | None:
        """The pre-activation of the model's output."""
        equation = self.model.equations[self.model.output]
        argument = equation.argument if isinstance(equation, Apply) else None
        return argument.name if isinstance(argument, Symbol) else None

    def answers(self, convention: Convention) -> tuple[Node, ...]:
        """Canonical right-hand sides in column layout, the one to show first."""
        return _answers(self, convention)


@lru_cache(maxsize=2048)
def _answers(target: Target, convention: Convention) -> tuple[Node, ...]:
    model = target.model.under(convention)
    if model.ends():
        convention = replace(convention, loss="sequence")
    forms = dict.fromkeys(_forms(target, model, convention))
    # Slopes in values first, as they are written and programmed; then as slopes.
    return tuple(dict.fromkeys([*(in_values(form, model) for form in forms), *forms]))


def _forms(target: Target, model: Model, convention: Convention) -> tuple[Node, ...]:
    match target.kind:
        case "forward":
            return tuple(_forward(model, target.quantity, convention))
        case "jacobian":
            tree = jacobian_tree(model, target.quantity, convention.jacobian)
            return () if tree is None else (tree,)
        case "jacobian-product":
            tree = jacobian_tree(model, target.quantity, convention.jacobian)
            if tree is None:
                return ()
            step = substituted(tree, "t", Index.of(0, i=1))
            return (BigOperator("product", "i", EARLIER + 1, NOW, step),)
        case "output-adjoint":
            return tuple(_output_adjoint(model, target.quantity, convention))
        case "adjoint":
            own = convention.loss == "step"
            if own and target.of_later_steps:
                return ()
            through = "own" if own else "sequence"
            return tuple(_spelt_out(model, model.gradients[target.quantity], through))
        case "lag-adjoint":
            time = at(-1, s=-1)
            return (adjoint_tree(model, model.gradients[target.quantity], time, "lag"),)
        case "gradient":
            return tuple(_gradients(model, target.quantity, convention))
        case _:
            old, rate = parameter(target.quantity, NOW), Symbol("eps")
            return tuple(
                minus(old, _with_rate(rate, tree))
                for tree in _gradients(model, target.quantity, convention)
            )


def _with_rate(rate: Node, tree: Node) -> Node:
    """The rate in front: joined to a flat product, beside a sum."""
    if isinstance(tree, Product) and set(tree.operators) == {"juxtaposed"}:
        return product(rate, *tree.factors)
    return product(rate, tree)


def _forward(model: Model, name: str, convention: Convention) -> Iterator[Node]:
    def defined(signal: str) -> Node:
        body = model.equations[signal]
        return without(body, model.biases) if convention.biases == "none" else body

    equation = defined(name)
    yield equation
    # z = f(u) also as f(W_in x + W z' + b): definitions put in, one after the other.
    for _ in range(MOST_DEFINITIONS):
        inner = [
            node
            for node in walk(equation)
            if isinstance(node, Symbol) and node.name in model.equations and node.time == NOW
        ]
        if not inner:
            return
        equation = replaced(equation, inner[0], defined(inner[0].name))
        yield equation


def _spelt_out(model: Model, name: str, through: str) -> Iterator[Node]:
    """A gradient in those of its readers, and in those of their readers at the same step."""
    tree = adjoint_tree(model, name, NOW, through)
    yield tree
    if len(model.adjoints) <= FEW_GRADIENTS or model.only_for_the_loss:
        return
    for _ in range(MOST_DEFINITIONS):
        inner = [
            node
            for node in walk(tree)
            if isinstance(node, Symbol)
            and node.time == NOW
            and model.gradients.get(node.name) not in {None, name, model.output}
        ]
        if len(inner) != 1 or isinstance(tree, Sum):
            return  # of several, each has its own name in what people write
        source = model.gradients[inner[0].name]
        tree = replaced(tree, inner[0], adjoint_tree(model, source, NOW, through))
        yield tree


def _output_adjoint(model: Model, name: str, convention: Convention) -> Iterator[Node]:
    choice = model.output_losses[convention.output]
    forms = choice.adjoint or (adjoint_tree(model, model.gradients[name], NOW, "own"),)
    for form in forms:
        # In an abstract form dE/dy carries the factor of a mean already.
        if convention.reduction == "mean" and convention.loss == "sequence" and choice.adjoint:
            yield Quotient(form, Symbol("T"))
        else:
            yield form


def _gradients(model: Model, name: str, convention: Convention) -> Iterator[Node]:
    """The gradient of a parameter: over lags, over the run, or one step's share."""
    shares: list[Node] = []
    travels = False
    for reader, equation in model.equations.items():
        upstream = upstream_of(model, reader, NOW, "sequence")
        found = list(shares_of(equation, Symbol(name), upstream))
        shares.extend(found)
        travels = travels or (bool(found) and reader in model.recurrent())
    body = added(shares)
    lagged = summed("s", Index(), HORIZON, substituted(body, "t", NOW - LAG))
    if convention.scope == "one-step" or (convention.loss == "step" and not travels):
        yield body
    elif convention.loss == "step":
        yield lagged
    else:
        yield summed("t", Index.of(1), END, body)
        yield lagged


def laid_out(node: Node, model: Model, convention: Convention) -> Node:
    """A column-layout formula rewritten for the convention's layout."""
    if is_static(model):
        from engine.formulas.static_rows import in_rows

        return in_rows(node, cast(StaticModel, model)) if convention.layout == "row" else node
    if convention.layout == "row":
        return _in_rows(node)
    if convention.layout == "numerator":
        return _in_numerator(node, frozenset(model.gradients))
    return node


def _in_rows(node: Node) -> Node:
    """Everything transposed: products turn round, weights and signals are their transposes."""

    if isinstance(node, Product):
        parts = [_in_rows(factor) for factor in node.factors]
        if all(operator == "hadamard" for operator in node.operators):
            return Product(tuple(parts), node.operators)
        front = [part for part in parts if _is_scalar(part)]
        rest = [part for part in parts if not _is_scalar(part)]
        return product(*front, *reversed(rest))
    children = list(node.children())
    if not children or isinstance(node, Derivative):
        return node
    return with_children(node, [_in_rows(child) for child in children])


def _in_numerator(node: Node, adjoints: frozenset[str]) -> Node:
    """The transpose of a column formula in which adjoints are rows already."""

    def turned(part: Node) -> Node:
        return _in_numerator(part, adjoints)

    if isinstance(node, Symbol):
        return node if node.name in adjoints or node.name == "eps" else Transpose(node)
    if isinstance(node, Transpose):
        return transposed(turned(node.operand))
    if isinstance(node, Derivative):
        return node
    if isinstance(node, Apply):
        return node if node.order else Transpose(node)
    if isinstance(node, Product):
        slopes = [part for part in node.factors if isinstance(part, Apply) and part.order]
        others = [part for part in node.factors if part not in slopes]
        if "hadamard" in node.operators:
            # Rows stay side by side; f'(u) is the diagonal that a row is multiplied with.
            rows = [hadamard(*map(turned, others))] if others else []
            return product(*rows, *slopes)
        parts = [turned(part) for part in reversed(others)]
        front = [part for part in parts if _is_scalar(part)]
        return product(*front, *(part for part in parts if part not in front), *slopes)
    children = list(node.children())
    return with_children(node, [turned(child) for child in children]) if children else node


def _is_scalar(node: Node) -> bool:
    if isinstance(node, Symbol):
        return node.name in {"eps", "N", "T"}
    if isinstance(node, Quotient):
        return _is_scalar(node.numerator) and _is_scalar(node.denominator)
    from engine.formulas.tree import Number

    return isinstance(node, Number)


@cache
def targets_by_id(model: Model) -> Mapping[str, Target]:
    """All targets of a model, by id."""
    return {target.id: target for target in targets_of(model)}


def targets_of(model: Model) -> tuple[Target, ...]:
    """All targets of a model."""
    if is_static(model):
        from engine.formulas.static_targets import static_targets

        return static_targets(cast(StaticModel, model))
    made = []
    signals = tuple(model.signals)
    weights = tuple(model.parameters)
    adjoints = tuple(model.adjoint_of.values())
    recurrent = model.recurrent()
    for name in model.equations:
        given = (*(one for one in signals if one not in {name, model.label}), *weights)
        shape = (model.signals[name], "1")
        made.append(_target(model, name, name, "forward", given, shape, "every t from 1 to T"))
    for name, of in model.gradients.items():
        shape = (model.signals[of], "1")
        given = (*signals, *weights, *adjoints)
        if of not in recurrent and of not in model.inputs:
            kind = "output-adjoint"
            made.append(_target(model, name, name, kind, given, shape, "every t from 1 to T"))
            continue
        made.append(_target(model, name, name, "adjoint", given, shape, "every t from 1 to T - 1"))
        # Where a net runs both ways every step's loss reaches every step: there are no lags.
        if (name in model.lagged or of in model.states()) and not model.ends():
            over = "every t and every lag s with t - s - 1 at least 1"
            made.append(_target(model, f"{name}_step", name, "lag-adjoint", given, shape, over))
    for name in sorted(model.states()) if model.differentiated else ():
        if jacobian_tree(model, name) is None:
            continue
        given = (*signals, *weights)
        shape = (model.signals[name], model.signals[name])
        for kind, over in (("jacobian", "every t"), ("jacobian-product", "every k below every t")):
            label = f"{name}.{kind.replace('-', '_')}"
            made.append(_target(model, label, name, kind, given, shape, over))
    for name, shape in model.parameters.items() if model.differentiated else ():
        given = (*signals, *weights, *adjoints)
        over = "every t, and T_t at t - 1 and below; for the loss of the sequence t = T"
        for kind in ("gradient",) if name in model.constants else ("gradient", "update"):
            extra = ("eps",) if kind == "update" else ()
            label = f"{name}.{kind}"
            made.append(_target(model, label, name, kind, (*given, *extra), shape, over))
    asked = {f"{model.name}.{label}" for label in model.asked or ()}
    return tuple(one for one in made if not asked or one.id in asked)


def _target(
    model: Model,
    label: str,
    quantity: str,
    kind: str,
    given: tuple[str, ...],
    shape: Shape,
    quantifier: str,
) -> Target:
    return Target(f"{model.name}.{label}", model, quantity, kind, given, shape, quantifier)


@cache
def _all_targets() -> dict[str, Target]:
    return {
        name: target
        for model in (*models().values(), *static_models().values())
        for name, target in targets_by_id(cast(Model, model)).items()
    }


class _Targets(Mapping[str, Target]):
    """All targets by id, made when first looked at."""

    def __getitem__(self, key: str) -> Target:
        return _all_targets()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_all_targets())

    def __len__(self) -> int:
        return len(_all_targets())


TARGETS: Mapping[str, Target] = _Targets()

__all__ = ["TARGETS", "Target", "adjoint_tree", "laid_out", "targets_by_id", "targets_of"]
