"""The valid names that look most like one that is not."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, valid: Iterable[str]) -> tuple[str, ...]:
    """At most three valid names that resemble ``name``, the best first."""
    from difflib import get_close_matches  # only when something is wrong

    return tuple(get_close_matches(name, sorted(valid), n=3, cutoff=0.55))
