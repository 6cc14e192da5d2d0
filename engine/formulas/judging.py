"""From a reading to a judgement: every equation of it, in one model.

Order: which target -> right as stated? -> incomplete? -> right under one other complete
convention? -> named mistakes -> witness. What cannot be bound or evaluated is undecided with a
reason code, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.formulas.assignments import assigned
from engine.formulas.chain_rule import by_chain_rule, doubt_of_chain
from engine.formulas.evaluation.binding import Budget, BudgetExceededError
from engine.formulas.evaluation.shapes import loss_of
from engine.formulas.judgement import Judgement, MisfitShapes, NamedMistake, shape_text
from engine.formulas.limits import missing_limits, with_limits
from engine.formulas.meanings import USUAL, CannotBindError, meant
from engine.formulas.mistakes.ledger import ledger
from engine.formulas.mistakes.witness import witness
from engine.formulas.models import Model
from engine.formulas.notations import Notation, notations
from engine.formulas.notations.own import own_notation
from engine.formulas.page import page_reason
from engine.formulas.reading import Reading
from engine.formulas.rendering import canonical, display
from engine.formulas.statements import Statement, adapted_left, named_by, split
from engine.formulas.targets import Target, targets_by_id
from engine.formulas.tree import Apply, Derivative, Equation, Node, Symbol, Transpose, walk
from engine.formulas.turning import may_be_last_step, turned
from engine.formulas.verdicts import Finding, decide

DEEPEST = 3
# Of several statements in one text, the one that says most about the answer decides.
_WEIGHT = ("correct", "correct_elsewhere", "incomplete", "undecided", "wrong")


def judge_reading(
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    depth: int = DEEPEST,
    way: str = USUAL,
    budget: Budget | None = None,
) -> Judgement:
    """Judges every equation of a reading; the last word has the most telling one.

    ``depth``: how many mistakes in one summand are looked for. ``way``: how names are meant.
    ``budget``: what is left of the work that one text may cost.
    """
    budget = budget or Budget()
    notation = notations(model)[reading.notation]
    layouts: tuple[str, ...] | None = ("row", "column") if reading.syntax == "numpy" else None
    layouts = (notation.layout,) if notation.strict else layouts
    shown = "; ".join(canonical(equation, notation) for equation in reading.equations)
    lines = tuple(
        line for equation in reading.equations for line in display(equation, None, notation)
    )
    try:
        equations = tuple(
            told
            for one in reading.equations
            for told in meant(one, notation, model, way, asked is not None)
        )
    except CannotBindError as error:
        base = Judgement("undecided", reason="undeclared-symbol", about=error.name)
        return replace(base, reading=shown, display=lines)
    judged = [
        judge_equation(one, asked, stated, model, budget, layouts, notation, depth)
        for one in equations
    ]
    if len(equations) > 1:
        judged = _with_definitions(
            judged, equations, asked, stated, model, budget, layouts, notation, depth
        )
    claims = [one for one in judged if one.reason != "asked-for"] or judged
    best = max(claims, key=lambda one: _WEIGHT.index(one.outcome))
    if best.outcome == "wrong":
        # Every wrong statement has its say, the first one's target and witness stay.
        wrong = [one for one in judged if one.outcome == "wrong"]
        said = {(m.code, m.span): m for one in reversed(wrong) for m in reversed(one.mistakes)}
        best = replace(best, mistakes=tuple(reversed(said.values())))
    return replace(best, reading=shown, display=lines)


def _with_definitions(
    judged: list[Judgement],
    equations: tuple[Equation, ...],
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    layouts: tuple[str, ...] | None,
    notation: Notation,
    depth: int,
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
    last = replace(last, links=tuple(links))
    whole = judge_equation(last, asked, stated, model, budget, layouts, notation, depth)
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
    notation: Notation | None = None,
    depth: int = DEEPEST,
) -> Judgement:
    """Judges one equation, or a lone right-hand side."""
    notation = notation or next(iter(notations(model).values()))
    equation = assigned(equation, model)
    left, links, positions = split(equation)
    if asked is None and _is_defined(left, links, model):
        left, links, positions = links[0], links[1:], positions[1:]
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
            reason = page_reason(found.statement, names, layouts, notation.name)
            if reason is not None:
                found = replace(found, outcome="undecided", reason=reason)
    except BudgetExceededError:
        return Judgement("undecided", target=asked.id if asked else None, reason="too-much-work")
    formal = found is not None and found.reason == "formal-step"
    named = found is not None and found.outcome == "wrong" and not found.naming.mistakes
    open_to_rule = found is None or formal or (named and depth > 0)
    if open_to_rule and asked is None and left is not None:
        by_rule = by_chain_rule(left, links, positions, stated, model, depth)
        said = by_rule is not None and not (named and not by_rule.mistakes)
        if by_rule is not None and said:
            return replace(by_rule, target=found.statement.target.id if found else None)
    if found is None and asked is None and left is not None:
        found = _of_both_sides(left, links, positions, stated, model, budget, layouts, depth)
    if found is None:
        return Judgement("undecided", reason="target-unknown")
    judgement = _judgement(found, notation, budget)
    if judgement.outcome == "correct" and asked is None and left is not None:
        doubt = doubt_of_chain(left, links, positions, stated, model)
        if doubt is not None:
            return replace(doubt, target=judgement.target)
    if unlimited is not None and found.outcome in {"correct", "correct_elsewhere"}:
        judgement = replace(
            judgement, outcome="incomplete", reason="limits-missing", about=unlimited
        )
    if misnamed is not None and asked is not None:
        wrong = NamedMistake(
            "left-side-wrong",
            misnamed.span,
            {
                "found": _shown(misnamed, notation, model),
                "expected": _shown(asked.left, notation, model),
            },
        )
        return replace(
            judgement,
            outcome="wrong",
            mistakes=(wrong, *judgement.mistakes),
            link=judgement.link if judgement.link is not None else 0,
        )
    return judgement


def _is_defined(left: Node | None, links: tuple[Node, ...], model: Model) -> bool:
    """``δ^o = dE/do = ...``: the letter is said to be a gradient that it is not elsewhere.

    Where the letter stands on the right too it would be taken for another one there.
    """
    if len(links) < 2 or not isinstance(left, Symbol) or left.name not in model.gradients:
        return False
    said = links[0]
    if not (isinstance(said, Derivative) and isinstance(said.by, Symbol)):
        return False
    other = model.gradient_of.get(said.by.name)
    if loss_of(said.of) is None or other is None or other == left.name:
        return False
    # δ^f may be said to be dE/df where it is dE/du_f elsewhere, and at its own step only.
    value = model.equations.get(said.by.name)
    source = value.argument if isinstance(value, Apply) else None
    before = isinstance(source, Symbol) and source.name == model.gradients[left.name]
    if not before or left.time != said.by.time:
        return False
    rest = (node for link in links[1:] for node in walk(link))
    return not any(isinstance(node, Symbol) and node.name == left.name for node in rest)


def _of_both_sides(
    left: Node,
    links: tuple[Node, ...],
    positions: tuple[int, ...],
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
    layouts: tuple[str, ...] | None,
    depth: int,
) -> Finding | None:
    """``log P(y) / L = Σ log p_t / L``: two ways to write one thing, where both are right."""
    if isinstance(left, Symbol | Derivative) or depth > 0:
        return None
    sides, places = (left, *links), (positions[0] - 1, *positions)
    try:
        found, _ = _find(None, sides, places, None, stated, model, budget, layouts, 0)
    except BudgetExceededError:
        return None
    return found if found is not None and found.outcome == "correct" else None


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
            return _best([decided(targets_by_id(model)[name], of) for name, of in names]), None
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
        target for target in targets_by_id(model).values() if kinds is None or target.kind in kinds
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


def _judgement(finding: Finding, notation: Notation, budget: Budget) -> Judgement:
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


def _mistakes(finding: Finding, notation: Notation) -> tuple[NamedMistake, ...]:
    made = []
    model = finding.statement.target.model
    for named in finding.naming.mistakes:
        at = {}
        if named.found is not None:
            at["found"] = _shown(named.found, notation, model)
        if named.expected is not None:
            at["expected"] = _shown(named.expected, notation, model)
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


def _shown(node: Node, notation: Notation, model: Model) -> str:
    """A formula in the learner's notation, or in the model's own names where that lacks one."""
    try:
        return canonical(node, notation)
    except KeyError:
        return canonical(node, own_notation(model))
