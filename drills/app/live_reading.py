"""How a formula reads while it is being typed: lines to draw, or what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.formulas.trouble import Trouble

INDENT: Final = "   "


@dataclass(frozen=True)
class LiveReading:
    """``lines`` in two dimensions, or ``trouble`` with the place in the typed text."""

    text: str
    lines: tuple[str, ...] = ()
    notation: str = ""
    trouble: Text | None = None
    span: tuple[int, int] | None = None


def read_live(typed: str, width: int, model: str = "rnn") -> LiveReading:
    """The reading of what has been typed so far, in the notation that it is written in.

    For a thread: the grammar takes a moment.
    """
    if not typed.strip():
        return LiveReading(typed)
    from engine.formulas.models.static import model_named
    from engine.formulas.notations import notations
    from engine.formulas.reading import read
    from engine.formulas.rendering import display

    asked = model_named(model)
    reading = read(typed, None, asked)
    if reading.trouble is not None:
        return LiveReading(typed, trouble=trouble_text(reading.trouble), span=reading.trouble.span)
    lines: list[str] = []
    for equation in reading.equations:
        lines += display(equation, width, notations(asked)[reading.notation])
    return LiveReading(typed, tuple(lines), reading.notation)


def trouble_text(trouble: Trouble) -> Text:
    """What is in the way, with what could stand there or the nearest names."""
    from drills.grading.formula_feedback import expected_words

    try:
        said = text(f"formula.reason.{trouble.code}")
    except KeyError:
        said = text("formula.reason.other", code=trouble.code)
    expected = expected_words(trouble.expected)
    near = ", ".join(trouble.nearest)
    nearest = text("formula.reason.nearest", names=near) if near else Text("", "")
    return Text(
        *(
            sentence.replace("{found}", trouble.found)
            .replace("{expected}", words)
            .replace("{nearest}", names)
            for sentence, words, names in (
                (said.en, expected.en, nearest.en),
                (said.ja, expected.ja, nearest.ja),
            )
        )
    )
