"""Names for wrong answers: which known mistake, made in the reference, behaves the same way?"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .channel import Value
from .comparison import FLOAT32_TOLERANCE, differing
from .exercise import Exercise
from .inputs import Case
from .mutation import Mutant, combined
from .outputs import Output
from .parts import part_of
from .programs import trusted
from .runner import Call, Limits, Run, Runner, Task

# Seconds for one mutant: the reference takes a thousandth of that.
_ALARM: Final = 0.3
_MAX_FIRST: Final = 3
_BEHAVIOUR_TOLERANCE: Final = 1e-7


@dataclass(frozen=True)
class NamedMistake:
    """A mistake by its code, the line of the submission it is on (if known), and what was seen.

    ``at``: "found" and "expected" (statements), "blank" (letter), "bug" (declared name).
    """

    code: str
    line: int | None = None
    at: Mapping[str, Any] = field(default_factory=dict)


def alike(
    left: Call | None,
    right: Call | None,
    outputs: Sequence[Output],
    tolerance: float = _BEHAVIOUR_TOLERANCE,
) -> bool:
    """Whether two calls behaved the same: the same declared values, or errors of the same kind.

    ``tolerance`` is the exercise's own: a small number in a denominator, which the judge lets pass,
    must not hide the mistake beside it.
    """
    if left is None or right is None:
        return False
    if left.error or right.error:
        if not (left.error and right.error and left.error.kind == right.error.kind):
            return False
    elif left.unfit != right.unfit:
        return False
    # Of a run that stopped, what came before must agree as well.
    return list(left.values) == list(right.values) and all(
        _same_part(left.values, right.values, output, tolerance)
        for output in outputs
        if output.root in left.values
    )


def _same_part(
    left: Mapping[str, Value], right: Mapping[str, Value], output: Output, tolerance: float
) -> bool:
    """Whether one output is the same: further keys of a dictionary are the learner's own affair,
    a key that only one of them lacks is a difference."""
    mine, other = part_of(left, output), part_of(right, output)
    if mine is None and other is None:
        return _same_value(left[output.root], right[output.root], tolerance)
    return mine is not None and other is not None and _same_value(mine, other, tolerance)


def _same_value(left: Value, right: Value, tolerance: float) -> bool:
    if left.array is not None and right.array is not None:
        if left.array.shape != right.array.shape:
            return False
        if "c" in (left.array.dtype.kind, right.array.dtype.kind):
            return bool(np.array_equal(left.array, right.array))
        single = np.float32 in (left.array.dtype.type, right.array.dtype.type)
        wide = max(tolerance, FLOAT32_TOLERANCE if single else _BEHAVIOUR_TOLERANCE)
        return not differing(left.array, right.array, wide)[0].any()
    if left.kind != right.kind or len(left.items) != len(right.items):
        return False
    if left.kind == "mapping":
        # By key: the order is the learner's own affair.
        mine, other = (dict(zip(v.keys, v.items, strict=True)) for v in (left, right))
        return mine.keys() == other.keys() and all(
            _same_value(mine[key], other[key], tolerance) for key in mine
        )
    if left.kind == "sequence":
        pairs = zip(left.items, right.items, strict=True)
        return all(_same_value(mine, other, tolerance) for mine, other in pairs)
    return left.type == right.type and left.text == right.text


def run_mutants(
    runner: Runner, exercise: Exercise, sources: Sequence[str], cases: Sequence[Case]
) -> Run:
    """All the sources on all the cases, in one child, each under an alarm."""
    limits = Limits(seconds=max(5.0, _ALARM * 20), results=64 << 20, output=1 << 20)
    programs = [trusted(exercise, source) for source in sources]
    arguments = [case.arguments for case in cases]
    return runner.run(Task(programs, arguments, limits, alarm=_ALARM))


def pick(cases: Sequence[Case], right: Callable[[int], bool]) -> list[int]:
    """The few cases that tell mistakes apart: unequal sizes, equal sizes, and some that fail."""
    chosen = [0, next((i for i, case in enumerate(cases) if case.kind == "equal-sizes"), 0)]
    failing = [i for i in range(len(cases)) if not right(i)]
    chosen += failing[:1] + [i for i in failing if cases[i].kind == "hard"][:1]
    return list(dict.fromkeys(chosen))


def name_mistakes(
    runner: Runner,
    exercise: Exercise,
    mutants: Sequence[Mutant],
    cases: Sequence[Case],
    learner: Mapping[int, Call],
    reference: Mapping[int, Call],
    submission: str,
) -> tuple[NamedMistake, ...]:
    """The known mistake that behaves like the submission on these cases, or two that do together.

    Args:
        learner, reference: calls by position in ``cases``.
    """
    near, numbers = exercise.spec.tolerance, range(len(cases))
    if not any(i in learner and _tells(learner[i], reference.get(i), near) for i in numbers):
        # Errors alone say little: then only a mistake that stands there word for word counts.
        written = _statements(submission)
        same = [m for m in mutants if m.found and m.found in written and m.expected not in written]
        return tuple(_named(exercise, m, submission) for m in same[:1])
    written = _statements(submission)
    likely = [m for m in mutants if m.bug or (m.found in written and m.expected not in written)]
    # Nearly always what stands there word for word is it; the others are then spared the run.
    for group in (likely, [mutant for mutant in mutants if mutant not in likely]):
        same = _behaving(runner, exercise, group, cases, learner)
        if same:
            return (_named(exercise, _best(same, submission), submission),)
    return _two(runner, exercise, mutants, cases, learner, reference, submission)


def name_declared(
    runner: Runner,
    exercise: Exercise,
    bugs: Sequence[Mutant],
    cases: Sequence[Case],
    learner: Mapping[int, Call],
    reference: Mapping[int, Call],
    submission: str,
) -> tuple[NamedMistake, ...]:
    """The one of these declared mistakes that behaves like the submission.

    Args:
        learner, reference: calls by position in ``cases``.
    """
    near, numbers = exercise.spec.tolerance, range(len(cases))
    if not any(i in learner and _tells(learner[i], reference.get(i), near) for i in numbers):
        return ()
    same = _behaving(runner, exercise, bugs, cases, learner)
    return tuple(_named(exercise, mutant, submission) for mutant in same[:1])


def _tells(call: Call, right: Call | None, near: float) -> bool:
    """Whether a call shows more than where it stopped: it went through or gave a wrong value."""
    return call.whole or any(
        right is None
        or name not in right.values
        or not _same_value(value, right.values[name], near)
        for name, value in call.values.items()
    )


def _behaving(
    runner: Runner,
    exercise: Exercise,
    group: Sequence[Mutant],
    cases: Sequence[Case],
    learner: Mapping[int, Call],
) -> list[Mutant]:
    """The mutants that do what the learner's program does, sifted by the smallest case first."""
    left, spec = list(group), exercise.spec
    order = sorted(range(len(cases)), key=lambda i: (cases[i].kind != "equal-sizes", i))
    for i in order:
        if not left:
            break
        run = run_mutants(runner, exercise, [mutant.source for mutant in left], [cases[i]])
        left = [
            mutant
            for mutant, program in zip(left, run.programs, strict=True)
            if alike(learner.get(i), program.calls.get(0), spec.outputs, spec.tolerance)
        ]
    return left


def _two(
    runner: Runner,
    exercise: Exercise,
    mutants: Sequence[Mutant],
    cases: Sequence[Case],
    learner: Mapping[int, Call],
    reference: Mapping[int, Call],
    submission: str,
) -> tuple[NamedMistake, ...]:
    """Two mistakes: the first explains some wrong output alone, the second explains the rest."""
    if len(exercise.spec.outputs) < 2:
        return ()
    first_run = run_mutants(runner, exercise, [mutant.source for mutant in mutants], cases)
    behaviours = [program.calls for program in first_run.programs]
    outputs, near, numbers = exercise.spec.outputs, exercise.spec.tolerance, range(len(cases))
    explaining: list[tuple[Mutant, Mapping[int, Call]]] = []
    for mutant, calls in zip(mutants, behaviours, strict=True):
        known = any(
            all(alike(calls.get(i), old.get(i), outputs, near) for i in numbers)
            for _, old in explaining
        )
        if not known and _explains(exercise, calls, learner, reference, len(cases)):
            explaining.append((mutant, calls))
    for first, _ in explaining[:_MAX_FIRST]:
        pairs = [(m, combined(exercise, first, m)) for m in mutants]
        sources = [(mutant, source) for mutant, source in pairs if source is not None]
        run = run_mutants(runner, exercise, [source for _, source in sources], cases)
        same = [
            mutant
            for (mutant, _), program in zip(sources, run.programs, strict=True)
            if all(alike(learner.get(i), program.calls.get(i), outputs, near) for i in numbers)
        ]
        if same:
            pair = sorted((first, _best(same, submission)), key=lambda mutant: mutant.line)
            return tuple(_named(exercise, mutant, submission) for mutant in pair)
    return ()


def _explains(
    exercise: Exercise,
    mutant: Mapping[int, Call],
    learner: Mapping[int, Call],
    reference: Mapping[int, Call],
    count: int,
) -> bool:
    """Whether some output is wrong and the mutant gives just those wrong values, on all cases."""
    outputs, near = exercise.spec.outputs, exercise.spec.tolerance
    agreeing = set(range(len(outputs)))
    wrong: set[int] = set()
    for i in range(count):
        runs = [calls.get(i) for calls in (mutant, learner, reference)]
        values = [run.values if run is not None and run.whole else None for run in runs]
        if values[0] is None or values[1] is None or values[2] is None:
            if not alike(mutant.get(i), learner.get(i), outputs, near):
                return False
            continue
        for place, output in enumerate(outputs):
            of_mutant, got, truth = (part_of(v, output) for v in values if v is not None)
            if of_mutant is None or got is None or not _same_value(of_mutant, got, near):
                agreeing.discard(place)
            if got is None or truth is None or not _same_value(got, truth, near):
                wrong.add(place)
    return bool(agreeing & wrong)


def _best(same: Sequence[Mutant], submission: str) -> Mutant:
    """A declared bug, else one that stands in the submission word for word, else the first."""
    written = _statements(submission)
    for mutant in same:
        if mutant.bug is not None:
            return mutant
    for mutant in same:
        if mutant.found in written:
            return mutant
    return same[0]


def _statements(source: str) -> dict[str, int]:
    """Every statement of a submission in canonical spelling (headers of compound ones), with its
    line; empty if it cannot be read."""
    try:
        tree = ast.parse(source)
        return {
            ast.unparse(node).splitlines()[0]: node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt)
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _named(exercise: Exercise, mutant: Mutant, submission: str) -> NamedMistake:
    at: dict[str, Any] = {"expected": mutant.expected, "found": mutant.found}
    if letter := exercise.letters.get(mutant.line):
        at["blank"] = letter
    if mutant.bug is not None:
        at["bug"] = mutant.bug
    line = _statements(submission).get(mutant.found) if mutant.found else None
    return NamedMistake(mutant.code, line or _where(exercise, mutant, submission), at)


def _where(exercise: Exercise, mutant: Mutant, submission: str) -> int | None:
    """The submission's line that stands where the mutant's statement stands in the reference."""
    reference = exercise.reference_source.splitlines()
    rows = submission.splitlines()
    old = [row.partition("#:")[0].rstrip() for row in reference]
    matcher = difflib.SequenceMatcher(None, old, [row.rstrip() for row in rows], autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if start <= mutant.line - 1 < end and tag in ("equal", "replace"):
            place = other_start + mutant.line - 1 - start
            return place + 1 if place < other_end else None
    return None
