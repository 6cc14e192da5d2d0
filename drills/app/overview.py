"""What the desk hands to the screens: figures for home, and what a session has come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from question_bank.text import Text

if TYPE_CHECKING:
    from drills.summary import SessionSummary


@dataclass(frozen=True)
class SectionRow:
    """One section on the home screen; ``share`` is what is remembered of it now, 0 to 1."""

    section: str
    name: Text
    items: int
    share: float
    due: int


@dataclass(frozen=True)
class Overview:
    """What the home screen says: sections, what is due and new, and a session left unfinished."""

    sections: tuple[SectionRow, ...]
    due: int
    new: int
    unfinished: tuple[int, int] | None = None
    problems: int = 0
    notices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Ended:
    """A session that is over, with the names of its mistakes and the stems of its items."""

    summary: SessionSummary
    names: dict[str, Text]
    stems: dict[str, Text]
