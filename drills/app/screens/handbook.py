"""The handbook: its pages in a list, one page, and the page of a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.page_view import PageView
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.handbook.page import LINK_KEYS, Block
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.handbook.page import Page

GLOSSARY: Final = "*glossary"
"""The row of all terms; no page can have this name."""


class HandbookScreen(DojoScreen):
    """All pages in the order of the curriculum, then the glossary."""

    CSS_PATH = "handbook.tcss"
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "app.help.handbook"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "open", "open", shown_as="Enter"),
        key("escape,h", "leave", "leave_page", shown_as="Esc"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, Text]] = []

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="about")
            yield RowList()

    async def prepare(self) -> None:
        self._rows = await self.dojo.desk.do(self._find)

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("handbook.title"))
        self.query_one("#about", Prose).update(self.say("app.handbook.about"))
        width = max(20, self.size.width - 10)
        rows = tuple(Row(name, self.say(title)) for name, title in self._rows)
        self.query_one(RowList).show(rows, name_width=width)

    def on_resize(self) -> None:
        self.relabel()

    def action_open(self) -> None:
        name = self.query_one(RowList).current
        if name is not None:
            self._choose(name)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self._choose(message.key)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def _choose(self, name: str) -> None:
        self.app.push_screen(GlossaryScreen() if name == GLOSSARY else PageScreen(name))

    def _find(self) -> list[tuple[str, Text]]:
        from drills.handbook.finding import in_order
        from drills.locale import text

        topics = in_order(self.dojo.desk.bank)
        rows = [(topic.name, topic.title) for topic in topics]
        return [*rows, (GLOSSARY, text("handbook.glossary_title"))]


class BlocksScreen(DojoScreen):
    """What pages, the glossary and mistakes share: blocks to read and to scroll."""

    CSS_PATH = "handbook.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "app.help.handbook_page"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,h,ctrl+o", "leave", "leave_page", shown_as="Esc"),
        Binding("down,j", "scroll_by(1)", show=False),
        Binding("up,k", "scroll_by(-1)", show=False),
    ]

    blocks: Sequence[Block] = ()

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield PageView()

    async def prepare(self) -> None:
        await self.fill()

    async def fill(self) -> None:
        """Have the blocks made in the desk's thread, where the engine is loaded."""
        self.blocks = await self.dojo.desk.do(self.make)
        self.query_one(PageView).show(self.blocks)

    def make(self) -> list[Block]:
        """The blocks; runs in the desk's thread."""
        return []

    def relabel(self) -> None:
        self.query_one(PageView).refresh(layout=True)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def action_scroll_by(self, lines: int) -> None:
        self.query_one(".body").scroll_relative(y=lines, animate=False)

    def go_to(self, mark: str) -> None:
        """Scroll to the block with a mark, if there is one."""
        line = self.query_one(PageView).line_of(mark)
        if line is not None:
            self.query_one(".body").scroll_to(y=line, animate=False)

    def on_page_view_picked(self, message: PageView.Picked) -> None:
        message.stop()
        self.pick(message.block)

    def pick(self, block: Block) -> None:
        """Open what is behind a block."""
        from drills.app.screens.derivation import DerivationScreen

        if block.page:
            self.app.push_screen(PageScreen(block.page))
        elif block.target:
            self.app.push_screen(DerivationScreen(block.target, self.dojo.desk.notation))


class GlossaryScreen(BlocksScreen):
    """All terms in three languages."""

    def make(self) -> list[Block]:
        from drills.handbook.page import term_blocks

        return [block for term in self.dojo.desk.bank.terms.values() for block in term_blocks(term)]

    def relabel(self) -> None:
        super().relabel()
        self.query_one(TitleBar).show(self.say("handbook.glossary_title"))


class MistakeScreen(BlocksScreen):
    """A mistake: what to look at, and its traps on all pages."""

    waits_below = True
    BINDINGS: ClassVar[list[BindingType]] = [key("p", "practise", "practise")]

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def make(self) -> list[Block]:
        from drills.handbook.page import mistake_blocks

        bank = self.dojo.desk.bank
        return list(mistake_blocks(self.code, bank.mistakes[self.code], bank))

    def relabel(self) -> None:
        super().relabel()
        self.query_one(TitleBar).show(self.say("app.mistakes.one"), self.code)

    def action_practise(self) -> None:
        self.dojo.practise_mistake(self.code)


class PageScreen(BlocksScreen):
    """One page; ``codes`` are mistakes just made, to whose trap the page is scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("n", "notation", "notation"),
        key("t", "traps", "traps"),
        key("1", "derivation(1)", "page_derivation", shown_as="1-9"),
        key("a", "link('a')", "page_link", shown_as="a-d"),
        *(Binding(str(number), f"derivation({number})", show=False) for number in range(2, 10)),
        *(Binding(letter, f"link('{letter}')", show=False) for letter in LINK_KEYS[1:]),
    ]

    def __init__(self, name: str, codes: Sequence[str] = ()) -> None:
        super().__init__()
        self._name = name
        self._codes = tuple(codes)
        self._page: Page | None = None

    async def prepare(self) -> None:
        await super().prepare()
        self.refresh_bindings()
        self.call_after_refresh(self._to_trap)

    def make(self) -> list[Block]:
        from drills.handbook.page import page_of

        desk = self.dojo.desk
        desk.know_notation()
        self._page = page_of(desk.bank.topics[self._name], desk.bank, desk.notation)
        return list(self._page.blocks())

    def relabel(self) -> None:
        super().relabel()
        if self._page is not None:
            title = self.say(self._page.topic.title)
            self.query_one(TitleBar).show(title, self._shown_notation())

    def _shown_notation(self) -> str:
        """The notation of the first model, which is the one that is cycled through."""
        parts = self._page.parts if self._page else ()
        return self.say("app.handbook.notation", name=parts[0].notation) if parts else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        page = self._page
        match action:
            case "notation":
                return len(self._notations()) > 1
            case "traps":
                return page is not None and bool(page.traps)
            case "derivation":
                return any(block.number in parameters for block in self.blocks)
            case "link":
                return any(block.page and block.lead[:1] in parameters for block in self.blocks)
        return True

    @work(exclusive=True)
    async def action_notation(self) -> None:
        """The next notation of the first model; it holds for all pages that know it."""
        names, page = self._notations(), self._page
        if page is None or not names:
            return
        place = names.index(page.parts[0].notation) + 1
        await self.dojo.desk.choose_notation(names[place % len(names)])
        await self.fill()
        self.relabel()

    def _notations(self) -> tuple[str, ...]:
        from drills.handbook.models import notation_names

        parts = self._page.parts if self._page else ()
        return notation_names(parts[0].name) if parts else ()

    def action_traps(self) -> None:
        self.go_to("traps")

    def _to_trap(self) -> None:
        """To the trap of the mistake that was just made, or stay at the top."""
        known = [code for code in self._codes if self.query_one(PageView).line_of(code) is not None]
        if known:
            self.go_to(known[0])

    def action_derivation(self, number: int) -> None:
        self.pick(next(block for block in self.blocks if block.number == number))

    def action_link(self, letter: str) -> None:
        self.pick(next(block for block in self.blocks if block.page and block.lead[:1] == letter))
