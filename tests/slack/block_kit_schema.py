"""The Block Kit we use as a JSON Schema, from Slack's published reference (docs.slack.dev, 2026).

Written apart from `bot.slack.blocks`, and sharing nothing with it: what we send is held against what Slack
says it takes. Lengths are counted twice, as code points by the schema and as UTF-16 beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]


def text(most: int, *types: str) -> Json:
    """A text object with something in it."""
    return {
        "type": "object",
        "properties": {
            "type": {"enum": list(types)},
            "text": {"type": "string", "minLength": 1, "maxLength": most},
            "emoji": {"type": "boolean"},
            "verbatim": {"type": "boolean"},
        },
        "required": ["type", "text"],
        "additionalProperties": False,
        "if": {"properties": {"type": {"const": "mrkdwn"}}},
        "then": {"properties": {"emoji": False}},
        "else": {"properties": {"verbatim": False}},
    }


def plain(most: int) -> Json:
    return text(most, "plain_text")


def shape(type: str, required: list[str], **properties: Any) -> Json:
    return {
        "type": "object",
        "properties": {"type": {"const": type}, **properties},
        "required": ["type", *required],
        "additionalProperties": False,
    }


def string(most: int) -> Json:
    return {"type": "string", "minLength": 1, "maxLength": most}


def several(items: Json, most: int, least: int = 1) -> Json:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


ID = string(255)
URL = {"type": "string", "maxLength": 3000, "pattern": r"^https?://[^\s<>|]+$"}
STYLE = {"enum": ["primary", "danger"]}
CONFIRM = {
    "type": "object",
    "properties": {
        "title": plain(100),
        "text": plain(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": STYLE,
    },
    "required": ["title", "text", "confirm", "deny"],
    "additionalProperties": False,
}


def option(words: Json) -> Json:
    return {
        "type": "object",
        "properties": {"text": words, "value": string(150), "description": plain(75)},
        "required": ["text", "value"],
        "additionalProperties": False,
    }


PLAIN_OPTION = option(plain(75))
TICKED = option(text(75, "plain_text", "mrkdwn"))
BUTTON = {
    **shape(
        "button",
        ["text", "action_id"],
        text=plain(75),
        action_id=ID,
        url=URL,
        value=string(2000),
        style=STYLE,
        confirm=CONFIRM,
        accessibility_label=string(75),
    ),
    "oneOf": [{"required": ["value"]}, {"required": ["url"]}],
}
OVERFLOW = shape(
    "overflow", ["action_id", "options"], action_id=ID, options=several(PLAIN_OPTION, 5), confirm=CONFIRM
)
CHOOSING = {"action_id": ID, "placeholder": plain(150), "focus_on_load": {"type": "boolean"}}
SELECT = shape(
    "static_select",
    ["action_id", "options"],
    **CHOOSING,
    options=several(PLAIN_OPTION, 100),
    initial_option=PLAIN_OPTION,
    confirm=CONFIRM,
)
MULTI_SELECT = shape(
    "multi_static_select",
    ["action_id", "options"],
    **CHOOSING,
    options=several(PLAIN_OPTION, 100),
    initial_options=several(PLAIN_OPTION, 100),
    max_selected_items={"type": "integer", "minimum": 1},
)
EXTERNAL = shape(
    "multi_external_select",
    ["action_id"],
    **CHOOSING,
    min_query_length={"type": "integer", "minimum": 0},
    initial_options=several(PLAIN_OPTION, 100),
    max_selected_items={"type": "integer", "minimum": 1},
)
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
DATE_PICKER = shape("datepicker", ["action_id"], action_id=ID, initial_date=DAY, placeholder=plain(150))
CHECKBOXES = shape(
    "checkboxes",
    ["action_id", "options"],
    action_id=ID,
    options=several(TICKED, 10),
    initial_options=several(TICKED, 10),
)
RADIOS = shape(
    "radio_buttons",
    ["action_id", "options"],
    action_id=ID,
    options=several(TICKED, 10),
    initial_option=TICKED,
)
TYPED = shape(
    "plain_text_input",
    ["action_id"],
    action_id=ID,
    initial_value={"type": "string", "maxLength": 3000},
    multiline={"type": "boolean"},
    min_length={"type": "integer", "minimum": 0, "maximum": 3000},
    max_length={"type": "integer", "minimum": 1, "maximum": 3000},
    placeholder=plain(150),
    focus_on_load={"type": "boolean"},
)
IMAGE = shape("image", ["image_url", "alt_text"], image_url=URL, alt_text=string(2000))
IN_SECTIONS = {"anyOf": [BUTTON, OVERFLOW, SELECT, MULTI_SELECT, DATE_PICKER, IMAGE]}
IN_ACTIONS = {"anyOf": [BUTTON, OVERFLOW, SELECT, DATE_PICKER, CHECKBOXES, RADIOS]}
IN_INPUTS = {"anyOf": [TYPED, SELECT, MULTI_SELECT, EXTERNAL, DATE_PICKER, CHECKBOXES, RADIOS]}
WORDS = ("plain_text", "mrkdwn")
SECTION = {
    **shape(
        "section",
        [],
        text=text(3000, *WORDS),
        fields=several(text(2000, *WORDS), 10),
        accessory=IN_SECTIONS,
        block_id=ID,
        expand={"type": "boolean"},
    ),
    "anyOf": [{"required": ["text"]}, {"required": ["fields"]}],
}
BLOCKS = [
    shape("header", ["text"], text=plain(150), block_id=ID),
    SECTION,
    shape("divider", [], block_id=ID),
    shape(
        "context",
        ["elements"],
        elements=several({"anyOf": [text(3000, *WORDS), IMAGE]}, 10),
        block_id=ID,
    ),
    shape("actions", ["elements"], elements=several(IN_ACTIONS, 25), block_id=ID),
]
INPUT = shape(
    "input",
    ["label", "element"],
    label=plain(2000),
    element=IN_INPUTS,
    hint=plain(2000),
    optional={"type": "boolean"},
    dispatch_action={"type": "boolean"},
    block_id=ID,
)
MESSAGE = several({"oneOf": BLOCKS}, 50)
MODAL = shape(
    "modal",
    ["title", "blocks"],
    title=plain(24),
    submit=plain(24),
    close=plain(24),
    callback_id=ID,
    private_metadata={"type": "string", "maxLength": 3000},
    blocks=several({"oneOf": [*BLOCKS, INPUT]}, 100),
)

MOST_TEXT = 40_000
MOST_IN_BLOCKS = 11_300  # of text; refused from there on, as told in slackapi/bolt-js, thread 2867
CALLS_ALL = re.compile(r"@(here|channel|everyone)\b", re.IGNORECASE)
BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")


@cache
def _validator(modal: bool) -> Draft202012Validator:
    return Draft202012Validator(MODAL if modal else MESSAGE)


def utf16(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def message_faults(words: str, blocks: list[Json]) -> list[str]:
    """Say all that Slack would refuse, or read as a mention, in a message."""
    found = [] if 0 < utf16(words) <= MOST_TEXT else [f"text of {utf16(words)}"]
    found += _said_faults("text", words, links=False)
    if sum(utf16(each) for _, each in texts(blocks)) > MOST_IN_BLOCKS:
        found.append("msg_blocks_too_long")
    return [*found, *_schema_faults(_validator(False), blocks), *_block_faults(blocks)]


def modal_faults(view: Json) -> list[str]:
    """Say all that Slack would refuse in a modal."""
    blocks = view.get("blocks", [])
    found = [*_schema_faults(_validator(True), view), *_block_faults(blocks)]
    if any(each["type"] == "input" for each in blocks) and "submit" not in view:
        found.append("inputs need a submit")
    return found


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Give every text object, its type and its words."""
    if isinstance(value, dict):
        if value.get("type") in WORDS and isinstance(value.get("text"), str):
            yield value["type"], value["text"]
        else:
            for each in value.values():
                yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def elements(value: Any, key: str) -> Iterator[Json]:
    """Give every object that has a key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for each in value.values():
            yield from elements(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from elements(each, key)


def _schema_faults(validator: Draft202012Validator, value: Any) -> list[str]:
    return [f"{list(each.absolute_path)}: {each.message[:300]}" for each in validator.iter_errors(value)]


def _block_faults(blocks: list[Json]) -> list[str]:
    found = []
    for block in blocks:
        ids = Counter(each["action_id"] for each in elements(block, "action_id"))
        found += [f"action_id {id} twice in one block" for id, count in ids.items() if count > 1]
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {id} twice" for id, count in ids.items() if count > 1]
    for each in elements(blocks, "options"):
        values = Counter(option["value"] for option in each["options"])
        found += [f"option {value} twice" for value, count in values.items() if count > 1]
        for first in [each.get("initial_option"), *each.get("initial_options", [])]:
            if first is not None and first not in each["options"]:
                found.append(f"{first} is chosen and no option")
    for kind, words in texts(blocks):
        found += _said_faults(kind, words, links=kind == "mrkdwn")
    for value in elements(blocks, "value"):
        if utf16(value["value"]) > 2000:
            found.append("a value too long in UTF-16")
    return found


def _said_faults(kind: str, words: str, links: bool) -> list[str]:
    """Look for what Slack would read as a mention or a command, and for what is not escaped."""
    found = [f"calls everybody: {words[:80]}"] if kind != "plain_text" and CALLS_ALL.search(words) else []
    if kind == "plain_text":
        return found
    if BARE_AMPERSAND.search(words):
        found.append(f"not escaped: {words[:80]}")
    left = re.sub(r"<https?://[^<>|\s]+\|[^<>|]+>", "", words) if links else words
    if "<" in left or re.search(r"(?<!&gt)>", left.replace("&gt;", "")):
        found.append(f"markup: {left[:120]}")
    if utf16(words) > (3000 if links else MOST_TEXT):
        found.append(f"{utf16(words)} in UTF-16")
    return found
