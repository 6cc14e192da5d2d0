"""Proof that an exercise can be judged: the reference passes, everything known to be wrong fails.

Every mutant of the reference is run on the judge's own inputs. One that differs nowhere there goes
to a separate, stronger sampler; if that finds no difference either, the mutant is equivalent, and
then the exercise must list it with a reason. Survivors that are not listed are problems, and so are
listed ones that differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import inputs
from .choices import DISTRACTORS, canonical, right_text
from .comparison import compare
from .exercise import Exercise
from .inputs import Case
from .judge import CodeJudge, shared_judge
from .mutation import Mutant
from .naming import run_mutants
from .parts import misfit
from .programs import trusted
from .runner import Call, Limits, Task

MIN_MUTANTS = 8
MIN_CLASSES = 4
# Of an exercise's mutants, those that are declared and proved equivalent.
MAX_EQUIVALENT = 0.05
_CHUNK = 40
_CERTIFICATION_SEED = 7
_STRONGER_SEEDS = range(1000, 1012)
_NAMING_SEEDS = range(3)


@dataclass(frozen=True)
class ExerciseCertificate:
    """What was proved. ``survived`` are ids of mutants that were neither rejected nor proved
    equivalent; ``equivalent`` those proved and listed. ``problems`` are empty if all is well."""

    exercise: str
    mutants: int
    classes: int
    equivalent: tuple[str, ...]
    survived: tuple[str, ...]
    reference_passes: bool
    shipped_fails: bool
    bugs_found: bool
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def certify(
    exercise: Exercise, full: bool = False, judge: CodeJudge | None = None
) -> ExerciseCertificate:
    """Certifies one exercise.

    Args:
        full: with more seeds for the reference and the declared bugs, a larger stronger sample, and
            the name of every choice that is shown.
    """
    judge = judge or shared_judge()
    problems: list[str] = []
    seeds = range(20 if full else 3)
    passes = all(
        judge.check(exercise, exercise.solution, seed=seed).outcome == "correct" for seed in seeds
    )
    if not passes:
        problems.append(f"the reference does not pass: {_why(judge, exercise)}")
    typed = judge.check(exercise, exercise.typed_source(), seed=0)
    shipped = typed.reason == "blank-left" if exercise.blanks else typed.outcome != "correct"
    found = True
    for bug in exercise.bugs:
        for seed in seeds:
            judged = judge.check(
                exercise, exercise.bug_source(bug.name), "bug", bug.name, seed, shrink=False
            )
            named = [mistake.at.get("bug") for mistake in judged.mistakes]
            shipped = shipped and judged.outcome == "wrong"
            if judged.outcome != "wrong" or named != [bug.name]:
                found = False
                said = f"{judged.outcome}, named {named} (seed {seed})"
                problems.append(f"bug {bug.name!r}: {said}")
                break
    if not shipped:
        problems.append("the exercise as shipped does not fail")
    everything = judge.mutants_of(exercise)
    same = _unlike(judge, exercise, everything, [_CERTIFICATION_SEED])
    extra = range(1000, 1040) if full else _STRONGER_SEEDS
    equivalent = _unlike(judge, exercise, same, extra) if same else []
    # A mutant that only the stronger sampler rejects got past the judge: that is no equivalence.
    weak = [mutant for mutant in same if mutant not in equivalent]
    listed = exercise.spec.equivalent
    survived = [mutant.id for mutant in weak]
    survived += [mutant.id for mutant in equivalent if mutant.id not in listed]
    problems += [f"survived: {name}" for name in survived]
    proved = tuple(mutant.id for mutant in equivalent if mutant.id in listed)
    problems += [f"listed as equivalent, but differs: {n}" for n in listed if n not in proved]
    if len(proved) > MAX_EQUIVALENT * len(everything):
        share = f"{len(proved)} of {len(everything)}"
        problems.append(f"{share} mutants are equivalent; at most {MAX_EQUIVALENT:.0%} may be")
    problems += _choices(judge, exercise)
    if full:
        problems += misnamed(judge, exercise)
    classes = len({mutant.code for mutant in everything})
    if len(everything) < MIN_MUTANTS or classes < MIN_CLASSES:
        problems.append(f"only {len(everything)} mutants of {classes} classes")
    return ExerciseCertificate(
        exercise.name,
        len(everything),
        classes,
        proved,
        tuple(survived),
        passes,
        shipped,
        found,
        tuple(problems),
    )


def _choices(judge: CodeJudge, exercise: Exercise) -> list[str]:
    """Blanks without enough wrong texts, right texts that fail, an author's own that pass."""
    problems = []
    for blank in exercise.blanks:
        known = judge.distractors_of(exercise, blank.letter)
        few = len(judge.choices(exercise, blank.letter))
        if few < DISTRACTORS:
            problems.append(
                f"blank {blank.letter!r}: only {few} wrong texts of different behaviour"
            )
        texts = {distractor.text for distractor in known}
        for own in exercise.spec.choices.get(blank.letter, ()):
            if canonical(own) not in texts:
                problems.append(f"choices.{blank.letter}: {own!r} is not wrong")
    answers = {blank.letter: right_text(blank) for blank in exercise.blanks}
    shown = judge.check(exercise, exercise.fill(answers), seed=1, shrink=False)
    if shown.outcome != "correct":
        problems.append("the right texts of the choices do not pass as they are shown")
    return problems


def misnamed(judge: CodeJudge, exercise: Exercise) -> list[str]:
    """Choices that have another name, or none, when they are typed instead of chosen."""
    problems = []
    for blank in exercise.blanks:
        for wrong in judge.choices(exercise, blank.letter):
            for seed in _NAMING_SEEDS if wrong.code else ():
                source = exercise.fill({blank.letter: wrong.text})
                judged = judge.check(exercise, source, seed=seed, shrink=False)
                named = [mistake.code for mistake in judged.mistakes]
                if named != [wrong.code]:
                    said = f"{wrong.code!r} is named {named} (seed {seed})"
                    problems.append(f"blank {blank.letter!r}: {wrong.text!r}: {said}")
                    break
    return problems


def _why(judge: CodeJudge, exercise: Exercise) -> str:
    """What is wrong with a reference, as its author needs to know it."""
    for seed in range(3):
        cases = inputs.cases(exercise.spec, seed)
        reference = trusted(exercise, exercise.reference_source)
        run = judge.runner.run(Task([reference], [c.arguments for c in cases], Limits(10.0)))
        program = run.programs[0]
        if program.status != "ok":
            error = f"{program.error.kind}: {program.error.message}" if program.error else run.how
            return f"{program.status} {program.missing} {error}"
        for i, case in enumerate(cases):
            where = f"case {case.name!r} with {dict(case.sizes)}"
            call = program.calls.get(i)
            if call is None:
                return f"{where}: {run.how}"
            if call.error is not None:
                error = f"{call.error.kind}: {call.error.message}"
                return f"{where}: line {call.error.line} ({call.error.text}): {error}"
            if call.unfit is not None:
                step = exercise.plan.steps[call.step].line()
                return f"{where}: {step} gave {call.unfit.got}"
            found = misfit(call.values, exercise.spec.outputs, case.sizes)
            if found is not None:
                return f"{where}: {found}"
        judged = judge.check(exercise, exercise.solution, seed=seed, shrink=False)
        failed = [row for row in judged.checks if not row.passed]
        if judged.outcome != "correct":
            rows = [f"{row.name} {row.output or ''}: {row.got}" for row in failed]
            return "; ".join([judged.reason or judged.outcome, *rows])
    return "with some seeds only"


def _unlike(
    judge: CodeJudge, exercise: Exercise, candidates: Sequence[Mutant], seeds: Sequence[int]
) -> list[Mutant]:
    """The mutants that no case of these seeds tells from the reference."""
    left = list(candidates)
    for seed in seeds:
        cases = inputs.cases(exercise.spec, seed)
        reference = trusted(exercise, exercise.reference_source)
        arguments = [case.arguments for case in cases]
        run = judge.runner.run(Task([reference], arguments, Limits(seconds=10.0)))
        truth = run.programs[0].calls
        outputs = exercise.spec.outputs
        if not all(
            i in truth and truth[i].whole and misfit(truth[i].values, outputs, case.sizes) is None
            for i, case in enumerate(cases)
        ):
            return list(candidates)  # nothing is proved against a reference that does not run
        # Most differ on the first ordinary case already, or on the one whose sizes are equal.
        early = [i for i, case in enumerate(cases) if case.kind == "equal-sizes" or i == 0]
        left = _surviving(judge, exercise, left, cases, truth, early)
        late = [i for i in range(len(cases)) if i not in early]
        left = _surviving(judge, exercise, left, cases, truth, late)
        if not left:
            break
    return left


def _surviving(
    judge: CodeJudge,
    exercise: Exercise,
    candidates: Sequence[Mutant],
    cases: Sequence[Case],
    truth: Mapping[int, Call],
    numbers: Sequence[int],
) -> list[Mutant]:
    """Those that some of the cases do not tell from the reference."""
    chosen = [cases[i] for i in numbers]
    right = {n: truth[i] for n, i in enumerate(numbers)}
    still = []
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        ran = run_mutants(judge.runner, exercise, [m.source for m in chunk], chosen)
        for mutant, program in zip(chunk, ran.programs, strict=True):
            calls = program.calls
            # One that ate the others' time says nothing about them: they get a turn alone.
            if program.status == "not-reached" and len(chunk) > 1:
                alone = run_mutants(judge.runner, exercise, [mutant.source], chosen)
                calls = alone.programs[0].calls
            if _passes(exercise, chosen, calls, right):
                still.append(mutant)
    return still


def _passes(
    exercise: Exercise, cases: Sequence[Case], calls: Mapping[int, Call], truth: Mapping[int, Call]
) -> bool:
    spec = exercise.spec
    for i, case in enumerate(cases):
        call, right = calls.get(i), truth[i]
        if call is None or not call.whole:
            return False
        exact = case.kind != "hard"
        if not compare(call.values, right.values, spec.outputs, spec.tolerance, exact).right:
            return False
    return True
