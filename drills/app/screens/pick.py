"""A list to pick a formula target or an exercise from, for practice outside a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.typography import normalise
from question_bank.text import Text

Subject: TypeAlias = Literal["formula", "code"]
GROUP = "group:"
NO_LABEL = Text("", "")


@dataclass(frozen=True)
class Entry:
    """Something to practise: ``group`` is the model that a target belongs to."""

    name: str
    label: Text
    group: str = ""
    group_label: Text = NO_LABEL

    def fits(self, words: list[str]) -> bool:
        """Whether every word is in the name or in what it is called in either language."""
        said = " ".join(
            (self.name, *(f"{one.en} {one.ja}" for one in (self.label, self.group_label)))
        ).casefold()
        return all(word in said for word in words)


class SearchLine(Input):
    """The line above the list; Enter opens what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [key("enter", "submit", "open", shown_as="Enter")]


class PickScreen(DojoScreen):
    """What there is to practise: groups, and what is in one; a slash searches all of them."""

    CSS_PATH = "pick.tcss"
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "app.help.pick"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "open", "open", shown_as="Enter"),
        key("slash", "search", "search", shown_as="/"),
        key("q", "session", "session"),
        key("escape", "leave", "back", shown_as="Esc"),
        Binding("down", "to_rows", show=False),
    ]

    def __init__(self, subject: Subject, opening: str | None = None) -> None:
        super().__init__()
        self.subject = subject
        self._opening = opening
        self._entries: dict[str, Entry] = {}
        self._group: str | None = None

    def compose_body(self) -> ComposeResult:
        yield SearchLine(id="search", compact=True)
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="about")
            yield RowList()

    async def prepare(self) -> None:
        self.query_one("#search").display = False
        self.fill()

    def relabel(self) -> None:
        title = self.say(f"app.pick.{self.subject}.title")
        label = next(
            (e.group_label for e in self._entries.values() if e.group == self._group), None
        )
        note = "" if label is None else self.say(label)
        self.query_one(TitleBar).show(title, note)
        self.query_one("#search", SearchLine).placeholder = self.say("app.pick.search")
        about = self.query_one("#about", Prose)
        rows = self._rows()
        nothing = bool(self._sought) and not rows
        about.update(self.say("app.pick.nothing" if nothing else f"app.pick.{self.subject}.about"))
        about.display = nothing or (self._group is None and not self._sought)
        self.query_one(RowList).show(rows, name_width=max(20, self.size.width - 12))
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.relabel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "search":
            return self.subject == "formula" and not self.query_one("#search").display
        return super().check_action(action, parameters)

    @property
    def _sought(self) -> str:
        line = self.query_one("#search", SearchLine)
        return line.value.strip() if line.display else ""

    def _rows(self) -> tuple[Row, ...]:
        """Groups; the entries of the open group; or all that a search finds."""
        entries = list(self._entries.values())
        if self._sought:
            words = normalise(self._sought).casefold().split()
            return tuple(self._row(entry, named=True) for entry in entries if entry.fits(words))
        if self._group is not None:
            return tuple(self._row(entry) for entry in entries if entry.group == self._group)
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.group, []).append(entry)
        if set(groups) == {""}:
            return tuple(self._row(entry) for entry in entries)
        return tuple(
            Row(GROUP + group, f"{self.say(held[0].group_label)} ({len(held)})")
            for group, held in groups.items()
        )

    def _row(self, entry: Entry, named: bool = False) -> Row:
        label = self.say(entry.label)
        return Row(entry.name, f"{entry.name}  {label}" if named and entry.group else label)

    @work(exclusive=True)
    async def fill(self) -> None:
        """The entries; the engine behind them is loaded in the desk's thread."""
        self._entries = {one.name: one for one in await self.dojo.desk.do(self._find)}
        self.relabel()
        opening, self._opening = self._opening, None
        if opening in self._entries:
            self._group = self._entries[opening].group or None
            self.open(opening)

    def action_open(self) -> None:
        name = self.query_one(RowList).current
        if name is not None:
            self._choose(name)

    def _choose(self, name: str) -> None:
        if name.startswith(GROUP):
            self._enter(name.removeprefix(GROUP))
        else:
            self.open(name)

    def _enter(self, group: str | None) -> None:
        """Open a group with the cursor on its first entry, or close it with the cursor on it."""
        rows = self.query_one(RowList)
        before, self._group = self._group, group
        self.relabel()
        names = [row.key for row in self._rows()]
        rows.cursor = names.index(GROUP + before) if group is None and before is not None else 0
        rows.focus()

    @work(exclusive=True)
    async def open(self, name: str) -> None:
        task = await self.dojo.desk.do(self._make_task, name)
        self.app.push_screen(self.dojo.task_screen(task))

    def action_search(self) -> None:
        line = self.query_one("#search", SearchLine)
        line.display = True
        line.focus()
        self.relabel()

    def action_to_rows(self) -> None:
        self.query_one(RowList).focus()

    def action_session(self) -> None:
        self.dojo.start_session(kind=self.subject)

    def action_leave(self) -> None:
        """One step back: out of the search, out of the group, out of the list."""
        line = self.query_one("#search", SearchLine)
        if line.display:
            with line.prevent(Input.Changed):
                line.value = ""
            line.display = False
            self.query_one(RowList).focus()
            self.relabel()
        elif self._group is not None:
            self._enter(None)
        else:
            self.app.pop_screen()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(RowList).cursor = 0
        self.relabel()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_open()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self._choose(message.key)

    # In the desk's thread.

    def _find(self) -> list[Entry]:
        if self.subject == "code":
            exercises = self.dojo.desk.bank.exercises
            return [Entry(name, exercises[name].title) for name in exercises]
        from drills.grading.formula_words import model_title, target_statement
        from engine.formulas.targets import TARGETS

        return [
            Entry(name, target_statement(target), target.model.name, model_title(target.model.name))
            for name, target in TARGETS.items()
        ]

    def _make_task(self, name: str) -> Any:
        from drills.app.practice_tasks import CodePractice, FormulaPractice

        bank, drafts = self.dojo.desk.bank, self.dojo.desk.drafts
        if self.subject == "code":
            return CodePractice(bank.exercises[name], bank, drafts)
        from engine.formulas.targets import TARGETS

        return FormulaPractice(TARGETS[name], bank, drafts)
