"""Pictures of every screen: the app itself, driven over a home of its own, drawn as SVG.

``python docs/screenshots.py`` renews the few that the README shows; with a folder, every screen at
80x24 and 120x36 in both languages goes there. ``--theme NAME`` draws another of Textual's themes.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from textual.pilot import Pilot  # noqa: E402
from textual.widgets import Input  # noqa: E402

from drills.app.app import DojoApp  # noqa: E402
from drills.app.desk import Desk  # noqa: E402
from drills.app.widgets.code_editor import CodeEditor  # noqa: E402
from drills.clock import ManualClock  # noqa: E402
from drills.grading import grader_for  # noqa: E402
from drills.progress.store import Store  # noqa: E402
from drills.session import Session, SessionRequest  # noqa: E402
from drills.typography import cell_width  # noqa: E402
from question_bank.folders import BUILT_IN  # noqa: E402
from question_bank.index import open_bank  # noqa: E402

SIZES: Final = ((80, 24), (120, 36))
LANGUAGES: Final = ("en", "ja")
IN_README: Final = ("formula-en-80x24", "formula-ja-80x24", "home-ja-80x24", "lab-en-80x24")
FORMULA: Final = (
    r"W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} = "
    r"W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z-1}]^T"
)
CELL: Final = 12.2
"""Units of the picture that one cell is wide, as Rich draws it."""

Until = Callable[[Callable[[], Any]], Awaitable[None]]


def mended(svg: str) -> str:
    """The picture with wide characters two cells wide, and without fonts from elsewhere.

    Rich counts characters, not cells, when it says how long a piece of text is.
    """

    def measured(found: re.Match[str]) -> str:
        # Letters of different fonts apart, so that none of them shifts what is behind it.
        left, pieces = float(found["x"]), []
        for _, run in groupby(html.unescape(found["text"]), script):
            shown = "".join(run)
            width = CELL * cell_width(shown)
            pieces.append(
                f'<text{found["before"]}x="{left:.1f}"{found["between"]}textLength="{width:.1f}"'
                f"{found['after']}>{html.escape(shown)}</text>"
            )
            left += width
        return "".join(pieces)

    svg = re.sub(
        r'<text(?P<before> [^>]*?)x="(?P<x>[^"]*)"(?P<between>[^>]*?)textLength="[^"]*"'
        r"(?P<after>[^>]*)>(?P<text>[^<]*)</text>",
        measured,
        svg,
    )
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("font-variant-east-asian: full-width;", "")
    return svg.replace(
        "font-family: Fira Code, monospace",
        'font-family: "Fira Code", "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace',
    )


def script(letter: str) -> tuple[int, bool]:
    """Cells of a letter, and whether it is ASCII: what a viewer draws in one font."""
    return cell_width(letter), letter.isascii() or letter == "\N{NO-BREAK SPACE}"


def practised(home: Path, clock: ManualClock, bank: Any) -> None:
    """Three evenings of practice, most answers right, so that there is something to show."""
    store = Store(home, clock)
    kinds = ("choice", "numeric", "term", "order", "match", "formula")
    for evening in range(3):
        request = SessionRequest(which="mixed", count=7, seed=evening)
        session = Session.start(bank, store, request, clock)
        while not session.finished:
            clock.advance(seconds=40)
            kind = session.item.kind
            if kind in kinds and (session.position + evening) % 4 != 3:
                grader = grader_for(kind, bank)
                solution = grader.reveal(session.item, session.presentation).en
                answer = solution if kind in ("term", "formula") else first_word(kind, solution)
            else:
                answer = {"choice": "A", "term": "state", "order": "A B C D", "formula": "W"}.get(
                    kind, "7"
                )
            session.answer(answer)
            session.next()
        session.close()
        clock.advance(days=2)


def first_word(kind: str, solution: str) -> str:
    """Of a solution as it is shown, the part that would be typed."""
    line = solution.partition("\n")[0]
    return line.partition("  ")[0] if kind == "choice" else line


class Photographer:
    """One app in one size and language; ``take`` writes what is on the screen."""

    def __init__(self, app: DojoApp, pilot: Pilot[Any], ending: str, folder: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.ending = ending
        self.folder = folder
        self.written: list[str] = []

    @property
    def screen(self) -> Any:
        """What is on, whichever screen that is."""
        return self.app.screen

    async def until(self, true: Callable[[], Any]) -> None:
        for _ in range(500):
            if true():
                await self.pilot.pause(0.15)
                return
            await self.pilot.pause(0.02)
        svg = self.app.export_screenshot()
        shown = "\n".join(re.findall(r">([^<]+)</text>", html.unescape(svg)))
        raise TimeoutError(f"waited in vain on {type(self.screen).__name__}:\n{shown}")

    async def take(self, name: str) -> None:
        await self.pilot.pause(0.2)
        svg = mended(self.app.export_screenshot(title="bptt-dojo", simplify=True))
        whole = f"{name}-{self.ending}"
        (self.folder / f"{whole}.svg").write_text(svg, encoding="utf-8")
        self.written.append(whole)

    async def start(self, **request: Any) -> None:
        before = self.screen
        self.app.start_session(request=SessionRequest(which="all", seed=1, **request))
        await self.until(lambda: self.screen is not before and getattr(self.screen, "asked", False))

    async def judged(self) -> None:
        await self.until(lambda: self.screen.exercise.verdict is not None and not self.screen.busy)


async def tour(photographer: Photographer) -> None:
    """Through every screen, a picture of each."""
    app, pilot = photographer.app, photographer.pilot
    until, take = photographer.until, photographer.take
    await until(lambda: photographer.screen.overview)
    await take("home")

    await pilot.press("question_mark")
    await take("help")
    await pilot.press("escape")

    for kind, keys in {
        "choice": ("b",),
        "numeric": (*"304", "enter"),
        "term": (*"vanishing", "enter"),
        "order": (*"dcba", "enter"),
        "match": (),
    }.items():
        await photographer.start(kind=kind, count=3)
        await take(f"{kind}-asked")
        view = photographer.screen.exercise.view("en")
        pairs = [view.right[row % len(view.right)][0] for row in range(len(view.left))]
        await pilot.press(*(keys or (*pairs, "enter")))
        await photographer.judged()
        await take(kind)

    app.show_targets()
    await until(lambda: getattr(photographer.screen, "_entries", None))
    await take("formulas")
    photographer.screen.open("rnn.W.update")
    await until(lambda: getattr(photographer.screen, "asked", False))
    photographer.screen.query_one(Input).value = FORMULA
    await until(lambda: photographer.screen._reading.lines)
    await take("formula-read")
    await pilot.press("enter")
    await photographer.judged()
    await take("formula")
    await pilot.press("escape", "escape")

    await photographer.start(kind="code", count=3)
    await take("code-asked")
    editor = photographer.screen.query_one(CodeEditor)
    editor.text = editor.text.replace("____", "x @ W_in", 1).replace("____", "np.tanh(u)")
    await pilot.press("f5")
    await photographer.judged()
    await take("code")
    await pilot.press("f10")

    app.show_lab()
    await until(lambda: getattr(photographer.screen, "current", None))
    await pilot.press("space")
    # Faster than any of the paces for people, slow enough to be stopped in the middle.
    photographer.screen.current.pace = 120.0
    await until(lambda: photographer.screen.current.iterations[-1:] > [3000])
    await pilot.press("space")
    await take("lab")
    await pilot.press("escape")

    await photographer.start(count=3, kind="choice")
    for answer in "bac":
        await pilot.press(answer)
        await photographer.judged()
        await pilot.press("enter")
        await until(
            lambda: (
                getattr(photographer.screen, "_ended", None)
                or (
                    getattr(photographer.screen, "asked", False) and not photographer.screen.settled
                )
            )
        )
    await take("summary")
    await pilot.press("enter")
    await until(lambda: photographer.screen.overview)
    await pilot.press("s")
    await until(lambda: getattr(photographer.screen, "_figures", None))
    await take("statistics")


async def photograph(
    size: tuple[int, int], language: Any, folder: Path, theme: str | None
) -> list[str]:
    """Every screen in one size and language; returns the names of what was written."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        clock = ManualClock(datetime(2026, 11, 18, 11, 0, tzinfo=UTC), utc_offset=540)
        bank = open_bank(home / "cache", (BUILT_IN,))
        practised(home, clock, bank)
        desk = Desk(home, clock=clock)
        desk.bank = bank
        app = DojoApp(language=language, desk=desk)
        if theme is not None:
            app.theme = theme
        ending = f"{language}-{size[0]}x{size[1]}"
        async with app.run_test(size=size) as pilot:
            photographer = Photographer(app, pilot, ending, folder)
            await tour(photographer)
            await desk.close()
        return photographer.written


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where all pictures go")
    parser.add_argument("--theme", help="one of Textual's themes")
    options = parser.parse_args()
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        for size in SIZES:
            for language in LANGUAGES:
                names = asyncio.run(photograph(size, language, options.folder, options.theme))
                print(f"{len(names)} pictures, {language}, {size[0]}x{size[1]}")
        return 0
    place = HERE / "screenshots"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for language in LANGUAGES:
            asyncio.run(photograph(SIZES[0], language, Path(scratch), options.theme))
        for name in IN_README:
            short = name.removesuffix("-80x24")
            svg = (Path(scratch) / f"{name}.svg").read_text(encoding="utf-8")
            (place / f"{short}.svg").write_text(svg, encoding="utf-8")
            print(f"{short}.svg  {len(svg.encode()) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
