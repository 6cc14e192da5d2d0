"""Confinement on Linux: limits, no new privileges, Landlock and seccomp, by ctypes, without root.

Each layer covers what another misses: Landlock knows paths but not ``chmod`` or UDP, seccomp knows
calls but not paths. A computation writes nothing, so writing is refused outright, by both.
``prepare`` is done once in the zygote, ``confine`` in each child before the learner's first line;
each layer reports "on" or why it is not.

Sources: kernel documentation userspace-api/landlock.rst and seccomp_filter.rst.
Standard library only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from .linux_calls import AUDIT_WORDS, HARMFUL_COMMANDS, HARMLESS_REQUESTS, denied, tested

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# Access rights known to each Landlock version: file system, network, scope.
_FILE_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_O_PATH: Final = 0o10000000
# O_WRONLY | O_RDWR | O_CREAT | O_TRUNC: any of them asks to change something.
_WRITING: Final = 0o1 | 0o2 | 0o100 | 0o1000
_CLONE_THREAD: Final = 0x10000

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Prepared:
    """What the zygote makes once, so that a child only has to apply it."""

    ruleset: int | None
    landlock: str
    program: ctypes.Array[ctypes.c_char] | None
    pid_offsets: tuple[int, ...]
    seccomp: str


def prepare(numpy_folder: str) -> Prepared:
    """Builds the Landlock ruleset and the seccomp program.

    Args:
        numpy_folder: the folder that holds NumPy's package and its libraries.
    """
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        ruleset, landlock = _ruleset(numpy_folder)
    except OSError as error:
        ruleset, landlock = None, errno.errorcode.get(error.errno or 0, "error")
    machine = platform.machine()
    if machine not in AUDIT_WORDS:
        return Prepared(ruleset, landlock, None, (), "unknown-machine")
    code, offsets = _filter(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    return Prepared(ruleset, landlock, buffer, offsets, "ready")


def confine(prepared: Prepared, parent: int, memory: int, seconds: float) -> dict[str, str]:
    """Applies every layer to this process; order matters, seccomp comes last."""
    layers = {}
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # the zygote died before the line above
        os._exit(70)
    layers["limits"] = limit(memory, seconds)
    layers["no-new-privileges"] = _done(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if prepared.ruleset is None:
        layers["landlock"] = prepared.landlock
    else:
        layers["landlock"] = _done(_libc.syscall(_LANDLOCK_RESTRICT, prepared.ruleset, 0))
        os.close(prepared.ruleset)
    layers["seccomp"] = _apply_filter(prepared)
    return layers


def limit(memory: int, seconds: float) -> str:
    """Resource limits: address space, processor time, files, open files, no core dump."""
    import resource  # absent on Windows, where this module is never used

    cpu = int(seconds) + 1
    wanted = (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
        # The soft limit's signal can be ignored, the hard one's cannot.
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_AS, memory, memory),
    )
    failed = []
    for which, soft, hard in wanted:
        try:
            resource.setrlimit(which, (soft, hard))
        except (OSError, ValueError):
            failed.append(which)
    return "on" if not failed else "partly"


def _done(status: int) -> str:
    return "on" if status == 0 else errno.errorcode.get(ctypes.get_errno(), "error")


def _ruleset(numpy_folder: str) -> tuple[int | None, str]:
    version = _libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return None, errno.errorcode.get(ctypes.get_errno(), "error")
    rights = _FILE_RIGHTS[max(v for v in _FILE_RIGHTS if v <= version)]
    attributes = struct.pack("<QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(_LANDLOCK_CREATE, ctypes.c_char_p(attributes), size, 0)
    if ruleset < 0:
        return None, errno.errorcode.get(ctypes.get_errno(), "error")
    for path, access in readable(numpy_folder):
        _allow(ruleset, path, access)
    return ruleset, f"version {version}"


def readable(numpy_folder: str) -> list[tuple[str, int]]:
    """Paths that a child may read, with rights.

    The standard library is named entry by entry, since ``site-packages`` below it may hold this
    very project, reference solutions included. Listing its folders is allowed: imports need it.
    """
    library = os.path.realpath(sysconfig.get_path("stdlib"))
    paths = [(library, _READ_DIR)]
    for folder in {library, os.path.realpath(sysconfig.get_path("platstdlib"))}:
        for entry in _entries(folder):
            if entry not in ("site-packages", "dist-packages"):
                paths.append((os.path.join(folder, entry), _READ_FILE | _READ_DIR))
    paths.append((numpy_folder, _READ_DIR))
    for entry in ("numpy", "numpy.libs"):
        paths.append((os.path.join(numpy_folder, entry), _READ_FILE | _READ_DIR))
    guarded = (os.path.realpath(numpy_folder), library)
    for folder in _library_folders():
        # /usr/lib itself can hold Python's packages: then only what is loaded already is there.
        if not any(path == folder or path.startswith(folder + os.sep) for path in guarded):
            paths.append((folder, _READ_FILE | _READ_DIR))
    paths += [("/dev/null", _READ_FILE), ("/dev/urandom", _READ_FILE), ("/dev/zero", _READ_FILE)]
    return paths


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _library_folders() -> set[str]:
    folders = set()
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            for line in maps:
                path = line.rstrip("\n").partition("/")
                if ".so" in path[2]:
                    folders.add(os.path.dirname("/" + path[2]))
    except OSError:
        pass
    return {folder for folder in folders if "-packages" not in folder}


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            access &= ~_READ_DIR  # a directory's right on a file is refused
        rule = struct.pack("<Qi", access, descriptor)
        _libc.syscall(_LANDLOCK_ADD, ruleset, 1, ctypes.c_char_p(rule), 0)
    finally:
        os.close(descriptor)


# -- seccomp: a program for the kernel's classic packet filter ------------------------------------

_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_KILL: Final = 0x80000000
_NUMBER, _ARCHITECTURE = 0, 4


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)


def _argument(index: int) -> int:
    return 16 + 8 * index  # the low word; both machines are little-endian


def _filter(machine: str) -> tuple[bytes, tuple[int, ...]]:
    """The program, and where in it the child's own process id has to be written."""
    refuse = _step(_RETURN, _REFUSE | errno.EPERM)
    absent = _step(_RETURN, _REFUSE | errno.ENOSYS)
    allow = _step(_RETURN, _ALLOW)
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, AUDIT_WORDS[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_ABOVE, 0x40000000, 0, 1),  # the x32 table: other numbers, same processor
        refuse,
    ]
    own_pid = []
    for name, number in tested(machine).items():
        if name in ("clone3", "openat2"):
            # Their arguments are behind a pointer, out of a filter's sight. "No such call" makes
            # the C library fall back to the forms that can be looked at.
            body = [absent]
        elif name in ("open", "openat"):
            flags = _argument(1 if name == "open" else 2)
            body = [_step(_LOAD, flags), _step(_ANY_BIT, _WRITING, 0, 1), refuse, allow]
        elif name == "clone":
            body = [_step(_LOAD, _argument(0)), _step(_ANY_BIT, _CLONE_THREAD, 1, 0), refuse, allow]
        elif name == "ioctl":
            body = _among(_argument(1), HARMLESS_REQUESTS, allow, refuse)
        elif name == "fcntl":
            body = _among(_argument(1), HARMFUL_COMMANDS, refuse, allow)
        elif name == "prlimit64":  # reading one's own limits only: pid 0 and no new values
            body = [
                _step(_LOAD, _argument(0)),
                _step(_EQUAL, 0, 0, 4),
                _step(_LOAD, _argument(2)),
                _step(_EQUAL, 0, 0, 2),
                _step(_LOAD, _argument(2) + 4),
                _step(_EQUAL, 0, 1, 0),
                refuse,
                allow,
            ]
        else:  # kill, tgkill: oneself only
            own_pid.append(len(program) + 2)
            body = [_step(_LOAD, _argument(0)), _step(_EQUAL, 0, 1, 0), refuse, allow]
        program.append(_step(_EQUAL, number, 0, len(body)))
        program += body
    for number in denied(machine).values():
        program += [_step(_EQUAL, number, 0, 1), refuse]
    program.append(allow)
    return b"".join(program), tuple(8 * position + 4 for position in own_pid)


def _among(where: int, numbers: Sequence[int], yes: bytes, no: bytes) -> list[bytes]:
    """One end if an argument is among these numbers, the other if it is not."""
    count = len(numbers)
    tests = [_step(_EQUAL, number, count - place, 0) for place, number in enumerate(numbers)]
    return [_step(_LOAD, where), *tests, no, yes]


class _Program(ctypes.Structure):
    _fields_: ClassVar[Any] = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def _apply_filter(prepared: Prepared) -> str:
    if prepared.program is None:
        return prepared.seccomp
    for offset in prepared.pid_offsets:
        struct.pack_into("<I", prepared.program, offset, os.getpid())
    program = _Program(len(prepared.program) // 8, ctypes.addressof(prepared.program))
    return _done(_libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0))
