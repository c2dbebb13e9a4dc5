"""A business that asked for a person, as its team sees it: the card, what is said, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, confirm, context, header, section
from bot.slack.blocks.steps import MARKS
from bot.slack.blocks.text import Block, Message, bold, cut, link, plain, sections, told, whole
from bot.web.formats import as_day, day, sentence
from knowledge_base import labels
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import (
    HELPED,
    IN_CONTACT,
    NEW,
    NOT_FOR_US,
    TAKEN,
    UNREACHABLE,
    Line,
    Referral,
)

STATES = {
    NEW: "Nobody has taken it yet",
    TAKEN: "Taken",
    IN_CONTACT: "In contact",
    HELPED: "Closed: helped",
    NOT_FOR_US: "Closed: not for us",
    UNREACHABLE: "Closed: could not be reached",
}
SIGNS = {NEW: "●", TAKEN: "◐", IN_CONTACT: "◐"}
BY_HAND = "by hand"  # what the console notes of a referral that somebody gives to the lead
MOST_STEPS = 7
MOST_PARTS = 3  # of a long line; all of it is in the plain text


def referral_card(
    referral: Referral,
    *,
    areas: Sequence[str] = (),
    document: Mapping[str, Any] | None = None,
    url: str = "",
    holder: str = "",
    why: str = "",
    note: str = "",
    private: bool = False,
) -> Message:
    """Show a referral to its team; name and contact only once it is taken.

    Args:
        areas: the names of where the business is.
        document: its roadmap, shown in short; ``url`` is its page.
        holder: the name of the broker who has it.
        why: why it came to this team.
        note: one more line, such as what the team before wrote.
        private: who it is was told to whoever has it alone, and is left out here.
    """
    needs = sentence(labels.joined(labels.needs(referral.needs))) or "Something we have no word for"
    state = _state(referral, holder)
    facts = [
        _who(referral, private),
        f"_Where:_ {told(labels.joined(areas), 200)}" if areas else "",
        f"_Sector:_ {told(labels.code_told('sector', referral.sector), 100)}" if referral.sector else "",
        f"_In their words:_ {told(referral.words, 500)}" if plain(referral.words) else "",
        *(f"• {told(words, 250)}" for words in referral.recap[:8]),
    ]
    steps = steps_of(document) if document else []
    short = [_step_line(number, step) for number, step in enumerate(steps[:MOST_STEPS], 1)]
    more = [f"and {len(steps) - MOST_STEPS} more"] if len(steps) > MOST_STEPS else []
    page = link(url, "The roadmap the owner sees", 60) if url else ""
    blocks = [
        header(f"Somebody asks for a person: {needs}"),
        section(f"{SIGNS.get(referral.state, '✓')} *{told(state, 150)}*"),
        *(section(part) for part in sections(line for line in facts if line)),
        *(section(part) for part in sections(["*Their roadmap in short*", *short, *more]) if short),
        *([section(told(note, 600))] if plain(note) else []),
    ]
    row = _buttons(referral)
    small = [told(f"Referral {referral.code}", 80), page, told(why, 250)]
    text = [
        cut(f"Somebody asks for a person: {needs}. {state}.", 1500),
        plain(_who(referral, private)).replace("*", "").replace("_", ""),
        f"Where: {labels.joined(areas)}." if areas else "",
        cut(f"In their words: {plain(referral.words)}", 2000) if plain(referral.words) else "",
        *(cut(plain(words), 600) for words in referral.recap),
        *(_step_words(number, step) for number, step in enumerate(steps[:MOST_STEPS], 1)),
        cut(plain(note), 1000),
        f"Referral {plain(referral.code)}. {plain(why)} {url}",
    ]
    return Message(whole(text), [*blocks, *([row] if row else []), context(*small)])


def _state(referral: Referral, holder: str) -> str:
    words = STATES.get(referral.state, referral.state)
    with_ = f" by {holder}" if holder and referral.state == TAKEN else f", {holder}" if holder else ""
    waits = (
        f"; to be answered by {day(as_day(referral.due_at))}"
        if referral.state == NEW and referral.due_at
        else ""
    )
    live = "; what you write in this thread goes to the owner" if referral.live and referral.open else ""
    return f"{words}{with_}{waits}{live}"


def _who(referral: Referral, private: bool) -> str:
    if referral.state == NEW:
        return "_Who:_ shown to whoever takes it"
    if private:
        return "_Who:_ shown to whoever has it, in a direct message"
    if referral.code_only:
        return "_Who:_ left no name or number, and will quote the code"
    return f"_Who:_ {bold(referral.name, 200) or 'no name'}, {told(referral.contact, 300)}"


def _buttons(referral: Referral, lead: bool = False) -> Block | None:
    code = referral.code
    pass_on = button("Pass on", verbs.PASS_ON, code)
    if referral.state == NEW:
        # A lead has nobody left to give it back to.
        ends = button("How it ended", verbs.OUTCOME, code)
        return actions(
            button("Take it", verbs.TAKE, code, style="primary"),
            pass_on,
            ends if lead else button("Not for us", verbs.DECLINE, code),
        )
    if not referral.open:
        return None
    sure = confirm(
        "Hand the chat back?",
        "Fingerpost answers the owner's chat again. The referral stays with whoever has it; what they write "
        "next in the thread goes to the owner again.",
        "Hand back",
    )
    contacted = button("We are in contact", verbs.CONTACTED, code) if referral.state == TAKEN else None
    return actions(
        button("Answer", verbs.ANSWER, code, style="primary"),
        contacted,
        button("How it ended", verbs.OUTCOME, code),
        pass_on,
        button("Hand back", verbs.HAND_BACK, code, confirm=sure),
    )


def _step_line(number: int, step: Mapping[str, Any]) -> str:
    by = as_day(step.get("apply_by"))
    until = f", apply by {day(by)}" if by else ""
    mark = MARKS.get(str(step.get("verdict")), "?")
    return f"{number}. {mark} {link(_address(step), step.get('name') or step.get('offer'), 150)}{until}"


def _step_words(number: int, step: Mapping[str, Any]) -> str:
    by = as_day(step.get("apply_by"))
    verdict = labels.verdict(str(step.get("verdict")))
    name = cut(plain(step.get("name") or step.get("offer")), 300)
    return f"{number}. {name}: {verdict}{f', apply by {day(by)}' if by else ''}."


def _address(step: Mapping[str, Any]) -> Any:
    source = step.get("source")
    return source.get("url") if isinstance(source, Mapping) else source


def thread_line(line: Line, who: str = "") -> Message:
    """Write one line of a conversation into the broker's thread; ``who`` is who wrote it."""
    if line.ours:
        small = sections(_told_lines(line.text))[:MOST_PARTS]
        return Message(whole([line.text]), [context(part) for part in small])
    name = plain(who) or ("The owner" if line.side == "owner" else "A colleague")
    parts = sections([f"*{told(name, 100)}:*", *(f"&gt; {each}" for each in _told_lines(line.text))])
    return Message(whole([f"{name}: {line.text}"]), [section(part) for part in parts[:MOST_PARTS]])


def _told_lines(text: str) -> list[str]:
    """Return safe lines, long ones in several, so that none is cut."""
    found: list[str] = []
    for line in plain(text, lines=True).split("\n"):
        words = line
        while words:
            part = cut(words, 500)
            head = part.removesuffix("…") if part != words else part
            found.append(told(head, 2900))
            words = words[len(head) :].strip()
    return found or ["…"]


def reminder(referral: Referral, days: int) -> Message:
    """Remind a team of a referral nobody has answered for some days."""
    needs = labels.joined(labels.needs(referral.needs)) or "help"
    ago = "a day" if days == 1 else f"{days} days"
    held = "it is taken, and nobody has been in contact" if referral.state == TAKEN else "nobody has taken it"
    words = f"Somebody has waited {ago} for an answer about {needs}: {held}."
    if referral.state == IN_CONTACT:
        words = "The owner wrote here more than a day ago, and nobody has answered. Write here, or hand back."
    row = _buttons(referral)
    return Message(
        whole([words, f"Referral {plain(referral.code)}."]),
        [
            section(f"⏱ {told(words, 500)}"),
            *([row] if row else []),
            context(told(f"Referral {referral.code}", 80)),
        ],
    )


def escalation(
    referral: Referral, days: int, team: str = "", url: str = "", *, declined: bool = False, why: str = ""
) -> Message:
    """Tell the hub's lead of a referral that no team has.

    Args:
        team: the name of the one that had it last.
        declined: it said that this is not for it, for the reason ``why``; else it did not answer, unless
            ``why`` says in a sentence what happened instead.
    """
    needs = labels.joined(labels.needs(referral.needs)) or "help"
    ago = f"{days} {'day' if days == 1 else 'days'} ago" if days else "today"
    since = "nobody has it now" if referral.first_answer_at else "has had no answer"
    words = f"A business asked for a person about {needs} {ago}, and {since}. "
    if not plain(team):
        words += "There is no team we could find for it. "
    elif declined:
        words += (
            f"The team {plain(team)} declined it{': “' + cut(plain(why), 300) + '”' if plain(why) else ''}. "
        )
    elif plain(why):
        how = ", and it was given to you by hand." if why == BY_HAND else f". {cut(plain(why), 300)}"
        words += f"The team {plain(team)} had it last{how} "
    else:
        words += f"The team {plain(team)} had it and did not answer in time. "
    words += "Pass it on, or take it yourself."
    row = _buttons(referral, lead=True)
    page = link(url, "The roadmap the owner sees", 60) if url else ""
    return Message(
        whole([words, f"Referral {plain(referral.code)}. {url}"]),
        [
            section(f"⚠ {told(words, 1500)}"),
            *([row] if row else []),
            context(told(f"Referral {referral.code}", 80), page),
        ],
    )
