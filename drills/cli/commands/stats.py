"""``bptt stats``: progress by section, kind and mistake."""

from __future__ import annotations

import argparse

from drills.cli.console import Exit, bar, print_json, say, table
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.locale import text
from question_bank.text import Language


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt stats`` to its parser."""
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print what has been answered, how, and what is due."""
    from drills.statistics import statistics

    figures = statistics(context.store, context.bank, context.clock.now())
    if options.json:
        print_json(figures.to_json())
        return Exit.FINE
    language = context.language
    say(
        text(
            "cli.stats.head",
            reviews=figures.reviews,
            right=percent(figures.right, figures.reviews),
            due=figures.due,
        ).in_(language)
    )
    for title, rows in (
        ("cli.stats.sections", figures.sections),
        ("cli.stats.kinds", figures.kinds),
    ):
        say("", text(title).in_(language))
        say(
            *table(
                (
                    (
                        row.label.in_(language),
                        bar(row.right / row.reviews if row.reviews else 0.0, 10),
                        percent(row.right, row.reviews),
                        text("cli.stats.answers", n=row.reviews).in_(language),
                        text("cli.stats.due", n=row.due).in_(language) if row.due else "",
                    )
                    for row in rows
                ),
                indent=2,
            )
        )
    if figures.mistakes:
        say("", text("cli.stats.mistakes").in_(language))
        say(
            *table(
                (
                    (row.label.in_(language), text("cli.stats.times", n=row.count).in_(language))
                    for row in figures.mistakes
                ),
                indent=2,
            )
        )
    return Exit.FINE


def print_due(context: Context) -> int:
    """One line on what is due: what ``bptt`` alone says on a pipe."""
    from drills.statistics import statistics

    figures = statistics(context.store, context.bank, context.clock.now(), answers=False)
    say(
        text("cli.due_line", due=figures.due, new=figures.new, items=len(context.bank.items)).in_(
            context.language
        )
    )
    return Exit.FINE


def percent(part: int, whole: int) -> str:
    """A share in whole per cent; a dash where there is nothing to share."""
    return f"{round(100 * part / whole)} %" if whole else "-"
