"""One task on a screen: a slot of a session, or free practice that leaves no trace.

The screens know only this. ``get_ready``, ``answer``, ``hint``, ``reveal``, ``save_draft``,
``undo`` and ``next`` run in the desk's thread; everything else only reads what those leave behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.report import About
    from drills.session import Session
    from question_bank.model import Bank, MistakeText


class Task:
    """What a screen needs to know of the task that it shows."""

    kind = ""
    face = "typed"
    # Whether a choice has several right options.
    several = False
    # The formula target that is asked for, where one is.
    target: str | None = None
    # Whether answers are kept: only then do guesses and undo mean anything.
    counts = False

    def __init__(self, mistakes: Mapping[str, MistakeText]) -> None:
        self._mistakes = mistakes
        self.verdict: Verdict | None = None
        self.hints: tuple[Text, ...] = ()
        self.hints_left = 0
        self.solution: Text | None = None
        self.draft = ""
        self.may_undo = False
        # Study days until the card comes back; None where nothing is scheduled.
        self.comes_back_in: int | None = None
        # What is wrong with saving, for the user.
        self.trouble: Text | None = None

    def title(self) -> Text:
        raise AssertionError("each task has a title")

    def note(self) -> Text:
        return Text("", "")

    def view(self, language: Language) -> Any:
        """What is asked, as ``drills.grading.base.View``."""
        raise AssertionError("each task can be seen")

    def mistake_name(self, code: str) -> Text:
        """What a mistake is called; its code, if the bank has no name for it."""
        entry = self._mistakes.get(code)
        return entry.name if entry else Text(code, code)

    def get_ready(self) -> None:
        """Have ready what judging will need; called once the task is on the screen."""

    def answer(self, answer: str, guessed: bool) -> Verdict:
        raise AssertionError("each task can be answered")

    def hint(self) -> Text | None:
        return None

    def reveal(self) -> Text:
        raise AssertionError("each task has a solution")

    @property
    def experiment(self) -> tuple[str, Mapping[str, Any]] | None:
        """The experiment that this is about, with its settings."""
        return None

    def about(self) -> About:
        """What is asked, by name."""
        raise AssertionError("each task has a name")

    def report(self, language: Language) -> str:
        """A report on what is wrong with it, filled in; runs in the desk's thread."""
        from drills.report import report

        return report(self.about(), self.view(language), self.draft, self.verdict, language)

    def as_text(self, language: Language) -> str:
        """Item, answer and verdict, to be copied; runs in the desk's thread."""
        from drills.report import task_text

        return task_text(self.view(language), self.draft, self.verdict, language)

    def page(self) -> str | None:
        """The handbook's page about this; runs in the desk's thread."""
        return None

    def save_draft(self, draft: str) -> None:
        self.draft = draft

    def undo(self) -> bool:
        return False

    def next(self) -> None:
        """Leave this task for the next one."""


class ItemTask(Task):
    """What is asked of an item of the bank, wherever it is shown."""

    def __init__(self, item: Any, presentation: Any, bank: Bank) -> None:
        super().__init__(bank.mistakes)
        self._item = item
        self._presentation = presentation
        self._bank = bank

    @property
    def experiment(self) -> tuple[str, Mapping[str, Any]] | None:
        body = self._item.body
        name = getattr(body, "experiment", None)
        return None if name is None else (str(name), body.settings)

    def about(self) -> About:
        from drills.report import about_item

        return about_item(self._item, self._presentation)

    def page(self) -> str | None:
        from drills.handbook.finding import topic_of_item

        topic = topic_of_item(self._item, self._bank)
        return topic.name if topic else None


class SessionTask(ItemTask):
    """The current slot of a session, as it was left: also after the program was killed."""

    counts = True

    def __init__(self, session: Session, bank: Bank) -> None:
        super().__init__(session.item, session.presentation, bank)
        self._session = session
        self._views: dict[Language, Any] = {}
        self.kind = str(self._item.kind)
        self.face = str(self._presentation.face)
        self.several = bool(getattr(self._item.body, "several", False))
        self.target = getattr(self._item.body, "target", None)
        self._title = text(
            "app.task.place", position=session.position + 1, count=len(session.slots)
        )
        self.draft = session.draft
        self._read()

    def title(self) -> Text:
        return self._title

    def note(self) -> Text:
        section = section_name(self._item.section)
        note = text("app.task.note", level=self._item.level, seconds=self._item.seconds)
        return section + note

    def view(self, language: Language) -> Any:
        if language not in self._views:
            from drills.grading import grader_for

            self._views[language] = grader_for(self.kind, self._bank).view(
                self._item, self._presentation, language
            )
        return self._views[language]

    def get_ready(self) -> None:
        from question_bank.model import CodeBody

        if isinstance(self._item.body, CodeBody) and self.face != "choice":
            from drills.grading.code import work_ahead

            entry = self._bank.exercises.get(self._item.body.exercise)
            if entry is not None:
                work_ahead(entry)

    def answer(self, answer: str, guessed: bool) -> Verdict:
        verdict = self._session.answer(answer, guessed=guessed)
        self.draft = answer
        self._read()
        return verdict

    def hint(self) -> Text | None:
        hint = self._session.hint()
        self._read()
        return hint

    def reveal(self) -> Text:
        solution = self._session.reveal()
        self._read()
        return solution

    def save_draft(self, draft: str) -> None:
        self.draft = draft
        self._session.set_draft(draft)

    def undo(self) -> bool:
        return self._session.undo()

    def next(self) -> None:
        self._session.next()

    def _read(self) -> None:
        session = self._session
        self.verdict = session.verdict
        self.hints = session.hints_shown
        self.hints_left = session.hints_left
        self.solution = session.solution
        self.comes_back_in = session.comes_back_in
        self.trouble = session.trouble
        self.may_undo = session.position > 0 or session.tries > 0


def section_name(section: str) -> Text:
    """The name of a section; a user's own folder keeps its name."""
    try:
        return text(f"practice.section.{section}")
    except KeyError:
        return Text(section, section)
