"""From the layout tree to the typed tree: what each script, bracket and fraction means.

Here it is decided whether ``z(t-1)`` is a time step, ``f(u)`` an application and ``W(x)`` a
product; whether a superscript is a time, an update number, a transpose or a power; and which
fractions are derivatives. What can't be decided is trouble, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.formulas.notations import LENGTHS, UPDATE_LETTERS, USUAL_INDICES, Notation
from engine.formulas.reader import calls, layout
from engine.formulas.reader.big_operators import resolve_big
from engine.formulas.reader.constant_steps import ConstantSteps
from engine.formulas.reader.indices import (
    allowed_as_value,
    allowed_in_script,
    index_name,
    index_node,
    is_letter_t,
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
from engine.formulas.reader.products import Differential, increments, product, quotient
from engine.formulas.reader.program_steps import fill_times
from engine.formulas.reader.scripts import Item, script_items
from engine.formulas.tree import (
    Apply,
    Derivative,
    Equation,
    Node,
    Number,
    Power,
    Span,
    Sum,
    Symbol,
    Transpose,
)
from engine.formulas.trouble import nearest_names, unreadable

Bound = frozenset[str]


@dataclass
class Resolver:
    """Resolves one statement in one notation."""

    notation: Notation
    constants: ConstantSteps = field(default_factory=ConstantSteps)
    nesting: int = 0
    calls_in_a_row: int = 0
    relative: bool = False  # a name said prev or next

    def equation(self, chain: layout.Chain) -> Equation:
        """The typed tree of a chain. Raises ``Unreadable``."""
        sides = tuple(self.expr(link, frozenset()) for link in chain.links)
        links, grows = increments(sides, self.notation.by_name)
        self.constants.settle(links)
        arrow = grows or "<-" in chain.relations[:1]
        equation = Equation(links, arrow, span=(chain.links[0].span[0], chain.links[-1].span[1]))
        return fill_times(equation, self.notation, True) if self.relative else equation

    # -- sums, terms, factors

    def expr(self, expr: layout.Expr, bound: Bound) -> Node:
        nodes = [self.term(term, bound) for term in expr.terms]
        if len(nodes) == 1 and expr.signs == (1,):
            return nodes[0]
        if isinstance(nodes[0], Number) and nodes[0].value == 1 and expr.signs[:2] == (1, -1):
            self.constants.refuse_square(expr.terms[1])
        return Sum(tuple(nodes), expr.signs, span=expr.span)

    def term(self, term: layout.Term, bound: Bound) -> Node:
        return product(self.parts(term, bound), term.span)

    def parts(self, term: layout.Term, bound: Bound) -> list[tuple[str, Node]]:
        """The factors of a term, each with the operator before it."""
        parts: list[tuple[str, Node]] = []
        at = 0
        while at < len(term.factors):
            sign = term.operators[at - 1] if at else ""
            if at and sign == "" and calls.is_letter_capital_t(term.factors[at]):
                raise unreadable("ambiguous-script", term.factors[at].span, "T", expected=("^T",))
            node, used = self._operand(term, at, bound)
            parts.append((sign, node))
            at += used
        if term.big is not None:
            first, *others = resolve_big(self, term.big, bound)
            parts.extend([(term.last, first[1]), *others])
        return parts

    def _operand(self, term: layout.Term, at: int, bound: Bound) -> tuple[Node, int]:
        """The node that begins at factor ``at``, and how many factors it took."""
        factor = term.factors[at]
        following = None
        if at + 1 < len(term.factors) and term.operators[at] == "":
            following = term.factors[at + 1]
        is_last = at + 2 == len(term.factors) and term.big is None
        node, used = self.factor(factor, following, is_last, bound)
        if factor.negative:
            node = Sum((node,), (-1,), span=factor.span)
        return node, used

    def factor(
        self, factor: layout.Factor, following: layout.Factor | None, is_last: bool, bound: Bound
    ) -> tuple[Node, int]:
        nucleus = factor.nucleus
        if isinstance(nucleus, layout.Leaf) and nucleus.kind == "NAME":
            return self._name(factor, nucleus, following, is_last, bound)
        if isinstance(nucleus, layout.Leaf):
            if nucleus.kind != "NUMBER":
                raise unreadable("unexpected-token", nucleus.span, nucleus.text)
            node: Node = Number(Fraction(nucleus.text), span=nucleus.span)
        elif isinstance(nucleus, layout.Group):
            node = self.single(nucleus, bound)
        elif isinstance(nucleus, layout.Fraction):
            node = self._fraction(nucleus, bound)
        elif isinstance(nucleus, layout.Root):
            node = Apply("sqrt", self._nucleus(nucleus.radicand, bound), span=nucleus.span)
        elif isinstance(nucleus, layout.Gradient):
            by = self._nucleus(nucleus.by, bound)
            if not (isinstance(by, Symbol) and by.name in self.notation.by_name):
                raise unreadable("unexpected-token", nucleus.by.span, expected=("name",))
            of = self._nucleus(nucleus.of, bound) if nucleus.of else Symbol("E", span=nucleus.span)
            node = Derivative(of, by, span=nucleus.span)
        else:
            if following is None or not is_last:
                raise unreadable("unexpected-token", nucleus.span, "∂")
            of, _ = self.factor(following, None, False, bound)
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

    def _nucleus(self, nucleus: layout.Nucleus, bound: Bound) -> Node:
        if isinstance(nucleus, layout.Group):
            return self.single(nucleus, bound)
        node, _ = self.factor(layout.Factor(nucleus, (), nucleus.span), None, False, bound)
        return node

    # -- names

    def _name(
        self,
        factor: layout.Factor,
        leaf: layout.Leaf,
        following: layout.Factor | None,
        is_last: bool,
        bound: Bound,
    ) -> tuple[Node, int]:
        base = leaf.text
        if base in self.notation.function_words:
            function = self.notation.function_words[base]
            order = 1 if factor.partial == "d" else 0
            items = self._items(factor.scripts, base, bound)
            node, used = calls.apply(
                self, function, order, items, factor, following, is_last, bound
            )
            if factor.partial == "∂":
                node = Differential(node, "∂", span=factor.span)
            return node, used
        if base in calls.CALL_WORDS and following is not None and not factor.scripts:
            return calls.call(self, base, factor, following, bound), 2
        items = self._items(factor.scripts, base, bound)
        # Above and below don't overtake one another in LaTeX: x^T_t is x_t^T.
        items.sort(key=lambda item: item.mark != "_")
        labels = tuple(item.word for item in items if item.kind == "label")
        if base == "d" and labels and labels[0] in self.notation.function_words:
            function = self.notation.function_words[labels[0]]
            rest = [item for item in items if item.kind != "label"]
            return calls.apply(self, function, 1, rest, factor, following, is_last, bound)
        value = self._index_value(factor, leaf, following, bound)
        if value is not None:
            return value, 1
        ends = [item.span[1] for item in items if item.kind == "label"]
        span = (leaf.span[0], max([leaf.span[1], *ends]))
        named = find(self.notation, base, labels, span, "_".join((base, *labels)))
        self.relative = self.relative or named.offset is not None
        rest = [item for item in items if item.kind != "label"]
        used = 1
        for item in rest:
            self._check_index(named, item, (span[0], item.span[1]), bound)
        if not rest and named.offset is None and following is not None:
            bracket = self._time_in_brackets(named, following, bound)
            if bracket is not None:
                rest, used = bracket, 2
                factor = replace(factor, span=(factor.span[0], following.span[1]))
        if used == 1 and named.quantity.kind == "loss" and not factor.partial:
            self._refuse_call(following)
        stepless = not rest and named.offset is None
        if stepless and bound & {base, named.quantity.letter}:
            raise unreadable("index-as-value", leaf.span, base)
        node = self._symbol(named, rest, factor.span, bound)
        if named.gradient:
            node = gradient_of_loss(node, factor.span)
        if factor.partial:
            node = Differential(node, factor.partial, span=factor.span)
        return node, used

    def _refuse_call(self, following: layout.Factor | None) -> None:
        """``E(W)`` says what the loss depends on; a product with W it is not."""
        group = following.nucleus if following is not None else None
        if isinstance(group, layout.Group) and group.kind == "(":
            raise unreadable("unexpected-token", group.span, "(", expected=("/",))

    def _items(self, scripts: tuple[layout.Script, ...], base: str, bound: Bound) -> list[Item]:
        return script_items(
            scripts, allowed_in_script(bound), lambda word: is_label(self.notation, base, word)
        )

    def _check_index(self, named: Named, item: Item, span: Span, bound: Bound) -> None:
        """``W_x`` and ``δ_h`` are names of other quantities, not a step x or h."""
        if item.index is None or not item.index.variables:
            return
        parameter = named.quantity.kind == "parameter"
        usual = UPDATE_LETTERS if parameter and item.mark == "_" else USUAL_INDICES
        if not any(name in usual or name in bound for name in item.index.variables):
            names = list(self.notation.spelt)
            found = named.quantity.ascii + "_" + "".join(item.index.variables)
            near = nearest_names(found, names)
            raise unreadable("unknown-name", span, found[:40], nearest=near)

    def _index_value(
        self,
        factor: layout.Factor,
        leaf: layout.Leaf,
        following: layout.Factor | None,
        bound: Bound,
    ) -> Node | None:
        """A length (1/T) as a value; any other index in value position is trouble."""
        name = index_name(leaf.text)
        lone_t = name == "T" and len(factor.scripts) == 1 and is_letter_t(factor.scripts[0])
        if lone_t or (name in LENGTHS and not factor.scripts):
            return Symbol("T_t" if lone_t else name, span=factor.span)
        declared = leaf.text in self.notation.bases
        plain = not factor.scripts and not factor.partial
        if declared and following is not None and isinstance(following.nucleus, layout.Group):
            plain = False  # z[t-z-1] inside a sum over z: the bracket decides
        if (leaf.text in bound and plain) or (
            not declared and allowed_as_value(self.notation, bound)(leaf.text)
        ):
            raise unreadable("index-as-value", factor.span, leaf.text)
        return None

    def _time_in_brackets(
        self, named: Named, following: layout.Factor, bound: Bound
    ) -> list[Item] | None:
        """``z(t-1)`` and ``delta[t,k]``: the bracket's index and its own scripts, or None."""
        group = following.nucleus
        kind = named.quantity.kind
        if not isinstance(group, layout.Group) or kind == "scalar" or following.partial:
            return None
        allowed = allowed_as_value(self.notation, bound)
        entries = [e.left for e in group.entries if e.right is None and e.upper is None]
        indices = [to_index(entry, allowed) for entry in entries]
        if len(entries) != len(group.entries) or any(index is None for index in indices):
            return None
        if group.kind not in ("(", "[", "⟨") or len(indices) > 2:
            return None
        constant = all(index is not None and not index.coefficients for index in indices)
        if constant and kind == "parameter" and group.kind == "(":
            raise unreadable("ambiguous-script", following.span)
        names = {name for index in indices if index for name in index.variables}
        if names and names <= self.notation.bases:
            raise unreadable("ambiguous-script", following.span)
        paired = len(indices) == 2
        items = [Item("index", "[", following.span, index=i, paired=paired) for i in indices]
        return items + self._items(following.scripts, "", bound)

    def _symbol(self, named: Named, items: list[Item], span: Span, bound: Bound) -> Node:
        node: Node = symbol(named, span)
        at = 0
        while at < len(items):
            item = items[at]
            pair = items[at + 1] if at + 1 < len(items) and item.paired else None
            if pair is not None:
                node = self._double_index(named, node, item, pair)
                at += 2
                continue
            placed = self._placed(named, node, item, bound)
            if placed is None and named.quantity.kind in ("signal", "loss"):
                self._check_power(item)
            node = placed if placed is not None else self._scripted_once(node, item, bound)
            at += 1
        return node

    def _check_power(self, item: Item) -> None:
        """A second script of a signal is a whole power above 1 (z_t^2), or it is trouble."""
        if item.index is not None and not item.bare_t:
            power = 0 if item.index.variables else item.index.constant
            if power < 2 or item.mark != "^":
                raise unreadable("unexpected-script", item.span)

    def _double_index(self, named: Named, node: Node, first: Item, second: Item) -> Node:
        deltas = ("delta", "delta_out")
        if not (isinstance(node, Symbol) and node.time is None and named.quantity.name in deltas):
            raise unreadable("unexpected-script", first.span)
        return replace(node, outer=first.index, time=second.index)

    def _placed(self, named: Named, node: Node, item: Item, bound: Bound) -> Node | None:
        """The symbol with ``item`` as its time or update number, or None if it is neither."""
        kind = named.quantity.kind
        if item.kind != "index" or item.index is None or not isinstance(node, Symbol):
            return None
        if kind == "scalar" or (item.bare_t and item.mark == "^" and kind != "loss"):
            return None
        if kind == "parameter":
            if node.update is None and (item.mark != "^" or is_update_number(item.index, bound)):
                return replace(node, update=item.index)
            return None
        if node.time is not None:
            return None
        if not item.index.variables:
            self.constants.note(item.index.constant, item.mark, item.span)
        return replace(node, time=item.index)

    # -- scripts of anything else

    def scripted(
        self,
        node: Node,
        scripts: tuple[layout.Script, ...],
        bound: Bound,
        start: int | None = None,
    ) -> Node:
        """``node`` with scripts; ``start`` is where its brackets open."""
        for item in self._items(scripts, "", bound):
            lone = isinstance(node, Symbol) and node.time is None and node.update is None
            placeable = lone and item.index is not None and not item.bare_t
            if placeable and isinstance(node, Symbol) and item.index and item.index.variables:
                quantity = self.notation.by_name.get(node.name)
                if quantity is not None:
                    self._check_index(Named(quantity), item, item.span, bound)
                    if placed := self._placed(Named(quantity), node, item, bound):
                        node = placed
                        continue
            node = self._scripted_once(node, item, bound, start)
        return node

    def _scripted_once(
        self, node: Node, item: Item, bound: Bound, start: int | None = None
    ) -> Node:
        begin = node.span[0] if node.span else item.span[0]
        span = (begin if start is None else min(start, begin), item.span[1])
        transposes = item.bare_t and item.mark == "^"
        if item.kind == "prime" and isinstance(node, Apply):
            raise unreadable("ambiguous-script", item.span, "'")
        if item.kind in ("transpose", "prime") or transposes:
            return Transpose(node, span=span)
        if item.mark != "^" or item.kind == "label":
            raise unreadable("unexpected-script", item.span, item.word)
        if item.kind == "value":
            if isinstance(node, Symbol) and self._needs_index(node):
                raise unreadable("unexpected-script", item.span)
            assert item.expr is not None
            return Power(node, self.expr(item.expr, bound), span=span)
        assert item.index is not None
        if isinstance(node, Symbol) and item.index.variables and node.name == "eps":
            raise unreadable("unexpected-script", item.span)
        return Power(node, index_node(item.index), span=span)

    def _needs_index(self, node: Symbol) -> bool:
        quantity = self.notation.by_name.get(node.name)
        return quantity is not None and quantity.kind == "signal" and node.time is None

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
