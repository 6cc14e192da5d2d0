"""Time indices: which names may be one, and a layout expression as an affine index."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from engine.formulas.notations import INDEX_LETTERS, LENGTHS, Notation
from engine.formulas.reader import layout
from engine.formulas.reader.signs import GREEK
from engine.formulas.tree import Index, Node, Number, Sum, Symbol
from engine.formulas.trouble import unreadable

Allowed: TypeAlias = Callable[[str], bool]

# Greek letters that are quantities or functions everywhere are no index, even inside a script.
_GREEK_INDICES = frozenset(GREEK.values()) - {"delta", "epsilon", "eta", "sigma", "phi"}
_CAPITAL_INDICES = frozenset("TNKLMB")
_MAX_SCRIPTS = 2
_LARGEST = 10**6
#: How a prime is written in the name of an index: j' is ``jprime``.
PRIME = "prime"


def index_name(word: str) -> str:
    """``Tt`` is how ``T_t`` comes out of careless typing."""
    return "T_t" if word == "Tt" else word


def allowed_in_script(bound: frozenset[str], notation: Notation | None = None) -> Allowed:
    """Inside a script only index names exist, so a letter that is also a signal is an index.

    Sizes, positions and further index letters of the notation are names of indices too.
    """
    own = notation.values | notation.index_letters if notation is not None else frozenset()

    def allowed(name: str) -> bool:
        if name in bound or name in LENGTHS or name in _GREEK_INDICES or name in own:
            return True
        if name.endswith(PRIME) and len(name) > len(PRIME):
            return allowed(name.removesuffix(PRIME))
        return len(name) == 1 and name.isascii() and (name.islower() or name in _CAPITAL_INDICES)

    return allowed


def allowed_as_value(notation: Notation, bound: frozenset[str]) -> Allowed:
    """In value position a name that is a quantity stays one, unless a sum binds it."""

    def allowed(name: str) -> bool:
        if name in bound:
            return True
        usual = name in INDEX_LETTERS or name in notation.values or name in notation.index_letters
        return usual and name not in notation.bases

    return allowed


def to_index(expr: layout.Expr, allowed: Allowed) -> Index | None:
    """The expression as an index, or None when it is none (a product of two, a foreign name)."""
    total = Index()
    for term, sign in zip(expr.terms, expr.signs, strict=True):
        value = _term(term, allowed)
        if value is None:
            return None
        total = total + (value if sign > 0 else -value)
    if max([abs(total.constant), *(abs(n) for _, n in total.coefficients)]) > _LARGEST:
        raise unreadable("number-too-large", expr.span)
    return total


def _term(term: layout.Term, allowed: Allowed) -> Index | None:
    if term.big is not None or any(
        sign not in ("", "juxtaposed", "dot") for sign in term.operators
    ):
        return None
    if any(_is_bare_t(factor) for factor in term.factors[1:]):
        return None  # x^{t-1 T} is a lost transpose, not a step of t - T
    product = Index(constant=1)
    for factor in term.factors:
        value = factor_index(factor, allowed)
        if value is None or (value.coefficients and product.coefficients):
            return None
        if value.coefficients:
            value, product = product, value
        scale = value.constant
        product = Index.of(
            product.constant * scale, **{n: w * scale for n, w in product.coefficients}
        )
        if abs(product.constant) > _LARGEST**2:
            raise unreadable("number-too-large", term.span)
    return product


def _is_bare_t(factor: layout.Factor) -> bool:
    leaf = factor.nucleus
    return isinstance(leaf, layout.Leaf) and leaf.text == "T" and not factor.scripts


def factor_index(factor: layout.Factor, allowed: Allowed) -> Index | None:
    """One factor as an index: a name, ``T_t``, a whole number, or an index in round brackets."""
    if factor.partial:
        return None
    value = _nucleus(factor, allowed)
    return -value if value is not None and factor.negative else value


def _nucleus(factor: layout.Factor, allowed: Allowed) -> Index | None:
    nucleus = factor.nucleus
    if isinstance(nucleus, layout.Group):
        inner = nucleus.single
        if factor.scripts or inner is None or nucleus.kind not in "({":
            return None
        return to_index(inner, allowed)
    if not isinstance(nucleus, layout.Leaf):
        return None
    if nucleus.kind == "NUMBER":
        return (
            Index(constant=int(nucleus.text))
            if nucleus.text.isdigit() and not factor.scripts
            else None
        )
    if nucleus.kind != "NAME":
        return None
    name = index_name(nucleus.text)
    if factor.scripts:
        name = scripted_name(name, factor.scripts)
    return Index.of(0, **{name: 1}) if name and allowed(name) else None


def scripted_name(name: str, scripts: tuple[layout.Script, ...]) -> str:
    """``T_t``, ``T_x``, ``d_{model}`` or ``j'`` as one name; empty for other scripts."""
    for script in scripts:
        content = _lone_leaf(script.content)
        if script.kind == "_" and content is not None and content.kind == "NAME":
            name += "_" + content.text
        elif script.kind == "'" or (content is not None and content.kind == "DASH"):
            name += PRIME
        else:
            return ""
    return name if len(scripts) <= _MAX_SCRIPTS else ""


def _lone_leaf(content: layout.Nucleus | None) -> layout.Leaf | None:
    """The one sign that a script holds, without its braces."""
    if isinstance(content, layout.Group) and content.single and content.kind in "{(":
        lone = content.single.lone_factor
        content = lone.nucleus if lone is not None and not lone.scripts else None
    return content if isinstance(content, layout.Leaf) else None


def is_letter_t(script: layout.Script) -> bool:
    """Whether the script is ``_t`` or ``_{t}``, which makes ``T`` the truncation length."""
    if isinstance(script.content, layout.Group) and script.content.kind != "{":
        return False
    content = _lone_leaf(script.content)
    return script.kind == "_" and content is not None and content.text == "t"


def index_node(index: Index) -> Node:
    """An index where a value is wanted (an exponent): names first, then the number."""
    terms: list[Node] = []
    signs: list[int] = []
    for name, weight in sorted(index.coefficients, key=lambda pair: pair[1] < 0):
        for _ in range(min(abs(weight), 4)):
            terms.append(Symbol(name))
            signs.append(1 if weight > 0 else -1)
    if index.constant or not terms:
        terms.append(Number(Fraction(abs(index.constant))))
        signs.append(-1 if index.constant < 0 else 1)
    if signs == [1]:
        return terms[0]
    return Sum(tuple(terms), tuple(signs))
