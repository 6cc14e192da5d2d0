"""From the typed tree back to text: one line in any of the four input languages.

``canonical`` writes what ``engine.formulas.reading.read`` reads back as the same tree; brackets are
added only where the reader needs them. ``display`` (two-dimensional text for the screen) lives in
``engine.formulas.display`` and is offered here too.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from engine.formulas.construction import gradient_spelt_out
from engine.formulas.display import display
from engine.formulas.notations import LENGTHS, Notation, Quantity
from engine.formulas.notations import notation as notation_named
from engine.formulas.reader.naming import is_update_number
from engine.formulas.rendering_structures import (
    cases_text,
    comparison_text,
    extremum_text,
    norm_text,
    stack_text,
)
from engine.formulas.rendering_sums import big_text
from engine.formulas.spelling import INDEX_MINUS, index_text, number_text
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

__all__ = ["Style", "canonical", "canonical_text", "display"]

Style: TypeAlias = Literal["unicode", "latex", "ascii", "numpy"]

# How tightly a text holds together: what stands where a tighter one is wanted gets brackets.
_SUM, _BIG, _PRODUCT, _FRACTION, _ATOM, _NEVER = range(6)
_Text: TypeAlias = tuple[str, int]

_OPERATORS: Final[dict[str, dict[str, str]]] = {
    "unicode": {
        "juxtaposed": " ",
        "dot": " · ",
        "hadamard": " ⊙ ",
        "matmul": " @ ",
        "outer": " ⊗ ",
    },
    "latex": {
        "juxtaposed": " ",
        "dot": r" \cdot ",
        "hadamard": r" \odot ",
        "matmul": " @ ",
        "outer": r" \otimes ",
    },
    "ascii": {
        "juxtaposed": " * ",
        "dot": " * ",
        "hadamard": " .* ",
        "matmul": " @ ",
        "outer": "",
    },
    "numpy": {"juxtaposed": "", "dot": " @ ", "hadamard": " * ", "matmul": " @ ", "outer": ""},
}
_ARROWS: Final = {"unicode": " ← ", "latex": r" \leftarrow ", "ascii": " <- ", "numpy": " = "}
# Matrices of attention: beside one of them NumPy needs its sign.
_TABLES: Final = frozenset("QKV")
_NUMPY_FUNCTIONS: Final = frozenset(
    {"tanh", "exp", "log", "sqrt", "cosh", "diag", "sin", "cos", "abs", "sign"}
)


def canonical(node: Node, notation: str | Notation = "course", style: Style = "unicode") -> str:
    """``node`` (an equation or a part of one) on one line.

    Raises ``KeyError`` for an undeclared notation or a quantity that it doesn't spell.
    """
    chosen = notation_named(notation) if isinstance(notation, str) else notation
    printer = _Printer(chosen, style)
    if isinstance(node, Equation):
        return printer.equation(node)
    return printer.show(node)[0]


def canonical_text(
    equations: tuple[Equation, ...], notation: str = "course", style: Style = "unicode"
) -> str:
    """Several equations on one line, as the reader takes them."""
    return "; ".join(canonical(equation, notation, style) for equation in equations)


class _Printer:
    def __init__(self, notation: Notation, style: Style) -> None:
        self.notation = notation
        self.style = style
        self.code = style == "numpy"
        self.plain = style in ("ascii", "numpy")
        self.multiply = False  # NumPy: write np.multiply, so that the text is seen to be code

    def equation(self, equation: Equation) -> str:
        links = [self.show(link)[0] for link in equation.links]
        if self.code and equation.arrow and len(links) == 2:
            second = equation.links[1]
            steps = isinstance(second, Sum) and second.signs == (1, -1)
            if isinstance(second, Sum) and steps and second.terms[0] == equation.links[0]:
                return f"{links[0]} -= {self._within(second.terms[1], _BIG)}"
        first = _ARROWS[self.style] if equation.arrow else " = "
        text = " = ".join(links[1:])
        return f"{links[0]}{first}{text}" if text else links[0]

    def show(self, node: Node) -> _Text:
        text = self._show(node)
        if self.code and not self.multiply and _needs_sign(node, text[0]):
            self.multiply = True
            text = self._show(node)
            self.multiply = False
        return text

    def _show(self, node: Node) -> _Text:
        match node:
            case Number():
                text = number_text(node.value)
                return text, _ATOM if text[0] not in "-(" else _SUM
            case Symbol():
                spelt = gradient_spelt_out(node, self.notation)
                return (self._symbol(node), _ATOM) if spelt is None else self._derivative(spelt)
            case Sum():
                return self._sum(node), _SUM
            case Product():
                return self._product(node)
            case Quotient():
                return self._quotient(node)
            case Derivative():
                return self._derivative(node)
            case Transpose():
                return self._transpose(node), _ATOM
            case Power():
                return self._power(node), _FRACTION if self.code else _ATOM
            case Apply():
                return self._apply(node), _ATOM
            case BigOperator():
                return self._big(node)
            case Reduce():
                return self._reduce(node), _ATOM
            case Stack():
                return stack_text(node, self.style, self._plain), _ATOM
            case Extremum():
                return extremum_text(node, self.style, self._plain), _ATOM
            case Cases():
                return cases_text(node, self.style, self._plain), _ATOM
            case Comparison():
                return comparison_text(node, self.style, self._plain), _SUM
        raise TypeError(type(node).__name__)

    def _plain(self, node: Node) -> str:
        return self._show(node)[0]

    def _within(self, node: Node, level: int, brackets: str = "()") -> str:
        text, own = self._show(node)
        return text if own >= level else brackets[0] + text + brackets[1]

    # -- leaves

    def _symbol(self, node: Symbol) -> str:
        if node.name not in self.notation.by_name:
            if node.name in LENGTHS or node.time is None:
                return index_text(Index.of(0, **{node.name: 1}), self.style)
            raise KeyError(node.name)
        quantity = self.notation.by_name[node.name]
        if self.plain:
            steps = [index for index in (node.outer, node.time, node.update) if index is not None]
            inner = ",".join(index_text(index, self.style) for index in steps)
            return quantity.ascii + (f"[{inner}]" if inner else "")
        below, above = self._scripts(node, quantity)
        letter = quantity.latex if self.style == "latex" else quantity.unicode
        return letter + self._script("_", below) + self._script("^", above)

    def _scripts(self, node: Symbol, quantity: Quantity) -> tuple[list[str], list[str]]:
        """What stands below and what stands above the letter."""
        below: list[str] = []
        above: list[str] = []
        if quantity.label:
            round_label = quantity.kind == "parameter" and quantity.label in ("in", "out")
            label = (
                f"({quantity.label})" if round_label and self.style == "latex" else quantity.label
            )
            (above if quantity.raised else below).append(label)
        if self.notation.indices_below:
            chosen = [index for index in (node.outer, node.time) if index is not None]
            below += [index_text(index, self.style) for index in chosen]
        elif node.outer is not None and node.time is not None:
            above += [index_text(index, self.style) for index in (node.outer, node.time)]
        elif node.time is not None:
            raised = bool(node.time.variables) or node.time.constant in (0, 1)
            raised = raised and (quantity.indices != 2 or bool(node.time.variables))
            lone_t = node.time == Index.of(0, T=1)
            (above if raised and not lone_t else below).append(index_text(node.time, self.style))
        if node.update is not None:
            counted = is_update_number(node.update, frozenset())
            (above if counted else below).append(index_text(node.update, self.style))
        return below, above

    def _script(self, mark: str, parts: list[str]) -> str:
        if not parts:
            return ""
        text = ",".join(parts)
        bare = len(text) == 1 or (self.style == "unicode" and text in self.notation.labels)
        return f"{mark}{text}" if bare else f"{mark}{{{text}}}"

    # -- arithmetic

    def _sum(self, node: Sum) -> str:
        minus = INDEX_MINUS[self.style]
        parts: list[str] = []
        for place, (term, sign) in enumerate(zip(node.terms, node.signs, strict=True)):
            text = self._within(term, _BIG)
            if place == 0:
                parts.append(text if sign > 0 else minus + text)
            else:
                parts.append(f" {minus if sign < 0 else '+'} {text}")
        return "".join(parts)

    def _product(self, node: Product) -> _Text:
        if "outer" in node.operators and self.plain:
            return self._calls(node, "np.outer" if self.code else "outer"), _ATOM
        if self.code and self.multiply and "hadamard" in node.operators:
            return self._calls(node, "np.multiply"), _ATOM
        last = len(node.factors) - 1
        text = ""
        level = _PRODUCT
        for place, factor in enumerate(node.factors):
            ends_big = place == last and isinstance(factor, BigOperator)
            shown = self._factor(factor, ends_big)
            if ends_big and not self.plain:
                level = _BIG
            if place:
                text += self._sign(node, place)
            text += shown
        return text, level

    def _factor(self, factor: Node, ends_big: bool) -> str:
        if ends_big:
            return self._within(factor, _BIG)
        derivative = isinstance(factor, Derivative) and not self.code
        return self._within(factor, _FRACTION if derivative else _ATOM)

    def _sign(self, node: Product, place: int) -> str:
        """The operator before a factor, written out where a space would change the meaning."""
        operator = node.operators[place - 1]
        if operator != "juxtaposed" or self.style == "ascii":
            return _OPERATORS[self.style][operator]
        before, after = node.factors[place - 1], node.factors[place]
        if self.code:
            return " @ " if _is_matrix(before) or _is_matrix(after) else " * "
        explicit = r" \cdot " if self.style == "latex" else " · "
        easily_misread = isinstance(before, Symbol) and before.name == "d" and before.time is None
        easily_misread = easily_misread or (
            isinstance(before, Symbol) and before.name == "E"
        )  # E (…) would be a call
        easily_misread = easily_misread or after == Symbol("T")  # ] T would be a lost transpose
        numbers = isinstance(before, Number) and isinstance(after, Number)
        if (
            numbers
            or easily_misread
            or (isinstance(before, Symbol) and _is_pure_index(after, self.notation))
        ):
            return explicit
        return " "

    def _calls(self, node: Product, name: str) -> str:
        """A product as nested calls, first factors first."""
        text = self._show(node.factors[0])[0]
        for operator, factor in zip(node.operators, node.factors[1:], strict=True):
            if operator in ("outer", "hadamard") and (operator in name or self.multiply):
                text = f"{name}({text}, {self._show(factor)[0]})"
            else:
                sign = _OPERATORS[self.style][operator] or " @ "
                text = f"({text}{sign}{self._within(factor, _ATOM)})"
        return text

    def _quotient(self, node: Quotient) -> _Text:
        if self.style == "latex":
            above, below = self._show(node.numerator)[0], self._show(node.denominator)[0]
            return rf"\frac{{{above}}}{{{below}}}", _ATOM
        above, below = self._within(node.numerator, _ATOM), self._within(node.denominator, _ATOM)
        return f"{above} / {below}", _FRACTION

    def _derivative(self, node: Derivative) -> _Text:
        if self.style == "latex":
            above, below = (self._partial(part) for part in (node.of, node.by))
            return rf"\frac{{\partial {above}}}{{\partial {below}}}", _ATOM
        if self.plain:
            simple = all(isinstance(part, Symbol) for part in (node.of, node.by))
            named = [part.name for part in (node.of, node.by) if isinstance(part, Symbol)]
            if simple and all(name in self.notation.by_name and name != "d" for name in named):
                return f"d{self._show(node.of)[0]}/d{self._show(node.by)[0]}", _FRACTION
            return f"diff({self._show(node.of)[0]}, {self._show(node.by)[0]})", _ATOM
        return f"∂{self._partial(node.of)}/∂{self._partial(node.by)}", _FRACTION

    def _partial(self, node: Node) -> str:
        text, _ = self._show(node)
        return text if isinstance(node, Symbol) else f"({text})"

    def _transpose(self, node: Transpose) -> str:
        inner = node.operand
        if self.plain:
            loose = isinstance(inner, Number) or (
                isinstance(inner, Symbol) and inner.name in self.notation.values
            )
            return self._within(inner, _NEVER if loose else _ATOM) + ".T"
        text = self._show(inner)[0]
        bare = isinstance(inner, Symbol) and not (inner.time or inner.update or inner.outer)
        if bare and isinstance(inner, Symbol):
            bare = inner.name in self.notation.by_name and inner.name not in (*LENGTHS, "E")
        if bare and isinstance(inner, Symbol):
            quantity = self.notation.by_name[inner.name]
            bare = not (quantity.raised and quantity.label)
        bare = bare or (isinstance(inner, Stack) and self.style != "numpy")
        if not bare:
            text = f"[{text}]"
        return text + ("^T" if self.style == "latex" else "ᵀ")

    def _power(self, node: Power) -> str:
        base = node.base
        lone = isinstance(base, Symbol) and base.time is None and base.name != "eps"
        simple = isinstance(base, Number | Apply) or base == Symbol("eps")
        if self.plain and isinstance(base, Symbol | Transpose):
            simple = not lone
        text = self._within(base, _ATOM) if simple else f"({self._show(base)[0]})"
        if self.code:
            return f"{text}**{self._within(node.exponent, _ATOM)}"
        exponent = self._show(node.exponent)[0]
        number = isinstance(node.exponent, Number) and exponent.isdigit()
        if self.style == "ascii":
            return f"{text}^{exponent}" if number else f"{text}^({exponent})"
        if node.exponent == Symbol("T"):
            exponent = f"({exponent})"
        short = number and len(exponent) == 1
        return f"{text}^{exponent}" if short else f"{text}^{{{exponent}}}"

    # -- calls

    def _apply(self, node: Apply) -> str:
        function = self.notation.functions_by_name[node.function]
        if function.name == "loss" and isinstance(node.argument, Stack):
            parts = ", ".join(self._show(part)[0] for part in node.argument.parts)
            return rf"\mathrm{{loss}}({parts})" if self.style == "latex" else f"loss({parts})"
        argument = self._show(node.argument)[0]
        if function.name == "norm" and not node.order:
            return norm_text(argument, self.style)
        if self.code:
            module = "np." if function.name in _NUMPY_FUNCTIONS and not node.order else ""
            short = len(function.name) == 1
            prefix = ("d" if short else "d_") * node.order
            return f"{module}{prefix}{function.name}({argument})"
        name = {"unicode": function.unicode, "latex": function.latex}.get(self.style, function.name)
        if function.name == "sqrt" and self.style != "ascii":
            if not node.order:
                return rf"\sqrt{{{argument}}}" if self.style == "latex" else f"√({argument})"
            name = r"\mathrm{sqrt}" if self.style == "latex" else "sqrt"
        return f"{name}{chr(39) * node.order}({argument})"

    def _big(self, node: BigOperator) -> _Text:
        body = self._show(node.body)[0] if self.plain else self._within(node.body, _BIG)
        return big_text(node, self.style, body), _ATOM if self.plain else _BIG

    def _reduce(self, node: Reduce) -> str:
        inner = self._show(node.operand)[0]
        if self.code:
            axis = "" if node.axis is None else f", axis={node.axis}"
            return f"np.{node.kind}({inner}{axis})"
        axis = "none" if node.axis is None else str(node.axis)
        return f"{node.kind}({inner}, axis={axis})"


def _is_matrix(node: Node) -> bool:
    """Whether a factor next to a space in mathematics must be a matrix product in code."""
    if isinstance(node, Quotient):
        return _is_matrix(node.numerator)
    table = isinstance(node, Symbol) and node.name in _TABLES and node.time is None
    named = isinstance(node, Symbol) and node.name[0] == "W"
    return table or named or isinstance(node, Transpose)


def _is_pure_index(node: Node, notation: Notation) -> bool:
    """Whether a bracket with this inside could be taken for the time step of the name before it."""
    if isinstance(node, Number):
        return True
    if isinstance(node, Symbol):
        return node.name in notation.values
    children = list(node.children())
    return bool(children) and all(_is_pure_index(child, notation) for child in children)


def _needs_sign(node: Node, text: str) -> bool:
    """Whether NumPy text with a ``*`` would be taken for ASCII mathematics."""
    from engine.formulas.reading import looks_like_code

    return " * " in text and not looks_like_code(text)
