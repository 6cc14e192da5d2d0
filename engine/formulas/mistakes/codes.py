"""What a mistake is called: which code an exchange, a lost factor or a lost summand has."""

from __future__ import annotations

from functools import cache

from engine.formulas.construction import signal
from engine.formulas.models import Model
from engine.formulas.models.static import is_static
from engine.formulas.notations import LENGTHS
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)

# Which name wins when several mistakes are the same computation: the likelier one first.
PRIORITY = (
    "learning-rate-dropped",
    "bias-correction-dropped",
    "wrong-parameter",
    "derivative-of-wrong-argument",
    "left-side-wrong",
    "reset-misplaced",
    "gate-roles-swapped",
    "states-confused",
    "wrong-signal",
    "index-shifted",
    "transpose-dropped",
    "derivative-dropped",
    "recurrent-path-dropped",
    "output-path-dropped",
    "bias-dropped",
    "activation-dropped",
    "label-sign",
    "sign-flipped",
    "branches-swapped",
    "sum-dropped",
    "sum-shortened",
    "sum-starts-late",
    "sum-lengthened",
    "sum-added",
    "parentheses-dropped",
    "parentheses-misplaced",
    "outer-product-transposed",
    "order-swapped",
    "matrix-for-elementwise",
    "elementwise-for-matrix",
    "activation-added",
    "activation-wrong",
    "mean-for-sum",
    "normalisation-dropped",
    "mask-misplaced",
    "axis-wrong",
    "factor-dropped",
    "term-dropped",
    "factor-added",
    "transpose-added",
    "scale-wrong",
    "power-dropped",
    "term-added",
    "product-lengthened",
    "product-of-power",
)
RANK = {code: rank for rank, code in enumerate(PRIORITY)}
ROLES = frozenset({"gate-roles-swapped", "states-confused"})
SCALAR_NAMES = frozenset({"eps", "N"}) | LENGTHS
# A model with more gradients than these has some that stay within one step.
MOST_NAMED = 3


def is_scalar(node: Node) -> bool:
    """Whether a node is a number or a scalar quantity."""
    return isinstance(node, Number) or (isinstance(node, Symbol) and node.name in SCALAR_NAMES)


def code_of_factor(factor: Node) -> str:
    """The code of leaving out a factor."""
    if isinstance(factor, Symbol) and factor.name in ("eps", "eta"):
        return "learning-rate-dropped"
    if isinstance(factor, Apply) and factor.order:
        return "derivative-dropped"
    if isinstance(factor, Number | Quotient):
        return "scale-wrong"
    return "derivative-dropped" if is_slope_of_tanh(factor) else "factor-dropped"


def is_slope_of_tanh(node: Node) -> bool:
    """1 - a², the slope of tanh in its value."""
    match node:
        case Sum(terms=(Number(value=one), Power()), signs=(1, -1)):
            return one == 1
    return False


@cache
def gates_of(model: Model) -> frozenset[str]:
    """Signals between 0 and 1 that a model multiplies others with, and their pre-activations."""
    found: set[str] = set()
    for name, body in model.equations.items():
        if isinstance(body, Apply) and body.function == "sigmoid":
            found |= {name, *(part.name for part in (body.argument,) if isinstance(part, Symbol))}
    return frozenset(found)


def code_of_exchange(name: str, other: str, model: Model) -> str:
    """The code of writing one signal, or the gradient of one, for another."""
    if name in model.gradients and other in model.gradients:
        inner, outer = model.gradients[name], model.gradients[other]
        for source, value in ((inner, outer), (outer, inner)):
            body = model.equations.get(value)
            if isinstance(body, Apply) and body.argument == signal(source):
                return "derivative-dropped" if source == inner else "factor-added"
        name, other = inner, outer
    if {name, other} <= gates_of(model) and not _one_gate(name, other, model):
        return "gate-roles-swapped"
    return "states-confused" if {name, other} <= model.states() else "wrong-signal"


def _one_gate(name: str, other: str, model: Model) -> bool:
    """Whether one is the other's pre-activation."""
    bodies = ((model.equations.get(one), two) for one, two in ((name, other), (other, name)))
    return any(isinstance(body, Apply) and body.argument == signal(two) for body, two in bodies)


def code_of_term(term: Node, model: Model) -> str:
    """The code of leaving out a summand."""
    names = {part.name for part in walk(term) if isinstance(part, Symbol)}
    times = [
        part.time
        for part in walk(term)
        if isinstance(part, Symbol) and part.name not in model.parameters and part.time is not None
    ]
    if names & set(model.biases):
        return "bias-dropped"
    if isinstance(term, Number) or is_static(model):
        return "term-dropped"
    adjoints = names & set(model.gradients)
    if adjoints:
        recurrent = any(model.gradients[name] in model.recurrent() for name in adjoints)
        if not any(isinstance(part, BigOperator) for part in walk(term)):
            if recurrent and len(model.adjoints) > MOST_NAMED and not _comes_back(term, model):
                own = model.gradient_of.get(model.output)
                return "output-path-dropped" if own in names else "term-dropped"
            return "recurrent-path-dropped" if recurrent else "output-path-dropped"
    elif names & {*model.parameters, *model.states()} and any(time.constant < 0 for time in times):
        return "recurrent-path-dropped"
    return "term-dropped"


def _comes_back(term: Node, model: Model) -> bool:
    """Whether a summand of a gradient is what a later step sends back."""
    reads = {
        part.name
        for body in model.equations.values()
        for product_ in walk(body)
        if isinstance(product_, Product)
        and any(isinstance(one, Symbol) and one.name in model.states() for one in walk(product_))
        for part in product_.factors
        if isinstance(part, Symbol) and part.name in model.parameters
    }
    for part in walk(term):
        of_gradient = isinstance(part, Symbol) and part.name in model.gradients
        if of_gradient and isinstance(part, Symbol) and part.time is not None:
            later = part.time.constant > 0 or set(part.time.variables) - {"t"}
            if later:
                return True
        if isinstance(part, Symbol) and part.name in reads:
            return True
    return False
