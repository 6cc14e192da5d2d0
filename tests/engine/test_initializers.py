"""Initial weights: their deviations, and the one stream of random numbers behind them."""

import numpy as np
import pytest

from engine.initializers import INITIALIZERS, spectral_radius


@pytest.mark.parametrize(
    ("name", "deviation", "expected"),
    [
        ("normal", 1.0, 1.0),
        ("normal", 0.25, 0.25),
        ("xavier", 7.0, 1 / np.sqrt(50)),
        ("he", 7.0, np.sqrt(2 / 50)),
    ],
)
def test_the_deviation_is_that_of_the_rule(name, deviation, expected):
    weights = INITIALIZERS[name](np.random.RandomState(0), 50, 400, deviation)
    assert weights.shape == (50, 400)
    assert weights.std() == pytest.approx(expected, rel=0.02)
    assert abs(weights.mean()) < 0.02 * expected


def test_every_rule_takes_the_same_numbers_from_the_stream():
    drawn = np.random.RandomState(3).randn(2, 16)
    following = set()
    for draw in INITIALIZERS.values():
        rng = np.random.RandomState(3)
        weights = draw(rng, 2, 16, 1.0)
        following.add(rng.randint(10**6))
        assert weights / weights[0, 0] == pytest.approx(drawn / drawn[0, 0])
    assert len(following) == 1


@pytest.mark.parametrize(
    ("matrix", "radius"),
    [
        ([[0.0, -2.0], [2.0, 0.0]], 2.0),
        ([[3.0, 0.0], [0.0, -5.0]], 5.0),
        ([[0.0, 9.0], [0.0, 0.0]], 0.0),
    ],
)
def test_the_spectral_radius_is_the_largest_eigenvalue_in_size(matrix, radius):
    assert spectral_radius(np.array(matrix)) == pytest.approx(radius)


def test_a_matrix_that_is_not_finite_has_an_infinite_radius():
    assert spectral_radius(np.array([[np.nan]])) == np.inf
