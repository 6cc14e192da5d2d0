"""Templates for new questions: files of the bank, with comments in both languages."""

from __future__ import annotations

from importlib.resources import files

from question_bank.kinds import KINDS
from question_bank.text import Language


def names() -> tuple[str, ...]:
    """What there are templates for: every kind, and a set."""
    return (*KINDS, "set")


def template(name: str, language: Language) -> str:
    """The template in ``language``: lines ``#en`` and ``#ja`` are its comments.

    Raises ``KeyError`` for an unknown name.
    """
    if name not in names():
        raise KeyError(name)
    file = files("question_bank") / "templates" / f"{name}.yaml"
    other = "#ja" if language == "en" else "#en"
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.lstrip().startswith(other):
            lines.append(line.replace(f"#{language}", "#", 1))
    return "\n".join(lines)
