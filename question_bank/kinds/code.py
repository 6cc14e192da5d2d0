"""``code``: an exercise to fill in, by typing or by choosing, or one whose bug is to be found."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.forms import SLASHED, Fields, Log, OneOf, Record, Words, optional, required


@dataclass(frozen=True)
class CodeBody:
    """``form`` is typed (fill the blanks), choice (which of four belongs in ``blank``; drawn anew
    each time if none is named) or bug (mend the named bug)."""

    exercise: str
    form: str = "typed"
    bug: str | None = None
    blank: str | None = None


FACES = ("typed", "choice", "bug")
FORM = Record(
    exercise=required(SLASHED),
    form=optional(OneOf(FACES)),
    bug=optional(Words(r"[A-Za-z0-9_-]+")),
    blank=optional(Words(r"[a-z]")),
)


def parse(fields: Fields, log: Log) -> CodeBody:
    """The body of a cleanly read form; the form ``bug`` names its bug, the other has none."""
    body = CodeBody(
        fields["exercise"], fields.get("form", "typed"), fields.get("bug"), fields.get("blank")
    )
    if body.form == "bug" and body.bug is None:
        log.report(fields.place, "bug-missing")
    elif body.form != "bug" and body.bug is not None:
        log.report(fields.at("bug"), "bug-unwanted")
    return body
