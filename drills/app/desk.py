"""The one thread in which bank, store and session live, so that drawing never waits for them.

A database connection belongs to the thread that opened it, and the code judge's helper process
ends with the thread that started it: hence one thread for as long as the app runs. Everything heavy
is imported there, after the first frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from drills.app.evening import Evening
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from drills.app.overview import Ended, Overview
    from drills.clock import Clock
    from drills.mistaken import MistakeCount
    from drills.session import Session, SessionRequest
    from drills.statistics import Statistics

T = TypeVar("T")


class Desk:
    """Opens bank and store in its own thread and does everything there that touches them."""

    def __init__(
        self,
        home: Path | None = None,
        bank_folders: Sequence[Path] = (),
        clock: Clock | None = None,
    ) -> None:
        self.home = home
        self.bank_folders = tuple(bank_folders)
        self.bank: Any = None
        self.store: Any = None
        self.clock: Any = clock
        self.session: Session | None = None
        # What was typed in free practice, by target or exercise.
        self.drafts: dict[str, str] = {}
        # Formulas that were judged, by target, the newest last.
        self.histories: dict[str, list[str]] = {}
        # The notation that was chosen in the handbook; None is each model's usual one.
        self.notation: str | None = None
        self.evening = Evening(self)
        self._executor: ThreadPoolExecutor | None = None

    @property
    def _thread(self) -> ThreadPoolExecutor:
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        return self._executor

    async def do(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """``work`` in the desk's thread; the screen stays alive meanwhile."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*arguments, **named))

    async def overview(self) -> Overview:
        """What the home screen shows; opens everything the first time."""
        return await self.do(self._overview)

    async def start(
        self,
        *,
        section: str | None = None,
        kind: str | None = None,
        request: SessionRequest | None = None,
    ) -> bool:
        """Start another session; ``False`` when there is nothing to ask."""
        return await self.do(self._start, section, kind, request)

    async def mistakes(self) -> tuple[MistakeCount, ...]:
        """Every mistake that was made, the most frequent first."""
        return await self.do(self._mistakes)

    async def statistics(self) -> Statistics:
        return await self.do(self._statistics)

    async def ended(self) -> Ended | None:
        """What the session has come to; ``None`` without a session."""
        return await self.do(self._ended)

    async def undo(self) -> bool:
        """Take back the session's last answer."""
        return await self.do(lambda: self.session is not None and self.session.undo())

    async def choose_notation(self, name: str) -> None:
        """The handbook's notation, from now on and for the next time."""
        from drills.progress.paths import home as data_folder
        from drills.settings import remember_notation

        self.notation = name
        await self.do(remember_notation, data_folder(self.home), name)

    async def topics(self) -> list[tuple[str, Text]]:
        """The handbook's pages with their titles, in the order of the curriculum."""
        return await self.do(self._topics)

    async def save_report(self, name: str, content: str) -> Path:
        """Write a report on an item into the home. Raises ``OSError``."""
        return await self.do(self._save_report, name, content)

    async def remember(self, **chosen: Any) -> None:
        """Keep settings for the next time. Raises ``OSError``."""
        await self.do(self._remember, chosen)

    async def remember_language(self, language: Language) -> None:
        """Keep the language for the next time."""
        await self.do(self._remember_language, language)

    async def heartbeat(self) -> None:
        """Keep the lease of a session that is only being looked at."""
        await self.do(self._heartbeat)

    async def close(self) -> None:
        """Release the session's lease; everything else is saved already."""
        await self.do(self._close)
        self._thread.shutdown(wait=False, cancel_futures=True)

    # In the desk's thread.

    def open(self) -> None:
        """Open bank and store, the first time."""
        self._open()

    def begin(self, request: SessionRequest) -> bool:
        """Start the session that is asked for; False when there is nothing to ask."""
        return self._start(None, None, request)

    def _open(self) -> None:
        if self.store is not None:
            return
        from drills.clock import SystemClock
        from drills.progress.paths import cache
        from drills.progress.paths import home as data_folder
        from drills.progress.store import Store
        from question_bank.folders import BUILT_IN
        from question_bank.index import open_bank

        home = data_folder(self.home)
        self.clock = self.clock or SystemClock()
        if self.bank is None:
            self.bank = open_bank(cache(home), (BUILT_IN, *self.bank_folders))
        self.store = Store(home, self.clock)

    def _grader(self, kind: str) -> Any:
        """With the bank in hand: a user's own exercises and names of mistakes count, too."""
        from drills.grading import grader_for

        return grader_for(kind, self.bank)

    def _statistics(self) -> Statistics:
        from drills.statistics import statistics

        self._open()
        return statistics(self.store, self.bank, self.clock.now())

    def _mistakes(self) -> tuple[MistakeCount, ...]:
        from drills.mistaken import mistake_counts

        self._open()
        self.store.refresh()
        return mistake_counts(self.store, self.bank)

    def _overview(self) -> Overview:
        from drills.app.overview import Overview, SectionRow
        from drills.session import Session
        from drills.statistics import statistics

        self._open()
        figures = statistics(self.store, self.bank, self.clock.now(), answers=False)
        if self.session is not None and self.session.finished:
            self.session.close()
            self.session = None
        if self.session is None:
            self.session = Session.resume(self.bank, self.store, self.clock, self._grader)
        session = self.session
        unfinished = None
        if session is not None and not session.finished and session.slots:
            # The question one goes on with, counted from 1 as on its own screen.
            unfinished = (session.position + 1, len(session.slots))
        return Overview(
            sections=tuple(
                SectionRow(row.key, row.label, row.items, row.recall, row.due)
                for row in figures.sections
            ),
            due=figures.due,
            new=figures.new,
            unfinished=unfinished,
            problems=len(self.bank.problems),
            notices=(*self.store.notices, *((trouble,) if (trouble := self.store.trouble) else ())),
        )

    def _start(self, section: str | None, kind: str | None, request: SessionRequest | None) -> bool:
        from drills.session import Session, SessionRequest

        self._open()
        if request is None:
            request = SessionRequest(section=section, kind=kind, which="mixed")
        if request.mistake is not None:
            request = self._about_mistake(request)
            if not request.items:
                return False
        session = Session.start(self.bank, self.store, request, self.clock, graders=self._grader)
        if not session.slots:
            session.close()
            return False
        if self.session is not None:
            self.session.close()
        self.session = session
        return True

    def _about_mistake(self, request: SessionRequest) -> SessionRequest:
        from drills import scheduling
        from drills.mistaken import about_mistake

        self.store.refresh()
        today = scheduling.study_day(self.clock.now(), self.clock.utc_offset())
        return about_mistake(request, self.bank, self.store, today)

    def _ended(self) -> Ended | None:
        from drills.app.overview import Ended

        if self.session is None:
            return None
        summary = self.session.summary()
        items, mistakes = self.bank.items, self.bank.mistakes
        return Ended(
            summary,
            {
                code: mistakes[code].name if code in mistakes else Text(code, code)
                for code, _ in summary.mistakes
            },
            {
                name: items[name].stem if name in items else Text(name, name)
                for name in (result.slot.item for result in summary.results)
            },
        )

    def _remember_language(self, language: Language) -> None:
        from dataclasses import replace

        from drills.progress.paths import home as data_folder
        from drills.settings import load_settings, save_settings

        home = data_folder(self.home)
        save_settings(home, replace(load_settings(home), language=language))

    def know_notation(self) -> None:
        """Take up the notation that was chosen last; in the desk's thread."""
        from drills.progress.paths import home as data_folder
        from drills.settings import remembered_notation

        self.notation = self.notation or remembered_notation(data_folder(self.home))

    def _topics(self) -> list[tuple[str, Text]]:
        from drills.handbook.finding import in_order

        self._open()
        return [(topic.name, topic.title) for topic in in_order(self.bank)]

    def _save_report(self, name: str, content: str) -> Path:
        from drills.progress.paths import home as data_folder
        from drills.report import save_report

        self._open()
        stamp = f"{self.clock.now():%Y%m%d-%H%M%S}"
        return save_report(data_folder(self.home), name, stamp, content)

    def _remember(self, chosen: dict[str, Any]) -> None:
        from dataclasses import replace

        from drills.progress.paths import home as data_folder
        from drills.settings import load_settings, save_settings

        home = data_folder(self.home)
        save_settings(home, replace(load_settings(home), **chosen))

    def _heartbeat(self) -> None:
        if self.session is not None:
            self.session.heartbeat()

    def _close(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None
