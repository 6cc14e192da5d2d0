"""A mock exam line by line: no drawing, so that screen readers and pipes can use it.

A letter answers and goes on, a number goes to that question, a colon begins a command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from drills.calculator import CalculatorError, calculate, shown
from drills.cli.console import print_json, say, table, terminal_width
from drills.cli.verdicts import verdict_lines
from drills.cli.views import view_lines
from drills.exam import Exam
from drills.exam_marking import exam_view
from drills.exam_report import ExamReport, minutes, section_name
from drills.exam_review import look_again
from drills.locale import text
from drills.typography import normalise, wrap
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Bank

# Each may be shortened; of two that begin alike the first is meant.
COMMANDS: Final = (
    "next",
    "previous",
    "flag",
    "guess",
    "clear",
    "overview",
    "calc",
    "note",
    "time",
    "hand",
    "language",
    "quit",
)


class _Left(Exception):  # noqa: N818 (the end of input is no error)
    """The end of input: the exam stays as it is, with its clock stopped."""


class PlainExam:
    """One exam on stdin and stdout."""

    def __init__(
        self, exam: Exam, bank: Bank, language: Language, *, as_json: bool = False
    ) -> None:
        self.exam = exam
        self.bank = bank
        self.language: Language = language
        self.as_json = as_json
        self._sure = False  # handing in was asked for once although something is open

    def run(self, *, resumed: bool) -> None:
        """Ask until the exam is handed in, by hand or by the clock, or the input ends."""
        exam = self.exam
        if not exam.finished:
            key = "cli.exam.resumed" if resumed else "cli.exam.begin"
            time = exam.remaining if resumed else exam.seconds
            self._say(text(key, count=len(exam.questions), time=minutes(time)))
            self._say(text("cli.exam.commands"))
        try:
            self._present()
            while not exam.finished:
                self._one(self._read())
        except _Left:
            exam.pause()
            self._say(text("cli.exam.kept", time=minutes(exam.remaining)))
            return
        report = exam.report()
        if self.as_json:
            print_json({"report": report.to_json()})
            return
        self._print_report(report)
        self._review(report)

    # The exam

    def _one(self, line: str) -> None:
        """What one line asks for."""
        typed = normalise(line).strip()
        sure, self._sure = self._sure, False
        if typed.startswith(":") or typed == "?":
            self._command(typed.lstrip(":").strip(), sure)
        elif typed.upper() in ("A", "B", "C", "D"):
            if self.exam.choose(typed.upper()):
                self._on()
        elif typed.isdecimal() and 1 <= int(typed) <= len(self.exam.questions):
            self._go(int(typed) - 1)
        elif not typed:
            if self.exam.tick():
                self._on()
        else:
            self._say(text("cli.exam.form", last=len(self.exam.questions)))

    def _command(self, command: str, sure: bool) -> None:
        word, _, rest = command.partition(" ")
        name = next((c for c in COMMANDS if word and c.startswith(word.lower())), None)
        actions: dict[str, Callable[[], object]] = {
            "next": self._on,
            "previous": lambda: self._go(max(0, self.exam.position - 1)),
            "flag": lambda: self._mark("flagged", self.exam.flag()),
            "guess": lambda: self._mark("guessed", self.exam.guess()),
            "clear": self._clear,
            "overview": self._overview,
            "calc": lambda: self._calculate(rest),
            "note": lambda: self._note(rest),
            "time": lambda: self._say(self._time()),
            "hand": lambda: self._hand_in(sure),
            "language": self._switch,
            "quit": self._quit,
        }
        if word in ("", "?", "help"):
            self._say(text("cli.exam.help"))
        elif name is None:
            self._say(text("cli.plain.unknown", command=word))
        else:
            actions[name]()

    def _on(self) -> None:
        """To the next question; behind the last one to the overview."""
        if self.exam.position + 1 < len(self.exam.questions):
            self._go(self.exam.position + 1)
        else:
            self._overview()
            self._say(text("cli.exam.last"))

    def _go(self, position: int) -> None:
        if self.exam.go(position):
            self._present()

    def _mark(self, name: str, in_time: bool) -> None:
        if in_time:
            on = getattr(self.exam.question, name)
            self._say(text(f"cli.exam.{name}.{'on' if on else 'off'}"))

    def _clear(self) -> None:
        if self.exam.choose(""):
            self._say(text("cli.exam.cleared"))

    def _switch(self) -> None:
        self.language = "en" if self.language == "ja" else "ja"
        self._present()

    def _quit(self) -> None:
        raise _Left

    def _hand_in(self, sure: bool) -> None:
        exam = self.exam
        flagged = sum(question.flagged for question in exam.questions)
        unanswered = len(exam.questions) - exam.answered
        if sure or not (flagged or unanswered):
            exam.hand_in()
            return
        self._sure = True
        self._say(text("cli.exam.sure", unanswered=unanswered, flagged=flagged))

    def _calculate(self, expression: str) -> None:
        try:
            self._say(Text(*[f"= {shown(calculate(expression))}"] * 2))
        except CalculatorError as error:
            self._say(error.message)

    def _note(self, note: str) -> None:
        if note and not self.exam.write_note(f"{self.exam.note}\n{note}".strip()):
            return
        kept = self.exam.note or text("cli.exam.no_note").in_(self.language)
        self._say(Text(kept, kept))

    def _overview(self) -> None:
        if self.as_json:
            print_json({"overview": [self._state(n) for n in range(len(self.exam.questions))]})
            return
        cells = [self._cell(number) for number in range(len(self.exam.questions))]
        say("", *table([cells[start : start + 10] for start in range(0, len(cells), 10)], 2))
        self._say(text("cli.exam.legend"))
        self._say(self._time())

    def _cell(self, number: int) -> str:
        question = self.exam.questions[number]
        marks = "*" * question.flagged + "?" * question.guessed
        return f"{number + 1:>3} {question.answer or '-'}{marks:<2}"

    def _state(self, number: int) -> dict[str, object]:
        question = self.exam.questions[number]
        return {
            "number": number + 1,
            "answer": question.answer,
            "flagged": question.flagged,
            "guessed": question.guessed,
        }

    def _time(self) -> Text:
        exam = self.exam
        return text(
            "cli.exam.time",
            time=minutes(exam.remaining),
            answered=exam.answered,
            count=len(exam.questions),
        )

    def _present(self) -> None:
        exam = self.exam
        if exam.finished:
            return
        view = exam.view(self.language)
        part = exam.part_of_set()
        if self.as_json:
            print_json(
                self._state(exam.position)
                | {
                    "of": len(exam.questions),
                    "seconds_left": round(exam.remaining),
                    "item": exam.item.id,
                    "part_of_set": part,
                    "material": [{"kind": b.kind, "text": b.text} for b in view.material],
                    "options": [{"label": label, "text": body} for label, body in view.options],
                }
            )
            return
        head = [text("cli.exam.place", number=exam.position + 1, of=len(exam.questions))]
        if part:
            head.append(text("cli.exam.part", part=part[0], parts=part[1]))
        head.append(text("cli.exam.left", time=minutes(exam.remaining)))
        if exam.question.answer:
            head.append(text("cli.exam.answer", letter=exam.question.answer))
        head += [
            text(f"cli.exam.{name}.word")
            for name in ("flagged", "guessed")
            if getattr(exam.question, name)
        ]
        say("", " · ".join(part.in_(self.language) for part in head), "", *view_lines(view), "")

    # The end

    def _print_report(self, report: ExamReport) -> None:
        say("")
        if self.exam.trouble:
            self._say(self.exam.trouble)
        for line in report.lines():
            self._say(line)
        rows = [
            (
                section_name(score.section).in_(self.language),
                f"{score.right} / {score.of}",
                text("cli.exam.sure_of", sure=score.sure).in_(self.language),
            )
            for score in report.sections
        ]
        say("", *table(rows, 2))
        if report.mistakes:
            say("", text("cli.exam.mistakes").in_(self.language))
            for code, count in report.mistakes:
                known = self.bank.mistakes.get(code)
                name = known.name.in_(self.language) if known else code
                say(f"  {count}  {name}")
        say("", *table([self._row(report, n) for n in range(len(report.results))], 2))

    def _row(self, report: ExamReport, number: int) -> list[str]:
        result = report.results[number]
        return [
            f"{result.number:>3}",
            result.answer or "-",
            text(f"cli.exam.state.{result.state}").in_(self.language),
            text("cli.exam.guessed.word").in_(self.language) if result.guessed else "",
            f"{result.milliseconds // 1000} s",
            result.item,
        ]

    def _review(self, report: ExamReport) -> None:
        """Any question again, with its explanation, until an empty line or the end of input."""
        self._say(text("cli.exam.review"))
        try:
            while typed := normalise(self._read()).strip():
                if typed.isdecimal() and 1 <= int(typed) <= len(report.results):
                    self._look(int(typed) - 1)
                else:
                    self._say(text("exam.no_question", last=len(report.results)))
        except _Left:
            return

    def _look(self, number: int) -> None:
        from drills.grading import grader_for

        found = look_again(self.bank, self.exam.record(), number)
        if found is None:
            self._say(text("cli.exam.gone"))
            return
        grader = grader_for(found.item.kind, self.bank)
        say("", *view_lines(exam_view(found.item, found.presentation, grader, self.language)), "")
        if found.verdict is None:
            self._say(text("cli.exam.state.unanswered"))
        else:
            say(*verdict_lines(found.verdict, self.language, found.answer))
        if found.verdict is None or not found.verdict.right:
            self._say(text("cli.exam.solution", answer=found.solution.in_(self.language)))
            self._say(found.explanation)

    def _read(self) -> str:
        if not self.as_json:
            sys.stdout.write("> ")
            sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise _Left
        return line.rstrip("\n")

    def _say(self, message: Text) -> None:
        if self.as_json:
            print_json({"message": message.in_(self.language)})
        else:
            say(*wrap(message.in_(self.language), terminal_width()))
