"""Home: what to do tonight, the sections, and the way to everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import ScreenResume

from drills.app.bindings import key
from drills.app.evening import LEAST, MOST
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bars import bar
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.typography import pad
from question_bank.text import LANGUAGES, Text

if TYPE_CHECKING:
    from drills.app.evening import Proposal
    from drills.app.overview import Overview, SectionRow

MIXED = "*"
"""The key of the first row: a session over all sections."""
ROOMY = 72
"""The width from which a section's row has room for all its figures."""
FORECAST_AFTER = 0.4
"""Seconds after which home works out its forecast."""


class HomeScreen(DojoScreen):
    """Proposes a session; the sections are there for who wants another one."""

    AUTO_FOCUS = "#sections"
    HELP_PAGE = "app.help.home"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "begin", "start", shown_as="Enter"),
        key("t", "tonight", "tonight", show=False),
        key("right,plus", "minutes(5)", "minutes", shown_as="<>"),
        Binding("left,minus", "minutes(-5)", show=False),
        key("q", "quiz", "quiz"),
        key("c", "code", "code"),
        key("f", "formula", "formula"),
        key("l", "lab", "lab"),
        key("e", "exam", "exam"),
        key("h", "handbook", "handbook"),
        key("m", "mistakes", "mistakes"),
        key("p", "plan", "plan"),
        key("s", "statistics", "statistics"),
        key("o", "settings", "settings", show=False),
        key("ctrl+q", "app.quit", "quit", shown_as="^q", priority=True),
    ]

    overview: Overview | None = None
    proposal: Proposal | None = None
    forecast: Text | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="tonight", classes="heading")
            yield Prose(id="counts", classes="muted")
            yield Prose(id="forecast", classes="muted")
            yield Prose(id="waiting")
            yield Prose(id="columns", classes="muted")
            yield RowList(id="sections")
            yield Prose(id="notice", classes="gap")

    def relabel(self) -> None:
        other = next(language for language in LANGUAGES if language != self.language)
        self.query_one(TitleBar).show(
            self._title(), f"F8 {self.say(f'app.language.{other}')}", action="app.language"
        )
        overview = self.overview
        tonight, counts = self.query_one("#tonight", Prose), self.query_one("#counts", Prose)
        if overview is None:
            tonight.update(self.say("app.home.opening"))
            return
        proposal = self.proposal
        if overview.unfinished:
            position, count = overview.unfinished
            tonight.update(self.say("app.home.resume", position=position, count=count))
        elif proposal is not None and proposal.count:
            name = "plan.home.again" if proposal.done else "plan.home.tonight"
            tonight.update(self.say(name, minutes=proposal.minutes, done=proposal.spent))
        elif proposal is not None:
            tonight.update(self.say("plan.tonight.none"))
        elif overview.due or overview.new:
            tonight.update(self.say("app.home.start"))
        else:
            tonight.update(self.say("app.home.nothing"))
        if proposal is None:
            counts.update(self.say("app.home.counts", due=overview.due, new=overview.new))
        else:
            apart = self.say("plan.home.apart")
            parts = proposal.parts if proposal.count else ()
            counts.update(apart.join(self.say(part) for part in parts))
        self.query_one("#forecast", Prose).update(self.say(self.forecast) if self.forecast else "")
        waits = proposal.exam_waits if proposal is not None else None
        self.query_one("#waiting", Prose).update(self.say(waits) if waits else "")
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
        if not self.dojo.open_first() and await self.dojo.desk.evening.is_first_run():
            self.dojo.show_setup()
            return
        self.proposal = await self.dojo.desk.evening.proposal()
        self.relabel()
        self.refresh_bindings()
        # The forecast takes longest, and whoever starts at once need not wait for it.
        self.set_timer(FORECAST_AFTER, self._look_ahead)

    @work(exclusive=True, group="forecast")
    async def _look_ahead(self) -> None:
        if self.is_current:
            self.forecast = await self.dojo.desk.evening.forecast()
            self.relabel()

    @work(exclusive=True, group="proposal")
    async def _propose(self) -> None:
        self.proposal = await self.dojo.desk.evening.proposal(anew=False)
        self.relabel()

    def _title(self) -> str:
        days = self.proposal.days if self.proposal is not None else None
        if days is None:
            return self.say("app.name")
        name = {0: "plan.exam_today", 1: "plan.exam_tomorrow"}.get(days, "plan.exam_in")
        return f"{self.say('app.name')} · {self.say(name, n=days)}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in (
            "begin",
            "quiz",
            "code",
            "formula",
            "exam",
            "handbook",
            "mistakes",
            "statistics",
        ):
            return self.overview is not None
        if action in ("tonight", "minutes", "plan", "settings"):
            return self.proposal is not None and (action != "tonight" or self.proposal.count > 0)
        return True

    def action_tonight(self) -> None:
        self.dojo.start_tonight()

    def action_minutes(self, by: int) -> None:
        """More or fewer minutes for this evening; the setting stays."""
        if self.proposal is not None:
            evening = self.dojo.desk.evening
            now = evening.minutes or self.proposal.minutes
            # In steps of five, whatever the setting was.
            step = now // by * by + by if by > 0 else -(-now // by * by) + by
            evening.minutes = max(LEAST, min(MOST, step))
            self._propose()

    def action_plan(self) -> None:
        self.dojo.show_plan()

    def action_settings(self) -> None:
        self.dojo.show_setup()

    def action_begin(self) -> None:
        chosen = self.query_one(RowList).current
        overview = self.overview
        if chosen is None or overview is None:
            return
        if chosen == MIXED:
            if overview.unfinished:
                self.dojo.resume_session()
            else:
                self.dojo.start_tonight()
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
        items = pad(self.say("app.home.row.items", items=row.items), 9, "right")
        return Row(
            row.section,
            name,
            (
                bar(row.share, bar_width, self.dojo.frames),
                pad(f"{round(100 * row.share)} %", 5, "right"),
                # Of the two figures that of today is wanted where there is room for one.
                *([items] if self.size.width >= ROOMY else []),
                pad(due, 12),
            ),
        )
