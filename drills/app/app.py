"""The Textual app: which screen is on, which language it speaks, and how a session moves on."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from drills.app.bindings import key
from drills.app.desk import Desk
from drills.app.screens.base import DojoScreen
from drills.app.screens.home import HomeScreen
from drills.app.widgets.bars import Frames
from drills.locale import text
from drills.typography import wrap
from question_bank.text import LANGUAGES, Language

if TYPE_CHECKING:
    from drills.app.screens.task import TaskScreen
    from drills.app.tasks import Task
    from drills.exam_paper import ExamRequest
    from drills.session import SessionRequest


class DojoApp(App[None]):
    """Home is the first screen; everything else lies above it and Escape leads back."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f8", "language", "language", shown_as="F8"),
        key("f1,question_mark", "help", "help", shown_as="? F1"),
        key("ctrl+p", "palette", "palette", shown_as="^p", show=False),
        key("ctrl+q", "quit", "quit", shown_as="^q", show=False, priority=True),
    ]

    language: reactive[Language] = reactive[Language]("en", init=False)
    """The language of every word on the screen."""

    def __init__(
        self,
        home: Path | None = None,
        bank_folders: Sequence[Path] = (),
        language: Language = "en",
        *,
        frames: Frames = "line",
        first: str | None = None,
        subject: str | None = None,
        request: SessionRequest | None = None,
        exam: ExamRequest | None = None,
        desk: Desk | None = None,
    ) -> None:
        super().__init__()
        self.set_reactive(DojoApp.language, language)
        self.frames: Frames = frames
        self.set_class(frames == "ascii", "-ascii")
        self.desk = desk or Desk(home, bank_folders)
        self._faulty = False
        self._first = first
        self._subject = subject
        self._request = request
        self._exam = exam

    def get_default_screen(self) -> HomeScreen:
        """Home; its styles are in the app's file, as Textual loads no other for this screen."""
        return HomeScreen()

    def on_ready(self) -> None:
        """The first frame is drawn: only now is there anything to collect, and to load."""
        gc.enable()
        if isinstance(self.screen, HomeScreen):
            self.screen.load_soon()

    def watch_language(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, DojoScreen) and screen.is_mounted:
                screen.relabel()
        self.screen.refresh_bindings()
        self.screen.refresh(layout=True)

    def action_language(self) -> None:
        position = LANGUAGES.index(self.language)
        self.language = LANGUAGES[(position + 1) % len(LANGUAGES)]
        self.run_worker(self.desk.remember_language(self.language))

    def action_help(self) -> None:
        from drills.app.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen(cast(DojoScreen, self.screen)))

    def action_palette(self) -> None:
        from drills.app.screens.palette import PaletteScreen

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(self.screen))

    async def choose_theme(self, name: str) -> None:
        """A theme, at once and for the next time."""
        self.theme = name
        await self._remember(theme=name)

    async def choose_frames(self, frames: Frames) -> None:
        """Bars and signs with line-drawing characters, or in ASCII only."""
        self.frames = frames
        self.set_class(frames == "ascii", "-ascii")
        self.watch_language()
        await self._remember(frames=frames)

    async def _remember(self, **chosen: str) -> None:
        try:
            await self.desk.remember(**chosen)
        except OSError as error:
            why = error.strerror or str(error)
            self.notify(text("report.unremembered", why=why).in_(self.language), timeout=10)

    def get_key_display(self, binding: Binding) -> str:
        """Of a binding with two keys, the one that works where the focus is: "g F7", "? F1"."""
        shown = super().get_key_display(binding)
        single, _, function = shown.partition(" ")
        typing = self.focused is not None and self.focused.check_consume_key(single, single)
        return function if function and typing else single

    def _handle_exception(self, error: Exception) -> None:
        """A fault of the program: its traceback goes to a file, and the terminal is put back.

        Under test it is raised as ever.
        """
        if self.is_headless or self._faulty:
            super()._handle_exception(error)
            return
        self._faulty = True
        from drills.cli.context import Context
        from drills.progress.paths import home as data_folder

        context = Context(self.language, data_folder(self.desk.home))
        path = context.write_crash_log(getattr(error, "error", error))
        self.exit(return_code=1, message=text("app.note.crash", path=path).in_(self.language))

    def notify(self, message: str, **options: Any) -> None:
        """A note in the corner, wrapped by the rules of Japanese, never read as markup."""
        width = max(20, min(56, self.size.width - 8))
        super().notify("\n".join(wrap(message, width)), **{**options, "markup": False})

    def action_help_quit(self) -> None:
        """Control C is pressed out of habit: say what leaves, and that nothing is lost."""
        self.notify(text("app.note.quit").in_(self.language))

    async def action_quit(self) -> None:
        """Leave: what is being typed is saved, and the session is let go of."""
        for screen in self.screen_stack:
            if isinstance(screen, DojoScreen):
                await screen.flush()
        await self.desk.close()
        self.exit()

    def open_first(self) -> bool:
        """What the command line asked for, once home has been drawn; whether that was anything."""
        first, self._first = self._first, None
        match first:
            case "formula":
                self.show_targets()
            case "code":
                self.show_exercises()
            case "lab":
                self.show_lab()
            case "exam":
                self.show_exam(self._exam, at_once=True)
            case "quiz" if self._request is None and self.desk.session is not None:
                self.resume_session()
            case "quiz":
                self.start_session(request=self._request)
        return first is not None

    # Sessions.

    def resume_session(self) -> None:
        self.show_task()

    @work(exclusive=True, group="session")
    async def start_session(
        self,
        section: str | None = None,
        kind: str | None = None,
        request: SessionRequest | None = None,
    ) -> None:
        if await self.desk.start(section=section, kind=kind, request=request):
            self.show_task()
        else:
            self.notify(text("app.note.nothing_there").in_(self.language))

    def show_task(self) -> None:
        """The screen of the session's current slot, in the place of the one before."""
        session = self.desk.session
        if session is None:
            self.leave_task()
            return
        screen: DojoScreen
        if session.finished:
            from drills.app.screens.summary import SummaryScreen

            screen = SummaryScreen()
        else:
            from drills.app.tasks import SessionTask

            screen = self.task_screen(SessionTask(session, self.desk.bank))
        self._put(screen)

    def task_screen(self, task: Task) -> TaskScreen:
        """The screen for a task of its kind."""
        if task.kind == "formula" and task.face != "choice":
            from drills.app.screens.formula import FormulaScreen

            return FormulaScreen(task)
        if task.kind == "code" and task.face != "choice":
            from drills.app.screens.code import CodeScreen

            return CodeScreen(task)
        from drills.app.screens.quiz import QuizScreen

        return QuizScreen(task)

    def show_exam(self, request: ExamRequest | None = None, *, at_once: bool = False) -> None:
        """What comes before a mock exam; ``at_once`` goes on with one that waits."""
        from drills.app.screens.exam_start import ExamStartScreen

        self.push_screen(ExamStartScreen(request, at_once=at_once))

    def show_lab(self) -> None:
        from drills.app.screens.lab import LabScreen

        self.push_screen(LabScreen())

    def show_experiments(self) -> None:
        from drills.app.screens.experiment import ExperimentsScreen

        self.push_screen(ExperimentsScreen())

    def show_experiment(self, name: str, settings: Mapping[str, Any] | None = None) -> None:
        """An experiment of the lab, with the settings that an item is about."""
        from drills.app.screens.experiment import BINARY_ADDITION, ExperimentScreen
        from drills.app.screens.lab import LabScreen

        if name == BINARY_ADDITION:
            self.push_screen(LabScreen(settings=settings))
        else:
            self.push_screen(ExperimentScreen(name, settings))

    def show_targets(self) -> None:
        from drills.app.screens.pick import PickScreen

        self.push_screen(PickScreen("formula", opening=self._taken_subject()))

    def show_exercises(self) -> None:
        from drills.app.screens.pick import PickScreen

        self.push_screen(PickScreen("code", opening=self._taken_subject()))

    def _taken_subject(self) -> str | None:
        """What the command line named, once."""
        subject, self._subject = self._subject, None
        return subject

    @work(exclusive=True, group="session")
    async def start_tonight(self) -> None:
        """The session that the plan proposes for this evening."""
        if await self.desk.evening.start():
            self.show_task()
        else:
            self.notify(text("plan.tonight.none").in_(self.language))

    def show_plan(self) -> None:
        from drills.app.screens.plan import PlanScreen

        self.push_screen(PlanScreen())

    def show_setup(self) -> None:
        from drills.app.screens.setup import SetupScreen

        self.push_screen(SetupScreen())

    def show_statistics(self) -> None:
        from drills.app.screens.statistics import StatisticsScreen

        self.push_screen(StatisticsScreen())

    def show_mistakes(self) -> None:
        from drills.app.screens.mistakes import MistakesScreen

        self.push_screen(MistakesScreen())

    def practise_mistake(self, code: str) -> None:
        """A session of items of every kind in which this mistake can be made."""
        from drills.session import SessionRequest

        self.start_session(request=SessionRequest(mistake=code))

    def show_handbook(self) -> None:
        from drills.app.screens.handbook import HandbookScreen

        self.push_screen(HandbookScreen())

    def show_page(self, name: str | None, codes: Sequence[str] = ()) -> None:
        """A page of the handbook, at the trap of a mistake just made; without a name, the list."""
        from drills.app.screens.handbook import PageScreen

        if name is None:
            self.show_handbook()
        else:
            self.push_screen(PageScreen(name, codes))

    def leave_task(self) -> None:
        """Back to the screen below; an unfinished session waits there."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def _put(self, screen: DojoScreen) -> None:
        if isinstance(self.screen, HomeScreen) or getattr(self.screen, "waits_below", False):
            self.push_screen(screen)
        else:
            self.switch_screen(screen)


def run(
    home: Path | None,
    bank_folders: Sequence[Path],
    language: Language,
    *,
    screen: str | None = None,
    subject: str | None = None,
    request: SessionRequest | None = None,
    exam: ExamRequest | None = None,
) -> int:
    """The app until it is left; returns the exit code.

    ``screen``: quiz, formula, code, lab or exam instead of home; ``subject`` is the target or
    exercise to open there; ``request`` is for quiz, ``exam`` for exam, which without one go on with
    what is unfinished.
    """
    from drills.progress.paths import home as data_folder
    from drills.settings import load_settings

    settings = load_settings(data_folder(home))
    app = DojoApp(
        home,
        bank_folders,
        language,
        frames="ascii" if settings.frames == "ascii" else "line",
        first=screen,
        subject=subject,
        request=request,
        exam=exam,
    )
    if settings.theme in app.available_themes:
        app.theme = settings.theme
    app.run()
    return app.return_code or 0
