"""The Block Kit we use, each element within Slack's limits; nothing here knows what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks import limits
from bot.slack.blocks.text import Block, cut, label, plain, safe_url, size


def plain_text(value: Any, most: int) -> Block:
    return {"type": "plain_text", "text": label(value, most), "emoji": False}


def header(value: Any) -> Block:
    return {"type": "header", "text": plain_text(value, limits.HEADER)}


def section(mrkdwn: str, accessory: Block | None = None) -> Block:
    """``mrkdwn`` is safe already and within the limit; see `text.sections`."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}
    return {**block, "accessory": accessory} if accessory else block


def columns(texts: Sequence[str]) -> Block:
    """Put up to ten safe texts side by side, two in a row."""
    fields = [{"type": "mrkdwn", "text": text} for text in texts[: limits.FIELDS]]
    return {"type": "section", "fields": fields}


def context(*texts: str) -> Block:
    """Put safe texts in small print."""
    kept = [text for text in texts if text][: limits.CONTEXT_ELEMENTS]
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in kept]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block | None) -> Block:
    return {"type": "actions", "elements": [each for each in elements if each][: limits.ACTIONS_ELEMENTS]}


def button(
    words: str,
    verb: str,
    id: str,
    about: str = "",
    *,
    style: str | None = None,
    confirm: Block | None = None,
    spoken: str = "",
) -> Block:
    """A button that tells what was pressed; ``spoken`` is what a screen reader says where that is more."""
    block: Block = {
        "type": "button",
        "text": plain_text(words, limits.BUTTON),
        "action_id": verbs.action_id(verb, about),
        "value": id or verbs.NOTHING,
    }
    extra = {"style": style, "confirm": confirm}
    block |= {name: value for name, value in extra.items() if value}
    return {**block, "accessibility_label": label(spoken, limits.BUTTON)} if spoken else block


def page_button(words: str, url: Any, about: str = "") -> Block | None:
    """A button that opens a page, or None where it is no web address; Slack gives it no value."""
    address = safe_url(url, limits.URL)
    if address is None:
        return None
    return {
        "type": "button",
        "text": plain_text(words, limits.BUTTON),
        "action_id": verbs.action_id(verbs.LINK, about),
        "url": address,
    }


def option(words: Any, value: str, hint: Any = None) -> Block:
    block: Block = {"text": plain_text(words, limits.OPTION), "value": value}
    return {**block, "description": plain_text(hint, limits.OPTION)} if plain(hint) else block


def menu(name: str, about: str, choices: Iterable[tuple[str, str]], id: str) -> Block | None:
    """An overflow menu of words and verbs; None where an id is too long to be carried, or nothing is left."""
    options = [option(words, f"{verb}:{id}") for words, verb in choices][: limits.OVERFLOW]
    action = verbs.action_id(name, about)
    fits = size(action) <= limits.ID and all(size(each["value"]) <= limits.OPTION_VALUE for each in options)
    return {"type": "overflow", "action_id": action, "options": options} if options and fits else None


def confirm(title: str, words: str, yes: str, no: str = "Leave it", danger: bool = False) -> Block:
    return {
        "title": plain_text(title, limits.CONFIRM_TITLE),
        "text": plain_text(words, limits.CONFIRM_TEXT),
        "confirm": plain_text(yes, limits.CONFIRM_BUTTON),
        "deny": plain_text(no, limits.CONFIRM_BUTTON),
        **({"style": "danger"} if danger else {}),
    }


def text_input(
    action: str, *, initial: str = "", hint: str = "", most: int = 200, lines: bool = False
) -> Block:
    block: Block = {"type": "plain_text_input", "action_id": action, "multiline": lines, "max_length": most}
    if initial:
        block["initial_value"] = cut(initial, most)
    return {**block, "placeholder": plain_text(hint, limits.PLACEHOLDER)} if hint else block


def select(
    action: str, options: Sequence[Block], chosen: str | None = None, hint: str = "Choose one"
) -> Block:
    """A menu to choose one of at most a hundred options."""
    kept = list(options[: limits.OPTIONS])
    block: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain_text(hint, limits.PLACEHOLDER),
        "options": kept,
    }
    first = next((each for each in kept if each["value"] == chosen), None)
    return {**block, "initial_option": first} if first else block


def multi_select(
    action: str, options: Sequence[Block], chosen: Iterable[str] = (), hint: str = "Choose any"
) -> Block:
    """A menu to choose several of at most a hundred options; what is chosen stays, whatever is cut."""
    wanted = set(chosen)
    picked = [each for each in options if each["value"] in wanted]
    rest = [each for each in options if each["value"] not in wanted]
    keep = {each["value"] for each in [*picked, *rest][: limits.OPTIONS]}
    block: Block = {
        "type": "multi_static_select",
        "action_id": action,
        "placeholder": plain_text(hint, limits.PLACEHOLDER),
        "options": [each for each in options if each["value"] in keep],
    }
    return {**block, "initial_options": picked[: limits.OPTIONS]} if picked else block


def found_select(action: str, chosen: Sequence[Block], hint: str, least: int = 2) -> Block:
    """A menu to choose several whose options are asked for as somebody types."""
    block: Block = {
        "type": "multi_external_select",
        "action_id": action,
        "placeholder": plain_text(hint, limits.PLACEHOLDER),
        "min_query_length": least,
    }
    return {**block, "initial_options": list(chosen[: limits.OPTIONS])} if chosen else block


def day_picker(action: str, chosen: str | None = None) -> Block:
    block: Block = {"type": "datepicker", "action_id": action}
    return {**block, "initial_date": chosen} if chosen else block


def checkboxes(action: str, options: Sequence[Block], chosen: Iterable[str] = ()) -> Block:
    """Boxes to tick, at most ten."""
    kept, wanted = list(options[: limits.CHECKBOXES]), set(chosen)
    block: Block = {"type": "checkboxes", "action_id": action, "options": kept}
    picked = [each for each in kept if each["value"] in wanted]
    return {**block, "initial_options": picked} if picked else block


def radios(action: str, options: Sequence[Block]) -> Block:
    """Answers of which one is chosen, at most ten."""
    return {"type": "radio_buttons", "action_id": action, "options": list(options[: limits.CHECKBOXES])}


def field_of(block_id: str, words: str, element: Block, *, optional: bool = True, hint: str = "") -> Block:
    """An input of a modal under its name; errors are shown by its ``block_id``."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(words, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain_text(hint, limits.HINT)} if hint else block


def modal(verb: str, title: str, blocks: Sequence[Block], *, keep: str, submit: str = "Save") -> Block:
    """A modal; ``keep`` comes back with what is submitted, as ``private_metadata``.

    Raises:
        ValueError: ``keep`` is longer than Slack carries.
    """
    if size(keep) > limits.METADATA:
        raise ValueError(f"private_metadata: {size(keep)} characters; keep at most {limits.METADATA}")
    return {
        "type": "modal",
        "callback_id": verb,
        "title": plain_text(title, limits.TITLE),
        "submit": plain_text(submit, limits.SUBMIT),
        "close": plain_text("Cancel", limits.SUBMIT),
        "private_metadata": keep,
        "blocks": list(blocks[: limits.MODAL_BLOCKS]),
    }
