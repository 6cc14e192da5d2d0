"""The valid names that look most like one that is not."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, valid: Iterable[str]) -> tuple[str, ...]:
    """At most three valid names that resemble ``name`` but for case, the best first."""
    from difflib import get_close_matches  # only when something is wrong

    folded = {known.casefold(): known for known in sorted(valid, reverse=True)}
    found = get_close_matches(name.casefold(), sorted(folded), n=3, cutoff=0.55)
    return tuple(folded[known] for known in found)
