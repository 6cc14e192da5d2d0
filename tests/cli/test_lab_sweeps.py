"""Sweeps from the command line: a line a case, quantiles as JSON, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.experiments import EXPERIMENTS

QUICK = ("--set", "replicates=4", "--set", "iterations=200", "--set", "every=100")


def test_a_sweep_prints_a_line_a_case_at_each_snapshot(bptt: Callable[..., Any]) -> None:
    ran = bptt("lab", "run", "initial-deviation", *QUICK, "--set", "deviations=0.5,2")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["100", "deviation", "0.5"],
        ["100", "deviation", "2"],
        ["200", "deviation", "0.5"],
        ["200", "deviation", "2"],
    ]
    low, median, high = (float(number) for number in lines[0].split()[4:7])
    assert low < median < high
    assert all("solved   0.0 %" in line for line in lines)


def test_as_json_it_has_quantiles_and_shares_and_the_seed_decides(bptt: Callable[..., Any]) -> None:
    words = ["lab", "run", "output-delta", *QUICK, "--json"]
    first, same, other = bptt(*words), bptt(*words), bptt(*words, "--seed", "7")
    assert first.out == same.out != other.out
    snapshot = first.json
    assert [line["iteration"] for line in first.json_lines] == [100, 200]
    assert snapshot["replicates"] == 4
    assert [case["name"] for case in snapshot["cases"]] == ["seed", "true", "cross-entropy"]
    for case in snapshot["cases"]:
        assert case["loss"]["10"] < case["loss"]["50"] < case["loss"]["90"]
        assert 0 <= case["solved"] <= case["arrived"] <= 1


@pytest.mark.parametrize(("language", "word"), [("en", "diverged 4/4"), ("ja", "発散 4/4")])
def test_divergence_is_printed_and_not_warned_of(
    bptt: Callable[..., Any], language: str, word: str
) -> None:
    ran = bptt("--lang", language, "lab", "run", "clipping", *QUICK)
    free, clipped = ran.out.splitlines()[:2]
    assert word in free
    assert "-" in free.split()
    assert word.split(maxsplit=1)[0] not in clipped
    assert ran.err == ""


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("deviations=1,11", "deviations=1,11"),
        ("deviations=", "0 - 10"),
        ("deviation=1", "deviations"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    bptt: Callable[..., Any], pair: str, said: str
) -> None:
    ran = bptt("lab", "run", "initial-deviation", "--set", pair)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_list_tells_claims_and_recorded_figures(
    bptt: Callable[..., Any], language: str
) -> None:
    ran = bptt("--lang", language, "lab", "list")
    listed = {line["name"]: line for line in bptt("lab", "list", "--json").json_lines}
    assert set(listed) == set(EXPERIMENTS)
    assert all(line.strip() for line in ran.out.splitlines())
    recorded = listed["wrong-gradient"]["recorded"]
    assert recorded["truncated-to-one-step"]["replicates"] == 200
    assert "curve" not in recorded["seed"]
    assert "truncated-to-one-step" in ran.out
    assert f"{100 * recorded['truncated-to-one-step']['solved']:.1f} %" in ran.out
    assert (listed["wrong-gradient"]["claim"] in ran.out) == (language == "en")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["scaled-dot-product", "--set", "largest=4"], "d_k 1"),
        (["forget-gate-bias", "--set", "iterations=2", "--set", "steps=5"], "baseline 0.1667"),
    ],
)
def test_any_other_experiment_prints_its_numbers_by_name(
    bptt: Callable[..., Any], words: list[str], first: str
) -> None:
    ran = bptt("lab", "run", *words)
    assert ran.code == 0
    assert first in ran.out.splitlines()[0]
    assert "[" not in ran.out
