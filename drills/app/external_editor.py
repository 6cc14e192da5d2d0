"""The user's own editor on a text: a file of its own for it, never one that is there already."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from drills.locale import text
from question_bank.text import Text


class EditorError(Exception):
    """The editor brought nothing back; ``message`` says why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words of ``$VISUAL``, else of ``$EDITOR``. Raises ``EditorError`` without either."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""), posix=os.name != "nt")
        except ValueError:
            raise EditorError(text("app.note.editor_command", name=name)) from None
        if words:
            return words
    raise EditorError(text("app.note.no_editor"))


def edited(source: str, folder: Path, command: list[str]) -> str:
    """``source`` as the editor leaves it; waits until the editor ends.

    The text goes through a new file in ``folder``, which is removed once it has been read. Raises
    ``EditorError`` when the editor can't be started, fails, or leaves what is no UTF-8; then the
    file stays if the editor wrote to it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(".py", "draft-", folder)
    except OSError as error:
        raise EditorError(text("app.note.editor_file", why=error)) from error
    path = Path(name)
    before = source.encode("utf-8")
    with os.fdopen(handle, "wb") as file:
        file.write(before)
    try:
        code = subprocess.run([*command, name], check=False).returncode  # noqa: S603 (the user's own)
        after = path.read_bytes()
        if code != 0:
            kept = "" if after == before else "_kept"
            said = text(f"app.note.editor_failed{kept}", command=command[0], code=code, path=path)
            raise EditorError(said)
        # An editor of Windows may write a mark at the start and carriage returns.
        changed = after.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EditorError(text("app.note.editor_file", why=error)) from error
    except UnicodeDecodeError as error:
        raise EditorError(text("app.note.editor_unreadable", path=path)) from error
    except EditorError:
        if after == before:
            path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    return changed
