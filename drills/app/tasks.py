"""One task on a screen: a slot of a session, or free practice that leaves no trace.

The screens know only this; every method that a screen calls through ``Desk.do`` runs in the desk's
thread, the others only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.session import Session


class Task(Protocol):
    """What a screen needs to know of the task it shows."""

    kind: str
    revealed: Text | None
    counts: bool
    may_hint: bool
    may_undo: bool
    tells_reading: bool
    draft: str

    def title(self, language: Language) -> str: ...

    def note(self, language: Language) -> str: ...

    def view(self, language: Language) -> Any: ...

    def mistake_name(self, code: str, language: Language) -> str: ...

    def comes_back(self, language: Language) -> str: ...

    def answer(self, answer: str, guessed: bool) -> Verdict: ...

    def hint(self) -> Text | None: ...

    def reveal(self) -> Text: ...

    def save_draft(self, draft: str) -> None: ...

    def undo(self) -> bool: ...

    def next(self) -> None: ...


class SessionTask:
    """The current slot of a session."""

    counts = True
    tells_reading = True

    def __init__(self, session: Session, mistakes: Any) -> None:
        self._session = session
        self._mistakes = mistakes
        self._views: dict[Language, Any] = {}
        self._item = session.item
        self.kind: str = self._item.kind
        self.revealed: Text | None = None

    @property
    def may_hint(self) -> bool:
        return bool(self._item.hints)

    @property
    def may_undo(self) -> bool:
        return self._session.position > 0 or self._session.verdict is not None

    @property
    def draft(self) -> str:
        return self._session.draft or ""

    def title(self, language: Language) -> str:
        place = text(
            "app.task.place", position=self._session.position + 1, count=len(self._session.slots)
        )
        return place.in_(language)

    def note(self, language: Language) -> str:
        section = section_name(self._item.section, language)
        return text(
            "app.task.note", section=section, level=self._item.level, seconds=self._item.seconds
        ).in_(language)

    def view(self, language: Language) -> Any:
        if language not in self._views:
            from drills.grading import grader_for

            grader = grader_for(self.kind)
            self._views[language] = grader.view(self._item, self._session.presentation, language)
        return self._views[language]

    def mistake_name(self, code: str, language: Language) -> str:
        return mistake_name(self._mistakes, code, language)

    def comes_back(self, language: Language) -> str:
        return ""

    def answer(self, answer: str, guessed: bool) -> Verdict:
        return self._session.answer(answer, guessed=guessed)

    def hint(self) -> Text | None:
        return self._session.hint()

    def reveal(self) -> Text:
        self.revealed = self._session.reveal()
        return self.revealed

    def save_draft(self, draft: str) -> None:
        self._session.set_draft(draft)

    def undo(self) -> bool:
        return self._session.undo()

    def next(self) -> None:
        self._session.next()


def section_name(section: str, language: Language) -> str:
    """The name of a section; a user's own folder keeps its name."""
    try:
        return text(f"app.section.{section}").in_(language)
    except KeyError:
        return section


def mistake_name(mistakes: Any, code: str, language: Language) -> str:
    """What a mistake is called; its code, if the bank has no name for it."""
    entry = mistakes.get(code)
    return str(entry.name.in_(language)) if entry else code
