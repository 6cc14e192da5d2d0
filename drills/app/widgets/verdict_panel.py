"""The verdict: a sign, a word and a colour, then the reason, then when the card comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from textual.app import ComposeResult
from textual.widget import Widget

from drills.app.tasks import Task
from drills.app.translation import Translated
from drills.app.widgets.bars import Frames
from drills.app.widgets.prose import Prose
from drills.verdict import Verdict

SIGNS: Final[dict[str, tuple[str, str]]] = {
    "correct": ("✓", "v"),
    "correct_elsewhere": ("~", "~"),
    "wrong": ("✗", "x"),
    "incomplete": ("…", "..."),
    "undecided": ("?", "?"),
    "not_understood": ("…", "..."),
}
COLOURS: Final[dict[str, str]] = {
    "correct": "$text-success",
    "correct_elsewhere": "$text-success",
    "wrong": "$text-error",
}


def sign(outcome: str, frames: Frames) -> str:
    """The sign of an outcome, which means the same without its colour."""
    return SIGNS[outcome][frames == "ascii"]


PARTS: Final = ("reason", "reading", "checks", "ledger", "assumed", "answer", "when")


class VerdictPanel(Translated, Widget):
    """Empty until there is something to say; then it stays until the next task."""

    DEFAULT_CSS = """
    VerdictPanel {
        layout: vertical;
        height: auto;
        margin-top: 1;
    }
    VerdictPanel.-empty {
        display: none;
    }
    VerdictPanel #verdict-when {
        color: $text-muted;
    }
    """

    def __init__(self, *, tells_reading: bool = True, tells_solution: bool = True) -> None:
        super().__init__(classes="-empty")
        self.tells_reading = tells_reading
        self.tells_solution = tells_solution

    def compose(self) -> ComposeResult:
        yield Prose(id="verdict-word")
        yield Prose(id="verdict-reason")
        yield Prose(id="verdict-reading")
        yield Prose(id="verdict-checks")
        yield Prose(id="verdict-ledger")
        yield Prose(id="verdict-assumed")
        yield Prose(id="verdict-answer")
        yield Prose(id="verdict-when")

    def wait(self) -> None:
        """Judging takes longer than a blink: say so."""
        self.remove_class("-empty")
        for line in self.query(Prose):
            line.update("", lead="")
        self.query_one("#verdict-word", Prose).update(self.say("app.task.judging"))

    def show(self, task: Task) -> None:
        """The task's verdict, its solution if that was shown, and when it comes back."""
        verdict, solution = task.verdict, task.solution
        self.set_class(verdict is None and solution is None, "-empty")
        lines = dict.fromkeys(PARTS, "")
        word = lead = colour = ""
        if verdict is not None:
            word = self._word(verdict, task)
            lead = f"{sign(verdict.outcome, self.dojo.frames)} "
            colour = COLOURS.get(verdict.outcome, "$text-warning")
            lines["reason"] = verdict.feedback.in_(self.language)
            lines["checks"] = self._checks(verdict)
            lines["ledger"] = self._ledger(verdict)
            lines["assumed"] = self._assumed(verdict)
            if (
                self.tells_reading
                and task.kind != "choice"
                and verdict.reading not in ("", task.draft)
            ):
                lines["reading"] = f"{self.say('verdict.read_as')}  {verdict.reading}"
        if solution is not None and not self.tells_solution:
            lines["answer"] = self.say("app.code.solution")
        elif solution is not None:
            lines["answer"] = self.say("app.task.solution", answer=solution.in_(self.language))
        if verdict is not None and verdict.judged and task.comes_back_in is not None:
            lines["when"] = self._when(task.comes_back_in)
        self.query_one("#verdict-word", Prose).update(
            word, lead=lead, lead_style=f"bold {colour}", style=f"bold {colour}"
        )
        for name, line in lines.items():
            self.query_one(f"#verdict-{name}", Prose).update(line, lead="  " if line else "")

    def _word(self, verdict: Verdict, task: Task) -> str:
        word = self.say(f"verdict.outcome.{verdict.outcome}")
        # Feedback that begins with the names of the mistakes needs no heading of them.
        said = self.say(verdict.feedback).casefold()
        names = [self.say(task.mistake_name(mistake.code)) for mistake in verdict.mistakes]
        names = [name for name in names if name.casefold() not in said]
        if names:
            word += self.say("app.task.of") + self.say("verdict.listing").join(dict.fromkeys(names))
        return word

    def _when(self, days: int) -> str:
        match days:
            case 0:
                return self.say("app.task.back_today")
            case 1:
                return self.say("app.task.back_tomorrow")
        return self.say("app.task.back", days=days)

    def _checks(self, verdict: Verdict) -> str:
        """All checks in a row, then what differs, a line each."""
        if not verdict.checks:
            return ""
        frames = self.dojo.frames
        signs = {True: sign("correct", frames), False: sign("wrong", frames), None: "-"}
        # No check is torn apart at the end of a line.
        row = "   ".join(
            f"{signs[row['passed']]} {self._check(row)}".replace(" ", "\N{NO-BREAK SPACE}")
            for row in verdict.checks
        )
        # A bare code ("timeout") is for programs: the reason above has said it in words.
        failed = [
            row
            for row in verdict.checks
            if row["passed"] is False and (row["expected"] or not _is_code(row["got"]))
        ]
        return "\n".join([row, *(f"{signs[False]} {self._differs(found)}" for found in failed)])

    def _differs(self, row: Mapping[str, Any]) -> str:
        """What came out and what should have, as far as the check can say."""
        got, expected = row["got"], row["expected"]
        if got and expected:
            said = self.say("verdict.got_expected", got=got, expected=expected)
        else:
            said = str(got or expected)
        return f"{self._check(row)}{self.say('app.task.of')}{said}" if said else self._check(row)

    def _check(self, row: Mapping[str, Any]) -> str:
        """The check's name in words, with the output that it looks at."""
        name, _, output = str(row["name"]).partition(" ")
        try:
            name = self.say(f"app.check.{name}")
        except KeyError:
            return str(row["name"])
        return f"{name} {output}".strip()

    def _ledger(self, verdict: Verdict) -> str:
        if not verdict.ledger:
            return ""
        row = "   ".join(
            f"s={entry['lag']} {self.say('verdict.ledger.' + entry['state'])}"
            for entry in verdict.ledger
        )
        return f"{self.say('verdict.time_steps')}   {row}"

    def _assumed(self, verdict: Verdict) -> str:
        if not verdict.assumptions or not verdict.right:
            return ""
        words = []
        for name, value in verdict.assumptions.items():
            try:
                words.append(self.say(f"verdict.assumption.{name}.{value}"))
            except KeyError:
                words.append(f"{name}: {value}")
        return f"{self.say('verdict.assumed')}   {self.say('verdict.listing').join(words)}"


def _is_code(got: object) -> bool:
    return isinstance(got, str) and got.islower() and got.isidentifier()
