"""From a base word and the things its scripts say to a quantity at a time step.

Shared by the mathematical reader and the NumPy reader, so that both mean the same by a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.formulas.notations import (
    GRADIENT_WORD,
    LENGTHS,
    POSITION_WORDS,
    UPDATE_WORDS,
    Notation,
    Quantity,
)
from engine.formulas.tree import Derivative, Index, Node, Span, Symbol
from engine.formulas.trouble import Candidates, unreadable


@dataclass(frozen=True)
class Named:
    """A quantity that was found: the step that a word like ``prev`` says, and ``_grad``."""

    quantity: Quantity
    offset: int | None = None
    gradient: bool = False
    update: int | None = None


def is_label(notation: Notation, base: str, word: str) -> bool:
    """Whether ``word`` in a script of ``base`` is a part of the name rather than an index."""
    if word in {*POSITION_WORDS, *UPDATE_WORDS, GRADIENT_WORD, "in", "out"}:
        return True
    if base == "d" and word in notation.function_words:
        return True
    if base in notation.function_words and word == "prime":
        return True
    if word in notation.labels_of.get(base, ()):
        return True
    return base in POSITION_WORDS and word in notation.bases


def find(
    notation: Notation,
    base: str,
    labels: tuple[str, ...],
    span: Span,
    text: str,
    renewed: bool = False,
) -> Named:
    """The quantity of that name. Raises ``Unreadable`` (unknown-name) with the nearest names.

    ``renewed``: the statement gives something a new value, so that a signal may be new or old.
    """
    said = {*POSITION_WORDS, *UPDATE_WORDS, GRADIENT_WORD}
    own = tuple(w for w in labels if w not in said)
    whole = notation.find(base, labels)
    if whole is not None:  # h_next, where that is what the state of this step is called
        return Named(whole)
    quantity = notation.find(base, own)
    if quantity is None and len(own) > 1:  # W_{h,i} where W_hi is declared
        quantity = notation.find(base, ("".join(own),))
    if quantity is None and len(own) == 2:  # δ^{a_f}, where δ_{a_f} is declared
        quantity = notation.find(base, own[::-1])
    words = [POSITION_WORDS[w] for w in labels if w in POSITION_WORDS]
    gradient = GRADIENT_WORD in labels
    updates = [UPDATE_WORDS[w] for w in labels if w in UPDATE_WORDS]
    kind = quantity.kind if quantity is not None else ""
    if renewed and kind == "signal":
        words += [UPDATE_WORDS[w] - 1 for w in labels if w in UPDATE_WORDS]
        updates = []
    misplaced = (words and kind != "signal") or (updates and kind != "parameter")
    if quantity is None or misplaced or len(words + updates) > 1 or labels.count("grad") > 1:
        names = Candidates(("_".join((base, *labels)), base), tuple(notation.spelt))
        raise unreadable("unknown-name", span, text[:40], names=names)
    number = updates[0] if updates else None
    return Named(quantity, words[0] if words else None, gradient, number)


def symbol(named: Named, span: Span) -> Symbol:
    """The quantity as a symbol, one step on or back, or updated, when its name says so."""
    time = Index.of(named.offset, t=1) if named.offset is not None else None
    update = Index.of(named.update, t=1) if named.update is not None else None
    return Symbol(named.quantity.name, time, update, span=span)


def gradient_of_loss(node: Node, span: Span) -> Derivative:
    """``dW`` and ``W_grad``: the derivative of the loss by ``node``."""
    return Derivative(Symbol("E", span=span), node, span=span)


def is_update_number(index: Index, bound: frozenset[str]) -> bool:
    """Whether a parameter's superscript counts updates (W^{t+1}) and isn't a power (W^{T-1})."""
    if len(index.coefficients) != 1:
        return not index.coefficients and index.constant in (0, 1)
    name, weight = index.coefficients[0]
    return weight == 1 and name not in LENGTHS and name not in bound
