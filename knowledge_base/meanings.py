"""Keep what offers mean at hand: encoded behind the answers, so that no answer ever waits for it."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from knowledge_base.closeness import TAG, Landscape, digest, read_near
from knowledge_base.records import Catalogue, Offer
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.vectors import KeptVector, OfferVectors

if TYPE_CHECKING:
    from knowledge_base.sense import Sense

logger = logging.getLogger(__name__)

BATCH = 64  # offers encoded before they are kept
A_SENTENCE = "a sentence, so that the first one said finds everything loaded"


def mark_of(folder: Path) -> str | None:
    """Return what tells one built encoder from another, or None where none is built."""
    try:
        return hashlib.sha256((folder / "meta.json").read_bytes()).hexdigest()
    except OSError:
        return None


@dataclass(frozen=True)
class _Laid:
    """The landscape of one catalogue, and how many of its offers were not in it yet."""

    catalogue: Catalogue
    landscape: Landscape
    missing: int


class Meanings:
    """The vectors of the offers and the encoder that makes them; threads share one.

    The encoder is loaded when first needed. Where it is not built, every question is answered with None,
    and the log says so once.
    """

    def __init__(self, folder: Path, kept: OfferVectors | None = None) -> None:
        """``folder`` holds the encoder; without ``kept`` nothing outlives the process."""
        self._folder = folder
        self._kept = kept
        self._lock = threading.Lock()  # for the fields below: held for moments only
        self._loading = threading.Lock()
        self._filling = threading.Lock()
        self._sense: Sense | None = None
        self._listens = False
        self._told_missing = False
        self._digests: dict[str, tuple[Offer, str]] = {}
        self._packed: dict[str, bytes] = {}
        self._laid: _Laid | None = None
        self._wanted: CatalogueIndex | None = None
        self._worker: threading.Thread | None = None

    def near_of(self, said: Sequence[str]) -> str | None:
        """Return what sentences mean as an opaque text, or None; see `Sense.near_of`."""
        sense = self._load() if said else None
        return sense.near_of(said) if sense else None

    def figures(
        self, near: str, index: CatalogueIndex, serving: Mapping[str, Collection[str]]
    ) -> dict[str, float] | None:
        """Give each offer a figure for how close it comes to what was said; see `Landscape.figures`.

        An offer that is not encoded yet is left out, and encoded meanwhile.
        """
        found, mark = read_near(near), self._mark()
        if found is None or mark is None or found[0] != mark[:TAG]:
            return None
        laid = self._laid
        if laid is None:
            laid = self._lay_out(index, self._recall(index, mark))
        if laid.catalogue is not index.catalogue or laid.missing:
            self.follow(index)
        return laid.landscape.figures(near, serving)

    def follow(self, index: CatalogueIndex) -> None:
        """Encode in the background what is not encoded yet."""
        with self._lock:
            if self._laid and self._laid.catalogue is index.catalogue and not self._laid.missing:
                return
            self._wanted = index
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="meanings", daemon=True)
                self._worker.start()

    def warm(self, index: CatalogueIndex) -> None:
        """Load the encoder and encode what is not encoded yet, in the background."""
        self._listens = True
        self.follow(index)

    def fill(self, index: CatalogueIndex) -> None:
        """Encode what is not encoded yet, and keep it: for who can wait."""
        with self._filling:
            mark = self._mark()
            if mark is None:
                return
            missing = self._recall(index, mark)
            if not missing:
                self._lay_out(index, missing)
                return
            sense = self._load()
            if sense is None:
                return
            waiting = iter(missing)
            while batch := list(islice(waiting, BATCH)):
                made = [KeptVector(o.id, self._digest(o), mark, sense.vectors(o)) for o in batch]
                self._packed.update((each.digest, each.vectors) for each in made)
                self._keep(made)
            laid = self._lay_out(index, [])
            used = {self._digest(offer) for offer in laid.catalogue.offers.values()}
            self._packed = {each: packed for each, packed in self._packed.items() if each in used}

    def _work(self) -> None:
        while True:
            with self._lock:
                index, self._wanted = self._wanted, None
                if index is None:
                    self._worker = None
                    return
            try:
                self.fill(index)
                if self._listens:
                    self.near_of([A_SENTENCE])
            except Exception as error:  # the thread must end in order, or no other would ever start
                logger.warning("The meaning of offers could not be worked out: %s", type(error).__name__)

    def _recall(self, index: CatalogueIndex, mark: str) -> list[Offer]:
        """Look for the vectors of every offer, in memory and then in the database; return who has none."""
        offers = [offer for offer in index.catalogue.offers.values() if offer.status == "published"]
        missing = [offer for offer in offers if self._digest(offer) not in self._packed]
        if missing and self._kept is not None:
            try:
                kept = self._kept.read()
            except (StoreUnavailable, SQLAlchemyError) as error:
                logger.warning("Kept meanings cannot be read: %s", type(error).__name__)
                kept = []
            self._packed.update((each.digest, each.vectors) for each in kept if each.encoder == mark)
            missing = [offer for offer in missing if self._digest(offer) not in self._packed]
        return missing

    def _lay_out(self, index: CatalogueIndex, missing: Sequence[Offer]) -> _Laid:
        digests = {id: self._digest(offer) for id, offer in index.catalogue.offers.items()}
        packed = {id: self._packed[each] for id, each in digests.items() if each in self._packed}
        laid = _Laid(index.catalogue, Landscape.of(index.by_need, packed), len(missing))
        self._laid = laid
        return laid

    def _digest(self, offer: Offer) -> str:
        known = self._digests.get(offer.id)
        if known is None or known[0] is not offer:
            known = self._digests[offer.id] = (offer, digest(offer))
        return known[1]

    def _keep(self, made: Sequence[KeptVector]) -> None:
        if self._kept is None:
            return
        try:
            self._kept.keep(made)
        except (StoreUnavailable, SQLAlchemyError) as error:
            logger.warning("Meanings of %d offers could not be kept: %s", len(made), type(error).__name__)

    def _mark(self) -> str | None:
        """Return the mark of the encoder that is built; say once that there is none."""
        if self._sense is not None:
            return self._sense.mark
        found = mark_of(self._folder)
        if found is None:
            self._tell_missing("it is not built")
        return found

    def _load(self) -> Sense | None:
        from knowledge_base.encoder import EncoderError
        from knowledge_base.sense import Sense  # loads the encoder's own packages: only who needs them waits

        with self._loading:
            mark = self._mark()
            if self._sense is None and mark is not None:
                try:
                    self._sense = Sense.load(self._folder, mark)
                except EncoderError as error:
                    self._tell_missing(str(error))
            return self._sense

    def _tell_missing(self, why: str) -> None:
        if not self._told_missing:
            self._told_missing = True
            logger.warning("Offers are not ranked by the owner's words, without a sentence encoder: %s", why)
