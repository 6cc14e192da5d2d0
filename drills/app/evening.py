"""Tonight's session, the forecast and the plan, for the screens; all of it in the desk's thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from question_bank.text import Text

if TYPE_CHECKING:
    from drills.app.desk import Desk
    from drills.planning.outlook import Outlook
    from drills.planning.plan import Plan
    from drills.progress.places import SessionRecord
    from drills.settings import Settings

STEP: Final = 5
LEAST: Final = 5
MOST: Final = 180
# The share of the minutes after which an evening counts as done: the last item seldom fits.
DONE: Final = 0.8


@dataclass(frozen=True)
class Proposal:
    """What home says of tonight. ``count`` items; ``parts`` say what they are.

    ``spent`` are the minutes of this study day so far, ``done`` whether they are the day's.
    ``days`` until the exam, None without a date ahead. ``exam_waits`` is a mock exam that was left.
    """

    minutes: int
    count: int
    parts: tuple[Text, ...]
    days: int | None
    spent: int = 0
    done: bool = False
    exam_waits: Text | None = None


class Evening:
    """Made once a desk; keeps where the user stands until something was answered."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        # Other minutes for this evening only.
        self.minutes: int | None = None
        self._settings: Settings | None = None
        self._outlook: Outlook | None = None

    # For the screens.

    async def proposal(self, *, anew: bool = True) -> Proposal:
        """Tonight's session as home shows it; ``anew`` after something may have been answered."""
        return await self.desk.do(self._proposal, anew)

    async def forecast(self) -> Text:
        """The line on the expected recall."""
        return await self.desk.do(self._forecast)

    async def plan(self) -> tuple[Outlook, Plan]:
        """Where the user stands, and the plan from there."""
        return await self.desk.do(self._plan)

    async def start(self) -> bool:
        """Begin tonight's session; False when nothing is worth asking."""
        return await self.desk.do(self._start)

    async def settings(self) -> tuple[Settings, date]:
        """The settings and the study day."""
        return await self.desk.do(lambda: (self._own_settings(), self._today()))

    async def save(self, **changed: Any) -> str | None:
        """Change settings; returns why they could not be written, if so."""
        return await self.desk.do(self._save, changed)

    async def is_first_run(self) -> bool:
        """Whether nobody has been asked anything here yet."""
        return await self.desk.do(self._is_first_run)

    # In the desk's thread.

    def _own_settings(self) -> Settings:
        from drills.progress.paths import home as data_folder
        from drills.settings import load_settings

        if self._settings is None:
            self._settings = load_settings(data_folder(self.desk.home))
        return self._settings

    def _today(self) -> date:
        from drills import scheduling

        self.desk.open()
        clock = self.desk.clock
        return scheduling.study_day(clock.now(), clock.utc_offset())

    def _is_first_run(self) -> bool:
        self.desk.open()
        return not self._own_settings().greeted and self.desk.store.first_moment() is None

    def _save(self, changed: dict[str, Any]) -> str | None:
        from drills.progress.paths import home as data_folder
        from drills.settings import load_settings, save_settings

        self._settings = replace(self._own_settings(), **changed)
        self._outlook = None
        if "minutes" in changed:
            self.minutes = None
        home = data_folder(self.desk.home)
        try:
            save_settings(home, replace(load_settings(home), **changed))
        except OSError as error:
            return error.strerror or str(error)
        return None

    def _stand(self, *, anew: bool = False) -> Outlook:
        from drills.planning.outlook import outlook

        found = self._outlook
        if found is None or anew or found.today != self._today():
            self.desk.open()
            now = self.desk.clock.now()
            found = outlook(self.desk.store, self.desk.bank, now, self._own_settings())
            self._outlook = found
        return found

    def _proposal(self, anew: bool) -> Proposal:
        from drills.planning.wording import proposal

        found = self._stand(anew=anew)
        minutes = self.minutes or found.minutes
        session = found.tonight(minutes)
        mistakes = self.desk.bank.mistakes
        names = [
            mistakes[code].name if code in mistakes else Text(code, code)
            for code in found.mistakes_in(session.weak_items)
        ]
        ahead = found.exam is not None and found.exam >= found.today
        return Proposal(
            minutes=minutes,
            count=len(session.items),
            parts=tuple(proposal(session, names)),
            days=found.days_left if ahead else None,
            spent=round(found.spent),
            done=found.spent >= DONE * found.minutes,
            exam_waits=self._exam_that_waits(),
        )

    def _exam_that_waits(self) -> Text | None:
        from drills.exam_report import minutes as time_of
        from drills.locale import text

        record: SessionRecord | None = next(
            (one for one in self.desk.store.unfinished_sessions() if "exam" in one.plan), None
        )
        if record is None:
            return None
        left = int(record.plan["exam"]["seconds"]) - int(record.place.get("elapsed", 0)) / 1000
        return text(
            "plan.home.exam_waits",
            number=record.position + 1,
            count=len(record.plan["slots"]),
            time=time_of(left),
        )

    def _forecast(self) -> Text:
        from drills.planning.wording import recall

        found, plan = self._plan()
        return recall(found, plan.recall, plan.days)

    def _plan(self) -> tuple[Outlook, Plan]:
        found = self._stand()
        return found, found.plan()

    def _start(self) -> bool:
        from drills.session import SessionRequest

        found = self._stand()
        items = found.tonight(self.minutes or found.minutes).items
        # Without any the request would ask for whatever is due or new.
        return bool(items) and self.desk.begin(SessionRequest(items=items))
