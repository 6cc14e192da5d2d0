"""Progress in numbers: by section, kind and mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bars import bar
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.typography import cell_width, pad
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.statistics import Statistics, StatisticsRow


class StatisticsScreen(DojoScreen):
    """Right answers of first tries, and how much is remembered now; arrows scroll."""

    CSS_PATH = "statistics.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "app.help.statistics"
    BINDINGS: ClassVar[list[BindingType]] = [key("escape,enter", "leave", "back", shown_as="Esc")]

    def __init__(self) -> None:
        super().__init__()
        self._figures: Statistics | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Prose(id="total")
            yield Prose(id="sections")
            yield Prose(id="kinds")
            yield Prose(id="mistakes")

    async def prepare(self) -> None:
        self._figures = await self.dojo.desk.statistics()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("app.statistics.title"))
        figures = self._figures
        if figures is None:
            return
        total = figures.total
        minutes = round(total.milliseconds / 60_000)
        self.query_one("#total", Prose).update(
            self.say(
                "app.statistics.total",
                reviews=total.reviews,
                right=_percent(total),
                minutes=minutes,
                due=total.due,
                new=total.new,
                items=total.items,
            )
        )
        # One width for both tables, so that their columns stand under each other.
        firsts: list[str | Text] = ["app.statistics.sections", "app.statistics.kinds"]
        firsts += [row.label for row in (*figures.sections, *figures.kinds)]
        first = max(cell_width(self.say(label)) for label in firsts)
        for name, rows in (("sections", figures.sections), ("kinds", figures.kinds)):
            self.query_one(f"#{name}", Prose).update(self._table(name, rows, first))
        mistakes = [
            self.say("app.summary.mistake", name=self.say(row.label), count=row.count)
            for row in figures.mistakes
        ]
        heading = self.say("app.statistics.mistakes" if mistakes else "app.statistics.no_mistakes")
        self.query_one("#mistakes", Prose).update("\n".join([heading, *mistakes]))

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_resize(self) -> None:
        self.relabel()

    def _table(self, name: str, rows: tuple[StatisticsRow, ...], first: int) -> str:
        heads = [
            self.say(f"app.statistics.{part}") for part in (name, "recall", "right", "answers")
        ]
        labels = [self.say(row.label) for row in rows]
        length = max(8, min(24, self.size.width - first - 48))
        lines = [
            "  ".join(
                (
                    pad(heads[0], first),
                    pad(heads[1], length + 6),
                    pad(heads[2], 10, "right"),
                    pad(heads[3], 10, "right"),
                )
            )
        ]
        for row, label in zip(rows, labels, strict=True):
            recall = f"{bar(row.recall, length, self.dojo.frames)} {round(100 * row.recall):3} %"
            lines.append(
                "  ".join(
                    (
                        pad(label, first),
                        pad(recall, length + 6),
                        pad(_percent(row), 10, "right"),
                        pad(str(row.reviews), 10, "right"),
                    )
                )
            )
        return "\n".join(lines)


def _percent(row: StatisticsRow) -> str:
    share = row.right_share
    return "-" if share is None else f"{round(100 * share)} %"
