"""Values as people type them: numbers, fractions, shapes, vectors, matrices.

Read by hand-written rules only, in exact arithmetic: ``80,400``, ``2/3``, ``1.2e-3``, ``25 %``,
``(3, 4)``, ``[[1, 2], [3, 4]]``, ``1 2; 3 4``, with full-width signs and LaTeX fractions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

MAX_LENGTH: Final = 1000
SCALAR_FORMS: Final = ("integer", "fraction", "decimal")
_LARGEST: Final = Fraction(10) ** 250


class NotUnderstoodError(Exception):
    """The text has not the form wanted; ``code`` says what is in the way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Number:
    """One typed number. ``digits`` counts significant digits and ``unit`` is what half a step of
    the last one is worth; a whole number or a fraction of whole numbers is ``exact``."""

    value: Fraction
    text: str
    exact: bool = True
    digits: int = 0
    unit: Fraction = Fraction(0)
    percent: bool = False


Typed: TypeAlias = Number | tuple[Number, ...] | tuple[tuple[Number, ...], ...]

_DIGITS = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_POWER = (
    r"(?:[eE](?P<e>[-+]?[0-9]{1,4})|\s*[x*]\s*10\s*\^\s*[({]?\s*(?P<p>[-+]?[0-9]{1,4})\s*[)}]?)"
)
_NUMBER = re.compile(rf"(?P<sign>[-+]?)\s*(?P<digits>{_DIGITS})(?:{_POWER})?")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:([,_ ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_CONSTRUCTED = re.compile(
    r"(?:(?:np|numpy|torch)\s*\.\s*)?(?:array|tensor|Size|tuple|list)\s*\((.*)\)", re.DOTALL
)
_MIXED = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>[0-9]{1,40})\s+(?P<part>[0-9]{1,40}\s*/\s*[0-9]{1,40})"
)
# What people add to a count: 80400個, 12 parameters.
_UNIT = re.compile(r"(?<=[0-9])\s*(?:個|つ|回|本|次元|ビット|項|語|ステップ|[A-Za-z]{3,12})$")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SIGNS = str.maketrans(
    dict.fromkeys("−‐‑‒–—―ー", "-")
    | dict.fromkeys("⁄∕÷", "/")
    | dict.fromkeys("×✕⋅·", "x")
    | {"、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]", "\u3000": " "}
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def parse(text: str, form: str) -> Typed:
    """The value in ``text``; ``form`` is one of ``question_bank.kinds.numeric.ANSWERS``.

    Raises ``NotUnderstoodError``.
    """
    plain = _plain(text)
    if form in SCALAR_FORMS:
        inner = plain
        while inner[:1] in _CLOSING and inner[-1:] == _CLOSING.get(inner[:1]):
            inner = inner[1:-1].strip()
        if re.search(r"[\[\](){};]", inner) and not re.search(r"10\s*\^", inner):
            words = re.search(r"[^\W\d_]", inner)
            raise NotUnderstoodError("not-a-number" if words else "number-wanted")
        return _scalar(inner)
    if form == "shape":
        plain = re.sub(r"(?<=[0-9])\s*(?:[x*]|by)\s*(?=[0-9])", ",", plain)
    nested = _Structure(plain).read()
    rows = _rows(nested)
    if form == "matrix":
        return rows if isinstance(rows[0], tuple) else (rows,)
    if isinstance(rows[0], tuple):
        if form == "vector" and 1 in structure(rows):
            return tuple(entries(rows))
        raise NotUnderstoodError("list-wanted")
    return rows


def parse_literal(literal: Any, like: Any) -> Typed:
    """A value that an author wrote in YAML (number, ``"2/3"``, lists), to compare with ``like``.

    Raises ``NotUnderstoodError``.
    """
    form = form_of(like)
    if isinstance(literal, (list, tuple)):
        form = "matrix" if any(isinstance(row, (list, tuple)) for row in literal) else "vector"
    elif form not in SCALAR_FORMS:
        form = "decimal"
    return parse(_written(literal), form)


def entries(value: Any) -> Iterator[Any]:
    """All entries of a number, vector or matrix, row by row."""
    if isinstance(value, tuple):
        for part in value:
            yield from entries(part)
    else:
        yield value


def structure(value: Any) -> tuple[int, ...]:
    """() for a number, (n,) for a vector, (rows, columns) for a matrix."""
    if not isinstance(value, tuple):
        return ()
    return (len(value), *structure(value[0])) if value else (0,)


def form_of(value: Any) -> str:
    """How a value is typed unless the item says otherwise."""
    dimensions = len(structure(value))
    if dimensions:
        return "vector" if dimensions == 1 else "matrix"
    if isinstance(value, int):
        return "integer"
    return "fraction" if isinstance(value, Fraction) else "decimal"


def agreement(typed: Typed, value: Any, tolerance: float) -> str:
    """``yes``; ``coarse`` if rightly rounded but to fewer than three digits; else ``no``.

    An exact value asks for exactness from whole numbers and fractions; decimals may differ by the
    relative ``tolerance``, or be the value rounded to three significant digits or more.
    """
    if structure(value) == () and structure(typed) in ((1,), (1, 1)):
        typed = next(entries(typed))
    if structure(typed) not in _alike(structure(value)):
        return "no"
    truths = list(entries(value))
    scale = max((abs(float(truth)) for truth in truths), default=0.0)
    found = [
        _agrees(number, truth, tolerance, scale)
        for number, truth in zip(entries(typed), truths, strict=True)
    ]
    return next((bad for bad in ("no", "coarse") if bad in found), "yes")


def _alike(wanted: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Structures that may be typed for ``wanted``: a list for one row or one column, and back."""
    if len(wanted) == 1:
        return wanted, (*wanted, 1), (1, *wanted)
    if len(wanted) == 2 and 1 in wanted:
        return wanted, (wanted[0] * wanted[1],)
    return (wanted,)


def _agrees(number: Number, truth: Any, tolerance: float, scale: float) -> str:
    readings = (number.value, number.value / 100) if number.percent else (number.value,)
    exact = Fraction(truth)
    if any(value == exact for value in readings):
        return "yes"
    if isinstance(truth, int) or (isinstance(truth, Fraction) and number.exact):
        return "no"
    # Entries that are zero but for rounding are judged by the size of their neighbours.
    allowed = Fraction(tolerance) * max(abs(exact), Fraction(scale) / 1000)
    for value in readings:
        if abs(value - exact) <= allowed:
            return "yes"
        unit = number.unit / 100 if value != number.value else number.unit
        if not number.exact and number.digits > 1 and abs(value - exact) <= unit:
            return "yes" if number.digits > 2 else "coarse"
    return "no"


def apart(one: Any, other: Any, tolerance: float) -> bool:
    """Whether no answer could pass for both values, however it is rounded."""
    if structure(one) != structure(other):
        return True
    pairs = list(zip(entries(one), entries(other), strict=True))
    scale = max((abs(float(v)) for pair in pairs for v in pair), default=0.0)
    return any(_apart(a, b, max(2 * tolerance, 0.01), scale) for a, b in pairs)


def _apart(a: Any, b: Any, tolerance: float, scale: float) -> bool:
    if isinstance(a, int) and isinstance(b, int):
        return a != b
    size = max(abs(float(a)), abs(float(b)), scale / 1000)
    return abs(float(a) - float(b)) > tolerance * size


_LARGEST_DENOMINATOR: Final = 10_000


def show(value: Any) -> str:
    """A value as one would type it; numbers in lists without thousands separators."""
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return f"[{', '.join('[' + _listed(row) + ']' for row in value)}]"
        return f"({_listed(value)},)" if len(value) == 1 else f"({_listed(value)})"
    if isinstance(value, Number):
        return value.text
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction):
        # Exact powers such as 0.9^20 are fractions that nobody would write down.
        if value.denominator > _LARGEST_DENOMINATOR:
            return f"{float(value):.4g}"
        return f"{value.numerator}/{value.denominator}"
    return f"{value:.4g}"


def _written(literal: Any) -> str:
    if isinstance(literal, (list, tuple)):
        return "[" + ", ".join(_written(part) for part in literal) + "]"
    return str(literal)


def _listed(parts: tuple[Any, ...]) -> str:
    return ", ".join(show(part).replace(",", "") for part in parts)


def _plain(text: str) -> str:
    """One spelling of signs: NFKC, ASCII minus, slash and brackets, no decoration."""
    if len(text) > MAX_LENGTH:
        raise NotUnderstoodError("too-long")
    # Before NFKC, which would make 10² to 102 and 1½ to 11/2.
    text = re.sub(r"[⁰¹²³⁴-⁹⁺⁻]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    text = re.sub(r"(?<=[0-9０-９])(?=[¼-¾⅐-⅞])", " ", text)
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    text = text.replace("\\\\", ";")
    text = re.sub(r"\\(?:left|right|[,;:! ])", " ", text)
    text = re.sub(r"\\begin\{[a-z]*matrix\}", "[", text)
    text = re.sub(r"\\end\{[a-z]*matrix\}", "]", text).replace("&", ",")
    text = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", text)
    text = text.replace("\\times", "x").replace("\\%", "%").strip().strip("$").strip()
    text = re.sub(r"^[^\W\d][^=<>]{0,40}=|^=", "", text).strip()
    text = re.sub(r"^(?:≈|≒|約|およそ|about\s|approx\.?\s)\s*", "", text).strip()
    if made := _CONSTRUCTED.fullmatch(text):
        text = made[1].strip()
    text = re.sub(r"(?<=[^0-9.])\.$|\.{2,}$", "", text).strip()
    if not text:
        raise NotUnderstoodError("empty")
    return text


def _scalar(text: str) -> Number:
    """A number that stands alone: thousands separators, mixed fractions and per cent allowed."""
    text = _UNIT.sub("", text)
    percent = text.endswith("%")
    plain = text.removesuffix("%").strip()
    if mixed := _MIXED.fullmatch(plain):
        part = _fraction(mixed["part"])
        whole = Fraction(int(mixed["whole"])) + part.value
        value = -whole if mixed["sign"] == "-" else whole
        return Number(value, f"{value.numerator}/{value.denominator}", percent=percent)
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"[,_ ]", "", plain)
    number = _fraction(plain)
    if not percent:
        return number
    return Number(
        number.value, f"{number.text} %", number.exact, number.digits, number.unit, percent=True
    )


def _fraction(text: str) -> Number:
    above, slash, below = text.partition("/")
    number = _number(above.strip())
    if not slash:
        return number
    under = _number(below.strip())
    if under.value == 0:
        raise NotUnderstoodError("zero-denominator")
    exact = number.exact and under.exact
    value = number.value / under.value
    return Number(value, f"{number.text}/{under.text}", exact=exact)


def _number(text: str) -> Number:
    found = _NUMBER.fullmatch(text)
    if found is None or len(found["digits"]) > 60:
        raise NotUnderstoodError("not-a-number")
    digits = found["digits"]
    power = int(found["e"] or found["p"] or 0)
    if abs(power) > 200:
        raise NotUnderstoodError("too-large")
    value = Fraction(digits if digits[-1] != "." else digits + "0") * Fraction(10) ** power
    if abs(value) > _LARGEST:
        raise NotUnderstoodError("too-large")
    whole = "." not in digits and not power
    places = len(digits.partition(".")[2])
    significant = len(digits.replace(".", "").lstrip("0"))
    sign = "-" if found["sign"] == "-" else ""
    shown = sign + digits.removesuffix(".") + (f"e{power}" if power else "")
    unit = Fraction(10) ** (power - places) / 2
    return Number(-value if sign else value, shown, whole, significant, unit)


_ITEM = re.compile(
    r"[-+]?" + _DIGITS + r"(?:[eE][-+]?[0-9]{1,4})?"
    r"(?:\s*/\s*[-+]?" + _DIGITS + r"(?:[eE][-+]?[0-9]{1,4})?)?"
)


class _Structure:
    """Brackets, separators and numbers to nested tuples. Rows are separated by ``;`` or lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> Any:
        whole = self.sequence(closing="")
        if self.at < len(self.text):
            raise NotUnderstoodError("brackets")
        # The brackets that someone typed are one thing in the outermost list.
        return whole[0] if len(whole) == 1 and isinstance(whole[0], tuple) else whole

    def sequence(self, closing: str, depth: int = 0) -> tuple[Any, ...]:
        if depth > 6:
            raise NotUnderstoodError("brackets")
        rows: list[list[Any]] = [[]]
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign in ")]}":
                break
            if sign in ";\n":
                rows.append([])
                self.at += 1
            elif sign in " \t,":
                self.at += 1
            elif sign in _CLOSING:
                self.at += 1
                rows[-1].append(self.sequence(_CLOSING[sign], depth + 1))
            elif found := _ITEM.match(self.text, self.at):
                rows[-1].append(_fraction(found[0]))
                self.at = found.end()
                if self.at < len(self.text) and self.text[self.at] not in " \t\n,;)]}":
                    raise NotUnderstoodError("not-a-number")
            else:
                raise NotUnderstoodError("not-a-number")
        if closing:
            if self.at >= len(self.text) or self.text[self.at] != closing:
                raise NotUnderstoodError("brackets")
            self.at += 1
        filled = [tuple(row) for row in rows if row]
        if len(filled) > 1 and not any(isinstance(p, tuple) for row in filled for p in row):
            return tuple(filled)
        # Rows that have brackets of their own need no separator.
        return tuple(part for row in filled for part in row)


def _rows(nested: Any) -> tuple[Any, ...]:
    """A vector as a tuple of numbers, a matrix as a tuple of rows of one length."""
    while (
        len(nested) == 1
        and isinstance(nested[0], tuple)
        and any(isinstance(part, tuple) for part in nested[0])
    ):
        nested = nested[0]
    if not nested:
        raise NotUnderstoodError("empty")
    if not any(isinstance(part, tuple) for part in nested):
        return tuple(nested)
    if not all(isinstance(row, tuple) and row for row in nested):
        raise NotUnderstoodError("ragged")
    if any(isinstance(part, tuple) for row in nested for part in row):
        raise NotUnderstoodError("too-many-dimensions")
    if len({len(row) for row in nested}) != 1:
        raise NotUnderstoodError("ragged")
    return tuple(nested)
