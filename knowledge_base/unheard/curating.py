"""What a curator does with messages that were not understood: look, label, and hand over to training."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge_base.store.unheard import LABELLED, NEW, Unheard, UnheardRows
from knowledge_base.unheard import clusters as grouping
from knowledge_base.unheard.clusters import Cluster
from knowledge_base.unheard.masking import spoken
from knowledge_base.unheard.near_copies import Copies
from knowledge_base.unheard.training_files import (
    BadTrainingFile,
    Example,
    read_examples,
    read_file,
    write_file,
)
from knowledge_base.words import ACTS, NEEDS

# What such a message does is done without asking for anything to be done.
WITHOUT_NEEDS = frozenset(
    {"greet", "thanks", "goodbye", "restart", "affirm", "deny", "privacy_request", "give_profile",
     "change_profile", "talk_to_human", "complaint_feedback", "out_of_scope"}
)  # fmt: skip


class BadLabel(ValueError):
    """A label cannot be given; the message says why and what can."""


class NoSuchMessage(LookupError):
    """There is no unheard message of an id; the message names it."""


class Encodes(Protocol):
    """The sentence encoder, as far as it matters here."""

    def encode(self, texts: Sequence[str]) -> np.ndarray: ...


@dataclass(frozen=True)
class Refusal:
    """A labelled message that was not handed over, as it nearly repeats an example: how alike, and where."""

    message: Unheard
    of: Example
    alike: float


@dataclass(frozen=True)
class Export:
    """What an export did: examples written and taken out again, by file, and what it refused."""

    written: dict[Path, int]
    refused: tuple[Refusal, ...] = ()
    taken_out: int = 0


class Curating:
    """The curator's work on the unheard messages of one database."""

    def __init__(self, rows: UnheardRows) -> None:
        self._rows = rows

    def clusters(
        self, encoder: Encodes, states: Collection[str] = (NEW,), since: date | None = None
    ) -> list[Cluster]:
        """Return the messages in these states by meaning, the most frequent first; the newest 3,000."""
        messages = grouping.newest(self._rows.all(states, since))
        return grouping.clusters(messages, encoder.encode([spoken(each.text) for each in messages]))

    def cluster_of(self, encoder: Encodes, id: str) -> Cluster:
        """Return the cluster that a message is in, among those of its state; the message itself comes first.

        Raises:
            NoSuchMessage: there is none of this id.
        """
        (message,) = self.get([id])
        for cluster in self.clusters(encoder, (message.state,)):
            if any(each.id == id for each in cluster.members):
                others = tuple(each for each in cluster.members if each.id != id)
                return Cluster((message, *others))
        return Cluster((message,))

    def get(self, ids: Sequence[str]) -> list[Unheard]:
        """Return messages by id; raises `NoSuchMessage` naming every id that there is none of."""
        known = {each.id: each for each in self._rows.all()}
        missing = [id for id in dict.fromkeys(ids) if id not in known]
        if missing:
            named = ", ".join(id[:40] for id in missing[:10])
            raise NoSuchMessage(f"no message is called {named}; see `fingerpost unheard list`")
        return [known[id] for id in dict.fromkeys(ids)]

    def label(self, ids: Sequence[str], act: str, needs: Sequence[str] = ()) -> int:
        """Say what messages do and which needs they ask for; return how many.

        Raises:
            BadLabel: no such act or need, or the two do not go together.
            NoSuchMessage: there is no message of an id; then none is labelled.
        """
        wanted = tuple(dict.fromkeys(needs))
        check_label(act, wanted)
        return self._rows.label([each.id for each in self.get(ids)], act, wanted)

    def set_aside(self, ids: Sequence[str]) -> int:
        """Say that messages teach nothing; return how many. Raises `NoSuchMessage`."""
        return self._rows.set_aside([each.id for each in self.get(ids)])

    def undo(self, ids: Sequence[str]) -> int:
        """Take back a label, or that messages teach nothing: they wait again. Return how many.

        What is an example by now stays one. Raises `NoSuchMessage`.
        """
        return self._rows.wait_again([each.id for each in self.get(ids)])

    def export(self, folder: Path, data: Path) -> Export:
        """Write the labelled messages into ``folder``, a file for each act, beside those written before.

        What nearly repeats an example anywhere under ``data`` or in the folder is refused. Examples whose
        owners asked to be forgotten since are taken out of their files.

        Raises:
            BadTrainingFile: a file cannot be read or written; what was written before stays.
        """
        gone = self._rows.to_take_out()
        labelled = self._rows.all([LABELLED])
        replaced = {*gone, *(each.id for each in labelled)}
        files = set(folder.glob("*.yml")) | {Path(file) for file in gone.values() if file}
        ours = {file: list(read_file(file)) for file in sorted(files) if file.exists()}
        for file, examples in ours.items():
            if any(example.heard in replaced for example in examples) and len({e.act for e in examples}) > 1:
                raise BadTrainingFile(f"{file}: it holds several acts; give each a file of its own")
        kept = {
            file: [example for example in examples if example.heard not in replaced]
            for file, examples in ours.items()
        }
        known = [e for e in read_examples(data) if e.file not in kept] if data.is_dir() else []
        known += [example for examples in kept.values() for example in examples]
        new, refused = _new(labelled, known)
        for example in new:
            kept.setdefault(folder / f"{example.act}.yml", []).append(example)
        written = {}
        for file, examples in sorted(kept.items()):
            if examples != ours.get(file):
                act = examples[0].act if examples else file.stem
                write_file(file, act, examples)
                written[file] = sum(example.file is None for example in examples)
        self._rows.exported({str(e.heard): str((folder / f"{e.act}.yml").resolve()) for e in new})
        self._rows.taken_out(gone)
        return Export(written, tuple(refused), len(gone))


def check_label(act: str, needs: Sequence[str]) -> None:
    """Raise `BadLabel` unless an act and needs go together."""
    if act not in ACTS:
        raise BadLabel(f"{act[:40]!r} is no act; the acts are {', '.join(ACTS)}")
    for need in needs:
        if need not in NEEDS:
            raise BadLabel(f"{need[:40]!r} is no need; the needs are {', '.join(NEEDS)}")
    if act == "describe_need" and not needs:
        raise BadLabel("describe_need asks for at least one need: --needs finance,premises")
    if needs and act in WITHOUT_NEEDS:
        raise BadLabel(f"{act} asks for nothing; leave the needs out, or is it describe_need?")


def _new(labelled: Iterable[Unheard], known: Sequence[Example]) -> tuple[list[Example], list[Refusal]]:
    """Part what can be handed over from what repeats an example, or another of these."""
    copies, heard = Copies(), list(known)
    for example in known:
        copies.add(example.text)
    new, refused = [], []
    for message in labelled:
        example = Example(spoken(message.text), message.label_act or "", message.label_needs, message.id)
        found = copies.nearest(example.text)
        if found:
            refused.append(Refusal(message, heard[found[0]], found[1]))
            continue
        copies.add(example.text)
        heard.append(example)
        new.append(example)
    return new, refused
