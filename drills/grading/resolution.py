"""Names in the bank against the engine: unknown ones are told at file:line:column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from drills.grading import drawing
from drills.locale import text
from engine.mistakes import MISTAKE_CODES
from question_bank.kinds.choice import ChoiceBody
from question_bank.kinds.code import CodeBody
from question_bank.kinds.formula import FormulaBody
from question_bank.kinds.match import MatchBody
from question_bank.kinds.numeric import NumericBody
from question_bank.kinds.predict import PredictBody
from question_bank.nearest import nearest
from question_bank.problems import Problem
from question_bank.text import Place, Text

if TYPE_CHECKING:
    from question_bank.computing import Compute
    from question_bank.model import Bank, ExerciseEntry, Item


def resolve(bank: Bank) -> list[Problem]:
    """Unknown computations, arguments, codes, targets, conventions, exercises, bugs, runs."""
    problems: list[Problem] = []
    for item in bank.items.values():
        problems += _item_problems(item, bank)
    for entry in bank.exercises.values():
        problems += _exercise_problems(entry)
    for code, mistake in bank.mistakes.items():
        if code not in MISTAKE_CODES:
            problems.append(_unknown(mistake.place, "mistake", code, MISTAKE_CODES))
    if bank.topics:
        from drills.handbook.checks import page_problems

        problems += page_problems(bank)
    if bank.mistakes:
        first = next(iter(bank.mistakes.values())).place
        folder = Place(first.file.rpartition("/")[0] or first.file, 1, 1)
        for code in sorted(MISTAKE_CODES - set(bank.mistakes)):
            problems.append(Problem(folder, text("grading.resolve.no_text", name=code)))
    return problems


def _item_problems(item: Item, bank: Bank) -> Iterator[Problem]:
    body = item.body
    if isinstance(body, NumericBody):
        yield from _compute_problems(item, body.truth, "truth")
        yield from _mistake_problems(item, body)
    elif isinstance(body, ChoiceBody):
        for index, option in enumerate(body.options):
            path = f"options/{index}"
            if option.mistake is not None and option.mistake not in MISTAKE_CODES:
                place = item.place_of(f"{path}/mistake")
                yield _unknown(place, "mistake", option.mistake, MISTAKE_CODES)
            if option.claim is not None:
                yield from _compute_problems(item, option.claim.compute, f"{path}/claim")
    elif isinstance(body, MatchBody):
        for index, pair in enumerate(body.pairs):
            if pair.claim is not None:
                yield from _compute_problems(item, pair.claim.compute, f"pairs/{index}/claim")
    elif isinstance(body, PredictBody):
        yield from _predict_problems(item, body)
    elif isinstance(body, FormulaBody):
        yield from _formula_problems(item, body)
    elif isinstance(body, CodeBody):
        entry = bank.exercises.get(body.exercise)
        if entry is None:
            place = item.place_of("exercise")
            yield _unknown(place, "exercise", body.exercise, bank.exercises)
        elif body.bug is not None and body.bug not in entry.bugs:
            place = item.place_of("bug")
            yield _unknown(place, "bug", body.bug, entry.bugs, exercise=body.exercise)
        elif body.blank is not None:
            letters = re.findall(r"#: ([a-z])(?= begin|[ |]*$|\s*\|)", entry.source, re.MULTILINE)
            if body.blank not in letters:
                place = item.place_of("blank")
                yield _unknown(place, "blank", body.blank, letters, exercise=body.exercise)


def _compute_problems(item: Item, compute: Compute, path: str) -> Iterator[Problem]:
    computations = drawing.computations()
    if compute.name not in computations:
        place = item.place_of(f"{path}/compute")
        yield _unknown(place, "computation", compute.name, computations)
        return
    parameters = computations[compute.name].parameters
    unknown = [name for name in compute.arguments if name not in parameters]
    for name in unknown:
        place = item.place_of(f"{path}/with/{name}")
        message = text("grading.resolve.argument", name=compute.name, argument=name)
        yield Problem(place, message, nearest(name, parameters))
    if unknown:
        return
    # Literals are tried with draws at their ends: what fits there fits between.
    for values in [*drawing.corners(item), drawing.drawn(item, item.faces[0], 0)[0]]:
        try:
            drawing.evaluate(compute, values)
        except ValueError as error:
            argument = getattr(error, "argument", "")
            place = item.place_of(f"{path}/with/{argument}" if argument else f"{path}/compute")
            near = tuple(getattr(error, "nearest", ()))
            what = getattr(error, "what", str(error))
            reason = f"{argument} {what}" if argument else what
            message = text("grading.resolve.value", name=compute.name, reason=reason)
            yield Problem(place, message, near)
            return


def _mistake_problems(item: Item, body: NumericBody) -> Iterator[Problem]:
    for index, code in enumerate(body.mistakes or ()):
        place = item.place_of(f"mistakes/{index}")
        if code not in MISTAKE_CODES:
            yield _unknown(place, "mistake", code, MISTAKE_CODES)
            continue
        try:
            seen = {
                found.code
                for seed in range(8)
                for found in drawing.mistaken(
                    body.truth, drawing.drawn(item, item.faces[0], seed)[0], None
                )
            }
        except (ValueError, KeyError):
            continue  # said at the computation already
        if code not in seen:
            message = text("grading.resolve.never", name=body.truth.name, code=code)
            yield Problem(place, message, nearest(code, seen))


def _predict_problems(item: Item, body: PredictBody) -> Iterator[Problem]:
    from engine.experiments import EXPERIMENTS, ExperimentError
    from engine.experiments.figures import rows

    experiment = EXPERIMENTS.get(body.experiment)
    if experiment is None:
        yield _unknown(item.place_of("experiment"), "experiment", body.experiment, EXPERIMENTS)
    else:
        try:
            experiment.settings(**body.settings)
        except ExperimentError as error:
            message = text(
                "grading.predict.setting", name=error.argument, experiment=body.experiment
            )
            place = item.place_of(f"settings/{error.argument}")
            yield Problem(place, message, tuple(error.nearest))
    for index, entry in enumerate(body.options):
        code = entry.option.mistake
        if code is not None and code not in MISTAKE_CODES:
            place = item.place_of(f"options/{index}/mistake")
            yield _unknown(place, "mistake", code, MISTAKE_CODES)
    recorded = rows()
    for path, run, figure in body.named():
        if run not in recorded:
            yield _unknown(item.place_of(f"{path}/run"), "run", run, recorded)
        elif figure not in recorded[run].figures:
            place = item.place_of(f"{path}/figure")
            yield _unknown(place, "figure", figure, recorded[run].figures, run=run)


def _formula_problems(item: Item, body: FormulaBody) -> Iterator[Problem]:
    from engine.formulas.conventions import VALUES
    from engine.formulas.targets import TARGETS

    if body.target not in TARGETS:
        yield _unknown(item.place_of("target"), "target", body.target, TARGETS)
    for key, value in body.stated.items():
        place = item.place_of(f"stated/{key}")
        if key not in VALUES:
            yield _unknown(place, "convention", key, VALUES)
        elif value not in VALUES[key]:
            message = text(
                "grading.resolve.convention_value",
                name=key,
                value=value,
                valid=", ".join(VALUES[key]),
            )
            yield Problem(place, message, nearest(value, VALUES[key]))


def _exercise_problems(entry: ExerciseEntry) -> Iterator[Problem]:
    from engine.code.exercise import Exercise, ExerciseError

    try:
        Exercise.parse(entry.name, entry.source, entry.spec)
    except ExerciseError as error:
        path = "/".join(["judge", *(str(part) for part in error.path)])
        message = text("grading.resolve.spec", reason=error.what)
        yield Problem(entry.place_of(path), message, tuple(error.nearest))


def _unknown(
    place: Place, what: str, name: str, valid: Collection[str] | Mapping[str, Any], **more: object
) -> Problem:
    message: Text = text(f"grading.resolve.{what}", name=name, **more)
    return Problem(place, message, nearest(name, valid))
