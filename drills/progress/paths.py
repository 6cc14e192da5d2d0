"""Where things are: the home of progress and settings, and the cache."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

APPLICATION: Final = "bptt-dojo"
JOURNALS: Final = "reviews-*.jsonl"


def home(explicit: Path | None = None) -> Path:
    """The folder of progress: the one given, else ``BPTT_HOME``, else the platform's own."""
    if explicit is not None:
        return explicit.expanduser().absolute()
    named = os.environ.get("BPTT_HOME")
    return Path(named).expanduser().absolute() if named else _platform_home()


def cache(folder: Path) -> Path:
    """The cache that goes with a home: beside it when the home was chosen, else the platform's."""
    if folder == _platform_home():
        from platformdirs import user_cache_path

        return user_cache_path(APPLICATION, appauthor=False)
    return folder / "cache"


def journal(folder: Path, device: str) -> Path:
    """The file to which this device appends its answers."""
    return folder / f"reviews-{device}.jsonl"


def database(folder: Path) -> Path:
    """The index of all journals."""
    return folder / "progress.db"


def settings(folder: Path) -> Path:
    """What the user has set."""
    return folder / "settings.json"


def answers(folder: Path) -> Path:
    """Where the code that a learner writes is kept as files, for use with an editor."""
    return folder / "answers"


def _platform_home() -> Path:
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False)
