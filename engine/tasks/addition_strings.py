"""Addition of numbers as strings: the question is typed, the answer is written, digit by digit.

    "57+5   " → "_62  "         up to 3 digits: 7 characters in, 5 out

Nothing tells the network what a digit is worth. Both sides are padded with blanks to one length;
"_" is the start sign. Each operand is typed as 1 to ``digits`` digits, all lengths and all digits
equally likely, and leading zeros are dropped. So short sums come often at first; of 46,000
different ones most are long, for there are not that many short ones.

Source: Zaremba, Sutskever (2014), section 4.2, and the seq2seq example of Keras after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.tasks.characters import Characters, Pairs, Split

START: Final = "_"
CHARACTERS: Final = Characters("0123456789+_ ")

#: Sums drawn at once.
_BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class AdditionStrings:
    """Sums of two numbers of up to ``digits`` digits, 1 to 6; raises ValueError otherwise."""

    digits: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.digits <= 6:
            raise ValueError(f"digits has to lie between 1 and 6; it is {self.digits}")

    @property
    def question_length(self) -> int:
        """S: two operands and the sign."""
        return 2 * self.digits + 1

    @property
    def answer_length(self) -> int:
        """T: the start sign, and one digit more than an operand."""
        return self.digits + 2

    @property
    def most(self) -> int:
        """So many different sums can be drawn: half of those there are, without swapped ones."""
        numbers = 10**self.digits
        return int(numbers * (numbers + 1) // 4)

    def question(self, a: int, b: int) -> str:
        """Such as "57+5   "."""
        return f"{a}+{b}".ljust(self.question_length)

    def answer(self, a: int, b: int) -> str:
        """Such as "_62  "."""
        return f"{START}{a + b}".ljust(self.answer_length)

    def split(self, rng: np.random.RandomState, training: int, test: int) -> Split:
        """Draw examples of which no two are the same sum, not even with its operands swapped.

        Training and test examples are shuffled before they are parted. The short sums are used up
        first: a test on those drawn last would be one on the longest, and harder than the training.

        Raises
        ------
        ValueError if that is more than half of all sums there are
        """
        count = training + test
        if not 1 <= count <= self.most:
            raise ValueError(f"1 to {self.most} different sums can be drawn; asked for {count}")
        # A dict keeps the order in which the sums were drawn, and one of each.
        found: dict[tuple[int, int], tuple[int, int]] = {}
        while len(found) < count:
            for a, b in self._operands(rng):
                found.setdefault((min(a, b), max(a, b)), (a, b))
        drawn = list(found.values())[:count]
        sums = [drawn[i] for i in rng.permutation(count)]
        return Split(self.pairs(sums[:training]), self.pairs(sums[training:]))

    def pairs(self, sums: list[tuple[int, int]]) -> Pairs:
        """The given sums (a, b) as ids."""
        questions = CHARACTERS.ids([self.question(a, b) for a, b in sums])
        answers = CHARACTERS.ids([self.answer(a, b) for a, b in sums])
        return Pairs(questions, answers)

    def _operands(self, rng: np.random.RandomState) -> list[tuple[int, int]]:
        lengths = rng.randint(1, self.digits + 1, size=(_BLOCK, 2))
        # k random digits, read as a number: evenly from 0 to 10ᵏ − 1.
        return [(a, b) for a, b in rng.randint(0, 10**lengths).tolist()]
