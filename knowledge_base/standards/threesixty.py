"""Read grants in the 360Giving Data Standard, and say in plain words what a funder has given.

It is evidence of what an offer has done, with its source; grants that were made are never offers.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from statistics import median_low
from typing import Any

from knowledge_base.events.feed import clean
from knowledge_base.faults import BadCatalogue, shown
from knowledge_base.money_words import money_words
from knowledge_base.safe_files import read_json
from knowledge_base.windows import MONTHS

LARGEST = 64 * 1024 * 1024
MOST_GRANTS = 300_000
MOST_COLUMNS = 500
MOST_REGIONS = 5

# The standard's names in JSON, and the titles its spreadsheets have in their first row.
TITLES = {
    "id": ("identifier", "id"),
    "amount": ("amount awarded", "amountawarded"),
    "currency": ("currency",),
    "date": ("award date", "awarddate"),
    "funder": ("funding org:name", "fundingorganization/0/name"),
    "funder_id": ("funding org:identifier", "fundingorganization/0/id"),
    "programme": ("grant programme:title", "grantprogramme/0/title"),
    "region": ("beneficiary location:name", "beneficiarylocation/0/name"),
    "recipient": ("recipient org:name", "recipientorganization/0/name"),
    "recipient_id": ("recipient org:identifier", "recipientorganization/0/id"),
}


class BadGrants(ValueError):
    """A file that holds no grants that can be read; the message says why, and the way out."""


@dataclass(frozen=True)
class Grant:
    """One grant that was awarded; whatever is not told is None or empty."""

    id: str
    amount: Decimal | None
    currency: str
    on: date | None
    funder: str
    funder_id: str
    programme: str
    region: str
    recipient: str


@dataclass(frozen=True)
class Grants:
    """The grants of a file, and in ``notes`` what was left out of it and why."""

    grants: tuple[Grant, ...]
    notes: tuple[str, ...]


def read_grants(data: bytes, file: str = "the file") -> Grants:
    """Read grants from JSON or CSV; the same identifier counts once.

    Raises:
        BadGrants: it is too large, is neither, or holds no grants.
    """
    if len(data) > LARGEST:
        raise BadGrants(f"{file} is over {LARGEST // 1024 // 1024} MB; ask for the grants of one programme")
    text = data.decode("utf-8-sig", errors="replace")
    first = text.lstrip()[:1]
    if not first:
        raise BadGrants(f"{file} is empty; check which file it is")
    rows = _json_rows(text, file) if first in "{[" else _csv_rows(text, file)
    found: dict[str, Grant] = {}
    notes: Counter[str] = Counter()
    for row in rows:
        grant = _grant(row)
        if grant is None:
            notes["without an identifier"] += 1
        elif grant.id in found:
            notes["named twice"] += 1
        else:
            found[grant.id] = grant
    if not found:
        raise BadGrants(
            f"{file} holds no grant with an identifier; check that it follows the 360Giving standard"
        )
    return Grants(tuple(found.values()), tuple(f"{n:,} {words} left out" for words, n in notes.items()))


def evidence(
    grants: Iterable[Grant], source: str, funder: str | None = None, programme: str | None = None
) -> str:
    """Say how many grants were made, of what sizes, when and where, with where that is written.

    Grants are those of a funder (its name or identifier) and of a programme (its title), where named, to
    the letter but for capitals. Sums of different currencies are told apart, never added.

    Raises:
        BadGrants: there is no such grant; the message names the funders or programmes there are.
    """
    listed = list(grants)
    of = [
        g for g in listed if not funder or funder.casefold() in (g.funder.casefold(), g.funder_id.casefold())
    ]
    if not of:
        raise BadGrants(
            f"no grant here is from {shown(funder)}; the funders are {_some(g.funder for g in listed)}"
        )
    chosen = [g for g in of if not programme or g.programme.casefold() == programme.casefold()]
    if not chosen:
        named = _some(g.programme for g in of)
        raise BadGrants(f"no grant here is of {shown(programme)}; the programmes are {named}")
    parts = [_count(chosen), *_sizes(chosen), *_regions(chosen)]
    return f"{'. '.join(parts)}. Source: {clean(source, 500)} (360Giving data)."


def _count(grants: Sequence[Grant]) -> str:
    number = f"{len(grants):,} {'grant' if len(grants) == 1 else 'grants'}"
    funders = {g.funder for g in grants if g.funder}
    programmes = {g.programme for g in grants if g.programme}
    words = f"{number} awarded"
    if len(funders) == 1:
        words += f" by {next(iter(funders))}"
    if len(programmes) == 1 and all(g.programme for g in grants):
        words += f" under {next(iter(programmes))}"
    days = sorted(g.on for g in grants if g.on)
    if days:
        first, last = _month(days[0]), _month(days[-1])
        words += f" in {first}" if first == last else f" from {first} to {last}"
        if len(days) < len(grants):
            words += f" ({len(grants) - len(days):,} without a date)"
    return words


def _sizes(grants: Sequence[Grant]) -> list[str]:
    """Say the smallest, the largest and the middle sum of each currency; what has no sum is counted."""
    found = []
    for currency in sorted({g.currency for g in grants if g.amount is not None and g.currency}):
        sums = [g.amount for g in grants if g.amount is not None and g.currency == currency]
        if len(sums) == 1:
            found.append(f"One of them was of {money_words(sums[0], currency)}" if len(grants) > 1
                         else f"It was of {money_words(sums[0], currency)}")  # fmt: skip
            continue
        low, high, middle = (money_words(s, currency) for s in (min(sums), max(sums), median_low(sums)))
        of = f"{len(sums):,} of them were" if len(sums) < len(grants) else "They were"
        same = (
            f"{of} of {low} each"
            if low == high
            else f"{of} of {low} to {high}, half of them at most {middle}"
        )
        found.append(same)
    untold = sum(g.amount is None or not g.currency for g in grants)
    if untold:
        found.append(f"For {untold:,} no sum is told")
    return found


def _regions(grants: Sequence[Grant]) -> list[str]:
    told = Counter(g.region for g in grants if g.region)
    if not told:
        return ["Where they went is not told"]
    most = sorted(told.items(), key=lambda each: (-each[1], each[0]))
    named = ", ".join(f"{region} {n:,}" for region, n in most[:MOST_REGIONS])
    more = len(grants) - sum(n for _, n in most[:MOST_REGIONS])
    rest = f"; elsewhere or not told {more:,}" if more else ""
    return [f"Where they went: {named}{rest}"]


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _some(names: Iterable[str]) -> str:
    known = sorted({name for name in names if name})
    if not known:
        return "not told"
    return ", ".join(known[:5]) + (f" and {len(known) - 5:,} more" if len(known) > 5 else "")


def _grant(row: Mapping[str, Any]) -> Grant | None:
    id = clean(row.get("id"), 300)
    if not id:
        return None
    return Grant(
        id=id,
        amount=_sum(row.get("amount")),
        currency=clean(row.get("currency"), 10).upper(),
        on=_day(row.get("date")),
        funder=clean(row.get("funder"), 200),
        funder_id=clean(row.get("funder_id"), 200),
        programme=clean(row.get("programme"), 200),
        region=clean(row.get("region"), 100),
        recipient=clean(row.get("recipient"), 200),
    )


def _json_rows(text: str, file: str) -> Iterable[Mapping[str, Any]]:
    try:
        raw = read_json(text, file)
    except BadCatalogue as bad:
        raise BadGrants(str(bad)) from bad
    grants = raw.get("grants") if isinstance(raw, Mapping) else raw
    if not isinstance(grants, list):
        raise BadGrants(f'{file} has no grants: one is {{"grants": [...]}}; check which file it is')
    if len(grants) > MOST_GRANTS:
        raise BadGrants(f"{file} holds over {MOST_GRANTS:,} grants; ask for the grants of one programme")
    return [_flat(each) for each in grants if isinstance(each, Mapping)]


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    funder, programme = _first(raw, "fundingOrganization"), _first(raw, "grantProgramme")
    return {
        "id": raw.get("id"),
        "amount": raw.get("amountAwarded"),
        "currency": raw.get("currency"),
        "date": raw.get("awardDate"),
        "funder": funder.get("name"),
        "funder_id": funder.get("id"),
        "programme": programme.get("title"),
        "region": _first(raw, "beneficiaryLocation").get("name"),
        "recipient": _first(raw, "recipientOrganization").get("name"),
    }


def _first(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    listed = raw.get(name)
    first = listed[0] if isinstance(listed, list) and listed else {}
    return first if isinstance(first, Mapping) else {}


def _csv_rows(text: str, file: str) -> Iterable[Mapping[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[dict[str, Any]] = []
    try:
        heads = [head.strip().casefold() for head in next(reader, [])[:MOST_COLUMNS]]
        at = {n: next((heads.index(t) for t in titles if t in heads), None) for n, titles in TITLES.items()}
        if at["id"] is None or at["amount"] is None:
            raise BadGrants(f"{file} has no columns Identifier and Amount Awarded in its first row; check it")
        for row in reader:
            if len(rows) >= MOST_GRANTS:
                raise BadGrants(
                    f"{file} holds over {MOST_GRANTS:,} grants; ask for the grants of one programme"
                )
            rows.append({n: row[i] for n, i in at.items() if i is not None and i < len(row)})
    except csv.Error as error:
        raise BadGrants(f"{file} is not CSV ({error}); save it as CSV again") from error
    return rows


def _sum(told: Any) -> Decimal | None:
    """Return a sum as told; None for what is no plain number, which is never guessed at."""
    if isinstance(told, bool) or not isinstance(told, (int, float, str, Decimal)):
        return None
    try:
        found = Decimal(str(told).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < Decimal(10) ** 13 else None


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        return None
