"""Why a wrong answer is wrong: its first difference, its name, and a small input that shows it."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from . import printing
from .by_blank import name_by_blank
from .comparison import Difference, common_edges, first_difference
from .evidence import Evidence, compare_call
from .exercise import Exercise
from .inputs import Case
from .judgement import CodeJudgement, feedback_keys
from .mutation import Mutant, spans_blanks
from .naming import NamedMistake, name_declared, name_mistakes, pick
from .parts import misfit
from .programs import learners, trusted
from .runner import Call, ErrorReport, Limits, Runner, Task
from .scopes import Scope, probed, scope_of
from .shrinking import shrink

# Numbers in an input that is worth printing.
_MAX_PRINTED: Final = 120

# Ends of a process that no input explains: nothing to name, nothing to shrink.
_ABRUPT: Final = frozenset(
    ["timeout", "crashed", "ended", "bad-channel", "too-much-results", "MemoryError", "SystemExit"]
)

# How a call fails: the check (or exception), a detail that must not change (the learner's line, or
# whether a number is undefined), and the outputs concerned.
_Failure: TypeAlias = tuple[str, int | bool | None, frozenset[str | None]]


def _unknown_name(error: ErrorReport | None) -> tuple[NamedMistake, ...]:
    """What an exception of a learner's own line says by itself, if no known mistake behaves so."""
    if error is None or error.line is None:
        return ()
    owner = error.message.split("'")[1:2]
    missing = error.kind == "AttributeError" and not (owner and hasattr(builtins, owner[0]))
    missing = missing and owner != ["NoneType"]
    if missing or error.kind in ("NameError", "UnboundLocalError"):
        return (NamedMistake("name-undefined", error.line),)
    return ()


class Explainer:
    """Explains one wrong submission.

    Args:
        seed: of the search for a small failing input; None for no search.
        blanks: what each blank's answer does with the reference in the others, if that is known.
    """

    def __init__(
        self,
        runner: Runner,
        exercise: Exercise,
        mutants: Callable[[], Sequence[Mutant]],
        source: str,
        seed: int | None,
        blanks: Mapping[str, Evidence] | None = None,
    ) -> None:
        self._blanks = blanks or {}
        self._runner = runner
        self._exercise = exercise
        self._mutants = mutants
        self._source = source
        self._seed = seed

    def explain(self, judgement: CodeJudgement, evidence: Evidence) -> CodeJudgement:
        """The judgement as wrong, with all that can be said of why."""
        failed = evidence.failed
        comparable = [i for i in failed if i in evidence.compared and evidence.compared[i].faults]
        abrupt = judgement.error is not None and judgement.error.kind in _ABRUPT
        mistakes: tuple[NamedMistake, ...] = ()
        small = [evidence.cases[i] for i in failed[:1]]
        if failed and self._blanks:
            mistakes = self._spanning(evidence) or name_by_blank(
                self._runner, self._exercise, self._mutants(), self._blanks, self._source
            )
        if failed and not abrupt:
            mistakes = mistakes or self._name(evidence)
            # An error on every input says all by itself; shrinking would only take its time.
            reached = any(result.reached for result in evidence.compared.values())
            if self._seed is not None and (reached or self._printed(small) is None):
                small = self._shrink(evidence, (comparable or failed)[0])
        mistakes = mistakes or _unknown_name(judgement.error)
        common = scope_of(evidence.cases, failed, evidence.learner)
        scope = Scope(common) if common else None
        if scope is None and self._seed is not None and not abrupt:
            scope = probed(self._exercise.spec, evidence, self._right, self._seed)
        return replace(
            judgement,
            outcome="wrong",
            mistakes=mistakes,
            difference=self._difference(evidence, comparable),
            failing_input=self._printed(small),
            failing_sizes=dict(small[-1].sizes) if small else None,
            failed_cases=tuple(evidence.cases[i].name for i in failed),
            scope=scope.name if scope else None,
            scope_sizes=scope.sizes if scope else {},
            feedback=feedback_keys(mistakes),
        )

    def _difference(self, evidence: Evidence, numbers: Sequence[int]) -> Difference | None:
        """The first difference, with the edge at which the same output is wrong in every case."""
        spec, found = self._exercise.spec, []
        for i in numbers:
            got, expected = evidence.learner[i].values, evidence.truth[i].values
            case = evidence.cases[i]
            found.append(
                first_difference(got, expected, spec.outputs, spec.tolerance, case.name, case.sizes)
            )
        differences = [each for each in found if each is not None]
        if not differences:
            return None
        first = differences[0]
        same = [each for each in differences if each.output == first.output]
        return replace(first, edges=common_edges(same))

    def _right(self, cases: Sequence[Case]) -> list[bool | None]:
        """Whether the submission is right on further cases."""
        arguments = [case.arguments for case in cases]
        limits = Limits(seconds=self._exercise.spec.seconds)
        learner = learners(self._exercise, self._source)
        reference = trusted(self._exercise, self._exercise.reference_source)
        got = self._runner.run(Task([learner], arguments, limits)).programs[0].calls
        truth = self._runner.run(Task([reference], arguments)).programs[0].calls
        right: list[bool | None] = []
        for i, case in enumerate(cases):
            known, call = truth.get(i), got.get(i)
            if known is None or not known.whole:
                right.append(None)
            else:
                fine = call is not None and compare_call(self._exercise, case, call, known).right
                right.append(fine)
        return right

    def _name(self, evidence: Evidence) -> tuple[NamedMistake, ...]:
        return self._named_among(evidence, self._mutants(), name_mistakes)

    def _named_among(
        self,
        evidence: Evidence,
        mutants: Sequence[Mutant],
        name: Callable[..., tuple[NamedMistake, ...]],
    ) -> tuple[NamedMistake, ...]:
        chosen = pick(evidence.cases, evidence.right)
        return name(
            self._runner,
            self._exercise,
            mutants,
            [evidence.cases[i] for i in chosen],
            {n: evidence.learner[i] for n, i in enumerate(chosen) if i in evidence.learner},
            {n: evidence.truth[i] for n, i in enumerate(chosen)},
            self._source,
        )

    def _spanning(self, evidence: Evidence) -> tuple[NamedMistake, ...]:
        """A declared mistake over several blanks: each of them alone does not show it."""
        bugs = [mutant for mutant in self._mutants() if spans_blanks(self._exercise, mutant)]
        return self._named_among(evidence, bugs, name_declared) if bugs else ()

    def _printed(self, cases: Sequence[Case]) -> str | None:
        arguments = [case.arguments for case in cases]
        if not cases or sum(map(printing.entries, arguments)) > _MAX_PRINTED:
            return None
        return printing.plan(self._exercise.plan, arguments, self._exercise.helpers)

    def _shrink(self, evidence: Evidence, number: int) -> list[Case]:
        """A small failing input; where only the second of two runs fails, both inputs."""
        assert self._seed is not None
        case = evidence.cases[number]
        spec = self._exercise.spec
        wanted = self._failure(case, evidence.learner.get(number), evidence.truth[number])
        learner = learners(self._exercise, self._source)
        reference = trusted(self._exercise, self._exercise.reference_source)

        def probe(candidates: Sequence[Case]) -> list[bool]:
            arguments = [candidate.arguments for candidate in candidates]
            limits = Limits(seconds=spec.seconds)
            got = self._runner.run(Task([learner], arguments, limits)).programs[0].calls
            truth = self._runner.run(Task([reference], arguments)).programs[0].calls
            return [
                i in truth
                and truth[i].whole
                and misfit(truth[i].values, spec.outputs, candidate.sizes) is None
                and _alike(wanted, self._failure(candidate, got.get(i), truth[i]))
                for i, candidate in enumerate(candidates)
            ]

        small = shrink(spec, case, probe, self._seed)
        # The candidates ran one after another: what was found must fail alone, too.
        for candidate in (small, case):
            if probe([candidate])[0]:
                return [candidate]
        # It fails for what a run before it left behind.
        pairs = [[small, small], *([one, case] for one in reversed(evidence.cases[:number]))]
        return next((pair for pair in pairs if probe(pair)[1]), [case])

    def _failure(self, case: Case, call: Call | None, truth: Call) -> _Failure | None:
        if call is None:
            return "no-answer", None, frozenset()
        if call.error is not None:
            return call.error.kind, call.error.line, frozenset()
        if call.unfit is not None:
            return call.unfit.what, call.step, frozenset()
        result = compare_call(self._exercise, case, call, truth)
        if result.right:
            return None
        first = result.faults[0]
        undefined = first.got in ("nan", "inf", "-inf")
        return first.check, undefined, frozenset(fault.output for fault in result.faults)


def _alike(old: _Failure | None, new: _Failure | None) -> bool:
    """Whether a smaller input fails in the same way: no other outputs, but maybe fewer."""
    return bool(old and new and old[:2] == new[:2] and new[2] <= old[2])
