"""Which formulas of notes claim something of a target, and whether that is right.

Precision first. A formula that is right is one of ours whatever page it stands on. One that is not
may be a right formula about something else (``y = Wx + b`` of a layer without time), so it is a
claim only if it speaks of time steps as ours do, shares most of the symbols of the right answer,
and is told apart from it by few known mistakes. Of optimisers, scores and losses there are so many
variants that just one mistake is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from drills.notes.formulas import Formula, formulas
from drills.notes.text import Source
from drills.verdict import Verdict

if TYPE_CHECKING:
    from engine.formulas.judge import Judgement
    from engine.formulas.models import Model
    from engine.formulas.targets import Target
    from question_bank.model import MistakeText

MOST_MISTAKES: Final = 3
LEAST_SHARED: Final = 0.5
_CLAIMS: Final = re.compile(r"[^\s&]\s*&?\s*(?:=|←|:=|<-|\\leftarrow|\\gets|≔|\\propto)")
_LINEAR: Final = re.compile(
    r"identity (?:map|function|activation)|linear (?:activation|rnn|network)"
    r"|恒等|線形の?(?:活性|RNN)",
    re.IGNORECASE,
)
# Steps in time; a letter like l or k may count layers or units.
_TIMES: Final = frozenset({"t", "T", "T_t", "tau"})
_LOSSES: Final = (("loss", "sequence"), ("loss", "step"), ("scope", "one-step"))


@dataclass(frozen=True)
class Claim:
    """A formula that states a target, where it stands (from 1), and the verdict on it."""

    line: int
    column: int
    formula: str
    verdict: Verdict


def claims(
    source: Source,
    mistakes: Mapping[str, MistakeText],
    *,
    latex: bool = False,
    notation: str | None = None,
    stated: Mapping[str, str] | None = None,
) -> Iterator[Claim]:
    """Every claim in some notes, in their order. Nothing is raised for what stands in them."""
    from drills.grading.formula_feedback import verdict_of

    found = formulas(source, latex)
    for one in found:
        judgement = _judged(one.text, notation, stated)
        if judgement is not None and judgement.outcome == "wrong":
            together = [other for other in found if other.group == one.group]
            judgement = _in_its_system(judgement, one, together, notation, stated)
            judgement = _as_the_text_says(judgement, one, source, notation, stated)
        if judgement is None or not _is_claim(one.text, judgement, notation):
            continue
        line, column = source.place(one.start)
        yield Claim(
            line,
            column,
            one.written.replace("\r\n", "\n"),
            verdict_of(judgement, mistakes, stated),
        )


def _judged(text: str, notation: str | None, stated: Mapping[str, str] | None) -> Judgement | None:
    """The judgement of a text that may claim something."""
    from engine.formulas.judge import judge

    if not _CLAIMS.search(text):
        return None
    return judge(text, notation=notation, stated=stated)


def _in_its_system(
    judgement: Judgement,
    one: Formula,
    together: Sequence[Formula],
    notation: str | None,
    stated: Mapping[str, str] | None,
) -> Judgement:
    """The judgement of a row with the rows above it, which may define what it uses."""
    rows = together[: together.index(one) + 1]
    if len(rows) < 2:
        return judgement
    whole = _judged("\n".join(row.text for row in rows), notation, stated)
    if whole is not None and whole.outcome in {"correct", "correct_elsewhere"}:
        return whole
    return judgement


def _as_the_text_says(
    judgement: Judgement,
    one: Formula,
    source: Source,
    notation: str | None,
    stated: Mapping[str, str] | None,
) -> Judgement:
    """The judgement of a formula without an activation in a text about a linear network."""
    codes = {mistake.code for mistake in judgement.mistakes}
    if judgement.outcome != "wrong" or "activation-dropped" not in codes:
        return judgement
    if not _LINEAR.search(source.text):
        return judgement
    again = _judged(one.text, notation, {**(stated or {}), "activation": "identity"})
    if again is not None and again.outcome in {"correct", "correct_elsewhere"}:
        return again
    return judgement


def _is_claim(text: str, judgement: Judgement, notation: str | None) -> bool:
    if judgement.target is None or judgement.outcome in {"undecided", "not_understood"}:
        return False
    if judgement.outcome == "incomplete":
        # W ← W - η ∂E/∂W is true of every network: it claims nothing of this one.
        return judgement.reason == "limits-missing"
    if judgement.outcome != "wrong":
        return True
    return _resembles(text, judgement, notation)


def _resembles(text: str, judgement: Judgement, notation: str | None) -> bool:
    """Whether a wrong formula is a wrong one of its target rather than one of something else."""
    from engine.formulas.reading import read
    from engine.formulas.targets import TARGETS
    from engine.formulas.tree import Symbol, walk

    codes = {mistake.code for mistake in judgement.mistakes}
    if not codes or codes <= {"shape-wrong", "index-outside-run"} or len(codes) > MOST_MISTAKES:
        return False
    target = TARGETS[str(judgement.target)]
    reading = read(text, notation, target.model)
    if not any(len(equation.links) > 1 for equation in reading.equations):
        return False  # a lone right-hand side does not say what it is of
    nodes = [
        node
        for equation in reading.equations
        for link in equation.links[1:] or equation.links
        for node in walk(link)
    ]
    used = {node.name for node in nodes if isinstance(node, Symbol)}
    if not any(len(used & answer) / len(answer) >= LEAST_SHARED for answer in _symbols(target)):
        return False
    if not _is_cell(target.model):
        # A variant of an optimiser, another score, another loss: right where it stands.
        return len(used) > 1 and len(judgement.mistakes) == 1 and "term-added" not in codes
    steps = {
        name
        for equation in reading.equations
        for node in walk(equation)
        if isinstance(node, Symbol)
        for index in (node.time, node.outer)
        for name in (index.variables if index else ())
    }
    return bool(steps & _TIMES)


def _is_cell(model: Model) -> bool:
    """Whether a model is a network over time with weights of its own."""
    return bool(model.recurrent() and model.parameters and getattr(model, "differentiated", True))


@lru_cache(maxsize=512)
def _symbols(target: Target) -> tuple[frozenset[str], ...]:
    """The symbols of the answers to a target, under the conventions that change which there are."""
    from engine.formulas.conventions import Convention
    from engine.formulas.tree import Symbol, walk

    conventions = [Convention(), *(Convention(**{key: value}) for key, value in _LOSSES)]
    answers = [answer for one in conventions for answer in target.answers(one)]
    found = (
        frozenset(node.name for node in walk(answer) if isinstance(node, Symbol))
        for answer in answers
    )
    return tuple(dict.fromkeys(names for names in found if names))
