"""What a submission is compared with: the reference's values on the inputs of one judgement.

They depend on the seed alone, so that they can be computed before anyone has submitted anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import inputs
from .exercise import Exercise
from .inputs import Case
from .parts import misfit
from .plan import Plan
from .programs import trusted
from .runner import Call, Limits, Program, Runner, Task
from .specification import GradientSpec


@dataclass(frozen=True)
class Expected:
    """The cases, the reference's run on each, and the numeric gradient on the last one."""

    cases: tuple[Case, ...]
    truth: Mapping[int, Call]
    slope: Call | None


def cases_of(exercise: Exercise, seed: int) -> list[Case]:
    """The inputs of one judgement; the last is the gradient check's, if there is one."""
    found = inputs.cases(exercise.spec, seed)
    if exercise.spec.gradients is not None:
        found.append(inputs.gradient_case(exercise.spec, seed))
    return found


def expect(runner: Runner, exercise: Exercise, cases: Sequence[Case]) -> Expected | None:
    """Runs the reference, in a child; None if it does not give what its exercise says."""
    last = len(cases) - 1
    programs = _programs(exercise, last)
    arguments = [case.arguments for case in cases]
    run = runner.run(Task(programs, arguments, Limits(seconds=10.0)))
    calls = run.programs[0].calls
    for i, case in enumerate(cases):
        call = calls.get(i)
        if call is None or not call.whole:
            return None
        if misfit(call.values, exercise.spec.outputs, case.sizes) is not None:
            return None
    if len(programs) == 1:
        return Expected(tuple(cases), calls, None)
    slope = run.programs[1].calls.get(last)
    return None if slope is None or slope.error else Expected(tuple(cases), calls, slope)


def _programs(exercise: Exercise, last: int) -> list[Program]:
    programs = [trusted(exercise, exercise.reference_source)]
    gradients, loss = exercise.spec.gradients, exercise.loss
    if gradients is not None and loss is not None:
        places = exercise.spec.places()
        numeric = Program(
            exercise.reference_source,
            Plan((loss,), ("value",), {}, (loss.target,), {}),
            tuple(places[address][0] for address in differentiated(gradients)),
            gradients.step,
            (last,),
            trusted=True,
            helpers=exercise.helpers,
        )
        programs.append(numeric)
    return programs


def differentiated(gradients: GradientSpec) -> list[str]:
    """The addresses that the loss is differentiated by, each once."""
    return list(dict.fromkeys(target.argument for target in gradients.of))
