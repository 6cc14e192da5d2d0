"""The adding problem: what a network is shown, and what it is asked for."""

import numpy as np
import pytest

from engine.tasks.adding_problem import BASELINE, AddingProblem


@pytest.mark.parametrize("steps", [2, 3, 7, 100])
def test_one_step_of_each_half_is_marked_and_their_values_add_up_to_the_target(steps):
    x, d = AddingProblem(steps).sample(np.random.RandomState(0), 500)
    assert x.shape == (steps, 500, 2)
    assert d.shape == (500, 1)
    for n in range(500):
        first, second = (t for t in range(steps) if x[t, n, 1] == 1.0)
        assert first < steps // 2 <= second
        assert d[n, 0] == x[first, n, 0] + x[second, n, 0]
    assert np.isin(x[..., 1], (0.0, 1.0)).all()


def test_every_step_of_a_half_is_marked_about_equally_often():
    x, _ = AddingProblem(10).sample(np.random.RandomState(1), 20_000)
    assert x[..., 1].mean(axis=1) == pytest.approx(np.full(10, 0.2), abs=0.02)


def test_values_are_even_between_zero_and_one():
    x, _ = AddingProblem(20).sample(np.random.RandomState(2), 5_000)
    values = np.sort(x[..., 0].ravel())
    assert np.abs(values - np.linspace(0, 1, values.size)).max() < 0.01


def test_the_baseline_is_the_error_of_always_answering_one():
    _, d = AddingProblem(5).sample(np.random.RandomState(3), 200_000)
    assert ((d - 1.0) ** 2).mean() == pytest.approx(BASELINE, rel=0.01)
    assert d.var() == pytest.approx(BASELINE, rel=0.01)


def test_the_same_seed_gives_the_same_sequences():
    task = AddingProblem(9)
    first, again, other = (task.sample(np.random.RandomState(s), 4) for s in (5, 5, 6))
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[0] != other[0]).any()


def test_below_two_steps_there_is_no_task():
    with pytest.raises(ValueError, match="at least 2"):
        AddingProblem(1)
