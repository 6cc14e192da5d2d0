"""NumPy expressions: the second front end, into the same typed tree.

``ast.parse`` only builds a syntax tree; nothing typed is ever run. What is not on the white list
(arithmetic, indexing by a step, a few NumPy calls, a sum over a generator) is trouble.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from engine.formulas.notations import INDEX_LETTERS, LENGTHS, UPDATE_LETTERS, Notation
from engine.formulas.reader import code_calls, code_fractions
from engine.formulas.reader.characters import Character
from engine.formulas.reader.code_names import CodeName, code_index, code_name
from engine.formulas.reader.code_selections import conditional
from engine.formulas.reader.code_statements import sides_of, statements
from engine.formulas.reader.indices import index_node
from engine.formulas.reader.naming import gradient_of_loss, symbol
from engine.formulas.reader.products import MAX_DEPTH, check_tree
from engine.formulas.reader.program_steps import (
    count_from_one,
    fill_times,
    old_value,
    renewed_value,
)
from engine.formulas.tree import (
    BigOperator,
    Derivative,
    Equation,
    Node,
    Number,
    Power,
    Product,
    Span,
    Sum,
    Symbol,
    Transpose,
)
from engine.formulas.trouble import Repair, unreadable

_KEYWORD = re.compile(r"\s*(for|while|def|class|import|from|if|else|with|print|return)\b")
_LARGEST = 10**9
_COURSE_SLICE = re.compile(r"\[\s*:\s*,")


@dataclass(frozen=True)
class Shaped(Node):
    """A signal that code has turned to a row or a column; never leaves the code reader."""

    node: Node
    orientation: str


def plain(node: Node) -> Node:
    """The node itself: its orientation said nothing that the layout of the answer doesn't say."""
    return node.node if isinstance(node, Shaped) else node


def read_code(signs: list[Character], notation: Notation) -> tuple[list[Equation], list[Repair]]:
    """The equations of NumPy source. Raises ``Unreadable``."""
    text = "".join(character.sign for character in signs)
    reader = CodeReader(signs, text, notation, bool(_COURSE_SLICE.search(text)))
    equations = [reader.statement(start, end) for start, end in statements(text, reader.place)]
    return equations, reader.repairs


class CodeReader:
    """Reads the statements of one source text."""

    def __init__(
        self, signs: list[Character], text: str, notation: Notation, course_program: bool
    ) -> None:
        self.signs = signs
        self.text = text
        self.notation = notation
        self.course_program = course_program
        self.repairs: list[Repair] = []
        self.depth = 0
        self.sums = 0
        self.relative = False  # a name said prev or next
        self.assigns = False
        self.bound: frozenset[str] = frozenset()
        self._lines: list[tuple[int, str]] = []

    # -- places

    def place(self, start: int, end: int) -> Span:
        """The span in the text as typed of a stretch of the folded text."""
        if not self.signs:
            return (0, 0)
        first = self.signs[min(start, len(self.signs) - 1)]
        last = self.signs[min(max(end, start + 1), len(self.signs)) - 1]
        return (first.start, max(last.end, first.start))

    def span(self, node: ast.AST) -> Span:
        return self.place(*self.offsets(node))

    def offsets(self, node: ast.AST) -> Span:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line, end_column = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", 0)
        return self._offset(line, column), self._offset(end_line, end_column)

    def _offset(self, line: int, column: int) -> int:
        start, source = self._lines[min(line, len(self._lines)) - 1]
        if not source.isascii():  # ast counts bytes
            column = len(source.encode()[:column].decode(errors="ignore"))
        return start + column

    # -- statements

    def statement(self, start: int, end: int) -> Equation:
        """One statement: sides of ``=``, or an augmented assignment."""
        keyword = _KEYWORD.match(self.text, start, end)
        if keyword and keyword.group(1) == "return":
            start = keyword.end()
        elif keyword:
            raise unreadable("unsupported-code", self.place(*keyword.span(1)), keyword.group(1))
        sides, sign = sides_of(self.text, start, end, self.place)
        self.assigns = len(sides) > 1
        links = tuple(self._side(*side) for side in sides)
        span = self.place(start, end)
        arrow = False
        if sign in ("-", "+") and _is_gradient(links[0]):
            # A gradient that a loop over the steps adds to is the sum over the whole run.
            body = links[1] if sign == "+" else Sum((links[1],), (-1,), span=links[1].span)
            links = (links[0], BigOperator("sum", "t", None, None, body, span=body.span))
        elif sign in ("-", "+"):
            total = Sum((links[0], links[1]), (1, -1 if sign == "-" else 1), span=span)
            links, arrow = (links[0], total), True
        elif sign:
            raise unreadable("unsupported-code", span, f"{sign}=")
        equation = Equation(links, arrow, span=span)
        if self.course_program:
            equation = count_from_one(equation)
        if _is_signal(links[0], self.notation) and not arrow and not self.notation.indices_below:
            aged = old_value(equation)
            if aged is not equation:
                return aged  # the others' steps follow from the order in which they are computed
            equation = renewed_value(equation, self.text[start:end])
        return fill_times(equation, self.notation, self.relative)

    def _side(self, start: int, end: int) -> Node:
        source = self.text[start:end]
        if not source.strip():
            raise unreadable("unexpected-end", self.place(end, end))
        # Brackets around it allow line breaks; they were counted, so none can close this pair.
        self._lines, at = [], start - 1
        for line in ("(" + source).split("\n"):
            self._lines.append((at, line))
            at += len(line) + 1
        try:
            tree = ast.parse("(" + source + "\n)", mode="eval")
        except SyntaxError as error:
            raise self._syntax_error(error, start, end) from None
        except (RecursionError, MemoryError, ValueError):
            raise unreadable("too-deep", self.place(start, end)) from None
        return check_tree(self.value(tree.body))

    def _syntax_error(self, error: SyntaxError, start: int, end: int) -> Exception:
        if (error.lineno or 0) > len(self._lines) or not error.offset:
            return unreadable("unexpected-end", self.place(end, end))
        line, source = self._lines[(error.lineno or 1) - 1]
        at = min(max(line + min(error.offset - 1, len(source)), start), end)
        found = self.text[at : at + 1] if at < end else ""
        code = "unexpected-token" if found else "unexpected-end"
        return unreadable(code, self.place(at, at + 1) if found else self.place(end, end), found)

    # -- expressions

    def value(self, node: ast.expr) -> Node:
        return plain(self.convert(node))

    def convert(self, node: ast.expr) -> Node:
        """The typed tree of an expression, perhaps with an orientation."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise unreadable("too-deep", self.span(node))
        try:
            return self._convert(node)
        finally:
            self.depth -= 1

    def _convert(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.UnaryOp(op=ast.USub()):
                return Sum((self.value(node.operand),), (-1,), span=self.span(node))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.value(node.operand)
            case ast.Subscript(value=ast.Name(id=name)) if _is_reversed(node):
                # hs_b[::-1]: in the other order, which is a quantity of its own
                turned = ast.copy_location(ast.Name(f"{name}_reversed", ast.Load()), node)
                return self._name(turned)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Attribute(attr="T"):
                inner = self.convert(node.value)
                if isinstance(node.value, ast.Subscript) and _is_slice(node.value):
                    return inner  # one axis only: transposing it changes nothing
                return Transpose(plain(inner), span=self.span(node))
            case ast.Call():
                return code_calls.call(self, node)
            case ast.IfExp():
                return conditional(self, node)
        raise self.refuse(node)

    def refuse(self, node: ast.AST) -> Exception:
        start, end = self.offsets(node)
        return unreadable("unsupported-code", self.place(start, end), self.text[start:end][:40])

    def _number(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(node)
        if not abs(value) < _LARGEST:
            start, end = self.offsets(node)
            raise unreadable("number-too-large", self.place(start, end), self.text[start:end][:40])
        return Number(Fraction(repr(value)), span=self.span(node))

    def _name(self, node: ast.Name) -> Node:
        if node.id in self.notation.values and node.id not in self.notation.bases:
            return Symbol(node.id, span=self.span(node))
        if node.id in self.notation.function_words and node.id not in self.notation.bases:
            raise unreadable("function-without-argument", self.span(node), node.id, expected=("(",))
        return self._gradient(*self.named(node))

    def _subscript(self, node: ast.Subscript) -> Node:
        return self._gradient(*self.indexed(node))

    def _gradient(self, found: CodeName, node: Symbol) -> Node:
        """The quantity itself, or the gradient by it when its name says so (dW, W_grad)."""
        if not (found.differential or found.named.gradient):
            return node
        if node.name == "E":  # dE without the rest of its fraction
            raise unreadable("unexpected-token", node.span, "d", expected=("/",))
        return gradient_of_loss(node, node.span or (0, 0))

    def named(self, node: ast.Name) -> tuple[CodeName, Symbol]:
        found = code_name(self.notation, node.id, self.span(node), self.bound, renewed=self.assigns)
        base = symbol(found.named, self.span(node))
        self.relative = self.relative or found.named.offset is not None
        signal = found.named.quantity.kind == "signal"
        if self.course_program and signal and base.time is None:
            base = replace(base, time=code_index({"t": 1}, 1))
        return found, base

    def indexed(self, node: ast.Subscript) -> tuple[CodeName, Symbol]:
        if not isinstance(node.value, ast.Name):
            raise self.refuse(node)
        found = code_name(self.notation, node.value.id, self.span(node.value), self.bound)
        quantity = found.named.quantity
        base = symbol(found.named, self.span(node))
        if quantity.kind == "scalar" or base.time is not None:
            raise self.refuse(node)
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if quantity.indices == 0 or (quantity.indices == 2 and _is_colon(parts[0])):
            raise self.refuse(node)  # a column is no item of the table
        indices = [code_calls.index_of(self, part) for part in parts if not _is_colon(part)]
        if any(not index.variables and index.constant < 0 for index in indices):
            raise self.refuse(node)  # Python counts a negative step from the end
        two = quantity.indices == 2 or quantity.name.startswith("delta")
        if len(indices) == 2 and len(parts) == 2 and two:
            return found, replace(base, outer=indices[0], time=indices[1])
        if len(indices) != 1 or len(parts) > 2:
            raise self.refuse(node)
        if quantity.kind == "parameter" and quantity.indices != 2:
            if len(parts) > 1 or not UPDATE_LETTERS.issuperset(indices[0].variables):
                raise self.refuse(node)  # a row of a matrix
            return found, replace(base, update=indices[0])
        shifted = self.course_program and quantity.name not in ("u", "z")
        return found, replace(base, time=indices[0] + (1 if shifted else 0))

    # -- arithmetic

    def _binary(self, node: ast.BinOp) -> Node:
        match node.op:
            case ast.Add() | ast.Sub():
                return self._sum(node)
            case ast.Mult() | ast.MatMult():
                return self._product(node)
            case ast.Div():
                return code_fractions.fraction(self, node)
            case ast.Pow():
                exponent = self.exponent(node.right)
                return Power(self.value(node.left), exponent, span=self.span(node))
        raise self.refuse(node)

    def exponent(self, node: ast.expr) -> Node:
        """What a base is raised to: a value, or a step such as the t of ``beta1**t``."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        steps = names & (INDEX_LETTERS | self.bound)
        if names and names == steps and not names & (self.notation.bases | self.notation.values):
            return index_node(code_calls.index_of(self, node))
        return self.value(node)

    def _chain(self, node: ast.BinOp, kinds: tuple[type[ast.operator], ...]) -> list[ast.expr]:
        """The operands of a left-deep chain, first to last; brackets end it."""
        operands: list[ast.expr] = []
        current: ast.expr = node
        while isinstance(current, ast.BinOp) and isinstance(current.op, kinds):
            operands.append(current.right)
            if self.offsets(current)[0] != self.offsets(current.left)[0]:
                current = current.left
                break
            current = current.left
        return [current, *reversed(operands)]

    def _sum(self, node: ast.BinOp) -> Node:
        signs: list[int] = []
        operands = self._chain(node, (ast.Add, ast.Sub))
        current: ast.expr = node
        for _ in operands[1:]:
            assert isinstance(current, ast.BinOp)
            signs.append(-1 if isinstance(current.op, ast.Sub) else 1)
            current = current.left
        first, sign = self.pulled(self.value(operands[0]), operands[0], node)
        terms = (first, *(self.value(part) for part in operands[1:]))
        return Sum(terms, (sign, *reversed(signs)), span=self.span(node))

    def _product(self, node: ast.BinOp) -> Node:
        kind = type(node.op)
        name = "matmul" if kind is ast.MatMult else "hadamard"
        operands = self._chain(node, (kind,))
        first, sign = self.pulled(self.convert(operands[0]), operands[0], node)
        parts = [first, *(self.convert(part) for part in operands[1:])]
        result = self.multiply(parts, name, self.span(node))
        return result if sign > 0 else Sum((result,), (-1,), span=self.span(node))

    def multiply(self, parts: list[Node], name: str, span: Span) -> Node:
        """A product; a column times a row is the outer product whatever the layout is."""
        if name == "matmul" and len(parts) == 2:
            left, right = parts
            turned = [part.orientation if isinstance(part, Shaped) else "" for part in parts]
            if turned == ["column", "column"]:  # only fits when the second has one component
                place = right.span or span
                self.repairs.append(Repair(*place, "reshape(-1, 1)", "reshape(1, -1)"))
                turned[1] = "row"
            if turned == ["column", "row"]:
                return Product((plain(left), plain(right)), ("outer",), span=span)
            if turned == ["row", "column"]:
                return Product(
                    (plain(left), Transpose(plain(right), span=right.span)), (name,), span=span
                )
        factors = tuple(plain(part) for part in parts)
        pairs = pairwise(factors)
        # A number or the learning rate scales: there is nothing to take component by component.
        scales = (name == "hadamard" and (_is_scalar(a) or _is_scalar(b)) for a, b in pairs)
        operators = tuple("juxtaposed" if scale else name for scale in scales)
        return Product(factors, operators, span=span)

    def pulled(self, value: Node, operand: ast.expr, whole: ast.expr) -> tuple[Node, int]:
        """Python binds a leading minus to the first factor; in mathematics it is the term's."""
        unbracketed = self.offsets(operand)[0] == self.offsets(whole)[0]
        if unbracketed and isinstance(value, Sum) and value.signs == (-1,):
            return value.terms[0], -1
        return value, 1


def _is_scalar(node: Node) -> bool:
    return isinstance(node, Number) or (
        isinstance(node, Symbol) and node.name in ("eps", "E", *LENGTHS)
    )


def _is_gradient(node: Node) -> bool:
    return isinstance(node, Derivative)


def _is_colon(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and not (node.lower or node.upper or node.step)


def _is_signal(node: Node, notation: Notation) -> bool:
    quantity = notation.by_name.get(node.name) if isinstance(node, Symbol) else None
    return quantity is not None and quantity.kind == "signal" and quantity.indices == 1


def _is_reversed(node: ast.Subscript) -> bool:
    """``x[::-1]``."""
    cut = node.slice
    if not isinstance(cut, ast.Slice) or cut.lower is not None or cut.upper is not None:
        return False
    step = cut.step
    back = isinstance(step, ast.UnaryOp) and isinstance(step.op, ast.USub)
    one = step.operand if isinstance(step, ast.UnaryOp) else None
    return back and isinstance(one, ast.Constant) and one.value == 1


def _is_slice(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Tuple) and any(_is_colon(part) for part in node.slice.elts)
