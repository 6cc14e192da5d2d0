"""One submission through its ordered checks: defined, runs, type, shape, dtype, value, gradient."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from .arguments import at
from .by_blank import judge_blanks
from .by_blank import rows as blank_rows
from .comparison import Check, Compared
from .evidence import Evidence, compare_call
from .exercise import Exercise
from .expected import Expected, cases_of, differentiated, expect
from .explaining import Explainer
from .judgement import CodeJudgement
from .mutation import Mutant
from .parts import part_of
from .programs import learners
from .runner import Call, ErrorReport, Limits, ProgramRun, Run, Runner, Task

MAX_SOURCE: Final = 100_000
# A gradient in single precision against central differences of the same loss.
_FLOAT32_GRADIENT: Final = 1e-3


class Submission:
    """One judgement in progress.

    Args:
        mutants: gives those of the exercise; called only if the submission is wrong.
        seed: of the random inputs.
        expected: what the reference gives on them, if that was computed ahead.
    """

    def __init__(
        self,
        runner: Runner,
        exercise: Exercise,
        mutants: Callable[[], Sequence[Mutant]],
        source: str,
        seed: int,
        shrink: bool = True,
        expected: Expected | None = None,
    ) -> None:
        self._runner = runner
        self._exercise = exercise
        self._spec = exercise.spec
        self._source = source
        self._mutants = mutants
        self._shrink_seed = seed if shrink else None
        self._expected = expected
        self._cases = list(expected.cases if expected else cases_of(exercise, seed))
        self._last = len(self._cases) - 1
        self._arguments = [case.arguments for case in self._cases]

    def judge(self) -> CodeJudgement:
        if len(self._source) > MAX_SOURCE:
            return CodeJudgement("not_understood", "too-long")
        if "\0" in self._source:
            return CodeJudgement("not_understood", "null-byte")
        run = self._learner()
        judgement = self._without_values(run, run.programs[0])
        if judgement is None:
            judgement = self._with_values(run, run.programs[0])
        return replace(judgement, output=run.output)

    def _learner(self) -> Run:
        program = learners(self._exercise, self._source)
        limits = Limits(seconds=self._spec.seconds)
        return self._runner.run(Task([program], self._arguments, limits, stream=True))

    def _reference(self) -> tuple[Mapping[int, Call], Call | None] | None:
        """The reference's calls and, on the last case, the numeric gradient."""
        if self._expected is None:
            self._expected = expect(self._runner, self._exercise, self._cases)
        return None if self._expected is None else (self._expected.truth, self._expected.slope)

    def _without_values(self, run: Run, program: ProgramRun) -> CodeJudgement | None:
        """The judgement of a submission that has no numbers to compare, else None."""
        if run.how in ("too-much-output", "cancelled", "runner-lost"):
            return CodeJudgement("undecided", run.how, error=ErrorReport(run.how))
        if program.status == "syntax":
            return CodeJudgement("not_understood", "syntax-error", error=program.error)
        if program.status == "blank":
            return self._blanks_left(program)
        if program.status == "ok":
            return None
        wanted = program.missing or ", ".join(self._spec.plan.defines)
        if program.status in ("undefined", "not-callable"):
            near = difflib.get_close_matches(wanted, program.known, n=3, cutoff=0.5)
            got = "not callable" if program.status == "not-callable" else ", ".join(program.known)
            check = Check("defined", False, got, wanted)
            return CodeJudgement("wrong", checks=(check,), nearest=tuple(near))
        error = program.error or ErrorReport(run.how)
        check = Check("defined", False, _short(error), wanted)
        return CodeJudgement("wrong", checks=(check,), error=error)

    def _with_values(self, run: Run, program: ProgramRun) -> CodeJudgement:
        reference = self._reference()
        if reference is None:
            return CodeJudgement("undecided", "reference-failed")
        truth, numeric = reference
        compared: dict[int, Compared] = {}
        error: ErrorReport | None = None
        stopped: Call | None = None
        for i, case in enumerate(self._cases):
            call = program.calls.get(i)
            if call is None:
                error = error or ErrorReport(run.how)
                continue
            compared[i] = compare_call(self._exercise, case, call, truth[i])
            if not call.whole and stopped is None:
                stopped = call
                error = error or call.error
        checks = self._checks(compared, error, program.calls)
        if numeric is not None and self._last in compared:
            checks += self._gradients(program.calls[self._last], numeric)
        notes = sorted({note for result in compared.values() for note in result.notes})
        # What is to be changed is no surprise.
        meant = set(self._spec.plan.after.values())
        changed = sorted({n for call in program.calls.values() for n in call.changed} - meant)
        if changed:
            notes.append("input-changed-in-place")
        if any(call.listed for call in program.calls.values()):
            notes.append("list-for-tuple")
        judgement = CodeJudgement(
            "correct",
            checks=tuple(checks),
            notes=tuple(notes),
            error=error,
            changed_inputs=tuple(changed),
            failed_step=self._line(stopped),
            nearest=_nearest(stopped),
        )
        if all(check.passed for check in checks):
            return judgement
        blanks = judge_blanks(self._runner, self._exercise, self._source, self._cases, truth)
        judgement = replace(
            judgement,
            checks=(*judgement.checks, *blank_rows(blanks)),
            blanks={letter: not found.failed for letter, found in blanks.items()},
        )
        evidence = Evidence(self._cases, program.calls, truth, compared)
        explainer = Explainer(
            self._runner, self._exercise, self._mutants, self._source, self._shrink_seed, blanks
        )
        return explainer.explain(judgement, evidence)

    def _blanks_left(self, program: ProgramRun) -> CodeJudgement:
        """Blanks are left; those that were filled are judged all the same."""
        judgement = CodeJudgement("not_understood", "blank-left", lines=program.lines)
        reference = self._reference() if len(self._exercise.blanks) > 1 else None
        if reference is None:
            return judgement
        truth = reference[0]
        blanks = judge_blanks(self._runner, self._exercise, self._source, self._cases, truth)
        return replace(
            judgement,
            checks=tuple(blank_rows(blanks)),
            blanks={letter: not found.failed for letter, found in blanks.items()},
        )

    def _line(self, call: Call | None) -> str | None:
        """The step at which a run stopped, if there is more than one."""
        steps = self._spec.plan.steps
        if call is None or len(steps) < 2:
            return None
        return steps[min(call.step, len(steps) - 1)].line()

    def _checks(
        self,
        compared: Mapping[int, Compared],
        error: ErrorReport | None,
        calls: Mapping[int, Call],
    ) -> list[Check]:
        """One row a check, one value row an output that could be compared."""
        wanted = ", ".join(self._spec.plan.defines)
        rows = [Check("defined", True, wanted, wanted)]
        steps = self._spec.plan.steps
        for call in calls.values():
            if call.unfit is not None and call.unfit.what == "attribute":
                known = ", ".join(call.unfit.known)
                rows[0] = Check("defined", False, known, call.unfit.got)
                break
        rows.append(Check("runs", error is None, _short(error) if error else ""))
        for call in calls.values():
            if call.unfit is not None and call.unfit.what != "attribute":
                names = ", ".join(steps[min(call.step, len(steps) - 1)].returns)
                rows.append(Check("type", False, call.unfit.got, names))
                break
        compared = {i: result for i, result in compared.items() if result.reached}
        if not compared:
            return rows
        faults = [fault for result in compared.values() for fault in result.faults]
        for name in ("type", "shape", "dtype"):
            fault = next((fault for fault in faults if fault.check == name), None)
            if name == "type" and not rows[-1].passed and rows[-1].name == "type":
                continue
            if fault is None:
                rows.append(Check(name, True))
            else:
                rows.append(Check(name, False, fault.got, fault.expected, None, fault.output))
        wrong = {fault.output: fault for fault in reversed(faults) if fault.check == "value"}
        for output in self._spec.outputs:
            name = output.name
            gaps = [r.difference[name] for r in compared.values() if name in r.difference]
            if not gaps:
                continue
            largest = max(gaps) if np.isfinite(max(gaps)) else None
            fault = wrong.get(name)
            if fault is None:
                rows.append(Check("value", True, "", "", largest, name))
            else:
                rows.append(Check("value", False, fault.got, fault.expected, largest, name))
        return rows

    def _gradients(self, call: Call, numeric: Call) -> list[Check]:
        """Rows of the check by central differences: the relative error of each gradient."""
        gradients = self._spec.gradients
        assert gradients is not None
        arguments, places = self._cases[self._last].arguments, self._spec.places()
        outputs = {output.address: output for output in self._spec.outputs}
        by = differentiated(gradients)
        rows = []
        for target in gradients.of:
            output = outputs[target.output]
            truth = numeric.value.items[by.index(target.argument)].array
            part = part_of(call.values, output)
            got = part.array if part is not None else None
            assert truth is not None
            if got is None or got.shape != truth.shape or got.dtype.kind not in "fiub":
                continue
            single = got.dtype == np.float32
            tolerance = max(gradients.tolerance, _FLOAT32_GRADIENT if single else 0.0)
            gradient = got.astype(np.float64)
            if target.update is not None:
                before = at(arguments, places[target.argument][0])
                gradient = (before - gradient) / at(arguments, places[target.update][0])
            error = relative_error(gradient, truth)
            finite = error if np.isfinite(error) else None
            bound = f"<= {tolerance:g}"
            passed = error <= tolerance
            rows.append(Check("gradient", passed, f"{error:.2g}", bound, finite, output.name))
        return rows


def _nearest(call: Call | None) -> tuple[str, ...]:
    if call is None or call.unfit is None or call.unfit.what != "attribute":
        return ()
    wanted = call.unfit.got.partition(".")[2]
    return tuple(difflib.get_close_matches(wanted, call.unfit.known, n=3, cutoff=0.5))


def relative_error(got: Any, expected: Any) -> float:
    """||got - expected|| / (||got|| + ||expected||): about 1e-9 if right, 1e-2 and more if not.

    Source: the usual gradient check, e.g. in Stanford's CS231n notes on neural networks.
    """
    total = float(np.linalg.norm(got) + np.linalg.norm(expected))
    gap = float(np.linalg.norm(got - expected))
    if not np.isfinite(gap):
        return float("inf")
    return gap / total if total > 1e-12 else 0.0


def _short(error: ErrorReport) -> str:
    return f"{error.kind}: {error.message}" if error.message else error.kind
