"""Replicates from the command line, of any experiment."""

from collections.abc import Callable
from typing import Any

import pytest

SMALL = ("--set", "iterations=2", "--set", "steps=5", "--set", "hidden=4", "--set", "batch=3")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "10 % / 50 % / 90 % of 4/4 runs"), ("ja", "4/4試行の10 %")]
)
def test_quantiles_are_printed_a_line_a_snapshot(
    bptt: Callable[..., Any], language: str, said: str
) -> None:
    ran = bptt("--lang", language, "lab", "run", "adding-problem", "--replicates", "4", *SMALL)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert all(said in line for line in lines)
    words = lines[0].split("  loss ")[1].split("  ")[0].split(" / ")
    low, middle, high = (float(word) for word in words)
    assert low < middle < high
    assert "baseline 0.1667  " in lines[0]  # where all runs agree it is said once


def test_parts_have_lines_of_their_own_and_json_has_everything(bptt: Callable[..., Any]) -> None:
    words = ["lab", "run", "forget-gate-bias", "--replicates", "3", *SMALL]
    lines = bptt(*words).out.splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["bias", "-2"],
        ["bias", "0"],
        ["bias", "1"],
    ]
    snapshot = bptt(*words, "--json").json
    assert snapshot["replicates"] == snapshot["running"] == 3
    assert set(snapshot["networks"][0]["loss"]) == {"10", "50", "90"}
    assert bptt(*words, "--json").out == bptt(*words, "--json").out
    assert bptt(*words, "--json").out != bptt(*words, "--json", "--seed", "9").out


def test_the_option_and_the_setting_mean_the_same(bptt: Callable[..., Any]) -> None:
    option = bptt("lab", "run", "adding-problem", "--replicates", "2", *SMALL)
    setting = bptt("lab", "run", "adding-problem", "--set", "replicates=2", *SMALL)
    assert option.out == setting.out
    quick = ("--set", "iterations=50", "--set", "every=50")
    option = bptt("lab", "run", "bit-order", "--replicates", "2", *quick, "--json")
    setting = bptt("lab", "run", "bit-order", "--set", "replicates=2", *quick, "--json")
    assert option.out == setting.out
    assert option.json["replicates"] == 2


@pytest.mark.parametrize("given", ["0", "201", "many"])
@pytest.mark.parametrize("name", ["adding-problem", "bit-order"])
def test_a_number_that_does_not_fit_is_refused(
    bptt: Callable[..., Any], name: str, given: str
) -> None:
    ran = bptt("lab", "run", name, "--replicates", given)
    assert ran.code == 2
    assert f"replicates={given}" in ran.err
    assert "1 - 200" in ran.err


@pytest.mark.parametrize(("language", "said"), [("en", "seed 1 diverged"), ("ja", "シード1は発散")])
def test_a_run_that_diverged_is_named_by_its_seed(
    bptt: Callable[..., Any], language: str, said: str
) -> None:
    settings = ("--set", "activation=relu", "--set", "output_delta=seed")
    words = ("lab", "run", "binary-addition", "--replicates", "2", *settings)
    ran = bptt("--lang", language, *words)
    assert ran.code == 0
    assert said in ran.out
    assert ran.err == ""
