"""Statements made of derivatives alone, such as dL/dW = Σ_k dL/dh_t dh_t/dh_k dh_k/dW.

What such a chain says does not depend on how its factors are laid out, and where they lie is not
said: so it is judged where every quantity is a number. Two things are left open by the fractions
themselves, and one reading has to hold throughout: whether a derivative by a weight is that of its
use at that step or of all before, and whether a path through another state counts.
(Werbos 1990: ordered derivatives; Pascanu et al. 2013: the immediate partial derivative.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from itertools import product as combinations

import numpy as np

from engine.formulas.conventions import Convention, Mentions, admissible
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    BudgetExceededError,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import (
    PARTIAL,
    SLOPES,
    ElaborationError,
    Operation,
    elaborate,
)
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.points import Run, run_for
from engine.formulas.evaluation.shapes import Layout, loss_index, loss_of
from engine.formulas.judgement import Judgement, NamedMistake
from engine.formulas.models import Model
from engine.formulas.models.static import is_static
from engine.formulas.statements import all_index_names, free_indices
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    walk,
    with_children,
)

TOLERANCE = 1e-8
SEEDS = (0, 1)
MOST_REPAIRS = 60
SEARCH = 30_000
_ONE = Index.of(1)


def by_chain_rule(
    left: Node,
    links: tuple[Node, ...],
    positions: tuple[int, ...],
    stated: Mapping[str, str],
    model: Model,
    depth: int,
) -> Judgement | None:
    """The judgement of a statement about derivatives; None if it is none that can be judged.

    Takes no more work than a verdict may.

    Right is only what leaves no layout open: chains of derivatives, what is elementwise, and
    derivatives by a weight, which are written for numbers. What fails for numbers is wrong for
    vectors too.
    """
    if is_static(model) or not model.differentiated or not isinstance(left, Derivative):
        return None
    if not isinstance(left.by, Symbol) or left in links or _is_numbered(left, *links):
        return None
    try:
        return _judged(left, links, positions, stated, model, depth)
    except BudgetExceededError:
        return None


def _judged(
    left: Derivative,
    links: tuple[Node, ...],
    positions: tuple[int, ...],
    stated: Mapping[str, str],
    model: Model,
    depth: int,
) -> Judgement | None:
    budget = Budget()
    wrong = (
        at for at in range(len(links)) if not _holds(left, links[: at + 1], stated, model, budget)
    )
    place = next(wrong, None)
    if place is None:
        if _holds(left, links, stated, model, budget) != "right":
            return Judgement("undecided", reason="notations-disagree")
        scalar = not all(_is_free_of_layout(link, model) for link in links)
        assert isinstance(left.by, Symbol)
        by_weight = loss_of(left.of) is None and left.by.name in model.parameters
        if scalar and not by_weight:
            return Judgement("undecided", reason="formal-step")
        return Judgement("correct", assumptions={"scalar": "yes"} if scalar else {})
    formal = any(_is_formal(node) for link in links for node in walk(link))
    if (loss_of(left.of) is not None and not formal) or not _can_be_valued(left, links, model):
        return None
    if _holds(left, links, stated, model, budget, own_step=True):
        return Judgement("undecided", reason="notations-disagree")  # of one step's own loss
    mistakes: tuple[NamedMistake, ...] = ()
    if depth > 0:
        mistakes = _named(left, links, place, stated, model)
    at = positions[place] if len(links) > 1 else None
    return Judgement("wrong", mistakes=mistakes, link=at)


def doubt_of_chain(
    left: Node,
    links: tuple[Node, ...],
    positions: tuple[int, ...],
    stated: Mapping[str, str],
    model: Model,
) -> Judgement | None:
    """What is to be said of a right formula of which a link in between does not hold.

    Wrong where one mistake explains it, else undecided: how such fractions are meant the page says.
    """
    if is_static(model) or not model.differentiated or not isinstance(left, Derivative):
        return None
    for place, link in enumerate(links):
        if not isinstance(left.by, Symbol) or not any(map(_is_formal, walk(link))):
            continue
        try:
            if not _can_be_valued(left, (link,), model) or _holds(
                left, (link,), stated, model, Budget(), own_step=True
            ):
                continue
        except BudgetExceededError:
            continue
        mistakes = _named(left, (link,), 0, stated, model)
        if mistakes:
            return Judgement("wrong", mistakes=mistakes, link=positions[place])
        return Judgement("undecided", reason="formal-step")
    return None


def _is_numbered(*nodes: Node) -> bool:
    """Whether a weight of another update stands in a statement: C_t is no weight C here."""
    parts = (part for node in nodes for part in walk(node))
    return any(isinstance(part, Symbol) and part.update is not None for part in parts)


def _is_formal(node: Node) -> bool:
    return isinstance(node, Derivative) and loss_of(node.of) is None


def is_slope(left: Node, model: Model) -> bool:
    """Whether a left side is the derivative of one of the model's signals by another quantity."""
    if is_static(model) or not model.differentiated or not isinstance(left, Derivative):
        return False
    of, by = left.of, left.by
    if not (isinstance(of, Symbol) and isinstance(by, Symbol) and of.name in model.equations):
        return False
    return by.name in model.signals or by.name in model.parameters


def _is_free_of_layout(node: Node, model: Model) -> bool:
    """Whether a link holds derivatives and numbers, or signals taken component by component."""
    matrices = {name for name, shape in model.parameters.items() if "1" not in shape}
    for part in walk(node):
        if isinstance(part, Symbol) and part.name in matrices:
            return _only_in_derivatives(node, matrices)
    return True


def _only_in_derivatives(node: Node, names: set[str]) -> bool:
    if isinstance(node, Derivative):
        return True
    if isinstance(node, Symbol):
        return node.name not in names
    return all(_only_in_derivatives(child, names) for child in node.children())


def _can_be_valued(left: Node, links: tuple[Node, ...], model: Model) -> bool:
    """Whether every link has a value where all are numbers, so that it can be wrong."""
    layout = Layout.of(model, Convention(scalar="yes"))
    layout = replace(layout, jacobian=SLOPES[0])
    names = all_index_names(left, *links)
    try:
        for node in (left, *links):
            elaborate(node, layout, names)
    except ElaborationError:
        return False
    bound = free_indices(left) | {"t", "T"}
    return all(free_indices(link) <= bound for link in links)


def _holds(
    left: Derivative,
    links: tuple[Node, ...],
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    own_step: bool = False,
) -> str:
    """Whether one convention and one reading of the fractions makes all links true.

    ``own_step``: the loss may be that of the step of what it is differentiated by.
    Another text where that is not all: earlier steps do not depend on later ones, or a slope holds
    only without the paths through other states.
    """
    best = ""
    mentions = Mentions.of(left, *links)
    kind = "gradient" if loss_of(left.of) is not None else "jacobian"
    tried: set[Convention] = set()
    for one in admissible(kind, stated, mentions, layouts=("column",), model=model):
        convention = replace(one, scalar="yes", layout="column", jacobian="numerator")
        if convention in tried:
            continue
        tried.add(convention)
        own = (False, True) if convention.loss == "step" and own_step else (False,)
        for mode, at_own in combinations(SLOPES, own):
            found = _agree(left, links, convention, mode, model, budget, at_own)
            if found == "right" and mode not in PARTIAL:
                return found
            if found == "right" and loss_of(left.of) is not None:
                return found  # true of the whole, however its parts are meant
            best = best or ("parts" if found == "right" else found)
    return best


def _agree(
    left: Derivative,
    links: tuple[Node, ...],
    convention: Convention,
    mode: str,
    model: Model,
    budget: Budget,
    own_step: bool,
) -> str:
    under = model.under(convention)
    layout = replace(Layout.of(under, convention), jacobian=mode)
    names = all_index_names(left, *links)
    try:
        truth = elaborate(left, layout, names)[0]
        answers = [elaborate(link, layout, names)[0] for link in links]
        seen = Record()
        for seed in SEEDS:
            run = run_for(
                under, "scalar", convention.activation, convention.output, convention.biases, seed
            )
            for binding in _bindings(left, convention, run.steps, own_step):
                if not _same(truth, answers, run, convention, binding, budget, seen):
                    return ""
    except (ElaborationError, EvaluationError, UnboundIndexError, ArithmeticError):
        return ""
    if not seen.truth:
        return ""  # nothing was tested, or what depends on nothing
    return "outside" if seen.outside else "right"


def _same(
    truth: Operation,
    answers: list[Operation],
    run: Run,
    convention: Convention,
    binding: Binding,
    budget: Budget,
    seen: Record,
) -> bool:
    record = Record()
    expected = evaluate(truth, run, convention, binding, budget, record)
    seen.truth = max(seen.truth, float(np.abs(expected).max()))
    for answer in answers:
        got = evaluate(answer, run, convention, binding, budget, record)
        size = float(np.abs(expected).max())
        if not np.isfinite(got).all() or float(np.abs(got - expected).max()) > TOLERANCE * size:
            return False
    seen.outside |= record.outside
    return True


def _bindings(
    left: Derivative, convention: Convention, steps: int, own_step: bool
) -> Iterator[Binding]:
    """Index values for which the left side says something.

    ``own_step``: the loss is that of the step of what it is differentiated by.
    """
    of, by = left.of, left.by
    assert isinstance(by, Symbol)
    loss = loss_index(left)
    symbols = [by] if loss_of(of) is not None else [by, of]
    times = [one.time for one in symbols if isinstance(one, Symbol) and one.time is not None]
    times += [loss] if loss is not None else []
    letters = sorted({name for time in times for name in time.variables} - {"T"})
    whole = convention.loss == "sequence"
    if loss_of(of) is not None and loss is None and "t" not in letters and not whole:
        letters.append("t")  # the step whose loss is meant
    for values in combinations(range(1, steps + 1), repeat=min(len(letters), 3)):
        indices = {"T": steps, **dict(zip(letters, values, strict=False))}
        if any(not 1 <= time.value(indices) <= steps for time in times):
            continue
        if isinstance(of, Symbol) and loss_of(of) is None and of.time and by.time:
            later, earlier = of.time.value(indices), by.time.value(indices)
            if not (earlier < later or (earlier == later and of.name != by.name)):
                continue
        step = loss.value(indices) if loss is not None else indices.get("t", steps)
        if loss is not None and by.time is not None and by.time.value(indices) > step:
            continue
        if (
            whole
            and loss_of(of) is not None
            and by.time is not None
            and by.time.value(indices) >= steps
        ):
            continue  # at the end of the run there is no step after
        if not whole and by.time is not None and loss is None and loss_of(of) is not None:
            step = min(steps, by.time.value(indices) + (0 if own_step else 2))
        indices.setdefault("t", step)
        yield Binding({**indices, "T_t": max(0, step - 1), "tau": step}, step, max(0, step - 1))


# -- mistakes


def _named(
    left: Derivative,
    links: tuple[Node, ...],
    place: int,
    stated: Mapping[str, str],
    model: Model,
) -> tuple[NamedMistake, ...]:
    """One mistake that explains why a link fails: what would make it true."""
    link = links[place]
    for node in walk(link):
        if isinstance(node, BigOperator) and node.kind == "product" and _is_constant_power(node):
            return (NamedMistake("product-of-power", node.span or link.span),)
    search = Budget(SEARCH)
    for code, node, repaired in islice(_repairs(link, tuple(model.equations)), MOST_REPAIRS):
        try:
            mended = _holds(left, (*links[:place], repaired), stated, model, search)
        except BudgetExceededError:
            return ()
        if mended:
            return (NamedMistake(code, node.span or link.span),)
    return ()


def _is_constant_power(node: BigOperator) -> bool:
    """Π_t W^{T-1}: a power that is the product already, taken once for every factor."""
    body = node.body
    return (
        isinstance(body, Power)
        and not isinstance(body.exponent, Number)
        and node.index not in free_indices(body)
    )


def _repairs(link: Node, signals: tuple[str, ...]) -> Iterator[tuple[str, Node, Node]]:
    """Changed links, each with the mistake that it takes back and where that is."""
    for node, put in _places(link):
        match node:
            case BigOperator(kind=kind, low=low, high=high):
                if low is not None and high is not None:
                    for step, side in ((1, "low"), (-1, "low"), (1, "high"), (-1, "high")):
                        code = _of_limit(kind, step, side)
                        ends = (low + step, high) if side == "low" else (low, high + step)
                        yield code, node, put(replace(node, low=ends[0], high=ends[1]))
                if kind == "sum":
                    yield "sum-added", node, put(node.body)
            case Symbol(time=time) if time is not None and time.variables:
                yield "index-shifted", node, put(replace(node, time=time - 1))
                yield "index-shifted", node, put(replace(node, time=time + 1))
            case Product(factors=factors, operators=operators) if len(factors) > 1:
                for at in range(len(factors)):
                    kept = factors[:at] + factors[at + 1 :]
                    signs = operators[: max(at - 1, 0)] + operators[max(at, 1) :]
                    rest = (
                        kept[0] if len(kept) == 1 else replace(node, factors=kept, operators=signs)
                    )
                    yield "factor-added", factors[at], put(rest)
            case Apply(order=0):
                yield "derivative-dropped", node, put(replace(node, order=1))
            case Sum(terms=terms, signs=signs) if len(terms) > 1:
                for at in range(len(terms)):
                    turned = (*signs[:at], -signs[at], *signs[at + 1 :])
                    yield "sign-flipped", terms[at], put(replace(node, signs=turned))
            case Power(base=base):
                yield "power-added", node, put(base)
            case _:
                pass
    for node, put in _places(link):
        if isinstance(node, Symbol) and node.name in signals:
            for other in signals:
                if other != node.name:
                    yield "wrong-signal", node, put(replace(node, name=other))
    for letter, last in (("k", "t"), ("t", "T")):
        if letter in free_indices(link):
            whole = BigOperator("sum", letter, _ONE, Index.of(0, **{last: 1}), link)
            yield "sum-dropped", link, whole


def _of_limit(kind: str, step: int, side: str) -> str:
    fewer = (step > 0) == (side == "low")
    if kind == "product":
        return "product-lengthened" if fewer else "index-shifted"
    if fewer:
        return "sum-lengthened"
    return "sum-starts-late" if side == "low" else "sum-shortened"


def _places(root: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """Every node of a tree, with what puts another one in its place."""
    yield root, lambda new: new
    for at, child in enumerate(root.children()):
        for node, put in _places(child):

            def put_here(new: Node, at: int = at, put: Callable[[Node], Node] = put) -> Node:
                children = list(root.children())
                children[at] = put(new)
                return with_children(root, children)

            yield node, put_here


__all__ = ["by_chain_rule", "doubt_of_chain", "is_slope"]
