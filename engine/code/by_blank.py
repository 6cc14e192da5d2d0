"""Each blank's answer on its own, with the reference in the others.

So that a mistake in the first blank does not make the later ones wrong, and each is named apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .blanks import answers_in
from .comparison import Check
from .evidence import Evidence, gathered
from .exercise import BLANK, Exercise
from .inputs import Case
from .mutation import Mutant
from .naming import NamedMistake, name_mistakes, pick
from .programs import learners
from .runner import Call, Limits, Runner, Task

# Processor seconds for each answer: an endless one must not cost the others their turn.
_ALARM: Final = 0.3


def judge_blanks(
    runner: Runner,
    exercise: Exercise,
    submission: str,
    cases: Sequence[Case],
    truth: Mapping[int, Call],
) -> dict[str, Evidence]:
    """What each filled blank does alone, by letter; {} if the file was changed elsewhere or has
    only one blank."""
    answers = answers_in(exercise, submission) if len(exercise.blanks) > 1 else None
    if answers is None:
        return {}
    filled = {k: text for k, text in answers.items() if text.strip() and BLANK not in text}
    programs = [learners(exercise, exercise.fill({k: text})) for k, text in filled.items()]
    if not programs:
        return {}
    # By the clock a busy machine takes several times as long as by the processor.
    limits = Limits(seconds=exercise.spec.seconds + len(programs) * 5 * _ALARM, results=64 << 20)
    arguments = [case.arguments for case in cases]
    run = runner.run(Task(programs, arguments, limits, alarm=_ALARM))
    return {
        letter: gathered(exercise, cases, program.calls, truth)
        for letter, program in zip(filled, run.programs, strict=True)
    }


def rows(blanks: Mapping[str, Evidence]) -> list[Check]:
    """One row of the table of checks for each blank that was filled."""
    return [Check("blank", not found.failed, output=letter) for letter, found in blanks.items()]


def name_by_blank(
    runner: Runner,
    exercise: Exercise,
    mutants: Sequence[Mutant],
    blanks: Mapping[str, Evidence],
    submission: str,
) -> tuple[NamedMistake, ...]:
    """The mistake of each wrong blank that is known, in the order of the file."""
    named: list[NamedMistake] = []
    for blank in exercise.blanks:
        found = blanks.get(blank.letter)
        if found is None or not found.failed:
            continue
        here = [mutant for mutant in mutants if blank.rows[0] <= mutant.line <= blank.rows[1]]
        chosen = pick(found.cases, found.right)
        named += name_mistakes(
            runner,
            exercise,
            here,
            [found.cases[i] for i in chosen],
            {n: found.learner[i] for n, i in enumerate(chosen) if i in found.learner},
            {n: found.truth[i] for n, i in enumerate(chosen)},
            submission,
        )[:1]
    return tuple(named)
