"""What of the long tables runs in ``make test``: every second line; ``make prove`` runs them all."""

from __future__ import annotations

import pytest

LONG = ("as_people_write", "test_static_models")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every second case of the long tables ``prove``."""
    cases = [
        one
        for one in items
        if any(name in one.path.name for name in LONG)
        or "every_canonical_answer_is_right" in one.name
    ]
    for place, case in enumerate(cases):
        if place % 2:
            case.add_marker(pytest.mark.prove)
