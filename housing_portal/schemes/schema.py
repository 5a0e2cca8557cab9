"""The JSON Schema of a scheme's file: an editor completes the keys and marks mistakes while one writes.

It is that of ``SchemeDefinition``, widened by what the file may say in short: ``use`` of a shared part, a bare word
for a fact, a bare number for itself. What only the loader can see (facts that exist, rules with their reason) is left
to it.
"""

from typing import Any

from housing_portal.schemes.amounts import NODES
from housing_portal.schemes.fragments import LISTS
from housing_portal.schemes.language import SchemeDefinition

_AMOUNT_IN_SHORT = [{"type": "number"}, {"type": "string", "description": "a fact"}]
_SHARED = {
    "type": "object",
    "required": ["use"],
    "properties": {
        "use": {"type": "string", "description": "a shared part of catalogue/_common.yaml"},
        "also": {"type": "array", "description": "more facts of a page or of a group of questions"},
    },
    "description": "a shared part; the keys beside use replace its own",
}


def file_schema() -> dict[str, Any]:
    """The schema, as plain data."""
    schema = SchemeDefinition.model_json_schema(mode="validation")
    for section in LISTS:
        entries = schema["properties"][section]
        entries["items"] = {"anyOf": [{"$ref": "#/$defs/SharedPart"}, entries["items"]]}
    schema["$defs"]["SharedPart"] = _SHARED
    nodes = {f"#/$defs/{node.__name__}" for node in NODES.values()}
    _widen(schema, nodes)
    _in_short(schema)
    schema["title"] = "A scheme of the catalogue"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _widen(part: Any, nodes: set[str]) -> None:
    """An amount may be a bare number or a bare word wherever a node of amounts may stand."""
    if isinstance(part, list):
        for item in part:
            _widen(item, nodes)
    elif isinstance(part, dict):
        for choices in (part.get("oneOf"), part.get("anyOf")):
            if choices and nodes & {choice.get("$ref") for choice in choices}:
                choices += _AMOUNT_IN_SHORT
        for item in part.values():
            _widen(item, nodes)


def _in_short(schema: dict[str, Any]) -> None:
    """The other short forms: a page's fact as its key, one condition for a list of one, papers from the shared ones."""
    facts = schema["$defs"]["Page"]["properties"]["facts"]
    facts["items"] = {"anyOf": [{"type": "string", "description": "a fact"}, facts["items"]]}
    conditions = schema["$defs"]["Phase"]["properties"]["when"]
    schema["$defs"]["Phase"]["properties"]["when"] = {"anyOf": [{"type": "string"}, conditions]}
    papers = schema["properties"]["papers"]
    papers.pop("propertyNames", None)
    papers["properties"] = {"use": {"type": "string"}}
