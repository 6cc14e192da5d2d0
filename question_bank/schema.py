"""JSON schema of an item file for editors, generated from the forms that the loader reads by."""

from __future__ import annotations

from typing import Any

from question_bank.entries import SET, SET_SIZE, common_keys, kind_module
from question_bank.forms import Record
from question_bank.kinds import KINDS


def schema() -> dict[str, Any]:
    """The schema of a list of items: one branch a kind, chosen by the key ``kind``."""
    branches = []
    for kind in KINDS:
        form = Record(**common_keys(kind), **kind_module(kind).FORM.keys).schema()
        form["properties"]["kind"] = {"const": kind}
        form["title"] = kind
        branches.append(form)
    alone = {"oneOf": branches}
    several = Record(**SET).schema()
    several["title"] = "set"
    several["properties"]["items"] = {
        "type": "array",
        "items": {"$ref": "#/$defs/item"},
        "minItems": SET_SIZE[0],
        "maxItems": SET_SIZE[1],
    }
    language = {"type": "string", "minLength": 1}
    text = {
        "type": "object",
        "properties": {"en": language, "ja": language},
        "required": ["en", "ja"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bptt-dojo items",
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/$defs/item"}, several]},
        "$defs": {
            "item": alone,
            "text": text,
            "plain_text": {"anyOf": [text, {"type": ["string", "number", "boolean"]}]},
        },
    }
