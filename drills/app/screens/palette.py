"""The palette: every command of this moment by name, each title with its prefix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input

from drills.app.bindings import PREFIX, key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bars import Frames
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.locale import text
from drills.typography import normalise
from question_bank.text import Text

# What one can go to from everywhere but in the middle of a mock exam, whose screens stay as is.
PLACES = ("handbook", "mistakes", "statistics", "formula", "code", "lab")


@dataclass(frozen=True)
class Command:
    """One row: its title in both languages and what it does once the palette has gone."""

    title: Text
    run: Callable[[], Awaitable[Any] | Any]

    def fits(self, words: list[str]) -> bool:
        """Whether every word is in the title in either language."""
        said = f"{self.title.en} {self.title.ja}".casefold()
        return all(word in said for word in words)


class CommandLine(Input):
    """The line above the list; Enter runs what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "submit", "choose_command", shown_as="Enter")
    ]


class PaletteScreen(DojoScreen):
    """Type to search, arrows to choose, Enter to run; Escape changes nothing."""

    CSS_PATH = "palette.tcss"
    AUTO_FOCUS = "Input"
    HELP_PAGE: ClassVar[str] = "app.help.palette"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,ctrl+p", "leave", "leave_page", shown_as="Esc"),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._commands: dict[str, Command] = {}

    def compose_body(self) -> ComposeResult:
        yield CommandLine(id="search", compact=True)
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="nothing")
            yield RowList()

    async def prepare(self) -> None:
        listing = self.query_one(RowList)
        listing.can_focus, listing.always_marked = False, True
        topics = await self.dojo.desk.topics()
        self._commands = {str(number): command for number, command in enumerate(self._all(topics))}

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("report.palette"))
        self.query_one(Input).placeholder = self.say("report.palette.search")
        words = normalise(self.query_one(Input).value).casefold().split()
        rows = tuple(
            Row(name, self.say(command.title))
            for name, command in self._commands.items()
            if command.fits(words)
        )
        nothing = self.say("report.palette.nothing") if self._commands and not rows else ""
        self.query_one("#nothing", Prose).update(nothing)
        self.query_one(RowList).show(rows, name_width=max(20, self.size.width - 8))

    def on_resize(self) -> None:
        self.relabel()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(RowList).cursor = 0
        self.relabel()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = self.query_one(RowList).current
        if name is not None:
            self._run(name)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self._run(message.key)

    def action_move(self, by: int) -> None:
        self.query_one(RowList).action_move(by)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def _run(self, name: str) -> None:
        self.app.pop_screen()
        self.app.call_later(self._commands[name].run)

    # What there is.

    def _all(self, topics: list[tuple[str, Text]]) -> Iterator[Command]:
        here = {binding.description for _, binding, enabled, _ in self._held() if enabled}
        yield from self._keys()
        if getattr(self._below, "leaves_for_palette", True):
            yield from self._places(topics, here)
        for theme in sorted(self.app.available_themes):
            yield Command(
                self._titled("theme", Text(theme, theme), now=theme == self.app.theme),
                partial(self.dojo.choose_theme, theme),
            )
        both: tuple[Frames, ...] = ("line", "ascii")
        for frames in both:
            name = text(f"report.palette.frames.{frames}")
            yield Command(
                self._titled("frames", name, now=frames == self.dojo.frames),
                partial(self.dojo.choose_frames, frames),
            )

    def _places(self, topics: list[tuple[str, Text]], here: set[str]) -> Iterator[Command]:
        goes: dict[str, Callable[[], Any]] = {
            "handbook": self.dojo.show_handbook,
            "mistakes": self.dojo.show_mistakes,
            "statistics": self.dojo.show_statistics,
            "formula": self.dojo.show_targets,
            "code": self.dojo.show_exercises,
            "lab": self.dojo.show_lab,
        }
        for place in PLACES:
            if PREFIX + place not in here:
                yield Command(self._titled("go", text(PREFIX + place)), goes[place])
        for name, title in topics:
            yield Command(self._titled("page", title), partial(self.dojo.show_page, name))

    def _held(self) -> Iterable[ActiveBinding]:
        return self._below.active_bindings.values()

    def _keys(self) -> Iterator[Command]:
        """The keys of the screen below that do something now."""
        seen: set[str] = set()
        for node, binding, enabled, _ in self._held():
            name = binding.description
            if not enabled or not name.startswith(PREFIX) or name in seen:
                continue
            if binding.action.endswith("palette"):
                continue
            seen.add(name)
            yield Command(
                self._titled("key", text(name)),
                partial(self.app.run_action, binding.action, node),
            )

    def _titled(self, prefix: str, word: Text, *, now: bool = False) -> Text:
        from drills.grading.formula_words import filled

        title = filled(text(f"report.palette.{prefix}"), word=word)
        return title + text("report.palette.now") if now else title
