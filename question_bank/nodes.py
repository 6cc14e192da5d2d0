"""YAML as located nodes: every value knows where it stands.

Nothing here imports PyYAML, so that forms and kinds can be imported without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from question_bank.text import Place


@dataclass(frozen=True)
class Scalar:
    """A single value. ``text`` is how it was written, ``value`` what it means."""

    value: str | int | float | bool | None
    text: str
    place: Place


@dataclass(frozen=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Mapping:
    """Keys, as written, to nodes; a duplicate key was reported and its second value left out."""

    entries: dict[str, Node]
    keys: dict[str, Place]
    place: Place


Node: TypeAlias = Scalar | Sequence | Mapping
