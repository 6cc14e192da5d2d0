"""Python's collector of cycles waits while a formula is judged.

Naming a mistake makes tens of thousands of small trees, none of them with cycles, and the collector
would walk through all models again and again. What one judgement makes is bounded by its budget.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_waits() -> Iterator[None]:
    """No collection of cycles inside; afterwards it goes on as before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
