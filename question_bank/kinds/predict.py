"""``predict``: what does a run show? Options, or a band around a number, held against records.

The key rests on the recorded figures of replicated runs; an item names them and states what they
are. ``experiment`` and ``settings`` are what the lab opens with, to see it happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from question_bank.forms import (
    KEBAB,
    PROSE,
    TEXT,
    TRUTH,
    Fields,
    ListOf,
    Literal,
    Log,
    Named,
    Number,
    Record,
    Words,
    optional,
    required,
)
from question_bank.kinds import choice
from question_bank.kinds.choice import ChoiceBody, Option

_LARGEST: Final = 1e12


@dataclass(frozen=True)
class Other:
    """The same figure of another run, to compare with."""

    run: str
    figure: str | None = None


@dataclass(frozen=True)
class Statement:
    """What is said of one recorded figure; all that is given must hold."""

    run: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None
    above: Other | None = None
    below: Other | None = None


@dataclass(frozen=True)
class Prediction:
    """One option and what it states; an option holds if all its statements do."""

    option: Option
    states: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Band:
    """A number to predict: right within ``within`` of ``answer``, the recorded figure."""

    run: str
    figure: str
    answer: float
    within: float


@dataclass(frozen=True)
class PredictBody:
    """Either ``options`` or a ``band``."""

    experiment: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Prediction, ...] = ()
    several: bool = False
    band: Band | None = None

    def as_choice(self) -> ChoiceBody:
        """The options alone."""
        return ChoiceBody(tuple(entry.option for entry in self.options), self.several)

    def named(self) -> tuple[tuple[str, str, str], ...]:
        """(path, run, figure) of every recorded figure that the item names."""
        found = []
        if self.band is not None:
            found.append(("band", self.band.run, self.band.figure))
        for index, entry in enumerate(self.options):
            for place, state in enumerate(entry.states):
                path = f"options/{index}/states"
                if len(entry.states) > 1:
                    path += f"/{place}"
                found.append((path, state.run, state.figure))
                for name, other in (("above", state.above), ("below", state.below)):
                    if other is not None:
                        found.append((f"{path}/{name}", other.run, other.figure or state.figure))
        return tuple(found)


_NUMBER = Number(-_LARGEST, _LARGEST)
_OTHER = Record(run=required(Words()), figure=optional(KEBAB))
_STATEMENT = Record(
    run=required(Words()),
    figure=required(KEBAB),
    at_least=optional(_NUMBER),
    at_most=optional(_NUMBER),
    above=optional(_OTHER),
    below=optional(_OTHER),
)
_OPTION = Record(
    text=required(TEXT),
    right=optional(TRUTH),
    why=optional(PROSE),
    mistake=optional(KEBAB),
    fixed=optional(TRUTH),
    states=optional(ListOf(_STATEMENT, least=1, most=6, single=True)),
)

FACES = ("choice", "typed")
FORM = Record(
    experiment=required(KEBAB),
    settings=optional(Named(Literal(references=False), r"[a-z][a-z_]*")),
    options=optional(ListOf(_OPTION, least=2, most=8)),
    several=optional(TRUTH),
    band=optional(
        Record(
            run=required(Words()),
            figure=required(KEBAB),
            answer=required(_NUMBER),
            within=required(Number(0.0, _LARGEST)),
        )
    ),
)


def parse(fields: Fields, log: Log) -> PredictBody | None:
    """The body of a cleanly read form; it has either options or a band."""
    experiment, settings = fields["experiment"], fields.get("settings", {})
    if ("options" in fields) == ("band" in fields):
        log.report(fields.place, "options-or-band")
        return None
    if "band" in fields:
        band = fields["band"]
        made = Band(band["run"], band["figure"], band["answer"], band["within"])
        return PredictBody(experiment, settings, band=made)
    options = choice.parse(fields, log)
    states = [
        tuple(_statement(state, log) for state in option.get("states", ()))
        for option in fields["options"]
    ]
    made_options = tuple(
        Prediction(option, said) for option, said in zip(options.options, states, strict=True)
    )
    return PredictBody(experiment, settings, made_options, options.several)


def _statement(state: Fields, log: Log) -> Statement:
    said = ("at_least", "at_most", "above", "below")
    if not any(name in state for name in said):
        log.report(state.place, "states-nothing")
    others = {
        name: Other(state[name]["run"], state[name].get("figure"))
        for name in ("above", "below")
        if name in state
    }
    return Statement(
        state["run"], state["figure"], state.get("at_least"), state.get("at_most"), **others
    )
