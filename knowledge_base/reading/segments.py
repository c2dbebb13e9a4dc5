"""Say where a turn of phrase stands: does it open what is said, does it close it."""

from __future__ import annotations

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed


def opens(heard: Heard, start: int) -> bool:
    """Say whether only describing words stand between the start of a segment and a word.

    After a comma "the energy company" and "a distributor" go on a list of others, but for after "we are".
    """
    message = heard.message
    at = start - 1
    articles = {"the", "a", "an"} & set(message.before(start, 3))
    while at >= 0 and not message.ends_segment(at):
        if message.low(at) not in listed("sector.leads") and at not in heard.places:
            return False
        at -= 1
    if articles and at >= 0 and not message.ends_clause(at):
        return bool({"we're", "i'm", "are", "am", "client"} & set(message.before(at, 12)))
    return True


def closes(heard: Heard, end: int) -> bool:
    """Say whether nothing but where it is follows."""
    message = heard.message
    near = {"in", "near", "nr", "based", "at", "outside", "from", "with", "since", "–"}
    return end >= len(message) or message.ends_segment(end) or message.low(end) in near or end in heard.places
