"""The front door: a text in any of the four input languages, read into typed equations.

``read`` never raises on a text and never takes long: what is not understood comes back as a
``Trouble`` with its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from engine.formulas.models import Model
from engine.formulas.notations import Notation, notations
from engine.formulas.reader import layout
from engine.formulas.reader.characters import Character, characters, spelt_out
from engine.formulas.reader.likely import missing_words, words_of
from engine.formulas.reader.mending import single_backslashes, without_notes, without_owner
from engine.formulas.reader.page_marks import page_marks
from engine.formulas.reader.parser import parse
from engine.formulas.reader.resolver import Resolver
from engine.formulas.reader.scanner import Token, scan
from engine.formulas.reader.telescopes import with_telescopes
from engine.formulas.tree import Equation, Symbol, walk
from engine.formulas.trouble import Repair, Trouble, Unreadable, unreadable

__all__ = [
    "MAX_LENGTH",
    "Reading",
    "Repair",
    "Trouble",
    "looks_like_code",
    "most_readings",
    "read",
    "read_in",
]

MAX_LENGTH: Final = 4000
_CODE = re.compile(
    r"\b(?:np|numpy|torch|tf)\s*\.|\bfunctions\s*\.|\[\s*:\s*,|\*\*|[-+*/@]=|\bdot\s*\("
    r"|\.\s*(?:sum|mean|reshape|dot|transpose|flatten|ravel|copy)\s*\(|\bfor\s+\w+\s+in\b"
)
_MAX_JOINED_LINES: Final = 20
_JOINING = frozenset({"SIGN", "OPERATOR", "SLASH", "RELATION", "COMPARE", "IF"})


#: Signs that are read for one model, over all its notations. A formula has about a hundred.
SIGNS_READ = 20_000


@dataclass(frozen=True)
class Reading:
    """What was understood of ``text``: equations in one notation, or trouble.

    ``syntax`` is ``latex``, ``unicode``, ``ascii`` or ``numpy``; ``repairs`` are spellings that
    were read as others.
    """

    text: str
    equations: tuple[Equation, ...]
    notation: str
    syntax: str
    repairs: tuple[Repair, ...] = ()
    trouble: Trouble | None = None

    @property
    def understood(self) -> bool:
        return self.trouble is None and bool(self.equations)


def read(text: str, notation: str | None = None, model: Model | str = "rnn") -> Reading:
    """Reads ``text`` in ``notation``, or in the first notation that declares all its names.

    Raises ``KeyError`` for an undeclared notation or model; never for anything in ``text``.
    """
    known = notations(model)
    tried = [known[notation]] if notation is not None else _likely(text, known)
    return _read_first(text, tried[: most_readings(text)])


def read_in(text: str, notation: Notation) -> Reading:
    """Reads ``text`` in a notation that need not belong to a model. Never raises on a text."""
    return _read_first(text, [notation])


def _read_first(text: str, tried: list[Notation]) -> Reading:
    if len(text) > MAX_LENGTH:
        trouble = Trouble("too-long", (MAX_LENGTH, len(text)), str(len(text)))
        return Reading(text, (), tried[0].name, "ascii", (), trouble)
    signs = without_owner(single_backslashes(characters(text)))
    syntax = _syntax(signs)
    first: Reading | None = None
    spare: Reading | None = None
    for candidate in tried:
        reading = _read_in(text, signs, candidate, syntax)
        if reading.understood and candidate.needs and not _has_one_of(reading, candidate.needs):
            spare = spare or reading
            continue
        if reading.understood:
            return reading
        if first is None or _is_of_names(first) > _is_of_names(reading):
            first = reading
        if not _is_of_names(reading):
            break
    if spare is not None:
        return spare
    assert first is not None
    return first


def most_readings(text: str) -> int:
    """In how many notations a text is read: the longer it is, in the fewer."""
    return max(2, SIGNS_READ // max(len(text), 1))


def _has_one_of(reading: Reading, names: frozenset[str]) -> bool:
    nodes = (node for equation in reading.equations for node in walk(equation))
    return any(isinstance(node, Symbol) and node.name in names for node in nodes)


def _likely(text: str, known: Mapping[str, Notation]) -> list[Notation]:
    """The notations that have a use for every word of the text; all, if none has."""
    words = words_of(text[:MAX_LENGTH])
    return [one for one in known.values() if not missing_words(words, one)] or [*known.values()]


# What is wrong with a text in one notation and may be right in another.
_OF_NAMES = (
    "unexpected-token",
    "unexpected-script",
    "ambiguous-script",
    "function-without-argument",
    "index-as-value",
    "unknown-name",
)


def _is_of_names(reading: Reading) -> int:
    """How much the trouble of a reading depends on the notation: 0 for not at all."""
    code = reading.trouble.code if reading.trouble else ""
    return _OF_NAMES.index(code) + 1 if code in _OF_NAMES else 0


def looks_like_code(text: str) -> bool:
    """Whether a text shows clear signs of NumPy: ``np.``, ``[:,``, ``**``, ``-=``, a method."""
    return bool(_CODE.search(text)) and "{" not in text and "\\" not in text


def _syntax(signs: list[Character]) -> str:
    text = "".join(character.sign for character in signs)
    if "\\" in text or "$" in text:
        return "latex"
    if looks_like_code(text):
        return "numpy"
    raised = any(character.start == character.end for character in signs)
    if raised or not text.isascii():
        return "unicode"
    return "latex" if "{" in text else "ascii"


def _read_in(text: str, signs: list[Character], notation: Notation, syntax: str) -> Reading:
    repairs = [mark for mark in page_marks(text) if mark.meant.strip()]
    try:
        if syntax == "numpy":
            from engine.formulas.reader.code_reader import read_code

            equations, mended = read_code(spelt_out(signs), notation)
            repairs.extend(mended)
        else:
            equations = _read_mathematics(text, signs, notation, syntax, repairs)
        if not equations:
            raise unreadable("not-a-formula" if text.strip() else "empty", (0, len(text)))
    except RecursionError:  # a caller deep down its own stack; the reader's own depth is bounded
        trouble = Trouble("too-deep", (0, len(text)), text[:40])
        return Reading(text, (), notation.name, syntax, tuple(repairs), trouble)
    except Unreadable as error:
        trouble = error.trouble
        if not trouble.found:
            trouble = replace(trouble, found=text[slice(*trouble.span)][:40])
        return Reading(text, (), notation.name, syntax, tuple(repairs), trouble)
    return Reading(text, tuple(equations), notation.name, syntax, tuple(repairs))


def _read_mathematics(
    text: str, signs: list[Character], notation: Notation, syntax: str, repairs: list[Repair]
) -> list[Equation]:
    equations: list[Equation] = []
    signs, notes = without_notes(signs)
    repairs.extend(replace(note, found=text[note.start : note.end]) for note in notes)
    for region in _regions(signs, repairs):
        result = scan(region, notation, syntax == "latex")
        repairs.extend(result.repairs)
        lines = _lines(result.tokens)
        while lines:
            equations.extend(_first_statements(lines, notation, repairs, text))
    return equations


def _first_statements(
    lines: list[_Line], notation: Notation, repairs: list[Repair], text: str
) -> list[Equation]:
    """The equations of the first line, which goes on while it is unfinished at a line's end."""
    tokens = with_telescopes(lines.pop(0).tokens)
    for _ in range(_MAX_JOINED_LINES):
        try:
            chains = _with_conditions([parse(part) for part in _at_commas(tokens)], tokens)
        except Unreadable as error:
            unfinished = error.trouble.code == "unexpected-end"
            if not (unfinished and lines and lines[0].soft):
                raise
            tokens = with_telescopes(tokens + lines.pop(0).tokens)
        else:
            resolvers = [Resolver(notation) for _ in chains]
            made = [
                resolver.equation(chain) for resolver, chain in zip(resolvers, chains, strict=True)
            ]
            repairs.extend(
                Repair(start, end, text[start:end], "")
                for resolver in resolvers
                for start, end in resolver.left_out
            )
            return made
    raise unreadable("unexpected-end", (tokens[-1].end, tokens[-1].end))


def _with_conditions(chains: list[layout.Chain], tokens: list[Token]) -> list[layout.Chain]:
    """``|g| > v, g <- ...``: a condition belongs to the formula after it."""
    made: list[layout.Chain] = []
    waiting: layout.Condition | None = None
    for chain in chains:
        if not chain.links:
            if waiting is not None:
                raise unreadable("unexpected-token", waiting.span)
            waiting = chain.condition
            continue
        if waiting is not None and chain.condition is not None:
            raise unreadable("unexpected-token", chain.condition.span)
        made.append(replace(chain, condition=waiting or chain.condition))
        waiting = None
    if waiting is not None:
        end = tokens[-1].end
        raise unreadable("unexpected-end", (end, end), expected=("=",))
    return made


def _regions(signs: list[Character], repairs: list[Repair]) -> list[list[Character]]:
    """The stretches between ``$`` signs; prose around them is left out and listed as a repair."""
    marks = [at for at, character in enumerate(signs) if character.sign == "$"]
    if not marks:
        return [signs]
    pieces: list[list[Character]] = []
    start = 0
    for mark in [*marks, len(signs)]:
        pieces.append(signs[start:mark])
        start = mark + 1
    if len(marks) % 2:
        if len(marks) > 1 and not all(_blank(piece) for piece in (pieces[0], pieces[-1])):
            place = signs[marks[-1]]
            raise unreadable("unbalanced-bracket", (place.start, place.end), "$", expected=("$",))
        return [piece for piece in pieces if not _blank(piece)]
    inside, outside = pieces[1::2], pieces[0::2]
    if all(_blank(piece) for piece in inside):  # $$ ... $$
        inside, outside = outside, inside
    for piece in outside:
        if _blank(piece):
            continue
        words = "".join(character.sign for character in piece)
        span = (piece[0].start, piece[-1].end)
        if re.search(r"[=^_\\+{}]", words):
            raise unreadable("unexpected-token", span, words.strip()[:40], expected=("$",))
        repairs.append(Repair(*span, words, ""))
    return [piece for piece in inside if not _blank(piece)]


def _blank(piece: list[Character]) -> bool:
    return all(character.sign.isspace() or character.sign in ",.;:" for character in piece)


@dataclass
class _Line:
    """Tokens up to a separator; ``soft`` when only a line break stands before them."""

    tokens: list[Token]
    soft: bool


def _lines(tokens: list[Token]) -> list[_Line]:
    """Tokens by line, a line that begins or ends with an operator joined to its neighbour."""
    lines = [_Line([], True)]
    for token in tokens:
        if token.type == "SEPARATOR":
            lines.append(_Line([], token.value == "\n"))
        else:
            lines[-1].tokens.append(token)
    joined: list[_Line] = []
    for line in lines:
        if not line.tokens:
            continue
        before = joined[-1].tokens[-1].type if joined else ""
        if joined and (line.tokens[0].type in _JOINING or before in _JOINING):
            joined[-1].tokens.extend(line.tokens)
        else:
            joined.append(line)
    return joined


def _at_commas(line: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in line:
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        if token.type == "COMMA" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    parts = list(filter(None, parts))
    if len(parts) < 2:
        return [_without_leading_sign(part) for part in parts]
    for before, after in pairwise(parts):
        if not (_is_equation(before) and _is_equation(after)):
            comma = next(t for t in line if t.type == "COMMA" and t.start >= before[-1].end)
            raise unreadable("unexpected-token", comma.span, ",", expected=("operator", "end"))
    return parts


def _is_equation(tokens: list[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        if token.type in ("RELATION", "COMPARE") and depth == 0:
            return True
    return False


def _without_leading_sign(tokens: list[Token]) -> list[Token]:
    """``= W - ...`` as the continuation of a question is the right-hand side alone."""
    return tokens[1:] if tokens[0].type == "RELATION" and len(tokens) > 1 else tokens
