"""What every folder of tests may use: a home in which the bank is compiled already."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from drills.progress.paths import cache
from question_bank.index import open_bank

# The bank is a plain module beside the tests (import mode importlib adds no folder).
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the built-in bank's compiled index: reading its YAML takes a second."""
    folder = tmp_path_factory.mktemp("compiled")
    open_bank(folder)
    return folder


@pytest.fixture
def make_home(compiled: Path) -> Callable[[Path], Path]:
    """Makes a home as it is after the first start: empty but for the compiled index."""

    def make(home: Path) -> Path:
        shutil.copytree(compiled, cache(home))
        return home

    return make
