"""``bptt notes``: a linter for the formulas in notes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drills.cli.console import Exit, complain, print_json, say
from drills.cli.context import Context
from drills.cli.formula_options import add_conventions, known_notation, stated_conventions
from drills.cli.parser import Parser, add_json
from drills.locale import text
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.notes.claims import Claim
    from drills.notes.text import Source

LATEX: Final = frozenset({".tex", ".ltx", ".latex", ".sty"})


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options of ``bptt notes`` to its parser."""
    parser.add_argument("files", metavar="FILE", nargs="+", help=text("notes.files").in_(language))
    add_conventions(parser, language)
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print every claim in the files with its place; 1 if one of them is wrong."""
    from drills.notes.claims import claims

    if not known_notation(options.notation, context.language):
        return Exit.USAGE
    stated = stated_conventions(options)
    count = wrong = 0
    unread = False
    for file in options.files:
        source = _source(file, context.language)
        if source is None:
            unread = True
            continue
        latex = Path(file).suffix.lower() in LATEX
        for claim in claims(
            source,
            context.bank.mistakes,
            latex=latex,
            notation=options.notation,
            stated=stated or None,
        ):
            count += 1
            wrong += claim.verdict.exit_code == Exit.WRONG
            _print(file, claim, options.json, context.language)
    if not options.json:
        complain(_summary(count, wrong, context.language))
    if unread:
        return Exit.USAGE
    return Exit.WRONG if wrong else Exit.FINE


def _source(file: str, language: Language) -> Source | None:
    """The text of a file, or None after saying why there is none."""
    from drills.notes.text import UnreadableNotesError, decoded

    try:
        if file == "-":
            stream = getattr(sys.stdin, "buffer", None)
            return decoded(stream.read() if stream is not None else sys.stdin.read().encode())
        return decoded(Path(file).read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
        complain(text("cli.drill.unreadable", file=file, why=why).in_(language))
    except UnreadableNotesError:
        complain(text("notes.encoding", file=file).in_(language))
    return None


def _print(file: str, claim: Claim, as_json: bool, language: Language) -> None:
    from drills.cli.verdicts import SIGNS, verdict_lines
    from drills.grading.formula import target_statement
    from engine.formulas.targets import TARGETS

    verdict = claim.verdict
    if as_json:
        place = {"file": file, "line": claim.line, "column": claim.column}
        print_json({**place, "formula": claim.formula, **verdict.to_json(language)})
        return
    statement = target_statement(TARGETS[str(verdict.target)]).in_(language)
    sign = SIGNS[verdict.outcome]
    say(f"{file}:{claim.line}:{claim.column}: {sign} {verdict.target}  {statement}")
    if verdict.exit_code != Exit.FINE:
        say(*("  " + line for line in verdict_lines(verdict, language, claim.formula)[1:]))


def _summary(count: int, wrong: int, language: Language) -> str:
    said = text("notes.wrong.some", count=wrong) if wrong else text("notes.wrong.none")
    key = "one" if count == 1 else "many"
    return text(f"notes.found.{key}", count=count, wrong=said.in_(language)).in_(language)
