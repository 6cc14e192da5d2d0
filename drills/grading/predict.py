"""``predict``: what a run shows, held against recorded figures; the run is a command away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from drills.grading.base import (
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    filled,
    join,
    surroundings,
    verdict,
)
from drills.grading.choice import ChoiceGrader
from drills.grading.values import NotUnderstoodError, Number, parse
from drills.locale import text
from drills.verdict import Verdict
from question_bank.kinds.predict import Band, PredictBody, Prediction, Statement
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.experiments.figures import Figure, Row
    from question_bank.model import Item

# How far the author's number may lie from the recorded one, as a part of the band's half width:
# a band is drawn around the figure, not beside it.
CENTRED: Final = 0.1
# A band that takes in more than this is no prediction: half of a share's range, half a number.
WIDEST: Final = 0.25


class PredictGrader(Grader):
    """Options as those of a choice; a number is right within its band."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        if face == "choice":
            return self._choice.present(as_choice(item), face, seed)
        return Presentation(item.id, face, seed)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        if presentation.face == "choice":
            found = self._choice.grade(as_choice(item), presentation, answer)
        else:
            found = self._in_band(item, presentation, answer)
        if not found.judged:
            return found
        return replace(found, feedback=join([found.feedback, lab_line(_body(item))]))

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        if presentation.face == "choice":
            return self._choice.reveal(as_choice(item), presentation)
        shown = _shown(_band(item).answer, _is_share(_band(item)))
        return Text(shown, shown)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        if presentation.face == "choice":
            return self._choice.view(as_choice(item), presentation, language)
        key = "grading.predict.share" if _is_share(_band(item)) else "grading.predict.number"
        return View(
            filled(item.stem, presentation).in_(language),
            prompt=text(key).in_(language),
            **surroundings(item, presentation, language),
        )

    def certify(self, item: Item) -> Certificate:
        body = _body(item)
        problems: list[Text] = []
        recorded = _rows()
        for _, run, figure in body.named():
            found = recorded[run].figures.get(figure) if run in recorded else None
            if found is None:
                problems.append(text("grading.predict.no_figure", run=run, figure=figure))
            elif found.runs < _least_runs():
                problems.append(text("grading.predict.too_few", run=run, runs=found.runs))
        if problems:
            return failed(*problems)
        if body.band is not None:
            problems += _band_problems(body.band, recorded)
        for entry in body.options:
            problems += _option_problems(entry, recorded)
        if body.named():
            problems += _setting_problems(body, recorded)
        if problems:
            return failed(*problems)
        if body.band is not None or all(entry.states for entry in body.options):
            return Certificate("proved")
        return Certificate("sourced" if item.source else "neither")

    @property
    def _choice(self) -> ChoiceGrader:
        return ChoiceGrader(self.bank)

    def _in_band(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        band = _band(item)
        share = _is_share(band)
        try:
            typed = parse(answer, "decimal")
            assert isinstance(typed, Number)
        except NotUnderstoodError as error:
            key = "grading.predict.share" if share else "grading.predict.number"
            reason = join([text(f"grading.numeric.{error.code}"), text(key)])
            return verdict(item, presentation, "not_understood", reason)
        value = typed.value
        # "77" is what most people type for 77 %.
        if typed.percent or (share and value > 1):
            value /= 100
        if share and not 0 <= value <= 1:
            return verdict(item, presentation, "not_understood", text("grading.predict.share"))
        reading = _shown(float(value), share)
        away = value - Fraction(str(band.answer))
        if abs(away) <= Fraction(str(band.within)):
            return verdict(item, presentation, "correct", item.explanation, reading=reading)
        feedback = text("grading.predict.too_high" if away > 0 else "grading.predict.too_low")
        return verdict(item, presentation, "wrong", feedback, reading=reading)


def as_choice(item: Item) -> Item:
    """The same question as one of choice."""
    return replace(item, kind="choice", body=_body(item).as_choice())


def lab_command(body: PredictBody) -> str:
    """The command that runs the item's experiment with its settings."""
    words = ["bptt lab run", body.experiment]
    for name, value in body.settings.items():
        shown = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        words.append(f"--set {name}={shown}")
    return " ".join(words)


def lab_line(body: PredictBody) -> Text:
    """Where to see it happen."""
    return text("grading.predict.see", command=lab_command(body))


def holds(state: Statement, recorded: Mapping[str, Row]) -> bool | None:
    """Whether a statement holds of the recorded figures; None where new runs might change it.

    Both ends of the interval in which a repetition is expected must agree.
    """
    figure = recorded[state.run].figures[state.figure]
    found: list[bool | None] = []
    if state.at_least is not None:
        found.append(_sure(figure.low >= state.at_least, figure.high < state.at_least))
    if state.at_most is not None:
        found.append(_sure(figure.high <= state.at_most, figure.low > state.at_most))
    for other, sign in ((state.above, 1), (state.below, -1)):
        if other is not None:
            beside = recorded[other.run].figures[other.figure or state.figure]
            higher, lower = (figure, beside) if sign > 0 else (beside, figure)
            found.append(_sure(higher.low > lower.high, higher.high <= lower.low))
    if any(value is False for value in found):
        return False
    return None if None in found else True


def _sure(holds: bool, fails: bool) -> bool | None:
    return True if holds else False if fails else None


def _option_problems(entry: Prediction, recorded: Mapping[str, Row]) -> list[Text]:
    """An option that is right states what holds; a wrong one states something that fails."""
    if not entry.states:
        return []
    found = [holds(state, recorded) for state in entry.states]
    true = False if False in found else None if None in found else True
    if true is entry.option.right:
        return []
    key = "unsure" if true is None else "fails" if entry.option.right else "holds"
    template = text(f"grading.predict.{key}", figures=_figures(entry, recorded))
    option = entry.option.text
    return [
        Text(template.en.replace("{option}", option.en), template.ja.replace("{option}", option.ja))
    ]


def _band_problems(band: Band, recorded: Mapping[str, Row]) -> list[Text]:
    figure = recorded[band.run].figures[band.figure]
    shown = _shown(figure.value, figure.share)
    problems = []
    if not abs(figure.value - band.answer) <= CENTRED * band.within:
        problems.append(text("grading.predict.answer_differs", answer=band.answer, value=shown))
    elif not (band.answer - band.within <= figure.low and figure.high <= band.answer + band.within):
        low, high = (_shown(end, figure.share) for end in (figure.low, figure.high))
        problems.append(text("grading.predict.narrow", low=low, high=high))
    if band.within > WIDEST * (1 if figure.share else abs(band.answer)):
        problems.append(text("grading.predict.wide"))
    return problems


def _setting_problems(body: PredictBody, recorded: Mapping[str, Row]) -> list[Text]:
    """The lab must show what was recorded: its settings are those of one of the runs named."""
    from engine.experiments import EXPERIMENTS, ExperimentError

    experiment = EXPERIMENTS.get(body.experiment)
    if experiment is None:
        return [text("grading.resolve.experiment", name=body.experiment)]
    try:
        chosen = experiment.settings(**body.settings)
    except ExperimentError as error:
        return [text("grading.predict.setting", name=error.argument, experiment=body.experiment)]
    differences = []
    for run in dict.fromkeys(run for _, run, _ in body.named()):
        settings = recorded[run].settings
        apart = [
            name
            for name in chosen.keys() & settings.keys()
            if not _same(chosen[name], settings[name])
        ]
        if not apart:
            return []
        differences.append(f"{run} ({', '.join(sorted(apart))})")
    return [text("grading.predict.other_settings", runs="; ".join(differences))]


def _same(chosen: Any, recorded: Any) -> bool:
    """A sweep has several values, of which one is meant; a limit of 0 is none."""
    if isinstance(chosen, tuple):
        return recorded in chosen
    return bool(chosen == recorded) or (recorded is None and chosen == 0)


def _figures(entry: Prediction, recorded: Mapping[str, Row]) -> str:
    return ", ".join(
        f"{state.run} {state.figure} = {described(recorded[state.run].figures[state.figure])}"
        for state in entry.states
    )


def described(figure: Figure) -> str:
    """A figure with its interval and the number of runs."""
    low, high = (_shown(end, figure.share) for end in (figure.low, figure.high))
    return f"{_shown(figure.value, figure.share)} ({low}..{high}, R={figure.runs})"


def _shown(value: float, share: bool) -> str:
    if math.isinf(value):
        return "never"
    return f"{100 * value:.4g} %" if share else f"{value:.4g}"


def _is_share(band: Band) -> bool:
    row = _rows().get(band.run)
    figure = row.figures.get(band.figure) if row else None
    return figure is not None and figure.share


def _rows() -> Mapping[str, Row]:
    from engine.experiments.figures import rows

    return rows()


def _least_runs() -> int:
    from engine.experiments.figures import LEAST_RUNS

    return LEAST_RUNS


def _band(item: Item) -> Band:
    band = _body(item).band
    assert band is not None
    return band


def _body(item: Item) -> PredictBody:
    assert isinstance(item.body, PredictBody)
    return item.body
