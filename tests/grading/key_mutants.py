"""Keys of a bank changed behind its back, one at a time, in the ways in which authors go wrong.

Each mutant says how it was made, and whether there is anything in the item that a program could
hold against it: a claim, a worked check, a recorded run. A key that rests on a source alone can be
caught by nobody but a reader.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from drills.grading import drawing
from drills.grading.numeric import NO_VALUE
from drills.grading.values import agreement, apart, parse_literal
from question_bank.kinds.choice import ChoiceBody
from question_bank.kinds.formula import FormulaBody
from question_bank.kinds.match import MatchBody
from question_bank.kinds.numeric import NumericBody
from question_bank.kinds.order import OrderBody
from question_bank.kinds.predict import PredictBody
from question_bank.kinds.term import TermBody
from question_bank.model import Item


@dataclass(frozen=True)
class Mutant:
    """An item with a wrong key; ``grounds`` is what certification has against it, if anything."""

    how: str
    item: Item
    grounds: bool
    detail: str = ""


def mutants(item: Item, rng: random.Random) -> Iterator[Mutant]:
    """Every mutant of the item's key; where there are very many, some."""
    match item.body:
        case ChoiceBody():
            yield from _options(item, item.body)
            yield from _claims(item, item.body, rng)
        case NumericBody():
            yield from _checks(item, item.body)
            yield from _computations(item, item.body, rng)
        case MatchBody():
            yield from _pairs(item, item.body)
        case OrderBody():
            yield from _steps(item, item.body)
        case PredictBody():
            yield from _predictions(item, item.body)
        case FormulaBody():
            yield from _targets(item, item.body, rng)
        case TermBody():
            yield Mutant("another-term", item, grounds=False)


def _body(item: Item, **changes: Any) -> Item:
    return replace(item, body=replace(item.body, **changes))  # type: ignore[type-var]


def _options(item: Item, body: ChoiceBody) -> Iterator[Mutant]:
    """Another option right; with several right ones, one more or one less."""
    options = body.options
    for index, option in enumerate(options):
        if body.several:
            flipped = replace(option, right=not option.right)
            changed = (*options[:index], flipped, *options[index + 1 :])
            yield Mutant("another-option", _body(item, options=changed), option.claim is not None)
        elif not option.right:
            changed = tuple(replace(o, right=i == index) for i, o in enumerate(options))
            grounds = any(o.claim is not None for o in options if o.right or o is option)
            yield Mutant("another-option", _body(item, options=changed), grounds)


def _claims(item: Item, body: ChoiceBody, rng: random.Random) -> Iterator[Mutant]:
    """What the right option claims: another value, or another computation."""
    for index, option in enumerate(body.options):
        if option.claim is None or not option.right:
            continue
        claim = option.claim
        changed = [replace(claim, equals=value) for value in _other_values(claim.equals)]
        names = [name for name in drawing.computations() if name != claim.compute.name]
        for name in rng.sample(names, 3):
            changed.append(replace(claim, compute=replace(claim.compute, name=name)))
        for wrong in changed:
            mutated = replace(option, claim=wrong)
            options = (*body.options[:index], mutated, *body.options[index + 1 :])
            how = "changed-literal" if wrong.compute == claim.compute else "sibling-computation"
            yield Mutant(how, _body(item, options=options), grounds=True, detail=str(wrong))


def _checks(item: Item, body: NumericBody) -> Iterator[Mutant]:
    """The worked answer: a digit, the value of a known mistake, a transposition."""
    truth = drawing.evaluate(body.truth, body.check.given)
    wrong = [(value, "changed-literal") for value in _other_values(body.check.answer)]
    wrong += [
        (_as_yaml(found.value), "value-of-a-mistake")
        for found in drawing.mistaken(body.truth, body.check.given, None)
    ]
    if isinstance(body.check.answer, list):
        answer = body.check.answer
        turned = (
            [list(row) for row in zip(*answer, strict=True)]
            if isinstance(answer[0], list)
            else answer[::-1]
        )
        wrong.append((turned, "transposition"))
    for value, how in wrong:
        try:
            parsed = parse_literal(value, truth)
        except Exception:
            continue
        # A digit beyond the tolerance of the answer is no other answer.
        if agreement(parsed, truth, body.tolerance) != "yes":
            check = replace(body.check, answer=value)
            yield Mutant(how, _body(item, check=check), grounds=True, detail=str(value))


def _computations(item: Item, body: NumericBody, rng: random.Random) -> Iterator[Mutant]:
    """Another computation, and another literal among the arguments of the right one."""
    names = [name for name in drawing.computations() if name != body.truth.name]
    for name in _siblings(body, names) + rng.sample(names, 3):
        truth = replace(body.truth, name=name)
        yield Mutant("sibling-computation", _body(item, truth=truth), grounds=True, detail=name)
    for key, literal in body.truth.arguments.items():
        if isinstance(literal, bool) or not isinstance(literal, (int, float)):
            continue
        arguments = {**body.truth.arguments, key: literal + 1}
        truth = replace(body.truth, arguments=arguments)
        if _differs(body, truth):
            detail = f"{key} = {literal + 1}"
            mutant = _body(item, truth=truth)
            yield Mutant("changed-argument", mutant, grounds=True, detail=detail)


def _siblings(body: NumericBody, names: list[str]) -> list[str]:
    """Computations that take the same arguments and give something else somewhere."""
    parameters = set(body.truth.arguments)
    return [
        name
        for name in names
        if parameters <= set(drawing.computations()[name].parameters)
        and _differs(body, replace(body.truth, name=name))
    ]


def _differs(body: NumericBody, truth: Any) -> bool:
    """Whether the other computation has another value for the worked check."""
    try:
        other = drawing.evaluate(truth, body.check.given)
        return apart(other, drawing.evaluate(body.truth, body.check.given), body.tolerance)
    except NO_VALUE:
        return True


def _pairs(item: Item, body: MatchBody) -> Iterator[Mutant]:
    """Two partners exchanged, with what they say."""
    for i, one in enumerate(body.pairs):
        for j, other in enumerate(body.pairs[:i]):
            if one.right == other.right:
                continue
            pairs = list(body.pairs)
            both = one.claim is not None and other.claim is not None
            pairs[i], pairs[j] = replace(one, right=other.right), replace(other, right=one.right)
            if one.claim is not None and other.claim is not None:
                says = (other.claim.equals, one.claim.equals)
                pairs[i] = replace(pairs[i], claim=replace(one.claim, equals=says[0]))
                pairs[j] = replace(pairs[j], claim=replace(other.claim, equals=says[1]))
            yield Mutant("swapped-pair", _body(item, pairs=tuple(pairs)), grounds=both)


def _steps(item: Item, body: OrderBody) -> Iterator[Mutant]:
    for before, after in body.bound():
        if after == before + 1:
            steps = list(body.steps)
            steps[before], steps[after] = steps[after], steps[before]
            yield Mutant("swapped-pair", _body(item, steps=tuple(steps)), grounds=False)


def _predictions(item: Item, body: PredictBody) -> Iterator[Mutant]:
    if body.band is not None:
        for part in (-1.5, -1, -0.5, -0.2, 0.2, 0.5, 1, 1.5):
            band = replace(body.band, answer=body.band.answer + part * body.band.within)
            yield Mutant("shifted-band", _body(item, band=band), grounds=True, detail=str(part))
    for index, entry in enumerate(body.options):
        if entry.option.right:
            continue
        options = tuple(
            replace(e, option=replace(e.option, right=i == index))
            for i, e in enumerate(body.options)
        )
        grounds = all(e.states for e in body.options if e.option.right) or bool(entry.states)
        yield Mutant("another-option", _body(item, options=options), grounds)


def _targets(item: Item, body: FormulaBody, rng: random.Random) -> Iterator[Mutant]:
    """Another target of the same model: only a worked formula tells it from the right one."""
    from engine.formulas.targets import TARGETS

    model = body.target.partition(".")[0]
    others = [name for name in TARGETS if name.startswith(f"{model}.") and name != body.target]
    for name in rng.sample(others, min(2, len(others))):
        yield Mutant("sibling-target", _body(item, target=name), bool(body.check), detail=name)


def _other_values(value: Any) -> list[Any]:
    """Slips: one off, a digit more, the sign, halves and doubles; in lists one entry of them."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value + 1, value - 1, 2 * value + 1, -value - 1]
    if isinstance(value, float):
        return [v for v in (value * 1.1 + 0.01, -value - 0.1, value * 2 + 0.1) if v != value]
    if isinstance(value, str):
        try:
            number = Fraction(value)
        except ValueError:
            return []
        slips = (number + 1, -number - 1, number / 2 + 3)
        # −(−½) − 1 is −½ again, which is no slip.
        return [f"{slip.numerator}/{slip.denominator}" for slip in slips if slip != number]
    if isinstance(value, list) and value:
        return [[slip, *value[1:]] for slip in _other_values(value[0])[:2]]
    return []


def _as_yaml(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_yaml(part) for part in value]
    return value if isinstance(value, (int, float)) else str(value)
