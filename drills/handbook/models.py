"""What the engine knows of a declared model, for a page: equations, shapes, parameters, answers.

Equations are typeset from the declaration in a notation that the reader chose; nothing of them is
written down in the bank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from drills.grading.formula_words import (
    filled,
    model_title,
    quantity_noun,
    target_statement,
)
from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.formulas.conventions import Convention
    from engine.formulas.models import Model
    from engine.formulas.notations import Notation
    from engine.formulas.targets import Target

WIDTH: Final = 74
"""Cells that a formula may take before it is broken."""

_VARIANTS: Final = ("reset", "z", "biases")
"""The conventions that choose between equations of one model; counting only renames steps."""


@dataclass(frozen=True)
class Formula:
    """A formula of a target: on one line, and as drawn on lines of one width."""

    target: str
    statement: Text
    line: str
    drawn: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """The equations that are others under a convention; ``keys`` is the convention."""

    keys: Mapping[str, str]
    label: Text
    equations: tuple[Formula, ...]


@dataclass(frozen=True)
class Shape:
    """A quantity: its sign in the notation, what it is, and its shape in letters of sizes."""

    symbol: str
    noun: Text | None
    shape: tuple[str, str]
    parameter: bool

    @property
    def spelt(self) -> str:
        """``H x D``: in ASCII, so that columns of shapes align in every terminal."""
        return " x ".join(self.shape)


@dataclass(frozen=True)
class ModelPart:
    """One model as a page shows it."""

    name: str
    title: Text
    notation: str
    layout: str
    equations: tuple[Formula, ...]
    variants: tuple[Variant, ...]
    shapes: tuple[Shape, ...]
    parameters: str


def notation_names(model: str) -> tuple[str, ...]:
    """The notations that a model can be shown in, the usual one first.

    The model's own names are offered where no source has a notation of it.
    """
    from engine.formulas.notations import notations

    names = tuple(notations(model))
    return names[:-1] or names


@lru_cache(maxsize=256)
def model_part(name: str, notation: str | None = None) -> ModelPart:
    """A model in a notation; in its usual one if it has none of that name. Raises ``KeyError``."""
    from engine.formulas.conventions import Convention
    from engine.formulas.models.static import model_named
    from engine.formulas.notations import notations

    model = model_named(name)
    known = notations(model)
    chosen = known[notation if notation in known else next(iter(known))]
    agreed = Convention(layout=chosen.layout)
    equations = tuple(formula(target, chosen, agreed) for target in _definitions(model))
    return ModelPart(
        name,
        model_title(name),
        chosen.name,
        chosen.layout,
        equations,
        tuple(_variants(model, chosen, equations)),
        tuple(_shapes(model, chosen)),
        parameter_count(model),
    )


def formula(target: Target, notation: Notation, agreed: Convention) -> Formula:
    """The statement of a target as its derivation ends, in a notation."""
    from drills.grading.formula_steps import OTHER_WORDS, derivation_of

    derived = derivation_of(target, notation.name, agreed, WIDTH)
    last = [one for one in derived.steps if one.formulas and one.code not in OTHER_WORDS][-1]
    return Formula(target.id, target_statement(target), last.formulas[0], last.drawn[0])


def answer(target: str, notation: str | None) -> Formula:
    """The answer of a target in a notation, or in the usual one. Raises ``KeyError``."""
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import notations
    from engine.formulas.targets import TARGETS

    found = TARGETS[target]
    known = notations(found.model)
    chosen = known[notation if notation in known else next(iter(known))]
    return formula(found, chosen, Convention(layout=chosen.layout))


def retold(
    target: str, written: str, typed_in: str | None, notation: str | None
) -> tuple[str, tuple[str, ...]]:
    """A formula as typed, typeset in another notation, with its left side: in a line, and drawn.

    It stays in the notation that it was typed in where the other one lacks a name.
    Raises ``KeyError`` for unknown names and ``ValueError`` for what is no formula.
    """
    from engine.formulas.conventions import Convention
    from engine.formulas.display import display
    from engine.formulas.notations import notations
    from engine.formulas.reading import read_in
    from engine.formulas.rendering import canonical
    from engine.formulas.targets import TARGETS, laid_out
    from engine.formulas.tree import Equation

    found = TARGETS[target]
    known = notations(found.model)
    typed = known[typed_in or next(iter(known))]
    reading = read_in(written, typed)
    if not reading.understood:
        raise ValueError(written)
    links = reading.equations[0].links
    left, right = (links[0] if len(links) > 1 else found.left), links[-1]
    for chosen in (known.get(notation or typed.name, typed), typed):
        agreed = Convention(layout=chosen.layout)
        turned = chosen.layout == "row" and typed.layout == "column"
        sides = [laid_out(one, found.model, agreed) if turned else one for one in (left, right)]
        try:
            equation = Equation(tuple(sides))
            return canonical(equation, chosen), tuple(display(equation, WIDTH, chosen))
        except KeyError:
            continue
    return written, (written,)


def parameter_count(model: Model) -> str:
    """The number of parameters as a sum over sizes: ``4HD + 4H² + 4H``; empty without any."""
    constants = getattr(model, "constants", ())
    families: Mapping[str, str] = getattr(model, "families", {})
    terms: Counter[tuple[str, ...]] = Counter()
    spelt: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name, shape in model.parameters.items():
        letters = tuple(letter for letter in shape if letter != "1")
        # One matrix a head: as many again as there are heads.
        letters += (families[name],) if letters and name in families else ()
        # A number such as a learning rate is given, not learnt.
        if letters and name not in constants:
            terms[tuple(sorted(letters))] += 1
            spelt.setdefault(tuple(sorted(letters)), letters)
    ordered = sorted(terms.items(), key=lambda entry: -len(entry[0]))
    return " + ".join(_monomial(spelt[letters], count) for letters, count in ordered)


def _monomial(letters: tuple[str, ...], count: int) -> str:
    powers = Counter(letters)
    parts = [f"{letter}²" if n == 2 else letter for letter, n in powers.items()]
    # d_k stands apart from its neighbours, or one would read Dd as one name.
    joint = " " if any(len(letter) > 1 for letter in powers) else ""
    return joint.join([*([str(count)] if count > 1 else []), *parts])


def _definitions(model: Model) -> list[Target]:
    """The targets that are the model's own forward equations."""
    from engine.formulas.targets import targets_by_id

    kinds = ("forward", "static-forward")
    return [one for one in targets_by_id(model).values() if one.kind in kinds]


def _variants(model: Model, notation: Notation, usual: tuple[Formula, ...]) -> Iterator[Variant]:
    """Under each other convention the equations that it changes, and no others."""
    from engine.formulas.conventions import Convention

    shown = {one.target: one.line for one in usual}
    for key in _VARIANTS:
        for value in sorted(model.keys.get(key, ())):
            agreed = replace(Convention(layout=notation.layout), **{key: value})
            other = [formula(target, notation, agreed) for target in _definitions(model)]
            changed = tuple(one for one in other if one.line != shown[one.target])
            if changed:
                label = text(f"verdict.assumption.{key}.{value}")
                yield Variant({key: value}, label, changed)


def _shapes(model: Model, notation: Notation) -> Iterator[Shape]:
    """Every quantity that an equation reads or makes, and the gradients with a name."""
    from engine.formulas.construction import parameter, signal
    from engine.formulas.models.static import StaticModel

    whole: Any = model
    static = isinstance(whole, StaticModel)
    row = notation.layout == "row"
    used = _mentioned(model)
    sizes = dict(whole.signals)
    for name, of in () if static else model.adjoints.items():
        if not name.startswith("grad_"):
            sizes[name] = sizes[of]
    for name, size in sizes.items():
        if name not in used and name not in model.equations and name not in model.adjoints:
            continue
        shape = tuple(size) if static else (size, "1")
        if shape == ("1", "1"):
            continue
        turn = row and (whole.is_turned(name) if static else True)
        node = parameter(name) if static else signal(name)
        yield _shape(model, name, node, notation, shape[::-1] if turn else shape, False)
    for name, shape in model.parameters.items():
        turn = row and (whole.is_turned(name) if static else True)
        turned = shape[::-1] if turn else shape
        yield _shape(model, name, parameter(name), notation, turned, True)


def _mentioned(model: Model) -> set[str]:
    """The names that stand on a right-hand side."""
    from engine.formulas.tree import Symbol, walk

    trees = [getattr(equation, "tree", equation) for equation in model.equations.values()]
    return {node.name for tree in trees for node in walk(tree) if isinstance(node, Symbol)}


def _shape(
    model: Model,
    name: str,
    node: Any,
    notation: Notation,
    shape: tuple[str, ...],
    is_parameter: bool,
) -> Shape:
    from engine.formulas.display import display
    from engine.formulas.notations.own import own_notation

    try:
        drawn = display(node, WIDTH, notation)
    except KeyError:
        drawn = display(node, WIDTH, own_notation(model))
    noun = quantity_noun(model, name) or _noun(model, name)
    return Shape(drawn[0].strip(), noun, (shape[0], shape[1]), is_parameter)


def _noun(model: Model, name: str) -> Text | None:
    """The handbook's own word for a quantity that no target is about."""
    of = model.adjoints.get(name)
    if of is not None:
        noun = quantity_noun(model, of) or _noun(model, of)
        return None if noun is None else filled(text("handbook.gradient_of"), what=noun)
    for key in (f"{model.name}.{name}", f"{model.name.partition('_')[0]}.{name}", f"any.{name}"):
        try:
            return text(f"handbook.noun.{key}")
        except KeyError:
            continue
    return None
