"""Snapshots as plain values, for JSON."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

from engine.training import Divergence


def plain(value: Any) -> Any:
    """Records as mappings, tuples as lists; a number that is not finite becomes None.

    A field ``divergence`` becomes ``diverged``: None, or the words for what happened.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Divergence):
        return str(value)
    if is_dataclass(value):
        named = {part.name: plain(getattr(value, part.name)) for part in fields(value)}
        if "divergence" in named:
            named["diverged"] = named.pop("divergence")
        return named
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value
