"""The handbook against the engine and itself: every name is known, every trap is one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from drills.grading import drawing
from drills.locale import text
from engine.mistakes import MISTAKE_CODES
from question_bank.nearest import nearest
from question_bank.problems import Problem
from question_bank.text import Place, Text

if TYPE_CHECKING:
    from question_bank.model import Bank
    from question_bank.pages import Topic, Trap

MOST: Final = 56
"""Cells of a line of a diagram: a screen of 60 columns shows it whole."""


def page_problems(bank: Bank) -> Iterator[Problem]:
    """What is wrong with the pages, at file:line:column."""
    for topic in bank.topics.values():
        yield from _names(topic, bank)
        yield from _diagram(topic)
        for index, count in enumerate(topic.counts):
            yield from _count(topic, f"counts/{index}", count.compute)
        for index, trap in enumerate(topic.traps):
            yield from _trap(topic, f"traps/{index}", trap)


def _names(topic: Topic, bank: Bank) -> Iterator[Problem]:
    from engine.formulas.models.static import all_models
    from engine.formulas.targets import TARGETS

    models = [model.name for model in all_models()]
    for path, what, names, valid in (
        ("models", "model", topic.models, models),
        ("terms", "term", topic.terms, bank.terms),
        ("see", "page", topic.see, bank.topics),
    ):
        for index, name in enumerate(names):
            if name not in valid:
                place = topic.place_of(f"{path}/{index}")
                yield _unknown(place, f"handbook.check.{what}", name, valid)
    for index, name in enumerate(topic.derivations):
        if name not in TARGETS:
            place = topic.place_of(f"derivations/{index}")
            yield _unknown(place, "grading.resolve.target", name, TARGETS)


def _diagram(topic: Topic) -> Iterator[Problem]:
    if topic.diagram is None:
        return
    place = topic.place_of("diagram")
    lines = topic.diagram.en.split("\n")
    widest = max(map(len, lines))
    if widest > MOST:
        yield Problem(place, text("handbook.check.wide", width=widest, most=MOST))
    strange = sorted({sign for line in lines for sign in line if not sign.isascii()})
    if strange:
        yield Problem(place, text("handbook.check.ascii", found=" ".join(strange)))


def _count(topic: Topic, path: str, compute: Any) -> Iterator[Problem]:
    computations = drawing.computations()
    if compute.name not in computations:
        place = topic.place_of(f"{path}/compute")
        yield _unknown(place, "grading.resolve.computation", compute.name, computations)
        return
    try:
        drawing.evaluate(compute, {})
    except ValueError as error:
        argument = getattr(error, "argument", "")
        place = topic.place_of(f"{path}/with/{argument}" if argument else path)
        reason = f"{argument} {getattr(error, 'what', error)}".strip()
        message = text("grading.resolve.value", name=compute.name, reason=reason)
        yield Problem(place, message, tuple(getattr(error, "nearest", ())))


def _trap(topic: Topic, path: str, trap: Trap) -> Iterator[Problem]:
    from engine.formulas.judge import judge
    from engine.formulas.notations import notations
    from engine.formulas.targets import TARGETS

    if trap.mistake not in MISTAKE_CODES:
        place = topic.place_of(f"{path}/mistake")
        yield _unknown(place, "grading.resolve.mistake", trap.mistake, MISTAKE_CODES)
        return
    if trap.target is None or trap.formula is None:
        return
    target = TARGETS.get(trap.target)
    if target is None:
        place = topic.place_of(f"{path}/target")
        yield _unknown(place, "grading.resolve.target", trap.target, TARGETS)
        return
    known = notations(target.model)
    if trap.notation is not None and trap.notation not in known:
        place = topic.place_of(f"{path}/notation")
        yield _unknown(place, "handbook.check.notation", trap.notation, known)
        return
    # The engine has the last word on whether it is a mistake, and which one.
    notation = trap.notation or next(iter(known))
    judged = judge(trap.formula, target=trap.target, notation=notation)
    place = topic.place_of(f"{path}/formula")
    codes = [one.code for one in judged.mistakes]
    if judged.outcome == "not_understood":
        yield Problem(place, text("handbook.check.unread"))
    elif judged.outcome != "wrong" or trap.mistake not in codes:
        found = ", ".join(codes) or "-"
        outcome = judged.outcome
        yield Problem(
            place,
            text("handbook.check.trap", code=trap.mistake, outcome=outcome, found=found),
        )


def _unknown(
    place: Place, key: str, name: str, valid: Collection[str] | Mapping[str, Any]
) -> Problem:
    message: Text = text(key, name=name)
    return Problem(place, message, nearest(name, valid))
