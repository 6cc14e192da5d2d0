"""The typographic layout tree: nuclei, scripts, flat products; nothing is interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.formulas.tree import Span


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name, a number, or a mark (⊤, ′) that stands where a name could."""

    kind: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets; ``kind`` is the opening bracket: also a bar, ``matrix``, ``cases``.

    ``separators`` stand between the entries: a comma, a semicolon (a new row), or a bar ("given").
    """

    kind: str
    entries: tuple[Entry, ...]
    span: Span
    separators: tuple[str, ...] = ()

    @property
    def single(self) -> Expr | None:
        """The one plain expression inside, or None for lists and relations."""
        if len(self.entries) == 1 and self.entries[0].is_plain:
            return self.entries[0].left
        return None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One nucleus above another."""

    numerator: Nucleus
    denominator: Nucleus
    span: Span


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    radicand: Nucleus
    span: Span


@dataclass(frozen=True, slots=True)
class Gradient:
    """``∇_W E`` (by is W) or ``∇W`` (the gradient of the loss by W: of is None)."""

    of: Nucleus | None
    by: Nucleus
    span: Span


@dataclass(frozen=True, slots=True)
class Operator:
    """``\\frac{\\partial}{\\partial W}`` in front of what it acts on."""

    by: Nucleus
    span: Span


Nucleus: TypeAlias = Leaf | Group | Fraction | Root | Gradient | Operator


@dataclass(frozen=True, slots=True)
class Script:
    """``kind`` is ``^``, ``_``, ``'`` or ``.T``; ``negative`` is an unbraced ``x^-1``."""

    kind: str
    content: Nucleus | None
    span: Span
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A nucleus with its scripts; ``partial`` is the sign of differentiation in front of it."""

    nucleus: Nucleus
    scripts: tuple[Script, ...]
    span: Span
    partial: str = ""
    negative: bool = False


#: The factors behind the next one up to the end of the term, or None where anything else follows.
Tail: TypeAlias = tuple[Factor, ...] | None


@dataclass(frozen=True, slots=True)
class Term:
    """``operators[i]`` stands before ``factors[i + 1]``; ``last`` stands before ``big``."""

    factors: tuple[Factor, ...]
    operators: tuple[str, ...]
    big: Big | None
    last: str
    span: Span


@dataclass(frozen=True, slots=True)
class Big:
    """A sum or product sign with its scripts; ``body`` is the rest of the term."""

    kind: str
    scripts: tuple[Script, ...]
    body: Term
    span: Span


@dataclass(frozen=True, slots=True)
class Expr:
    """Terms with their signs, +1 or -1."""

    terms: tuple[Term, ...]
    signs: tuple[int, ...]
    span: Span

    @property
    def lone_factor(self) -> Factor | None:
        """The one factor that the expression is, if it is no more than that."""
        if len(self.terms) != 1 or self.signs != (1,):
            return None
        term = self.terms[0]
        if term.big is not None or len(term.factors) != 1:
            return None
        return term.factors[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list in brackets: ``left``, ``left = right`` or ``left = right .. upper``.

    ``sign`` is ``=`` or a sign of comparison; with ``upper`` and ``upper_sign`` it is a double one
    (-m <= j <= m). ``kind`` is empty, ``if``, ``otherwise``, ``below`` (y_{<t}), ``dots`` or
    ``slice`` (1:t); ``left`` of dots and of otherwise holds no term.
    """

    left: Expr
    right: Expr | None = None
    upper: Expr | None = None
    sign: str = "="
    upper_sign: str = ""
    kind: str = ""

    @property
    def is_plain(self) -> bool:
        return self.right is None and not self.kind

    @property
    def is_equation(self) -> bool:
        """``left = right`` or ``left = right .. upper``."""
        return self.right is not None and not self.kind and self.sign == "="


@dataclass(frozen=True, slots=True)
class Condition:
    """``left`` compared with ``right``."""

    left: Expr
    sign: str
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Chain:
    """``a = b = c``; ``relations`` holds ``=`` and ``<-``. ``condition`` is when it holds.

    A condition without links stands before the formula that it belongs to.
    """

    links: tuple[Expr, ...]
    relations: tuple[str, ...]
    condition: Condition | None = None
