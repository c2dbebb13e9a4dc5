"""The parts of a roadmap's PDF, in the order of its page: the same views, as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table, TableStyle

from bot.web.changes_view import ChangesView
from bot.web.funding_view import CashView, FundingView, LineView
from bot.web.roadmap_pdf_cash import CashPicture
from bot.web.roadmap_pdf_text import PLAIN, RULE, TINT, Words, plain
from bot.web.roadmap_pdf_timeline import MOST_DRAWN, TimelinePicture, axis_of, lines_of
from bot.web.roadmap_view import PhaseView, RoadmapView, StepView
from bot.web.timeline import Timeline
from knowledge_base.store.roadmap_notes import RoadmapNote

OWN_WORD = "This is your adviser’s own word, not from the records."
MOST_SUM, MOST_NAME = 60, 300
MOST_LEFT_BLANK = 330  # points at the foot of a page, so that a picture stands on one
SIGNS = {"good": "✓", "new": "+", "gone": "–"}
BADGES = {"likely": "✓", "unlikely": "✗", "unsure": "?"}


class Heading(Paragraph):
    """A heading that the outline leads to."""

    key = title = ""  # also of its second half, where one is too long for a page
    level = 0

    def draw(self) -> None:
        if self.key:
            self.canv.bookmarkHorizontal(self.key, 0, self.height + 8)
            self.canv.addOutlineEntry(self.title, self.key, self.level, closed=0)
        super().draw()


class Parts:
    """Writes one roadmap, ``width`` points wide."""

    def __init__(self, words: Words, width: float) -> None:
        self.words = words
        self.width = width
        self._marks = 0

    def opening(self, view: RoadmapView) -> Iterator[Flowable]:
        yield self.words.say("title", view.needs or "What to do, in order", most=MOST_NAME)
        steps = f"{view.steps} {'step' if view.steps == 1 else 'steps'}, in the order that works"
        ago = f", {view.days_ago} days ago" if view.days_ago > 1 else ""
        lead = steps if view.steps else "Nothing we hold fits"
        yield self.words.say("lead", f"{lead}, as things stood on {view.on}{ago}.")

    def note(self, note: RoadmapNote | None) -> Iterator[Flowable]:
        """What the adviser wrote, in a box of its own that says whose word it is."""
        if note is None:
            return
        from_whom = self.words.safe(f"From {note.signed}", MOST_NAME)
        said = self.words.safe(note.words, lines=True).replace("\n", "<br/>")
        markup = f"<b>{from_whom}</b><br/>{said}<br/><i>{OWN_WORD}</i>"
        yield self._head("note", markup, "From your adviser")

    def changes(self, changed: ChangesView) -> Iterator[Flowable]:
        if changed.changes:
            yield self._section("What changed, and why")
            yield self.words.say("intro", f"Planned again on {changed.on}.")
            for change in changed.changes:
                yield self.words.say("item", change.words, SIGNS.get(change.mark, "•"))
        if changed.done:
            yield self._section("Done so far")
            for name, noted in changed.done:
                yield self.words.say("item", f"{name}. {noted}" if noted else name, "✓")

    def facts(self, facts: tuple[tuple[str, str], ...]) -> Iterator[Flowable]:
        if facts:
            yield self._section("Based on what you told us")
            for label, value in facts:
                yield self.words.marked("told", self.words.safe(value), plain(label, 60))

    def when(self, timeline: Timeline | None, today: date) -> Iterator[Flowable]:
        """The steps in time as a picture, and beneath it those that no day is known of."""
        if timeline is None:
            return
        numbered = list(enumerate(timeline.spans, 1))
        dated = [(number, span) for number, span in numbered if span.dated]
        undated = [f"{number}. {span.name}" for number, span in numbered if not span.dated]
        drawn = [span for _, span in dated[:MOST_DRAWN]]
        lines = lines_of(dated[:MOST_DRAWN])
        axis = axis_of(drawn, today, self.width)
        picture = TimelinePicture(lines, axis, today, self.words.look, self.width)
        heading = self._section("When")
        heading.keepWithNext = 0  # or a picture longer than the rest of a page would leave that blank
        yield CondPageBreak(min(picture.height + 40, MOST_LEFT_BLANK))
        yield heading
        yield picture
        if len(dated) > MOST_DRAWN:
            told = f"The first {MOST_DRAWN} of {len(dated)} steps with a day are drawn; all are told below."
            yield self.words.say("small", told)
        if undated:
            more = len(undated) - MOST_DRAWN
            named = [self.words.safe(each, MOST_NAME) for each in undated[:MOST_DRAWN]]
            named += [f"and {more} more"] if more > 0 else []
            told = f"<b>Any time:</b> {'; '.join(named)}."
            yield self.words.marked("small", told)

    def phase(self, phase: PhaseView) -> Iterator[Flowable]:
        yield self._section(phase.name)
        if phase.intro:
            yield self.words.say("intro", phase.intro)
        for step in phase.steps:
            whole = list(self._step(step))
            whole[-2].keepWithNext = 1  # so that a source never stands alone on the next page
            yield from whole

    def gaps(self, gaps: tuple[tuple[str, str], ...]) -> Iterator[Flowable]:
        if gaps:
            yield self._section("What we found nothing for")
            for need, reason in gaps:
                yield self.words.say("h4", need)
                yield self.words.say("body", reason)

    def funding(self, funding: FundingView | None) -> Iterator[Flowable]:
        if funding is None:
            return
        yield self._section("Who pays for what")
        if funding.words:
            yield self.words.say("body", f"{funding.words}.")
        if funding.groups or funding.totals or funding.cost:
            yield self._money(funding)
        if funding.fillers:
            yield self.words.say("h4", "What could fill the rest")
            for name, kind, words in funding.fillers:
                told = (
                    f"<b>{self.words.safe(name, MOST_NAME)}</b>{self._kind(kind)}: {self.words.safe(words)}"
                )
                yield self.words.marked("item", told, "•")
        if funding.cash:
            yield from self._cash(funding.cash)
        taken = funding.taken + (funding.cash.taken if funding.cash else ())
        if taken:
            yield self.words.say("h4", "What this takes as given")
            for each in taken:
                yield self.words.say("item", f"{each}.", "•")

    def onward(self, view: RoadmapView, email: str, url: str) -> Iterator[Flowable]:
        yield self._section("From here")
        if view.next_question:
            sharper = f"One thing would make this surer: {view.next_question}. Tell us in the conversation."
            yield self.words.say("body", sharper)
        change = "Things change: offers open and close. Look at the source of a step before you act on it"
        ask = f", or ask {self.words.safe(email, MOST_NAME)}" if email else ""
        yield self.words.marked("body", f"{change}{ask}.")
        page = self.words.link(url, url)
        yield self.words.marked("body", f"This roadmap as it is today, with its steps to tick off: {page}")

    def cut_short(self, url: str) -> Iterator[Flowable]:
        """Say that the rest stands on the page, where it is too long for a PDF."""
        words = type(self.words)(self.words.look)
        told = f"This roadmap is too long for a document. The rest stands on its page: {words.link(url, url)}"
        yield words.marked("overdue", told)

    def _step(self, step: StepView) -> Iterator[Flowable]:
        say = self.words.say
        name = f"{step.number}. {step.name}"
        yield self._head("step", self.words.safe(name, MOST_NAME), name, level=1)
        if step.subtitle:
            yield say("under", step.subtitle, most=MOST_NAME)
        yield say("badge", f"{BADGES.get(step.verdict, '?')} {step.verdict_words}")
        if step.overdue:
            yield say("overdue", step.overdue)
        if step.summary:
            yield say("body", step.summary)
        for label, value in step.facts:
            booking = label == "Book"
            yield self._fact(label, self.words.link(value, value) if booking else self.words.safe(value))
        for title, items in step.lists:
            yield say("h4", title)
            for item in items:
                yield say("item", item, "•")
        if step.reserve:
            yield self.words.marked(
                "body", f"<b>If it falls through:</b> {self.words.safe(step.reserve, MOST_NAME)}"
            )
        source = step.source
        title = self.words.link(source.url, source.title, MOST_NAME)
        shown = source.url and plain(source.url) != plain(source.title)
        address = f" ({self.words.link(source.url, source.url)})" if shown else ""
        age = self.words.safe(f"{source.written}. {source.age}.")
        yield self.words.marked("small", f"Source: {title}{address}{age}")

    def _money(self, funding: FundingView) -> Table:
        say = self.words.say
        rows: list[list[Any]] = []
        heads: list[int] = []
        if funding.cost:
            rows.append([say("strong", "What it costs"), say("sumhead", funding.cost, most=MOST_SUM)])
        for group in funding.groups:
            heads.append(len(rows))
            rows.append([say("strong", group.name), ""])
            rows += [self._line(line) for line in group.lines]
        for label, value in funding.totals:
            rows.append([say("strong", label), say("sumhead", value, most=MOST_SUM)])
        look = [("BACKGROUND", (0, row), (-1, row), HexColor(TINT)) for row in heads]
        return self._table(rows, [self.width * 0.72, self.width * 0.28], look)

    def _line(self, line: LineView) -> list[Any]:
        told = [self.words.marked("body", f"{self.words.safe(line.name, MOST_NAME)}{self._kind(line.kind)}")]
        told += [self.words.say("small", note, most=MOST_NAME) for note in line.notes]
        sum = f"− {line.sum}" if line.counted else line.sum
        return [told, self.words.say("sum", sum, most=MOST_SUM)]

    def _kind(self, kind: str) -> str:
        return (
            f' <font color="{self.words.look.text}">{self.words.safe(kind, MOST_SUM)}</font>' if kind else ""
        )

    def _cash(self, cash: CashView) -> Iterator[Flowable]:
        yield self.words.say("h4", "What you have to carry meanwhile")
        told = f"{cash.words}: spent by then, and not yet covered by money that has come in."
        yield self.words.say("intro", told)
        if cash.wide:
            yield CashPicture(cash.wide, self.words.look, self.width)
        head: list[Any] = [
            self.words.say("strong" if not at else "sumhead", word)
            for at, word in enumerate(("Month", "Spent", "Comes in", "Carried"))
        ]
        rows = [
            [self.words.say("body" if not at else "sum", cell, most=MOST_SUM) for at, cell in enumerate(row)]
            for row in cash.rows
        ]
        yield self._table([head, *rows], [self.width * 0.28] + [self.width * 0.24] * 3, [], repeat=1)

    def _table(self, rows: list[list[Any]], widths: list[float], look: list[Any], repeat: int = 0) -> Table:
        lines = ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(RULE))
        top = ("VALIGN", (0, 0), (-1, -1), "TOP")
        tight = [("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5)]
        font = ("FONTNAME", (0, 0), (-1, -1), PLAIN)
        style = TableStyle([font, lines, top, *tight, *look])
        return Table(rows, widths, style=style, repeatRows=repeat, spaceBefore=4, spaceAfter=6)

    def _fact(self, label: str, markup: str) -> Paragraph:
        return self.words.marked("fact", markup, plain(label, 40))

    def _section(self, words: str) -> Heading:
        return self._head("h2", self.words.safe(words, MOST_NAME), words)

    def _head(self, style: str, markup: str, title: str, level: int = 0) -> Heading:
        self._marks += 1
        heading = Heading(markup, self.words.look.styles[style])
        heading.key, heading.title, heading.level = f"part-{self._marks}", plain(title, 120), level
        return heading
