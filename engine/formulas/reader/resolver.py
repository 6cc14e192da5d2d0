"""From the layout tree to the typed tree: what each script, bracket and fraction means.

Here it is decided whether ``z(t-1)`` is a time step, ``f(u)`` an application and ``W(x)`` a
product; whether a superscript is a time, an update number, a transpose or a power; and which
fractions are derivatives. What can't be decided is trouble, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from engine.formulas.notations import Notation
from engine.formulas.reader import calls, layout
from engine.formulas.reader.big_operators import resolve_big
from engine.formulas.reader.components import component
from engine.formulas.reader.constant_steps import ConstantSteps
from engine.formulas.reader.groups import cases, comparison, resolve_group
from engine.formulas.reader.indices import index_node
from engine.formulas.reader.names import check_index, items_of, placed, resolve_name
from engine.formulas.reader.naming import Named
from engine.formulas.reader.products import (
    Differential,
    added_to,
    increments,
    product,
    quotient,
)
from engine.formulas.reader.program_steps import fill_times, renewed_value
from engine.formulas.reader.scripts import Item
from engine.formulas.tree import (
    Apply,
    Derivative,
    Equation,
    Index,
    Node,
    Number,
    Power,
    Span,
    Sum,
    Symbol,
    Transpose,
    walk,
)
from engine.formulas.trouble import unreadable

Bound = frozenset[str]
Tail = layout.Tail


@dataclass
class Resolver:
    """Resolves one statement in one notation."""

    notation: Notation
    constants: ConstantSteps = field(default_factory=ConstantSteps)
    nesting: int = 0
    left_indices: Bound = frozenset()
    calls_in_a_row: int = 0
    functions_in_a_row: int = 0
    renewing: bool = False  # the statement is an equation, and may say new and old
    renewed: bool = False  # a signal said new
    relative: bool = False  # a name said prev or next
    left_out: list[Span] = field(default_factory=list)  # what was read and means nothing here

    def equation(self, chain: layout.Chain) -> Equation:
        """The typed tree of a chain. Raises ``Unreadable``."""
        self.renewing = len(chain.links) > 1
        first = self.expr(chain.links[0], frozenset())
        self.left_indices = _indices(first) if len(chain.links) > 1 else frozenset()
        sides = (first, *(self.expr(link, frozenset()) for link in chain.links[1:]))
        if "+=" in chain.relations:
            sides = added_to(sides, chain)
        links, grows = increments(sides, self.notation.by_name)
        self.constants.settle(links)
        arrow = grows or "<-" in chain.relations[:1]
        arrow = arrow or (chain.relations == ("+=",) and not isinstance(links[0], Derivative))
        if chain.condition is not None:
            links = self._under_condition(links, chain.condition, arrow)
        equation = Equation(links, arrow, span=(chain.links[0].span[0], chain.links[-1].span[1]))
        if self.renewed:  # h_new = (1 - z) h + z h_bar: the h on the right is the old one
            return fill_times(renewed_value(equation, "new"), self.notation)
        return fill_times(equation, self.notation, True) if self.relative else equation

    def _under_condition(
        self, links: tuple[Node, ...], condition: layout.Condition, arrow: bool
    ) -> tuple[Node, ...]:
        """``g <- v g / |g| if |g| > v``: an assignment that is not made leaves the old value."""
        held = comparison(self, condition)
        value = links[-1]
        span = (value.span or held.span or (0, 0))[0], (held.span or (0, 0))[1]
        old = links[0] if arrow and len(links) == 2 else None
        return (*links[:-1], cases((value,), (held,), old, (min(span), max(span))))

    # -- sums, terms, factors

    def expr(self, expr: layout.Expr, bound: Bound) -> Node:
        nodes = [self.term(term, bound) for term in expr.terms]
        if len(nodes) == 1 and expr.signs == (1,):
            return nodes[0]
        if isinstance(nodes[0], Number) and nodes[0].value == 1 and expr.signs[:2] == (1, -1):
            self.constants.refuse_square(expr.terms[1])
        return Sum(tuple(nodes), expr.signs, span=expr.span)

    def term(self, term: layout.Term, bound: Bound) -> Node:
        return product(self.parts(term, bound), term.span, self.notation.inner_dots)

    def parts(self, term: layout.Term, bound: Bound) -> list[tuple[str, Node]]:
        """The factors of a term, each with the operator before it."""
        parts: list[tuple[str, Node]] = []
        at = 0
        while at < len(term.factors):
            sign = term.operators[at - 1] if at else ""
            if at and sign == "" and calls.is_letter_capital_t(term.factors[at]):
                raise unreadable("ambiguous-script", term.factors[at].span, "T", expected=("^T",))
            if (value := self._of_big(term, at, bound)) is not None:
                return [*parts, (sign, value)]
            node, used = self._operand(term, at, bound)
            parts.append((sign, node))
            at += used
        if term.big is not None:
            first, *others = resolve_big(self, term.big, bound)
            parts.extend([(term.last, first[1]), *others])
        return parts

    def _of_big(self, term: layout.Term, at: int, bound: Bound) -> Node | None:
        """``log Σ_k exp(v_k)``: a function of the sum that ends the term, or None."""
        factor = term.factors[at]
        leaf = factor.nucleus
        ends = at == len(term.factors) - 1 and term.big is not None and term.last == ""
        if not ends or factor.scripts or factor.partial or not isinstance(leaf, layout.Leaf):
            return None
        function = self.notation.function_words.get(leaf.text)
        if function is None or leaf.text in self.notation.bases or term.big is None:
            return None
        inner = product(resolve_big(self, term.big, bound), term.big.span)
        node: Node = Apply(function, inner, span=(factor.span[0], term.big.span[1]))
        return Sum((node,), (-1,), span=factor.span) if factor.negative else node

    def _operand(self, term: layout.Term, at: int, bound: Bound) -> tuple[Node, int]:
        """The node that begins at factor ``at``, and how many factors it took."""
        factor = term.factors[at]
        following = None
        if at + 1 < len(term.factors) and term.operators[at] == "":
            following = term.factors[at + 1]
        joined = term.big is None and not any(term.operators[at + 1 :])
        tail = term.factors[at + 2 :] if joined else None
        after = (*term.operators[at + 1 :], *((term.last,) if term.big is not None else ()))
        if after[:1] == ("/",):
            tail = ()  # log p / T: a slash ends what a function without brackets is applied to
        node, used = self.factor(factor, following, tail, bound)
        if factor.negative:
            node = Sum((node,), (-1,), span=factor.span)
        return node, used

    def factor(
        self, factor: layout.Factor, following: layout.Factor | None, tail: Tail, bound: Bound
    ) -> tuple[Node, int]:
        nucleus = factor.nucleus
        if isinstance(nucleus, layout.Leaf) and nucleus.kind == "NAME":
            return resolve_name(self, factor, nucleus, following, tail, bound)
        if isinstance(nucleus, layout.Leaf):
            if nucleus.kind != "NUMBER":
                raise unreadable("unexpected-token", nucleus.span, nucleus.text)
            node: Node = Number(Fraction(nucleus.text), span=nucleus.span)
        elif isinstance(nucleus, layout.Group):
            node = resolve_group(self, nucleus, bound)
        elif isinstance(nucleus, layout.Fraction):
            node = self._fraction(nucleus, bound)
        elif isinstance(nucleus, layout.Root):
            return self._root(factor, nucleus, bound), 1
        elif isinstance(nucleus, layout.Gradient):
            by = self._nucleus(nucleus.by, bound)
            if not (isinstance(by, Symbol) and by.name in self.notation.by_name):
                raise unreadable("unexpected-token", nucleus.by.span, expected=("name",))
            of = self._nucleus(nucleus.of, bound) if nucleus.of else Symbol("E", span=nucleus.span)
            node = Derivative(of, by, span=nucleus.span)
            if of == Symbol("E") and following is not None:
                group = following.nucleus
                if isinstance(group, layout.Group) and group.kind == "(":
                    return node, 2  # what the loss depends on
        else:
            if following is None or tail != ():
                raise unreadable("unexpected-token", nucleus.span, "∂")
            of, _ = self.factor(following, None, None, bound)
            by = self._differential_body(nucleus.by, bound)
            return Derivative(of, by, span=(nucleus.span[0], following.span[1])), 2
        node = self.scripted(node, factor.scripts, bound, factor.span[0])
        if factor.partial:
            node = Differential(node, factor.partial, span=factor.span)
        return node, 1

    def single(self, group: layout.Group, bound: Bound) -> Node:
        if group.single is None:
            raise unreadable("unexpected-token", group.span, ",")
        return self.expr(group.single, bound)

    def _root(self, factor: layout.Factor, root: layout.Root, bound: Bound) -> Node:
        """A root; below it stands a subscript that was typed behind (``√d_k``)."""
        radicand, scripts = root.radicand, factor.scripts
        if isinstance(radicand, layout.Group) and radicand.kind == "[":
            raise unreadable("unexpected-token", radicand.span, "[", expected=("(",))
        if isinstance(radicand, layout.Leaf):
            below = tuple(script for script in scripts if script.kind == "_")
            inner = layout.Factor(radicand, below, factor.span)
            argument, _ = self.factor(inner, None, None, bound)
            scripts = tuple(script for script in scripts if script.kind != "_")
        else:
            argument = self._nucleus(radicand, bound)
        node = Apply("sqrt", argument, span=root.span)
        return self.scripted(node, scripts, bound, factor.span[0])

    def _nucleus(self, nucleus: layout.Nucleus, bound: Bound) -> Node:
        if isinstance(nucleus, layout.Group):
            return resolve_group(self, nucleus, bound)
        node, _ = self.factor(layout.Factor(nucleus, (), nucleus.span), None, None, bound)
        return node

    # -- scripts of anything else

    def scripted(
        self,
        node: Node,
        scripts: tuple[layout.Script, ...],
        bound: Bound,
        start: int | None = None,
    ) -> Node:
        """``node`` with scripts; ``start`` is where its brackets open."""
        items = items_of(self, scripts, "", bound)
        if isinstance(node, Apply) and node.function == "norm":
            # ‖x‖_2 and ‖W‖_F are how a norm says that it is the Euclidean one.
            items = [item for item in items if not _names_euclidean(item)]
        for item in items:
            lone = isinstance(node, Symbol) and node.time is None and node.update is None
            placeable = lone and item.index is not None and not item.bare_t
            if placeable and isinstance(node, Symbol) and item.index and item.index.variables:
                quantity = self.notation.by_name.get(node.name)
                if quantity is not None:
                    check_index(self, Named(quantity), item, item.span, bound)
                    if put := placed(self, Named(quantity), node, item, bound):
                        node = put
                        continue
            chosen = component(self.notation, node, item, bound)
            node = chosen if chosen is not None else self.scripted_once(node, item, bound, start)
        return node

    def scripted_once(self, node: Node, item: Item, bound: Bound, start: int | None = None) -> Node:
        begin = node.span[0] if node.span else item.span[0]
        span = (begin if start is None else min(start, begin), item.span[1])
        transposes = item.bare_t and item.mark == "^"
        if item.kind == "prime" and isinstance(node, Apply):
            raise unreadable("ambiguous-script", item.span, "'")
        if item.kind in ("transpose", "prime") or transposes:
            return Transpose(node, span=span)
        if item.mark != "^" or item.kind == "label":
            raise unreadable("unexpected-script", item.span, item.word)
        needs_index = isinstance(node, Symbol) and self._needs_index(node)
        if item.kind == "value" and needs_index:
            raise unreadable("unexpected-script", item.span)
        eps = isinstance(node, Symbol) and node.name == "eps"
        if eps and item.index is not None and item.index.variables:
            raise unreadable("unexpected-script", item.span)
        return Power(node, self.exponent(item, bound), span=span)

    def exponent(self, item: Item, bound: Bound) -> Node:
        """What stands above as a value to raise to."""
        if item.index is not None:
            return index_node(item.index)
        assert item.expr is not None
        return self.expr(item.expr, bound)

    def _needs_index(self, node: Symbol) -> bool:
        quantity = self.notation.by_name.get(node.name)
        needs = quantity is not None and quantity.kind == "signal" and quantity.indices > 0
        return needs and node.time is None

    # -- fractions

    def _fraction(self, fraction: layout.Fraction, bound: Bound) -> Node:
        above = self._differential_or_value(fraction.numerator, bound)
        below = self._differential_or_value(fraction.denominator, bound)
        return quotient(above, below, fraction.span)

    def _differential_or_value(self, nucleus: layout.Nucleus, bound: Bound) -> Node:
        """Above or below a fraction line ``d E`` is a differential, although d is a signal too."""
        if isinstance(nucleus, layout.Group) and nucleus.single and len(nucleus.single.terms) == 1:
            term = nucleus.single.terms[0]
            if len(term.factors) > 1 and term.big is None and nucleus.single.signs == (1,):
                head = term.factors[0]
                leaf = head.nucleus
                plain = not head.scripts and not head.partial and term.operators[0] == ""
                if isinstance(leaf, layout.Leaf) and leaf.text == "d" and plain:
                    rest = layout.Term(term.factors[1:], term.operators[1:], None, "", term.span)
                    return Differential(self.term(rest, bound), "d", span=term.span)
        return self._nucleus(nucleus, bound)

    def _differential_body(self, nucleus: layout.Nucleus, bound: Bound) -> Node:
        node = self._differential_or_value(nucleus, bound)
        if not isinstance(node, Differential):
            raise unreadable("unexpected-token", nucleus.span, expected=("∂",))
        return node.node


def _names_euclidean(item: Item) -> bool:
    """The 2 or F below a norm."""
    number = item.index is not None and item.index == Index(constant=2)
    letter = item.word == "F" or (item.expr is not None and _lone_word(item.expr) == "F")
    return item.mark == "_" and (number or letter)


def _lone_word(expr: layout.Expr) -> str:
    lone = expr.lone_factor
    return lone.nucleus.text if lone and isinstance(lone.nucleus, layout.Leaf) else ""


def _indices(node: Node) -> Bound:
    """The letters of all indices of a side."""
    symbols = [part for part in walk(node) if isinstance(part, Symbol)]
    return frozenset(
        name
        for symbol in symbols
        for index in (symbol.time, symbol.outer)
        for name in (index.variables if index is not None else ())
    )
