"""What the formula screen offers beside the input: symbols, completions, hints, the derivation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from drills.locale import text
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.formulas.notations import Notation
    from engine.formulas.targets import Target

WORD: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]*$")
SIGNS: Final = ((".T", ".T"), ("@", " @ "), ("⊙", " ⊙ "))


@dataclass(frozen=True)
class Symbol:
    """``label`` is shown, ``inserted`` is typed by a click or a completion."""

    label: str
    inserted: str


@dataclass(frozen=True)
class FormulaHelp:
    """The symbols of a target in its own notation; ``model`` is what the input is read in."""

    target: str
    model: str
    notation: str
    symbols: tuple[Symbol, ...]
    # Whether a formula for the target can train the binary adder.
    trainable: bool = False

    def candidates(self, before: str) -> tuple[Symbol, ...]:
        """The symbols that go on from the word at the end of ``before``; none without a word."""
        found = WORD.search(before)
        if found is None:
            return ()
        word = found.group()
        return tuple(one for one in self.symbols if one.label.startswith(word))

    def completed(self, before: str) -> str:
        """What Tab adds to ``before``: the rest of the only candidate, or what all share."""
        found, candidates = WORD.search(before), self.candidates(before)
        if found is None or not candidates:
            return ""
        if len(candidates) == 1:
            return candidates[0].inserted[len(found.group()) :]
        # A name that all begin with lies, letter by letter, between the first and the last of them.
        first, last = min(one.label for one in candidates), max(one.label for one in candidates)
        shared = next(
            (n for n, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1),
            len(first),
        )
        return first[len(found.group()) : shared]


def formula_help(name: str) -> FormulaHelp:
    """The help for a target. Raises ``KeyError`` for an unknown one."""
    from engine.formulas.notations import notations
    from engine.formulas.targets import TARGETS
    from engine.formulas.training import is_trainable

    target = TARGETS[name]
    notation = next(iter(notations(target.model).values()))
    symbols = tuple(dict.fromkeys(_symbols(target, notation)))
    trainable = is_trainable(name)
    return FormulaHelp(name, target.model.name, notation.name, symbols, trainable)


def _symbols(target: Target, notation: Notation) -> list[Symbol]:
    model = target.model
    found: list[Symbol] = []
    recurrent = bool(getattr(model, "states", frozenset)())
    for name in target.given:
        quantity = notation.by_name.get(name)
        if quantity is None and name in model.gradients:
            of = notation.by_name.get(model.gradients[name])
            if of is not None:
                label = f"dE/d{of.ascii}"
                found.append(Symbol(label, f"dE/d{of.ascii}[t]"))
            continue
        if quantity is None:
            continue
        steps = quantity.kind == "signal" and recurrent
        found.append(Symbol(quantity.ascii, quantity.ascii + "[t]" * steps))
    words = sorted(model.functions)
    found += [Symbol(f"{word}(", f"{word}(") for word in words]
    if target.kind not in {"forward", "static-forward"}:
        found += [Symbol(f"{word}'(", f"{word}'(") for word in words]
    if recurrent:
        found.append(Symbol("sum(", "sum(s=0..T_t, "))
    else:
        found.append(Symbol("sum(", "sum("))
    return [*found, *(Symbol(*pair) for pair in SIGNS)]


def formula_hints(target: Target) -> tuple[Text, ...]:
    """Three hints, each telling more: the shape, the symbols, the first step of the derivation."""
    from drills.grading.formula_steps import derivation_of
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import notations
    from engine.formulas.tree import Sum, walk
    from engine.formulas.tree import Symbol as Named

    notation = next(iter(notations(target.model).values()))
    answer = target.answers(Convention())[0]
    names = dict.fromkeys(node.name for node in walk(answer) if isinstance(node, Named))
    listed = ", ".join(_spelt(name, target, notation) for name in names if name in target.given)
    terms = len(answer.terms) if isinstance(answer, Sum) else 1
    steps = [one for one in derivation_of(target).steps if one.code != "asked"]
    first = steps[0]
    formulas = "; ".join(first.formulas)
    shape = "×".join(target.shape)
    return (
        text("app.formula.hint.shape", shape=shape),
        text("app.formula.hint.one_term", symbols=listed)
        if terms == 1
        else text("app.formula.hint.terms", symbols=listed, count=terms),
        Text(f"{first.sentence.en} {formulas}", f"{first.sentence.ja} {formulas}")
        if first.code != "definition"
        else text("app.formula.hint.definition"),
    )


def _spelt(name: str, target: Target, notation: Notation) -> str:
    quantity = notation.by_name.get(name)
    if quantity is not None:
        return quantity.ascii
    of = target.model.gradients.get(name)
    return f"dE/d{_spelt(of, target, notation)}" if of is not None else name


def derivation_lines(
    name: str, notation: str | None, language: Language, width: int
) -> tuple[str, list[str]]:
    """The title and the lines of a target's derivation; an unknown notation gives the first one."""
    from drills.grading.formula_steps import derivation_of, step_lines
    from engine.formulas.notations import notations
    from engine.formulas.targets import TARGETS

    target = TARGETS[name]
    known = notation if notation in notations(target.model) else None
    derived = derivation_of(target, known, width=width - 5)
    lines: list[str] = []
    for number, step in enumerate(derived.steps, start=1):
        lines += [*([""] if lines else []), *step_lines(step, number, language, width)]
    return derived.title().in_(language), lines
