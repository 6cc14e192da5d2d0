"""What stands below and above a sum sign: an index, its limits, values that it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.reader.indices import (
    Allowed,
    allowed_in_script,
    factor_index,
    index_name,
    is_letter_t,
    scripted_name,
    to_index,
)
from engine.formulas.tree import Index
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver

_MAX_WORD: Final = 8
_MAX_WRAPPED: Final = 3


def _is_prose(entry: layout.Entry) -> bool:
    """Whether an entry is a word, or words side by side, one of them longer than a letter."""
    if not entry.is_plain or len(entry.left.terms) != 1:
        return False
    term = entry.left.terms[0]
    leaves = [factor.nucleus for factor in term.factors]
    plain = term.big is None and not any(factor.scripts for factor in term.factors)
    if plain and len(leaves) == 1 and isinstance(leaves[0], layout.Leaf):
        return leaves[0].kind == "NAME"  # {K}, where the words were left out
    words = [leaf.text for leaf in leaves if isinstance(leaf, layout.Leaf) and leaf.kind == "NAME"]
    return plain and len(words) == len(leaves) > 1 and max(map(len, words)) > _MAX_WORD // 2


class Limits:
    """What is known of the index and its bounds while scripts are read."""

    def __init__(self, resolver: Resolver, bound: Bound) -> None:
        self.resolver = resolver
        self.allowed: Allowed = allowed_in_script(bound, resolver.notation)
        self.index: str | None = None
        self.low: Index | None = None
        self.high: Index | None = None
        self.excluded: frozenset[int] = frozenset()

    # -- scripts

    def script(self, script: layout.Script) -> None:
        """Reads one script of the sign. Raises ``Unreadable`` (unexpected-script)."""
        content = script.content
        if content is None:
            raise unreadable("unexpected-script", script.span)
        if script.kind == "_":
            self._below(script, content)
            return
        if isinstance(content, layout.Group):
            high = to_index(content.single, self.allowed) if content.single else None
        else:
            high = factor_index(layout.Factor(content, (), content.span), self.allowed)
        if high is None or self.high is not None or script.negative:
            raise unreadable("unexpected-script", script.span)
        self.high = high

    def _below(self, script: layout.Script, content: layout.Nucleus) -> None:
        if self.high == Index.of(0, T=1) and self.index and is_letter_t(script):
            self.high = Index.of(0, T_t=1)  # Σ_{s=0}^T_t without braces
            return
        entries = self._entries(content)
        understood = [self.reads(entry) for entry in entries]
        if not all(understood) or not understood:
            raise unreadable("unexpected-script", script.span)

    @staticmethod
    def _entries(content: layout.Nucleus) -> tuple[layout.Entry, ...]:
        """The items of a lower limit; braces inside braces (substack) are transparent."""
        for _ in range(_MAX_WRAPPED):
            single = content.single if isinstance(content, layout.Group) else None
            lone = single.lone_factor if single is not None else None
            inner = lone.nucleus if lone is not None and not lone.scripts else None
            if not isinstance(inner, layout.Group) or inner.kind != "{":
                break
            content = inner
        if isinstance(content, layout.Group):
            return content.entries
        factor = layout.Factor(content, (), content.span)
        term = layout.Term((factor,), (), None, "", content.span)
        return (layout.Entry(layout.Expr((term,), (1,), content.span)),)

    # -- items

    def reads(self, entry: layout.Entry) -> bool:
        """Takes one item (``s``, ``s=0``, ``-m <= j <= m``, ``j != 0``); False for another one."""
        if entry.kind:
            return False
        if entry.upper_sign:
            return self._between(entry)
        if entry.sign == "~":
            self._sampled(entry)
            return True
        if entry.sign == "!=":
            return self._without(entry)
        if entry.sign == "in":
            return self._member(entry)
        if entry.sign != "=":
            return False
        return self._bound_by(entry)

    def _bound_by(self, entry: layout.Entry) -> bool:
        """``s``, ``s=0`` or ``s=0..T_t``."""
        name = self._name(entry.left)
        if name is None:
            return False
        low = to_index(entry.right, self.allowed) if entry.right else None
        high = to_index(entry.upper, self.allowed) if entry.upper else None
        if (entry.right and low is None) or (entry.upper and high is None):
            return False
        self.index = name
        self.low = low if low is not None else self.low
        self.high = high if high is not None else self.high
        return True

    def _between(self, entry: layout.Entry) -> bool:
        """``-m <= j <= m`` and ``1 <= j < T``."""
        signs = {entry.sign, entry.upper_sign}
        if not signs <= {"<", "<="} or entry.right is None or entry.upper is None:
            return False
        name = self._name(entry.right)
        low, high = (to_index(side, self.allowed) for side in (entry.left, entry.upper))
        if name is None or low is None or high is None or self.low or self.high:
            return False
        self.index = name
        self.low = low + (1 if entry.sign == "<" else 0)
        self.high = high - (1 if entry.upper_sign == "<" else 0)
        return True

    def _without(self, entry: layout.Entry) -> bool:
        """``j != 0``."""
        assert entry.right is not None
        name = self._name(entry.left)
        value = to_index(entry.right, self.allowed)
        if name is None or value is None or value.variables or self.index not in (None, name):
            return False
        self.index = name
        self.excluded |= {value.constant}
        return True

    def _member(self, entry: layout.Entry) -> bool:
        """``j in {1, ..., T}``; any other set is the whole range, and that is told."""
        assert entry.right is not None
        name = self._name(entry.left)
        if name is None or self.index is not None:
            return False
        self.index = name
        lone = entry.right.lone_factor
        group = lone.nucleus if lone is not None else None
        if isinstance(group, layout.Group):
            ends = [e for e in group.entries if e.is_plain]
            if len(group.entries) == 1 and _is_prose(group.entries[0]):
                self.resolver.left_out.append(entry.right.span)
                return True  # {K negative samples}
            if len(group.entries) == 1 and group.entries[0].kind == "slice":
                ends = [layout.Entry(group.entries[0].left)]
                upper = group.entries[0].upper
                ends += [layout.Entry(upper)] if upper is not None else []
            low, high = (
                (to_index(ends[0].left, self.allowed), to_index(ends[-1].left, self.allowed))
                if len(ends) > 1
                else (None, None)
            )
            if low is None or high is None:
                return False
            self.low, self.high = low, high
            return True
        if lone is None or not isinstance(group, layout.Leaf):
            return False
        if group.text not in self.resolver.notation.sizes:
            self._leave_out(entry.left.span[1], entry.right.span[1])
        return True

    def _sampled(self, entry: layout.Entry) -> None:
        """``w_k ~ P(w)`` says where the samples come from: nothing that could be judged."""
        assert entry.right is not None
        self._leave_out(entry.left.span[0], entry.right.span[1])

    def _leave_out(self, start: int, end: int) -> None:
        self.resolver.left_out.append((start, end))

    def _name(self, expr: layout.Expr) -> str | None:
        """The name of an index that is about to be bound, or None for anything else."""
        lone = expr.lone_factor
        if lone is None or lone.partial or not isinstance(lone.nucleus, layout.Leaf):
            return None
        if lone.nucleus.kind != "NAME" or lone.negative:
            return None
        name = index_name(lone.nucleus.text)
        if lone.scripts:
            primed = scripted_name(name, lone.scripts)
            return primed if "_" not in primed and primed else None
        word = name.isascii() and name.isalpha() and name.islower() and len(name) <= _MAX_WORD
        return name if word or allowed_in_script(frozenset())(name) else None
