"""A report on an item that is wrong, filled in; and an item with its verdict as text to copy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drills.locale import text
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.grading.base import View
    from drills.session import Session
    from drills.verdict import Verdict
    from question_bank.model import Bank


@dataclass(frozen=True)
class About:
    """What was asked, by name: all that is needed to see the same question again."""

    name: str
    kind: str
    face: str = "typed"
    hash: str = ""
    seed: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    place: str = ""


def report(
    about: About, view: View, answer: str, verdict: Verdict | None, language: Language
) -> str:
    """The text of an issue about an item, with a place for what is wrong."""
    from engine import __version__

    def said(key: str, **values: object) -> str:
        return text(f"report.{key}", **values).in_(language)

    facts = [
        said("item", name=about.name, kind=about.kind, face=about.face),
        *([said("version", hash=about.hash)] if about.hash else []),
        said("program", version=__version__, language=language),
        *([said("seed", seed=about.seed)] if about.seed is not None else []),
        *([said("values", values=_json(dict(about.values)))] if about.values else []),
        *([said("order", order=_json(list(about.order)))] if about.order else []),
        *([said("place", place=about.place)] if about.place else []),
    ]
    parts = [
        f"# {said('heading', name=about.name)}",
        "\n".join(f"- {fact}" for fact in facts),
        f"## {said('wrong')}",
        said("write_here"),
        f"## {said('presented')}",
        item_text(view),
        f"## {said('answer')}",
        _fenced(answer) if answer.strip() else said("no_answer"),
        f"## {said('verdict')}",
        verdict_text(verdict, language) if verdict is not None else said("not_judged"),
    ]
    return "\n\n".join(parts) + "\n"


def about_item(item: Any, presentation: Any) -> About:
    """What names an item as it was presented."""
    return About(
        item.id,
        item.kind,
        presentation.face,
        item.hash,
        presentation.seed,
        presentation.values,
        tuple(presentation.order),
        str(item.place),
    )


def report_of(session: Session, bank: Bank, language: Language) -> str:
    """The report on the current item of a session."""
    from drills.grading import grader_for

    item, shown = session.item, session.presentation
    view = grader_for(item.kind, bank).view(item, shown, language)
    return report(about_item(item, shown), view, session.draft, session.verdict, language)


def item_text(view: View) -> str:
    """An item as it was presented, in Markdown."""
    parts = [
        block.text if block.kind == "prose" else _fenced(block.text) for block in view.material
    ]
    for column in (view.options, view.right):
        if column:
            parts.append("\n".join(f"- {label}: {line}" for label, line in column))
    return "\n\n".join(parts)


def verdict_text(verdict: Verdict, language: Language) -> str:
    """The verdict in words, with the codes of its mistakes."""
    return "\n".join(_verdict_lines(verdict, language))


def _verdict_lines(verdict: Verdict, language: Language) -> Iterator[str]:
    yield text(f"verdict.outcome.{verdict.outcome}").in_(language)
    if verdict.mistakes:
        codes = ", ".join(one.code for one in verdict.mistakes)
        yield text("report.mistakes", codes=codes).in_(language)
    if verdict.reading:
        yield text("report.read_as", reading=verdict.reading).in_(language)
    yield verdict.feedback.in_(language)


def task_text(view: View, answer: str, verdict: Verdict | None, language: Language) -> str:
    """Item, answer and verdict, as they are copied."""
    parts = [item_text(view)]
    if answer.strip():
        parts += [f"{text('report.answer').in_(language)}:", _fenced(answer)]
    if verdict is not None:
        parts.append(verdict_text(verdict, language))
    return "\n\n".join(parts) + "\n"


def save_report(home: Path, name: str, stamp: str, content: str) -> Path:
    """Write a report into the home's folder of reports; never over another. Raises ``OSError``."""
    folder = home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name)
    for number in range(1, 1000):
        path = folder / (f"{safe}-{stamp}.md" if number == 1 else f"{safe}-{stamp}-{number}.md")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(str(folder))


def _fenced(lines: str) -> str:
    """Lines kept as they are, whatever backticks stand in them."""
    fence = "```"
    while fence in lines:
        fence += "`"
    return f"{fence}\n{lines}\n{fence}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
