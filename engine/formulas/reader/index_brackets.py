"""Indices in brackets behind a name: ``z(t-1)``, ``delta[t, k]``, ``S[i, :]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas.notations import UPDATE_LETTERS, USUAL_INDICES, Quantity
from engine.formulas.reader import layout
from engine.formulas.reader.indices import (
    Allowed,
    allowed_as_value,
    allowed_in_script,
    to_index,
)
from engine.formulas.reader.naming import Named
from engine.formulas.reader.scripts import Item
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver


def _allowed_in_brackets(
    resolver: Resolver, quantity: Quantity, kind: str, joined: bool, bound: Bound
) -> Allowed:
    """Names that are an index in brackets behind a quantity.

    Square brackets that touch a signal hold nothing else, and neither do round ones with a t in
    them: ``h[k]`` and ``h(t-1)`` have indices also where k and t are quantities.
    """
    notation = resolver.notation
    as_value = allowed_as_value(notation, bound)
    in_script = allowed_in_script(bound, notation)
    parameter = quantity.kind == "parameter" and quantity.indices != 2
    usual = USUAL_INDICES | notation.values | notation.index_letters | bound
    usual = UPDATE_LETTERS if parameter else usual
    touching = joined and (quantity.kind in ("signal", "loss", "parameter"))

    def allowed(name: str) -> bool:
        if touching and kind == "[" and in_script(name):
            return name in usual or name.removesuffix("prime") in usual
        return as_value(name) or (touching and name == "t" and not parameter)

    return allowed


def index_in_brackets(
    resolver: Resolver, named: Named, start: int, following: layout.Factor, bound: Bound
) -> list[Item] | None:
    """The bracket's index or two, or None for brackets that hold something else.

    Raises ``Unreadable`` (ambiguous-script) where it could be either.
    """
    group, notation = following.nucleus, resolver.notation
    kind = named.quantity.kind
    if not isinstance(group, layout.Group) or following.partial:
        return None
    if kind == "scalar" or named.quantity.indices == 0:
        return None
    joined = start == group.span[0]
    allowed = _allowed_in_brackets(resolver, named.quantity, group.kind, joined, bound)
    listed = group.entries
    if named.quantity.indices == 2 and len(listed) == 2 and listed[1].kind == "dots":
        listed = listed[:1]  # S[i, :]
    entries = [entry.left for entry in listed if entry.is_plain]
    if len(entries) != len(listed) or ";" in group.separators:
        return None
    indices = [to_index(entry, allowed) for entry in entries]
    if any(index is None for index in indices):
        return None
    if group.kind not in ("(", "[", "⟨") or len(indices) > 2:
        return None
    constant = all(index is not None and not index.coefficients for index in indices)
    if constant and kind == "parameter" and group.kind == "(":
        raise unreadable("ambiguous-script", following.span)
    names = {name for index in indices if index for name in index.variables}
    clash = names and names <= notation.bases
    if clash and not (joined and (group.kind == "[" or names == {"t"})):
        raise unreadable("ambiguous-script", following.span)
    paired = len(indices) == 2
    return [Item("index", "[", following.span, index=i, paired=paired) for i in indices]
