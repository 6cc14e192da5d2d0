"""Every string of the program itself, English and Japanese side by side, one module an area.

``TEXTS`` in each module maps a key to ``Text(en, ja)``. Keys are dotted and begin with the area:
``app.home.due``. Values go in by ``{name}``.
"""

from __future__ import annotations

from importlib import import_module

from question_bank.text import Text

AREAS = (
    "app",
    "authoring",
    "certification",
    "cli",
    "code",
    "doctor",
    "exam",
    "formula",
    "grading",
    "handbook",
    "lab",
    "notes",
    "plan",
    "practice",
    "report",
    "steps",
    "target",
    "verdict",
)


def text(key: str, **values: object) -> Text:
    """The text of ``key`` with its values filled in. Raises ``KeyError`` for an unknown key."""
    area = key.split(".", 1)[0]
    found: Text = import_module(f"drills.locale.{area}").TEXTS[key]
    return found.fill(**values) if values else found
