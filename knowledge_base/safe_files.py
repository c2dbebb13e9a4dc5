"""Read YAML and JSON that strangers may have written, without trusting a byte of it.

Both give the same plain values: dict, list, str, int, Decimal, bool and None. YAML is read by the
rules of YAML 1.2's core schema, so ``no`` is Norwegian, ``on`` is a key and a date stays text.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.faults import BadCatalogue, BadRecord, shown

LARGEST_FILE = 64 * 1024 * 1024
MOST_VALUES = 2_000_000
DEEPEST = 40
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"[-+]?(?:\d+)(?:\.\d*)?(?:[eE][-+]?\d{1,3})?\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_EVENTS = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOO_MANY = f"it holds over {MOST_VALUES:,} values; split it, or remove what is not a record"
# Text, or a word or number that JSON has not: the first that is not text is where the fault is.
_ODD_JSON = re.compile(
    rf'"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)\b|[-+0-9.eE]{{{LONGEST_NUMBER + 1},}}|\d[.\d]*[eE][-+]?\d{{4,}}'
)


class _Refused(ValueError):
    """A document that is not read further; the message says what and, after a semicolon, the remedy."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


def read_document(path: Path, file: str | None = None, largest: int = LARGEST_FILE) -> Any:
    """Read one JSON or YAML file; anything not named ``.json`` is read as YAML.

    Raises:
        BadCatalogue: the file is missing, no file, too large, not UTF-8, not well formed, repeats a key,
            or uses aliases, tags, nesting beyond `DEEPEST` or more than `MOST_VALUES` values.
    """
    name = file or path.name or str(path)
    try:
        text = _bytes(path, largest).decode("utf-8-sig")
    except OSError as error:
        remedy = "check the name and who may read it"
        raise _bad(name, f"the file cannot be read ({error.strerror}); {remedy}") from None
    except UnicodeDecodeError as error:
        where = f"line {error.object.count(10, 0, error.start) + 1}"
        raise _bad(name, "the file is not UTF-8 text; save it as UTF-8", where) from None
    except ValueError as error:  # a NUL in the name, or `_Refused`
        message = str(error) if isinstance(error, _Refused) else "this is no name of a file; check the name"
        raise _bad(name, message) from None
    return read_json(text, name) if path.suffix == ".json" else read_yaml(text, name)


def _bytes(path: Path, largest: int) -> bytes:
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
        raise _Refused("this is not a file; name a file of records")
    with path.open("rb") as opened:
        # One byte more than is allowed: neither a pipe nor a file that grows says how long it is.
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise _Refused(f"the file is over {largest // 1024} KB; split it, or remove what is not a record")
    return content


def read_json(text: str, file: str) -> Any:
    """Read JSON text; ``file`` is what messages call it."""
    try:
        _refuse_deep_brackets(text)
        if text.count(",") > MOST_VALUES:
            raise _Refused(_TOO_MANY)
        return json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.msg == "Extra data":
            raise _bad(file, "there is something after the end of the JSON; take it out", where) from None
        raise _bad(file, f"this is not JSON ({error.msg}); mend the text there", where) from None
    except _Refused as refused:
        raise _bad(file, str(refused), refused.where or _odd_line(text)) from None
    except RecursionError:
        raise _bad(file, "it is nested too deeply; a record needs only a few levels") from None


def _odd_line(text: str) -> str:
    odd = next((found for found in _ODD_JSON.finditer(text) if not found.group().startswith('"')), None)
    return f"line {text.count(chr(10), 0, odd.start()) + 1}" if odd else ""


def read_yaml(text: str, file: str) -> Any:
    """Read one YAML document; ``file`` is what messages call it."""
    try:
        _refuse_deep_brackets(text)
        return _build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _bad(file, f"this is not YAML ({error.problem}); mend the text there", where) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        remedy = "save it as plain text"
        what = f"this is not YAML (a character that may not stand there); {remedy}"
        raise _bad(file, what, _bad_character(text, error)) from None
    except _Refused as refused:
        raise _bad(file, str(refused), refused.where) from None


def _bad_character(text: str, error: Exception) -> str:
    # The position the parser gives counts bytes or characters by turns; the character itself is certain.
    if isinstance(error, UnicodeEncodeError):
        return f"line {text.count(chr(10), 0, error.start) + 1}"
    character = getattr(error, "character", None)
    sign = chr(character) if isinstance(character, int) and 0 <= character < 0x110000 else character
    at = text.find(sign) if isinstance(sign, str) and sign else -1
    return f"line {text.count(chr(10), 0, at) + 1}" if at >= 0 else ""


def _bad(file: str, message: str, where: str = "") -> BadCatalogue:
    what, _, remedy = message.rpartition("; ")
    return BadCatalogue([BadRecord(file, where, what, "Nothing in it can be used.", remedy)])


def _refuse_deep_brackets(text: str) -> None:
    # libyaml takes time quadratic in the depth of brackets before it gives the first event.
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if match.group() in "[{" else max(depth - 1, 0)
        if depth > 10 * DEEPEST:
            line = text.count("\n", 0, match.start()) + 1
            raise _Refused("brackets are nested too deeply; a record needs only a few levels", f"line {line}")


def _number(digits: str) -> int | Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise _Refused(f"{shown(digits, 30)} is too long for a number; write the number itself")
    try:
        return int(digits) if digits.lstrip("+-").isdigit() else Decimal(digits)
    except InvalidOperation:
        raise _Refused(f"{shown(digits, 50)} is beyond any number; write the number itself") from None


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a number; leave the field out if it is not known")


def _mapping(pairs: list[tuple[Any, Any]], where: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str):
            raise _Refused(f"the key {shown(key)} is not text; put it in quotes", where)
        if key in out:
            where = where or shown(key, 40)[1:-1]
            raise _Refused(f"the key {shown(key)} is there twice; keep one of them", where)
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
    line = 0
    try:
        documents = 0
        stack: list[list[Any]] = [[]]
        begun: list[int] = []  # the line each open collection begins on
        for count, event in enumerate(_events(text)):
            line = event.start_mark.line if event.start_mark else line
            if count > 2 * MOST_VALUES:  # keys count too
                raise _Refused(_TOO_MANY)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused(
                    "anchors and aliases (& and *) are not read; write the value out where it is used"
                )
            if isinstance(event, yaml.ScalarEvent):
                stack[-1].append(_scalar(event))
            elif isinstance(event, yaml.CollectionStartEvent):
                if event.tag is not None:
                    raise _Refused(f"the tag {shown(event.tag)} is not used here; write the plain value")
                if len(stack) > DEEPEST:
                    raise _Refused(f"it is nested more than {DEEPEST} deep; a record needs only a few levels")
                stack.append([])
                begun.append(line)
            elif isinstance(event, yaml.SequenceEndEvent):
                items = stack.pop()
                begun.pop()
                stack[-1].append(items)
            elif isinstance(event, yaml.MappingEndEvent):
                flat, line = stack.pop(), begun.pop()
                pairs = [(_key(k), v) for k, v in zip(flat[::2], flat[1::2], strict=True)]
                stack[-1].append(_mapping(pairs))
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused("there are two documents in one file; keep one record to a file")
    except _Refused as refused:
        where = f"line {line + 1}"
        raise _Refused(str(refused), f"{where}, {refused.where}" if refused.where else where) from None
    return stack[0][0] if stack[0] else None


def _key(key: Any) -> Any:
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else key
