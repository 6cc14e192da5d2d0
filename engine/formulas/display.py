"""Two-dimensional text for the screen: limits above and below big signs, fractions on a line.

Every line of the result has the same number of cells; no combining character is used.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import chain
from typing import Final

from engine.formulas.notations import Notation
from engine.formulas.notations import notation as notation_named
from engine.formulas.rendering_structures import sign_of
from engine.formulas.rendering_sums import without_text
from engine.formulas.spelling import bare_name, index_text, number_text
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Derivative,
    Equation,
    Extremum,
    Index,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Stack,
    Sum,
    Symbol,
    Transpose,
)

_OPERATORS: Final = {
    "juxtaposed": " ", "dot": " · ", "hadamard": " ⊙ ", "matmul": " @ ", "outer": " ⊗ ",
}  # fmt: skip
_INDENT: Final = 4


@dataclass(frozen=True)
class Box:
    """Lines of equal width; ``axis`` is the line on which neighbours stand."""

    lines: tuple[str, ...]
    axis: int = 0

    @property
    def width(self) -> int:
        return len(self.lines[0])


def display(
    equation: Node, width: int | None = None, notation: str | Notation = "course"
) -> tuple[str, ...]:
    """An equation as lines for the screen, broken before signs when wider than ``width`` cells.

    Raises ``KeyError`` for an undeclared notation or a quantity that it doesn't spell.
    """
    chosen = notation_named(notation) if isinstance(notation, str) else notation
    printer = _Printer(chosen)
    links = equation.links if isinstance(equation, Equation) else (equation,)
    arrow = isinstance(equation, Equation) and equation.arrow
    pieces: list[Box] = []
    for place, link in enumerate(links):
        sign = "" if place == 0 else (" ← " if arrow and place == 1 else " = ")
        first, *others = printer.pieces(link)
        pieces.append(beside(text_box(sign), first) if sign else first)
        pieces.extend(others)
    rows: list[Box] = []
    for piece in pieces:
        if rows and (width is None or rows[-1].width + piece.width <= width):
            rows[-1] = beside(rows[-1], piece)
        else:
            rows.append(piece if not rows else beside(text_box(" " * _INDENT), piece))
    lines = list(chain.from_iterable(row.lines for row in rows))
    widest = max(len(line) for line in lines)
    return tuple(line.ljust(widest) for line in lines)


def text_box(text: str) -> Box:
    """One line."""
    return Box((text,))


def beside(*boxes: Box) -> Box:
    """Boxes in a row, standing on one axis."""
    above = max(box.axis for box in boxes)
    below = max(len(box.lines) - box.axis for box in boxes)
    lines = [""] * (above + below)
    for box in boxes:
        top = above - box.axis
        for place in range(len(lines)):
            inside = 0 <= place - top < len(box.lines)
            lines[place] += box.lines[place - top] if inside else " " * box.width
    return Box(tuple(lines), above)


def stacked(*boxes: Box, axis: int) -> Box:
    """Boxes above one another, centred; ``axis`` is the number of the box on the axis."""
    width = max(box.width for box in boxes)
    lines: list[str] = []
    line = 0
    for place, box in enumerate(boxes):
        if place == axis:
            line = len(lines) + box.axis
        lines.extend(text.center(width) for text in box.lines)
    return Box(tuple(lines), line)


def bracketed(box: Box, kind: str = "()") -> Box:
    """A box in round or square brackets as tall as it is."""
    height = len(box.lines)
    if height == 1:
        return Box((kind[0] + box.lines[0] + kind[1],))
    tall = {"()": ("⎛⎜⎝", "⎞⎟⎠"), "[]": ("⎡⎢⎣", "⎤⎥⎦"), "‖‖": ("‖‖‖", "‖‖‖")}[kind]
    sides = [side[0] + side[1] * (height - 2) + side[2] for side in tall]
    left, right = (Box(tuple(side), box.axis) for side in sides)
    return beside(left, box, right)


def joined(boxes: list[Box], sign: str) -> Box:
    """Boxes in a row with a sign between them."""
    row = [boxes[0]]
    for box in boxes[1:]:
        row += [text_box(sign), box]
    return beside(*row)


def left_aligned(boxes: list[Box]) -> Box:
    """Boxes above one another, standing on the left; the axis runs through the middle."""
    lines = [line for box in boxes for line in box.lines]
    width = max(len(line) for line in lines)
    return Box(tuple(line.ljust(width) for line in lines), (len(lines) - 1) // 2)


def curly(height: int, axis: int) -> Box:
    """A brace that opens ``height`` lines."""
    if height == 1:
        return Box(("{ ",))
    middle = ["⎨ "] if height > 2 else []
    rest = height - 2 - len(middle)
    upper = ["⎪ "] * (rest // 2)
    lower = ["⎪ "] * (rest - rest // 2)
    return Box(("⎧ ", *upper, *middle, *lower, "⎩ "), axis)


_PLAIN_ACCENTS: Final = {"\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯", "\u0305": "¯",
                         "\u20d7": "→", "\u20d6": "←"}  # fmt: skip


def plain_accents(letter: str) -> str:
    """A letter with a combining accent as one sign, or as the letter and a sign behind it."""
    whole = unicodedata.normalize("NFC", letter)
    return "".join(_PLAIN_ACCENTS.get(sign, sign) for sign in whole)


class _Printer:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def pieces(self, node: Node) -> list[Box]:
        """The terms of a link, each with the sign before it: where a line may break."""
        if not isinstance(node, Sum):
            return [self.show(node)]
        boxes: list[Box] = []
        for place, (term, sign) in enumerate(zip(node.terms, node.signs, strict=True)):
            mark = ("" if sign > 0 else "-") if place == 0 else (" + " if sign > 0 else " - ")
            inner = self.show(term)
            if isinstance(term, Sum):
                inner = bracketed(inner)
            boxes.append(beside(text_box(mark), inner) if mark else inner)
        return boxes

    def show(self, node: Node) -> Box:
        match node:
            case Number():
                return text_box(number_text(node.value))
            case Symbol():
                return text_box(self._symbol(node))
            case Sum():
                return beside(*self.pieces(node))
            case Product():
                return self._product(node)
            case Quotient():
                return self._fraction(self.show(node.numerator), self.show(node.denominator))
            case Derivative():
                return self._fraction(self._partial(node.of), self._partial(node.by))
            case Transpose():
                return beside(self._marked(node.operand), text_box("ᵀ"))
            case Power():
                return self._power(node)
            case Apply():
                if node.function == "norm" and not node.order:
                    return bracketed(self.show(node.argument), "‖‖")
                function = self.notation.functions_by_name[node.function]
                name = text_box(function.unicode + "'" * node.order)
                return beside(name, bracketed(self.show(node.argument)))
            case BigOperator():
                return self._big(node)
            case Stack():
                return bracketed(self._parts(node), "[]")
            case Extremum():
                inner = joined([self.show(part) for part in node.parts], ", ")
                return beside(text_box(node.kind), bracketed(inner))
            case Comparison():
                sign = text_box(f" {sign_of(node.sign, 'unicode')} ")
                return beside(self.show(node.left), sign, self.show(node.right))
            case Cases():
                return self._cases(node)
            case Reduce():
                axis = "" if node.axis is None else f", axis={node.axis}"
                inner = beside(self.show(node.operand), text_box(axis))
                return beside(text_box(node.kind), bracketed(inner))
        raise TypeError(type(node).__name__)

    def _symbol(self, node: Symbol) -> str:
        quantity = self.notation.by_name.get(node.name)
        if quantity is None:
            return index_text(Index.of(0, **{node.name: 1}), "display")
        text = plain_accents(quantity.unicode)
        if quantity.label and not quantity.raised:
            text += f"_{quantity.label}"
        above = [quantity.label] if quantity.label and quantity.raised else []
        lone_t = node.time == Index.of(0, T=1) and not quantity.label
        steps = [step for step in (node.outer, node.time, node.update) if step is not None]
        above += [index_text(step, "display") for step in steps]
        if not above:
            return text
        if lone_t:
            return f"{text}_T"
        script = ",".join(above)
        return f"{text}^{script}" if len(script) == 1 else f"{text}^({script})"

    def _parts(self, node: Stack) -> Box:
        """Parts above one another for rows, side by side for columns."""
        boxes = [self.show(part) for part in node.parts]
        if node.axis == "columns":
            return joined(boxes, ", ")
        return left_aligned(boxes)

    def _cases(self, node: Cases) -> Box:
        rows = [
            beside(self.show(branch), text_box("  if "), self.show(condition))
            for branch, condition in zip(node.branches, node.conditions, strict=True)
        ]
        if node.otherwise is not None:
            rows.append(beside(self.show(node.otherwise), text_box("  otherwise")))
        box = left_aligned(rows)
        return beside(curly(len(box.lines), box.axis), box)

    def _product(self, node: Product) -> Box:
        boxes: list[Box] = []
        last = len(node.factors) - 1
        for place, factor in enumerate(node.factors):
            inner = self.show(factor)
            wide = isinstance(factor, Sum | Product)
            if wide or (isinstance(factor, BigOperator) and place < last):
                inner = bracketed(inner)
            if place:
                operator = node.operators[place - 1]
                numbers = isinstance(factor, Number) and operator == "juxtaposed"
                boxes.append(text_box(" · " if numbers else _OPERATORS[operator]))
            boxes.append(inner)
        return beside(*boxes)

    def _fraction(self, above: Box, below: Box) -> Box:
        line = text_box("─" * (max(above.width, below.width) + 2))
        return stacked(above, line, below, axis=1)

    def _partial(self, node: Node) -> Box:
        inner = self.show(node)
        return beside(text_box("∂"), inner if isinstance(node, Symbol) else bracketed(inner))

    def _marked(self, node: Node) -> Box:
        """What a transpose or a power is attached to, in brackets unless it is a bare letter."""
        inner = self.show(node)
        if isinstance(node, Stack):
            return inner
        if isinstance(node, Symbol):
            scripted = node.time is not None or node.update is not None
            bare = not scripted and node.name not in self.notation.values
            bare = bare and node.name != "delta_out"
            return inner if bare else bracketed(inner, "[]")
        return bracketed(inner, "()" if isinstance(node, Sum | Product | Power) else "[]")

    def _power(self, node: Power) -> Box:
        base = self.show(node.base)
        if not isinstance(node.base, Number):
            base = bracketed(base)
        exponent = self.show(node.exponent)
        if exponent.width > 1:
            exponent = bracketed(exponent)
        return beside(base, text_box("^"), exponent)

    def _big(self, node: BigOperator) -> Box:
        sign = "Σ" if node.kind == "sum" else "∏"
        name = bare_name(node.index, "display")
        below = name if node.low is None else f"{name}={index_text(node.low, 'display')}"
        below += without_text(node, "unicode")
        above = " " if node.high is None else index_text(node.high, "display")
        tower = stacked(text_box(above), text_box(sign), text_box(below), axis=1)
        inner = self.show(node.body)
        if isinstance(node.body, Sum):
            inner = bracketed(inner)
        return beside(tower, text_box(" "), inner)
