"""A derivation in words: each step of the engine's as a sentence and formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from drills.grading.formula_words import filled, target_statement
from drills.locale import text
from drills.typography import wrap
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import Notation
    from engine.formulas.steps import Step
    from engine.formulas.targets import Target
    from engine.formulas.tree import Equation, Node

OTHER_WORDS: Final = frozenset({"inserted", "other-form"})


@dataclass(frozen=True)
class Told:
    """One step: its code, a sentence, its formulas on one line each and as drawn on a screen."""

    code: str
    sentence: Text
    formulas: tuple[str, ...]
    drawn: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Derivation:
    """A derivation in one notation and layout, ready to be shown."""

    target: Target
    notation: str
    layout: str
    steps: tuple[Told, ...]

    @property
    def answer(self) -> str:
        """The formula that the derivation ends with, the same in other words left out."""
        own = [one for one in self.steps if one.formulas and one.code not in OTHER_WORDS]
        return own[-1].formulas[0]

    def title(self) -> Text:
        notation = text("steps.notation", name=self.notation)
        layout = text(f"verdict.assumption.layout.{self.layout}")
        statement = target_statement(self.target)
        return filled(text("steps.title"), statement=statement, notation=notation, layout=layout)

    def lines(self, language: Language, width: int = 80) -> list[str]:
        """Numbered sentences with their formulas below, broken to ``width`` cells."""
        lines = wrap(self.title().in_(language), width)
        for number, step in enumerate(self.steps, start=1):
            lines += ["", *step_lines(step, number, language, width)]
        return lines

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "target": self.target.id,
            "statement": target_statement(self.target).in_(language),
            "notation": self.notation,
            "layout": self.layout,
            "steps": [
                {
                    "step": step.code,
                    "sentence": step.sentence.in_(language),
                    "formulas": list(step.formulas),
                }
                for step in self.steps
            ],
            "answer": self.answer,
        }


def step_lines(step: Told, number: int, language: Language, width: int) -> list[str]:
    """One step as lines: its number and sentence, its formulas indented."""
    mark = f"{number}. "
    first, *rest = wrap(step.sentence.in_(language), width - len(mark))
    lines = [mark + first, *(" " * len(mark) + line for line in rest)]
    apart = any(len(drawn) > 1 for drawn in step.drawn)
    for place, drawn in enumerate(step.drawn):
        lines += [""] * (apart and place > 0)
        lines += ["     " + line.rstrip() for line in drawn]
    return lines


def derivation_of(
    target: Target,
    notation: str | None = None,
    convention: Convention | None = None,
    width: int = 75,
) -> Derivation:
    """The derivation of a target in a notation (the first one of its model unless told).

    Where no convention is given the layout is the notation's own. A notation that lacks a name for
    something that a step needs gives way to the model's own names, as a whole.

    Raises ``KeyError`` for a notation that the model does not have.
    """
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import notations
    from engine.formulas.notations.own import own_notation
    from engine.formulas.steps import derivation

    known = notations(target.model)
    chosen = known[notation] if notation is not None else next(iter(known.values()))
    agreed = convention or Convention(layout=chosen.layout)
    steps = derivation(target, agreed)
    if not all(_can_spell(chosen, equation) for step in steps for equation in step.equations):
        chosen = own_notation(target.model)
    told = tuple(_told(step, target, chosen, width) for step in steps)
    return Derivation(target, chosen.name, agreed.layout, told)


def _told(step: Step, target: Target, notation: Notation, width: int) -> Told:
    values = {}
    for name, node in step.about.items():
        shown = _line(node, notation)
        values[name] = Text(shown, shown)
    key = f"steps.{step.code}"
    if step.code == "share" and _is_bias(step, target):
        key = "steps.share_bias"
    formulas = tuple(_line(equation, notation) for equation in step.equations)
    drawn = tuple(_drawn(equation, notation, width) for equation in step.equations)
    return Told(step.code, filled(text(key), **values), formulas, drawn)


def _is_bias(step: Step, target: Target) -> bool:
    return target.quantity in {
        *target.model.biases,
        *(name for variant in target.model.variants for name in variant.biases),
    }


def _can_spell(notation: Notation, equation: Equation) -> bool:
    from engine.formulas.rendering import canonical

    try:
        canonical(_spelt(equation, notation), notation)
    except KeyError:
        return False
    return True


def _line(node: Node, notation: Notation) -> str:
    from engine.formulas.rendering import canonical

    return canonical(_without_repeats(_spelt(node, notation), notation), notation)


def _drawn(equation: Equation, notation: Notation, width: int) -> tuple[str, ...]:
    """The equation in two dimensions where it fits, else on lines of its own."""
    from engine.formulas.display import display

    drawn = display(_without_repeats(_spelt(equation, notation), notation), width, notation)
    if max(map(len, drawn), default=0) <= width:
        return tuple(drawn)
    return tuple(wrap(_line(equation, notation), width))


def _spelt(node: Node, notation: Notation) -> Node:
    """dE/dx where a notation has no letter for the gradient of x."""
    from engine.formulas.construction import gradient_spelt_out
    from engine.formulas.tree import Symbol, with_children

    if isinstance(node, Symbol):
        return gradient_spelt_out(node, notation) or node
    children = list(node.children())
    return with_children(node, [_spelt(one, notation) for one in children]) if children else node


def _without_repeats(node: Node, notation: Notation) -> Node:
    """``dE/dc = dE/dc`` where a notation has no letter for a gradient: said once."""
    from dataclasses import replace

    from engine.formulas.rendering import canonical
    from engine.formulas.tree import Equation

    if not isinstance(node, Equation) or len(node.links) < 2:
        return node
    shown = [canonical(link, notation) for link in node.links]
    kept = [link for place, link in enumerate(node.links) if shown[place] not in shown[:place]]
    return replace(node, links=tuple(kept))
