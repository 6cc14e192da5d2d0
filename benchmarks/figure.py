"""One measured figure, and how it is printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement beside what it is compared with.

    Attributes
    ----------
    ratio : how many times ``reference`` the value is better (or, for a difference, of its limit)
    reference : what ``ratio`` refers to
    holds : False if the figure misses what the project promises
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    reference: str = "-"
    holds: bool = True

    def line(self) -> str:
        """``name value unit ratio reference``, separated by blanks; "-" where there is none."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.3g}"
        return f"{self.name} {self.value:.4g} {self.unit} {ratio} {self.reference}"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)
