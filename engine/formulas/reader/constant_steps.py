"""Scripts such as ``z^2``: the state of step 2, or a square? Decided by what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.formulas.reader import layout
from engine.formulas.tree import Node, Span, Symbol
from engine.formulas.trouble import unreadable


@dataclass
class ConstantSteps:
    """The constant time steps of one statement: certain ones, and superscripts still open."""

    open: list[tuple[int, Span]] = field(default_factory=list)
    certain: set[int] = field(default_factory=set)

    def note(self, value: int, mark: str, span: Span) -> None:
        """A signal has the constant ``value`` as a script; only above is it open, and from 2 on."""
        if mark == "^" and value not in (0, 1):
            self.open.append((value, span))
        else:
            self.certain.add(value)

    def settle(self, links: tuple[Node, ...]) -> None:
        """An open one is a step if another step is named, or if the left side is at that step.

        Raises ``Unreadable`` (ambiguous-script) otherwise.
        """
        left = links[0]
        left_time = left.time if isinstance(left, Symbol) and len(links) > 1 else None
        on_left = left_time is not None and not left_time.variables
        for value, span in self.open:
            others = {other for other, _ in self.open} | self.certain
            if not on_left and others <= {value}:
                raise unreadable("ambiguous-script", span, expected=(f"[{value}]", f"( )^{value}"))

    def refuse_square(self, term: layout.Term) -> None:
        """``1 - z^2``: the derivative of tanh or the state of step 2; nobody can tell."""
        if term.big is not None or len(term.factors) != 1:
            return
        for value, span in self.open:
            if value == 2 and term.span[0] <= span[0] and span[1] <= term.span[1]:
                raise unreadable("ambiguous-script", span, expected=("[2]", "( )^2"))
