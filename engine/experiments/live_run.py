"""A run under way: an iterator of snapshots that any thread can stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from engine.stopping import Stopped, check, stoppable


class Run(Iterator[Any]):
    """Snapshots, one after the other, each made when it is asked for.

    ``stop`` and ``close`` are the same and may be called from any thread, also while another one
    waits for a snapshot: that one then gets StopIteration, within 100 ms, wherever the computation
    stands. An update that was going on counts for nothing; the state is as after the last whole
    one, and a run that goes on from it makes the same updates as one that was never stopped.
    """

    def __init__(self, snapshots: Iterator[Any]) -> None:
        self._snapshots = snapshots
        self._told = threading.Event()

    def __next__(self) -> Any:
        try:
            with stoppable(self._told.is_set):
                check()
                snapshot = next(self._snapshots, None)
        except Stopped:
            if not self._told.is_set():
                raise  # it was the run around this one that was told
            snapshot = None
        if snapshot is None:
            raise StopIteration
        return snapshot

    def stop(self) -> None:
        """Tell the run to stop; returns at once."""
        self._told.set()

    def close(self) -> None:
        """As ``stop``: so a run is closed like a generator, only from any thread."""
        self.stop()
