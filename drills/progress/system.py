"""What differs between operating systems: locks, flushing to the disk, and whose process lives."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

LOCK_SECONDS: Final = 10.0


@contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """Hold the file for this process alone; the system lets go of it when the process dies.

    Raises ``TimeoutError`` when another process keeps it for longer than ten seconds. Where a file
    system knows no locks (some network shares), the work goes on without: torn lines are survived.
    """
    until = time.monotonic() + LOCK_SECONDS
    held = False
    while True:
        try:
            _lock(descriptor)
            held = True
            break
        except (BlockingIOError, PermissionError):
            if time.monotonic() > until:
                raise TimeoutError("another process keeps the file locked") from None
            time.sleep(0.005)
        except OSError:
            break
    try:
        yield
    finally:
        if held:
            with suppress(OSError):
                _unlock(descriptor)


if sys.platform == "win32":
    import msvcrt

    # Far beyond the content: Windows locks are mandatory, and readers must not be shut out.
    _REGION = 1 << 40

    def _lock(descriptor: int) -> None:
        place = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _REGION, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, place, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        place = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _REGION, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        finally:
            os.lseek(descriptor, place, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def to_disk(descriptor: int) -> None:
    """Return only when the file's content is on the disk itself. Raises ``OSError``."""
    if sys.platform == "darwin":
        # macOS's fsync leaves the drive's own cache unwritten.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
        except OSError:
            pass
    os.fsync(descriptor)


def folder_to_disk(folder: Path) -> None:
    """Make a new or renamed file's name last as well; only POSIX knows this."""
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at once: whoever reads sees the old content or the new, never a part.

    Raises ``OSError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            to_disk(file.fileno())
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    folder_to_disk(path.parent)


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def process_mark(pid: int) -> str:
    """Tells a process from a later one with the same number; empty where that cannot be known."""
    try:
        # Field 22 is the start time; the name in field 2 may itself hold spaces and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1].split()
        return fields[19]
    except (OSError, IndexError):
        return ""


def is_alive(pid: int, mark: str) -> bool:
    """Whether the process that had this number and mark still runs on this machine."""
    if pid <= 0:
        return False
    now = process_mark(pid)
    if mark and now:
        return mark == now and not _is_zombie(pid)
    if sys.platform == "win32":
        return _windows_alive(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1][1] == "Z"
    except (OSError, IndexError):
        return True


if sys.platform == "win32":

    def _windows_alive(pid: int) -> bool:
        import ctypes

        # os.kill(pid, 0) would send Ctrl+C here instead of asking.
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return bool(kernel.GetLastError() == 5)  # access denied: it is there
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == 259  # STILL_ACTIVE
