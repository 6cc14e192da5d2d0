"""What every command shares: language, folders, the bank and the store, each opened when asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drills.cli.console import complain
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.clock import Clock
    from drills.progress.store import Store
    from question_bank.model import Bank


def language_of_locale(environment: Any = os.environ) -> Language:
    """Japanese when the locale says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    if os.name == "nt":
        import locale

        return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"
    return "en"


@dataclass
class Context:
    """The surroundings of one command."""

    language: Language
    home: Path
    bank_folders: tuple[Path, ...] = ()

    @cached_property
    def bank(self) -> Bank:
        """The built-in bank and the user's own, through the compiled index."""
        from drills.progress.paths import cache
        from question_bank.folders import BUILT_IN
        from question_bank.index import open_bank

        return open_bank(cache(self.home), (BUILT_IN, *self.bank_folders))

    @cached_property
    def clock(self) -> Clock:
        from drills.clock import SystemClock

        return SystemClock()

    @cached_property
    def store(self) -> Store:
        from drills.progress.store import Store

        store = Store(self.home, self.clock)
        for notice in (*store.notices, store.trouble):
            if notice is not None:
                complain(notice.in_(self.language))
        return store

    def message_of(self, error: Exception) -> str | None:
        """The error's own sentence in the user's language, if it is one that was foreseen."""
        message = getattr(error, "message", None)
        if message is not None and hasattr(message, "in_"):
            return str(message.in_(self.language))
        return None

    def write_crash_log(self, error: Exception) -> str:
        """Put the traceback in a file, where a report can take it from, and return its path."""
        import tempfile
        import traceback

        name = f"bptt-crash-{datetime.now():%Y%m%d-%H%M%S}.log"
        details = "".join(traceback.format_exception(error))
        for folder in (self.home, Path(tempfile.gettempdir())):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(details, encoding="utf-8")
            except OSError:
                continue
            return str(folder / name)
        return details
