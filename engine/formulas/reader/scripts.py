"""What a script says: a label, an index, a transpose, a prime, or a value to raise to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.formulas.reader import layout
from engine.formulas.reader.indices import Allowed, factor_index, index_name, to_index
from engine.formulas.tree import Index, Span
from engine.formulas.trouble import unreadable

_T = Index.of(0, T=1)


@dataclass(frozen=True)
class Item:
    """One thing that a script says. ``mark`` is where it stands: ``^`` or ``_``.

    ``kind`` is ``label``, ``index``, ``transpose``, ``prime`` or ``value``. ``bare_t`` marks a lone
    ``T`` without round brackets, which above a matrix or vector is a transpose. ``paired`` items
    stood in one script, separated by commas.
    """

    kind: str
    mark: str
    span: Span
    word: str = ""
    index: Index | None = None
    expr: layout.Expr | None = None
    bare_t: bool = False
    paired: bool = False


def script_items(
    scripts: tuple[layout.Script, ...], allowed: Allowed, is_label: Callable[[str], bool]
) -> list[Item]:
    """The items of all scripts in the order in which they stand."""
    return [item for script in scripts for item in _items(script, allowed, is_label)]


def _items(script: layout.Script, allowed: Allowed, is_label: Callable[[str], bool]) -> list[Item]:
    mark, content, span = script.kind, script.content, script.span
    if content is None:
        if mark == ".T":
            return [Item("transpose", "^", span)]
        return [Item("prime", "^", span) for _ in mark]
    if not isinstance(content, layout.Group):
        factor = layout.Factor(content, (), span, negative=script.negative)
        expr = layout.Expr((layout.Term((factor,), (), None, "", span),), (1,), span)
        return _entry(expr, mark, allowed, is_label)
    items: list[Item] = []
    for entry in content.entries:
        if entry.right is not None:
            raise unreadable("unexpected-script", span)
        items.extend(_entry(entry.left, mark, allowed, is_label, content.kind == "("))
    paired = sum(item.kind == "index" for item in items) > 1
    if paired:
        items = [Item(**{**vars(item), "paired": True, "bare_t": False}) for item in items]
    return items


def _entry(
    expr: layout.Expr,
    mark: str,
    allowed: Allowed,
    is_label: Callable[[str], bool],
    round_brackets: bool = False,
) -> list[Item]:
    span = expr.span
    lone = expr.lone_factor
    if lone is not None and not lone.partial and not lone.negative:
        nucleus = lone.nucleus
        if isinstance(nucleus, layout.Leaf):
            marks = _leaf(lone, mark, is_label, allowed)
            if marks is not None:
                return marks
        elif isinstance(nucleus, layout.Group) and not lone.scripts and nucleus.single:
            round_here = round_brackets or nucleus.kind == "("
            return _entry(nucleus.single, mark, allowed, is_label, round_here)
    index = to_index(expr, allowed)
    if index is not None:
        bare = index == _T and not round_brackets
        return [Item("index", mark, span, index=index, bare_t=bare)]
    trailing = _trailing_marks(expr, mark, allowed)
    return trailing or [Item("value", mark, span, expr=expr)]


def _leaf(
    factor: layout.Factor, mark: str, is_label: Callable[[str], bool], allowed: Allowed
) -> list[Item] | None:
    """A lone label or mark; also a word of several parts (``W_in_grad``)."""
    leaf = factor.nucleus
    assert isinstance(leaf, layout.Leaf)
    if leaf.kind == "TOP" and not factor.scripts:
        return [Item("transpose", mark, factor.span)]
    if leaf.kind == "DASH" and not factor.scripts:
        return [Item("prime", mark, factor.span)]
    if leaf.kind == "NUMBER" and mark == "_" and not factor.scripts and is_label(leaf.text):
        return [Item("label", mark, factor.span, word=leaf.text)]  # beta_1, W_1: part of the name
    if leaf.kind != "NAME" or factor.scripts:
        return None
    # A word that is neither label nor index is a label that no quantity has: an unknown name.
    if not is_label(leaf.text) and (len(leaf.text) == 1 or allowed(index_name(leaf.text))):
        return None
    return [Item("label", mark, factor.span, word=leaf.text)]


def _trailing_marks(expr: layout.Expr, mark: str, allowed: Allowed) -> list[Item]:
    r"""``x^{t\top}`` and ``f^{\prime\prime}``: an index, then marks, in one script."""
    if len(expr.terms) != 1 or expr.signs != (1,) or expr.terms[0].big is not None:
        return []
    term = expr.terms[0]
    marks: list[Item] = []
    rest = list(term.factors)
    while rest and (_is_mark(rest[-1]) or (len(rest) > 1 and _is_letter_t(rest[-1]))):
        factor = rest.pop()
        assert isinstance(factor.nucleus, layout.Leaf)
        kind = "prime" if factor.nucleus.kind == "DASH" else "transpose"
        marks.append(Item(kind, mark, factor.span))
    if not marks or any(sign != "" for sign in term.operators):
        return []
    if not rest:
        return marks
    index = factor_index(rest[0], allowed) if len(rest) == 1 else None
    if index is None:
        return []
    if not index.variables and not all(_is_mark(factor) for factor in term.factors[1:]):
        return []  # 2T: a step, or a transpose of step 2
    return [Item("index", mark, rest[0].span, index=index), *marks]


def _is_letter_t(factor: layout.Factor) -> bool:
    """The T of ``x^{(t)T}``."""
    leaf = factor.nucleus
    plain = not factor.scripts and not factor.partial and not factor.negative
    return plain and isinstance(leaf, layout.Leaf) and leaf.text == "T"


def _is_mark(factor: layout.Factor) -> bool:
    nucleus = factor.nucleus
    plain = not factor.scripts and not factor.partial and not factor.negative
    return plain and isinstance(nucleus, layout.Leaf) and nucleus.kind in ("TOP", "DASH")
