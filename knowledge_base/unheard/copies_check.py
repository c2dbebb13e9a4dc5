"""Look through what the bot learns from for messages that stand there twice, or nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.unheard.near_copies import near_copies
from knowledge_base.unheard.training_files import Example, read_examples


@dataclass(frozen=True)
class Pair:
    """Two messages that are much the same; ``alike`` is 1 where their words are."""

    first: Example
    second: Example
    alike: float

    @property
    def is_repeat(self) -> bool:
        """Say whether the two are the same to the letter."""
        return self.first.text == self.second.text

    @property
    def contradicts(self) -> bool:
        """Say whether the same words are said to mean two things."""
        return self.alike == 1 and (self.first.act, self.first.needs) != (self.second.act, self.second.needs)

    def words(self, root: Path) -> str:
        """Say what was found, what it means and how to mend it."""
        one, other = self.first.where(root), self.second.where(root)
        if self.contradicts:
            both = " and ".join(_label(each) for each in (self.first, self.second))
            return f"{other} says the same as {one}, and they are labelled {both}; decide which it is"
        same = "repeats" if self.alike == 1 else f"is {self.alike:.0%} the same as"
        return f"{other} {same} {one}; leave one out, as the same message twice teaches nothing"


def pairs_in(folder: Path) -> Iterator[Pair]:
    """Yield every message under a folder that nearly repeats an earlier one; raises `BadTrainingFile`."""
    examples = list(read_examples(folder))
    for copy in near_copies([example.text for example in examples]):
        yield Pair(examples[copy.first], examples[copy.second], copy.alike)


def _label(example: Example) -> str:
    return ", ".join([example.act, *(example.needs or ())])
