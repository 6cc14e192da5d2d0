"""The verdict: the same shape for every kind of item, in the app and in ``--json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from question_bank.text import Language, Text

Outcome: TypeAlias = Literal[
    "correct", "correct_elsewhere", "wrong", "incomplete", "undecided", "not_understood"
]

# These say nothing about what the person knows: no attempt is used up and no review is written.
UNJUDGED: Final[frozenset[str]] = frozenset({"incomplete", "undecided", "not_understood"})


@dataclass(frozen=True)
class Mistake:
    """One named mistake; ``at`` holds what the engine knows of it (found, expected, shapes)."""

    code: str
    span: tuple[int, int] | None = None
    at: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "span": list(self.span) if self.span else None,
            "at": dict(self.at) if self.at else None,
        }


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer. ``feedback`` is in both languages, so that a switch redraws it."""

    outcome: Outcome
    feedback: Text
    mistakes: tuple[Mistake, ...] = ()
    reading: str = ""
    assumptions: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    link: int | None = None
    ledger: tuple[Mapping[str, Any], ...] | None = None
    checks: tuple[Mapping[str, Any], ...] | None = None
    witness: Mapping[str, Any] | None = None
    item: str | None = None
    face: str = "typed"
    seed: int = 0
    # Whether "right under another convention" is as good as right for this item.
    elsewhere_counts: bool = True

    @property
    def judged(self) -> bool:
        return self.outcome not in UNJUDGED

    @property
    def right(self) -> bool:
        return self.outcome == "correct" or (
            self.outcome == "correct_elsewhere" and self.elsewhere_counts
        )

    @property
    def exit_code(self) -> int:
        """0 right, 1 wrong, 3 not judged."""
        if not self.judged:
            return 3
        return 0 if self.right else 1

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "mistakes": [mistake.to_json() for mistake in self.mistakes],
            "feedback": self.feedback.in_(language),
            "reading": self.reading,
            "assumptions": dict(self.assumptions),
            "target": self.target,
            "link": self.link,
            "ledger": None if self.ledger is None else [dict(row) for row in self.ledger],
            "checks": None if self.checks is None else [dict(row) for row in self.checks],
            "witness": None if self.witness is None else dict(self.witness),
            "item": self.item,
            "face": self.face,
            "seed": self.seed,
        }
