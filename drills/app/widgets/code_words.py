"""Code words in prose: what stands between backticks is drawn as code, without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

CODE_STYLE = "bold $text-accent"


def with_code(lines: Sequence[str], style: str = "") -> Iterator[Content]:
    """Each line with its code words styled; a code word may run on from one line to the next.

    A backtick without a partner is a backtick.
    """
    if sum(line.count("`") for line in lines) % 2:
        yield from (Content.styled(line, style) for line in lines)
        return
    inside = False
    for line in lines:
        parts = []
        for number, part in enumerate(line.split("`")):
            if number:
                inside = not inside
            parts.append(Content.styled(part, CODE_STYLE if inside else style))
        yield Content("").join(parts)
