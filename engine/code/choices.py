"""Four texts for one blank: the right one, and mistakes that were proved wrong by running them.

What could stand in the blank comes from the mutants of its lines; each is run on the judge's own
inputs with the reference in the other blanks. Those that run and give wrong numbers in the right
shape are better than those that stop with an error, and no two that are shown behave alike.
"""

from __future__ import annotations

import ast
import random
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from . import inputs
from .channel import Value
from .comparison import compare
from .exercise import Blank, Exercise
from .inputs import Case
from .mutation import Mutant, changed_rows
from .naming import run_mutants
from .programs import trusted
from .runner import Call, Limits, Runner, Task

# How many distractors an exam's question has.
DISTRACTORS: Final = 3
_SEED: Final = 11
_CHUNK: Final = 40
# What is left when a summand goes is at times what nobody would write.
_ODD: Final = re.compile(r"\* 1(?![\w.])|(?<![\w.])1 \*|\+ 0(?![\w.])")


@dataclass(frozen=True)
class Distractor:
    """A wrong text for a blank.

    ``code`` and ``found`` are its mutant's, "" for one that the exercise's author wrote; ``bug``
    names a declared mistake. ``rank``: 0 gives wrong numbers on ordinary inputs, 1 on hard ones
    only, 2 does not run everywhere or has another type or shape. Equal ``behaviour`` cannot be
    told apart by running.
    """

    text: str
    code: str
    found: str = ""
    bug: str | None = None
    rank: int = 0
    behaviour: str = ""


def right_text(blank: Blank) -> str:
    """What belongs in a blank, in the spelling in which the choices are shown."""
    return canonical(blank.reference)


def canonical(text: str) -> str:
    """A text in Python's own spelling, so that no choice stands out by its spaces."""
    try:
        return ast.unparse(ast.parse(textwrap.dedent(text)))
    except SyntaxError:
        return text.strip()


def distractors(
    runner: Runner, exercise: Exercise, letter: str, mutants: Sequence[Mutant]
) -> tuple[Distractor, ...]:
    """Every wrong text for a blank that is known, proved by running it.

    Raises:
        KeyError: for a letter that is no blank.
    """
    blank = {each.letter: each for each in exercise.blanks}[letter]
    texts = {right_text(blank)}
    found: list[Distractor] = []
    for written in exercise.spec.choices.get(letter, ()):
        text = canonical(written)
        if text not in texts:
            texts.add(text)
            found.append(Distractor(text, ""))
    for mutant in mutants:
        mutated = _text_in(exercise, blank, mutant)
        if mutated is not None and mutated not in texts and not _ODD.search(mutated):
            texts.add(mutated)
            found.append(Distractor(mutated, mutant.code, mutant.found, mutant.bug))
    return _proved(runner, exercise, letter, found)


def choose(
    known: Sequence[Distractor], exercise: Exercise, letter: str, seed: int
) -> tuple[Distractor, ...]:
    """Three of the distractors (fewer if there are not as many); the same seed, the same three.

    An author's own come first; then silent ones, of different codes, about as long as the right
    text.
    """
    rng = random.Random(f"{exercise.name}/{letter}/{seed}")  # noqa: S311 - no secret
    blank = {each.letter: each for each in exercise.blanks}[letter]
    length = len(right_text(blank))
    left = [(distractor, rng.random()) for distractor in known]
    chosen: list[Distractor] = []
    while left and len(chosen) < DISTRACTORS:
        codes = [each.code for each in chosen]

        def order(pair: tuple[Distractor, float], codes: list[str] = codes) -> tuple[Any, ...]:
            distractor, chance = pair
            far = abs(len(distractor.text) - length) > max(8, length // 2)
            return bool(distractor.code), distractor.rank, distractor.code in codes, far, chance

        best, _ = min(left, key=order)
        chosen.append(best)
        left = [pair for pair in left if pair[0].behaviour != best.behaviour]
    return tuple(chosen)


def _text_in(exercise: Exercise, blank: Blank, mutant: Mutant) -> str | None:
    """What a mutant has in the blank; None if its mistake is elsewhere."""
    first, last = blank.rows
    if not first <= mutant.line <= last:
        return None
    if blank.block:
        reference = exercise.reference_source.splitlines()
        rows = mutant.source.splitlines()
        outside = [*range(first - 1), *range(last, len(reference))]
        if len(rows) != len(reference) or any(rows[i] != reference[i] for i in outside):
            return None
        return _block(rows[first - 1 : last], mutant)
    if mutant.bug is not None and len(changed_rows(exercise, mutant)) > 1:
        return None  # half of a declared mistake is another one
    expected, found = canonical(mutant.expected), canonical(mutant.found)
    right = right_text(blank)
    for start in range(len(expected)):
        if expected.startswith(right, start):
            before, after = expected[:start], expected[start + len(right) :]
            fits = found.startswith(before) and found.endswith(after)
            if fits and len(found) > len(before) + len(after):
                return found[len(before) : len(found) - len(after)]
    return None


def _block(rows: Sequence[str], mutant: Mutant) -> str | None:
    kept = [row for row in rows if row.strip() != "pass" or mutant.found]
    for candidate in (kept, rows):
        text = textwrap.dedent("\n".join(candidate)).strip("\n")
        try:
            written = ast.unparse(ast.parse(text))
        except SyntaxError:
            continue
        return written or None
    return None


def _proved(
    runner: Runner, exercise: Exercise, letter: str, candidates: Sequence[Distractor]
) -> tuple[Distractor, ...]:
    cases = inputs.cases(exercise.spec, _SEED)
    reference = trusted(exercise, exercise.reference_source)
    arguments = [case.arguments for case in cases]
    run = runner.run(Task([reference], arguments, Limits(seconds=10.0)))
    truth = run.programs[0].calls
    if len(truth) < len(cases):
        return ()
    proved = []
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        sources = [exercise.fill({letter: each.text}) for each in chunk]
        ran = run_mutants(runner, exercise, sources, cases)
        for each, program in zip(chunk, ran.programs, strict=True):
            if program.status in ("not-reached", "syntax", "blank"):
                continue
            rank = _rank(exercise, cases, program.calls, truth)
            if rank is not None:
                behaviour = _behaviour(len(cases), program.calls)
                proved.append(
                    Distractor(each.text, each.code, each.found, each.bug, rank, behaviour)
                )
    return tuple(proved)


def _rank(
    exercise: Exercise, cases: Sequence[Case], calls: Mapping[int, Call], truth: Mapping[int, Call]
) -> int | None:
    """How well a wrong program hides that it is wrong; None if it is not wrong at all."""
    spec = exercise.spec
    silent, ordinary, wrong = True, False, False
    for i, case in enumerate(cases):
        call = calls.get(i)
        if call is None or not call.whole:
            silent, wrong = False, True
            continue
        found = compare(
            call.values, truth[i].values, spec.outputs, spec.tolerance, case.kind != "hard"
        )
        wrong = wrong or bool(found.faults)
        silent = silent and all(fault.check == "value" for fault in found.faults)
        ordinary = ordinary or (bool(found.faults) and case.kind != "hard")
    if not wrong:
        return None
    return 2 if not silent else 0 if ordinary else 1


def _behaviour(count: int, calls: Mapping[int, Call]) -> str:
    """What a program does on the cases, as a text that is equal for those that do the same."""
    said = []
    for i in range(count):
        call = calls.get(i)
        if call is None:
            said.append("nothing")
        elif call.error is not None:
            said.append(call.error.kind)
        else:
            said.append(";".join(_spelt(value) for value in call.values.values()))
    return "|".join(said)


def _spelt(value: Value) -> str:
    if value.array is not None and value.array.dtype.kind in "fiub":
        with np.errstate(all="ignore"):
            # Adding 0 makes one zero of the two.
            rounded = np.round(value.array.astype(np.float64), 6) + 0.0
        return f"{value.array.shape}{rounded.tolist()}"
    if value.items:
        return "[" + ",".join(_spelt(item) for item in value.items) + "]"
    return f"{value.type}{value.text}"
