"""The compiled index: a bank without parsing YAML.

One JSON file a folder: per YAML file its size, time of change, hash, and what was read from it. The
built-in bank's stands in the wheel as ``question_bank/index.json``; what changed since is parsed
again and kept in the cache folder. A damaged, foreign or missing index is only slower, never wrong.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from question_bank.folders import BUILT_IN, Folder, Unit, is_built_in, label, units
from question_bank.loader import Parsed, assemble, folder_problems, parse_unit, read_unit
from question_bank.model import Bank

# Raise it when the shape of the index or the meaning of a key changes.
FORMAT: Final = 1
SHIPPED_NAME: Final = "index.json"

# A file that changes within this time of being read may change again unnoticed by its time.
_TOO_RECENT_NS: Final = 2_000_000_000

_PREFIX: Final = b'{"crc32":"'


@dataclass(frozen=True)
class _Kept:
    """What the index knows of one unit: by (size, time) or by hash it is recognised."""

    stat: tuple[int, int] | None
    digest: str
    data: dict[str, Any]


def open_bank(cache: Path | None, folders: Sequence[Folder] = (BUILT_IN,)) -> Bank:
    """The bank of ``folders``, as ``loader.load`` gives it, parsing changed files only.

    ``cache`` is the folder for compiled indexes (None: nothing is kept); it need not exist, and
    failing to write there is not an error.
    """
    parsed: list[Parsed] = []
    problems = []
    for folder in folders:
        found = units(folder)
        problems += folder_problems(folder, found)
        known = _known(cache, folder)
        current = {unit.name: _current(unit, folder, known.get(unit.name)) for unit in found}
        if current != known:
            _save(cache, folder, current)
        parsed += [_parsed(kept, folder, name) for name, kept in current.items()]
    return assemble(parsed, problems)


def peek(cache: Path | None, folders: Sequence[Folder] = (BUILT_IN,)) -> Bank | None:
    """The bank as it was last compiled, without a look at the YAML files; None if it never was."""
    parsed: list[Parsed] = []
    for folder in folders:
        known = _known(cache, folder)
        if not known:
            return None
        parsed += [_parsed(kept, folder, name) for name, kept in known.items()]
    return assemble(parsed)


def compile_index(folder: Folder = BUILT_IN) -> tuple[bytes, Bank]:
    """The index of ``folder`` for shipping (sizes and hashes, no times), and the bank read.

    The same sources give the same bytes on every machine.
    """
    current = {
        unit.name: _Kept(None, kept.digest, kept.data)
        for unit in units(folder)
        if (kept := _read(unit, folder))
    }
    bank = assemble([_parsed(kept, folder, name) for name, kept in current.items()])
    return _dump(current, reader="shipped"), bank


def _current(unit: Unit, folder: Folder, known: _Kept | None) -> _Kept:
    stat = unit.stat()
    if known is not None and stat is not None and known.stat == stat:
        return known
    return _read(unit, folder, known)


def _read(unit: Unit, folder: Folder, known: _Kept | None = None) -> _Kept:
    import hashlib  # loads OpenSSL, which a start from an unchanged index does not need

    stat = unit.stat()
    if stat is not None and time.time_ns() - stat[1] < _TOO_RECENT_NS:
        stat = None
    content = read_unit(unit)
    # Lengths first: what belongs to which file is part of the hash. A file that is missing or
    # cannot be read differs from an empty one.
    digest = hashlib.sha256(f"{unit.kind} {unit.section}".encode(errors="backslashreplace"))
    for part, file in zip(content, (unit.yaml, unit.code), strict=True):
        absent = file is None or isinstance(part, OSError)
        data = str(part).encode(errors="backslashreplace") if isinstance(part, OSError) else part
        digest.update(f" {'-' if absent else len(data)} ".encode() + data)
    if known is not None and known.digest == digest.hexdigest():
        return known if stat is None else _Kept(stat, known.digest, known.data)
    return _Kept(stat, digest.hexdigest(), parse_unit(unit, folder, content).to_json())


def _parsed(kept: _Kept, folder: Folder, name: str) -> Parsed:
    return Parsed.from_json(kept.data, f"{label(folder)}/{name}")


def _known(cache: Path | None, folder: Folder) -> dict[str, _Kept]:
    """The index kept in the cache, else the one shipped with the built-in bank, else nothing."""
    if cache is not None:
        try:
            return _load(_cache_file(cache, folder).read_bytes(), reader=_reader(folder))
        except (OSError, ValueError):
            pass
    if is_built_in(folder):
        try:
            return _load((folder / SHIPPED_NAME).read_bytes(), reader="shipped")
        except (OSError, ValueError):
            pass
    return {}


def _load(data: bytes, reader: str) -> dict[str, _Kept]:
    """Raises ``ValueError`` for anything that ``_dump`` of the same format did not write whole."""
    end = len(_PREFIX) + 8
    if data[: len(_PREFIX)] != _PREFIX or int(data[len(_PREFIX) : end], 16) != zlib.crc32(
        data[end:]
    ):
        raise ValueError("damaged")
    whole = json.loads(data)
    if whole.get("format") != FORMAT or whole.get("reader") != reader:
        raise ValueError("another format")
    return {
        name: _Kept(None if stat is None else (stat[0], stat[1]), digest, unit)
        for name, (stat, digest, unit) in whole["files"].items()
    }


def _dump(current: dict[str, _Kept], reader: str) -> bytes:
    files = {name: [kept.stat, kept.digest, kept.data] for name, kept in current.items()}
    body = json.dumps(
        {"format": FORMAT, "reader": reader, "files": files},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    rest = b'",' + body[1:]
    return _PREFIX + b"%08x" % zlib.crc32(rest) + rest


def _save(cache: Path | None, folder: Folder, current: dict[str, _Kept]) -> None:
    if cache is None:
        return
    import tempfile  # seldom needed, and it costs a start some milliseconds

    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="bank-", suffix=".tmp", dir=cache)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_dump(current, reader=_reader(folder)))
        # Whole or not at all, also when two processes write at once: the last one wins.
        os.replace(name, _cache_file(cache, folder))
    except (OSError, UnicodeError):  # full disk, or a file name that is not UTF-8
        Path(name).unlink(missing_ok=True)


def _place(folder: Folder) -> str:
    """Where the folder is; two installations with a bank each may share a cache folder."""
    return str(Path(str(folder)).resolve())


def _cache_file(cache: Path, folder: Folder) -> Path:
    return cache / f"bank-{zlib.crc32(os.fsencode(_place(folder))):08x}.json"


def _reader(folder: Folder) -> str:
    """Which code read which folder: an index of another folder or by other code is not used."""
    here = Path(__file__).parent
    try:
        found = [p for d in (here, here / "kinds") for p in d.iterdir() if p.suffix == ".py"]
        stats = sorted((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in found)
    except OSError:
        stats = []
    return f"{zlib.crc32(repr(stats).encode()):08x} {_place(folder)}"
