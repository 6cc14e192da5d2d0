"""Recorded figures by name, with the interval in which a repetition is expected."""

import math

import pytest

from engine.experiments import EXPERIMENTS
from engine.experiments.figures import LEAST_RUNS, figures_of, rows

ROW = {
    "replicates": 200,
    "solved": 0.77,
    "arrived": 0.78,
    "diverged": 0.0,
    "nan": 0.0,
    "bit_accuracy": 0.9,
    "first": {"25": 4000.0, "50": 5000.0, "75": None},
    "loss": {"10": 0.1, "50": 0.2, "90": None},
}


def test_every_experiments_recorded_rows_are_found_by_name():
    for experiment in EXPERIMENTS.values():
        prefix = experiment.results.removesuffix(".json").replace("_", "-")
        for name in experiment.recorded():
            assert f"{prefix}/{name}" in rows()


@pytest.mark.parametrize("row", rows().values(), ids=lambda row: row.name)
def test_a_figure_lies_in_its_own_interval(row):
    assert row.figures
    for figure in row.figures.values():
        assert figure.low <= figure.value <= figure.high
        assert not figure.share or 0 <= figure.low <= figure.high <= 1


def test_a_share_has_its_binomial_interval():
    solved = figures_of(ROW)["solved"]

    # Clopper and Pearson for 154 of 200 at 99 %, from tables: 0.684 to 0.843.
    assert solved.low == pytest.approx(0.684, abs=2e-3)
    assert solved.high == pytest.approx(0.843, abs=2e-3)


def test_a_median_never_reached_is_infinite():
    never = figures_of({**ROW, "first": {"25": None, "50": None, "75": None}})["first"]

    assert math.isinf(never.value)
    assert math.isinf(never.low)


def test_without_an_upper_quartile_the_lower_half_speaks_for_both():
    first = figures_of(ROW)["first"]

    assert first.high - first.value == pytest.approx(first.value - first.low)
    assert first.high - first.value == pytest.approx(2.06 * 2000 / math.sqrt(200))


def test_few_long_runs_give_their_extremes():
    runs = [{"figures": {"exact matches after epoch 1": value}} for value in (0.4, 0.1, 0.3)]
    (figure,) = figures_of({"runs": runs}).values()

    assert (figure.value, figure.low, figure.high, figure.runs) == (0.3, 0.1, 0.4, LEAST_RUNS)
    assert figure.share
