"""A session line by line: no drawing, so that screen readers and pipes can use it.

Every line that begins with a colon is a command; anything else is the answer. Code is answered
blank by blank, or line by line where a bug is to be mended.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drills.cli.console import print_json, say, terminal_width
from drills.cli.verdicts import verdict_lines
from drills.cli.views import view_lines
from drills.grading import grader_for
from drills.locale import text
from drills.typography import normalise, wrap
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.session import Session
    from drills.verdict import Verdict
    from question_bank.model import Bank

# Command -> what it is called in the help. Each may be shortened to its first letter.
COMMANDS: Final = ("hint", "guess", "show", "undo", "next", "report", "language", "quit")
_MEND: Final = re.compile(r"\s*(\d+)\s*[:：](.*)", re.DOTALL)


class _InputEnded(Exception):  # noqa: N818 (the end of input is no error)
    """The end of input: the session stays as it is and goes on another time."""


class PlainSession:
    """One session on stdin and stdout."""

    def __init__(
        self, session: Session, bank: Bank, language: Language, *, as_json: bool = False
    ) -> None:
        self.session = session
        self.bank = bank
        self.language: Language = language
        self.as_json = as_json
        self._guessed = False
        self._again = False  # the item is to be presented anew

    def run(self, *, resumed: bool) -> None:
        """Ask until the session is finished, the input ends or the person quits."""
        self._say(text("cli.plain.resumed" if resumed else "cli.plain.begin"))
        self._say(text("cli.plain.commands"))
        try:
            while not self.session.finished:
                self._ask_one()
        except _InputEnded:
            self._say(
                text(
                    "cli.plain.kept",
                    position=self.session.position + 1,
                    length=len(self.session.slots),
                )
            )
            return
        if not self.as_json:
            for line in self.session.summary().lines():
                self._say(line)

    def _ask_one(self) -> None:
        position = self.session.position
        self._present()
        self._guessed = self._again = False
        while not (self.session.finished or self._again) and self.session.position == position:
            line = self._read()
            command = normalise(line).strip()
            if command.startswith(":") or command == "?":
                self._command(command.lstrip(":").strip().lower())
                continue
            verdict = self.session.verdict
            if not command and verdict is not None and verdict.judged:
                self.session.next()
                continue
            if not command:
                continue
            self._answer(line)

    def _answer(self, line: str) -> None:
        answer: str | None = line
        if self.session.item.kind == "code" and self.session.presentation.face != "choice":
            answer = self._code_answer(line)
        if answer is None:
            return
        verdict = self.session.answer(answer, guessed=self._guessed)
        if self.as_json:
            print_json(verdict.to_json(self.language))
        else:
            say(*verdict_lines(verdict, self.language, answer))
        self._offer_next(verdict)

    def _offer_next(self, verdict: Verdict) -> None:
        if verdict.right:
            if self.session.last_on_slot_right:
                self.session.next()
        elif verdict.judged:
            self._tell_page()
            self._say(text("cli.plain.again"))
        else:
            self._say(text("cli.plain.rephrase"))

    def _tell_page(self) -> None:
        """Where the handbook tells more; data has the item, from which a script can go on."""
        from drills.handbook.finding import topic_of_item

        topic = topic_of_item(self.session.item, self.bank)
        if topic is not None and not self.as_json:
            self._say(text("cli.plain.page", page=topic.name))

    def _present(self) -> None:
        item, presentation = self.session.item, self.session.presentation
        view = grader_for(item.kind, self.bank).view(item, presentation, self.language)
        if self.as_json:
            print_json(
                {
                    "position": self.session.position + 1,
                    "of": len(self.session.slots),
                    "item": item.id,
                    "face": presentation.face,
                    "seed": presentation.seed,
                    "set": item.set,
                    "shared": [{"kind": part.kind, "text": part.text} for part in view.shared],
                    "stem": view.stem,
                    "code": view.code,
                    "figure": view.figure,
                    "options": [{"label": label, "text": body} for label, body in view.options],
                    "right": [{"label": label, "text": body} for label, body in view.right],
                }
            )
            return
        say("", f"[{self.session.position + 1}/{len(self.session.slots)}] {item.id}")
        say(*view_lines(view))
        if self.session.draft:
            self._say(text("cli.plain.draft", draft=self.session.draft))
        say("", *wrap(view.prompt, terminal_width()))
        if item.kind == "code" and presentation.face != "choice":
            self._say(text(f"cli.plain.code_{presentation.face}"))

    def _command(self, command: str) -> None:
        if command in ("?", "help", ""):
            self._say(text("cli.plain.help"))
            return
        name = next((known for known in COMMANDS if known.startswith(command)), None)
        if name is None:
            self._say(text("cli.plain.unknown", command=command))
        elif name == "quit":
            raise _InputEnded
        elif name == "hint":
            self._say(self.session.hint() or text("cli.plain.no_hint"))
        elif name == "guess":
            self._guessed = not self._guessed
            self._say(text("cli.plain.guess_on" if self._guessed else "cli.plain.guess_off"))
        elif name == "show":
            self._say(self.session.reveal())
            self._say(text("cli.plain.shown"))
        elif name == "next":
            self._next()
        elif name == "report":
            self._report()
        elif name == "language":
            self.language = "en" if self.language == "ja" else "ja"
            self._again = True
        elif self.session.undo():
            self._say(text("cli.plain.undone"))
            self._again = True
        else:
            self._say(text("cli.plain.nothing_to_undo"))

    def _report(self) -> None:
        """A report on this item, filled in, between two lines to cut along."""
        from drills.report import report_of

        content = report_of(self.session, self.bank, self.language)
        if self.as_json:
            print_json({"report": content})
        else:
            say("", *content.splitlines(), "")

    def _next(self) -> None:
        if self.session.tries or self.session.solution is not None:
            self.session.next()
        else:
            self._say(text("cli.plain.answer_first"))

    def _code_answer(self, first: str) -> str | None:
        """The source that was meant: a file, blanks filled one by one, or lines mended."""
        from drills.grading.code import blank_letters, fill_blanks, mend_lines

        name = normalise(first).strip()
        if name.startswith("file "):
            path = Path(first.strip()[5:].strip()).expanduser()
            try:
                return path.read_text("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                self._say(text("cli.drill.unreadable", file=path, why=error))
                return None
        entry = self.bank.exercises[self.session.item.body.exercise]
        if self.session.presentation.face == "bug":
            return self._mended(
                first, lambda lines: mend_lines(entry, self.session.item.body.bug, lines)
            )
        letters = blank_letters(entry)
        filled = {letters[0]: first.strip()}
        for letter in letters[1:]:
            self._say(text("cli.plain.blank", letter=letter))
            line = self._read_part()
            if line is None:
                return None
            filled[letter] = line.strip()
        return fill_blanks(entry, filled)

    def _mended(self, first: str, mend: object) -> str | None:
        assert callable(mend)
        lines: dict[int, str] = {}
        line = first
        while line.strip():
            match = _MEND.match(line)
            if match is None:
                self._say(text("cli.plain.mend_form"))
                return None
            lines[int(match[1])] = match[2].rstrip("\n")
            self._say(text("cli.plain.mend_more"))
            following = self._read_part()
            if following is None:
                return None
            line = following
        return str(mend(lines))

    def _read_part(self) -> str | None:
        """A further line of an answer; None when it was a command, which ends that answer."""
        line = self._read()
        command = normalise(line).strip()
        if not command.startswith(":"):
            return line
        self._command(command.lstrip(":").strip().lower())
        return None

    def _read(self) -> str:
        if not self.as_json:
            sys.stdout.write("> ")
            sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise _InputEnded
        return line.rstrip("\n")

    def _say(self, message: Text) -> None:
        if self.as_json:
            print_json({"message": message.in_(self.language)})
        else:
            say(*wrap(message.in_(self.language), terminal_width()))
