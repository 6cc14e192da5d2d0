"""What a formula is asked for, in words, for every model: ``definition of the forget gate f^t``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.formulas.models import Model
    from engine.formulas.targets import Target
    from engine.formulas.tree import Node

_OLD_KINDS = {"output-adjoint": "delta", "adjoint": "delta", "lag-adjoint": "delta"}


def model_title(name: str) -> Text:
    """What a model is called; a model without a title by its name."""
    try:
        return text(f"target.model.{name}")
    except KeyError:
        words = name.replace("_", " ")
        return Text(words, words)


def filled(frame: Text, **values: Text) -> Text:
    """A text with texts put in, each language into its own."""
    en, ja = frame.en, frame.ja
    for name, value in values.items():
        en = en.replace("{" + name + "}", value.en)
        ja = ja.replace("{" + name + "}", value.ja)
    return Text(en, ja)


@lru_cache(maxsize=1024)
def target_statement(target: Target) -> Text:
    """What a target asks for: ``update of the recurrent weight W``."""
    if target.model.name == "rnn":
        name = "delta_step" if target.kind == "lag-adjoint" else target.quantity
        try:
            quantity = text(f"formula.quantity.{name}")
            frame = text(f"formula.kind.{_OLD_KINDS.get(target.kind, target.kind)}")
        except KeyError:
            return _statement(target)
        if name != "delta_step" or target.quantity == "delta":
            return filled(frame, quantity=quantity)
    return _statement(target)


def _statement(target: Target) -> Text:
    model, kind = target.model, target.kind.removeprefix("static-")
    symbol = _written(target.left, model)
    if kind in {"jacobian", "jacobian-product"}:
        return filled(text(f"target.{kind}"), symbol=Text(symbol, symbol))
    if kind in {"forward", "gradient", "update"}:
        subject = target.left if kind == "forward" else _subject(target.left)
        return filled(text(f"target.{kind}"), what=quantity_words(model, target.quantity, subject))
    return _of_adjoint(target, symbol)


def _of_adjoint(target: Target, symbol: str) -> Text:
    from engine.formulas.construction import signal

    model = target.model
    of = model.gradients[target.quantity]
    what = quantity_words(model, of, signal(of))
    if target.quantity.startswith("grad_"):
        said = filled(text("target.adjoint"), what=what)
    else:
        now = _written(signal(target.quantity), model)
        said = filled(text("target.named_adjoint"), what=what, symbol=Text(now, now))
    if target.kind == "lag-adjoint":
        return filled(text("target.one_step"), statement=said)
    return said


def _subject(left: Node) -> Node:
    """What a gradient is taken by, and what an update changes."""
    from dataclasses import replace

    from engine.formulas.tree import Derivative, Symbol

    if isinstance(left, Derivative):
        return left.by
    return replace(left, update=None) if isinstance(left, Symbol) else left


def quantity_words(model: Model, name: str, shown: Node) -> Text:
    """A quantity by what it is and by its symbol: ``the forget gate f^t``."""
    symbol = _written(shown, model)
    written = Text(symbol, symbol)
    noun = quantity_noun(model, name)
    if noun is None:
        return written
    return filled(text("target.with_symbol"), noun=noun, symbol=written)


def quantity_noun(model: Model, name: str) -> Text | None:
    """What a quantity is, without its symbol; None where there is no word for it."""
    family, (letter, _, block) = model.name.partition("_")[0], name.partition("_")
    noun = _known(f"target.noun.{family}.{name}")
    if noun is not None:
        return noun
    owner = _known(f"target.noun.{family}.{block}")
    of_block = _known(f"target.noun.block.{letter}")
    if owner is not None and of_block is not None:
        return filled(text("target.of_block"), block=owner, noun=of_block)
    if name == "x" and family in {"rnn", "lstm", "gru", "bidirectional"}:
        return text("target.noun.input")
    return None


def _known(key: str) -> Text | None:
    try:
        return text(key)
    except KeyError:
        return None


def _written(node: Node, model: Model) -> str:
    """A formula in the notation that is shown first for a model, or in the model's own names."""
    from engine.formulas.notations import notations
    from engine.formulas.notations.own import own_notation
    from engine.formulas.rendering import canonical

    try:
        return canonical(node, next(iter(notations(model).values())))
    except KeyError:
        return canonical(node, own_notation(model))
