"""The last line of every screen: the keys that do something now, each of them a click as well."""

from __future__ import annotations

from typing import Final

from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from drills.app.bindings import PREFIX
from drills.app.translation import Translated
from drills.typography import cell_width

# More would take the room of what is asked.
LINES: Final = 2


class KeyBar(Translated, Widget):
    """Keys in the order of the screen's own table, on one line or, where it is too long, on two."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: auto;
        max-height: 2;
        padding: 0 1;
        background: $panel;
        color: $text;
        link-color: $text;
        link-background: transparent;
        link-style: none;
        link-color-hover: $text;
        link-background-hover: $primary;
        link-style-hover: none;
    }
    """
    GAP = "  "

    def chips(self) -> list[tuple[str, str, str]]:
        """``(key, word, action)`` of every binding that is shown and enabled now."""
        found: dict[str, tuple[str, str, str]] = {}
        order = _order(self.screen)
        active = [
            (node, binding, on) for node, binding, on, _ in self.screen.active_bindings.values()
        ]
        active.sort(key=lambda entry: order.get(entry[1].id or "", len(order)))
        for node, binding, enabled in active:
            if binding.show and enabled and binding.description.startswith(PREFIX):
                found.setdefault(
                    binding.action,
                    (
                        self.app.get_key_display(binding),
                        self.say(binding.description),
                        _qualified(node, binding),
                    ),
                )
        return list(found.values())

    def rows(self, width: int) -> list[list[tuple[str, str, str]]]:
        """The chips in lines of at most ``width`` cells."""
        rows: list[list[tuple[str, str, str]]] = [[]]
        used = 0
        for chip in self.chips():
            needed = cell_width(f"{chip[0]} {chip[1]}") + (len(self.GAP) if rows[-1] else 0)
            if rows[-1] and used + needed > width:
                rows.append([])
                used, needed = 0, needed - len(self.GAP)
            rows[-1].append(chip)
            used += needed
        return rows if len(rows) <= LINES else self._cut(rows, width)

    def _cut(
        self, rows: list[list[tuple[str, str, str]]], width: int
    ) -> list[list[tuple[str, str, str]]]:
        """As many lines as there is room for, and at their end the way to all other keys."""
        last = rows[LINES - 1]
        ways = [chip for row in rows[LINES:] for chip in row if chip[2].endswith("help()")]
        while ways and last and self._width([*last, *ways]) > width:
            last = last[:-1]
        return [*rows[: LINES - 1], [*last, *ways]]

    def _width(self, row: list[tuple[str, str, str]]) -> int:
        gaps = len(self.GAP) * (len(row) - 1)
        return sum(cell_width(f"{key} {word}") for key, word, _ in row) + gaps

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def render(self) -> Content:
        lines = []
        for row in self.rows(self.content_size.width or 80):
            chips = [
                Content.from_markup(f"[@click={action}][b]$key[/b] $word[/]", key=key, word=word)
                for key, word, action in row
            ]
            lines.append(Content(self.GAP).join(chips))
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh(layout=True)


def _qualified(node: DOMNode, binding: Binding) -> str:
    action = binding.action if "(" in binding.action else f"{binding.action}()"
    if "." in binding.action.split("(")[0]:
        return action
    if isinstance(node, App):
        return f"app.{action}"
    return f"screen.{action}" if isinstance(node, Screen) else f"focused.{action}"


def _order(screen: Screen[object]) -> dict[str, int]:
    """Ids of bindings in the order of the tables: focused widget, screen, its bases, app.

    ``active_bindings`` has them by priority instead.
    """
    order: dict[str, int] = {}
    for node in filter(None, (screen.focused, screen, screen.app)):
        for base in type(node).__mro__:
            for binding in base.__dict__.get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id:
                    order.setdefault(binding.id, len(order))
    return order
