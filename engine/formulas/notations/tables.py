"""Notations of models without time steps as short tables: quantity -> its spellings.

A spelling is a letter with its labels, ``"W a"`` for W_a; several are separated by ``|``, the one
to be shown first. A quantity that a table leaves out keeps its own name where that is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.items import KRONECKER
from engine.formulas.models.static import SCALAR, StaticModel
from engine.formulas.notations import Kind, Notation, Quantity
from engine.formulas.notations.static import static_notation
from engine.formulas.spelling import bare_name
from engine.formulas.tree import Symbol, Transpose

# 1 where two indices are the same, else 0.
_KRONECKER = Quantity(
    KRONECKER, "signal", "delta", unicode="δ", latex=r"\delta", also=(("I",),), indices=2
)


def table(
    model: StaticModel,
    name: str,
    spellings: Mapping[str, str],
    *,
    sizes: Mapping[str, str] | None = None,
    letters: str = "",
    row: bool = False,
    probabilities: Mapping[str, str] | None = None,
    sequences: Mapping[str, str] | None = None,
    calls: Mapping[str, str] | None = None,
    keep: bool = True,
) -> Notation:
    """A notation of a model in the spellings of one source.

    ``sizes``: a size letter of the source -> the model's. ``letters`` are further letters that name
    an index. ``row``: the source has vectors in rows. ``keep``: whether quantities that the table
    leaves out keep the model's own names.
    """
    base = static_notation(model)
    quantities = [
        _quantity(model, quantity, words.split("|")) for quantity, words in spellings.items()
    ]
    taken = {one[0] for quantity in quantities for one in _spelt(quantity)}
    if keep:
        quantities += [
            quantity
            for quantity in base.quantities
            if quantity.name not in spellings and not {one[0] for one in _spelt(quantity)} & taken
        ]
    taken = {one[0] for quantity in quantities for one in _spelt(quantity)}
    if model.jacobians and "delta" not in taken:
        quantities.append(_KRONECKER)
        taken.add("delta")
    renamed = dict(sizes or {})
    own = {size for size in model.sizes if size not in taken and size not in renamed}
    functions = tuple(
        replace(one, also=tuple(word for word in one.also if word not in taken))
        for one in base.functions
    )
    return replace(
        base,
        name=name,
        layout="row" if row else "column",
        quantities=tuple(quantities),
        functions=functions,
        sizes=frozenset(own | set(renamed)),
        size_names={new: old for new, old in renamed.items() if new != old},
        positions=(base.positions | (set(letters) if model.interleaved else set())) - taken,
        index_letters=base.index_letters | set(letters),
        probabilities=dict(probabilities or {}),
        sequences=dict(sequences or {}),
        calls=dict(calls or {}),
        independent=True,
    )


def _spelt(quantity: Quantity) -> tuple[tuple[str, ...], ...]:
    return ((quantity.letter, quantity.label), *quantity.also)


def _quantity(model: StaticModel, name: str, words: list[str]) -> Quantity:
    first, *others = (tuple(word.split()) for word in words)
    letter, *labels = first
    label = ",".join(labels)
    also = list(others)
    if len(labels) > 1:
        # Shown with a comma, read however they stand.
        also.insert(0, first)
    shape = model.shape(name) or SCALAR
    return Quantity(
        name,
        _kind(model, name),
        letter,
        label,
        False,
        bare_name(letter, "unicode"),
        bare_name(letter, "latex"),
        tuple(also),
        sum(size != "1" for size in shape),
    )


def _kind(model: StaticModel, name: str) -> Kind:
    if name == model.loss:
        return "loss"
    if name in model.parameters:
        return "parameter"
    return "scalar" if name in model.scalars else "signal"


def turned(notation: Notation, name: str, letter: str = "", suffix: str = "turned") -> Notation:
    """The notation with a matrix that is the model's transposed.

    ``letter``: how it is spelt; by default as the model's own, which it takes the place of.
    """
    spelt = notation.by_name[name]
    if letter:
        spelt = Quantity(name, "signal", letter, unicode=letter, latex=letter)
    matrix = replace(spelt, name=f"{name}_turned", indices=0 if letter else spelt.indices)
    kept = tuple(
        one
        for one in notation.quantities
        if one.letter != matrix.letter and (letter or one.name != name)
    )
    return replace(
        notation,
        name=f"{notation.name}-{suffix}",
        quantities=(*kept, matrix),
        meanings={**notation.meanings, matrix.name: Transpose(Symbol(name))},
    )
