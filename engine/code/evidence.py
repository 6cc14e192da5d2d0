"""A submission's runs beside the reference's, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .comparison import Compared, compare
from .exercise import Exercise
from .inputs import Case
from .runner import Call


def compare_call(exercise: Exercise, case: Case, call: Call, truth: Call) -> Compared:
    """One run of the learner's against the reference's, as far as it came."""
    spec = exercise.spec
    result = compare(call.values, truth.values, spec.outputs, spec.tolerance, case.kind != "hard")
    result.whole = call.whole
    return result


@dataclass(frozen=True)
class Evidence:
    """A wrong submission's calls beside the reference's, by the number of the case."""

    cases: Sequence[Case]
    learner: Mapping[int, Call]
    truth: Mapping[int, Call]
    compared: Mapping[int, Compared]

    @property
    def failed(self) -> list[int]:
        return [i for i in range(len(self.cases)) if not self.right(i)]

    def right(self, number: int) -> bool:
        return number in self.compared and self.compared[number].right


def gathered(
    exercise: Exercise,
    cases: Sequence[Case],
    learner: Mapping[int, Call],
    truth: Mapping[int, Call],
) -> Evidence:
    """Every run that there is, compared with the reference's."""
    compared = {
        i: compare_call(exercise, case, learner[i], truth[i])
        for i, case in enumerate(cases)
        if i in learner
    }
    return Evidence(cases, learner, truth, compared)
