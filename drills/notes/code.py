"""Program code in notes: fenced, indented, inline, in listings, or lines that are plainly code.

What is found is blanked out, offset by offset, so that whoever looks for formulas does not see it.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

from drills.notes.text import Source

BLANK: Final = "\0"
"""Stands for one character of code; line ends stay."""

_FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)*(?:[-*+] |\d+[.)] )?[ \t]*(`{3,}|~{3,})[ \t]*([^\s`]*)")
_INLINE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LISTING = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|Verbatim|comment|alltt)\}.*?(?:\\end\{\1\}|\Z)",
    re.DOTALL,
)
_VERB = re.compile(r"\\(?:verb\*?|lstinline|mintinline\{\w+\})([^\w\s{\\]).*?\1")
_HTML = re.compile(
    r"<!--.*?(?:-->|\Z)|<(pre|code|script|style|kbd|samp|tt)\b[^>]*>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_FRONT = re.compile(
    r"\A---[ \t]*(?:\r\n|\n|\r).*?(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)", re.DOTALL
)
_BULLET = re.compile(r"[ \t]*(?:[-*+・]|\d+[.)])[ \t]")

# Signs that no formula has and every program is full of.
_PROGRAM = re.compile(
    r"\b(?:np|numpy|torch|tf|plt|nn|self|functions)\s*\.\s*\w|\[\s*:|:\s*\]|\*\*|[-+*/@]=|[=!]="
    r"|\b(?:dot|zeros|reshape|append|print|range|len)\s*\(|\.T\b|\s@\s|\"|;\s*$"
    r"|^\s*(?:def|class|import|from|for|while|if|elif|else|return|with|try|except|print|assert"
    r"|echo|export|sudo|cd|pip|git|let|const|var)\b(?!\s*=)|^\s*(?:#|//|>>>|\$ |\w+\s*\(.*\)\s*$)"
    r"|\w\[[^\]]*\]\s*=[^=]|\b[a-zA-Z]\w*\.[a-z]\w+\s*\("
)


def without_code(source: Source, latex: bool) -> str:
    """The text with code blanked out; a fence marked ``math`` is kept without its marks.

    ``latex``: comments go too, and nothing is code for being indented.
    """
    text = source.text
    for pattern in (_LISTING, _VERB):
        text = pattern.sub(_blanked, text)
    if latex:
        return re.sub(r"(?<!\\)%[^\r\n]*", lambda match: " " * len(match.group()), text)
    text = _FRONT.sub(_blanked, text)
    text = _without_blocks(Source(text))
    text = _HTML.sub(_blanked, text)
    return _INLINE.sub(_inline, text)


def program_lines(lines: list[tuple[int, str]]) -> frozenset[int]:
    """Offsets of lines that are code although nothing marks them.

    A line that is valid Python is code if it has signs of a program, or stands in one paragraph
    with lines that have: ``z = f(u)`` alone could be either.
    """
    found: set[int] = set()
    paragraph: list[tuple[int, str]] = []
    for start, line in [*lines, (-1, "")]:
        if line.strip():
            paragraph.append((start, line))
            continue
        marked = {at for at, one in paragraph if is_program(one)}
        found |= marked
        if marked:
            found |= {at for at, one in paragraph if _parses(one)}
        paragraph = []
    return frozenset(found)


def is_program(line: str) -> bool:
    """Whether a line is plainly a line of a program."""
    return "\\" not in line and bool(_PROGRAM.search(line)) and "$" not in line.strip()[1:]


def _parses(line: str) -> bool:
    """Whether a line is a statement of Python; nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(line.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _blanked(match: re.Match[str]) -> str:
    return blank(match.group())


def blank(text: str) -> str:
    """As many blanks as there are characters; line ends stay."""
    return re.sub(r"[^\r\n]", BLANK, text)


def _inline(match: re.Match[str]) -> str:
    # $`x`$ is mathematics where Markdown is written for GitLab and GitHub.
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    ticks = len(match.group(1))
    if before == after == "$":
        return " " * ticks + match.group()[ticks:-ticks] + " " * ticks
    return _blanked(match) if "\n\n" not in match.group() else match.group()


def _without_blocks(source: Source) -> str:
    """Without fenced and indented blocks of Markdown."""
    pieces: list[str] = []
    fence, kept = "", False
    listed = after_blank = True
    listed = False
    last = 0
    for start, line in source.lines():
        pieces.append(source.text[last:start])
        last = start + len(line)
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark.group(1).startswith(fence) and not mark.group(2)
            if closes:
                fence = ""
            # A mathematics block is a formula between two of these marks.
            pieces.append(
                "$$".ljust(len(line)) if closes and kept else line if kept else blank(line)
            )
            after_blank = closes
            continue
        if mark is not None:
            fence, kept = mark.group(1), mark.group(2) in {"math", "latex", "tex", "katex"}
            pieces.append("$$".ljust(len(line)) if kept else blank(line))
            continue
        if not line.strip():
            after_blank = True
            pieces.append(line)
            continue
        if _BULLET.match(line):
            listed = True
        elif not line.startswith((" ", "\t")):
            listed = False
        indented = line.startswith(("    ", "\t")) and after_blank and not listed
        pieces.append(blank(line) if indented else line)
        after_blank = indented
    pieces.append(source.text[last:])
    return "".join(pieces)
