"""``order``: steps to bring into the right order, with the reason of each precedence."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.forms import (
    PROSE,
    TEXT,
    Fields,
    Integer,
    ListOf,
    Log,
    Record,
    optional,
    required,
)
from question_bank.problems import LANGUAGE_NAMES
from question_bank.text import LANGUAGES, Text


@dataclass(frozen=True)
class Because:
    """Why step ``before`` comes before step ``after``; positions in the right order, from 0."""

    before: int
    after: int
    why: Text


@dataclass(frozen=True)
class OrderBody:
    """``steps`` in a right order. Two steps that form a pair in ``free`` may stand either way
    round; every other pair keeps its order, and ``because`` says why (directly or in a chain)."""

    steps: tuple[Text, ...]
    because: tuple[Because, ...] = ()
    free: tuple[tuple[int, ...], ...] = ()

    def bound(self) -> list[tuple[int, int]]:
        """The pairs (earlier, later) that must keep their order."""
        free = {(min(pair), max(pair)) for pair in self.free}
        count = len(self.steps)
        pairs = ((i, j) for i in range(count) for j in range(i + 1, count))
        return [pair for pair in pairs if pair not in free]


_POSITION = Integer(0, 25)
FACES = ("order",)
FORM = Record(
    steps=required(ListOf(Record(text=required(TEXT)), least=3, most=10)),
    because=optional(
        ListOf(Record(before=required(_POSITION), after=required(_POSITION), why=required(PROSE)))
    ),
    free=optional(ListOf(ListOf(_POSITION, least=2, most=2))),
)


def parse(fields: Fields, log: Log) -> OrderBody:
    """The body of a cleanly read form; reports pairs that nothing explains."""
    steps = tuple(step["text"] for step in fields["steps"])
    because = tuple(
        Because(entry["before"], entry["after"], entry["why"])
        for entry in fields.get("because", ())
    )
    body = OrderBody(steps, because, fields.get("free", ()))
    last = len(steps) - 1
    before_problems = len(log.problems)
    for entry, place in zip(because, (e.place for e in fields.get("because", ())), strict=True):
        if max(entry.before, entry.after) > last:
            found = max(entry.before, entry.after)
            log.report(place, "step-number", found=found, last=last)
        elif entry.before >= entry.after:
            log.report(place, "step-direction", before=entry.before, after=entry.after)
    for pair in body.free:
        if max(pair) > last:
            log.report(fields.at("free"), "step-number", found=max(pair), last=last)
        elif pair[0] == pair[1]:
            log.report(fields.at("free"), "repeated", name=pair[0])
    if len(log.problems) == before_problems:
        _report_unexplained(body, fields, log)
    for language in LANGUAGES:
        shown = [step.in_(language) for step in steps]
        for index, step in enumerate(shown):
            if step in shown[:index]:
                place = fields["steps"][index].place
                log.report(place, "same-option", language=LANGUAGE_NAMES[language])
    return body


def _report_unexplained(body: OrderBody, fields: Fields, log: Log) -> None:
    bound = set(body.bound())
    direct = {(entry.before, entry.after) for entry in body.because}
    for before, after in sorted(direct - bound):
        log.report(fields.at("free"), "free-and-because", before=before, after=after)
    # Reachability: later[i] are the steps that a chain of reasons puts after step i.
    count = len(body.steps)
    later: list[set[int]] = [set() for _ in range(count)]
    for i in reversed(range(count)):
        for before, after in direct:
            if before == i:
                later[i] |= {after} | later[after]
    for before, after in sorted(bound):
        # Where a step between would explain it, that gap is the one to report.
        between = range(before + 1, after)
        implied = any((before, k) in bound and (k, after) in bound for k in between)
        if after not in later[before] and not implied:
            log.report(fields.at("steps"), "step-unexplained", before=before, after=after)
