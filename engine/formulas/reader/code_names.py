"""Identifiers of Python code as quantities: ``W_in_grad``, ``dz_next``, ``x_t``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.formulas.notations import POSITION_WORDS, Notation
from engine.formulas.reader.indices import allowed_in_script
from engine.formulas.reader.naming import Named, find, is_label
from engine.formulas.reader.signs import GREEK
from engine.formulas.tree import Index, Span

# The course's program calls the target at one step dd.
_ALIASES = {"dd": "d"}


_NUMBERED = re.compile(r"([A-Za-z]+?)(\d+)")
_MAX_JOINED = 8


@dataclass(frozen=True)
class CodeName:
    """What an identifier names; ``differential`` when a d stands in front (dW)."""

    named: Named
    differential: bool = False


def code_index(coefficients: Mapping[str, int], constant: int = 0) -> Index:
    """An index from its parts."""
    return Index.of(constant, **coefficients)


def code_name(
    notation: Notation, word: str, span: Span, bound: frozenset[str], renewed: bool = False
) -> CodeName:
    """The quantity that an identifier names. Raises ``Unreadable`` (unknown-name)."""
    word = _ALIASES.get(word, word)
    base, *rest = _parts(notation, word)
    base = GREEK.get(base, base)
    differential = False
    unknown = base not in notation.bases or notation.find(base, tuple(rest)) is None
    if unknown and base[:1] == "d" and base[1:]:
        inner, *others = _parts(notation, word[1:])
        if inner in notation.bases:
            base, rest, differential = inner, others, True
    labels = [part for part in rest if is_label(notation, base, part)]
    steps = [part for part in rest if part not in labels]
    allowed = allowed_in_script(bound, notation)
    if len(steps) == 1 and rest[-1] == steps[0] and allowed(steps[0]):
        named = find(notation, base, tuple(labels), span, word, renewed)
        if named.quantity.kind == "signal" and named.offset is None and steps[0] == "t":
            return CodeName(replace(named, offset=0), differential)
    return CodeName(find(notation, base, tuple(rest), span, word, renewed), differential)


def _parts(notation: Notation, word: str) -> list[str]:
    """The base and the labels of an identifier: also of ``prev_h``, ``beta1`` and ``Wxh``."""
    base, *rest = word.split("_")
    if base in notation.bases:
        return [base, *rest]
    if base in POSITION_WORDS and rest and rest[0] in notation.bases:
        return [rest[0], *rest[1:], base]
    numbered = _NUMBERED.fullmatch(base)
    if numbered and notation.find(numbered[1], (numbered[2], *rest)) is not None:
        return [numbered[1], numbered[2], *rest]
    if 1 < len(base) <= _MAX_JOINED and notation.find(base[0], (base[1:],)) is not None:
        return [base[0], base[1:], *rest]
    return [base, *rest]
