"""Confinement on macOS: resource limits and a sandbox profile. Written from manuals, not tried.

There is no fork here: Apple's Accelerate library dies in forked children, so each submission gets a
spare process that was started ahead. ``sandbox_init`` has been deprecated for years and is still
what browsers and build tools use.
"""

from __future__ import annotations

import ctypes
import ctypes.util

# Reading stays open but for homes: the dynamic linker and Python's library are scattered.
_PROFILE = b"""(version 1)
(allow default)
(deny network*)
(deny file-write*)
(deny process-fork)
(deny process-exec)
(deny signal (target others))
(deny file-read* (subpath "/Users"))
(allow file-read* (subpath "%s"))
(allow file-read* (subpath "%s"))
"""


def confine(numpy_folder: str, library: str, seconds: float) -> dict[str, str]:
    """Applies limits and the profile; each layer says "on" or why it is not."""
    layers = {"limits": _limit(seconds)}
    try:
        name = ctypes.util.find_library("System") or "/usr/lib/libSystem.dylib"
        system = ctypes.CDLL(name)
        message = ctypes.c_char_p()
        # A quote in a path would end the profile's string early.
        paths = (numpy_folder.encode() + b"/numpy", library.encode())
        if any(b'"' in path for path in paths):
            layers["profile"] = "unusable-path"
        else:
            status = system.sandbox_init(_PROFILE % paths, 0, ctypes.byref(message))
            layers["profile"] = "on" if status == 0 else "refused"
    except (OSError, AttributeError):
        layers["profile"] = "absent"
    return layers


def _limit(seconds: float) -> str:
    import resource  # absent on Windows

    cpu = int(seconds) + 1
    limits = ((resource.RLIMIT_CORE, 0, 0), (resource.RLIMIT_FSIZE, 0, 0))
    try:
        for which, soft, hard in (*limits, (resource.RLIMIT_CPU, cpu, cpu + 1)):
            resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):
        return "partly"
    return "on"  # of address space this system enforces no limit: memory stays unlimited
