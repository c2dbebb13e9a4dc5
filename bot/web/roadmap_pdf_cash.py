"""The cash to carry, month by month, drawn on paper from the coordinates its page is drawn with."""

from __future__ import annotations

from reportlab.platypus import Flowable

from bot.web.cash_drawing import CashDrawing
from bot.web.palette import INK
from bot.web.roadmap_pdf_drawing import DOTTED, SOLID, box, fill, line, say
from bot.web.roadmap_pdf_text import RULE, Look

SIZE, KEY = 7.6, 20.0


class CashPicture(Flowable):
    """A drawing of the cash, ``width`` points wide, with what its signs mean beneath."""

    def __init__(self, drawing: CashDrawing, look: Look, width: float) -> None:
        super().__init__()
        self.drawing, self.look = drawing, look
        self.scale = width / drawing.width
        self.width, self.height = width, drawing.height * self.scale + KEY
        self.spaceBefore, self.spaceAfter = 2, 6

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        all_of_it, figures = (0.0, self.width), (0.0, max(self.x(self.drawing.left) - 6, 1.0))
        for number, each in enumerate(self.drawing.lines):
            y = self.y(each.y)
            ends = (self.x(self.drawing.left), y), (self.x(self.drawing.right), y)
            line(self.canv, *ends, RULE if number else INK, 0.6 if number else 1.0)
            if self.drawing.left:
                say(self.canv, figures[1], y - 2.6, each.label, SIZE, share=1, within=figures)
        for bar in self.drawing.bars:
            if bar.height:
                corners = box(
                    self.x(bar.x), self.y(bar.y + bar.height), bar.width * self.scale, bar.height * self.scale
                )
                self._fill(corners, bar.most)
            if bar.received:
                self._comes_in(self.x(bar.middle), self.y(self.drawing.floor) - 9)
            if bar.label:
                y = self.y(self.drawing.floor + 32)
                say(self.canv, self.x(bar.label_x), y, bar.label, SIZE, share=0.5, within=all_of_it)
        at = self.x(self.drawing.most_x), self.y(self.drawing.most_y)
        say(self.canv, *at, self.drawing.most, 9, colour=INK, bold=True, share=0.5, within=all_of_it)
        self._key()

    def x(self, x: float) -> float:
        """Return where an ``x`` of the drawing stands."""
        return x * self.scale

    def y(self, y: float) -> float:
        """Return where a ``y`` of the drawing, which goes down from the top, stands above the foot."""
        return self.height - y * self.scale

    def _fill(self, corners: list[tuple[float, float]], most: bool) -> None:
        colour, pattern = (self.look.mark, DOTTED) if most else (self.look.text, SOLID)
        fill(self.canv, corners, colour, pattern)

    def _comes_in(self, x: float, y: float) -> None:
        fill(self.canv, [(x - 3.2, y), (x, y + 5.6), (x + 3.2, y)], INK)

    def _key(self) -> None:
        self._fill(box(1, 2, 9, 9), False)
        x = say(self.canv, 15, 4, "carried at the end of the month", SIZE) + 18
        self._fill(box(x, 2, 9, 9), True)
        x = say(self.canv, x + 14, 4, "the most", SIZE) + 18
        self._comes_in(x + 4, 3.4)
        say(self.canv, x + 12, 4, "money comes in", SIZE)
