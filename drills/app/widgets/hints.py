"""The hints that were asked for, one under the other."""

from __future__ import annotations

from textual.widget import Widget

from drills.app.widgets.prose import Prose


class Hints(Widget):
    """Nothing at first; each hint stays in sight once it has been asked for."""

    DEFAULT_CSS = """
    Hints {
        layout: vertical;
        height: auto;
    }
    Hints Prose {
        color: $text-accent;
    }
    """

    def show(self, hints: tuple[str, ...]) -> None:
        self.display = bool(hints)
        lines = list(self.query(Prose))
        for position, hint in enumerate(hints):
            lead = f"{position + 1}. "
            if position < len(lines):
                lines[position].update(hint, lead=lead)
            else:
                self.mount(Prose(hint, lead=lead))
        for line in lines[len(hints) :]:
            line.remove()
