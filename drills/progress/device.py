"""The name of this device: it tells the journals of several machines apart."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from typing import Final

from drills.progress import system

_NAME: Final = re.compile(r"[a-z0-9]{4,32}\Z")


def fresh_name() -> str:
    """A name that no other device is likely to have."""
    return secrets.token_hex(4)


def device_name(home: Path) -> str:
    """The name kept in the home's file ``device``, made when there is none. Raises ``OSError``."""
    path = home / "device"
    name = fresh_name()
    try:
        with open(path, "x", encoding="ascii") as file:
            file.write(name)
        return name
    except FileExistsError:
        pass
    # Another process may be between making the file and filling it.
    for _ in range(20):
        try:
            found = path.read_bytes().decode("ascii", "replace").strip()
        except FileNotFoundError:
            found = ""
        if _NAME.match(found):
            return found
        time.sleep(0.005)
    system.write_whole(path, name.encode("ascii"))
    return name
