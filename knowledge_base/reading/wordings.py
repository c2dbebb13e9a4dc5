"""Find phrases of many wordings without writing each of them out.

A phrase of six choices has hundreds of thousands of wordings: the tables' half a million took 560 MB as a
list. Here a phrase stays as short as it is written: a chain of choices, walked word by word from every place
of a message. Steps once taken are remembered, by words of the tables alone: nothing an owner types stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Choice = Sequence[tuple[str, ...]]  # one of these; an empty one lets the choice be left out
MOST_REMEMBERED = 50_000  # steps

_State = frozenset[int]


class Wordings:
    """Phrases under labels, each a list of choices; found in a list of words in one pass."""

    def __init__(self, phrases: Mapping[str, Iterable[Sequence[Choice]]]) -> None:
        self._on: list[dict[str, set[int]]] = [{}]
        self._free: list[set[int]] = [set()]
        self._ends: dict[int, str] = {}
        self._words: set[str] = set()
        self._steps: dict[tuple[_State, str], _State] = {}
        for label, listed in phrases.items():
            for phrase in listed:
                self._add(label, phrase)
        self._begin = self._reached({0})

    def find(self, words: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Return for each label the places (end excluded) where it stands, the longest at each start."""
        known = [word if word in self._words else "" for word in words]
        found: dict[str, list[tuple[int, int]]] = {}
        for start in range(len(known)):
            state, longest = self._begin, dict[str, int]()
            for end in range(start, len(known)):
                state = self._after(state, known[end]) if known[end] else frozenset()
                if not state:
                    break
                for node in state & self._ends.keys():
                    longest[self._ends[node]] = end + 1
            for label, end in longest.items():
                found.setdefault(label, []).append((start, end))
        return found

    def _add(self, label: str, phrase: Sequence[Choice]) -> None:
        at = 0
        for choice in phrase:
            after = self._node()
            for wording in choice:
                self._lead(at, after, wording)
            at = after
        # A phrase that can be left out altogether stands nowhere.
        self._ends[at] = label

    def _lead(self, at: int, after: int, wording: tuple[str, ...]) -> None:
        if not wording:
            self._free[at].add(after)
            return
        self._words.update(wording)
        for word in wording[:-1]:
            between = self._node()
            self._on[at].setdefault(word, set()).add(between)
            at = between
        self._on[at].setdefault(wording[-1], set()).add(after)

    def _node(self) -> int:
        self._on.append({})
        self._free.append(set())
        return len(self._on) - 1

    def _after(self, state: _State, word: str) -> _State:
        step = (state, word)
        if (known := self._steps.get(step)) is not None:
            return known
        reached = self._reached({node for at in state for node in self._on[at].get(word, ())})
        if len(self._steps) >= MOST_REMEMBERED:
            self._steps.clear()
        self._steps[step] = reached
        return reached

    def _reached(self, nodes: set[int]) -> _State:
        """Return these nodes and all that can be reached from them without a word."""
        waiting = list(nodes)
        while waiting:
            for node in self._free[waiting.pop()] - nodes:
                nodes.add(node)
                waiting.append(node)
        return frozenset(nodes)
