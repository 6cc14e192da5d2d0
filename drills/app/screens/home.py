"""Home: what to do tonight, the sections, and the way to everything else."""

from __future__ import annotations

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
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.typography import pad
from question_bank.text import LANGUAGES, Text

if TYPE_CHECKING:
    from drills.app.overview import Overview, SectionRow

MIXED = "*"
"""The key of the first row: a session over all sections."""


class HomeScreen(DojoScreen):
    """Proposes a session; the sections are there for who wants another one."""

    AUTO_FOCUS = "#sections"
    HELP_PAGE = "app.help.home"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "begin", "start", shown_as="Enter"),
        key("q", "quiz", "quiz"),
        key("c", "code", "code"),
        key("f", "formula", "formula"),
        key("l", "lab", "lab"),
        key("e", "exam", "exam"),
        key("h", "handbook", "handbook"),
        key("m", "mistakes", "mistakes"),
        key("s", "statistics", "statistics"),
        key("ctrl+q", "app.quit", "quit", shown_as="^q", priority=True),
    ]

    overview: Overview | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="tonight", classes="heading")
            yield Prose(id="counts", classes="muted")
            yield Prose(id="columns", classes="muted")
            yield RowList(id="sections")
            yield Prose(id="notice", classes="gap")

    def relabel(self) -> None:
        other = next(language for language in LANGUAGES if language != self.language)
        self.query_one(TitleBar).show(
            self.say("app.name"), f"F8 {self.say(f'app.language.{other}')}", action="app.language"
        )
        overview = self.overview
        tonight, counts = self.query_one("#tonight", Prose), self.query_one("#counts", Prose)
        if overview is None:
            tonight.update(self.say("app.home.opening"))
            return
        if overview.unfinished:
            position, count = overview.unfinished
            tonight.update(self.say("app.home.resume", position=position, count=count))
        elif overview.due or overview.new:
            tonight.update(self.say("app.home.start"))
        else:
            tonight.update(self.say("app.home.nothing"))
        counts.update(self.say("app.home.counts", due=overview.due, new=overview.new))
        self._show_sections(overview)
        notices = [self.say(notice) for notice in overview.notices]
        if overview.problems:
            notices.append(self.say("app.home.problems", count=overview.problems))
        self.query_one("#notice", Prose).update("\n".join(notices))

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        if self.overview is not None:
            self.load_soon()

    def load_soon(self) -> None:
        """Load behind the frame: a thread that imports would hold up the drawing."""
        self.call_after_refresh(self.load)

    @work(exclusive=True)
    async def load(self) -> None:
        """Open what has to be opened and count; the first frame is already on the screen."""
        self.overview = await self.dojo.desk.overview()
        self.relabel()
        self.refresh_bindings()
        self.dojo.open_first()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("begin", "quiz", "code", "formula", "exam", "handbook", "mistakes", "statistics"):
            return self.overview is not None
        return True

    def action_begin(self) -> None:
        chosen = self.query_one(RowList).current
        overview = self.overview
        if chosen is None or overview is None:
            return
        if chosen == MIXED:
            if overview.unfinished:
                self.dojo.resume_session()
            else:
                self.dojo.start_session()
        else:
            self.dojo.start_session(section=chosen)

    def action_quiz(self) -> None:
        chosen = self.query_one(RowList).current
        self.dojo.start_session(section=None if chosen in (None, MIXED) else chosen)

    def action_code(self) -> None:
        self.dojo.show_exercises()

    def action_formula(self) -> None:
        self.dojo.show_targets()

    def action_lab(self) -> None:
        self.dojo.show_lab()

    def action_exam(self) -> None:
        self.dojo.show_exam()

    def action_handbook(self) -> None:
        self.dojo.show_handbook()

    def action_mistakes(self) -> None:
        self.dojo.show_mistakes()

    def action_statistics(self) -> None:
        self.dojo.show_statistics()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.action_begin()

    def on_resize(self) -> None:
        if self.overview is not None:
            self._show_sections(self.overview)

    def _show_sections(self, overview: Overview) -> None:
        from drills.app.overview import SectionRow

        wide = self.size.width
        name_width = 22 if wide < 90 else 30
        bar_width = max(8, min(40, wide - name_width - 38))
        total = sum(row.items for row in overview.sections)
        share = sum(row.share * row.items for row in overview.sections) / total if total else 0.0
        mixed = SectionRow(MIXED, Text("", ""), total, share, overview.due)
        rows = [self._row(mixed, bar_width)]
        rows += [self._row(row, bar_width) for row in overview.sections]
        self.query_one(RowList).show(tuple(rows), name_width=name_width)
        # What the bars and their per cent say, right above them.
        heading = self.say("app.home.column.recall")
        indent = name_width + 4
        self.query_one("#columns", Prose).update(heading, lead=" " * indent)

    def _row(self, row: SectionRow, bar_width: int) -> Row:
        if row.section == MIXED:
            resume = self.overview is not None and self.overview.unfinished
            name = self.say("app.home.row.resume" if resume else "app.home.row.mixed")
        else:
            name = self.say(row.name)
        due = self.say("app.home.row.due", due=row.due) if row.due else ""
        return Row(
            row.section,
            name,
            (
                bar(row.share, bar_width, self.dojo.frames),
                pad(f"{round(100 * row.share)} %", 5, "right"),
                pad(self.say("app.home.row.items", items=row.items), 9, "right"),
                pad(due, 12),
            ),
        )
