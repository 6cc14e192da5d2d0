"""A name with its scripts and brackets: which quantity it is, at which step, or which call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.formulas.notations import POSITION_WORDS, UPDATE_LETTERS, USUAL_INDICES, Quantity
from engine.formulas.reader import calls, layout
from engine.formulas.reader.exponentials import exponential
from engine.formulas.reader.index_brackets import index_in_brackets
from engine.formulas.reader.indices import (
    allowed_as_value,
    allowed_in_script,
    index_name,
    scripted_name,
    to_index,
)
from engine.formulas.reader.naming import (
    Named,
    find,
    gradient_of_loss,
    is_label,
    is_update_number,
    symbol,
)
from engine.formulas.reader.probabilities import call_of_quantity
from engine.formulas.reader.products import Differential
from engine.formulas.reader.scripts import Item, script_items
from engine.formulas.tree import Index, Node, Power, Span, Symbol
from engine.formulas.trouble import Candidates, unreadable

_STEP = Index.of(0, t=1)

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver, Tail


def resolve_name(
    resolver: Resolver,
    factor: layout.Factor,
    leaf: layout.Leaf,
    following: layout.Factor | None,
    tail: Tail,
    bound: Bound,
) -> tuple[Node, int]:
    """The node of a name, and how many factors it took. Raises ``Unreadable``."""
    notation, base = resolver.notation, leaf.text
    entry = base in notation.calls and factor.scripts and notation.find(base) is not None
    if base in notation.call_words and following is not None and not entry:
        called = call_of_quantity(resolver, base, factor, following, bound)
        if called is not None:
            return called, 2
    if base == calls.LOSS and base in notation.functions_by_name and following is not None:
        group, span = following.nucleus, (factor.span[0], following.span[1])
        if isinstance(group, layout.Group) and not factor.scripts and not following.scripts:
            return calls.unknown_loss(resolver, group, span, bound), 2
    if base in notation.function_words and not _is_quantity(resolver, factor, following):
        return _function(resolver, factor, base, following, tail, bound)
    if base in calls.CALL_WORDS and following is not None and not factor.scripts:
        return calls.call(resolver, base, factor, following, bound), 2
    if (power := exponential(resolver, factor, base, bound)) is not None:
        return power, 1
    items = items_of(resolver, factor.scripts, base, bound)
    # Above and below don't overtake one another in LaTeX: x^T_t is x_t^T.
    items.sort(key=lambda item: item.mark != "_")
    base, items = _with_prime(resolver, base, items)
    items = _without_note(resolver, base, items)
    labels = tuple(item.word for item in items if item.kind == "label")
    if base == "d" and labels and labels[0] in notation.function_words:
        function = notation.function_words[labels[0]]
        rest = [item for item in items if item.kind != "label"]
        return calls.apply(resolver, function, 1, rest, factor, following, tail, bound)
    value = _index_value(resolver, factor, leaf, following, bound)
    if value is not None:
        return value, 1
    return _quantity(resolver, factor, leaf, base, labels, items, following, bound)


def _quantity(
    resolver: Resolver,
    factor: layout.Factor,
    leaf: layout.Leaf,
    base: str,
    labels: tuple[str, ...],
    items: list[Item],
    following: layout.Factor | None,
    bound: Bound,
) -> tuple[Node, int]:
    ends = [item.span[1] for item in items if item.kind == "label"]
    span = (leaf.span[0], max([leaf.span[1], *ends]))
    if base in POSITION_WORDS and labels and base not in resolver.notation.bases:
        base, *others = labels  # prev_h
        labels = (*others, leaf.text)
    named = find(
        resolver.notation, base, labels, span, "_".join((base, *labels)), resolver.renewing
    )
    resolver.relative = resolver.relative or named.offset is not None
    signal = named.quantity.kind == "signal"
    resolver.renewed = resolver.renewed or (signal and "new" in labels)
    rest = [item for item in items if item.kind != "label"]
    used = 1
    for item in rest:
        check_index(resolver, named, item, (span[0], item.span[1]), bound)
    if not rest and named.offset is None and following is not None:
        bracket = index_in_brackets(resolver, named, factor.span[1], following, bound)
        if bracket is not None:
            rest, used = bracket + items_of(resolver, following.scripts, "", bound), 2
            factor = replace(factor, span=(factor.span[0], following.span[1]))
    if len(rest) == 1 and used == 1 and named.quantity.indices == 2 and following is not None:
        second = _second_in_brackets(resolver, named, rest[0], following, bound)
        if second is not None:
            rest, used = second, 2
            factor = replace(factor, span=(factor.span[0], following.span[1]))
    if used == 1 and named.quantity.kind == "loss" and not factor.partial:
        used = _arguments_of_loss(resolver, following)
    stepless = not rest and named.offset is None
    if stepless and bound & {base, named.quantity.letter}:
        raise unreadable("index-as-value", leaf.span, base)
    node = _symbol(resolver, named, rest, factor.span, bound)
    if named.gradient:
        node = gradient_of_loss(node, factor.span)
    if factor.partial:
        node = Differential(node, factor.partial, span=factor.span)
    return node, used


def _function(
    resolver: Resolver,
    factor: layout.Factor,
    base: str,
    following: layout.Factor | None,
    tail: Tail,
    bound: Bound,
) -> tuple[Node, int]:
    function = resolver.notation.function_words[base]
    order = 1 if factor.partial == "d" else 0
    items = items_of(resolver, factor.scripts, base, bound)
    node, used = calls.apply(resolver, function, order, items, factor, following, tail, bound)
    if factor.partial == "∂":
        node = Differential(node, "∂", span=factor.span)
    return node, used


def _is_quantity(
    resolver: Resolver, factor: layout.Factor, following: layout.Factor | None
) -> bool:
    """Whether a word that is also a function names a quantity here: ``f_t``, ``σ^2``, ``f(t)``."""
    notation, word = resolver.notation, factor.nucleus
    assert isinstance(word, layout.Leaf)
    if word.text not in notation.bases:
        return False
    if any(script.kind in "_^" for script in factor.scripts):
        return True
    if notation.find(word.text) is None:
        return False  # log_var is a name, log alone is not
    group = following.nucleus if following is not None else None
    if not isinstance(group, layout.Group) or group.kind != "(" or group.single is None:
        return True
    index = to_index(group.single, allowed_as_value(notation, frozenset()))
    return index is not None and bool(index.variables)


def _arguments_of_loss(resolver: Resolver, following: layout.Factor | None) -> int:
    """How many factors a loss takes with its arguments: ``J(θ)``, ``l(y, ŷ)``.

    ``E(W)`` says what the loss depends on; a product with W it is not, nor anything to be read.
    """
    group = following.nucleus if following is not None else None
    if not isinstance(group, layout.Group) or group.kind != "(":
        return 1
    lone = group.single.lone_factor if group.single is not None else None
    leaf = lone.nucleus if lone is not None else None
    unknown = isinstance(leaf, layout.Leaf) and leaf.kind == "NAME"
    if unknown and isinstance(leaf, layout.Leaf):
        unknown = leaf.text not in {*resolver.notation.bases, *resolver.notation.function_words}
        unknown = unknown and leaf.text not in UPDATE_LETTERS
    if len(group.entries) > 1 or unknown:
        return 2
    raise unreadable("unexpected-token", group.span, "(", expected=("/",))


def items_of(
    resolver: Resolver, scripts: tuple[layout.Script, ...], base: str, bound: Bound
) -> list[Item]:
    """What the scripts of ``base`` say."""
    notation = resolver.notation
    return script_items(
        scripts,
        allowed_in_script(bound, notation),
        lambda word: is_label(notation, base, word),
        base in notation.paired,
    )


def _without_note(resolver: Resolver, base: str, items: list[Item]) -> list[Item]:
    """``J_{neg-sample}``, ``L_{CE}``: which loss it is says the page, not the formula."""
    quantity = resolver.notation.find(base)
    if quantity is None or quantity.kind != "loss":
        return items
    return [
        item
        for item in items
        if item.mark != "_" or item.kind not in ("label", "value") or _is_own(resolver, base, item)
    ]


def _is_own(resolver: Resolver, base: str, item: Item) -> bool:
    return item.kind == "label" and resolver.notation.find(base, (item.word,)) is not None


def _with_prime(resolver: Resolver, base: str, items: list[Item]) -> tuple[str, list[Item]]:
    """``v'`` where the notation has a letter of that name."""
    primes = [item for item in items if item.kind == "prime"]
    if len(primes) != 1 or f"{base}prime" not in resolver.notation.bases:
        return base, items
    return f"{base}prime", [item for item in items if item is not primes[0]]


def check_index(resolver: Resolver, named: Named, item: Item, span: Span, bound: Bound) -> None:
    """``W_x`` and ``δ_h`` are names of other quantities, not a step x or h."""
    if item.index is None or not item.index.variables:
        return
    notation = resolver.notation
    parameter = named.quantity.kind == "parameter" and named.quantity.indices != 2
    usual = UPDATE_LETTERS if parameter and item.mark == "_" else USUAL_INDICES
    usual |= notation.values | notation.index_letters
    names = [name.removesuffix("prime") for name in item.index.variables]
    if not any(
        name in usual or bare in usual or name in bound
        for name, bare in zip(item.index.variables, names, strict=True)
    ):
        found = named.quantity.ascii + "_" + "".join(item.index.variables)
        known = Candidates((found,), tuple(notation.spelt))
        raise unreadable("unknown-name", span, found[:40], names=known)


def _index_value(
    resolver: Resolver,
    factor: layout.Factor,
    leaf: layout.Leaf,
    following: layout.Factor | None,
    bound: Bound,
) -> Node | None:
    """A length or a size (1/T) as a value; any other index in value position is trouble."""
    notation = resolver.notation
    name = index_name(leaf.text)
    whole = scripted_name(name, factor.scripts)
    label = tuple(filter(None, (whole[len(name) + 1 :],)))
    if whole in notation.values and notation.find(leaf.text, label) is None:
        return Symbol(whole, span=factor.span)
    declared = leaf.text in notation.bases
    below = tuple(script for script in factor.scripts if script.kind == "_")
    if below and len(below) < len(factor.scripts):  # T_y^α
        size = scripted_name(name, below)
        if size in notation.sizes and notation.find(leaf.text, (size[len(name) + 1 :],)) is None:
            above = tuple(script for script in factor.scripts if script.kind != "_")
            raised = replace(factor, scripts=above)
            return _power_of_size(resolver, Symbol(size, span=leaf.span), raised, bound)
    if name in notation.values and not declared and factor.scripts:
        return _power_of_size(resolver, Symbol(name, span=leaf.span), factor, bound)
    plain = not factor.scripts and not factor.partial
    if declared and following is not None and isinstance(following.nucleus, layout.Group):
        plain = False  # z[t-z-1] inside a sum over z: the bracket decides
    if (leaf.text in bound and plain) or (
        not declared and allowed_as_value(notation, bound)(leaf.text)
    ):
        raise unreadable("index-as-value", factor.span, leaf.text)
    return None


def _power_of_size(
    resolver: Resolver, size: Symbol, factor: layout.Factor, bound: Bound
) -> Node | None:
    """``L^α``: a size to a power."""
    items = items_of(resolver, factor.scripts, "", bound)
    if any(item.mark != "^" or item.kind not in ("index", "value") for item in items):
        return None
    node: Node = size
    for item in items:
        node = Power(node, resolver.exponent(item, bound), span=factor.span)
    return node


def _second_in_brackets(
    resolver: Resolver, named: Named, first: Item, following: layout.Factor, bound: Bound
) -> list[Item] | None:
    """``a_t(s)``: one index below, the other in brackets; None for anything else."""
    group = following.nucleus
    lone = isinstance(group, layout.Group) and group.kind in "([" and len(group.entries) == 1
    if first.kind != "index" or first.mark != "_" or not lone:
        return None
    second = index_in_brackets(resolver, named, first.span[1], following, bound)
    if second is None or len(second) != 1 or second[0].index is None:
        return None
    if not second[0].index.variables:
        return None
    return [replace(item, paired=True) for item in (first, second[0])]


# -- symbols


def _symbol(resolver: Resolver, named: Named, items: list[Item], span: Span, bound: Bound) -> Node:
    node: Node = symbol(named, span)
    apart = _indices_apart(named.quantity, items)
    if apart is not None:
        first, second = apart
        node = _double_index(named, node, first, second)
        items = [item for item in items if item is not first and item is not second]
    at = 0
    while at < len(items):
        item = items[at]
        pair = items[at + 1] if at + 1 < len(items) and item.paired else None
        if pair is not None:
            node = _double_index(named, node, item, pair, resolver.notation.drops_steps)
            at += 2
            continue
        put = placed(resolver, named, node, item, bound)
        if put is None and named.quantity.kind in ("signal", "loss"):
            _check_power(named.quantity, item)
        node = put if put is not None else resolver.scripted_once(node, item, bound)
        at += 1
    return node


def _indices_apart(quantity: Quantity, items: list[Item]) -> tuple[Item, Item] | None:
    """One index below and one above: ``α_t^{(j)}``. A step t stands before the other one."""
    if quantity.indices != 2:
        return None
    found = [item for item in items if item.kind == "index" and not item.bare_t]
    if len(found) != 2 or found[0].paired or {item.mark for item in found} != {"_", "^"}:
        return None
    below, above = found
    if above.index is None or below.index is None or not above.index.variables:
        return None
    steps = [index.variables == ("t",) for index in (below.index, above.index)]
    return (above, below) if steps == [False, True] else (below, above)


def _check_power(quantity: Quantity, item: Item) -> None:
    """A second script of a signal is a whole power above 1 (z_t^2), or it is trouble."""
    if item.index is not None and not item.bare_t:
        power = 0 if item.index.variables else item.index.constant
        if power < 2 or item.mark != "^":
            raise unreadable("unexpected-script", item.span)


def _double_index(named: Named, node: Node, first: Item, second: Item, drops: bool = False) -> Node:
    quantity = named.quantity
    takes_two = quantity.indices == 2 or quantity.name.startswith("delta")
    beside_step = drops and first.index == _STEP != second.index
    if beside_step and quantity.indices == 1 and isinstance(node, Symbol) and node.time is None:
        return replace(node, time=second.index)
    if not (isinstance(node, Symbol) and node.time is None and takes_two):
        raise unreadable("unexpected-script", first.span)
    return replace(node, outer=first.index, time=second.index)


def placed(resolver: Resolver, named: Named, node: Node, item: Item, bound: Bound) -> Symbol | None:
    """The symbol with ``item`` as its time or update number, or None if it is neither."""
    quantity = named.quantity
    kind = quantity.kind
    if item.kind != "index" or item.index is None or not isinstance(node, Symbol):
        return None
    if kind == "loss" and resolver.notation.drops_steps and item.index == _STEP:
        return node
    if kind == "scalar" or quantity.indices == 0:
        return None
    if item.bare_t and item.mark == "^" and kind != "loss":
        return None
    if kind == "parameter" and not (quantity.indices == 2 and item.mark != "^"):
        if node.update is None and (item.mark != "^" or is_update_number(item.index, bound)):
            return replace(node, update=item.index)
        return None
    if node.time is not None:
        return None
    if kind == "loss" and item.mark == "_" and item.index.variables == ("theta",):
        return node  # J_θ: what the loss depends on
    if not item.index.variables:
        if item.mark == "^" and (quantity.indices == 2 or resolver.notation.indices_below):
            return None
        resolver.constants.note(item.index.constant, item.mark, item.span)
    return replace(node, time=item.index)
