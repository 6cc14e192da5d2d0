"""A text in both languages, and places in files: the two smallest things that everything uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["en", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ja")


@dataclass(frozen=True)
class Text:
    """One text in English and Japanese."""

    en: str
    ja: str

    def in_(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en

    def fill(self, **values: object) -> Text:
        """Both languages with each ``{name}`` replaced: plainly, never as a format string."""
        en, ja = self.en, self.ja
        for name, value in values.items():
            en = en.replace("{" + name + "}", str(value))
            ja = ja.replace("{" + name + "}", str(value))
        return Text(en, ja)

    def __add__(self, other: Text) -> Text:
        return Text(self.en + other.en, self.ja + other.ja)


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
