"""Build hook: compiles the question bank into the wheel, so that the installed app parses no YAML.

Runs in the build's own environment, where only hatchling and PyYAML are installed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``question_bank/index.json``. A bank with problems builds no wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the sources' bank; an editable install reads the YAML files themselves."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from question_bank.index import SHIPPED_NAME, compile_index
        finally:
            sys.path.remove(self.root)
        data, bank = compile_index()
        if bank.problems:
            lines = [problem.line("en") for problem in bank.problems]
            raise RuntimeError("\n".join(["The question bank has problems:", *lines]))
        self.folder = tempfile.TemporaryDirectory(prefix="bptt-dojo-index-")
        index = Path(self.folder.name) / SHIPPED_NAME
        index.write_bytes(data)
        build_data["force_include"][str(index)] = f"question_bank/{SHIPPED_NAME}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """The wheel is written: the temporary copy is no longer needed."""
        if version != "editable":
            self.folder.cleanup()
