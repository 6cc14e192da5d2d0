"""Before the exam: how long, which framework; or going on with the one that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import ScreenResume

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.settings_table import Setting, SettingsTable
from drills.app.widgets.title_bar import TitleBar
from drills.exam_paper import SHARE, WHOLE, ExamRequest
from drills.exam_report import minutes
from drills.settings import FRAMEWORKS

if TYPE_CHECKING:
    from drills.progress.places import SessionRecord

COUNTS: Final = (10, SHARE, 40, 60, WHOLE)
NAMES: Final = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}


class ExamStartScreen(DojoScreen):
    """Enter begins or goes on; ``request`` begins at once, as the command line asks for."""

    CSS_PATH = "exam.tcss"
    AUTO_FOCUS = "SettingsTable"
    HELP_PAGE: ClassVar[str] = "exam.help.exam_start"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "begin", "exam_begin", shown_as="Enter"),
        key("r", "results", "exam_results"),
        key("escape", "leave", "back", shown_as="Esc"),
    ]

    def __init__(self, request: ExamRequest | None = None, *, at_once: bool = False) -> None:
        super().__init__()
        self._request = request
        self._at_once = at_once
        self.ready = False
        self.waiting: SessionRecord | None = None
        self.newest: SessionRecord | None = None
        self._framework: str = FRAMEWORKS[0]
        self._busy = False

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="about")
            yield SettingsTable()
            yield Prose(id="note", classes="gap muted")

    async def prepare(self) -> None:
        await self._look()
        if self._request is not None or (self._at_once and self.waiting is not None):
            self._begin(self._request)

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("exam.screen.title"))
        table = self.query_one(SettingsTable)
        chosen = {setting.name: setting.chosen for setting in table.settings}
        settings = self._settings()
        for setting in settings:
            setting.chosen = chosen.get(setting.name, setting.chosen)
        table.show(settings)
        table.display = self.waiting is None
        about, note = self.query_one("#about", Prose), self.query_one("#note", Prose)
        if self.waiting is None:
            about.update(self.say("exam.screen.about"))
            count: Any = table.value("count")
            time = round(ExamRequest().seconds_for(count) / 60)
            share = self.say("exam.screen.share", count=SHARE, whole=WHOLE)
            note.update(self.say("exam.screen.length", time=time) + "\n" + share)
        else:
            about.update(self._said_of(self.waiting))
            note.update(self.say("exam.screen.waiting_note"))
        self.refresh_bindings()

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        if self.ready:
            self._look_again()

    @work(exclusive=True, group="look")
    async def _look_again(self) -> None:
        """The exam above has been paused or handed in."""
        await self._look()
        self.relabel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "begin":
            return self.ready
        if action == "results":
            return self.newest is not None
        return True

    def on_settings_table_changed(self, message: SettingsTable.Changed) -> None:
        message.stop()
        self.relabel()

    def action_begin(self) -> None:
        if self.waiting is not None:
            self._begin(None)
            return
        table = self.query_one(SettingsTable)
        count: Any = table.value("count")
        self._begin(ExamRequest(count=count, framework=str(table.value("framework"))))

    def action_results(self) -> None:
        from drills.app.screens.exam_report import ExamReportScreen

        if self.newest is not None:
            self.app.push_screen(ExamReportScreen(self.newest))

    def action_leave(self) -> None:
        self.app.pop_screen()

    @work(group="exam")
    async def _begin(self, request: ExamRequest | None) -> None:
        """Begin with ``request``, or go on with the exam that waits; a second Enter is nothing."""
        if self._busy:
            return
        self._busy = True
        self.query_one("#note", Prose).update(self.say("exam.screen.choosing"))
        try:
            exam = await self.dojo.desk.do(self._open, request)
        finally:
            self._busy = False
            self.relabel()
        if exam is None or not exam.questions:
            key = "exam.nothing" if exam is not None else "exam.screen.elsewhere"
            self.notify(self.say(key), severity="warning")
            return
        if exam.finished:
            from drills.app.screens.exam_report import ExamReportScreen

            self.app.push_screen(ExamReportScreen(exam.record()))
            return
        if request is not None and len(exam.questions) < request.count:
            self.notify(self.say("exam.fewer", n=len(exam.questions)))
        from drills.app.screens.exam import ExamScreen

        self.app.push_screen(ExamScreen(exam))

    async def _look(self) -> None:
        self.waiting, self.newest, self._framework = await self.dojo.desk.do(self._find)
        self.ready = True

    def _said_of(self, record: SessionRecord) -> str:
        left = int(record.plan["exam"]["seconds"]) - int(record.place.get("elapsed", 0)) / 1000
        return self.say(
            "exam.screen.waiting",
            number=record.position + 1,
            count=len(record.plan["slots"]),
            time=minutes(left),
        )

    def _settings(self) -> list[Setting]:
        counts = tuple(str(count) for count in COUNTS)
        return [
            Setting("count", self.say("exam.screen.count"), COUNTS, counts, 1),
            Setting(
                "framework",
                self.say("exam.screen.framework"),
                FRAMEWORKS,
                tuple(NAMES[name] for name in FRAMEWORKS),
                FRAMEWORKS.index(self._framework),
            ),
        ]

    # In the desk's thread.

    def _find(self) -> tuple[SessionRecord | None, SessionRecord | None, str]:
        from drills.exam_report import past_exams
        from drills.settings import remembered_framework

        desk = self.dojo.desk
        waiting = [one for one in desk.store.unfinished_sessions() if "exam" in one.plan]
        past = past_exams(desk.store)
        return (
            waiting[0] if waiting else None,
            past[0] if past else None,
            remembered_framework(desk.store.home),
        )

    def _open(self, request: ExamRequest | None) -> Any:
        from drills.exam import Exam
        from drills.settings import remember_framework

        desk = self.dojo.desk
        if request is None:
            return Exam.resume(desk.bank, desk.store, desk.clock)
        remember_framework(desk.store.home, request.framework)
        return Exam.start(desk.bank, desk.store, request, desk.clock)
