"""The derivation of a target: step by step, in the notation of what was typed."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from drills.app.bindings import key
from drills.app.formula_help import derivation_lines
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar


class DerivationScreen(DojoScreen):
    """A page to read and to scroll; Escape goes back to the formula."""

    CSS_PATH = "derivation.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "app.help.derivation"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,enter,d,f6", "leave", "leave", shown_as="Esc")
    ]

    def __init__(self, target: str, notation: str | None = None) -> None:
        super().__init__()
        self._target = target
        self._notation = notation

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Prose(id="what")
            yield Static(id="steps", markup=False)

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("app.derivation.title"), self._target)
        self.fill()

    def on_resize(self) -> None:
        self.relabel()

    @work(exclusive=True)
    async def fill(self) -> None:
        """The lines are written in the desk's thread, where the engine is loaded."""
        width = max(40, min(100, self.size.width - 6))
        title, lines = await self.dojo.desk.do(
            derivation_lines, self._target, self._notation, self.language, width
        )
        self.query_one("#what", Prose).update(title)
        self.query_one("#steps", Static).update("\n".join(lines))

    def action_leave(self) -> None:
        self.app.pop_screen()
