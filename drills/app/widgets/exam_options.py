"""The four options of an exam's question: a letter chooses and can be changed; Enter goes on."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from drills.app.bindings import key
from drills.app.widgets.options import Options


class ExamOptions(Options, inherit_bindings=False):
    """Choosing is no confirming: nothing is judged, and Enter also passes a question over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "confirm", "exam_next", shown_as="Enter"),
        # Here and not on the screen, whose scrolled body would take the arrows first.
        key("right", "screen.step(1)", "exam_turn", shown_as="<>"),
        Binding("left", "screen.step(-1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def put(self, letter: str) -> None:
        """Show ``letter`` as chosen, or none."""
        self._cursor = -1
        self.restore(letter)

    def action_mark(self) -> None:
        self.post_message(self.Changed(self.answer))
        self.refresh()

    def action_confirm(self) -> None:
        self.post_message(self.Given(self.answer))
