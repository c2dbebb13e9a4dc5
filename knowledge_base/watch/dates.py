"""Find the dates in a text, written as in English, German, Swedish, Danish, Polish, Hungarian or Welsh."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "january jan januar jänner jän januari stycznia styczeń styczniu január ionawr",
    "february feb februar februari lutego luty lutym február febr chwefror",
    "march mar märz mär mars marts marca marzec marcu március márc mawrth fawrth",
    "april apr kwietnia kwiecień kwietniu április ápr ebrill",
    "may mai maj maja maju május máj fai",
    "june jun juni czerwca czerwiec czerwcu június jún mehefin fehefin",
    "july jul juli lipca lipiec lipcu július júl gorffennaf orffennaf",
    "august aug augusti sierpnia sierpień sierpniu augusztus awst",
    "september sept sep września wrzesień wrześniu szeptember szept medi fedi",
    "october oct oktober okt października październik październiku október hydref",
    "november nov listopada listopad listopadzie tachwedd dachwedd",
    "december dec dezember dez grudnia grudzień grudniu rhagfyr ragfyr",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th|:?e|:?a|fed|ain|eg|af|ydd|il)?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_NUMBER = r"(?:1[0-2]|0?[1-9])"
_TO = r"\s*(?:-|–|—|to|until|and|bis(?:\s+zum)?|till|til|do|–\s*den|i|a|hyd(?:\s+at)?)\s*"

_DATE = re.compile(
    rf"""(?<![\w/£€$-])(?:
    (?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])(?!\d)
  | (?P<hy>{_YEAR})\s?[./]\s?(?P<hm>{_NUMBER})\s?[./]\s?(?P<hd>{_DAY})(?!\d)
  | (?P<vy>{_YEAR})\.?\s+(?P<vmonth>{_MONTH})\.?\s+(?P<vd>{_DAY})(?![\d:])
  | (?P<n1>{_DAY})\s?(?P<sep>[./-])\s?(?P<n2>{_DAY})
    (?:\s?(?P=sep)\s?|\s?[-–]\s?|\s+)(?P<ny>{_YEAR}|(?<=[./-])\d\d)(?![\d:.,]\d|\d)
  | (?P<d>{_DAY}){_ORDINAL}\.?(?:{_TO}(?P<d2>{_DAY}){_ORDINAL}\.?)?
    \s*(?:of\s+|o\s+|de\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s*(?P<y>{_YEAR})(?!\d))?
  | (?P<umonth>{_MONTH})\b\.?\s+(?P<ud>{_DAY})(?!\d|[.,:]\d)(?:st|nd|rd|th)?(?:,?\s+(?P<uy>{_YEAR})(?!\d))?
  | (?P<mmonth>{_MONTH})\b\.?,?\s+(?P<my>{_YEAR})(?!\d)
  | (?P<wy>{_YEAR})\.?\s+(?P<wmonth>{_MONTH})\b
    )""",
    re.X | re.I,
)
_LAST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HAS_DATE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text. ``day`` is None where only the month is written, ``year`` where none is."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    @property
    def value(self) -> str:
        """The date as it is kept: 2027-03-31, 2027-03 or --03-31."""
        year = f"{self.year:04d}" if self.year else "-"
        return f"{year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


def dates_in(text: str) -> list[FoundDate]:
    """Return the dates in a text in order; what is no day of any calendar is left out.

    "1–31 March 2027" gives two dates, and a day and month before a range's second date takes its year.
    """
    if not _HAS_DATE.search(text):
        return []
    found: list[FoundDate] = []
    for match in _DATE.finditer(text):
        for year, month, day, start, end in _read(match):
            if 1 <= month <= 12 and (day is None or day <= _LAST[month - 1]) and _real(year, month, day):
                found.append(FoundDate(start, end, year, month, day))
    return _with_years(text, found)


def _read(match: re.Match[str]) -> list[tuple[int | None, int, int | None, int, int]]:
    got, start, end = match.groupdict(), match.start(), match.end()
    whole = lambda name: int(got[name]) if got[name] else None  # noqa: E731
    if got["iy"]:
        return [(whole("iy"), int(got["im"]), whole("id"), start, end)]
    if got["hy"]:
        return [(whole("hy"), int(got["hm"]), whole("hd"), start, end)]
    if got["vy"]:
        return [(whole("vy"), MONTHS[got["vmonth"].lower()], whole("vd"), start, end)]
    if got["n1"]:
        first, second = int(got["n1"]), int(got["n2"])
        # The day comes first everywhere here; only a second part above 12 can be an American's day.
        day, month = (second, first) if second > 12 >= first else (first, second)
        year = int(got["ny"])
        return [(year + 2000 if year < 100 else year, month, day, start, end)]
    if got["d"]:
        its_month, its_year = MONTHS[got["month"].lower()], whole("y")
        if not got["d2"]:
            return [(its_year, its_month, whole("d"), start, end)]
        middle = match.start("d2")
        return [
            (its_year, its_month, whole("d"), start, match.end("d")),
            (its_year, its_month, whole("d2"), middle, end),
        ]
    if got["umonth"]:
        return [(whole("uy"), MONTHS[got["umonth"].lower()], whole("ud"), start, end)]
    if got["mmonth"]:
        return [(whole("my"), MONTHS[got["mmonth"].lower()], None, start, end)]
    return [(whole("wy"), MONTHS[got["wmonth"].lower()], None, start, end)]


def _real(year: int | None, month: int, day: int | None) -> bool:
    try:
        date(year or 2024, month, day or 1)
    except ValueError:
        return False
    return True


_BETWEEN = re.compile(rf"^{_TO}(?:the\s+|den\s+|dem\s+|dnia\s+)?$", re.I)


def _with_years(text: str, found: list[FoundDate]) -> list[FoundDate]:
    """Give "1 March" of "1 March to 30 April 2027" the year of the second."""
    out = list(found)
    for at in range(len(found) - 2, -1, -1):
        one, other = out[at], out[at + 1]
        if one.year is None and other.year is not None and is_range(text, one, other):
            year = other.year - (one.month > other.month)
            out[at] = FoundDate(one.start, one.end, year, one.month, one.day)
    return out


def is_range(text: str, one: FoundDate, other: FoundDate) -> bool:
    """Say whether only a word such as "to" or a dash stands between two dates."""
    between = text[one.end : other.start]
    return (
        len(between) <= 20
        and _BETWEEN.match(between.replace("r.", "").replace(".", " ").strip(" ,") or "-") is not None
    )
