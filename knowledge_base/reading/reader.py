"""Read the facts in passing from any message: what it tells, declines to tell, names and asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from knowledge_base.places import Place
from knowledge_base.profile import Profile
from knowledge_base.reading.contact import contact
from knowledge_base.reading.dates import deadline
from knowledge_base.reading.employees import employees
from knowledge_base.reading.frames import frames
from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.languages import languages
from knowledge_base.reading.legal_form import legal_form
from knowledge_base.reading.money import money
from knowledge_base.reading.offer_names import Mention, OfferNames
from knowledge_base.reading.place import FindsPlaces, currency_at, place
from knowledge_base.reading.pointing import points_back
from knowledge_base.reading.progress import progress
from knowledge_base.reading.references import references
from knowledge_base.reading.refusals import does_not_know, kinds
from knowledge_base.reading.sector import sector
from knowledge_base.reading.silences import silences
from knowledge_base.reading.stage import implied_stage, stage
from knowledge_base.reading.text import LONGEST, read_message
from knowledge_base.reading.trading import trading_months
from knowledge_base.records import Catalogue
from knowledge_base.uncollected import uncollected
from knowledge_base.words import FACTS


@dataclass(frozen=True)
class Reading:
    """What one message tells.

    ``facts`` has the JSON shape of a profile and leaves out what was not told. ``implied`` has the same shape
    for what nobody said but a fact lets one suppose: the stage, by the years. ``refused`` holds facts the
    owner declines to tell, ``allows`` kinds of help refused before and welcome now. ``spans`` gives each
    fact's characters, implied too. ``turned_down`` holds offers that said no, ``skipped`` those the owner
    will not have; ``points_back`` is set when the words speak of something shown before and name no offer,
    ``for_advisers`` when an offer named was taken out again, since only advisers can use it.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    implied: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    turned_down: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    kinds_wanted: tuple[str, ...] = ()
    unknown_place: str | None = None
    does_not_know: bool = False
    online_only: bool = False
    sooner: bool = False
    cheaper: bool = False
    contact: dict[str, str] | None = None
    points_back: bool = False
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    for_advisers: bool = False


def without(reading: Reading, barred: AbstractSet[str]) -> Reading:
    """Return what a message tells without some offers that only advisers can use; ``for_advisers`` then."""
    named = {*reading.offers, *reading.turned_down, *reading.skipped, *(reading.facts.get("done") or ())}
    if named.isdisjoint(barred):
        return reading
    facts = dict(reading.facts)
    done = [offer for offer in facts.pop("done", ()) if offer not in barred]
    return replace(
        reading,
        facts={**facts, "done": done} if done else facts,
        offers=tuple(offer for offer in reading.offers if offer not in barred),
        turned_down=tuple(offer for offer in reading.turned_down if offer not in barred),
        skipped=tuple(offer for offer in reading.skipped if offer not in barred),
        for_advisers=True,
    )


class Reader:
    """Reads messages against one catalogue. Build a new one when the catalogue changes; safe to share."""

    @uncollected()
    def __init__(
        self,
        catalogue: Catalogue,
        gazetteer: FindsPlaces,
        currency: str = "GBP",
        before: Reader | None = None,
    ) -> None:
        """``currency`` is meant where neither the words nor the place of the business says another.

        ``before`` is the reader of an earlier version: only the names of changed offers are read again.
        """
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._currency = currency
        self._names: OfferNames = OfferNames(catalogue, before._names if before else None)
        frames()

    def read(
        self,
        text: str,
        *,
        asked: str | None = None,
        on: date,
        profile: Profile | None = None,
        shown: Sequence[str] = (),
        of_client: bool = False,
    ) -> Reading:
        """Read one message: the first 4,000 characters of it, as heard on a day after a question, if any.

        ``asked`` is the fact a question was about, or "contact"; ``shown`` the offers last shown, in order.
        ``of_client``: an adviser writes it, of a business that is not their own.
        Takes any text and never fails for what is in it; what is unsure is left out.
        """
        text = text[:LONGEST]
        if asked == "contact":
            return Reading(contact=contact(text) or None)
        message = read_message(text)
        told = self._gazetteer.find(message.text)
        heard = Heard(
            message,
            frames().find(message.lows),
            on,
            asked if asked in FACTS else None,
            profile,
            frozenset(at for start, end, _ in told for at in message.within(start, end)),
            of_client,
        )
        mentions = self._mentions(heard, shown)
        done, turned_down, skipped = progress(heard, mentions, shown)
        kind = kinds(heard)
        found, unknown_place = self._facts(heard, told)
        supposed = implied_stage(heard, found.get("trading_months")) if "stage" not in found else None
        if kind.refused:
            found["refuses"] = Finding(list(kind.refused), kind.at[0], kind.at[-1] + 1)
        if done:
            found["done"] = Finding(list(done), mentions[0].start, mentions[-1].end)
        spoken = {**({"stage": supposed} if supposed else {}), **found}
        waved = turned_down or skipped
        silent = () if waved else tuple(fact for fact in silences(heard) if fact not in found)
        return Reading(
            facts=MappingProxyType({fact: found[fact].value for fact in FACTS if fact in found}),
            implied=MappingProxyType({"stage": supposed.value} if supposed else {}),
            offers=tuple(dict.fromkeys(id for mention in mentions for id in mention.offers)),
            refused=silent,
            allows=kind.allowed,
            turned_down=turned_down,
            skipped=skipped,
            kinds_wanted=kind.wanted,
            unknown_place=unknown_place,
            does_not_know=heard.asked not in found and does_not_know(heard, asked),
            online_only=bool(heard.at("flags.online")),
            sooner=bool(heard.at("flags.sooner")),
            cheaper=bool(heard.at("flags.cheaper")),
            points_back=not mentions and points_back(heard),
            spans=MappingProxyType({fact: message.span(one.start, one.end) for fact, one in spoken.items()}),
        )

    def _mentions(self, heard: Heard, shown: Sequence[str]) -> list[Mention]:
        named = self._names.find(heard.message)
        taken = {at for mention in named for at in range(mention.start, mention.end)}
        pointed = [
            m for m in references(heard, shown, self._catalogue) if not taken & set(range(m.start, m.end))
        ]
        return sorted(named + pointed, key=lambda mention: mention.start)

    def _facts(
        self, heard: Heard, told: Sequence[tuple[int, int, Place]]
    ) -> tuple[dict[str, Finding], str | None]:
        where, unknown_place = place(heard, told, self._catalogue.areas, self._gazetteer.resolve)
        trade = sector(heard)
        read: dict[str, Finding | None] = {
            "employees": employees(heard),
            "place": where,
            "sector": trade,
            "legal_form": legal_form(heard),
            **money(heard, self._currency_of(heard, where)),
        }
        months = trading_months(heard, in_a_list=any(read.values()), trade=trade)
        read |= {
            "trading_months": months,
            "stage": stage(heard, months, trade),
            "deadline": deadline(heard),
            "languages": languages(heard),
        }
        return {fact: finding for fact, finding in read.items() if finding is not None}, unknown_place

    def _currency_of(self, heard: Heard, where: Finding | None) -> Callable[[], str]:
        """Name the currency of a bare sum: written elsewhere in the message, of the place, or told before."""

        def named() -> str:
            for _, quantity in heard.message.counted():
                if quantity.currency not in {None, "kr"}:
                    return str(quantity.currency)
            profile = heard.profile
            told = where.value if where is not None else profile.place if profile is not None else None
            here = currency_at(self._gazetteer.resolve(told), self._catalogue.areas) if told else None
            if here is not None:
                return here
            if profile is not None:
                for before in (profile.turnover, profile.amount, profile.subsidy_received):
                    if before is not None:
                        return before.currency
            return self._currency

        return named
