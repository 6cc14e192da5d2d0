"""Derivations as data: from forward equations and the chain rule to the canonical answer.

Every step is generated from the structure of a model's equations: which of them read the quantity,
what each lets through, what is left when it is added up. A model without a term has no step for it.
A step holds trees and a code; the words for it are elsewhere.

Column layout: dE/dx is the sum over readers r of (dr/dx)^T dE/dr, and a weight W in r = W x has
dE/dr x^T. (Rumelhart, Hinton, Williams 1986; Werbos 1990 for the sum over time.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import cast

from engine.formulas.backward import (
    LAG,
    OWN,
    WHOLE,
    added,
    adjoint_tree,
    in_values,
    readers_of,
    shares_of,
    upstream_of,
)
from engine.formulas.construction import (
    NOW,
    at,
    gradient,
    minus,
    number,
    parameter,
    product,
    signal,
    transposed,
)
from engine.formulas.conventions import Convention
from engine.formulas.static_targets import StaticTarget, is_static_target
from engine.formulas.targets import Target, laid_out
from engine.formulas.tree import BigOperator, Derivative, Equation, Index, Node, Symbol, walk


@dataclass(frozen=True)
class Step:
    """One step: its ``code``, the equations that it states, and what its words speak of.

    Codes: ``asked`` (what is to be found), ``definition`` (a forward equation), ``inserted``
    (definitions put in), ``other-form`` (the same, written otherwise), ``reads`` (equations that
    read the quantity), ``unread`` (none does), ``reads-loss`` (the loss does), ``chain`` (the chain
    rule over them), ``local`` (what each lets through), ``needed`` (a gradient with no name of its
    own comes next), ``sum`` (all shares), ``put-in`` (what was needed is put in), ``loss`` (a known
    loss), ``boundary`` (the last step of the run), ``values`` (slopes written with values),
    ``share`` (one time step's share of a parameter's gradient), ``over-time`` (the sum over steps),
    ``lags`` (counted back from the last step), ``one-step`` (the loss of one step reaches the
    parameter once), ``rate`` (the update), ``product`` (over many steps), ``declared`` (stated with
    the model; tests hold it against the derivation).
    """

    code: str
    equations: tuple[Equation, ...] = ()
    about: Mapping[str, Node] = field(default_factory=dict)


def derivation(target: Target, convention: Convention | None = None) -> tuple[Step, ...]:
    """The steps that lead to ``target``'s canonical answer; the last one with equations states it.

    The trees are in the convention's layout and use the model's own names.
    """
    chosen = convention or Convention()
    if is_static_target(target):
        return tuple(_static(cast(StaticTarget, target)))
    return tuple(_Derivation(target, chosen).steps())


def equal(*links: Node) -> Equation:
    """An equation, links that repeat the one before left out."""
    kept = [link for place, link in enumerate(links) if not place or link != links[place - 1]]
    return Equation(tuple(kept))


class _Derivation:
    def __init__(self, target: Target, convention: Convention) -> None:
        self.target = target
        self.convention = convention
        self.model = target.model.under(convention)

    def steps(self) -> Iterator[Step]:
        match self.target.kind:
            case "forward":
                yield from self._forward()
            case "jacobian" | "jacobian-product":
                yield from self._jacobian()
            case "gradient":
                yield from self._gradient()
            case "update":
                yield from self._gradient()
                yield from self._update()
            case _:
                yield from self._adjoint()

    # -- layout

    def _lay(self, node: Node) -> Node:
        return laid_out(node, self.model, self.convention)

    def _equation(self, left: Node, *links: Node) -> Equation:
        """An equation about gradients; its left side is the same in every layout."""
        return equal(left, *map(self._lay, links))

    def _forward_equation(self, left: Node, body: Node) -> Equation:
        in_rows = self.convention.layout == "row"
        return Equation((left, self._lay(body) if in_rows else body))

    def _chained(self, upstream: Node, of: Node, by: Node) -> Node:
        """One summand of the chain rule, as it stands in the layout."""
        local = Derivative(of, by)
        if self.convention.layout == "column":
            return product(transposed(local), upstream)
        return product(upstream, local)

    # -- kinds of targets

    def _forward(self) -> Iterator[Step]:
        left = self.target.left
        first, *others = self.target.answers(self.convention)
        about = {"quantity": left}
        yield Step("definition", (self._forward_equation(left, first),), about)
        if others:
            put_in = tuple(self._forward_equation(left, body) for body in others)
            yield Step("inserted", put_in, about)

    def _adjoint(self) -> Iterator[Step]:
        name = self.model.gradients[self.target.quantity]
        time, through = NOW, WHOLE
        if self.target.kind == "lag-adjoint":
            time, through = at(-1, s=-1), LAG
        elif self.target.kind == "output-adjoint" or self.convention.loss == "step":
            through = OWN
        left = self.target.left
        yield Step("asked", (equal(left, gradient(signal(name, time))),), {"quantity": left})
        choice = self.model.output_losses[self.convention.output]
        if self.target.kind == "output-adjoint" and choice.adjoint:
            answers = self.target.answers(self.convention)
            yield from self._reads(name, time, through)
            told = {"quantity": signal(name), "output": signal(self.model.output)}
            yield Step("loss", tuple(self._equation(left, one) for one in answers), told)
            return
        yield from self._back_to(name, time, through, left)

    def _gradient(self) -> Iterator[Step]:
        name = self.target.quantity
        weight = Symbol(name)
        left = gradient(weight)
        yield Step("asked", (Equation((left,)),), {"quantity": weight})
        readers = [(r, e) for r, e in self.model.equations.items() if _reads(e, name)]
        if not readers:
            yield Step("unread", (equal(left, number(0)),), {"quantity": weight})
            return
        read = tuple(self._forward_equation(signal(r), e) for r, e in readers)
        yield Step("reads", read, {"quantity": weight})
        shares: list[Node] = []
        locals_: list[Equation] = []
        for reader, equation in readers:
            upstream = upstream_of(self.model, reader, NOW, WHOLE)
            found = list(shares_of(equation, weight, upstream))
            shares.extend(found)
            formal = self._formal_share(gradient(signal(reader)), signal(reader), weight)
            locals_.append(Equation((formal, self._lay(added(found)))))
        yield Step("share", tuple(locals_), {"quantity": weight, "reader": signal(readers[0][0])})
        yield from self._unnamed([(reader, NOW) for reader, _ in readers], WHOLE)
        answers = self._gradient_answers()
        if len(answers) == 1 and not _has_sum(answers[0]):
            yield Step("one-step", (self._equation(left, answers[0]),), {"quantity": weight})
            return
        code = "over-time" if self.convention.loss == "sequence" else "lags"
        yield Step(code, (self._equation(left, answers[0]),), {"quantity": weight})
        for other in answers[1:]:
            yield Step("lags", (self._equation(left, other),), {"quantity": weight})

    def _formal_share(self, upstream: Node, reader: Node, weight: Node) -> Node:
        local = transposed(Derivative(reader, weight))
        if self.convention.layout == "row":
            return product(local, upstream)
        return product(upstream, local)

    def _gradient_answers(self) -> tuple[Node, ...]:
        """The gradient in every way in which it is added up, slopes in values."""
        return _distinct(_of_kind(self.target, "gradient"), self.convention)

    def _update(self) -> Iterator[Step]:
        name = self.target.quantity
        left = self.target.left
        rule = minus(parameter(name, NOW), product(Symbol("eps"), gradient(Symbol(name))))
        yield Step("rate", (Equation((left, rule)),), {"quantity": Symbol(name)})
        if not any(_reads(equation, name) for equation in self.model.equations.values()):
            yield Step("put-in", (Equation((left, parameter(name, NOW))),), {"quantity": left})
            return
        answers = _distinct(self.target, self.convention)
        yield Step(
            "put-in", tuple(self._equation(left, one) for one in answers), {"quantity": left}
        )

    def _jacobian(self) -> Iterator[Step]:
        name = self.target.quantity
        left = self.target.left
        one_step = Derivative(signal(name), signal(name, at(-1)))
        yield Step("asked", (Equation((left,)),), {"quantity": left})
        path = self._path(name)
        read = tuple(self._forward_equation(signal(r), self.model.equations[r]) for r in path)
        yield Step("reads", read, {"quantity": signal(name, at(-1))})
        stops = [signal(one) for one in path] + [signal(name, at(-1))]
        factors = [Derivative(of, by) for of, by in pairwise(stops)]
        if self.convention.jacobian == "denominator":
            factors.reverse()
        yield Step("chain", (equal(one_step, product(*factors)),), {"quantity": one_step})
        # A Jacobian is a matrix in every layout of vectors.
        values, *slopes = _of_kind(self.target, "jacobian").answers(self.convention)
        about = {"quantity": one_step}
        yield Step("put-in", (equal(one_step, slopes[-1] if slopes else values),), about)
        if slopes:
            yield Step("values", (equal(one_step, values),), about)
        if self.target.kind == "jacobian-product":
            whole = self.target.answers(self.convention)
            yield Step("product", (equal(left, whole[0]),), {"quantity": left})

    def _path(self, name: str) -> list[str]:
        """The signals between a state and itself one step earlier, the later ones first."""
        path = [name]
        while not _reads(self.model.equations[path[-1]], name, NOW - 1):
            equation = self.model.equations[path[-1]]
            inner = [
                node.name
                for node in walk(equation)
                if isinstance(node, Symbol) and node.name in self.model.equations
            ]
            path.append(next(one for one in inner if one not in path))
        return path

    # -- the chain rule

    def _reads(self, name: str, time: Index, through: str) -> Iterator[Step]:
        about = {"quantity": signal(name, time)}
        readers = readers_of(self.model, name, time, through)
        if readers:
            read = tuple(self._forward_equation(signal(r, when), e) for r, when, e in readers)
            yield Step("reads", read, about)
        if name == self.model.output and through != LAG:
            yield Step("reads-loss", (), about)

    def _back_to(self, name: str, time: Index, through: str, left: Node) -> Iterator[Step]:
        """dE/d(signal): its readers, the chain rule over them, each share, and the sum."""
        yield from self._reads(name, time, through)
        leaf = signal(name, time)
        about = {"quantity": leaf}
        readers = readers_of(self.model, name, time, through)
        terms: list[Node] = []
        shares: list[Equation] = []
        plain: list[Node] = []
        if name == self.model.output and through != LAG:
            direct = gradient(leaf, Symbol("E", time=time))
            terms.append(direct)
            plain.append(direct)
        for reader, when, equation in readers:
            formal = self._chained(gradient(signal(reader, when)), signal(reader, when), leaf)
            terms.append(formal)
            upstream = self._named(reader, when)
            found = list(shares_of(equation, leaf, upstream))
            plain.extend(found)
            shares.append(Equation((formal, self._lay(added(found)))))
        if not terms:
            yield Step("unread", (equal(left, number(0)),), about)
            return
        yield Step("chain", (equal(left, added(terms)),), about)
        if shares:
            yield Step("local", tuple(shares), about)
        yield from self._unnamed([(reader, when) for reader, when, _ in readers], through)
        whole = adjoint_tree(self.model, name, time, through)
        code = "sum" if whole == added(plain) else "put-in"
        yield from self._valued(left, whole, in_values(whole, self.model), code, about)
        if through == WHOLE and any(when != time for _, when, _ in readers):
            yield Step("boundary", (), about)

    def _unnamed(self, readers: list[tuple[str, Index]], through: str) -> Iterator[Step]:
        """The gradients of readers that have no name of their own, and so are derived as well."""
        for reader, when in readers:
            named = self.model.adjoint_of.get(reader)
            ends_here = reader == self.model.output and self.model.only_for_the_loss
            if named or ends_here:
                continue
            found = gradient(signal(reader, when))
            yield Step("needed", (), {"quantity": found})
            yield from self._back_to(reader, when, through, found)

    def _named(self, reader: str, when: Index) -> Node:
        named = self.model.adjoint_of.get(reader)
        return Symbol(named, time=when) if named else gradient(signal(reader, when))

    def _valued(
        self,
        left: Node,
        slopes: Node,
        values: Node,
        code: str,
        about: Mapping[str, Node],
    ) -> Iterator[Step]:
        yield Step(code, (self._equation(left, slopes),), about)
        if values != slopes:
            yield Step("values", (self._equation(left, values),), about)


def _distinct(target: Target, convention: Convention) -> tuple[Node, ...]:
    """The answers to a target that differ in more than how slopes are written."""
    model = target.model.under(convention)
    return tuple(dict.fromkeys(in_values(one, model) for one in target.answers(convention)))


def _of_kind(target: Target, kind: str) -> Target:
    """The target of another kind about the same quantity."""
    return replace(target, kind=kind)


def _reads(equation: Node, name: str, time: Index | None = None) -> bool:
    return any(
        isinstance(node, Symbol) and node.name == name and (time is None or node.time == time)
        for node in walk(equation)
    )


def _has_sum(node: Node) -> bool:
    return any(isinstance(part, BigOperator) for part in walk(node))


def _static(target: StaticTarget) -> Iterator[Step]:
    """What is declared of a static target, and which equations read the quantity."""
    model = target.static
    left = target.left
    about: dict[str, Node] = {"quantity": left}
    stated = [Equation((target.left_of(form), form.tree)) for form in target.forms]
    if target.kind == "static-forward":
        yield Step("definition", (stated[0],), about)
        if stated[1:]:
            yield Step("other-form", tuple(stated[1:]), about)
        return
    name = target.by or target.quantity
    yield Step("asked", (Equation((left,)),), about)
    readers = [(r, form) for r, form in model.equations.items() if _reads(form.tree, name)]
    if readers:
        read = tuple(Equation((_left_of(r, form.indices), form.tree)) for r, form in readers)
        yield Step("reads", read, {"quantity": Symbol(name)})
    if target.kind == "static-gradient" and all(r != model.loss for r, _ in readers) and readers:
        terms = [
            product(transposed(Derivative(Symbol(r), Symbol(name))), gradient(Symbol(r)))
            for r, _ in readers
        ]
        yield Step("chain", (Equation((gradient(Symbol(name)), added(terms))),), about)
    yield Step("declared", (stated[0],), about)
    if stated[1:]:
        yield Step("other-form", tuple(stated[1:]), about)


def _left_of(name: str, indices: tuple[str, ...]) -> Node:
    letters = [Index.of(0, **{letter: 1}) for letter in indices]
    outer, time = (None, *letters)[-2:] if letters else (None, None)
    return Symbol(name, time=time, outer=outer)
