"""Where a command begins: its language, its folders, and the app that ``bptt`` alone opens.

Kept apart from the parser, which the app's first frame should not have to wait for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drills.cli.console import complain
from drills.cli.context import Context, language_of_locale
from question_bank.text import LANGUAGES, Language


@dataclass(frozen=True)
class Globals:
    """The global options, as given: each works before and after the command."""

    lang: Language | None = None
    home: str | None = None
    bank: tuple[str, ...] = ()

    def context(self) -> Context:
        """The surroundings that these options make, with settings and locale behind them."""
        from drills.progress.paths import home as data_folder
        from drills.settings import load_settings

        home = data_folder(Path(self.home) if self.home else None)
        settings = load_settings(home)
        language = self.lang or settings.language or language_of_locale()
        for problem in settings.problems:
            complain(problem.in_(language))
        return Context(language, home, tuple(Path(folder) for folder in self.bank))


def only_globals(arguments: Sequence[str]) -> Globals | None:
    """The options when nothing but valid global ones was given; else None, for the parser."""
    lang: Language | None = None
    home: str | None = None
    banks: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            value = next(words, "")
        if not value or value.startswith("-"):
            return None
        if name == "--lang" and value in LANGUAGES:
            lang = "ja" if value == "ja" else "en"
        elif name == "--home":
            home = value
        elif name == "--bank":
            banks.append(value)
        else:
            return None
    return Globals(lang, home, tuple(banks))


def language_of_home(home: str | None) -> Language:
    """The language that was set there, else that of the locale."""
    from drills.progress.paths import home as data_folder
    from drills.settings import load_settings

    setting = load_settings(data_folder(Path(home) if home else None)).language
    return setting or language_of_locale()


def on_terminal() -> bool:
    """Whether a person sits in front: nothing is drawn on a pipe."""
    return sys.stdout.isatty() and sys.stdin.isatty()


def start_app(context: Context) -> int:
    """``bptt`` alone: the app on a terminal, one line on what is due on a pipe."""
    if on_terminal():
        import gc

        # Nothing that an import makes is rubbish; the app collects again from its first frame on.
        gc.disable()
        from drills.app.app import run

        return run(context.home, context.bank_folders, context.language)
    from drills.cli.commands.stats import print_due

    return print_due(context)
