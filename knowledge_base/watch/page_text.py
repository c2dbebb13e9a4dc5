"""Read the visible text of a web page, block by block, in time that grows with its length.

The standard library's parser takes seconds for 20 KB of unclosed quotes; this one looks at every character
a fixed number of times, whatever the page. Nothing in a page is ever executed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge_base.watch.cues import whole

LONGEST = 2 * 1024 * 1024
MOST_BLOCKS = 5_000
LONGEST_BLOCK = 4_000

_RAW = frozenset(
    re.findall(
        r"\w+",
        "script style noscript template textarea title svg iframe math select object",
    )
)
_VOID = frozenset(
    re.findall(
        r"\w+",
        "area base br col embed hr img input link meta source track wbr param",
    )
)
_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br button caption center dd details div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section "
        "summary table tbody tfoot thead tr ul",
    )
)
_CELLS = frozenset(("td", "th"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ASIDE = frozenset(("nav", "footer", "aside"))
_ASIDE_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog")
)
_ASIDE_NAMES = re.compile(
    r"cookie|consent|gdpr|breadcrumb|(?:^|[\s_-])(?:nav|navbar|menu|sidebar|footer|related|newsletter|news|teaser"
    r"|promo|social|share|sharing|comments?|popup|modal|skip|ticker|carousel|slider)(?:$|[\s_-])",
    re.I,
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{2,20})\s*=\s*(?:\"([^\"]{0,400})|'([^']{0,400})|([^\s\"'>]{1,200}))")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[\s\u00a0\u200b\u2007\u202f\ufeff]+")
_CELL_ENDS = re.compile(r"(?: ?\| ?)+")
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or table row as it is read, under its nearest heading.

    ``aside`` says that it belongs to menus, banners, news or other things around the page's own matter.
    """

    text: str
    heading: str = ""
    aside: bool = False


@dataclass(slots=True)
class _Reading:
    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says: its title, its language as the page names it, and its blocks in order."""

    title: str
    language: str
    blocks: tuple[Block, ...]

    @property
    def main(self) -> str:
        """The page's own matter as one text, a block to a line."""
        return "\n".join(block.text for block in self.blocks if not block.aside)


def read_page(source: str) -> PageText:
    """Return the visible text of a page; any text at all gives an answer, and none an error."""
    reading, builder = _Reading(), _Builder()
    for kind, name, rest in _tokens(source[:LONGEST]):
        if kind == "text":
            builder.text(rest)
        elif kind == "title":
            reading.title = reading.title or _plain(rest)[:300]
        elif kind == "open":
            if name == "html":
                reading.language = reading.language or _attributes(rest).get("lang", "")[:2].lower()
            builder.open(name, rest)
        else:
            builder.close(name)
        if len(builder.blocks) >= MOST_BLOCKS:
            break
    builder.flush()
    return PageText(reading.title, reading.language, tuple(builder.blocks))


def read_plain(source: str) -> PageText:
    """Return a page of plain text: an empty line ends a block."""
    parts = (_plain(part) for part in source[:LONGEST].split("\n\n")[:MOST_BLOCKS])
    return PageText("", "", tuple(Block(part[:LONGEST_BLOCK]) for part in parts if part))


class _Builder:
    """Put text together into blocks, and keep account of what stands around the page's own matter."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._open: list[tuple[str, bool]] = []  # elements with whether an aside begins with them
        self._asides = 0
        self._headings: dict[int, str] = {}
        self._level = 0  # of the heading being read

    def open(self, name: str, attributes: str) -> None:
        self._break(name)
        if name in _VOID or attributes.endswith("/"):
            return
        if name in ("main", "h1"):
            self._unwrap()
        aside = _is_aside(name, attributes)
        self._asides += aside
        if len(self._open) < 2_000:
            self._open.append((name, aside))
        else:
            self._asides -= aside
        self._level = _HEADINGS.get(name, self._level)

    def _unwrap(self) -> None:
        """Take back what a class name said of the elements around the page's own matter ("has-sidebar")."""
        self._open = [(name, aside and name in _ASIDE) for name, aside in self._open]
        self._asides = sum(aside for _, aside in self._open)

    def close(self, name: str) -> None:
        self._break(name)
        if name in _HEADINGS:
            self._level = 0
        # A closing tag closes what is open inside it; one that closes nothing near is left alone.
        for back in range(1, min(len(self._open), 12) + 1):
            if self._open[-back][0] == name:
                self._asides -= sum(aside for _, aside in self._open[-back:])
                del self._open[-back:]
                return

    def text(self, text: str) -> None:
        if text and self._length < LONGEST_BLOCK:
            self._parts.append(text[:LONGEST_BLOCK])
            self._length += len(text)

    def flush(self) -> None:
        text = _CELL_ENDS.sub(" | ", _plain("".join(self._parts))).strip("| ")[:LONGEST_BLOCK]
        self._parts, self._length = [], 0
        if not text:
            return
        if self._level:
            self._headings = {level: words for level, words in self._headings.items() if level < self._level}
            self._headings[self._level] = text
        aside = self._asides > 0 or any(about_others(words) for words in self._headings.values())
        heading = self._headings[max(self._headings)] if self._headings else ""
        self.blocks.append(Block(text, "" if heading == text else heading, aside))

    def _break(self, name: str) -> None:
        if name in _CELLS or name == "dd" or (name == "dt" and self._parts and self._ends_dt()):
            self._parts.append(" | ")
        elif name in _BREAKS:
            self.flush()

    def _ends_dt(self) -> bool:
        return bool(self._open) and self._open[-1][0] == "dt"


def about_others(heading: str) -> bool:
    """Say whether what stands under a heading is news, events or other schemes, not the page's own."""
    return len(heading) <= 80 and whole("others").match(heading) is not None


def _is_aside(name: str, attributes: str) -> bool:
    if name in _ASIDE:
        return True
    if not attributes or name in ("html", "body", "main"):
        return False
    told = _attributes(attributes)
    if told.get("role", "") in _ASIDE_ROLES or told.get("aria-hidden") == "true":
        return True
    if re.search(r"(?:^|\s)hidden(?:\s|=|/|$)", attributes) or _HIDDEN.search(told.get("style", "")):
        return True
    return any(_ASIDE_NAMES.search(told.get(each, "")) for each in ("class", "id"))


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written[:2_000]):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found


def _plain(text: str) -> str:
    return _SPACES.sub(" ", html.unescape(text)).strip()


def _tokens(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield ("text", "", text), ("title", "", text), ("open", name, attributes), ("close", name, "").

    What is looked for and not found is not looked for again, so that no page is read more than a few times.
    """
    search = _Search(source)
    at, length = 0, len(source)
    while at < length:
        start = search.find("<", at)
        if start < 0:
            yield "text", "", source[at:]
            return
        if start > at:
            yield "text", "", source[at:start]
        name = _TAG_NAME.match(source, start + 1)
        if name is None:
            at = _past_other(source, start, search)
            if at == start + 1:
                yield "text", "", "<"
            continue
        end = _end_of_tag(source, name.end(), search)
        tag = name[1].lower()
        if source[start + 1] == "/":
            yield "close", tag, ""
            at = end
            continue
        rest = source[name.end() : max(name.end(), end - 1)].strip()
        at = end
        if tag in _RAW and not rest.endswith("/"):
            close = search.find_close(tag, end)
            if close < 0:
                continue
            if tag == "title":
                yield "title", "", source[end:close]
            at = close
            continue
        yield "open", tag, rest


class _Search:
    """Find in one text, remembering what is not there any more."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lower: str | None = None
        self._gone: dict[str, int] = {}

    def find(self, what: str, at: int) -> int:
        if at >= self._gone.get(what, len(self._source) + 1):
            return -1
        found = self._source.find(what, at)
        if found < 0:
            self._gone[what] = min(at, self._gone.get(what, at))
        return found

    def find_close(self, tag: str, at: int) -> int:
        if self._lower is None:
            # The same length as the source, whatever letters it has.
            self._lower = self._source.translate(_LOWER)
        what = f"</{tag}"
        if at >= self._gone.get(what, len(self._source) + 1):
            return -1
        found = self._lower.find(what, at)
        if found < 0:
            self._gone[what] = min(at, self._gone.get(what, at))
        return found


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_OF_TAG = re.compile(r"[\"'>]")


def _end_of_tag(source: str, at: int, search: _Search) -> int:
    """Return where a tag is over: past the first > that stands in no quotes."""
    begun = at
    while True:
        mark = _OF_TAG.search(source, at)
        if mark is None:
            return len(source)
        if mark[0] == ">":
            return mark.end()
        # Only a quote that opens a value counts: an apostrophe elsewhere is a slip.
        opens = source[max(begun, mark.start() - 1) : mark.start()] == "="
        close = search.find(mark[0], mark.end()) if opens or source[mark.start() - 1] == " " else -1
        at = mark.end() if close < 0 else close + 1


def _past_other(source: str, start: int, search: _Search) -> int:
    """Return where a comment, a declaration or a lone < is over."""
    if source.startswith("<!--", start):
        end = search.find("-->", start + 4)
        return len(source) if end < 0 else end + 3
    if source.startswith(("<!", "<?", "</"), start):
        end = search.find(">", start)
        return len(source) if end < 0 else end + 1
    return start + 1
