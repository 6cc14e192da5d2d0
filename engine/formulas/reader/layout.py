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
    """Something in brackets; ``kind`` is the opening bracket."""

    kind: str
    entries: tuple[Entry, ...]
    span: Span

    @property
    def single(self) -> Expr | None:
        """The one plain expression inside, or None for lists and relations."""
        if len(self.entries) == 1 and self.entries[0].right is None:
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
    """One item of a list in brackets: ``left``, ``left = right`` or ``left = right .. upper``."""

    left: Expr
    right: Expr | None = None
    upper: Expr | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """``a = b = c``; ``relations`` holds ``=`` and ``<-``."""

    links: tuple[Expr, ...]
    relations: tuple[str, ...]
