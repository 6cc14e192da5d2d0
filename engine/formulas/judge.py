"""From a formula as typed to a judgement: the pipeline's last stage.

Order: understood? -> which target -> right as stated? -> incomplete? -> right under one other
complete convention? -> named mistakes -> witness. What cannot be bound or evaluated is undecided
with a reason code, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.formulas.conventions import Convention, checked
from engine.formulas.evaluation.binding import Budget, BudgetExceededError
from engine.formulas.limits import missing_limits, with_limits
from engine.formulas.mistakes.ledger import LedgerRow, ledger
from engine.formulas.mistakes.witness import witness
from engine.formulas.models import Model
from engine.formulas.models.static import model_named
from engine.formulas.notations import notations
from engine.formulas.page import page_reason
from engine.formulas.reading import Reading, read
from engine.formulas.rendering import canonical, display
from engine.formulas.statements import Statement, adapted_left, named_by, split
from engine.formulas.targets import TARGETS, Target
from engine.formulas.tree import Equation, Node, Span, Symbol, Transpose, walk
from engine.formulas.trouble import Trouble
from engine.formulas.turning import may_be_last_step, turned
from engine.formulas.verdicts import Finding, decide

OUTCOMES = ("correct", "correct_elsewhere", "wrong", "incomplete", "undecided", "not_understood")
DEEPEST = 3
# Of several statements in one text, the one that says most about the answer decides.
_WEIGHT = ("correct", "correct_elsewhere", "incomplete", "undecided", "wrong")


@dataclass(frozen=True)
class NamedMistake:
    """A mistake by its code; ``span`` in the text as typed; ``at`` holds rendered strings."""

    code: str
    span: Span | None
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MisfitShapes:
    """Two shapes that do not fit, such as ``H x D`` and ``H x H``, and where."""

    span: Span | None
    left: str
    right: str


@dataclass(frozen=True)
class Judgement:
    """What is known of a formula: codes and values, no prose.

    ``outcome`` is one of ``OUTCOMES``. ``assumptions`` are the conventions that the judgement
    needed. ``link`` is the place of the first wrong link of a chain. ``reason`` is a code for
    undecided, incomplete and not understood: undeclared-symbol, formal-step, target-unknown,
    index-outside-run, too-much-work, asked-for, not-given, vacuous-term, not-evaluable,
    limits-missing, scalar-or-matrix, notations-disagree.
    """

    outcome: str
    mistakes: tuple[NamedMistake, ...] = ()
    reading: str = ""
    display: tuple[str, ...] = ()
    assumptions: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    link: int | None = None
    ledger: tuple[LedgerRow, ...] | None = None
    witness: Mapping[str, Any] | None = None
    reason: str | None = None
    trouble: Trouble | None = None
    shapes: tuple[MisfitShapes, ...] = ()
    about: str = ""


def judge(
    text: str,
    *,
    target: str | None = None,
    notation: str | None = None,
    stated: Mapping[str, str] | None = None,
    model: str = "rnn",
) -> Judgement:
    """Judges a formula as a person typed it.

    Raises ``KeyError`` for an unknown target, notation or model and ``ConventionError`` for an
    unknown convention; never for anything in ``text``.
    """
    conventions = checked(stated)
    asked = TARGETS[target] if target is not None else None
    if asked is not None:
        model = asked.model_name
    reading = read(text, notation, model)
    if not reading.understood:
        code = reading.trouble.code if reading.trouble else "empty"
        return Judgement("not_understood", target=target, reason=code, trouble=reading.trouble)
    try:
        found = judge_reading(reading, asked, conventions, model_named(model))
        if found.outcome != "wrong" or notation is not None:
            return found
        return _as_meant_elsewhere(found, reading, asked, conventions, model_named(model))
    except RecursionError:
        return Judgement("undecided", target=target, reason="too-deep")


def _as_meant_elsewhere(
    found: Judgement,
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
) -> Judgement:
    """A wrong formula, unless another notation that reads it otherwise finds it right.

    Where names are of one source only and nothing fits as first read, that source is meant. Where
    neither is clear nothing is decided.
    """
    for name, other in notations(model.name).items():
        again = read(reading.text, name, model.name) if name != reading.notation else reading
        if not again.understood or again.equations == reading.equations:
            continue
        second = judge_reading(again, asked, stated, model, depth=0)
        if second.outcome == "correct":
            if other.strict and found.shapes:
                return second
            return replace(second, outcome="undecided", reason="notations-disagree")
    return found


def judge_reading(
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    depth: int = DEEPEST,
) -> Judgement:
    """Judges every equation of a reading; the last word has the most telling one.

    ``depth``: how many mistakes in one summand are looked for.
    """
    budget = Budget()
    notation = reading.notation
    layouts: tuple[str, ...] | None = ("row", "column") if reading.syntax == "numpy" else None
    used = notations(model.name)[notation]
    layouts = (used.layout,) if used.strict else layouts
    shown = "; ".join(canonical(equation, notation) for equation in reading.equations)
    lines = tuple(line for equation in reading.equations for line in display(equation, None))
    equations = reading.equations
    judged = [
        judge_equation(one, asked, stated, model, budget, layouts, notation, depth)
        for one in equations
    ]
    if len(equations) > 1:
        judged = _with_definitions(
            judged, equations, asked, stated, model, budget, layouts, notation
        )
    claims = [one for one in judged if one.reason != "asked-for"] or judged
    best = max(claims, key=lambda one: _WEIGHT.index(one.outcome))
    if best.outcome == "wrong":
        # Every wrong statement has its say, the first one's target and witness stay.
        wrong = [one for one in judged if one.outcome == "wrong"]
        best = replace(best, mistakes=tuple(m for one in wrong for m in one.mistakes))
    return replace(best, reading=shown, display=lines)


def _with_definitions(
    judged: list[Judgement],
    equations: tuple[Equation, ...],
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    layouts: tuple[str, ...] | None,
    notation: str,
) -> list[Judgement]:
    """Earlier equations put into the last one: v = z W_out; y = sigmoid(v + c) is right."""
    from engine.formulas.construction import replaced

    last = equations[-1]
    links = list(last.links)
    for earlier in reversed(equations[:-1]):
        left, body, _ = split(earlier)
        if isinstance(left, Symbol) and left.name in model.signals and len(links) > 1:
            links[1:] = [replaced(link, left, body[-1]) for link in links[1:]]
    if tuple(links) == last.links:
        return judged
    whole = judge_equation(
        replace(last, links=tuple(links)), asked, stated, model, budget, layouts, notation
    )
    if whole.outcome == "correct":
        return [whole]
    return judged if any(one.outcome == "wrong" for one in judged) else [whole]


def judge_equation(
    equation: Equation,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    layouts: tuple[str, ...] | None = None,
    notation: str = "course",
    depth: int = DEEPEST,
) -> Judgement:
    """Judges one equation, or a lone right-hand side."""
    left, links, positions = split(equation)
    if isinstance(left, Transpose) and not may_be_last_step(left):
        # Both sides transposed say the same.
        sides = Equation((left.operand, *map(turned, links)), span=equation.span)
        return _turned_back(
            judge_equation(sides, asked, stated, model, budget, layouts, notation, depth)
        )
    unlimited = next(filter(None, map(missing_limits, links)), None)
    links = tuple(map(with_limits, links))
    try:
        found, misnamed = _find(
            left, links, positions, asked, stated, model, budget, layouts, depth
        )
        open_to_the_page = asked is None and not stated and depth > 0
        if found is not None and found.outcome == "wrong" and open_to_the_page:
            names = {mistake.code for mistake in found.naming.mistakes}
            reason = page_reason(found.statement, names, layouts, notation)
            if reason is not None:
                found = replace(found, outcome="undecided", reason=reason)
    except BudgetExceededError:
        return Judgement("undecided", target=asked.id if asked else None, reason="too-much-work")
    if found is None:
        return Judgement("undecided", reason="target-unknown")
    judgement = _judgement(found, notation, budget)
    if unlimited is not None and found.outcome in {"correct", "correct_elsewhere"}:
        judgement = replace(
            judgement, outcome="incomplete", reason="limits-missing", about=unlimited
        )
    if misnamed is not None and asked is not None:
        wrong = NamedMistake(
            "left-side-wrong",
            misnamed.span,
            {"found": _shown(misnamed, notation), "expected": _shown(asked.left, notation)},
        )
        return replace(
            judgement,
            outcome="wrong",
            mistakes=(wrong, *judgement.mistakes),
            link=judgement.link if judgement.link is not None else 0,
        )
    return judgement


def _turned_back(judgement: Judgement) -> Judgement:
    """The judgement of both sides transposed, told of the sides as they were typed."""
    dropped, added = "transpose-dropped", "transpose-added"
    opposite = {dropped: added, added: dropped}
    mistakes = [
        NamedMistake(opposite.get(one.code, one.code), one.span) for one in judgement.mistakes
    ]
    return replace(judgement, mistakes=tuple(mistakes))


def _find(
    left: Node | None,
    links: tuple[Node, ...],
    positions: tuple[int, ...],
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    layouts: tuple[str, ...] | None,
    deepest: int,
) -> tuple[Finding | None, Node | None]:
    """The best finding over the targets in question, and a left side that names another one."""

    def decided(target: Target, of: Node | None, depth: int = DEEPEST) -> Finding:
        statement = Statement(target, of, links, positions, asked is not None)
        return decide(statement, stated, budget, layouts, depth=min(depth, deepest))

    if left is not None:
        names = named_by(left, model)
        if asked is None:
            return _best([decided(TARGETS[name], of) for name, of in names]), None
        own = next((of for name, of in names if name == asked.id), None)
        if own is not None:
            return decided(asked, own), None
        return decided(asked, adapted_left(asked, links)), left
    if asked is not None:
        return decided(asked, adapted_left(asked, links)), None
    return _guessed(links, model, decided), None


def _best(findings: list[Finding]) -> Finding | None:
    """The most favourable finding; the first where they are equally good."""
    order = ("correct", "correct_elsewhere", "incomplete", "wrong", "undecided")
    return min(findings, key=lambda one: order.index(one.outcome), default=None)


def _guessed(
    links: tuple[Node, ...], model: Model, decided: Callable[..., Finding]
) -> Finding | None:
    """The target of a lone right-hand side: one that it is right for, or else resembles."""
    symbols = {node.name for link in links for node in walk(link) if isinstance(node, Symbol)}
    if not symbols & {*model.signals, *model.parameters, *model.gradients}:
        return None
    kinds = {"update"} if "eps" in symbols else None
    mine = [
        target
        for target in TARGETS.values()
        if target.model_name == model.name and (kinds is None or target.kind in kinds)
    ]
    # First without a look at mistakes: that is what takes time.
    findings = [decided(target, None, 0) for target in mine]
    right = _best([one for one in findings if one.outcome in {"correct", "correct_elsewhere"}])
    if right is not None:
        return right
    named_only = [one for one in findings if one.reason == "asked-for"]
    if named_only:
        return named_only[0]
    failed = [one for one in findings if one.outcome == "wrong"]
    # What it would resemble has its shape, unless it fits nowhere.
    fitting = [one for one in failed if not one.shapes]
    wrong = [one.statement.target for one in fitting or failed]
    named = [decided(target, None, 1) for target in wrong]
    named = [one for one in named if one.naming.complete and one.naming.mistakes]
    named.sort(key=lambda one: one.naming.cost)
    if named and (len(named) == 1 or _fewest_alone(named)):
        return named[0]
    return None


def _fewest_alone(named: list[Finding]) -> bool:
    return named[0].naming.cost < named[1].naming.cost


def _judgement(finding: Finding, notation: str, budget: Budget) -> Judgement:
    statement = finding.statement
    target = statement.target
    shapes = tuple(
        MisfitShapes(error.span, shape_text(error.left), shape_text(error.right))
        for error in finding.shapes
    )
    base = Judgement(
        finding.outcome,
        assumptions=finding.assumptions,
        target=target.id,
        reason=finding.reason,
        shapes=shapes,
        about=finding.about,
    )
    if finding.outcome == "undecided":
        return base
    convention = finding.convention
    rows = ledger(statement, convention, finding.worst, budget)
    mistakes = _mistakes(finding, notation)
    if finding.outcome != "wrong":
        # Right elsewhere: what would be wrong with it as stated is told beside it.
        return replace(base, ledger=rows, mistakes=mistakes)
    seen = witness(statement, convention, finding.worst)
    return replace(base, mistakes=mistakes, link=finding.link, ledger=rows, witness=seen)


def _mistakes(finding: Finding, notation: str) -> tuple[NamedMistake, ...]:
    made = []
    for named in finding.naming.mistakes:
        at = {}
        if named.found is not None:
            at["found"] = _shown(named.found, notation)
        if named.expected is not None:
            at["expected"] = _shown(named.expected, notation)
        span = named.found.span if named.found is not None else None
        made.append(NamedMistake(named.code, span or finding.worst.span, at))
    if not made and finding.shapes:
        error = finding.shapes[0]
        at = {"left_shape": shape_text(error.left), "right_shape": shape_text(error.right)}
        made.append(NamedMistake("shape-wrong", error.span or finding.worst.span, at))
    if not made and finding.outside:
        at = {"found": ", ".join(sorted(finding.outside))}
        made.append(NamedMistake("index-outside-run", finding.worst.span, at))
    return tuple(made)


def _shown(node: Node, notation: str) -> str:
    """A formula in the learner's notation, or the course's where that lacks a name."""
    try:
        return canonical(node, notation)
    except KeyError:
        return canonical(node)


def shape_text(shape: tuple[str, str]) -> str:
    """A shape as people write it."""
    return f"{shape[0]}×{shape[1]}"


__all__ = ["Convention", "Judgement", "LedgerRow", "MisfitShapes", "NamedMistake", "judge"]
