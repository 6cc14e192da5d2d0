"""What every exercise is tried with: an answer in another style, and a mistake of its own kind."""

from collections.abc import Callable, Mapping
from typing import Protocol

import pytest

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge


class _Test(Protocol):
    def __call__(self, judge: CodeJudge, exercise: Callable[..., Exercise], name: str) -> None: ...


def passing(answers: Mapping[str, str]) -> _Test:
    """A test for each exercise: the answer, written in a style of its own, passes.

    Args:
        answers: the whole text of an answer by the exercise's name.
    """

    def test(judge: CodeJudge, exercise: Callable[..., Exercise], name: str) -> None:
        judged = judge.check(exercise(name), answers[name], seed=5)
        assert judged.outcome == "correct", judged

    parametrised: _Test = pytest.mark.parametrize("name", answers)(test)
    return parametrised


def failing(changes: Mapping[str, tuple[str, str]]) -> _Test:
    """A test for each exercise: a mistake that no mutant makes is found, and not named wrongly.

    Args:
        changes: what stands in the solution and what somebody wrote instead, by the exercise's
            name.
    """

    def test(judge: CodeJudge, exercise: Callable[..., Exercise], name: str) -> None:
        right, wrong = changes[name]
        solution = exercise(name).solution
        assert solution.count(right) == 1
        judged = judge.check(exercise(name), solution.replace(right, wrong), seed=5, shrink=False)
        assert (judged.outcome, judged.mistakes) == ("wrong", ())

    parametrised: _Test = pytest.mark.parametrize("name", changes)(test)
    return parametrised
