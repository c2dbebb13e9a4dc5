"""Find the trades, premises and products of tables/sectors.yml, each with its sector."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from knowledge_base.reading.frames import Phrases, cut
from knowledge_base.reading.lists import listed, table

_WITH_ONE_MORE = {
    "products": "trades.makers",
    "goods": "trades.makers",
    "field": "trades.fields",
    "firms": "trades.firms",
}


class Mention(NamedTuple):
    """Words ``start`` to ``end`` (excluded), what kind of row of the table they are of, and the sector."""

    start: int
    end: int
    kind: str
    sector: str


def mentions(lows: list[str]) -> Iterator[Mention]:
    """Yield what is listed and what it implies: "gasket" and "gasket maker", "tiling firm", "lamp shop".

    What is listed stands before what is implied: a coffee shop is no shop that sells coffee.
    """
    found = [
        Mention(start, end, *label.split("."))
        for label, spans in _trades().find(lows).items()
        for start, end in spans
    ]
    yield from (mention for mention in found if mention.kind != "firms")
    named = {(mention.start, mention.end) for mention in found if mention.kind != "firms"}
    for start, end, kind, sector in found:
        after = 3 if lows[end + 1 : end + 2] == ["-"] else 1  # "start-up" is three words
        following = "".join(lows[end : end + after])
        if (start, end + after) in named:
            continue
        other = lows[end + 1 : end + 2]
        wider = "" if other in (["no"], ["a"], ["the"], ["my"], ["our"]) else "".join(lows[end + 2 : end + 3])
        if (
            lows[end : end + 1] in (["and"], ["&"])
            and kind in _WITH_ONE_MORE
            and wider in listed("trades.firms")
        ):
            yield Mention(start, end + 3, "work", sector)  # "spring and wire firm"
        elif kind in _WITH_ONE_MORE and following in listed(_WITH_ONE_MORE[kind]):
            yield Mention(start, end + after, "work", sector)
        elif following in listed("trades.shops") and kind in {"products", "goods"}:
            yield Mention(start, end + after, "work", "retail_wholesale")


@cache
def _trades() -> Phrases:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for sector, kinds in table("sectors").items():
        firms = {cut(word) for word in words_of(kinds["work"])}
        firms |= {many for name in firms if (many := _plural(name))}
        for kind, words in kinds.items():
            if kind in {"does", "verbs"}:
                continue
            names = [cut(word) for word in words_of(words)]
            names += [many for name in names if (many := _plural(name))]
            if kind == "goods":
                names += [(*name[:-1], name[-1] + "'s") for name in names]
            rows[f"{kind}.{sector}"] = [name for name in names if kind != "stems" or name not in firms]
            if kind == "people":  # "ironmonger's in Ledbury"
                rows[f"premises.{sector}"] = [
                    (*name[:-1], name[-1] + "'s") for name in names if name not in firms
                ]
            if kind == "stems":
                rows[f"firms.{sector}"] = names
    return Phrases(rows)


def words_of(words: object) -> list[str]:
    """Return the entries of a row of the table."""
    return [word.strip() for word in words.split(",") if word.strip()] if isinstance(words, str) else []


def _plural(name: tuple[str, ...]) -> tuple[str, ...] | None:
    last = name[-1]
    if last.endswith(("s", "work")) or not last.isascii():  # brickworks are no brickwork
        return None
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return (*name[:-1], last[:-1] + "ies")
    return (*name[:-1], last + ("es" if last.endswith(("ch", "sh", "x")) else "s"))
