"""The decision on one statement: under which convention it holds, or how it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from engine.formulas.checking import LinkCheck, check
from engine.formulas.conventions import (
    NOTATIONAL,
    OF_EQUATIONS,
    OPEN,
    VALUES,
    Convention,
    Mentions,
    admissible,
    differing,
)
from engine.formulas.evaluation.binding import Budget, BudgetExceededError
from engine.formulas.evaluation.elaboration import ElaborationError, ShapeError, elaborate
from engine.formulas.evaluation.shapes import Layout, loss_index
from engine.formulas.mistakes.explanation import Naming, name
from engine.formulas.mistakes.fingerprints import Site, right_summands
from engine.formulas.statements import Statement, all_index_names, mentions_lag, unbound_index
from engine.formulas.static_targets import StaticTarget, static_missing
from engine.formulas.targets import Target
from engine.formulas.tree import BigOperator, Derivative, Index, Node, Symbol, size_of, walk

# Conventions under which the mistakes of a wrong formula are looked for.
MOST_SITES = 6
FEW_SITES = 4
DEEP_SITES = 2
SEARCH_BUDGET = 30_000
NOT_NAMED = Naming((), False)


@dataclass(frozen=True)
class Finding:
    """What was found of a statement. ``worst`` is the first wrong link (else the last link)."""

    statement: Statement
    outcome: str
    convention: Convention
    worst: Node
    assumptions: Mapping[str, str] = field(default_factory=dict)
    link: int | None = None
    naming: Naming = NOT_NAMED
    shapes: tuple[ShapeError, ...] = ()
    outside: frozenset[str] = frozenset()
    reason: str | None = None
    about: str = ""


def decide(
    statement: Statement,
    stated: Mapping[str, str],
    budget: Budget,
    layouts: tuple[str, ...] | None = None,
    *,
    depth: int = 3,
) -> Finding:
    """Judges one statement. Raises ``BudgetExceededError``.

    ``depth``: how many mistakes in one summand are looked for; with 0 none, and below 0 nothing
    is asked but whether it is right.
    """
    tried = _tried(statement, layouts)
    checks = _Checks(statement, budget)
    fixed = dict(stated)
    if stated:
        # Whoever states anything asks for the whole gradient, unless the scope is stated too.
        fixed.setdefault("scope", "whole")
    as_stated = list(tried(fixed))
    if not as_stated:  # the target leaves nothing to choose that goes with these symbols
        return checks.stuck(Convention(), "not-evaluable")
    strange = unbound_index(statement)
    if strange is not None:
        return replace(checks.stuck(as_stated[0], "undeclared-symbol"), about=strange)
    accepted = [one for one in as_stated if checks.holds(one)]
    if accepted:
        return _accepted(statement, accepted, as_stated, fixed, checks)
    undecided = checks.undecided(as_stated)
    if undecided is not None:
        return undecided
    if any(key in stated for key in NOTATIONAL):
        others = [one for one in tried(stated, elsewhere=True) if one not in as_stated]
        others.sort(key=lambda one: len(differing(one, fixed)))
        for convention in others:
            if checks.holds(convention):
                found = _accepted(statement, [convention], [convention], fixed, checks)
                if found.outcome == "correct":
                    assumptions = {**found.assumptions, **differing(convention, fixed)}
                    as_wrong = _wrong(statement, as_stated, fixed, checks, budget, min(depth, 2))
                    naming = as_wrong.naming if as_wrong.naming.complete else NOT_NAMED
                    return replace(
                        found, outcome="correct_elsewhere", assumptions=assumptions, naming=naming
                    )
    if depth < 0:
        return Finding(statement, "wrong", as_stated[0], statement.links[-1])
    return _wrong(statement, as_stated, fixed, checks, budget, depth)


def holds(
    statement: Statement,
    stated: Mapping[str, str],
    budget: Budget,
    layouts: tuple[str, ...] | None = None,
    written: Statement | None = None,
) -> bool:
    """Whether a statement is right under some convention that agrees with what is stated.

    ``written`` is the statement whose symbols say which conventions may be meant. Raises
    ``BudgetExceededError``.
    """
    checks = _Checks(statement, budget)
    return any(map(checks.holds, _tried(written or statement, layouts)(stated)))


def _tried(
    statement: Statement, layouts: tuple[str, ...] | None
) -> Callable[..., Iterator[Convention]]:
    """The conventions that a statement may be meant under, still open in what is stated."""
    target = statement.target
    left = (statement.left,) if statement.left is not None else ()
    return partial(
        admissible,
        target.kind,
        mentions=Mentions.of(*left, *statement.links),
        layouts=layouts,
        concerned=target.functions,
        source=target.output_source,
        label=target.model.label,
        model=target.model,
    )


class _Checks:
    """The checks of all links, remembered by convention."""

    def __init__(self, statement: Statement, budget: Budget) -> None:
        self.statement = statement
        self.budget = budget
        self.known: dict[Convention, tuple[LinkCheck, ...]] = {}

    def of(self, convention: Convention) -> tuple[LinkCheck, ...]:
        if convention not in self.known:
            statement = self.statement
            made = []
            for link in statement.links:
                result = check(link, statement.target, convention, statement.left, self.budget)
                made.append(result)
                if result.status not in {"right", "formal"}:
                    break
            self.known[convention] = tuple(made)
        return self.known[convention]

    def holds(self, convention: Convention) -> bool:
        results = self.of(convention)
        return all(one.status in {"right", "formal"} for one in results) and any(
            one.right for one in results
        )

    def undecided(self, conventions: list[Convention]) -> Finding | None:
        """The reason why no convention decides the statement, if that is so."""
        results = [result for one in conventions for result in self.of(one)]
        # Where a formula does not even fit, it says nothing on whether it can be evaluated.
        fitting = [result for result in results if result.status != "misshapen"]
        stuck = [result for result in fitting if result.status in {"unbound", "vacuous"}]
        if stuck and not any(result.status in {"wrong", "right"} for result in fitting):
            reason = stuck[0].reason or "vacuous-term"
            return self.stuck(conventions[0], reason, stuck[0].name)
        if all(result.status == "formal" for result in results):
            return self.stuck(conventions[0], "formal-step", "")
        return None

    def stuck(self, convention: Convention, reason: str, about: str = "") -> Finding:
        return Finding(
            self.statement,
            "undecided",
            convention,
            self.statement.links[-1],
            reason=reason,
            about=about,
        )


def _accepted(
    statement: Statement,
    accepted: list[Convention],
    tried: list[Convention],
    stated: Mapping[str, str],
    checks: _Checks,
) -> Finding:
    convention = accepted[0]
    assumptions = _needed(convention, accepted, tried, stated, statement.target)
    right = [
        link
        for link, result in zip(statement.links, checks.of(convention), strict=True)
        if result.right
    ]
    reasons = [missing_of(link, statement, convention) for link in right]
    if all(reasons):
        return Finding(
            statement, "incomplete", convention, right[-1], assumptions, reason=reasons[-1]
        )
    asked = replace(statement, asked=True)
    full = (link for link in right if not missing_of(link, asked, convention))
    plain = (link for link, why in zip(right, reasons, strict=True) if not why)
    worst = next(full, None) or next(plain)
    return Finding(statement, "correct", convention, worst, assumptions)


def _needed(
    chosen: Convention,
    accepted: list[Convention],
    tried: list[Convention],
    stated: Mapping[str, str],
    target: Target,
) -> dict[str, str]:
    """The unstated conventions without which the statement would not hold."""
    needed = {}
    default = Convention()
    for key in VALUES:
        value = getattr(chosen, key)
        of_equations = key in OF_EQUATIONS and key in target.model.keys
        if key in stated or not (key in OPEN[target.kind] or of_equations):
            continue
        if key in {"layout", "loss"} or of_equations:
            others = [one for one in tried if replace(one, **{key: value}) == chosen]
            if any(one not in accepted for one in others):
                needed[key] = value
        elif value != getattr(default, key):
            needed[key] = value
    return needed


def missing_of(link: Node, statement: Statement, convention: Convention) -> str | None:
    """Why a true link is no full answer: it uses what was asked for, or what is not given."""
    target = statement.target
    if isinstance(target, StaticTarget):
        return static_missing(target, link)
    left = statement.left if statement.left is not None else target.left
    model = target.model
    for node in walk(link):
        if isinstance(node, Derivative) and isinstance(node.by, Symbol):
            name = node.by.name
            if node == left and target.kind.startswith("jacobian"):
                return "asked-for"
            if name in model.parameters and target.kind == "update" and statement.by_itself:
                continue  # W <- W - eta dE/dW says which step is made
            if name in model.parameters:
                part = statement.by_itself and loss_index(node) != _own_loss_index(left)
                if name == target.quantity and not part:
                    return "asked-for"
                if statement.by_itself:
                    continue
                return "not-given"
            if name == model.output and _of_own_loss(node) and not _of_own_loss(left):
                continue  # dE^t/dh^t comes from outside the model: it is given
            adjoint = model.adjoint_of.get(name)
            if model.gradient_of.get(name) == target.quantity:
                if _same_time(node.by.time, left):
                    return "asked-for"
            elif adjoint is None:
                free = target.kind == "output-adjoint" and convention.output == "abstract"
                own = target.kind == "gradient" and not statement.asked  # dE/dz, by the page
                if not (own or statement.by_itself or (free and name == model.output)):
                    return "not-given"
            elif adjoint == target.quantity and _same_time(node.by.time, left):
                return "asked-for"
        elif (
            isinstance(node, Symbol)
            and node.name == target.quantity
            and target.kind not in {"gradient", "update", "jacobian", "jacobian-product"}
            and _same_time(node.time, left)
        ):
            return "asked-for"
    return None


def _own_loss_index(left: Node) -> Index | None:
    return loss_index(left) if isinstance(left, Derivative) else None


def _of_own_loss(node: Node) -> bool:
    """Whether this is dE^t/dh^t: the gradient of one step's loss at that step."""
    if not (isinstance(node, Derivative) and isinstance(node.by, Symbol)):
        return isinstance(node, Symbol) and node.outer is not None
    return loss_index(node) is not None and loss_index(node) == node.by.time


def _same_time(time: Index | None, left: Node) -> bool:
    now = Index.of(0, t=1)
    if isinstance(left, Derivative) and isinstance(left.by, Symbol):
        left = left.by
    own = left.time if isinstance(left, Symbol) else None
    return (time or now) == (own or now)


def _wrong(
    statement: Statement,
    conventions: list[Convention],
    stated: Mapping[str, str],
    checks: _Checks,
    budget: Budget,
    deepest: int,
) -> Finding:
    """Names the mistakes under the convention that explains the formula best.

    Deeper searches (two, three mistakes in one summand) are made only where shallower ones found
    no explanation under any convention.
    """
    sites, near = _sites(statement, conventions, stated, budget)
    first_wrong = max(map(len, map(checks.of, sites)), default=1) - 1
    if deepest:
        sites = _most_alike_first(sites, statement, first_wrong)
    best: Finding | None = None
    # That a formula is wrong is known by now: the search for names may end early.
    search = Budget(SEARCH_BUDGET)
    for depth in range(1, deepest + 1):
        if depth == 2:
            near = _most_alike_first(near, statement, first_wrong)
        for convention in (sites, near[:FEW_SITES], near[:DEEP_SITES])[depth - 1]:
            results = checks.of(convention)
            place = next(
                (i for i, one in enumerate(results) if one.status not in {"right", "formal"}), None
            )
            if place is None:
                continue
            finding = Finding(
                statement,
                "wrong",
                convention,
                statement.links[place],
                link=statement.positions[place] if len(statement.links) > 1 else None,
                naming=_named(statement, convention, place, search, depth),
                shapes=results[place].shape_errors,
                outside=results[place].outside,
            )
            if best is None or finding.naming.order < best.naming.order:
                best = finding
            if best.naming.telling and best.naming.cost == 1:
                return best  # nothing explains more by less
        if best is not None and best.naming.telling:
            break
    if best is None:
        convention = sites[0]
        misfits = [error for result in checks.of(convention) for error in result.shape_errors]
        last = statement.links[-1]
        return Finding(statement, "wrong", convention, last, shapes=tuple(misfits))
    return best


def _named(
    statement: Statement, convention: Convention, place: int, budget: Budget, depth: int
) -> Naming:
    """The mistakes of the first wrong link, and of later ones that add others."""
    gathered: list[Naming] = []
    for at, link in enumerate(statement.links[place:], place):
        if at > place and not _is_wrong(link, statement, convention, budget):
            continue
        try:
            gathered.append(name(link, _site(statement, convention, link), budget, depth))
        except BudgetExceededError:
            gathered.append(NOT_NAMED)
    first = gathered[0]
    seen = {one.code for one in first.mistakes}
    more = [one for naming in gathered[1:] for one in naming.mistakes if one.code not in seen]
    return Naming((*first.mistakes, *more), all(naming.complete for naming in gathered))


def _most_alike_first(
    conventions: list[Convention], statement: Statement, place: int
) -> list[Convention]:
    """Those first under which most summands of the first wrong link are right as they are."""
    link = statement.links[place]

    def different(convention: Convention) -> int:
        return -right_summands(link, _site(statement, convention, link))

    return sorted(conventions, key=different) if len(conventions) > 1 else conventions


def _site(statement: Statement, convention: Convention, link: Node) -> Site:
    lagged = mentions_lag(Mentions.of(link).names)
    return Site(statement.target, convention, statement.left, lagged)


def _is_wrong(link: Node, statement: Statement, convention: Convention, budget: Budget) -> bool:
    """Whether a link is wrong by itself."""
    result = check(link, statement.target, convention, statement.left, budget, seeds=(0,))
    return result.status in {"wrong", "misshapen"}


def _sites(
    statement: Statement,
    conventions: list[Convention],
    stated: Mapping[str, str],
    budget: Budget,
) -> tuple[list[Convention], list[Convention]]:
    """Conventions to look for mistakes under: those whose layout fits best, and those near it.

    A mean explains no mistake that a sum doesn't; one step's share is meant where nothing is
    summed. An output that the formula is written with comes first.
    """
    functions = Mentions.of(*statement.links).functions
    kind, model = statement.target.kind, statement.target.model
    sums = any(isinstance(node, BigOperator) for link in statement.links for node in walk(link))
    plain: list[Convention] = []
    seen: list[tuple[tuple[Node, ...], Convention]] = []
    for convention in conventions:
        changes = {
            key: value
            for key, value in (("reduction", "sum"), ("scope", "whole"))
            if key not in stated
        }
        if kind == "output-adjoint" and "loss" not in stated:
            changes["loss"] = "step"
        shared = kind == "gradient" and not model.constants
        if shared and "scope" not in stated and not sums:
            changes["scope"] = "one-step"
        one = replace(convention, **changes)
        # Biases and the like make no difference to many answers.
        asks = (statement.target.answers(one), replace(one, biases="one", z="", reset=""))
        if asks not in seen:
            seen.append(asks)
            plain.append(one)
    size = sum(map(size_of, statement.links))
    budget.spend(size * len(plain))
    misfits = {one: _misfits(statement, one) for one in plain}
    fewest = min(misfits.values(), default=0)
    plain.sort(
        key=lambda one: (
            misfits[one],
            model.output_losses[one.output].function not in functions,
        )
    )
    best = [one for one in plain if misfits[one] == fewest]
    near = [one for one in plain if misfits[one] <= fewest + 1]
    return best[:MOST_SITES], near[:MOST_SITES]


def _misfits(statement: Statement, convention: Convention) -> int:
    """Shape errors of the links under a convention, the left side included."""
    target = statement.target
    mentions = Mentions.of(*statement.links)
    batch = mentions.reduces or "N" in mentions.symbols
    layout = Layout.of(target.model.under(convention), convention, batch)
    count = 0
    for link in statement.links:
        try:
            names = all_index_names(link, target.definition(statement.left))
            operation, errors = elaborate(link, layout, names)
            truth, _ = elaborate(target.definition(statement.left), layout, names)
        except ElaborationError:
            continue
        count += len(errors) + (operation.shape != truth.shape)
    return count
