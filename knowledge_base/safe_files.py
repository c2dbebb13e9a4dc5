"""Read YAML and JSON that strangers may have written, without trusting a byte of it.

Both give the same plain values: dict, list, str, int, Decimal, bool and None. YAML is read by the
rules of YAML 1.2's core schema, so ``no`` is Norwegian, ``on`` is a key and a date stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.faults import BadCatalogue, BadRecord, shown

LARGEST_FILE = 64 * 1024 * 1024
DEEPEST = 40
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"[-+]?(?:\d+)(?:\.\d*)?(?:[eE][-+]?\d{1,3})?\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_EVENTS = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(ValueError):
    """A document that is not read further; the message says what and, after a semicolon, the remedy."""


def read_document(path: Path, file: str | None = None, largest: int = LARGEST_FILE) -> Any:
    """Read one JSON or YAML file; anything not named ``.json`` is read as YAML.

    Raises:
        BadCatalogue: the file is missing, too large, not UTF-8, not well formed, repeats a key, or
            uses aliases, tags or nesting beyond `DEEPEST`.
    """
    name = file or path.name
    try:
        if path.stat().st_size > largest:
            raise _Refused(f"the file is over {largest // 1024} KB; split it, or remove what is not a record")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        remedy = "check the name and who may read it"
        raise _bad(name, f"the file cannot be read ({error.strerror}); {remedy}") from None
    except UnicodeDecodeError:
        raise _bad(name, "the file is not UTF-8 text; save it as UTF-8") from None
    except _Refused as refused:
        raise _bad(name, str(refused)) from None
    return read_json(text, name) if path.suffix == ".json" else read_yaml(text, name)


def read_json(text: str, file: str) -> Any:
    """Read JSON text; ``file`` is what messages call it."""
    try:
        _refuse_deep_brackets(text)
        return json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _bad(file, f"this is not JSON ({error.msg} at {where}); mend the text there") from None
    except (_Refused, RecursionError) as refused:
        raise _bad(file, str(refused)) from None


def read_yaml(text: str, file: str) -> Any:
    """Read one YAML document; ``file`` is what messages call it."""
    try:
        _refuse_deep_brackets(text)
        return _build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _bad(file, f"this is not YAML ({error.problem}{where}); mend the text there") from None
    except yaml.YAMLError:
        remedy = "save it as plain text"
        raise _bad(file, f"this is not YAML (a character that may not stand there); {remedy}") from None
    except _Refused as refused:
        raise _bad(file, str(refused)) from None


def _bad(file: str, message: str) -> BadCatalogue:
    what, _, remedy = message.partition("; ")
    return BadCatalogue([BadRecord(file, "", what, "Nothing in it can be used.", remedy or "write it again")])


def _refuse_deep_brackets(text: str) -> None:
    # libyaml takes time quadratic in the depth of brackets before it gives the first event.
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if match.group() in "[{" else max(depth - 1, 0)
        if depth > 10 * DEEPEST:
            raise _Refused("brackets are nested too deeply; a record needs only a few levels")


def _number(digits: str) -> int | Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise _Refused(f"{shown(digits, 30)} is too long for a number; write the number itself")
    return int(digits) if digits.lstrip("+-").isdigit() else Decimal(digits)


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a number; leave the field out if it is not known")


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str):
            raise _Refused(f"the key {shown(key)} is not text; put it in quotes")
        if key in out:
            raise _Refused(f"the key {shown(key)} is there twice; keep one of them")
        out[key] = value
    return out


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.tag not in (None, "!"):
        raise _Refused(f"the tag {shown(event.tag)} is not used here; write the plain value")
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if _NUMBER.match(text) else text


def _events(text: str) -> Iterator[yaml.Event]:
    parser = _EVENTS(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _build(text: str) -> Any:
    """Build the value from parser events on a stack of our own: no recursion, no objects."""
    documents = 0
    stack: list[list[Any]] = [[]]
    for event in _events(text):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused("anchors and aliases (& and *) are not read; write the value out where it is used")
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].append(_scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.tag is not None:
                raise _Refused(f"the tag {shown(event.tag)} is not used here; write the plain value")
            if len(stack) > DEEPEST:
                raise _Refused(f"it is nested more than {DEEPEST} deep; a record needs only a few levels")
            stack.append([])
        elif isinstance(event, yaml.SequenceEndEvent):
            items = stack.pop()
            stack[-1].append(items)
        elif isinstance(event, yaml.MappingEndEvent):
            flat = stack.pop()
            stack[-1].append(_mapping([(_key(k), v) for k, v in zip(flat[::2], flat[1::2], strict=True)]))
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused("there are two documents in one file; keep one record to a file")
    return stack[0][0] if stack[0] else None


def _key(key: Any) -> Any:
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else key
