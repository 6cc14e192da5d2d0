"""A gradient check has to pass what is right and point at what is wrong."""

import numpy as np
import pytest

from engine.gradient_check import check_entries, check_inner_product, relative_error

RNG = np.random.default_rng(0)
AT = {"A": RNG.standard_normal((3, 2)), "v": RNG.standard_normal(2)}


def loss(point):
    return float(np.sin(point["A"] @ point["v"]).sum())


def gradients():
    inner = np.cos(AT["A"] @ AT["v"])
    return {"A": np.outer(inner, AT["v"]), "v": AT["A"].T @ inner}


def test_a_right_gradient_passes_both_checks():
    assert check_entries(loss, AT, gradients()).worst.relative_error < 1e-8
    directions = check_inner_product(
        loss, AT, lambda w: {k: w * g for k, g in gradients().items()}, np.random.default_rng(1)
    )
    assert directions.worst.relative_error < 1e-8
    assert directions.passes()


def test_the_worst_entry_is_the_one_that_is_wrong():
    wrong = gradients()
    wrong["A"][2, 1] *= 1.5
    worst = check_entries(loss, AT, wrong).worst
    assert (worst.name, worst.index) == ("A", (2, 1))
    assert worst.analytic == pytest.approx(1.5 * worst.numeric)
    assert worst.relative_error == pytest.approx(1 / 3, rel=1e-6)


def test_the_inner_product_check_names_the_parameter_that_is_wrong():
    def pull_back(w):
        right = gradients()
        return {"A": w * right["A"], "v": w * 2 * right["v"]}

    check = check_inner_product(loss, AT, pull_back, np.random.default_rng(2))
    assert check.worst.name == "v"
    assert check.worst.relative_error == pytest.approx(0.5, rel=1e-6)
    assert [d.name for d in check.per_parameter if d.relative_error > 1e-6] == ["v"]


def test_the_inner_product_check_takes_functions_with_many_values():
    matrix = RNG.standard_normal((4, 3))

    def function(point):
        return np.tanh(matrix @ point["x"])

    at = {"x": RNG.standard_normal(3)}

    def pull_back(w):
        return {"x": matrix.T @ (w / np.cosh(matrix @ at["x"]) ** 2)}

    assert check_inner_product(function, at, pull_back, np.random.default_rng(3)).passes(1e-7)
    turned = check_inner_product(
        function, at, lambda w: {"x": -pull_back(w)["x"]}, np.random.default_rng(3)
    )
    assert not turned.passes(1.0)


def test_the_worst_direction_counts_wherever_it_comes():
    numbers = iter(range(4))

    def pull_back(w):
        right = 3 * gradients()["v"] if next(numbers) == 2 else gradients()["v"]
        return {"v": w * right}

    check = check_inner_product(loss, AT, pull_back, np.random.default_rng(4), directions=4)
    assert check.worst.index == (2,)


def test_a_nan_is_a_failure_and_the_worst():
    wrong = gradients()
    wrong["v"][0] = np.nan
    check = check_entries(loss, AT, wrong)
    assert check.worst.name == "v"
    assert not check.passes(tolerance=1e9)


def test_the_point_is_left_as_it_was():
    before = {name: value.copy() for name, value in AT.items()}

    def meddling(point):
        value = loss(point)
        for array in point.values():
            array[...] = 0
        return value

    assert check_entries(meddling, AT, gradients()).passes()
    assert all(np.array_equal(AT[name], before[name]) for name in AT)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"B": np.zeros(2)}, "no parameter"), ({"v": np.zeros(3)}, "shape")],
)
def test_a_gradient_that_belongs_to_nothing_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        check_entries(loss, AT, wrong)


def test_entries_too_small_to_measure_are_measured_against_the_floor():
    assert relative_error(1e-12, 2e-12) == pytest.approx(1e-6)
    assert relative_error(0.11, 0.1) == pytest.approx(1 / 11)
