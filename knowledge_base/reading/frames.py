"""Find the turns of phrase listed in tables/*.yml, all at once: lists of words with spaCy's PhraseMatcher.

A phrase is words in lower case with ``(a|b c)`` for a choice, ``[a|b]`` for a choice that may be left out,
``{name}`` for a set of words under ``sets``, ``#`` for a count, ``£`` for a sum of money, ``@`` for a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, product

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from knowledge_base.reading.lists import table
from knowledge_base.reading.text import read_message
from knowledge_base.reading.wordings import Wordings

Found = dict[str, list[tuple[int, int]]]

_PART = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|\{([a-z_]+)\}|(\S+)")
_PLACES = frozenset({"#", "£", "@", "#th", "#%", "-", "–"})
_OTHER = "·"


class Phrases:
    """Phrases under labels, found in a list of words in one pass.

    A word that is in no phrase never reaches spaCy, so nothing an owner types stays in its table of strings.
    """

    def __init__(self, phrases: Mapping[str, Iterable[tuple[str, ...]]]) -> None:
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab)
        self._known: set[str] = {_OTHER}
        for label, listed in phrases.items():
            rows = list(dict.fromkeys(row for row in listed if row))
            for row in rows:
                self._known.update(row)
            # Given as the keys of their words, as a matcher that is loaded from a file gets them: to make a
            # Doc of each of thirty thousand phrases takes five times as long.
            keys = [[self._vocab.strings.add(word) for word in row] for row in rows]
            self._matcher.add(label, keys)  # type: ignore[arg-type] # its signature names Docs alone

    def find(self, words: Sequence[str]) -> Found:
        """Return for each label the places (end excluded) where it stands, the longest at each start."""
        if not words:
            return {}
        doc = Doc(self._vocab, words=[word if word in self._known else _OTHER for word in words])
        longest: dict[tuple[str, int], int] = {}
        for label, start, end in self._matcher(doc):
            key = (self._vocab.strings[label], start)
            longest[key] = max(end, longest.get(key, 0))
        found: Found = {}
        for (name, start), end in sorted(longest.items(), key=lambda item: item[0][1]):
            found.setdefault(name, []).append((start, end))
        return found


@cache
def frames() -> Wordings:
    """Compile tables/frames.yml once: labels such as ``employees.own``."""
    raw = table("frames")
    sets = {name: words.split(", ") for name, words in raw["sets"].items()}
    listed = {
        f"{topic}.{label}": [choices(phrase, sets) for phrase in phrases]
        for topic, labels in raw.items()
        if topic != "sets"
        for label, phrases in labels.items()
    }
    return Wordings(listed)


def expand(phrase: str, sets: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Write out every wording of a phrase, as the words of a message would be cut."""
    return [tuple(chain.from_iterable(row)) for row in product(*choices(phrase, sets))]


def choices(phrase: str, sets: Mapping[str, Sequence[str]]) -> list[list[tuple[str, ...]]]:
    """Return the choices a phrase is made of, one after the other, as the words of a message would be cut."""
    found: list[list[tuple[str, ...]]] = []
    for needed, optional, name, plain in _PART.findall(phrase):
        if needed:
            found.append(_choice(needed, sets))
        elif optional:
            found.append([(), *_choice(optional, sets)])
        else:
            found.append([cut(word) for word in sets[name]] if name else [cut(plain)])
    return found


def _choice(text: str, sets: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = []
    for part in text.split("|"):
        out += [cut(word) for word in sets[part[1:-1]]] if part.startswith("{") else [cut(part)]
    return out


@cache
def cut(text: str) -> tuple[str, ...]:
    """Cut a phrase as a message is cut, with placeholders kept and numbers left as they are written."""
    words: list[str] = []
    for part in text.split():
        words += [part] if part in _PLACES else _cut(part)
    return tuple(words)


def _cut(text: str) -> list[str]:
    return [word.low if word.quantity is None else word.text.lower() for word in read_message(text).words]
