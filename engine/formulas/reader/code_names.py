"""Identifiers of Python code as quantities: ``W_in_grad``, ``dz_next``, ``x_t``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.formulas.notations import Notation
from engine.formulas.reader.indices import allowed_in_script
from engine.formulas.reader.naming import Named, find, is_label
from engine.formulas.reader.signs import GREEK
from engine.formulas.tree import Index, Span

# The course's program calls the target at one step dd.
_ALIASES = {"dd": "d"}


@dataclass(frozen=True)
class CodeName:
    """What an identifier names; ``differential`` when a d stands in front (dW)."""

    named: Named
    differential: bool = False


def code_index(coefficients: Mapping[str, int], constant: int = 0) -> Index:
    """An index from its parts."""
    return Index.of(constant, **coefficients)


def code_name(notation: Notation, word: str, span: Span, bound: frozenset[str]) -> CodeName:
    """The quantity that an identifier names. Raises ``Unreadable`` (unknown-name)."""
    word = _ALIASES.get(word, word)
    base, *rest = word.split("_")
    base = GREEK.get(base, base)
    differential = False
    if base not in notation.bases and base[:1] == "d" and base[1:] in notation.bases:
        base, differential = base[1:], True
    labels = [part for part in rest if is_label(notation, base, part)]
    steps = [part for part in rest if part not in labels]
    if len(steps) == 1 and rest[-1] == steps[0] and allowed_in_script(bound)(steps[0]):
        named = find(notation, base, tuple(labels), span, word)
        if named.quantity.kind == "signal" and named.offset is None and steps[0] == "t":
            return CodeName(replace(named, offset=0), differential)
    return CodeName(find(notation, base, tuple(rest), span, word), differential)
