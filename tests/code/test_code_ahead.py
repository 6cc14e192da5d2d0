"""The reference is run ahead: each seed serves once, and nothing is started after the end."""

import time

import pytest
from code_samples import parsed

from engine.code.ahead import key_of
from engine.code.judge import CodeJudge


@pytest.fixture
def ahead():
    with CodeJudge(ahead=True) as judge:
        yield judge


def wait_until_ready(judge: CodeJudge, name: str) -> None:
    for _ in range(200):
        if key_of(parsed(name)) in judge._ahead._kept:
            return
        time.sleep(0.02)
    raise AssertionError("nothing was computed ahead")


def test_what_was_computed_ahead_is_used_once(ahead: CodeJudge) -> None:
    exercise = parsed("pair")
    ahead.prepare(exercise)
    wait_until_ready(ahead, "pair")
    seed, _ = ahead._ahead._kept[key_of(exercise)]
    assert ahead.check(exercise, exercise.solution).seed == seed
    wait_until_ready(ahead, "pair")
    second = ahead.check(exercise, exercise.solution.replace("1 - next_h", "1 + next_h"))
    assert second.seed != seed
    assert second.outcome == "wrong"
    assert [mistake.code for mistake in second.mistakes] == ["sign-flipped"]


def test_a_given_seed_is_the_one_used(ahead: CodeJudge) -> None:
    exercise = parsed("pair")
    ahead.prepare(exercise)
    wait_until_ready(ahead, "pair")
    assert ahead.check(exercise, exercise.solution, seed=5).seed == 5


def test_another_exercise_of_the_same_name_gets_nothing_of_it(ahead: CodeJudge) -> None:
    ahead.prepare(parsed("pair"))
    wait_until_ready(ahead, "pair")
    assert key_of(parsed("pair", tolerance=1e-3)) != key_of(parsed("pair"))


def test_after_the_end_nothing_is_started() -> None:
    judge = CodeJudge(ahead=True)
    exercise = parsed("pair")
    assert judge.check(exercise, exercise.solution).outcome == "correct"
    judge.close()
    judge.prepare(exercise)
    time.sleep(0.1)
    assert judge.runner._backend._process is None


def test_a_reference_that_fails_leaves_nothing_ready(ahead: CodeJudge) -> None:
    broken = parsed("optimiser", outputs={"count": {"shape": [2]}, "updated": {"after": "params"},
                                          "first": {"items": {"W": {"shape": ["D", "H"]},
                                                              "b": {"shape": ["H"]}}}})  # fmt: skip
    ahead.prepare(broken)
    ahead._ahead._thread.join()
    assert key_of(broken) not in ahead._ahead._kept
    assert ahead.check(broken, broken.solution).reason == "reference-failed"
