"""What the longest and the oddest cost: messages, places told, YAML that means harm, a reader rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

import yaml

from knowledge_base.areas import AreaTree
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.faults import BadCatalogue
from knowledge_base.places import Gazetteer
from knowledge_base.reading import Reader
from knowledge_base.reading.frames import frames
from knowledge_base.reading.text import LONGEST
from knowledge_base.records import Area, Catalogue
from knowledge_base.safe_files import read_yaml
from knowledge_base.services import PACK
from knowledge_base.uncollected import uncollected
from tests.benchmarks.figures import ENOUGH, CannotMeasure, Figure, Run, best_ms, median
from tests.benchmarks.report import number
from tests.benchmarks.worlds import ON, starter
from tests.core.hostile_yaml import HOSTILE
from tests.reading.seeds import SEEDS

TIMES = 5
PLACES = 200
TOLD = "We run a street food firm in Bath, near Leicester, and hope to grow in Wales. "
SOMEWHERE = "coventry"  # lies in two hubs, with several areas above it
PART = 4


@dataclass(frozen=True)
class Read:
    """One text said again and again: milliseconds for the longest message of it, and for a quarter."""

    seed: str
    whole_ms: float
    part_ms: float

    @property
    def growth(self) -> float:
        """Return how many times as long the whole takes as a quarter."""
        return self.whole_ms / self.part_ms


def measure(run: Run) -> list[Figure]:
    """Measure each limit beside a smaller or plainer way to the same, in this process."""
    pack = starter()
    gazetteer = Gazetteer.load(pack.areas)
    return [
        *rebuildings(pack, gazetteer),
        *messages(Reader(pack, gazetteer), tuple(pack.offers)[:2]),
        *places(gazetteer),
        *standings(pack.areas),
        hostile_files(),
        starter_pack(),
    ]


def messages(reader: Reader, shown: tuple[str, ...]) -> list[Figure]:
    """Read the longest message of every seed, and a quarter of it."""

    def ms(text: str) -> float:
        with uncollected():
            return best_ms(lambda: reader.read(text, on=ON, asked="turnover", shown=shown), TIMES)

    found = []
    for seed in SEEDS:
        text = (seed * LONGEST)[:LONGEST]
        found.append(Read(seed, ms(text), ms(text[: LONGEST // PART])))
    slowest, grown = max(found, key=lambda each: each.whole_ms), max(found, key=lambda each: each.growth)
    told = (
        f"{len(SEEDS)} short texts, each said again and again, best of {TIMES}, Python's search for garbage "
        "put off: it falls on whichever message is the longer."
    )
    quarter = "Baseline: a quarter of the same."
    return [
        Figure(
            f"longest message read, {LONGEST:,} characters, median",
            median([each.whole_ms for each in found]),
            "ms",
            median([each.part_ms for each in found]),
            f"{told} {quarter}",
            "measured",
        ),
        Figure(
            f"longest message read, {LONGEST:,} characters, the slowest",
            slowest.whole_ms,
            "ms",
            slowest.part_ms,
            f"{told} {quarter} Slowest: {slowest.seed.strip()!r}.",
            "measured",
        ),
        Figure(
            "four times the message, where it costs the most",
            grown.growth,
            "times",
            median([each.growth for each in found]),
            f"{told} In proportion it would be {PART}, by the square {PART**2}. Baseline: the median. "
            f"Worst: {grown.seed.strip()!r}, {number(grown.part_ms)} ms and {number(grown.whole_ms)} ms.",
            "measured",
        ),
    ]


def places(gazetteer: Gazetteer) -> list[Figure]:
    """Tell places never told before, and find those in the longest message."""
    new = count()

    def tell(words: str) -> float:
        def work() -> None:
            for _ in range(PLACES):
                gazetteer.resolve(words.format(next(new)))

        return best_ms(work, TIMES) / PLACES

    text = (TOLD * LONGEST)[:LONGEST]
    whole, part = (best_ms(partial(gazetteer.find, each), TIMES) for each in (text, text[: LONGEST // PART]))
    return [
        Figure(
            "an address told, placed",
            tell("Unit {}, Example Street, Dudley"),
            "ms",
            tell("Example {}"),
            f"Mean of {PLACES} never told before, best of {TIMES}. Baseline: as many that name no place.",
            "measured",
        ),
        Figure(
            f"places found in a message of {LONGEST:,} characters",
            whole,
            "ms",
            part,
            f"{len(gazetteer.find(text))} places, best of {TIMES}. Baseline: a quarter of the same.",
            "measured",
        ),
    ]


def rebuildings(pack: Catalogue, gazetteer: Gazetteer) -> list[Figure]:
    """Build a reader for the starter pack when the turns of phrase are compiled, and after one change."""

    def first() -> None:
        frames.cache_clear()
        Reader(pack, gazetteer)

    baseline = best_ms(first)
    before = Reader(pack, gazetteer)
    offers = list(pack.offers.values())
    offers[0] = replace(offers[0], name=f"{offers[0].name} renamed")
    changed = Catalogue.of(pack.areas.values(), offers, pack.providers.values())
    how = (
        f"Best of {TIMES}. Baseline: the first reader of a process, its turns of phrase compiled too; once, "
        f"where that takes over {ENOUGH:.0f} s."
    )
    return [
        Figure(name, best_ms(work, TIMES), "ms", baseline, how, "measured")
        for name, work in (
            (f"reader built again for {len(offers)} offers", lambda: Reader(pack, gazetteer)),
            (
                "reader built again after one of them changed",
                lambda: Reader(changed, gazetteer, before=before),
            ),
        )
    ]


def standings(areas: Mapping[str, Area]) -> list[Figure]:
    """Say where one town stands to each area, asked first and asked again."""
    wanted = [frozenset({code}) for code in areas]

    def each(ask: Callable[[frozenset[str]], object]) -> float:
        return best_ms(lambda: [ask(codes) for codes in wanted], 1) * 1000 / len(wanted)

    tree = AreaTree(areas)
    if any(
        climbed(areas, SOMEWHERE, codes) is not (tree.standing((SOMEWHERE,), codes) is True)
        for codes in wanted
    ):
        raise CannotMeasure("the tree and the plain climb disagree, so one is no baseline of the other")
    fresh = [AreaTree(areas) for _ in range(TIMES)]
    new, again, plain = (
        min(each(ask) for ask in asked)
        for asked in (
            [partial(one.standing, (SOMEWHERE,)) for one in fresh],
            [partial(one.standing, (SOMEWHERE,)) for one in fresh],
            [partial(climbed, areas, SOMEWHERE)] * TIMES,
        )
    )
    how = (
        f"Mean over {len(wanted)} areas, best of {TIMES}. Baseline: climb from the town each time, which "
        "cannot tell outside from perhaps."
    )
    return [
        Figure("one standing of a town to an area, asked first", new, "µs", plain, how, "measured"),
        Figure("one standing of a town to an area, asked again", again, "µs", plain, how, "measured"),
    ]


def climbed(areas: Mapping[str, Area], start: str, wanted: Iterable[str]) -> bool:
    """Climb from one area until a wanted one is met."""
    waiting = [start]
    while waiting:
        code = waiting.pop()
        if code in wanted:
            return True
        waiting += areas[code].within
    return False


def hostile_files() -> Figure:
    """Refuse each YAML text that means harm; the plain reader takes some of them and fails at others."""
    found = [
        (best_ms(partial(refused, text), TIMES), best_ms(partial(taken, text)), text) for text, _ in HOSTILE
    ]
    slowest, _, worst = max(found)
    return Figure(
        f"{len(HOSTILE)} hostile YAML files refused",
        sum(ours for ours, _, _ in found),
        "ms",
        sum(plain for _, plain, _ in found),
        f"Each once, best of {TIMES}. Baseline: yaml.safe_load, whether it takes them or fails. "
        f"Slowest: {len(worst):,} characters that begin {worst[:12]!r}, {number(slowest)} ms.",
        "measured",
    )


def refused(text: str) -> None:
    """Read a text that must be refused."""
    try:
        read_yaml(text, "hostile.yml")
    except BadCatalogue:
        return
    raise CannotMeasure(f"the hostile text that begins {text[:12]!r} was read, so nothing was refused")


def taken(text: str) -> None:
    """Read a text as anybody would, and let it fail."""
    try:
        yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return


def starter_pack() -> Figure:
    """Read and check the starter pack."""
    listed = [path for folder in ("offers", "providers") for path in sorted((PACK / folder).glob("*.yml"))]
    files = [PACK / "areas.yml", *listed]
    texts = [path.read_text(encoding="utf-8") for path in files]
    return Figure(
        "starter pack read and checked",
        best_ms(lambda: read_starter_pack(PACK)),
        "ms",
        best_ms(lambda: [yaml.safe_load(text) for text in texts]),
        f"{len(files)} files of records. Baseline: yaml.safe_load of the same, held in memory, unchecked.",
        "measured",
    )
