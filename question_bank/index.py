"""The compiled index: a bank without parsing YAML.

One JSON file a folder. Its first line tells of each YAML file its size, time of change and hash,
and what it holds by name; two lines follow for each, with what was read from it and with its rows
of the catalogue, of which only those are looked at that something is wanted of. The built-in bank's
stands in the wheel as ``question_bank/index.json``; what changed since is parsed again and kept in
the cache folder. A damaged, foreign or missing index is only slower, never wrong.
"""

from __future__ import annotations

import dataclasses
import json
import os
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from question_bank.folders import BUILT_IN, Folder, Unit, is_built_in, label, units
from question_bank.loader import (
    Head,
    Parsed,
    Stored,
    assemble,
    folder_problems,
    parse_unit,
    read_unit,
)
from question_bank.model import Bank

# Raise it when the shape of the index or the meaning of a key changes.
FORMAT: Final = 3
SHIPPED_NAME: Final = "index.json"

# A file that changes within this time of being read may change again unnoticed by its time.
_TOO_RECENT_NS: Final = 2_000_000_000

_PREFIX: Final = b'{"crc32":"'
_UNITS: Final = b',\n"units":[\n'
_END: Final = b"\n]}\n"


class _File:
    """A file that stays open: it keeps its content when another process puts a new one there."""

    def __init__(self, path: Path) -> None:
        """Raises ``OSError``."""
        self._lock = threading.Lock()
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self.size = os.fstat(self._handle).st_size

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            os.close(self._handle)

    def read(self, at: int, length: int) -> bytes:
        """At most ``length`` bytes from ``at`` on, fewer at the end. Raises ``OSError``."""
        with self._lock:
            os.lseek(self._handle, at, os.SEEK_SET)
            return os.read(self._handle, length)


class _Bytes:
    """The same for what is not a file of its own, as in a zipped wheel."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, at: int, length: int) -> bytes:
        return self._data[at : at + length]


@dataclass(frozen=True)
class _Kept:
    """What the index knows of one unit: by (size, time) or by hash it is recognised.

    ``line`` gives its JSON data as bytes, ``rows`` those of the catalogue; both raise
    ``ValueError`` if they are damaged.
    """

    stat: tuple[int, int] | None
    digest: str
    head: Head
    line: Callable[[], bytes]
    rows: Callable[[], bytes]

    @property
    def mark(self) -> tuple[object, ...]:
        return self.stat, self.digest


def open_bank(cache: Path | None, folders: Sequence[Folder] = (BUILT_IN,)) -> Bank:
    """The bank of ``folders``, as ``loader.load`` gives it, parsing changed files only.

    ``cache`` is the folder for compiled indexes (None: nothing is kept); it need not exist, and
    failing to write there is not an error.
    """
    stored: list[Stored] = []
    problems = []
    for folder in folders:
        found = units(folder)
        problems += folder_problems(folder, found)
        known = _known(cache, folder)
        current = {unit.name: _current(unit, folder, known.get(unit.name)) for unit in found}
        if _marks(current) != _marks(known):
            _save(cache, folder, current)
        stored += [_stored(kept, folder, name) for name, kept in current.items()]
    return assemble(stored, problems)


def peek(cache: Path | None, folders: Sequence[Folder] = (BUILT_IN,)) -> Bank | None:
    """The bank as it was last compiled, without a look at the YAML files; None if it never was."""
    stored: list[Stored] = []
    for folder in folders:
        known = _known(cache, folder)
        if not known:
            return None
        stored += [_stored(kept, folder, name) for name, kept in known.items()]
    return assemble(stored)


def compile_index(folder: Folder = BUILT_IN) -> tuple[bytes, Bank]:
    """The index of ``folder`` for shipping (sizes and hashes, no times), and the bank read.

    The same sources give the same bytes on every machine.
    """
    current = {
        unit.name: _Kept(None, kept.digest, kept.head, kept.line, kept.rows)
        for unit in units(folder)
        if (kept := _read(unit, folder))
    }
    bank = assemble([_stored(kept, folder, name) for name, kept in current.items()])
    return _dump(current, reader="shipped"), bank


def _marks(known: dict[str, _Kept]) -> dict[str, tuple[object, ...]]:
    return {name: kept.mark for name, kept in known.items()}


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
        return known if stat is None else dataclasses.replace(known, stat=stat)
    parsed = parse_unit(unit, folder, content)
    line, rows = _json(parsed.to_json()), _json(parsed.rows)
    return _Kept(stat, digest.hexdigest(), parsed.head, lambda: line, lambda: rows)


def _stored(kept: _Kept, folder: Folder, name: str) -> Stored:
    def parsed() -> Parsed | None:
        # The line is damaged; the source is not.
        unit = next((unit for unit in units(folder) if unit.name == name), None)
        return None if unit is None else parse_unit(unit, folder, read_unit(unit))

    def read() -> dict[str, Any]:
        try:
            data: dict[str, Any] = json.loads(kept.line())
        except ValueError:
            again = parsed()
            return {} if again is None else again.to_json()
        return data

    def read_rows() -> list[list[Any]]:
        try:
            rows: list[list[Any]] = json.loads(kept.rows())
        except ValueError:
            again = parsed()
            return [] if again is None else again.rows
        return rows

    return Stored(f"{label(folder)}/{name}", kept.head, read, read_rows)


def _known(cache: Path | None, folder: Folder) -> dict[str, _Kept]:
    """The index kept in the cache, else the one shipped with the built-in bank, else nothing."""
    if cache is not None:
        try:
            return _load(_File(_cache_file(cache, folder)), reader=_reader(folder))
        except (OSError, ValueError):
            pass
    if is_built_in(folder):
        try:
            shipped = folder / SHIPPED_NAME
            data = _File(shipped) if isinstance(shipped, Path) else _Bytes(shipped.read_bytes())
            return _load(data, reader="shipped")
        except (OSError, ValueError):
            pass
    return {}


def _load(data: _File | _Bytes, reader: str) -> dict[str, _Kept]:
    """Raises ``ValueError`` for anything whose head ``_dump`` of the same format did not write."""
    first = _first_line(data)
    start = len(_PREFIX) + 8
    end = first.find(_UNITS)
    begin = end + len(_UNITS)
    first = first[:end] if end > start else b""
    if first[: len(_PREFIX)] != _PREFIX or int(first[len(_PREFIX) : start], 16) != zlib.crc32(
        first[start:]
    ):
        raise ValueError("damaged")
    whole = json.loads(first + b"}")
    if whole.get("format") != FORMAT or whole.get("reader") != reader:
        raise ValueError("another format")
    if data.size != begin + whole["size"]:
        raise ValueError("not whole")

    def line(at: int, length: int, crc: int) -> Callable[[], bytes]:
        def read() -> bytes:
            try:
                found = data.read(begin + at, length)
            except OSError as error:
                raise ValueError("unreadable") from error
            if zlib.crc32(found) != crc:
                raise ValueError("damaged")
            return found

        return read

    return {
        name: _Kept(
            None if stat is None else (stat[0], stat[1]),
            digest,
            Head.from_json(head),
            line(*place[:3]),
            line(*place[3:]),
        )
        for name, (stat, digest, head, place) in whole["files"].items()
    }


def _first_line(data: _File | _Bytes) -> bytes:
    """All before the first unit; its length is not known before it was read."""
    length = 1 << 16
    while True:
        found = data.read(0, length)
        if _UNITS in found or len(found) < length:
            return found
        length *= 4


def _dump(current: dict[str, _Kept], reader: str) -> bytes:
    """Raises ``ValueError`` if a line that is to be kept is damaged."""
    files: dict[str, list[Any]] = {}
    lines: list[bytes] = []
    at = 0
    for name, kept in current.items():
        place: list[int] = []
        for line in (kept.line(), kept.rows()):
            place += [at, len(line), zlib.crc32(line)]
            lines.append(line)
            at += len(line) + 2
        files[name] = [kept.stat, kept.digest, kept.head.to_json(), place]
    rest = b",\n".join(lines) + _END
    head = {"format": FORMAT, "reader": reader, "size": len(rest), "files": files}
    first = b'",' + _json(head)[1:-1]
    return _PREFIX + b"%08x" % zlib.crc32(first) + first + _UNITS + rest


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


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
    # A full disk, a file name that is not UTF-8, or a damaged line to be kept.
    except (OSError, ValueError):
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
