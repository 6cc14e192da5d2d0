"""Every experiment says in both languages what it shows."""

from __future__ import annotations

import re

import pytest

from drills.locale import text
from engine.experiments import EXPERIMENTS


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "binary-addition"])
def test_an_experiment_states_its_claim_in_both_languages(name: str) -> None:
    claim = text(f"cli.lab.claim.{name}")

    assert claim.en != claim.ja
    assert not claim.en.endswith(".")


@pytest.mark.parametrize("name", ["addition-strings", "date-conversion", "adding-problem"])
def test_both_languages_tell_the_figures_that_the_experiment_tells(name: str) -> None:
    claim = text(f"cli.lab.claim.{name}")
    assert claim.en == EXPERIMENTS[name].claim
    ours = re.findall(r"[\d.]+", claim.en.rpartition(";")[2])
    assert re.findall(r"[\d.]+", claim.ja.rpartition("シード数")[2]) == ours != []
