"""The plan until the exam: forecast, sections, evenings, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import ScreenResume

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bars import bar
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.typography import cell_width, pad, shorten

if TYPE_CHECKING:
    from drills.planning.outlook import Outlook
    from drills.planning.plan import Plan

# Below this width the range and the bars give way to the figures.
WIDE = 76
BAR = 10
# The body's padding, its scrollbar, and the padding of what is in it.
AROUND = 5


class PlanScreen(DojoScreen):
    """Made anew whenever it is opened; arrows scroll."""

    CSS_PATH = "plan.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "plan.help"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,enter", "leave", "back", shown_as="Esc"),
        key("o", "settings", "settings"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Outlook, Plan] | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Prose(id="forecast", classes="heading")
            yield Prose(id="remarks")
            yield Prose(id="sections")
            yield Prose(id="evenings")
            yield Prose(id="note", classes="muted")

    async def on_mount(self, event: object) -> None:
        # The screen is there at once; the plan follows.
        self.relabel()
        self.load()

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        if self.found is not None:
            self.load()

    @work(exclusive=True)
    async def load(self) -> None:
        """Plan, with settings that may have changed above."""
        self.found = await self.dojo.desk.evening.plan()
        self.relabel()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("plan.title"))
        if self.found is None:
            self.query_one("#forecast", Prose).update(self.say("plan.working"))
            return
        from drills.planning import wording

        outlook, plan = self.found
        head = [self.say(line) for line in wording.head(outlook, plan)]
        head.append(self.say(wording.recall(outlook, plan.recall, plan.days)))
        self.query_one("#forecast", Prose).update("\n".join(head))
        remarks = [self.say(line) for line in wording.remarks(outlook, plan)]
        self.query_one("#remarks", Prose).update("\n".join(remarks))
        self.query_one("#sections", Prose).update("\n".join(self._sections(plan)))
        self.query_one("#evenings", Prose).update("\n".join(self._evenings(plan)))
        self.query_one("#note", Prose).update(self.say("plan.range_note"))

    def on_resize(self) -> None:
        self.relabel()

    def action_leave(self) -> None:
        self.app.pop_screen()

    def action_settings(self) -> None:
        self.dojo.show_setup()

    def _sections(self, plan: Plan) -> list[str]:
        from drills.planning.wording import percent, section_name

        wide = self.size.width >= WIDE
        keys = ["section", "recall", *(["range"] if wide else []), "seen", "coming", "left_out"]
        rows = [[self.say(f"plan.column.{name}") for name in keys]]
        for row in plan.sections:
            share = f"{percent(row.recall.mean):3} %"
            drawn = f"{bar(row.recall.mean, BAR, self.dojo.frames)} {share}" if wide else share
            bounds = f"{percent(row.recall.low)}-{percent(row.recall.high)}"
            figures = [f"{row.seen}/{row.items}", str(row.coming), str(row.left_out)]
            name = self.say(section_name(row.section))
            rows.append([name, drawn, *([bounds] if wide else []), *figures])
        return _aligned(rows, left=2 if wide else 1)

    def _evenings(self, plan: Plan) -> list[str]:
        from drills.planning.wording import rows_of_evenings

        if not plan.evenings:
            return []
        keys = ("day", "new", "again", "minutes", "first")
        rows = [[self.say(f"plan.column.{name}") for name in keys]]
        rows += [
            [self.say(when), str(new), str(again), str(minutes), self.say(names)]
            for when, new, again, minutes, names in rows_of_evenings(plan.evenings, plan.today)
        ]
        return [
            shorten(line, max(20, self.size.width - AROUND))
            for line in _aligned(rows, left=1, last_left=True)
        ]


def _aligned(rows: Sequence[Sequence[str]], *, left: int, last_left: bool = False) -> list[str]:
    """Rows in columns two spaces apart: the first ``left`` to the left, figures to the right."""
    count = len(rows[0])
    widths = [max(cell_width(row[column]) for row in rows) for column in range(count)]
    lines = []
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            to_left = column < left or (last_left and column == count - 1)
            cells.append(pad(cell, widths[column], "left" if to_left else "right"))
        lines.append("  ".join(cells).rstrip())
    return lines
