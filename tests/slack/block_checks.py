"""What Slack refuses of blocks and views, as far as a message of ours could run into it.

The limits are those of Slack's reference of Block Kit. `faults_of` names each with where it is; the stand-in
answers ``invalid_blocks`` with them, and tests of blocks may ask for them alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
ELEMENTS = {
    "section": {
        "button", "overflow", "image", "datepicker", "static_select", "external_select", "users_select",
        "multi_static_select", "multi_external_select", "checkboxes", "radio_buttons",
    },
    "actions": {
        "button", "overflow", "datepicker", "static_select", "external_select", "users_select",
        "conversations_select", "checkboxes", "radio_buttons",
    },
    "context": {"image", "mrkdwn", "plain_text"},
    "input": {
        "plain_text_input", "static_select", "external_select", "users_select", "multi_static_select",
        "multi_external_select", "checkboxes", "radio_buttons", "datepicker", "number_input",
        "email_text_input", "url_text_input",
    },
}  # fmt: skip
KNOWN = {"section", "actions", "context", "divider", "header", "image", "input", "rich_text", "file", "video"}


def faults_of(blocks: Any, surface: str = "message") -> list[str]:
    """Return what Slack would refuse of blocks on a message, a ``modal`` or a ``home`` tab; none is good."""
    if not isinstance(blocks, list):
        return ["blocks: not a list"]
    found = [] if len(blocks) <= MOST_BLOCKS[surface] else [f"blocks: {len(blocks)} of them"]
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(set(ids)) < len(ids):
        found.append("blocks: a block_id twice")
    for place, block in enumerate(blocks):
        found += [f"blocks[{place}].{fault}" for fault in _of_block(block, surface)]
    return found


def faults_of_view(view: Any) -> list[str]:
    """Return what Slack would refuse of a view; none is good."""
    if isinstance(view, str):
        view = json.loads(view)
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["type: neither modal nor home"]
    found = faults_of(view.get("blocks"), view["type"])
    if view["type"] == "modal":
        found += [f"title.{fault}" for fault in _of_text(view.get("title"), 24, ("plain_text",))]
        for name in ("submit", "close"):
            if name in view:
                found += [f"{name}.{fault}" for fault in _of_text(view[name], 24, ("plain_text",))]
        inputs = any(block.get("type") == "input" for block in view.get("blocks") or ())
        if inputs and "submit" not in view:
            found.append("submit: missing beside inputs")
    for name, most in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        found += _too_long(name, view.get(name), most)
    if len(json.dumps(view)) > 250_000:
        found.append("view: too large")
    return found


def _of_block(block: Any, surface: str) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in KNOWN:
        yield "type: unknown"
        return
    kind = block["type"]
    yield from _too_long("block_id", block.get("block_id"), 255)
    if kind == "section":
        yield from _of_section(block)
    elif kind == "header":
        yield from (f"text.{fault}" for fault in _of_text(block.get("text"), 150, ("plain_text",)))
    elif kind == "context":
        yield from _many("elements", block.get("elements"), 10)
        for each in block.get("elements") or ():
            yield from _of_context(each)
    elif kind == "actions":
        yield from _many("elements", block.get("elements"), 25)
        names = [each.get("action_id") for each in block.get("elements") or () if isinstance(each, dict)]
        if len(set(names)) < len(names):
            yield "elements: an action_id twice"
        for each in block.get("elements") or ():
            yield from _of_element(each, kind)
    elif kind == "image":
        yield from _of_image(block)
    elif kind == "input":
        if surface == "message" and not block.get("dispatch_action"):
            pass  # Slack takes inputs in messages too
        yield from (f"label.{fault}" for fault in _of_text(block.get("label"), 2000, ("plain_text",)))
        if "hint" in block:
            yield from (f"hint.{fault}" for fault in _of_text(block["hint"], 2000, ("plain_text",)))
        yield from _of_element(block.get("element"), kind)


def _of_section(block: dict[str, Any]) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "text: missing"
    if "text" in block:
        yield from (f"text.{fault}" for fault in _of_text(block["text"], 3000))
    if "fields" in block:
        yield from _many("fields", block["fields"], 10)
        for each in block["fields"]:
            yield from (f"fields.{fault}" for fault in _of_text(each, 2000))
    if "accessory" in block:
        yield from _of_element(block["accessory"], "section")


def _of_context(element: Any) -> Iterator[str]:
    if not isinstance(element, dict) or element.get("type") not in ELEMENTS["context"]:
        yield "elements: not an image or text"
    elif element["type"] == "image":
        yield from _of_image(element)
    else:
        yield from _of_text(element, 3000)


def _of_image(block: dict[str, Any]) -> Iterator[str]:
    if not block.get("alt_text"):
        yield "alt_text: missing"
    yield from _too_long("alt_text", block.get("alt_text"), 2000)
    if ("image_url" in block) == ("slack_file" in block):
        yield "image_url: exactly one of image_url and slack_file"
    yield from _too_long("image_url", block.get("image_url"), 3000)


def _of_element(element: Any, inside: str) -> Iterator[str]:
    if not isinstance(element, dict) or element.get("type") not in ELEMENTS[inside]:
        yield f"element: not one for {inside}"
        return
    kind = element["type"]
    if kind == "image":
        yield from _of_image(element)
        return
    yield from _too_long("action_id", element.get("action_id"), 255)
    if kind == "button":
        yield from (f"text.{fault}" for fault in _of_text(element.get("text"), 75, ("plain_text",)))
        yield from _too_long("value", element.get("value"), 2000)
        yield from _too_long("url", element.get("url"), 3000)
        if element.get("style") not in (None, "primary", "danger"):
            yield "style: unknown"
    if "confirm" in element:
        yield from _of_confirmation(element["confirm"])
    if "placeholder" in element:
        yield from (
            f"placeholder.{fault}" for fault in _of_text(element["placeholder"], 150, ("plain_text",))
        )
    if kind in ("static_select", "multi_static_select", "overflow", "checkboxes", "radio_buttons"):
        yield from _of_options(element, kind)
    if kind == "plain_text_input":
        yield from _too_long("initial_value", element.get("initial_value"), 3000)
        if not 0 < element.get("max_length", 3000) <= 3000:
            yield "max_length: not from 1 to 3000"


def _of_options(element: dict[str, Any], kind: str) -> Iterator[str]:
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    groups = element.get("option_groups")
    options = [each for group in groups for each in group["options"]] if groups else element.get("options")
    yield from _many("options", options, most)
    for each in options or ():
        yield from (f"options.text.{fault}" for fault in _of_text(each.get("text"), 75))
        if not each.get("value"):
            yield "options.value: missing"
        yield from _too_long("options.value", each.get("value"), 150)
    for name in ("initial_option", "initial_options"):
        given = element.get(name, [])
        for each in [given] if isinstance(given, dict) else given:
            if each not in (options or ()):
                yield f"{name}: none of the options"
    if "initial_options" in element and not element["initial_options"]:
        yield "initial_options: empty"


def _of_confirmation(confirm: dict[str, Any]) -> Iterator[str]:
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from (f"confirm.{name}.{fault}" for fault in _of_text(confirm.get(name), most))


def _of_text(text: Any, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"type: not {' or '.join(kinds)}"
        return
    said = text.get("text")
    if not isinstance(said, str) or not said:
        yield "text: empty"
        return
    yield from _too_long("text", said, most)


def _many(name: str, given: Any, most: int) -> Iterator[str]:
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        yield f"{name}: not 1 to {most}"


def _too_long(name: str, given: Any, most: int) -> Iterator[str]:
    if given is not None and (not isinstance(given, str) or len(given) > most):
        yield f"{name}: not text of at most {most} characters"
