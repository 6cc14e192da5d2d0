"""The files of a bank's folder, the built-in one and a user's own alike.

    items/<section>/*.yaml    or items/*.yaml, or *.yaml and <section>/*.yaml in the folder itself
    exercises/<section>/NAME.py beside NAME.yaml
    mistakes/*.yaml
    handbook/*.yaml

A file that lies in no section's folder belongs to the section named like the bank's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeAlias

Folder: TypeAlias = Traversable | Path

# Through importlib.resources: the wheel works without a clone.
BUILT_IN: Final[Folder] = files("question_bank")
BUILT_IN_LABEL: Final = "question_bank"


@dataclass(frozen=True)
class Unit:
    """What is read, and read again, as one: a YAML file and, for an exercise, its code."""

    kind: str  # items, exercise, mistakes or handbook
    name: str  # the YAML file's place in the folder, with slashes
    section: str
    yaml: Folder | None
    code: Folder | None = None

    def stat(self) -> tuple[int, int] | None:
        """Size and latest change (ns) of the files together; None where files have none."""
        size = changed = 0
        for part in (self.yaml, self.code):
            if part is None:
                continue
            if not isinstance(part, Path):
                return None
            try:
                found = part.stat()
            except OSError:
                return None
            size += found.st_size
            changed = max(changed, found.st_mtime_ns)
        return size, changed


def label(folder: Folder) -> str:
    """How places name the folder; the same on every machine for the built-in one."""
    return BUILT_IN_LABEL if is_built_in(folder) else str(folder)


def is_built_in(folder: Folder) -> bool:
    """Whether this is the bank that comes with the program."""
    return folder is BUILT_IN or folder == BUILT_IN


def units(folder: Folder) -> list[Unit]:
    """Every file of the bank in ``folder``, sorted; an unreadable folder has none."""
    found: list[Unit] = []
    home = folder.name if not is_built_in(folder) else "general"
    children = _children(folder)
    found += _items(children, "", home)
    if "items" in children:
        inner = _children(children["items"])
        found += _items(inner, "items/", home)
        for name, child in inner.items():
            found += _items(_children(child), f"items/{name}/", name)
    elif not is_built_in(folder):
        for name, child in children.items():
            if name not in ("exercises", "mistakes", "handbook"):
                found += _items(_children(child), f"{name}/", name)
    for kind in ("mistakes", "handbook"):
        for name, child in _children(children.get(kind)).items():
            if _is_yaml(name):
                found.append(Unit(kind, f"{kind}/{name}", "", child))
    for section, child in _children(children.get("exercises")).items():
        found += _exercises(_children(child), f"exercises/{section}/", section)
    return sorted(found, key=lambda unit: unit.name)


def _items(children: dict[str, Folder], prefix: str, section: str) -> list[Unit]:
    return [
        Unit("items", prefix + name, section, child)
        for name, child in children.items()
        if _is_yaml(name) and child.is_file()
    ]


def _exercises(children: dict[str, Folder], prefix: str, section: str) -> list[Unit]:
    stems = {name.rpartition(".")[0] for name in children if name.endswith((".py", ".yaml"))}
    return [
        Unit(
            "exercise",
            f"{prefix}{stem}.yaml",
            section,
            children.get(f"{stem}.yaml"),
            children.get(f"{stem}.py"),
        )
        for stem in stems
        if stem != "__init__"
    ]


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _children(folder: Folder | None) -> dict[str, Folder]:
    try:
        children = [] if folder is None or not folder.is_dir() else list(folder.iterdir())
    except OSError:
        return {}
    return {c.name: c for c in children if not c.name.startswith((".", "_"))}
