"""Two programs line by line: what was written, and what the solution has in its place."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

SAME: Final = "  "
OWN: Final = "- "
SOLUTION: Final = "+ "

# The letter of a blank, in a comment at its line's end.
_LETTER: Final = re.compile(r"\s*# \([a-z]\)$")


def compared(own: str, solution: str) -> list[str]:
    """Lines of both, each led by whose it is; spaces and the letter of a blank at the
    ends of lines make no difference.

    Empty when the two are the same.
    """
    left = [line.rstrip() for line in own.rstrip().splitlines()]
    right = [line.rstrip() for line in solution.rstrip().splitlines()]
    keys = [[_LETTER.sub("", line) for line in lines] for lines in (left, right)]
    if keys[0] == keys[1]:
        return []
    lines: list[str] = []
    # Without the guess that a frequent line is no landmark: programs here are short.
    for what, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if what == "equal":
            lines += [SAME + line for line in left[a:b]]
        else:
            lines += [OWN + line for line in left[a:b]]
            lines += [SOLUTION + line for line in right[c:d]]
    return lines
