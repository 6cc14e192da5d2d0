"""Judges a submission: any implementation with the right numbers passes, a wrong one is explained.

Ordered checks (defined, runs, type, shape, dtype, value, gradient), then for a wrong answer the
known mistake that behaves the same way and a small failing input. The judge holds the expected
arrays and runs nobody's code, not even the reference's: programs run in children (``runner``).
"""

from __future__ import annotations

import atexit
import difflib
import hashlib
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from . import inputs, printing
from .comparison import (
    Check,
    Compared,
    Difference,
    compare,
    first_difference,
    unpack,
)
from .exercise import BLANK, Exercise
from .inputs import Case
from .mutation import Mutant, mutants
from .naming import NamedMistake, name_mistakes, pick
from .runner import Call, ErrorReport, Limits, Program, ProgramRun, Run, Runner, Task
from .sandbox.report import Confinement
from .shrinking import shrink

if TYPE_CHECKING:
    from .certification import ExerciseCertificate

__all__ = [
    "BLANK",
    "Check",
    "CodeJudge",
    "CodeJudgement",
    "Difference",
    "ErrorReport",
    "NamedMistake",
    "certify",
    "shared_judge",
]

Outcome: TypeAlias = Literal["correct", "wrong", "not_understood", "undecided"]
MAX_SOURCE: Final = 100_000
_MAX_PRINTED: Final = 120


@dataclass(frozen=True)
class CodeJudgement:
    """What is said of a submission: codes and values, no prose.

    ``reason``: why it was not judged ("syntax-error", "blank-left", "too-long", "too-much-output",
    "runner-lost", "cancelled", "reference-failed"). ``notes``: "float32", "np-matrix",
    "input-changed-in-place", "unchanged" (the find-the-bug form as shipped). ``scope``: where it
    fails ("hard-inputs-only", "keeps-state", "cached-by-shape", "equal-sizes-only-run",
    "one-example-only-fails"), ``failed_cases`` by name. ``feedback``: keys into the exercise's
    texts, most telling first ("bug:NAME", "CODE@BLANK", "CODE").
    """

    outcome: Outcome
    reason: str | None = None
    mistakes: tuple[NamedMistake, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorReport | None = None
    lines: tuple[int, ...] = ()
    nearest: tuple[str, ...] = ()
    difference: Difference | None = None
    failing_input: str | None = None
    failing_sizes: Mapping[str, int] | None = None
    failed_cases: tuple[str, ...] = ()
    scope: str | None = None
    feedback: tuple[str, ...] = ()
    changed_inputs: tuple[str, ...] = ()
    output: str = ""
    seed: int = 0
    milliseconds: float = 0.0


class CodeJudge:
    """Judges submissions with one warm runner; safe to call from any thread.

    Args:
        mode: "fork", "spare" or None (what the system can do); see ``runner.Runner``.
    """

    def __init__(self, mode: str | None = None) -> None:
        self.runner = Runner(mode)
        self._mutants: dict[str, tuple[Mutant, ...]] = {}

    def warm(self) -> None:
        """Starts the process ahead of the first submission."""
        self.runner.warm()

    def cancel(self) -> None:
        """Ends the run in progress; that judgement is then undecided, "cancelled"."""
        self.runner.cancel()

    def confinement(self) -> Confinement:
        return self.runner.confinement()

    def close(self) -> None:
        self.runner.close()

    def __enter__(self) -> CodeJudge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def mutants_of(self, exercise: Exercise) -> tuple[Mutant, ...]:
        """The exercise's mutants, made once."""
        key = hashlib.sha256(exercise.reference_source.encode()).hexdigest()
        if key not in self._mutants:
            self._mutants[key] = mutants(exercise)
        return self._mutants[key]

    def check(
        self,
        exercise: Exercise,
        submission: str,
        face: str = "typed",
        bug: str | None = None,
        seed: int | None = None,
    ) -> CodeJudgement:
        """Judges one submission.

        Args:
            face: "typed" (the blanks filled) or "bug" (the shipped source mended).
            bug: the name of the shipped mistake, for the face "bug".
            seed: of the random inputs; from the system unless given.
        """
        began = time.perf_counter()
        seed = int.from_bytes(os.urandom(6)) if seed is None else seed
        judgement = _Submission(self, exercise, submission, seed).judge()
        notes = judgement.notes
        if face == "bug" and bug is not None and _same_text(submission, exercise.bug_source(bug)):
            notes = (*notes, "unchanged")
        spent = (time.perf_counter() - began) * 1000
        return replace(judgement, notes=notes, seed=seed, milliseconds=spent)


def _same_text(left: str, right: str) -> bool:
    rows = [[row.rstrip() for row in text.strip().splitlines()] for text in (left, right)]
    return rows[0] == rows[1]


class _Submission:
    """One judgement in progress."""

    def __init__(self, judge: CodeJudge, exercise: Exercise, source: str, seed: int) -> None:
        self._judge = judge
        self._exercise = exercise
        self._spec = exercise.spec
        self._source = source
        self._seed = seed
        self._cases = inputs.cases(self._spec, seed)
        if self._spec.gradients is not None:
            self._cases.append(inputs.gradient_case(self._spec, seed))

    def judge(self) -> CodeJudgement:
        if len(self._source) > MAX_SOURCE or "\0" in self._source:
            return CodeJudgement("not_understood", "too-long" if "\0" not in self._source else None)
        run = self._run(self._source, self._cases)
        program = run.programs[0]
        early = self._unjudged(run, program)
        if early is not None:
            return replace(early, output=run.output)
        reference = self._reference()
        if reference is None:
            return CodeJudgement("undecided", "reference-failed", output=run.output)
        truth, numeric = reference
        return replace(self._compare(run, program, truth, numeric), output=run.output)

    def _run(self, source: str, cases: Sequence[Case]) -> Run:
        program = Program(source, self._exercise.function)
        limits = Limits(seconds=self._spec.seconds)
        arguments = [case.arguments for case in cases]
        return self._judge.runner.run(Task([program], arguments, limits, stream=True))

    def _reference(self) -> tuple[dict[int, Call], Call | None] | None:
        """The reference's calls and the numeric gradient on the last case, from a child."""
        source = self._exercise.reference_source
        programs = [Program(source, self._exercise.function)]
        gradients = self._spec.gradients
        if gradients is not None:
            by = tuple(dict.fromkeys(target.argument for target in gradients.of))
            last = (len(self._cases) - 1,)
            programs.append(Program(source, gradients.loss, by, gradients.step, last))
        arguments = [case.arguments for case in self._cases]
        run = self._judge.runner.run(Task(programs, arguments, Limits(seconds=10.0)))
        calls = run.programs[0].calls
        if len(calls) < len(self._cases) or any(call.error for call in calls.values()):
            return None
        if gradients is None:
            return calls, None
        numeric = run.programs[1].calls.get(len(self._cases) - 1)
        return None if numeric is None or numeric.error else (calls, numeric)

    def _unjudged(self, run: Run, program: ProgramRun) -> CodeJudgement | None:
        """Submissions that have no numbers to compare."""
        function = self._exercise.function
        if run.how in ("too-much-output", "cancelled", "runner-lost"):
            return CodeJudgement("undecided", run.how, error=ErrorReport(run.how))
        if program.status == "syntax":
            return CodeJudgement("not_understood", "syntax-error", error=program.error)
        if program.status == "blank":
            return CodeJudgement("not_understood", "blank-left", lines=program.lines)
        if program.status == "ok":
            return None
        if program.status in ("undefined", "not-callable"):
            near = difflib.get_close_matches(function, program.known, n=3, cutoff=0.5)
            got = "not callable" if program.status == "not-callable" else ", ".join(program.known)
            check = Check("defined", False, got, function)
            return CodeJudgement("wrong", checks=(check,), nearest=tuple(near))
        error = program.error or ErrorReport(run.how)
        check = Check("defined", False, _short(error), function)
        return CodeJudgement("wrong", checks=(check,), error=error)

    def _compare(
        self, run: Run, program: ProgramRun, truth: Mapping[int, Call], numeric: Call | None
    ) -> CodeJudgement:
        compared: dict[int, Compared] = {}
        error: ErrorReport | None = None
        error_case: int | None = None
        for i, case in enumerate(self._cases):
            call = program.calls.get(i)
            if call is None or call.error is not None:
                if error is None:
                    error = call.error if call is not None and call.error else ErrorReport(run.how)
                    error_case = i
                continue
            compared[i] = self._one(case, call, truth[i])
        checks = self._checks(compared, error)
        checks += self._gradients(program, numeric)
        notes = sorted({note for result in compared.values() for note in result.notes})
        changed = sorted({name for call in program.calls.values() for name in call.changed})
        if changed:
            notes.append("input-changed-in-place")
        judgement = CodeJudgement(
            "correct",
            checks=tuple(checks),
            notes=tuple(notes),
            error=error,
            changed_inputs=tuple(changed),
        )
        if all(check.passed for check in checks):
            return judgement
        return self._explain(judgement, program, truth, compared, error_case)

    def _one(self, case: Case, call: Call, truth: Call) -> Compared:
        assert call.value is not None
        assert truth.value is not None
        outputs = self._spec.outputs
        exact = case.kind != "hard"
        return compare(call.value, truth.value, outputs, self._spec.tolerance, exact)

    def _checks(self, compared: Mapping[int, Compared], error: ErrorReport | None) -> list[Check]:
        """One row a check, in order; rows after the first failure only if they say more."""
        function = self._exercise.function
        rows = [Check("defined", True, function, function)]
        rows.append(Check("runs", error is None, _short(error) if error else "", ""))
        faults = [fault for result in compared.values() for fault in result.faults]
        if not compared:
            return rows
        for name in ("type", "shape", "dtype"):
            fault = next((fault for fault in faults if fault.check == name), None)
            if fault is None:
                rows.append(Check(name, True))
            else:
                rows.append(Check(name, False, fault.got, fault.expected, None, fault.output))
        for output in self._spec.outputs:
            fault = next(
                (f for f in faults if f.check == "value" and f.output == output.name), None
            )
            gaps = [
                r.difference[output.name] for r in compared.values() if output.name in r.difference
            ]
            largest = max(gaps, default=None)
            finite = largest if largest is not None and np.isfinite(largest) else None
            if fault is not None:
                row = Check("value", False, fault.got, fault.expected, finite, output.name)
                rows.append(row)
            elif gaps:
                rows.append(Check("value", True, "", "", finite, output.name))
        return rows

    def _gradients(self, program: ProgramRun, numeric: Call | None) -> list[Check]:
        """Rows of the check by central differences: the relative error of each gradient."""
        gradients = self._spec.gradients
        last = len(self._cases) - 1
        call = program.calls.get(last)
        if gradients is None or numeric is None or call is None or call.value is None:
            return []
        parts = unpack(call.value, self._spec.outputs)
        assert numeric.value is not None
        arguments = self._cases[last].arguments
        by = list(dict.fromkeys(target.argument for target in gradients.of))
        rows = []
        for target in gradients.of:
            truth = numeric.value.items[by.index(target.argument)].array
            position = [output.name for output in self._spec.outputs].index(target.output)
            got = parts[position].array if parts is not None else None
            assert truth is not None
            if got is None or got.shape != truth.shape or got.dtype.kind not in "fiub":
                continue
            tolerance = 1e-3 if got.dtype == np.float32 else gradients.tolerance
            gradient = got.astype(np.float64)
            if target.update is not None:
                gradient = (arguments[target.argument] - gradient) / arguments[target.update]
            error = relative_error(gradient, truth)
            passed = error <= tolerance
            finite = error if np.isfinite(error) else None
            text = f"relative error {error:.2g}"
            rows.append(Check("gradient", passed, text, f"<= {tolerance:g}", finite, target.output))
        return rows

    # -- a wrong answer ----------------------------------------------------------------------------

    def _explain(
        self,
        judgement: CodeJudgement,
        program: ProgramRun,
        truth: Mapping[int, Call],
        compared: Mapping[int, Compared],
        error_case: int | None,
    ) -> CodeJudgement:
        failed = [i for i in range(len(self._cases)) if i not in compared or not compared[i].right]
        wrong_values = [i for i in failed if i in compared]
        difference = None
        for i in wrong_values:
            difference = self._difference(self._cases[i], program.calls[i], truth[i])
            if difference is not None:
                break
        mistakes: tuple[NamedMistake, ...] = ()
        abrupt = judgement.error is not None and judgement.error.kind in _ABRUPT
        if failed and not abrupt:
            mistakes = self._name(program, truth, compared)
        shrunk = None
        if failed and not abrupt:
            first = wrong_values[0] if wrong_values else failed[0]
            shrunk = self._shrink(self._cases[first], program.calls.get(first), truth[first])
        elif error_case is not None:
            shrunk = self._cases[error_case]
        printed = None
        if shrunk is not None and _count(shrunk) <= _MAX_PRINTED:
            outputs = self._spec.outputs
            printed = printing.call(self._exercise.function, shrunk.arguments, outputs)
        return replace(
            judgement,
            outcome="wrong",
            mistakes=mistakes,
            difference=difference,
            failing_input=printed,
            failing_sizes=dict(shrunk.sizes) if shrunk is not None else None,
            failed_cases=tuple(self._cases[i].name for i in failed),
            scope=_scope([self._cases[i] for i in failed], self._cases, program, failed),
            feedback=_feedback_keys(mistakes),
        )

    def _difference(self, case: Case, call: Call, truth: Call) -> Difference | None:
        assert call.value is not None
        assert truth.value is not None
        return first_difference(
            call.value,
            truth.value,
            self._spec.outputs,
            self._spec.tolerance,
            case.name,
            case.sizes,
        )

    def _name(
        self, program: ProgramRun, truth: Mapping[int, Call], compared: Mapping[int, Compared]
    ) -> tuple[NamedMistake, ...]:
        chosen = pick(self._cases, lambda i: i in compared and compared[i].right)
        return name_mistakes(
            self._judge.runner,
            self._exercise,
            self._judge.mutants_of(self._exercise),
            [self._cases[i] for i in chosen],
            {n: program.calls[i] for n, i in enumerate(chosen) if i in program.calls},
            {n: truth[i] for n, i in enumerate(chosen)},
            self._source,
        )

    def _shrink(self, case: Case, call: Call | None, truth: Call) -> Case:
        failure = self._failure(case, call, truth)

        def probe(arguments: Sequence[Mapping[str, Any]]) -> list[Any]:
            trial = [Case(case.name, case.kind, {}, values) for values in arguments]
            learner = self._run(self._source, trial).programs[0].calls
            program = Program(self._exercise.reference_source, self._exercise.function)
            run = self._judge.runner.run(Task([program], list(arguments), Limits(seconds=10.0)))
            right = run.programs[0].calls
            return [
                self._failure(case, learner.get(i), right[i])
                if i in right and right[i].error is None
                else None
                for i in range(len(trial))
            ]

        return shrink(self._spec, case, failure, probe, self._seed)

    def _failure(self, case: Case, call: Call | None, truth: Call) -> tuple[Any, ...] | None:
        """How a call fails: what has to stay the same while its input shrinks."""
        if call is None:
            return ("no-answer",)
        if call.error is not None:
            return ("error", call.error.kind, call.error.line)
        result = self._one(case, call, truth)
        if result.right:
            return None
        fault = result.faults[0]
        return (fault.check, fault.output, fault.got in ("nan", "inf", "-inf"))


# Ends of a process that no input explains: nothing to name, nothing to shrink.
_ABRUPT: Final = frozenset(
    "timeout crashed ended bad-channel too-much-results MemoryError SystemExit".split()  # noqa: SIM905
)


def relative_error(got: Any, expected: Any) -> float:
    """||got - expected|| / (||got|| + ||expected||): about 1e-9 when right, above 1e-2 when not."""
    total = float(np.linalg.norm(got) + np.linalg.norm(expected))
    gap = float(np.linalg.norm(got - expected))
    if not np.isfinite(gap):
        return float("inf")
    return gap / total if total > 1e-12 else 0.0


def _short(error: ErrorReport) -> str:
    return f"{error.kind}: {error.message}" if error.message else error.kind


def _count(case: Case) -> int:
    return sum(int(np.size(value)) for value in case.arguments.values())


def _scope(
    failed: Sequence[Case], cases: Sequence[Case], program: ProgramRun, numbers: Sequence[int]
) -> str | None:
    kinds = {case.kind for case in failed}
    if not failed or len(failed) == len(cases):
        return None
    if kinds == {"hard"}:
        return "hard-inputs-only"
    if kinds == {"again"}:
        return "keeps-state"
    if kinds <= {"same-shapes", "again"}:
        return "cached-by-shape"
    errors = [i for i in numbers if i in program.calls and program.calls[i].error is not None]
    if len(errors) == len(numbers) and "equal-sizes" not in kinds:
        return "equal-sizes-only-run"
    return None


def _feedback_keys(mistakes: Sequence[NamedMistake]) -> tuple[str, ...]:
    keys = []
    for mistake in mistakes:
        if "bug" in mistake.at:
            keys.append(f"bug:{mistake.at['bug']}")
        if "blank" in mistake.at:
            keys.append(f"{mistake.code}@{mistake.at['blank']}")
        keys.append(mistake.code)
    return tuple(dict.fromkeys(keys))


def certify(exercise: Exercise, full: bool = False) -> ExerciseCertificate:
    """Proves that an exercise can be judged; see ``certification.certify``."""
    from .certification import certify as prove  # it needs this module

    return prove(exercise, full)


_shared: CodeJudge | None = None
_shared_lock = threading.Lock()


def shared_judge() -> CodeJudge:
    """The process's one judge with its warm runner; closed when the interpreter ends."""
    global _shared  # noqa: PLW0603 - one per process is the point
    with _shared_lock:
        if _shared is None:
            _shared = CodeJudge()
            atexit.register(_shared.close)
        return _shared
