"""Read which offers a business has used, and which are out: they said no to it, or it will not have them."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.offer_names import Mention

_REACH = 6
_FAR = 10  # words between an offer and what is said of its refusal
_LEADING = frozenset({"the", "that", "this", "to", "in", "on", "doing", "a", "your", "about", ","})
_LINKING = frozenset({"is", "'s", "really", "just", "one", "are", "was"})


def progress(
    heard: Heard, mentions: Sequence[Mention], shown: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the offers done, the offers that said no, and those the owner would rather not do.

    A name two offers share, and a refusal that names none while several are shown, settle nothing.
    """
    done: list[str] = []
    refused: list[str] = []
    skipped: list[str] = []
    no_said = bool(heard.at("progress.turned_down"))
    chain = False
    last_end = -9
    for mention in mentions:
        sure = mention.offers if len(mention.offers) == 1 or _pointed(heard, mention) else ()
        no_at = heard.around("progress.turned_down", mention.start - _FAR, mention.end + _FAR)
        if any(_near(heard, start, end, mention, _FAR) for start, end in no_at):
            refused += sure
            continue
        if _declined(heard, mention):
            skipped += sure
            continue
        joined = chain and set(heard.message.lows[last_end : mention.start]) <= {",", "and", "the", "&"}
        chain = joined or _is_done(heard, mention)
        last_end = mention.end
        if chain:
            done += sure
    if no_said and not refused and not mentions and len(shown) == 1:
        refused += shown
    if (
        heard.asked == "done"
        and heard.short
        and not refused
        and not skipped
        and not done
        and not {"not", "haven't", "no"} & set(heard.message.lows)
    ):
        done += [id for mention in mentions for id in mention.offers if len(mention.offers) == 1]
    return tuple(dict.fromkeys(done)), tuple(dict.fromkeys(refused)), tuple(dict.fromkeys(skipped))


def _declined(heard: Heard, mention: Mention) -> bool:
    """Say whether the owner waves an offer away: "no thanks to the first", "skip step 2"."""
    message = heard.message
    answers = set(heard.starts("refusal.silence")) if heard.asked is not None else set()
    if "?" in message.after_mark(mention.end):
        return False
    for start, end in heard.around("progress.declined", mention.start - 2, mention.start):
        between = message.lows[end : mention.start]
        if end <= mention.start and len(between) <= 2 and set(between) <= _LEADING and start not in answers:
            lead = set(message.before(start, 3))
            return not lead & {"they", "he", "she", "if", "should", "can", "not", "don't", "never", "why"}
    return any(
        start == mention.end or (start == mention.end + 1 and message.low(mention.end) in _LINKING)
        for start, _ in heard.around("progress.declined_after", mention.end, mention.end + 1)
    )


def _pointed(heard: Heard, mention: Mention) -> bool:
    return heard.message.low(mention.start) in {"first", "last", "both"}


def _is_done(heard: Heard, mention: Mention) -> bool:
    message = heard.message
    for start, end in heard.around("progress.done", mention.start - _REACH, mention.start):
        gap = mention.start - end
        if 0 <= gap <= _REACH and not any(
            message.ends_clause(i) or message.low(i) in {"but", "and"} for i in range(end, mention.start)
        ):
            wondering = {"about", "whether", "if"} & set(message.lows[end : mention.start])
            wondering |= {"why"} & set(
                message.before(start, 5)
            )  # “why did you not suggest it” tells of nothing
            if not wondering and not _denied(heard, start):
                return "?" not in message.after_mark(mention.end) or message.low(start) not in {"used", "did"}
    for start, _ in heard.around("progress.done_after", mention.end, mention.end + 1):
        if 0 <= start - mention.end <= 1 and not _denied(heard, mention.start) and not _denied(heard, start):
            return True
    return False


def _denied(heard: Heard, start: int) -> bool:
    ends = heard.ends("progress.not_done")
    clause = heard.message.before(start, 5)
    return any(start - i in ends for i in range(len(clause[:4]))) or clause[:1] == ["to"]


def _near(heard: Heard, start: int, end: int, mention: Mention, reach: int) -> bool:
    low, high = min(start, mention.start), max(end, mention.end)
    gap = mention.start - end if mention.start >= end else start - mention.end
    return gap <= reach and not any(heard.message.ends_clause(i) for i in range(low, high))
