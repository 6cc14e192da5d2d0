"""Which objectives of the curriculum a bank covers: by how many items, of which kinds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from drills.authoring.duplicates import near_duplicates
from question_bank.kinds.choice import ChoiceBody
from question_bank.model import Bank, Item
from question_bank.objectives import ROWS, least_items, least_kinds, row


@dataclass
class Covered:
    """One row of the curriculum: ids of its items and exercises, and their kinds."""

    objective: str
    items: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    @property
    def enough(self) -> bool:
        """Whether the row has the items and the kinds that it needs."""
        return len(self.items) >= least_items(self.objective) and len(self.kinds) >= least_kinds(
            self.objective
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "objective": self.objective,
            "items": list(self.items),
            "kinds": sorted(self.kinds),
            "least_items": least_items(self.objective),
            "least_kinds": least_kinds(self.objective),
            "covered": self.enough,
        }


def coverage(bank: Bank) -> list[Covered]:
    """Every row of the curriculum in its order; near-duplicates count once, exercises too."""
    found = {objective: Covered(objective) for objective in sorted(ROWS)}
    again = {later.id for _, later, _ in near_duplicates(bank.items.values())}
    for item in bank.items.values():
        if item.id not in again:
            _add(found, item.id, kind_of(item), item.objectives)
    for entry in bank.exercises.values():
        _add(found, entry.name, "code", entry.objectives)
    return list(found.values())


def kind_of(item: Item) -> str:
    """The kind as the curriculum counts them: several right options, and code with blanks, are
    kinds of their own beside the plain choice."""
    if not isinstance(item.body, ChoiceBody):
        return item.kind
    if item.code is not None or (item.shared is not None and item.shared.code is not None):
        return "choice-code"
    return "choice-several" if item.body.several else item.kind


def _add(found: dict[str, Covered], name: str, kind: str, objectives: Iterable[str]) -> None:
    for objective in dict.fromkeys(map(row, objectives)):
        if objective in found:
            found[objective].items.append(name)
            found[objective].kinds.add(kind)
