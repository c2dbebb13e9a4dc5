"""Hold raw files against the schema, quoting the guide of the field that is at fault."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from knowledge_base.checks.finding import Finding
from knowledge_base.faults import shown
from knowledge_base.schemas import Schema

_WHY_REQUIRED = "Without it the record cannot be matched to a business, or cannot be trusted."
_WHY_SHAPE = "Screens, roadmaps and other hubs read this field by the schema."


def validator(schema: Schema) -> Validator:
    """Return a validator to be used for many files."""
    return Draft202012Validator(schema)


def schema_findings(check: Validator, raw: Any, file: str) -> Iterator[Finding]:
    """Yield what the schema refuses in one file."""
    for error in check.iter_errors(_numbers(raw)):
        field = _path(error)
        guide = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
        if error.validator == "required":
            missing = str(error.message).split("'")[1]
            guide = error.schema.get("properties", {}).get(missing, {}).get("description", "")
            at = f"{field}.{missing}" if field else missing
            yield Finding(file, at, "this is missing", _WHY_REQUIRED, _remedy(guide, "add it"), "error")
        else:
            yield Finding(file, field, _words(error), _WHY_SHAPE, _remedy(guide, "see the schema"), "error")


def _path(error: ValidationError) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return "".join(parts).lstrip(".")


def _words(error: ValidationError) -> str:
    value = shown(error.instance)
    match error.validator:
        case "enum":
            return f"{value} is not in the list {', '.join(str(v) for v in error.validator_value)}"[:400]
        case "pattern":
            return f"{value} is not written as this field is"
        case "minLength" | "minItems":
            return "this is empty"
        case "uniqueItems":
            return f"{value} names something twice"
        case "maxLength":
            return f"{len(error.instance)} characters are too many; the most is {error.validator_value}"
        case "additionalProperties":
            return "a field is not one of this record's"
        case _:
            return f"{value} does not fit ({error.validator} {shown(error.validator_value)})"


def _remedy(guide: str, otherwise: str) -> str:
    return f"the guide says: {guide.rstrip('.')}" if guide else otherwise


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
