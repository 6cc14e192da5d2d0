"""From a wrong formula to the names and places of its mistakes.

A formula is looked up whole, then summand by summand. Where one known mistake is not enough, the
learner's own summand is edited, and the result looked up again: the two meet in the middle, and
the edit says where in the text the mistake is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from engine.formulas.evaluation.binding import Budget
from engine.formulas.mistakes.codes import RANK, code_of_term
from engine.formulas.mistakes.edits import Edit, Mutant
from engine.formulas.mistakes.fingerprints import (
    Site,
    Table,
    like,
    shown_form,
    summands,
    term_tables,
    whole_table,
)
from engine.formulas.mistakes.mutation import repairs
from engine.formulas.mistakes.usual_words import in_usual_words
from engine.formulas.tree import Node, Symbol, walk

SECOND_REPAIRS = 600  # how many pairs of edits a summand with three mistakes may cost

# Codes that say little: an explanation without them is preferred.
VAGUE = {"term-added": 2, "factor-dropped": 1, "factor-added": 1}
# Two that undo one another explain nothing: something was exchanged for something else.
CONTRARY = (
    {"sum-dropped", "sum-added"},
    {"factor-dropped", "factor-added"},
    {"derivative-dropped", "factor-added"},
)

# A repair of this code (and note) undoes a mistake of that code.
UNDONE = {
    "wrong-parameter": "wrong-parameter",
    "wrong-signal": "wrong-signal",
    "gate-roles-swapped": "gate-roles-swapped",
    "states-confused": "states-confused",
    "derivative-of-wrong-argument": "derivative-of-wrong-argument",
    "index-shifted": "index-shifted",
    "transpose-added": "transpose-dropped",
    "transpose-dropped": "transpose-added",
    "sign-flipped": "sign-flipped",
    "branches-swapped": "branches-swapped",
    "label-sign": "label-sign",
    "axis-wrong": "axis-wrong",
    "sum-shortened": "sum-lengthened",
    "sum-starts-late": "sum-lengthened",
    "sum-lengthened": "sum-shortened",
    "sum-dropped": "sum-added",
    "order-swapped": "order-swapped",
    "outer-product-transposed": "outer-product-transposed",
    "elementwise-for-matrix": "matrix-for-elementwise",
    "matrix-for-elementwise": "elementwise-for-matrix",
    "activation-dropped": "activation-added",
    "activation-wrong": "activation-wrong",
    "factor-dropped": "factor-added",
    "learning-rate-dropped": "factor-added",
    "scale-wrong": "scale-wrong",
    "term-dropped": "term-added",
    "recurrent-path-dropped": "term-added",
    "output-path-dropped": "term-added",
    "bias-dropped": "term-added",
    "product-lengthened": "product-lengthened",
}
# Answers that differ from a formula by so few symbols are compared in their own order.
ALIKE = 2
MOST_FORMS = 4
ENDS_OF_SUMS = frozenset({"sum-shortened", "sum-starts-late"})
# Edits cheap and likely enough to be made twice.
LIKELY = frozenset(
    {
        "wrong-parameter",
        "wrong-signal",
        "gate-roles-swapped",
        "states-confused",
        "index-shifted",
        "transpose-added",
        "transpose-dropped",
        "sign-flipped",
        "sum-shortened",
        "sum-lengthened",
        "sum-starts-late",
        "factor-added",
        "derivative-dropped",
    }
)


@dataclass(frozen=True)
class Named:
    """A mistake with its place: ``found`` in the learner's tree, ``expected`` in its stead."""

    code: str
    found: Node | None
    expected: Node | None


@dataclass(frozen=True)
class Naming:
    """The mistakes of a formula; ``complete`` when they explain its value entirely."""

    mistakes: tuple[Named, ...]
    complete: bool

    @property
    def cost(self) -> int:
        """How far-fetched it is: its different mistakes, the vague ones weighing more."""
        codes = [mistake.code for mistake in self.mistakes]
        contrary = sum(pair <= set(codes) for pair in CONTRARY)
        return len(set(codes)) + sum(VAGUE.get(code, 0) for code in codes) + 2 * contrary

    @property
    def telling(self) -> bool:
        """Whether it explains everything and says of every mistake what it is."""
        codes = {mistake.code for mistake in self.mistakes}
        vague = any(VAGUE.get(code, 0) > 1 for code in codes)
        vague = vague or any(pair <= codes for pair in CONTRARY)
        return self.complete and bool(codes) and not vague

    @property
    def order(self) -> tuple[bool, int]:
        """Sorts the better explanation first."""
        return (not self.complete or not self.mistakes, self.cost)


def name(answer: Node, site: Site, budget: Budget, depth: int = 3) -> Naming:
    """The mistakes in a formula that was found wrong: at most ``depth`` of them in one summand.

    Raises ``BudgetExceededError``.
    """
    found = _explained(in_usual_words(answer, site), site, budget, depth)
    typed: list[Named] = []
    for one in (_as_typed(mistake, answer) for mistake in found.mistakes):
        last = typed[-1] if typed else None
        if last and last.code == one.code and last.found is one.found is not None:
            typed[-1] = one  # two steps the same way: one mistake, mended by the second
        else:
            typed.append(one)
    return replace(found, mistakes=tuple(typed))


def _as_typed(named: Named, answer: Node) -> Named:
    """The mistake with what was typed at its place, not what a first mending made of it."""
    if named.found is None or named.found.span is None:
        return named
    there = [node for node in walk(answer) if node.span == named.found.span]
    there.sort(key=lambda node: type(node) is not type(named.found))
    return replace(named, found=there[0]) if there else named


def _explained(answer: Node, site: Site, budget: Budget, depth: int) -> Naming:
    best = Naming((), False)
    value = site.value(answer, budget)
    for form in _nearest_forms(answer, site) if site.tests() else ():
        table = whole_table(site, form)
        if value is not None and table.truth is not None:
            if table.is_truth(value):
                continue  # equal at the blind point only: it has no name here
            found = _located(answer, table.find(value), table.truth, site, budget)
            if found:
                return Naming((_with_truth(found, shown_form(site, form)),), True)
        best = min(
            best, _by_terms(answer, site, form, budget, depth), key=lambda naming: naming.order
        )
        if best.telling and best.cost <= depth:
            break  # another way to write the answer would not say it by less
    return best


def _nearest_forms(answer: Node, site: Site) -> list[int]:
    """The canonical answers in order, unless one is written with quite other symbols."""

    def names(node: Node) -> set[str]:
        return {part.name for part in walk(node) if isinstance(part, Symbol)}

    used = names(answer)
    forms = site.answers()
    far = [len(names(form) ^ used) for form in forms]
    order = sorted(range(len(forms)), key=lambda form: far[form] if far[form] > ALIKE else 0)
    return order[:MOST_FORMS]


def _by_terms(answer: Node, site: Site, form: int, budget: Budget, deepest: int) -> Naming:
    """Summands of the answer against summands of the truth."""
    truths = list(term_tables(site, form))
    terms = [(term, site.value(term, budget)) for term in summands(site.limited(answer))]
    open_terms = []
    for term, value in terms:
        exact = next((i for i, (_, table) in enumerate(truths) if table.is_truth(value)), None)
        if value is not None and exact is not None:
            del truths[exact]
        else:
            open_terms.append((term, value))
    mistakes: list[Named] = []
    unknown = 0
    for depth in range(1, deepest + 1):
        waiting = []
        for term, value in open_terms:
            named = _one_term(term, value, truths, site, budget, depth)
            if named is None:
                waiting.append((term, value))
            else:
                mistakes.extend(named[1])
                del truths[named[0]]
        open_terms = waiting
        if not open_terms or not truths:
            break
    for term, _ in open_terms:
        if truths:
            unknown += 1
        else:
            mistakes.append(Named("term-added", term, None))
    for term, _ in truths[unknown:]:
        code = code_of_term(term, site.model)
        mistakes.append(Named(code, None, term))
    mistakes = _common(mistakes, [term for term, _ in terms], answer)
    mistakes.sort(key=lambda one: RANK.get(one.code, len(RANK)))
    return Naming(tuple(mistakes), not unknown)


def _common(mistakes: list[Named], terms: list[Node], answer: Node) -> list[Named]:
    """What every summand lacks alike is lacking once, from the whole answer."""
    kept: list[Named] = []
    for one in mistakes:
        alike = [other for other in mistakes if other.code == one.code and other.found in terms]
        if len(alike) == len(terms) > 1 and one.found in terms:
            if one is alike[0]:
                kept.append(Named(one.code, answer, None))
        else:
            kept.append(one)
    return kept


def _one_term(
    term: Node,
    value: Any,
    truths: list[tuple[Node, Table]],
    site: Site,
    budget: Budget,
    depth: int,
) -> tuple[int, list[Named]] | None:
    """The mistakes in one summand, with the place of the true summand that it stands for."""
    if value is None:
        return None
    if depth == 1:
        likely: list[tuple[int, int, Named]] = []
        for place, (truth, table) in enumerate(truths):
            found = _located(term, table.find(value), table.truth, site, budget)
            if found:
                rank = RANK.get(found.code, len(RANK))
                likely.append((rank, place, _with_truth(found, truth)))
        if not likely:
            return None
        _, there, mistake = min(likely, key=lambda one: one[:2])
        return there, [mistake]
    candidates: Iterator[tuple[tuple[Edit, ...], Node]] = (
        (mutant.edits, mutant.tree) for mutant in repairs(term, site.model, site.target)
    )
    if depth == 3:
        candidates = islice(_twice(term, site), SECOND_REPAIRS)
    best: tuple[int, int, list[Named]] | None = None
    for edits, mended in candidates:
        new_value = site.value(mended, budget)
        if new_value is None:
            continue
        undone = [_undone(edit) for edit in edits]
        if any(one is None for one in undone):
            continue
        for place, (truth, table) in enumerate(truths):
            rest: list[Named] = []
            if not table.is_truth(new_value):
                second = _located(mended, table.find(new_value), table.truth, site, budget)
                if second is None:
                    continue
                if second.found == mended:
                    second = replace(second, found=term)
                rest = [_with_truth(second, truth)]
            named = [one for one in undone if one is not None] + rest
            cost = sum(RANK.get(one.code, 99) for one in named)
            if best is None or cost < best[0]:
                best = (cost, place, named)
    return None if best is None else (best[1], best[2])


def _twice(term: Node, site: Site) -> Iterator[tuple[tuple[Edit, ...], Node]]:
    model, target = site.model, site.target
    for first in repairs(term, model, target):
        if first.code not in LIKELY:
            continue
        for second in repairs(first.tree, model, target):
            if second.code in LIKELY:
                yield (*first.edits, *second.edits), second.tree


def _undone(edit: Edit) -> Named | None:
    """The mistake that an edit of the learner's formula takes back."""
    code = UNDONE.get(edit.code)
    slope = edit.code == "derivative-dropped" and edit.note == "slope for value"
    if edit.code == "factor-added" and edit.note in ("eps", "eta"):
        code = "learning-rate-dropped"
    elif edit.code == "wrong-signal" and edit.note == "{0}>{0}_hat".format(*edit.note.split(">")):
        code = "bias-correction-dropped"
    elif edit.code == "factor-added" or slope:
        code = "derivative-dropped"
    elif edit.code == "derivative-dropped" and edit.note.startswith("factor"):
        code = "factor-added"
    elif edit.code == "sum-lengthened" and edit.note == "low-1":
        code = "sum-starts-late"
    return None if code is None else Named(code, edit.original, edit.replacement)


def _with_truth(named: Named, truth: Node) -> Named:
    return named if named.expected is not None else replace(named, expected=truth)


def _located(
    term: Node, mutants: list[Mutant], truth: Any, site: Site, budget: Budget
) -> Named | None:
    """The likeliest of the mutants, preferring one whose repair is found in the formula."""
    if not mutants:
        return None
    wanted = {mutant.code for mutant in mutants}
    if wanted & ENDS_OF_SUMS:  # which end it is depends on which way the learner counts
        wanted |= ENDS_OF_SUMS
    mendings = _Mendings(term, truth, site, budget)
    repaired: dict[str, Named] = {}
    for place, undone in enumerate(mendings.undone):
        if undone is None or undone.code not in wanted or undone.code in repaired:
            continue
        if mendings.mends(place):
            repaired[undone.code] = undone
    for mutant in mutants:
        if mutant.code in repaired:
            return repaired[mutant.code]
        if mutant.code in ENDS_OF_SUMS and (ends := ENDS_OF_SUMS & repaired.keys()):
            return repaired[min(ends)]
    return _mended(term, mutants[0].code, mendings)


class _Mendings:
    """The repairs of a term: the mistake that each takes back, and whether it makes it right."""

    def __init__(self, term: Node, truth: Any, site: Site, budget: Budget) -> None:
        self._repairs = list(repairs(term, site.model, site.target))
        self._truth, self._site, self._budget = truth, site, budget
        self._known: dict[int, bool] = {}
        self.undone = [_undone(mutant.edits[0]) for mutant in self._repairs]

    def mends(self, place: int) -> bool:
        if place not in self._known:
            value = self._site.value(self._repairs[place].tree, self._budget)
            self._known[place] = like(value, self._truth)
        return self._known[place]


def _mended(term: Node, code: str, mendings: _Mendings) -> Named:
    """The mistake ``code`` of a whole term, or a likelier one that a single repair takes back."""
    best = Named(code, term, None)
    for place, undone in enumerate(mendings.undone):
        likelier = undone is not None and RANK.get(undone.code, 99) < RANK.get(best.code, 99)
        if undone and likelier and mendings.mends(place):
            best = undone
    return best
