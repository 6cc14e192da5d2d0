"""One sum of the binary adder: both numbers, what it said, and whether every bit is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from drills.app.translation import Translated

if TYPE_CHECKING:
    from engine.experiments.binary_addition import Snapshot


class BitsView(Translated, Widget):
    """Rows of bits, most significant first; wrong bits are marked below, not by colour alone."""

    DEFAULT_CSS = """
    BitsView {
        width: auto;
        height: 4;
        text-wrap: nowrap;
    }
    """

    snapshot: Snapshot | None = None

    def show(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return 28

    def render(self) -> Content:
        found = self.snapshot
        if found is None:
            return Content(self.say("app.lab.no_sum"))
        wrong = [got != wanted for got, wanted in zip(found.output, found.target, strict=True)]
        sign, style = ("✓", "bold $text-success") if found.right else ("✗", "bold $text-error")
        if self.dojo.frames == "ascii":
            sign = "v" if found.right else "x"
        marks = "".join("^ " if bit else "  " for bit in wrong).rstrip()
        return Content("\n").join(
            (
                Content("  " + _row(found.a)),
                Content("+ " + _row(found.b)),
                Content.styled("= " + _row(found.output), "bold")
                + Content.styled(f"  {sign} ", style)
                + Content.styled(
                    self.say("app.lab.right" if found.right else "app.lab.wrong"), style
                ),
                Content.styled("  " + marks, "$text-error"),
            )
        )


def _row(bits: tuple[int, ...]) -> str:
    return " ".join(str(bit) for bit in bits)
