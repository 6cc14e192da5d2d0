"""What the user has set: ``settings.json`` in the home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from drills.locale import text
from drills.progress import paths
from question_bank.text import LANGUAGES, Language, Text

FRAMES: Final = ("line", "ascii")
FRAMEWORKS: Final = ("pytorch", "tensorflow")
# What is assumed of someone who has not said.
MINUTES: Final = 25
MOST_MINUTES: Final = 600
_OWN: Final = ("language", "frames", "theme", "exam_date", "minutes", "greeted")


@dataclass(frozen=True)
class Settings:
    """``language`` None follows the locale; ``minutes`` None is for who has not said how many there
    are an evening. ``greeted`` is set once the first questions were asked. ``others`` are keys of
    other versions, kept as found.

    ``problems`` say what of the file could not be used; ``damaged`` that nothing of it could.
    """

    language: Language | None = None
    frames: str = "line"
    theme: str | None = None
    exam_date: date | None = None
    minutes: int | None = None
    greeted: bool = False
    others: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Text, ...] = ()
    damaged: bool = False


def load_settings(home: Path) -> Settings:
    """The settings of this home; the defaults where there are none. Never fails."""
    path = paths.settings(home)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(data, dict):
            raise ValueError("not an object")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        problem = text("practice.settings.damaged", path=path, why=error, copy=_copy_name(path))
        return Settings(problems=(problem,), damaged=True)
    problems: list[Text] = []
    language = _known(data, "language", LANGUAGES, path, problems)
    frames = _known(data, "frames", FRAMES, path, problems)
    theme = data.get("theme")
    if theme is not None and not isinstance(theme, str):
        problems.append(_complaint("theme", theme, ("TEXT",), path))
        theme = None
    return Settings(
        language=language,
        frames=frames or "line",
        theme=theme,
        exam_date=_day(data.get("exam_date"), path, problems),
        minutes=_minutes(data.get("minutes"), path, problems),
        greeted=data.get("greeted") is True,
        others={name: data[name] for name in data if name not in _OWN},
        problems=tuple(problems),
    )


def save_settings(home: Path, settings: Settings) -> None:
    """Replace the file at once; a damaged one is kept under another name. Raises ``OSError``."""
    from drills.progress import system

    path = paths.settings(home)
    if settings.damaged:
        with suppress(FileNotFoundError):
            path.replace(_copy_name(path))
    data = dict(settings.others)
    for name in _OWN:
        value = getattr(settings, name)
        if value is not None and value is not False:
            data[name] = value.isoformat() if isinstance(value, date) else value
    content = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    system.write_whole(path, content.encode("utf-8"))


def remembered_framework(home: Path) -> str:
    """The framework that was chosen last for an exam in this home, else the first one."""
    found = load_settings(home).others.get("framework")
    return found if found in FRAMEWORKS else FRAMEWORKS[0]


def remember_framework(home: Path, framework: str) -> None:
    """Keep the choice for the next exam; an exam does not fail because it cannot be kept."""
    settings = load_settings(home)
    if settings.others.get("framework") != framework:
        with suppress(OSError):
            others = {**settings.others, "framework": framework}
            save_settings(home, replace(settings, others=others))


def remembered_notation(home: Path) -> str | None:
    """The notation that was chosen last in the handbook of this home; None is the usual one."""
    found = load_settings(home).others.get("notation")
    return found if isinstance(found, str) else None


def remember_notation(home: Path, notation: str) -> None:
    """Keep the choice; reading on does not fail because it cannot be kept."""
    settings = load_settings(home)
    if settings.others.get("notation") != notation:
        with suppress(OSError):
            others = {**settings.others, "notation": notation}
            save_settings(home, replace(settings, others=others))


def _known(
    data: Mapping[str, Any], name: str, known: tuple[Any, ...], path: Path, problems: list[Text]
) -> Any:
    value = data.get(name)
    if value is None or value in known:
        return value
    problems.append(_complaint(name, value, known, path))
    return None


def _day(value: object, path: Path, problems: list[Text]) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(_complaint("exam_date", value, ("YYYY-MM-DD",), path))
        return None


def _minutes(value: object, path: Path, problems: list[Text]) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_MINUTES:
        return value
    problems.append(_complaint("minutes", value, (f"1-{MOST_MINUTES}",), path))
    return None


def _complaint(name: str, found: object, known: tuple[str, ...], path: Path) -> Text:
    return text(
        "practice.settings.value",
        name=name,
        path=path,
        known=", ".join(known),
        found=str(found)[:40],
    )


def _copy_name(path: Path) -> Path:
    return path.with_name(f"{path.stem}-damaged{path.suffix}")
