"""Targets for tests that would take minutes over all of them: a sample always, the rest proved."""

from __future__ import annotations

import random
from typing import Any

import pytest

from engine.formulas.targets import TARGETS

# Of each model some, so that no model goes without.
A_MODEL = 2


def sampled(a_model: int = A_MODEL) -> list[Any]:
    """Every target as a parameter; those beyond ``a_model`` of each model are marked ``prove``."""
    by_model: dict[str, list[str]] = {}
    for name, target in TARGETS.items():
        by_model.setdefault(target.model_name, []).append(name)
    chosen = {
        name
        for model, names in by_model.items()
        for name in random.Random(model).sample(names, min(a_model, len(names)))
    }
    return [
        pytest.param(name, id=name, marks=() if name in chosen else (pytest.mark.prove,))
        for name in TARGETS
    ]
