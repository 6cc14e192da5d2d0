"""Help for the screen below: what it is for, and its keys with a sentence each."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import PREFIX, key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.typography import cell_width, pad


class HelpScreen(DojoScreen):
    """Lists the keys of the screen it was called from, also those that can do nothing just now."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "app.help.help"
    BINDINGS: ClassVar[list[BindingType]] = [key("escape,enter", "leave", "back", shown_as="Esc")]

    def __init__(self, about: DojoScreen) -> None:
        super().__init__()
        self._about = about
        self._keys = _keys_of(about)

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Prose(id="page")
            yield Prose(id="keys")

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("app.help.title"))
        self.query_one("#page", Prose).update(self.say(self._about.HELP_PAGE or "app.help.help"))
        width = max(cell_width(shown) for shown, _ in self._keys)
        lines = []
        for shown, name in self._keys:
            tip = self.say(f"app.tip.{name}")
            lines.append(f"{pad(shown, width)}  {tip}")
        self.query_one("#keys", Prose).update("\n".join(lines))

    def action_leave(self) -> None:
        self.app.pop_screen()


def _keys_of(screen: DojoScreen) -> list[tuple[str, str]]:
    """(keys, name) of every binding of the screen, its focused widget and the app."""
    found: dict[str, str] = {}
    nodes = [*([screen.focused] if screen.focused else []), screen, screen.app]
    for node in nodes:
        for _, binding in node._bindings:
            if binding.description.startswith(PREFIX):
                name = binding.description.removeprefix(PREFIX)
                found.setdefault(name, binding.key_display or binding.key)
    return [(shown, name) for name, shown in found.items()]
