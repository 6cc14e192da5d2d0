"""Confinement on Windows: a job object around the spare process. Written from manuals, not tried.

The job caps memory and processor time, allows one process and ends everything in it when its handle
is closed. It does not guard files or the network: the report says so.

Source: Microsoft's documentation of CreateJobObject and JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
"""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

_LIMIT_PROCESS_TIME, _LIMIT_ACTIVE, _LIMIT_MEMORY, _KILL_ON_CLOSE = 0x2, 0x8, 0x100, 0x2000
_EXTENDED = 9


class _Basic(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    ]


class _Extended(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("basic", _Basic),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]


class Job:
    """A job object with one process in it; ``close`` ends the process."""

    def __init__(self, process_handle: int, memory: int, seconds: float) -> None:
        self.layer = "absent"
        self._handle: int | None = None
        windows = getattr(ctypes, "WinDLL", None)
        if windows is None:
            return
        kernel = windows("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        handle = kernel.CreateJobObjectW(None, None)
        limits = _Extended()
        limits.basic.flags = _LIMIT_PROCESS_TIME | _LIMIT_ACTIVE | _LIMIT_MEMORY | _KILL_ON_CLOSE
        limits.basic.process_time = int((seconds + 1) * 10_000_000)  # in units of 100 ns
        limits.basic.active_processes = 1
        limits.process_memory = memory
        kept = kernel.SetInformationJobObject(
            ctypes.c_void_p(handle), _EXTENDED, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        inside = kernel.AssignProcessToJobObject(
            ctypes.c_void_p(handle), ctypes.c_void_p(process_handle)
        )
        self._kernel = kernel
        self._handle = handle
        self.layer = "on" if kept and inside else "refused"

    def close(self) -> None:
        if self._handle is not None:
            self._kernel.CloseHandle(ctypes.c_void_p(self._handle))
            self._handle = None
