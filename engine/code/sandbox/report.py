"""What a run was confined by, said as promises to the user rather than as mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Holds: TypeAlias = Literal["yes", "partly", "no"]

PROMISES: Final = (
    "pass-cannot-be-forged",
    "time-and-output-limited",
    "memory-limited",
    "nothing-left-running",
    "files-unharmed",
    "files-unread",
    "no-network",
    "other-programs-unharmed",
)


@dataclass(frozen=True)
class Confinement:
    """The layers of one run ("on", or why not) and what they amount to.

    Layers: limits, no-new-privileges, landlock, seccomp (Linux); limits, profile (macOS);
    job (Windows); mode "fork" or "spare".
    """

    mode: str
    layers: Mapping[str, str]

    def _on(self, layer: str) -> bool:
        return self.layers.get(layer) == "on"

    @property
    def files_safe(self) -> bool:
        """Whether another author's exercises may run without an explicit word of the user."""
        return self.promises()["files-unharmed"] == "yes"

    def promises(self) -> dict[str, Holds]:
        """Each promise with how far it holds here. A guard against accidents and lazy cheats, not
        a security boundary."""
        landlock, seccomp = self._on("landlock"), self._on("seccomp")
        profile, job = self._on("profile"), self._on("job")
        linux = "landlock" in self.layers or "seccomp" in self.layers
        reading_closed = landlock or profile
        return {
            # Only reading the reference from disk could cheat; numbers still have to be right.
            "pass-cannot-be-forged": "yes" if reading_closed else "partly",
            "time-and-output-limited": "yes",
            "memory-limited": "yes" if (linux and self._on("limits")) or job else "no",
            "nothing-left-running": "yes" if seccomp or profile or job else "partly",
            "files-unharmed": "yes" if seccomp or profile else "partly" if landlock else "no",
            "files-unread": "yes" if landlock else "partly" if profile else "no",
            "no-network": "yes" if seccomp or profile else "partly" if landlock else "no",
            "other-programs-unharmed": "yes" if seccomp or profile else "partly" if job else "no",
        }
