"""Settings with a handful of values each: arrows, Tab or a click choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from drills.app.bindings import key
from drills.typography import cell_width, pad, shorten


@dataclass
class Setting:
    """One row: ``values`` are what the program knows, ``shown`` what is read."""

    name: str
    label: str
    values: tuple[object, ...]
    shown: tuple[str, ...]
    chosen: int = 0

    @property
    def value(self) -> object:
        return self.values[self.chosen]


class SettingsTable(Widget, can_focus=True):
    """The chosen value stands in brackets; its row, under the cursor, behind a ``>``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("tab", "move(1)", "parameter", shown_as="Tab"),
        Binding("shift+tab", "move(-1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        key("right", "turn(1)", "value", shown_as="<>"),
        Binding("left", "turn(-1)", show=False),
    ]
    DEFAULT_CSS = """
    SettingsTable {
        height: auto;
        text-wrap: nowrap;
    }
    """

    @dataclass
    class Changed(Message):
        """A setting has another value."""

        name: str
        value: object

    def __init__(self) -> None:
        super().__init__()
        self.settings: list[Setting] = []
        self._cursor = 0

    def value(self, name: str) -> object:
        return next(setting.value for setting in self.settings if setting.name == name)

    def show(self, settings: list[Setting]) -> None:
        self.settings = settings
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.settings)

    def render(self) -> Content:
        return Content("\n").join(
            Content("").join(Content.styled(text, style) for text, style, _ in self._cells(row))
            for row in range(len(self.settings))
        )

    def action_move(self, by: int) -> None:
        self._cursor = (self._cursor + by) % len(self.settings)
        self.refresh()

    def action_turn(self, by: int) -> None:
        setting = self.settings[self._cursor]
        self._choose(self._cursor, (setting.chosen + by) % len(setting.values))

    def on_click(self, event: Click) -> None:
        if not 0 <= event.y < len(self.settings):
            return
        self._cursor = event.y
        x = event.x
        for text, _, position in self._cells(event.y):
            width = cell_width(text)
            if x < width:
                if position is not None:
                    self._choose(event.y, position)
                break
            x -= width
        self.refresh()

    def _choose(self, row: int, position: int) -> None:
        setting = self.settings[row]
        if position == setting.chosen:
            return
        setting.chosen = position
        self.refresh()
        self.post_message(self.Changed(setting.name, setting.value))

    def _cells(self, row: int) -> list[tuple[str, str, int | None]]:
        setting = self.settings[row]
        label_width = max(cell_width(other.label) for other in self.settings)
        current = row == self._cursor and self.has_focus
        lead = f"{'>' if current else ' '} {pad(setting.label, label_width)} "
        cells: list[tuple[str, str, int | None]] = [(lead, "bold" if current else "", None)]
        narrow = cell_width(lead) + sum(cell_width(shown) + 2 for shown in setting.shown)
        if narrow > self.content_size.width:
            # No room for all values: only the chosen one, between two arrows.
            position = (setting.chosen + 1) % len(setting.shown)
            room = max(4, self.content_size.width - cell_width(lead) - 4)
            cells.append((f"< {shorten(setting.shown[setting.chosen], room)} >", "bold", position))
            return cells
        for position, shown in enumerate(setting.shown):
            chosen = position == setting.chosen
            cells.append(
                (f"[{shown}]" if chosen else f" {shown} ", "bold" if chosen else "", position)
            )
        return cells
