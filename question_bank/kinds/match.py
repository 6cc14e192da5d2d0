"""``match``: left sides to pair with right sides; extra right sides match nothing."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.computing import CLAIM, Claim, claim_from
from question_bank.forms import PROSE, TEXT, Fields, ListOf, Log, Record, optional, required
from question_bank.problems import LANGUAGE_NAMES
from question_bank.text import LANGUAGES, Text


@dataclass(frozen=True)
class Pair:
    """A left side and its partner; several left sides may have the same partner.

    ``claim``: what the left side computes to, and what the right side says that it is.
    """

    left: Text
    right: Text
    why: Text
    claim: Claim | None = None


@dataclass(frozen=True)
class Extra:
    """A right side that matches nothing, and why."""

    right: Text
    why: Text


@dataclass(frozen=True)
class MatchBody:
    """The pairs in the author's order."""

    pairs: tuple[Pair, ...]
    extra: tuple[Extra, ...] = ()

    def right_sides(self) -> tuple[Text, ...]:
        """The right sides, each once: partners first, then the extra ones."""
        partners = dict.fromkeys(pair.right for pair in self.pairs)
        return (*partners, *(entry.right for entry in self.extra))


FACES = ("match",)
FORM = Record(
    pairs=required(
        ListOf(
            Record(
                left=required(TEXT),
                right=required(TEXT),
                why=required(PROSE),
                claim=optional(CLAIM),
            ),
            least=2,
            most=9,
        )
    ),
    extra=optional(ListOf(Record(right=required(TEXT), why=required(PROSE)), most=4)),
)


def parse(fields: Fields, log: Log) -> MatchBody:
    """The body of a cleanly read form; reports sides that cannot be told apart."""
    pairs = tuple(
        Pair(p["left"], p["right"], p["why"], claim_from(p["claim"]) if "claim" in p else None)
        for p in fields["pairs"]
    )
    extra = tuple(Extra(e["right"], e["why"]) for e in fields.get("extra", ()))
    body = MatchBody(pairs, extra)
    for language in LANGUAGES:
        name = LANGUAGE_NAMES[language]
        lefts = [pair.left.in_(language) for pair in pairs]
        for index, left in enumerate(lefts):
            if left in lefts[:index]:
                log.report(fields["pairs"][index].place, "same-option", language=name)
        partners = {pair.right.in_(language) for pair in pairs}
        # Two partners that agree in one language only would show one line twice in it.
        if len(partners) < len({pair.right for pair in pairs}):
            log.report(fields.at("pairs"), "same-option", language=name)
        for index, entry in enumerate(extra):
            if entry.right.in_(language) in partners:
                log.report(fields["extra"][index].place, "extra-matches")
    if len({pair.right for pair in pairs}) == 1:
        log.report(fields.at("pairs"), "one-right-side")
    return body
