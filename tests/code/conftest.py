"""One warm judge for all of this folder's tests, and the bank's exercises by name."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from built_in import BANK

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

# The samples are a plain module beside the tests (import mode importlib adds no folder).
sys.path.insert(0, str(Path(__file__).parent))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Other styles and strange mistakes of every exercise take a minute: here every fourth case."""
    cases = [one for one in items if one.path.name.endswith("_exercises.py")]
    for place, case in enumerate(cases):
        if place % 4:
            case.add_marker(pytest.mark.prove)


@pytest.fixture(scope="session")
def judge() -> Iterator[CodeJudge]:
    with CodeJudge() as judge:
        yield judge


@pytest.fixture(scope="session")
def exercise() -> Callable[..., Exercise]:
    """An exercise of the bank; keyword arguments replace keys of its judge's data."""
    entries = BANK.exercises
    parsed: dict[str, Exercise] = {}

    def find(name: str, **changed: object) -> Exercise:
        if changed:
            entry = entries[name]
            return Exercise.parse(name, entry.source, {**entry.spec, **changed})
        if name not in parsed:
            entry = entries[name]
            parsed[name] = Exercise.parse(name, entry.source, entry.spec)
        return parsed[name]

    return find
