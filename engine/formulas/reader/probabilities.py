"""Calls that name a quantity by arguments: ``P(y_t | y_{<t}, c)``, ``score(h_t, h_s)``.

The arguments say only which indices are meant; what is named is a quantity of the notation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas.reader import layout
from engine.formulas.reader.indices import allowed_in_script, to_index
from engine.formulas.reader.naming import is_label
from engine.formulas.reader.scripts import script_items
from engine.formulas.tree import Index, Node, Symbol
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver


def call_of_quantity(
    resolver: Resolver, word: str, factor: layout.Factor, following: layout.Factor, bound: Bound
) -> Node | None:
    """The quantity that a call names, with its indices; None where no call stands.

    Raises ``Unreadable`` for arguments that name no index where one is needed.
    """
    notation, group = resolver.notation, following.nucleus
    if not isinstance(group, layout.Group) or group.kind != "(" or factor.partial:
        return None
    if any(script.kind != "_" for script in factor.scripts):
        return None
    if word in notation.probabilities or word in notation.sequences:
        node = _probability(resolver, word, group, bound)
    else:
        node = _indexed(resolver, notation.calls[word], group.entries, bound)
    span = (factor.span[0], following.span[1])
    symbol = Symbol(node.name, node.time, outer=node.outer, span=span)
    return resolver.scripted(symbol, following.scripts, bound)


def _probability(resolver: Resolver, word: str, group: layout.Group, bound: Bound) -> Symbol:
    notation = resolver.notation
    bar = group.separators.index("|") + 1 if "|" in group.separators else len(group.entries)
    events, conditions = group.entries[:bar], group.entries[bar:]
    several = len(events) > 1 or any(event.kind in ("dots", "slice") for event in events)
    time = None if several else _index(resolver, events[0], bound)
    if word in notation.sequences and _is_lone(events[0]) and not several:
        time = None  # P(y | x): all of y
    name = notation.probabilities.get(word)
    if (several or time is None) and word in notation.sequences:
        return Symbol(notation.sequences[word])
    if name is None or several:
        raise unreadable("unexpected-token", group.span, word, expected=("|",))
    quantity = notation.by_name[name]
    if time is None and (events[0].right is not None or not _is_lone(events[0])):
        # P(D = 1 | w): the probability of something else
        raise unreadable("unexpected-token", events[0].left.span, word, expected=("name",))
    if word in notation.sequences and time is not None:
        given = [_index(resolver, one, bound) for one in conditions if not _is_before(one)]
        if time in given:  # P(y_t | ..., y_t): a word that is known already
            raise unreadable("unexpected-token", group.span, word, expected=("<",))
    outer = None
    if quantity.indices == 2 and time is not None:
        found = [_index(resolver, condition, bound) for condition in conditions]
        outer = next((index for index in found if index is not None), None)
    if time is not None and quantity.indices == 0:
        return Symbol(name)
    return Symbol(name, time, outer=outer)


def _is_before(entry: layout.Entry) -> bool:
    """``y_{<t}``: all words before one, which need not be named."""
    lone = entry.left.lone_factor
    scripts = lone.scripts if lone is not None else ()
    groups = [one.content for one in scripts if isinstance(one.content, layout.Group)]
    below = any(part.kind == "below" or part.sign == "<" for one in groups for part in one.entries)
    return bool(entry.kind) or below


def _is_lone(entry: layout.Entry) -> bool:
    """Whether an event is a letter without an index."""
    lone = entry.left.lone_factor
    return lone is not None and not lone.scripts and isinstance(lone.nucleus, layout.Leaf)


def _indexed(
    resolver: Resolver, name: str, entries: tuple[layout.Entry, ...], bound: Bound
) -> Symbol:
    """``score(h_t, h_s)`` has the indices t and s; a quantity of one index takes the last."""
    for entry in entries:
        lone = entry.left.lone_factor
        if not entry.is_plain or lone is None or lone.partial:
            raise unreadable("unexpected-token", entry.left.span, expected=(",",))
    found = [_index(resolver, entry, bound) for entry in entries]
    indices = [index for index in found if index is not None]
    count = resolver.notation.by_name[name].indices
    if not indices or not count:
        return Symbol(name)
    if count == 2 and len(indices) > 1:
        return Symbol(name, indices[-1], outer=indices[0])
    return Symbol(name, indices[-1])


def _index(resolver: Resolver, entry: layout.Entry, bound: Bound) -> Index | None:
    """The index of an argument: ``w_{t+j}`` has t + j, ``O = o`` has o, a bare o is one itself."""
    notation = resolver.notation
    if entry.kind not in ("", "below"):
        return None
    expr = entry.right if entry.right is not None and entry.sign == "=" else entry.left
    lone = expr.lone_factor
    if lone is None or not isinstance(lone.nucleus, layout.Leaf) or lone.nucleus.kind != "NAME":
        return None
    word = lone.nucleus.text
    allowed = allowed_in_script(bound, notation)
    if not lone.scripts:
        usual = word in notation.bases and word not in notation.index_letters
        return None if usual and word not in bound else to_index(expr, allowed)
    items = script_items(lone.scripts, allowed, lambda label: is_label(notation, word, label))
    found = [item.index for item in items if item.kind == "index" and item.index is not None]
    return found[0] if found else None
