"""``e^{x}``: the exponential function, written as a power of the letter e."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas.reader import layout
from engine.formulas.reader.indices import allowed_in_script, to_index
from engine.formulas.tree import Apply, Node, Sum

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver


def exponential(resolver: Resolver, factor: layout.Factor, base: str, bound: Bound) -> Node | None:
    """The exponential of what stands above an e that names no quantity here, or None.

    Where e is a quantity (the scores of attention), only an exponent that is no index makes it one.
    """
    if base != "e" or factor.partial or len(factor.scripts) != 1:
        return None
    script = factor.scripts[0]
    if script.kind != "^" or script.content is None:
        return None
    inner = layout.Factor(script.content, (), script.span, negative=script.negative)
    expr = layout.Expr((layout.Term((inner,), (), None, "", script.span),), (1,), script.span)
    if isinstance(script.content, layout.Group) and script.content.single is None:
        return None
    if base in resolver.notation.bases:
        if script.negative or isinstance(script.content, layout.Leaf):
            return None
        if to_index(expr, allowed_in_script(bound, resolver.notation)) is not None:
            return None
    argument = resolver.expr(expr, bound)
    if isinstance(argument, Sum) and len(argument.terms) == 1:
        argument = Sum(argument.terms, argument.signs, span=script.span)
    return Apply("exp", argument, span=factor.span)
