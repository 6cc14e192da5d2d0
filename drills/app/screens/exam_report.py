"""What an exam came to: score, sections, mistakes, and every question to look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bars import bar
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.app.widgets.verdict_panel import sign
from drills.exam_report import ExamReport, ExamResult, report_of, section_name
from drills.typography import pad
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.progress.places import SessionRecord


class ExamReportScreen(DojoScreen):
    """The report on one exam; Enter opens the question under the cursor."""

    CSS_PATH = "exam.tcss"
    AUTO_FOCUS = None
    HELP_PAGE: ClassVar[str] = "exam.help.exam_report"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "open", "exam_open", shown_as="Enter"),
        key("escape", "leave", "back", shown_as="Esc"),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
    ]

    def __init__(self, record: SessionRecord) -> None:
        super().__init__()
        self.record = record
        self.report: ExamReport | None = None
        self._stems: dict[str, Text] = {}
        self._names: dict[str, Text] = {}
        # What is wrong with saving, for the user.
        self._trouble: Text | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="trouble")
            yield Prose(id="lines")
            yield Prose(id="sections")
            yield Prose(id="mistakes")
            yield RowList()

    async def prepare(self) -> None:
        self.report, self._stems, self._names = await self.dojo.desk.do(self._find)
        self.set_focus(self.query_one(RowList), scroll_visible=False)
        # The score is what one wants to see first, not the row under the cursor.
        self.call_after_refresh(self.query_one(".body").scroll_home, animate=False)

    def relabel(self) -> None:
        report = self.report
        self.query_one(TitleBar).show(
            self.say("exam.screen.report"), self.record.started_at[:10] if report else ""
        )
        if report is None:
            return
        trouble = self.query_one("#trouble", Prose)
        trouble.update(self.say(self._trouble) if self._trouble else "")
        lines = [self.say(line) for line in report.lines()]
        self.query_one("#lines", Prose).update("\n".join(lines))
        self.query_one("#sections", Prose).update("\n".join(self._sections(report)))
        mistakes = [
            self.say("app.summary.mistake", name=self.say(self._names[code]), count=count)
            for code, count in report.mistakes
        ]
        shown = self.query_one("#mistakes", Prose)
        shown.update("\n".join([self.say("app.statistics.mistakes"), *mistakes]))
        shown.display = bool(mistakes)
        name_width = max(20, self.size.width - 28)
        self.query_one(RowList).show(
            tuple(self._row(result) for result in report.results), name_width=name_width
        )

    def on_resize(self) -> None:
        self.relabel()

    def action_open(self) -> None:
        chosen = self.query_one(RowList).current
        if chosen is not None:
            self.open(int(chosen))

    def action_scroll(self, pages: int) -> None:
        body = self.query_one(".body")
        body.scroll_relative(y=pages * max(1, body.size.height - 2), animate=False)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.open(int(message.key))

    @work(exclusive=True, group="review")
    async def open(self, number: int) -> None:
        """Show one question with its verdict and its explanation."""
        from drills.app.screens.exam_review import ExamReviewScreen, ReviewTask

        task = await self.dojo.desk.do(ReviewTask.of, self.dojo.desk.bank, self.record, number)
        if task is None:
            self.notify(self.say("exam.screen.gone"))
            return
        self.query_one(RowList).cursor = number
        if isinstance(self.app.screen, ExamReviewScreen):
            self.app.switch_screen(ExamReviewScreen(task, self))
        else:
            self.app.push_screen(ExamReviewScreen(task, self))

    def _sections(self, report: ExamReport) -> list[str]:
        wide = self.size.width
        width = 20 if wide < 90 else 30
        rows = []
        for score in report.sections:
            parts = [
                pad(self.say(section_name(score.section)), width),
                pad(f"{score.right} / {score.of}", 7),
                self.say("exam.screen.sure_of", sure=score.sure),
            ]
            if wide >= 70:
                share = score.right / max(1, score.of)
                parts.insert(1, bar(share, 10, self.dojo.frames))
            rows.append("  ".join(parts))
        return rows

    def _row(self, result: ExamResult) -> Row:
        frames = self.dojo.frames
        signs = {"right": sign("correct", frames), "wrong": sign("wrong", frames)}
        stem = self.say(self._stems[result.item]).split("\n")[0].replace("`", "")
        return Row(
            str(result.number - 1),
            f"{result.number:>3} {signs.get(result.state, '-')[:1]} {stem}",
            (
                result.answer or "-",
                pad(self.say("exam.screen.guessed") if result.guessed else "", 7),
                pad(f"{result.milliseconds // 1000} s", 6, "right"),
            ),
        )

    # In the desk's thread.

    def _find(self) -> tuple[ExamReport, dict[str, Text], dict[str, Text]]:
        desk = self.dojo.desk
        self._trouble = desk.store.trouble
        report = report_of(self.record, desk.store.reviews(self.record.id), desk.bank)
        items, mistakes = desk.bank.items, desk.bank.mistakes
        stems = {
            one.item: items[one.item].stem if one.item in items else Text(one.item, one.item)
            for one in report.results
        }
        names = {
            code: mistakes[code].name if code in mistakes else Text(code, code)
            for code, _ in report.mistakes
        }
        return report, stems, names
