"""The editor's schema agrees with what the loader takes."""

import json
import re
from pathlib import Path

import pytest
import yaml

from question_bank.kinds import KINDS
from question_bank.nodes import Mapping, Sequence
from question_bank.schema import schema
from question_bank.yaml_reader import read

WRONG_FORM = [
    "unknown-key",
    "unknown-kind",
    "unknown-key-inside",
    "bad-id",
    "bad-objective",
    "wrong-type",
    "out-of-range",
    "no-check",
    "missing-language",
    "not-a-list",
    "not-a-mapping",
    "exercise-name",
    "bad-draw-choice",
]
SCHEMA = schema()
DATA = Path(__file__).parent.parent / "data" / "bank"
BUILT_IN = Path(__file__).parent.parent.parent / "question_bank" / "items"


def fits(value, form):
    """The little of JSON schema that is generated here, read strictly."""
    known = {"$ref", "anyOf", "oneOf", "enum", "const", "type", "properties", "required", "items"}
    known |= {"additionalProperties", "pattern", "minimum", "maximum", "minItems", "maxItems"}
    assert set(form) <= known | {"title", "$schema", "$defs", "minLength"}, form
    if "$ref" in form:
        return fits(value, SCHEMA["$defs"][form["$ref"].rpartition("/")[2]])
    if "anyOf" in form:
        return any(fits(value, branch) for branch in form["anyOf"])
    if "oneOf" in form:
        return sum(fits(value, branch) for branch in form["oneOf"]) == 1
    if "enum" in form or "const" in form:
        return value in form.get("enum", [form.get("const")])
    types = {"object": dict, "array": list, "string": str, "boolean": bool}
    types |= {"integer": int, "number": (int, float)}
    wanted = form.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(
        isinstance(value, types[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in wanted
    ):
        return False
    if isinstance(value, dict) and "object" in wanted:
        properties = form.get("properties", {})
        rest = form.get("additionalProperties", True)
        return set(form.get("required", [])) <= set(value) and all(
            fits(v, properties[k]) if k in properties else rest is not False and fits(v, rest or {})
            for k, v in value.items()
        )
    if isinstance(value, list) and "array" in wanted:
        items = form.get("items", {})
        return len(value) >= form.get("minItems", 0) and all(fits(v, items) for v in value)
    if isinstance(value, str):
        return bool(re.search(form.get("pattern", ""), value)) and (
            len(value) >= form.get("minLength", 0)
        )
    if isinstance(value, (int, float)):
        return form.get("minimum", value) <= value <= form.get("maximum", value)
    return True


def plain(node):
    """A node as the data that an editor sees: numbers as YAML 1.2 and the loader read them."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.entries.items()}
    return [plain(part) for part in node.items] if isinstance(node, Sequence) else node.value


def test_it_is_json_and_has_a_branch_for_every_kind():
    again = json.loads(json.dumps(SCHEMA))
    branches = again["$defs"]["item"]["oneOf"]
    assert [branch["properties"]["kind"]["const"] for branch in branches] == list(KINDS)
    for branch in branches:
        assert {"id", "kind", "objectives", "stem"} <= set(branch["required"])
        assert branch["additionalProperties"] is False


@pytest.mark.parametrize("file", sorted(BUILT_IN.rglob("*.yaml")), ids=lambda file: file.stem)
def test_the_built_in_items_fit_it(file):
    root, problems = read(file.read_bytes(), file.name)
    assert not problems
    items = plain(root)
    assert fits(items, SCHEMA), [item["id"] for item in items if not fits([item], SCHEMA)]


@pytest.mark.parametrize("name", WRONG_FORM)
def test_what_has_the_wrong_form_does_not_fit_it(name):
    assert not fits(yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8")), SCHEMA)
