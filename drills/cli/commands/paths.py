"""``bptt paths``: where things are."""

from __future__ import annotations

import argparse

from drills.cli.console import Exit, print_json, say, table
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.locale import text
from question_bank.text import Language


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt paths`` to its parser."""
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the folders and files that the program uses, whether they exist yet or not."""
    from drills.progress.paths import cache
    from question_bank.folders import BUILT_IN

    places = {
        "home": str(context.home),
        "progress": str(context.home / "progress.db"),
        "settings": str(context.home / "settings.json"),
        "cache": str(cache(context.home)),
        "bank": str(BUILT_IN),
    }
    if options.json:
        print_json(places | {"banks": [str(folder) for folder in context.bank_folders]})
    else:
        rows = [
            (text(f"cli.paths.{name}").in_(context.language), place)
            for name, place in places.items()
        ]
        rows += [
            (text("cli.paths.own_bank").in_(context.language), str(folder))
            for folder in context.bank_folders
        ]
        say(*table(rows))
    return Exit.FINE
