"""Words for a PDF: fonts that hold them, styles in the hub's colours, and nothing in them read as markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from bot.web.formats import web_address
from bot.web.palette import INK, MARK, WHITE, ink_on, main_colour, readable
from bot.web.text import mended

PLAIN, BOLD = "Fingerpost", "Fingerpost-Bold"
FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
DIM, RULE, TINT = "#565f5a", "#d4d6cf", "#f3f2ec"
MOST_CHARACTERS = 2_000  # of one text
MOST_IN_ALL = 200_000
LONGEST_LINK = 2_000
_URL_SIGNS = "%/:=&?~#+!$,;'@()*[]"
_ORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Full(Exception):
    """A document holds as much as a PDF of ours takes; the rest stands on the page."""


@cache
def register_fonts() -> None:
    """Make the fonts known: DejaVu Sans, which holds the letters of all hubs' languages, and is embedded."""
    import matplotlib  # its data folder has the fonts; nothing is drawn with it here

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def plain(value: Any, most: int = MOST_CHARACTERS, lines: bool = False) -> str:
    """Return a told text without control characters, cut where it is too long; ``lines`` keeps its breaks."""
    text = mended(str("" if value is None else value)).replace("\r\n", "\n").replace("\r", "\n")
    signs = (
        sign if unicodedata.category(sign) not in ("Cc", "Cs") or sign == "\n" else " "
        for sign in text
        if sign not in _ORDERING
    )
    parts = [" ".join(part.split()) for part in "".join(signs).split("\n")]
    text = "\n".join(parts).strip() if lines else " ".join(part for part in parts if part)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def link(address: Any, words: str, colour: str) -> str:
    """Return safe words that open a page; the words alone where it is no web address."""
    found = web_address(plain(address, LONGEST_LINK + 1))
    if found is None or len(found) > LONGEST_LINK:
        return words
    there = quote(found, safe=_URL_SIGNS)
    return f"<link href={quoteattr(there)} color={quoteattr(colour)}>{words}</link>"


@dataclass(frozen=True)
class Look:
    """The styles of one document, and its colours: ``main`` for surfaces, ``text`` and ``mark`` for words."""

    main: str
    on_main: str
    text: str
    mark: str
    styles: Mapping[str, ParagraphStyle]


def look_of(colours: Mapping[str, Any]) -> Look:
    """Return how a hub's documents look: its own colour, moved until words in it can be read on white."""
    register_fonts()
    main = main_colour(colours)
    text, mark = readable(main, WHITE), readable(MARK, WHITE)
    body = ParagraphStyle(
        "body", fontName=PLAIN, fontSize=9.2, leading=13, textColor=INK, spaceAfter=3,
        allowWidows=0, allowOrphans=0, splitLongWords=1, bulletFontName=PLAIN, bulletFontSize=9.2,
    )  # fmt: skip

    def style(name: str, parent: ParagraphStyle = body, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=parent, **more)

    head = style("head", fontName=BOLD, keepWithNext=1, textColor=text)
    styles = [
        body,
        style("title", head, fontSize=19, leading=24, spaceBefore=8, spaceAfter=4),
        style("lead", fontSize=10.5, leading=15, spaceAfter=8),
        style("h2", head, fontSize=13.5, leading=17, spaceBefore=14, spaceAfter=4),
        style("intro", textColor=DIM, keepWithNext=1, spaceAfter=6),
        style("step", head, fontSize=11.5, leading=15, spaceBefore=10, spaceAfter=1, textColor=INK),
        style("under", textColor=DIM, keepWithNext=1, spaceAfter=2),
        style("badge", fontName=BOLD, keepWithNext=1, textColor=text, spaceAfter=2),
        style("overdue", fontName=BOLD, keepWithNext=1, textColor=mark, spaceAfter=2),
        style("h4", fontName=BOLD, keepWithNext=1, spaceBefore=4, spaceAfter=1),
        style("fact", leftIndent=112, bulletFontName=BOLD, bulletFontSize=8.6, spaceAfter=1.5),
        style("told", leftIndent=196, bulletFontName=BOLD, bulletFontSize=8.6, spaceAfter=1.5),
        style("item", leftIndent=12, bulletIndent=2, spaceAfter=1.5),
        style("small", fontSize=8.2, leading=11.5, textColor=DIM),
        style("sum", alignment=TA_RIGHT),
        style("sumhead", alignment=TA_RIGHT, fontName=BOLD),
        style("strong", fontName=BOLD),
        style(
            "note", backColor=TINT, borderColor=text, borderWidth=0.8, borderPadding=8, leftIndent=9,
            rightIndent=9, spaceBefore=18, spaceAfter=22,
        ),
    ]  # fmt: skip
    return Look(main, ink_on(main), text, mark, {each.name: each for each in styles})


class Words:
    """Makes paragraphs of told words, until there are too many."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._left = MOST_IN_ALL

    def safe(self, value: Any, most: int = MOST_CHARACTERS, lines: bool = False) -> str:
        """Return told words as they can stand in a paragraph's markup.

        Raises:
            Full: the document holds as much as it may.
        """
        text = plain(value, most, lines)
        self._left -= len(text) + 20
        if self._left < 0:
            raise Full
        return escape(text)

    def say(
        self, style: str, value: Any, bullet: str | None = None, most: int = MOST_CHARACTERS
    ) -> Paragraph:
        """Return a paragraph of told words."""
        return self.marked(style, self.safe(value, most), bullet)

    def marked(self, style: str, markup: str, bullet: str | None = None) -> Paragraph:
        """Return a paragraph of words that are safe already."""
        return Paragraph(markup or " ", self.look.styles[style], bulletText=bullet)

    def link(self, address: Any, value: Any, most: int = MOST_CHARACTERS) -> str:
        """Return told words that open a page, as safe markup."""
        return link(address, self.safe(value, most), self.look.text)
