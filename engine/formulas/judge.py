"""From a formula as typed to a judgement: understood? in which model? right there?

Where no target is named, every model is tried whose notations read the text and one of whose
quantities stands on the left. A formula that is right in one of them is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.formulas.conventions import Convention, checked
from engine.formulas.judgement import (
    OUTCOMES,
    Judgement,
    LedgerRow,
    MisfitShapes,
    NamedMistake,
    shape_text,
)
from engine.formulas.judging import judge_reading
from engine.formulas.models import Model
from engine.formulas.models.static import all_models, model_named
from engine.formulas.notations import notations
from engine.formulas.reading import Reading, read
from engine.formulas.statements import named_by, split
from engine.formulas.targets import TARGETS, Target
from engine.formulas.tree import Equation, Transpose

# The most telling judgement of several models, where none finds the formula right.
_ORDER = ("correct", "correct_elsewhere", "incomplete", "wrong", "undecided", "not_understood")


def judge(
    text: str,
    *,
    target: str | None = None,
    notation: str | None = None,
    stated: Mapping[str, str] | None = None,
    model: Model | str | None = None,
) -> Judgement:
    """Judges a formula as a person typed it.

    Raises ``KeyError`` for an unknown target, notation or model and ``ConventionError`` for an
    unknown convention; never for anything in ``text``.
    """
    conventions = checked(stated)
    asked = TARGETS[target] if target is not None else None
    if asked is not None:
        model = asked.model
    if isinstance(model, str):
        model = model_named(model)
    if model is not None:
        return _in_model(read(text, notation, model), asked, conventions, model, notation)
    return _in_any_model(text, conventions, notation)


def _in_any_model(text: str, stated: Mapping[str, str], notation: str | None) -> Judgement:
    """The judgement of the model that the formula is about."""
    best: Judgement | None = None
    for model, reading in _readings(text, notation):
        found = _in_model(reading, None, stated, model, notation)
        if found.outcome == "correct":
            return found
        if best is None or _rank(found) < _rank(best):
            best = found
    assert best is not None
    return best


def _rank(found: Judgement) -> tuple[int, ...]:
    """Sorts first what says most, and says it of the model that the formula fits best."""
    unnamed = not found.mistakes or any(one.code == "shape-wrong" for one in found.mistakes)
    codes = len({one.code for one in found.mistakes})
    undecided = found.outcome == "undecided" and found.reason != "target-unknown"
    place = _ORDER.index("wrong" if undecided else found.outcome)
    return (place, unnamed and not undecided, len(found.shapes), codes)


def _readings(text: str, notation: str | None) -> Iterator[tuple[Model, Reading]]:
    """The text in every model that reads it and has a target of that left side.

    If there is none: as the first model reads it, or fails to.
    """
    fallback: tuple[Model, Reading] | None = None
    said = False
    for model in all_models():
        if notation is not None and notation not in notations(model):
            continue
        reading = read(text, notation, model)
        if fallback is None or (reading.understood and not fallback[1].understood):
            fallback = model, reading
        if reading.understood and any(_states(equation, model) for equation in reading.equations):
            said = True
            yield model, reading
    if not said:
        if fallback is None:
            raise KeyError(notation)
        yield fallback


def _states(equation: Equation, model: Model) -> bool:
    """Whether an equation says something of a quantity of the model."""
    left, _, _ = split(equation)
    if isinstance(left, Transpose):
        left = left.operand
    return left is None or bool(named_by(left, model))


def _in_model(
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    notation: str | None,
) -> Judgement:
    if not reading.understood:
        code = reading.trouble.code if reading.trouble else "empty"
        name = asked.id if asked else None
        return Judgement("not_understood", target=name, reason=code, trouble=reading.trouble)
    try:
        found = judge_reading(reading, asked, stated, model)
        if found.outcome != "wrong" or notation is not None:
            return found
        return _as_meant_elsewhere(found, reading, asked, stated, model)
    except RecursionError:
        return Judgement("undecided", target=asked.id if asked else None, reason="too-deep")


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
    for name, other in notations(model).items():
        again = read(reading.text, name, model) if name != reading.notation else reading
        if not again.understood or again.equations == reading.equations:
            continue
        second = judge_reading(again, asked, stated, model, depth=0)
        if second.outcome == "correct":
            if other.strict and found.shapes:
                return second
            return replace(second, outcome="undecided", reason="notations-disagree")
    return found


__all__ = [
    "OUTCOMES",
    "Convention",
    "Judgement",
    "LedgerRow",
    "MisfitShapes",
    "NamedMistake",
    "judge",
    "shape_text",
]
