"""``bptt doctor``: what is wrong with this installation, and what holds when code is run here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from drills.cli.console import Exit, print_json, say, terminal_width
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.locale import text
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.diagnosis import Finding

SIGNS: Final = {"fine": "✓", "note": "-", "missing": "✗"}
# Titles of one area stand in a column, unless one of them is a long path.
WIDEST_TITLE: Final = 28


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options of ``bptt doctor`` to its parser."""
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print what was found; the exit code is 1 if something that one needs is missing."""
    from drills.diagnosis import diagnose

    findings = diagnose(context.home, context.bank_folders)
    missing = [finding for finding in findings if finding.state == "missing"]
    if options.json:
        rows = [finding.to_json(context.language) for finding in findings]
        print_json({"fine": not missing, "missing": len(missing), "findings": rows})
    else:
        say(*lines(findings, context.language))
        key = "doctor.missing" if missing else "doctor.fine"
        say("", text(key, n=len(missing)).in_(context.language))
    return Exit.WRONG if missing else Exit.FINE


def lines(findings: Sequence[Finding], language: Language) -> list[str]:
    """The findings under their headings, wrapped behind their titles."""
    from drills.typography import cell_width, pad, wrap

    shown: list[str] = []
    for area in dict.fromkeys(finding.area for finding in findings):
        here = [finding for finding in findings if finding.area == area]
        shown += ["", text(f"doctor.area.{area}").in_(language)]
        widths = [cell_width(finding.title.in_(language)) for finding in here]
        column = max((width for width in widths if width <= WIDEST_TITLE), default=0)
        for finding in here:
            title = finding.title.in_(language)
            lead = f"  {SIGNS[finding.state]} {pad(title, column)}  "
            said = finding.said.in_(language)
            if not title:
                # file:line:column stays on one line, where an editor's terminal can follow it.
                shown.append(f"  {SIGNS[finding.state]} {said}")
                continue
            if cell_width(title) > column:
                shown.append(lead.rstrip())
                lead = " " * (column + 6)
            room = max(20, terminal_width() - column - 6)
            first, *rest = wrap(said, room) or [""]
            shown += [(lead + first).rstrip(), *(" " * (column + 6) + row for row in rest)]
    return shown[1:]
