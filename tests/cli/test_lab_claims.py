"""Every experiment says in both languages what it shows."""

from __future__ import annotations

import pytest

from drills.locale import text
from engine.experiments import EXPERIMENTS


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "binary-addition"])
def test_an_experiment_states_its_claim_in_both_languages(name: str) -> None:
    claim = text(f"cli.lab.claim.{name}")

    assert claim.en != claim.ja
    assert not claim.en.endswith(".")
