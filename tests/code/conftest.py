"""One warm judge for all of this folder's tests, and the bank's exercises by name."""

from collections.abc import Callable, Iterator

import pytest

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge
from question_bank.loader import load


@pytest.fixture(scope="session")
def judge() -> Iterator[CodeJudge]:
    with CodeJudge() as judge:
        yield judge


@pytest.fixture(scope="session")
def exercise() -> Callable[..., Exercise]:
    """An exercise of the bank; keyword arguments replace keys of its judge's data."""
    entries = load().exercises
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
