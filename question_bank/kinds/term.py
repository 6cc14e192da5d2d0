"""``term``: a name to type; accepted spellings, and near ones that mean something else."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.forms import PROSE, Fields, ListOf, Log, Record, Words, optional, required
from question_bank.text import Text


@dataclass(frozen=True)
class Near:
    """Spellings of another thing, and why it is not the one asked for."""

    text: tuple[str, ...]
    why: Text


@dataclass(frozen=True)
class TermBody:
    """Accepted spellings by language (either is accepted in both); the first is the one shown."""

    en: tuple[str, ...]
    ja: tuple[str, ...]
    near: tuple[Near, ...] = ()


_SPELLINGS = ListOf(Words(), least=1, single=True)
FACES = ("typed",)
FORM = Record(
    accept=required(Record(en=required(_SPELLINGS), ja=required(_SPELLINGS))),
    near=optional(ListOf(Record(text=required(_SPELLINGS), why=required(PROSE)))),
)


def parse(fields: Fields, log: Log) -> TermBody:
    """The body of a cleanly read form; reports spellings that stand twice in one list."""
    accept = fields["accept"]
    near = fields.get("near", ())
    for spellings in (accept["en"], accept["ja"], *(entry["text"] for entry in near)):
        for index, spelling in enumerate(spellings):
            if spelling in spellings[:index]:
                log.report(fields.at("accept"), "repeated", name=spelling)
    return TermBody(
        accept["en"], accept["ja"], tuple(Near(entry["text"], entry["why"]) for entry in near)
    )
