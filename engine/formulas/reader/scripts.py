"""What a script says: a label, an index, a transpose, a prime, or a value to raise to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.formulas.reader import layout
from engine.formulas.reader.indices import (
    Allowed,
    factor_index,
    index_name,
    scripted_name,
    to_index,
)
from engine.formulas.tree import Index, Span
from engine.formulas.trouble import unreadable

_T = Index.of(0, T=1)
_LONGEST_WORD = 3


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
    scripts: tuple[layout.Script, ...],
    allowed: Allowed,
    is_label: Callable[[str], bool],
    pairs: bool = False,
) -> list[Item]:
    """The items of all scripts in the order in which they stand.

    ``pairs``: the name takes two indices, which may stand without a comma (``ij``).
    """
    items: list[Item] = []
    for script in scripts:
        pair = _index_pair(script, allowed, is_label) if pairs else None
        items.extend(pair if pair is not None else _items(script, allowed, is_label))
    return items


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
    content = _unwrapped(content)
    for entry in content.entries:
        if not entry.is_plain:
            raise unreadable("unexpected-script", span)
        items.extend(_entry(entry.left, mark, allowed, is_label, content.kind == "("))
    paired = sum(item.kind == "index" for item in items) > 1
    if paired:
        items = [Item(**{**vars(item), "paired": True, "bare_t": False}) for item in items]
    return items


def _unwrapped(group: layout.Group) -> layout.Group:
    """The brackets inside braces that hold a list: ``_{(pos,2i)}``, ``^{<t,k>}``."""
    single = group.single
    lone = single.lone_factor if single is not None and group.kind == "{" else None
    inner = lone.nucleus if lone is not None and not lone.scripts else None
    listed = isinstance(inner, layout.Group) and len(inner.entries) > 1 and inner.kind in "(⟨["
    return inner if listed and isinstance(inner, layout.Group) else group


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
        below = _of_word(lone)
        if below is not None:  # v_{w_i}: the vector of word i
            items = _items(replace(below, kind=mark), allowed, is_label)
            return [replace(item, span=span) for item in items]
        if isinstance(nucleus, layout.Leaf):
            marks = _leaf(lone, mark, is_label, allowed)
            if marks is not None:
                return marks
            nested = _label_with_script(lone, nucleus, mark, is_label, allowed)
            if nested:
                return nested
        elif isinstance(nucleus, layout.Group) and not lone.scripts and nucleus.single:
            round_here = round_brackets or nucleus.kind == "("
            return _entry(nucleus.single, mark, allowed, is_label, round_here)
    joined = _joined_word(expr)
    if joined and is_label(joined):  # W_{x i}, as programs that read pages set it
        return [Item("label", mark, span, word=joined)]
    index = to_index(expr, allowed)
    if index is not None:
        bare = index == _T and not round_brackets
        return [Item("index", mark, span, index=index, bare_t=bare)]
    trailing = _trailing_marks(expr, mark, allowed)
    if trailing:
        return trailing
    word = _hyphenated(expr)
    if word and is_label(word):
        return [Item("label", mark, span, word=word)]
    return [Item("value", mark, span, expr=expr)]


def _label_with_script(
    factor: layout.Factor,
    leaf: layout.Leaf,
    mark: str,
    is_label: Callable[[str], bool],
    allowed: Allowed,
) -> list[Item]:
    """``δ_{z_t}``: the label z, and the index of the signal that it names."""
    if leaf.kind != "NAME" or not factor.scripts or not is_label(leaf.text):
        return []
    inner = [item for script in factor.scripts for item in _items(script, allowed, is_label)]
    if any(item.kind not in ("label", "index") for item in inner):
        return []
    return [Item("label", mark, leaf.span, word=leaf.text), *inner]


def _joined_word(expr: layout.Expr) -> str:
    """Letters side by side in a script as one word; empty for anything else."""
    if len(expr.terms) != 1 or expr.signs != (1,) or expr.terms[0].big is not None:
        return ""
    term = expr.terms[0]
    if not 1 < len(term.factors) <= _LONGEST_WORD or any(term.operators):
        return ""
    words: list[str] = []
    for factor in term.factors:
        leaf = factor.nucleus
        plain = not (factor.scripts or factor.partial or factor.negative)
        if not plain or not isinstance(leaf, layout.Leaf) or leaf.kind != "NAME":
            return ""
        words.append(leaf.text)
    return "".join(words)


def _hyphenated(expr: layout.Expr) -> str:
    """``neg-sample`` as one word; empty for anything else."""
    if len(expr.terms) < 2 or expr.signs[0] != 1 or set(expr.signs[1:]) != {-1}:
        return ""
    words: list[str] = []
    for term in expr.terms:
        leaf = term.factors[0].nucleus if len(term.factors) == 1 and term.big is None else None
        if not isinstance(leaf, layout.Leaf) or leaf.kind != "NAME" or len(leaf.text) == 1:
            return ""
        words.append(leaf.text)
    return "".join(words)


def _index_pair(
    script: layout.Script, allowed: Allowed, is_label: Callable[[str], bool]
) -> list[Item] | None:
    """``S_{ij}``, ``A^{ij'}``, ``α_{t1}``: two indices side by side in one script."""
    content = script.content
    if isinstance(content, layout.Group) and content.single and content.kind in "{(⟨":
        expr = content.single
    elif isinstance(content, layout.Leaf):
        factor = layout.Factor(content, (), content.span)
        expr = layout.Expr((layout.Term((factor,), (), None, "", content.span),), (1,), script.span)
    else:
        return None
    if len(expr.terms) != 1 or expr.signs != (1,) or expr.terms[0].big is not None:
        return None
    atoms: list[Index] = []
    for place, factor in enumerate(expr.terms[0].factors):
        operator = expr.terms[0].operators[place - 1] if place else ""
        leaf = factor.nucleus
        plain = not factor.partial and not factor.negative and operator == ""
        if not plain or not isinstance(leaf, layout.Leaf) or leaf.kind not in ("NAME", "NUMBER"):
            return None
        if is_label(leaf.text) or (len(leaf.text) > 1 and allowed(leaf.text)):
            return None
        if leaf.kind == "NUMBER" and not leaf.text.isdigit():
            return None
        heads, last = leaf.text[:-1], leaf.text[-1]
        name = scripted_name(last, factor.scripts) if factor.scripts else last
        for letter in (*heads, name):
            if not letter or not (letter.isdigit() or allowed(letter)):
                return None
            atoms.append(
                Index(constant=int(letter)) if letter.isdigit() else Index.of(0, **{letter: 1})
            )
    if len(atoms) != 2 or (all(not atom.variables for atom in atoms) and script.kind == "^"):
        return None
    return [Item("index", script.kind, script.span, index=atom, paired=True) for atom in atoms]


def _of_word(factor: layout.Factor) -> layout.Script | None:
    """What stands below a w, or the n of a noise word, that is itself below a letter."""
    leaf, scripts = factor.nucleus, factor.scripts
    word = isinstance(leaf, layout.Leaf) and leaf.text in ("w", "n")
    return scripts[0] if word and len(scripts) == 1 and scripts[0].kind == "_" else None


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
        return [Item("label", mark, factor.span, word=leaf.text)]
    if leaf.kind != "NAME" or factor.scripts:
        return None
    # A word that is neither label nor index is a label that no quantity has: an unknown name.
    transposes = leaf.text == "T" and mark == "^"  # also where v_T is a name
    known = is_label(leaf.text) and not transposes
    if not known and (len(leaf.text) == 1 or allowed(index_name(leaf.text))):
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
