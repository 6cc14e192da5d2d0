"""What an exercise gives beside its blanks: imports, constants and helpers, lent where missing.

Public answers to the same task often come without them (a step function that calls ``sigmoid``,
say, which an assignment defines elsewhere). The child puts these definitions below a text that uses
one of their names without defining it; whatever the text defines itself takes their place.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Given:
    """``source``: the definitions at their own line numbers; ``names``: what they define."""

    source: str = ""
    names: tuple[str, ...] = ()


NOTHING: Final = Given()


def given(
    source: str,
    tree: ast.Module,
    end: int,
    blanks: Collection[int],
    called: Collection[str],
    mistaken: Collection[str],
) -> Given:
    """The top-level definitions that a learner is not asked for.

    Args:
        end: the last line that is shown.
        blanks: lines that belong to a blank.
        called: names that the judge calls; lent only if no blank and no mistake is in them.
        mistaken: lines (without their indentation) that a find-the-bug form changes.
    """
    texts = source.splitlines()
    kept: set[int] = set()
    names: list[str] = []
    for node in tree.body:
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        found = bound([node])
        asked = any(line in blanks for line in lines)
        if not found.isdisjoint(called):
            shown = (texts[line - 1].split("  #:")[0].strip() for line in lines)
            asked = asked or not blanks or any(text in mistaken for text in shown)
        if not found or asked or lines[-1] > end:
            continue
        kept.update(lines)
        names += sorted(found)
    rows = [text if number in kept else "" for number, text in enumerate(texts, 1)]
    return Given("\n".join(rows).rstrip() + "\n" if kept else "", tuple(names))


def bound(statements: list[ast.stmt]) -> set[str]:
    """Names that definitions, imports and assignments of a module's top level bind."""
    names: set[str] = set()
    for node in statements:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Import() | ast.ImportFrom():
                names |= {(item.asname or item.name).split(".")[0] for item in node.names}
            case ast.Assign() | ast.AnnAssign():
                names |= {
                    each.id
                    for each in ast.walk(node)
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
                }
            case _:
                pass
    return names
