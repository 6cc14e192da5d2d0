"""The nearest valid name to one that is unknown: every message about a wrong name offers it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, valid: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Up to ``limit`` of ``valid`` that look like ``name``, best first; empty when none does."""
    by_folded = {candidate.casefold(): candidate for candidate in valid}
    close = get_close_matches(name.casefold(), by_folded, n=limit, cutoff=0.55)
    return tuple(by_folded[match] for match in close)
