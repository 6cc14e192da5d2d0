"""The card of a target: what it asks for, its symbols and shapes, and how notations spell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from drills.grading.formula_words import model_title, target_statement
from drills.locale import text
from drills.typography import cell_width, pad, wrap
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.formulas.notations import Notation
    from engine.formulas.targets import Target
    from engine.formulas.tree import Node

STYLES: Final = ("unicode", "latex", "ascii", "numpy")
WIDTH: Final = 78


@dataclass(frozen=True)
class TargetCard:
    """What is shown of a target; nothing of it is the answer.

    ``symbols`` are what an answer may use, each with its shape; ``spellings`` are the left side in
    every input language, ``notations`` the left side in every notation with its layout.
    """

    target: Target
    statement: Text
    symbols: tuple[tuple[str, str], ...]
    spellings: tuple[tuple[str, str], ...]
    notations: tuple[tuple[str, str, str], ...]

    @property
    def shape(self) -> str:
        return "×".join(map(str, self.target.shape))

    def lines(self, language: Language) -> list[str]:
        """The card as plain lines."""
        listed = ", ".join(f"{name} ({shape})" for name, shape in self.symbols)
        title = model_title(self.target.model.name).in_(language)
        return [
            *wrap(f"{self.target.id}: {self.statement.in_(language)}", WIDTH),
            text("formula.model", model=title).in_(language),
            *wrap(text("formula.given", symbols=listed).in_(language), WIDTH),
            text("formula.shape", shape=self.shape).in_(language),
            text("formula.example").in_(language),
            *(f"  {style:8} {spelling}" for style, spelling in self.spellings),
            text("formula.notations").in_(language),
            *self._notation_lines(language),
        ]

    def _notation_lines(self, language: Language) -> list[str]:
        rows = [
            (name, text(f"verdict.assumption.layout.{layout}").in_(language), spelt)
            for name, layout, spelt in self.notations
        ]
        widths = [max(cell_width(row[place]) for row in rows) for place in (0, 1)]
        return [
            f"  {pad(name, widths[0])}  {pad(layout, widths[1])}  {spelt}"
            for name, layout, spelt in rows
        ]

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "target": self.target.id,
            "model": self.target.model.name,
            "statement": self.statement.in_(language),
            "given": list(self.target.given),
            "shapes": dict(self.symbols),
            "shape": self.shape,
            "left_side": dict(self.spellings),
            "notations": [
                {"name": name, "layout": layout, "left_side": spelt}
                for name, layout, spelt in self.notations
            ],
        }


def target_card(target: Target) -> TargetCard:
    """The card of ``target``."""
    from engine.formulas.notations import notations

    known = notations(target.model)
    first = next(iter(known.values()))
    return TargetCard(
        target,
        target_statement(target),
        tuple((name, _shape(name, target)) for name in target.given),
        tuple((style, spelt(target.left, target, first, style)) for style in STYLES),
        tuple(
            (name, entry.layout, spelt(target.left, target, entry)) for name, entry in known.items()
        ),
    )


def spelt(node: Node, target: Target, notation: Notation, style: Any = "unicode") -> str:
    """A formula in a notation, or in the model's own names where that lacks one of them."""
    from engine.formulas.notations.own import own_notation
    from engine.formulas.rendering import canonical

    try:
        return canonical(node, notation, style)
    except KeyError:
        return canonical(node, own_notation(target.model), style)


def _shape(name: str, target: Target) -> str:
    """The shape of a quantity of the target's model, in its size letters."""
    from engine.formulas.models.static import StaticModel

    model: Any = target.model
    if isinstance(model, StaticModel):
        return "×".join(model.shape(name) or ("1", "1"))
    if name in model.parameters:
        return "×".join(model.parameters[name])
    signal = model.gradients.get(name, name)
    return f"{model.signals.get(signal, '1')}×1"
