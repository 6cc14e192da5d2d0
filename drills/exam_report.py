"""What an exam came to: the score with and without guesses, by section, by mistake, by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from drills.exam_paper import SECONDS
from drills.locale import text
from drills.progress.journal import Review
from drills.progress.places import SessionRecord
from drills.selection import BankLike
from drills.summary import count_mistakes
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.progress.store import Store

State: TypeAlias = Literal["right", "wrong", "unanswered", "unjudged"]


@dataclass(frozen=True)
class ExamResult:
    """One question: what was answered, what came of it, and how long it was looked at."""

    number: int
    item: str
    section: str
    kind: str
    state: State
    answer: str = ""
    guessed: bool = False
    flagged: bool = False
    milliseconds: int = 0
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionScore:
    """A section's share of the score; ``sure`` counts what is right and was no guess."""

    section: str
    right: int
    sure: int
    of: int
    milliseconds: int


@dataclass(frozen=True)
class ExamReport:
    """The results in order, and what they add up to. What could not be judged is left out."""

    session: str
    started_at: str
    handed_in_at: str
    by_clock: bool
    seconds: int
    milliseconds: int
    framework: str
    results: tuple[ExamResult, ...]
    mistakes: tuple[tuple[str, int], ...] = ()
    note: str = ""

    @property
    def of(self) -> int:
        """How many questions count."""
        return sum(result.state != "unjudged" for result in self.results)

    @property
    def right(self) -> int:
        return self._count("right")

    @property
    def sure(self) -> int:
        """Right, and not marked as a guess."""
        return sum(result.state == "right" and not result.guessed for result in self.results)

    @property
    def guesses(self) -> int:
        return sum(result.guessed and bool(result.answer) for result in self.results)

    @property
    def unanswered(self) -> int:
        return self._count("unanswered")

    @property
    def seconds_each(self) -> float:
        """Mean time for a question, over all that were asked."""
        return self.milliseconds / 1000 / max(1, len(self.results))

    @property
    def sections(self) -> tuple[SectionScore, ...]:
        """Section by section, in the order in which they were asked."""
        names = dict.fromkeys(result.section for result in self.results)
        return tuple(self._section(name) for name in names)

    def slowest(self, count: int = 3) -> tuple[ExamResult, ...]:
        """The questions that took the longest, among those over the exam's pace."""
        over = [result for result in self.results if result.milliseconds > 1000 * SECONDS]
        return tuple(sorted(over, key=lambda result: -result.milliseconds)[:count])

    def lines(self) -> list[Text]:
        """The report's first sentences: score, guesses, time."""
        lines = [text("exam.report.by_clock")] if self.by_clock else []
        lines += [
            text(
                "exam.report.score",
                right=self.right,
                of=self.of,
                share=percent(self.right, self.of),
                sure=self.sure,
                sure_share=percent(self.sure, self.of),
            ),
            text(
                "exam.report.guesses",
                guesses=self.guesses,
                lucky=self.right - self.sure,
                unanswered=self.unanswered,
            ),
            text(
                "exam.report.time",
                used=minutes(self.milliseconds / 1000),
                allowed=minutes(self.seconds),
                each=round(self.seconds_each),
                pace=SECONDS,
            ),
        ]
        slow = self.slowest()
        if slow:
            listed = [
                text("exam.report.slow_one", number=one.number, seconds=one.milliseconds // 1000)
                for one in slow
            ]
            lines.append(text("exam.report.slow") + _joined(listed))
        unjudged = self._count("unjudged")
        if unjudged:
            lines.append(text("exam.report.unjudged", n=unjudged))
        lines.append(text("exam.report.no_pass_line"))
        return lines

    def to_json(self) -> dict[str, Any]:
        """Plain data: the counts first, then sections, mistakes by code, and every question."""
        return {
            "session": self.session,
            "started_at": self.started_at,
            "handed_in_at": self.handed_in_at,
            "time_up": self.by_clock,
            "framework": self.framework,
            "questions": len(self.results),
            "of": self.of,
            "right": self.right,
            "right_without_guesses": self.sure,
            "guesses": self.guesses,
            "unanswered": self.unanswered,
            "seconds": self.seconds,
            "milliseconds": self.milliseconds,
            "sections": [asdict(score) for score in self.sections],
            "mistakes": dict(self.mistakes),
            "results": [asdict(result) for result in self.results],
            "note": self.note,
        }

    def _count(self, state: State) -> int:
        return sum(result.state == state for result in self.results)

    def _section(self, name: str) -> SectionScore:
        held = [one for one in self.results if one.section == name and one.state != "unjudged"]
        right = [one for one in held if one.state == "right"]
        return SectionScore(
            name,
            len(right),
            sum(not one.guessed for one in right),
            len(held),
            sum(one.milliseconds for one in held),
        )


def past_exams(store: Store) -> list[SessionRecord]:
    """Exams that were handed in, the newest first."""
    return [record for record in store.exams() if record.finished and record.plan["slots"]]


def report_of(record: SessionRecord, reviews: Sequence[Review], bank: BankLike) -> ExamReport:
    """The report on an exam that was handed in, from its record and its rows in the journal."""
    rows = {row.item: row for row in reviews}
    results = []
    kept = record.place.get("questions", [])
    for number, (slot, fields) in enumerate(zip(record.plan["slots"], kept, strict=True), 1):
        answer, guessed, flagged, milliseconds, _ = fields
        row = rows.get(slot[1])
        item = bank.items.get(slot[1])
        state: State = "unjudged" if answer else "unanswered"
        if row is not None:
            state = "right" if row.right else "wrong"
        results.append(
            ExamResult(
                number=number,
                item=slot[1],
                section=row.section if row else getattr(item, "section", ""),
                kind=row.kind if row else getattr(item, "kind", ""),
                state=state,
                answer=answer,
                guessed=bool(guessed),
                flagged=bool(flagged),
                milliseconds=int(milliseconds),
                mistakes=row.mistakes if row else (),
            )
        )
    return ExamReport(
        session=record.id,
        started_at=record.started_at,
        handed_in_at=str(record.place.get("handed_in_at") or ""),
        by_clock=bool(record.place.get("by_clock")),
        seconds=int(record.plan["exam"]["seconds"]),
        milliseconds=int(record.place.get("elapsed", 0)),
        framework=str(record.plan["exam"].get("framework", "")),
        results=tuple(results),
        mistakes=count_mistakes(rows.values()),
        note=str(record.place.get("note", "")),
    )


def minutes(seconds: float) -> str:
    """A time as a clock shows it: 38:20, with hours where there are any."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    shown = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{shown}" if hours else shown


def section_name(section: str) -> Text:
    """The name of a section; a user's own folder keeps its name."""
    try:
        return text(f"practice.section.{section}")
    except KeyError:
        return Text(section, section)


def percent(part: int, of: int) -> int:
    """A share in whole per cent; 0 of nothing."""
    return round(100 * part / of) if of else 0


def _joined(parts: Sequence[Text]) -> Text:
    return Text(", ".join(part.en for part in parts), "、".join(part.ja for part in parts))
