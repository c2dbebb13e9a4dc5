"""Make two records of one offer into one: what stays, what goes, and what others say of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import OFFER_FIELDS, parse_offer
from knowledge_base.records import Offer

Document = dict[str, Any]

LISTS = ("requires", "leads_to", "excludes")
SINGLE = ("part_of", "succeeded_by")
# Of these the one that stays keeps its own, or both are brought together.
NOT_CHOSEN = ("status", "aliases", "succeeded_by")
CHOSEN = tuple(field for field in OFFER_FIELDS if field not in NOT_CHOSEN)


class BadMerge(ValueError):
    """Two records cannot be made one; the message says why, and what to do first."""


def joined(stays: Offer, goes: Offer, taken: Collection[str] = ()) -> Offer:
    """Return the record that stays, with the fields named in ``taken`` as the other has them.

    The names the other went by become aliases, so that whoever asks for it by those still finds it.

    Raises:
        BadMerge: a field cannot be taken from one of the two.
    """
    strange = sorted(set(taken) - set(CHOSEN))
    if strange:
        raise BadMerge(f"{strange[0][:40]!r} is not a field to choose; the fields are {', '.join(CHOSEN)}")
    document, other = dump_offer(stays), dump_offer(goes)
    for field in taken:
        document.pop(field, None)
        if field in other:
            document[field] = other[field]
    document["aliases"] = _aliases(document, stays, goes)
    return parse_offer(stays.id, moved(document, goes.id, stays.id, stays.id))


def withdrawn(goes: Offer, stays: str) -> Offer:
    """Return the record that goes: withdrawn, and followed by the one that stays."""
    document = moved(dump_offer(goes), stays, "", goes.id)
    return parse_offer(goes.id, {**document, "status": "withdrawn", "succeeded_by": stays})


def repointed(offer: Offer, goes: str, stays: str) -> Offer:
    """Return a third record as it is once the one that goes is named by the one that stays."""
    document = dump_offer(offer)
    after = moved(document, goes, stays, offer.id)
    return offer if after == document else parse_offer(offer.id, after)


def moved(document: Mapping[str, Any], before: str, after: str, own: str) -> Document:
    """Put one id in place of another wherever a record names offers; "" takes it out.

    A record never comes to name itself, or the same offer twice.
    """
    out = dict(document)
    for field in LISTS:
        named = [after if each == before else each for each in document.get(field) or ()]
        kept = [each for each in dict.fromkeys(named) if each and each != own]
        out.pop(field, None)
        if kept:
            out[field] = kept
    for field in SINGLE:
        if document.get(field) == before:
            out.pop(field)
            if after and after != own:
                out[field] = after
    if document.get("criteria"):
        out["criteria"] = [_criterion(each, before, after) for each in document["criteria"]]
    return {field: out[field] for field in (*document, *out) if field in out}


def _criterion(raw: Mapping[str, Any], before: str, after: str) -> Document:
    """Move an id in a condition on what was done before; without it there would be no test, so it stays."""
    out = dict(raw)
    if raw.get("fact") == "done" and after:
        for test in ("one_of", "none_of"):
            if test in raw:
                out[test] = sorted({after if each == before else each for each in raw[test]})
    if raw.get("any_of"):
        out["any_of"] = [_criterion(each, before, after) for each in raw["any_of"]]
    return out


def _aliases(document: Mapping[str, Any], stays: Offer, goes: Offer) -> list[str]:
    names = [stays.name, *stays.aliases, goes.name, goes.local_name, *goes.aliases]
    own = {str(document["name"]).casefold(), str(document.get("local_name") or "").casefold()}
    kept: dict[str, str] = {}
    for name in names:
        if name and name.casefold() not in own:
            kept.setdefault(name.casefold(), name)
    return list(kept.values())


def taken_back(
    now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Document, list[str]]:
    """Return a document as it was before a merge, and the fields that were changed since: those stay."""
    out, left = dict(now), []
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) == after.get(field):
            continue
        if now.get(field) != after.get(field):
            left.append(field)
            continue
        out.pop(field, None)
        if field in before:
            out[field] = before[field]
    return {field: out[field] for field in (*before, *out) if field in out}, left
