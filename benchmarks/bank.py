"""How long the question bank takes: opened from its index, and parsed whole.

Beside reading the same bytes of JSON, so that the ratio says the same on every machine; the limits
are 20 ms for the real bank and for one of 20,000 items, and 1 s for parsing.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure
from question_bank.folders import BUILT_IN, Folder
from question_bank.index import open_bank
from question_bank.loader import load

ROUNDS = 11
OPEN_LIMIT = 20.0
PARSE_LIMIT = 1000.0
FILES, EACH = 200, 100

ITEM = """\
- id: item-{file}-{number}
  kind: choice
  fact: fact-{file}.{number}
  objectives: [D03]
  level: 1
  seconds: 60
  source: "a source, section {number}"
  stem:
    en: "Question {number} of file {file}: which of the values keeps the state of the cell?"
    ja: "ファイル{file}の問題{number}：セルの状態を保つ値として最も適切なものを1つ選べ。"
  options:
    - {{text: {{en: "the forget gate", ja: "忘却ゲート"}}, right: true}}
    - {{text: {{en: "the input gate", ja: "入力ゲート"}}, why: {{en: "No.", ja: "違います。"}}}}
    - {{text: {{en: "the output gate", ja: "出力ゲート"}}, why: {{en: "No.", ja: "違います。"}}}}
  explanation: {{en: "It multiplies the old state.", ja: "古い状態に掛かります。"}}
"""


def milliseconds(work: Callable[[], object]) -> float:
    """The median of some rounds, the first left out."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken[1:])


def write_large(folder: Path, files: int = FILES) -> None:
    """A bank of 100 items a file (20,000 as it stands), last changed an hour ago."""
    then = time.time() - 3600
    for file in range(files):
        path = folder / "items" / f"section{file % 10}" / f"file{file}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        items = "".join(ITEM.format(file=file, number=number) for number in range(EACH))
        path.write_text(items, encoding="utf-8")
        os.utime(path, (then, then))


def figures() -> Iterator[Figure]:
    """Opening both banks and parsing the real one."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        write_large(home / "large")
        for name, folder in (("real", BUILT_IN), ("20000", home / "large")):
            yield from _opened(name, folder, home / f"cache-{name}")
    taken = milliseconds(load)
    holds = taken <= PARSE_LIMIT
    yield Figure("bank-parsed", taken, "ms", taken / PARSE_LIMIT, "1-second", holds)


def _opened(name: str, folder: Folder, cache: Path) -> Iterator[Figure]:
    bank = open_bank(cache, (folder,))
    first = next(iter(bank.items))
    (index,) = cache.iterdir()

    def start() -> object:
        return open_bank(cache, (folder,)).items[first]

    whole = milliseconds(lambda: json.loads(index.read_bytes()))
    yield Figure(f"bank-{name}-json", whole, "ms")
    taken = milliseconds(start)
    holds = taken <= OPEN_LIMIT
    yield Figure(f"bank-{name}-opened", taken, "ms", whole / taken, f"bank-{name}-json", holds)
