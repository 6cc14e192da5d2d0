"""The editor's schema: the forms of the bank, with every name that an item can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from question_bank.model import Bank
from question_bank.schema import schema as schema_of_forms


def schema(bank: Bank) -> dict[str, Any]:
    """JSON schema of a file of items: names and arguments of computations, targets, conventions,
    codes of mistakes, exercises, experiments and recorded runs are spelled out."""
    from engine.computations import COMPUTATIONS
    from engine.experiments import EXPERIMENTS
    from engine.experiments.figures import rows
    from engine.formulas.conventions import VALUES
    from engine.formulas.targets import TARGETS
    from engine.mistakes import MISTAKE_CODES

    whole = schema_of_forms()
    codes = {"enum": sorted(MISTAKE_CODES)}
    listed = {"type": "array", "items": codes}
    named: dict[str, Any] = {
        "compute": {"enum": list(COMPUTATIONS)},
        "target": {"enum": list(TARGETS)},
        "mistake": codes,
        "mistakes": {"anyOf": [{"const": "all"}, codes, listed]},
        "exercise": {"enum": list(bank.exercises)},
        "experiment": {"enum": list(EXPERIMENTS)},
        "run": {"enum": list(rows())},
        "stated": {
            "type": "object",
            "properties": {name: {"enum": list(values)} for name, values in VALUES.items()},
            "additionalProperties": False,
        },
    }
    whole["$defs"]["arguments"] = {
        "allOf": [
            {
                "if": {"properties": {"compute": {"const": name}}},
                "then": {"properties": {"with": _arguments(computation.parameters)}},
            }
            for name, computation in COMPUTATIONS.items()
        ]
    }
    _fill(whole, named)
    return whole


def _arguments(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "properties": {
            name: {"description": parameter.meaning} for name, parameter in parameters.items()
        },
        "additionalProperties": False,
    }


def _fill(form: Any, named: Mapping[str, Any]) -> None:
    """Put the names into every object of the forms that has such a key."""
    if isinstance(form, list):
        for part in form:
            _fill(part, named)
        return
    if not isinstance(form, dict):
        return
    properties = form.get("properties")
    if isinstance(properties, dict) and form.get("type") == "object":
        for key in properties.keys() & named.keys():
            properties[key] = named[key]
        if "compute" in properties:
            form["allOf"] = [{"$ref": "#/$defs/arguments"}]
    for key, part in form.items():
        if key != "arguments":
            _fill(part, named)
