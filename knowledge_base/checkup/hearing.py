"""Hear an answer in what somebody typed: a number, a word or two, or a wish to skip, stop or go back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge_base.checkup.answers import settled
from knowledge_base.checkup.shapes import Checkup, Option, Question

LONGEST = 400  # characters: an answer is short, and what is longer is read no further
FEW = 3  # words: so short a text is an answer even with a question mark

Command = Literal["stop", "skip", "back", "help"]
Kind = Literal["answer", "unclear"] | Command
COMMANDS: tuple[Command, ...] = ("stop", "skip", "back", "help")

# What may stand around a command.
_BEFORE = re.compile(
    r"\A(?:(?:please|ok|okay|well|um|erm|actually|sorry|wait|oh|just|lets|let us|(?:can|could) (?:we|i|you)"
    r"|i(?:d| would)? like to|i want to|we want to|id|i would) )+"
)
_AFTER = re.compile(
    r"(?: (?:please|now|then|this|that|one|it|the question|for now|thanks|thank you|again|sorry))+\Z"
)
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_BESIDE_NUMBERS = {"and", "number", "option", "answer", "the", "both", "plus", "also"}
_BACK_TO = re.compile(r"(?:go |take me )?back to (?:the )?(?:question |number )*(\w+)(?: question)?")
_ASKS = re.compile(
    r"(?:what|whats|why|how|when|where|who|which|can|could|is|are|do you|does|tell me|show me|should)\b"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text does with a question; ``to`` is the question to go back to, where a number was said."""

    kind: Kind
    options: tuple[str, ...] = ()
    to: int | None = None


def hear(checkup: Checkup, question: Question, text: str) -> Heard:
    """Read a typed text as an answer to one question of a check-up; the same text, the same reading."""
    said = _plain(text[:LONGEST])
    back = _BACK_TO.fullmatch(said)
    if back and _number(back[1]):
        return Heard("back", to=_number(back[1]))
    numbers = _numbers(said)
    if numbers:
        return _numbered(question, numbers)
    command = _command(checkup, said)
    # “Don't know” is an answer to one question, and leaves the others out.
    if command and not (command == "skip" and _whole(question, said)):
        return Heard(command)
    found = () if _is_question(said, text) else _options(question, said)
    return Heard("answer", found) if found else Heard("unclear")


def _plain(text: str) -> str:
    """Words alone, in small letters, without apostrophes: “Don’t know!” is “dont know”."""
    return " ".join(re.findall(r"[\w&-]+", text.casefold().replace("’", "").replace("'", ""))).strip("- ")


def command_in(checkup: Checkup, text: str) -> Command | None:
    """Return the command that is all of a text, whatever is asked; None where it is none."""
    return _command(checkup, _plain(text[:LONGEST]))


def is_question(text: str) -> bool:
    """Say whether a text asks something, rather than tells."""
    return _is_question(_plain(text[:LONGEST]), text)


def _command(checkup: Checkup, said: str) -> Command | None:
    bare = _AFTER.sub("", _BEFORE.sub("", said))
    for kind in COMMANDS:
        words = {_plain(word) for word in checkup.commands[kind]}
        if said in words or bare in words:
            return kind
    return None


def _number(word: str) -> int | None:
    if word.isascii() and word.isdigit():
        return int(word) if len(word) < 4 else None
    for words in (_COUNTED, _ORDINALS):
        if word in words:
            return words.index(word) + 1
    return None


def _numbers(said: str) -> list[int]:
    """The numbers of a text that holds nothing else: “2”, “the second one”, “2 and 4”."""
    tokens = re.sub(rf"\b({'|'.join(_ORDINALS)}) one\b", r"\1", said).split()
    found = [_number(token) for token in tokens if token not in _BESIDE_NUMBERS]
    return [each for each in found if each is not None] if found and None not in found else []


def _numbered(question: Question, numbers: list[int]) -> Heard:
    inside = [n for n in numbers if 1 <= n <= len(question.options)]
    if len(inside) < len(numbers) or (len(set(inside)) > 1 and not question.many):
        return Heard("unclear")
    return Heard("answer", settled(question, tuple(question.options[n - 1].id for n in inside)))


def _is_question(said: str, text: str) -> bool:
    asks = text.rstrip().endswith("?") or _ASKS.match(said) is not None
    return asks and len(said.split()) > FEW


def _options(question: Question, said: str) -> tuple[str, ...]:
    """The options whose words are said; a phrase inside a longer one counts for nothing."""
    spans = [(start, end, option) for option in question.options for start, end in _said(option, said)]
    whole = [
        option
        for start, end, option in spans
        if not any(s <= start and end <= e and (e - s) > (end - start) for s, e, _ in spans)
    ]
    found = tuple(dict.fromkeys(option.id for option in question.options if option in whole))
    if question.many:
        return settled(question, found)
    if len(found) > 1:
        # “Yes, a bit”: the hedge is what was meant.
        found = tuple(o.id for o in question.options if o.id in found and set(o.places.values()) == {"some"})
    return found if len(found) == 1 else ()


def _whole(question: Question, said: str) -> bool:
    return any(said == _plain(word) for option in question.options for word in option.words)


def _said(option: Option, said: str) -> Iterator[tuple[int, int]]:
    for phrase in (option.title, *option.words):
        words = _plain(phrase)
        for match in re.finditer(rf"(?<![\w-]){re.escape(words)}(?![\w-])", said) if words else ():
            yield match.span()
