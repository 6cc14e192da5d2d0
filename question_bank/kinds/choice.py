"""``choice``: options, of which one is right, or several; every wrong one says why it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.computing import CLAIM, Claim, claim_from
from question_bank.forms import KEBAB, PROSE, TEXT, TRUTH, Fields, ListOf, Log, Record, optional
from question_bank.forms import required as need
from question_bank.problems import LANGUAGE_NAMES
from question_bank.text import LANGUAGES, Text


@dataclass(frozen=True)
class Option:
    """One option. ``fixed`` keeps it last ("none of these"); ``claim`` is what it states."""

    text: Text
    right: bool = False
    why: Text | None = None
    mistake: str | None = None
    fixed: bool = False
    claim: Claim | None = None


@dataclass(frozen=True)
class ChoiceBody:
    """The options in the author's order."""

    options: tuple[Option, ...]
    several: bool = False


FACES = ("choice",)
FORM = Record(
    options=need(
        ListOf(
            Record(
                text=need(TEXT),
                right=optional(TRUTH),
                why=optional(PROSE),
                mistake=optional(KEBAB),
                fixed=optional(TRUTH),
                claim=optional(CLAIM),
            ),
            least=2,
            most=8,
        )
    ),
    several=optional(TRUTH),
)


def parse(fields: Fields, log: Log) -> ChoiceBody:
    """The body of a cleanly read form; reports what is wrong with it as a whole."""
    for option in fields["options"]:
        if option.get("right", False):
            if "mistake" in option:
                log.report(option.at("mistake"), "right-with-mistake")
        elif "why" not in option:
            log.report(option.place, "wrong-without-why")
    options = tuple(
        Option(
            option["text"],
            option.get("right", False),
            option.get("why"),
            option.get("mistake"),
            option.get("fixed", False),
            claim_from(option["claim"]) if "claim" in option else None,
        )
        for option in fields["options"]
    )
    several = fields.get("several", False)
    right = sum(option.right for option in options)
    place = fields.at("options")
    if right == 0:
        log.report(place, "no-right-option")
    elif right == len(options):
        log.report(place, "all-right")
    elif right > 1 and not several:
        log.report(place, "several-right", number=right)
    elif several and right == 1:
        log.report(fields.at("several"), "not-several", number=right)
    for language in LANGUAGES:
        seen: set[str] = set()
        for option, read in zip(options, fields["options"], strict=True):
            if option.text.in_(language) in seen:
                log.report(read.place, "same-option", language=LANGUAGE_NAMES[language])
                break
            seen.add(option.text.in_(language))
    return ChoiceBody(options, several)
