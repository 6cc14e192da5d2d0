"""What is learnt before what: for each objective those that it builds on, and what it weighs.

An objective builds on the one that opens its chapter, unless the table says more. The order is a
judgement about teaching, not a fact about the exam; it decides only when something is introduced.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from question_bank.objectives import OBJECTIVES, least_items, row

# What a chapter begins with; J (training) and K (frameworks) are collections without a first page.
_OPENS: Final = {
    "A": "A01",
    "B": "B01",
    "C": "C03",
    "D": "D01",
    "E": "E01",
    "F": "F01",
    "G": "G01",
    "H": "H01",
    "I": "I01",
}

_BUILDS_ON: Final = {
    # The recurrent network, then what flows back through it.
    "A04": "A01",
    "A05": "A04",
    "A07": "A06",
    "B01": "A01 A16",
    "B03": "B01 B02 A06",
    "B04": "B03",
    "B05": "B04",
    "B06": "B04",
    "B07": "B05 B06",
    "B08": "B05",
    "B10": "B05",
    "B11": "B03",
    "B12": "B11",
    "B13": "B11",
    "B14": "B03",
    "B15": "B03 B07",
    "B16": "B03",
    "B17": "B15",
    "B19": "B02",
    "B20": "B03",
    "B21": "B03",
    "B23": "A06 B03",
    "B25": "B08",
    # Why gradients vanish, and what is done about it.
    "C01": "B03",
    "C02": "C01",
    "C03": "A01",
    "C04": "C03",
    "C07": "C06",
    "C08": "C06",
    "C11": "C02 C10",
    # Gates: the LSTM answers the vanishing gradient, the GRU simplifies the LSTM.
    "D01": "A01 C03",
    "D05": "D01 D23",
    "D06": "D01",
    "D07": "D06",
    "D08": "D05 D06 D07",
    "D10": "A03 D01",
    "D11": "D10",
    "D12": "D10",
    "D13": "D05",
    "D14": "D07 B03",
    "D15": "D14",
    "D16": "D14",
    "D17": "D16 C01",
    "D18": "D06",
    "D19": "D18 D15",
    "D21": "D08 D15",
    "D24": "D05 A06",
    "D25": "D06",
    "E01": "D01",
    "E02": "E01",
    "E03": "E02",
    "E04": "E02",
    "E05": "E02",
    "E06": "E02",
    "E07": "E01 D10",
    "E08": "E02",
    "E09": "E01 D01",
    "E10": "E02 D14",
    "E12": "E04",
    "E13": "E02",
    "F01": "A01",
    "F04": "F03 A03",
    "F07": "F03 B03",
    "F08": "F03",
    # Sequences to sequences, and what attention adds.
    "G01": "A10",
    "G03": "G02",
    "G07": "G03",
    "G08": "G07",
    "G09": "G05",
    "G10": "G09",
    "G11": "G09",
    "G14": "G02",
    "G16": "G02",
    "G17": "G16 G19",
    "G18": "G16",
    "G20": "G19",
    "G21": "G19",
    "G22": "G20",
    "G24": "G02 B01",
    "H02": "H01",
    "H05": "H04 H02",
    "H07": "H05",
    "H08": "H04",
    "H09": "H08 H16",
    "H10": "H09",
    "H11": "H09",
    "H15": "H04",
    "I01": "G14",
    "I04": "I02",
    "I05": "I03",
    "I06": "I02",
    "I07": "I06",
    "I08": "I07 J05",
    "I09": "I02",
    "I10": "I04 J04",
    "I11": "I07",
    "I12": "I06",
    "I14": "I06",
    "I15": "I06",
    "I16": "I03",
    "I17": "I02",
    "I18": "I02",
    "I19": "I11",
    "I20": "I04",
    "I21": "I07",
    "J04": "B02",
    "J08": "A11",
    "J09": "J01",
    "J12": "A01",
    "K01": "A06",
    "K02": "K01 F03",
    "K03": "K01",
    "K04": "D12",
    "K06": "B11",
    "K07": "C06",
    "K09": "K01",
    "K11": "I11",
    "K12": "K07",
}


@cache
def builds_on(objective: str) -> tuple[str, ...]:
    """The objectives to be met before this one; none for what opens the curriculum."""
    opening = _OPENS.get(objective[:1], "")
    named = _BUILDS_ON.get(objective)
    if named is None:
        return (opening,) if opening not in ("", objective) and objective in OBJECTIVES else ()
    return tuple(named.split())


def weight(objective: str) -> float:
    """How much an objective counts beside the others: as many items as the curriculum wants of it.

    The exam publishes no weights; the rows that matter most are wanted with five items instead of
    two. An objective of a user's own counts as an ordinary one.
    """
    return float(least_items(row(objective)))
