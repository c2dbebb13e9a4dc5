"""Why an offer is, or is not, in a client's roadmap: each condition, what it came to, what would help."""

from __future__ import annotations

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, context, section
from bot.slack.blocks.text import Message, bold, cut, link, plain, sections, told, whole
from knowledge_base.brokers.records import Client
from knowledge_base.eligibility import CriterionResult, Result
from knowledge_base.explain import Explanation, sentences
from knowledge_base.fact_tests import LEFT_TO_CHECK

MARKS = {Result.MET: ("✓", "met"), Result.FAILED: ("✗", "not met"), Result.UNKNOWN: ("?", "not known")}
TO_CHECK = ("☐", "check with the provider")
STANDINGS = {
    "step": "a step",
    "reserve": "a reserve",
    "beaten": "not a step: others come first",
    "barred": "not a step: something stands in the way",
    "new": "would be a step now",
}
VOICE = "Worded as the client reads it: “you” is the client."
IN_PLACE = ("step", "reserve")


def explain(found: Explanation, client: Client) -> Message:
    """Say how an offer stands to a client's roadmap: in sentences, then condition by condition."""
    standing = STANDINGS.get(found.standing, found.standing)
    if found.standing == "step" and found.step:
        standing = f"step {found.step}"
    said = sentences(found)
    pages = {each.source.url for each in found.assessment.criteria if each.source.url}
    one = pages.pop() if len(pages) == 1 else None
    rows = [_row(each, one is None) for each in found.assessment.criteria]
    top = [
        f"{link(one, found.name, 250) if one else bold(found.name, 250)}   {told(standing, 120)}",
        *(told(words, 500) for words in said),
    ]
    conditions = ["*What it asks*", *rows] if rows else ["It asks nothing that its record tells of."]
    blocks = [section(part) for part in [*sections(top), *sections(conditions)[:8]]]
    if found.changes:
        would = [f"• {told(each.words, 400)}" for each in found.changes]
        blocks += [section(part) for part in sections([_would(found), *would])[:3]]
    buttons = [button("Its record", verbs.CARD, client.id, found.offer)]
    if found.changes:
        buttons.append(button("Edit facts", verbs.EDIT, client.id))
    blocks += [context(VOICE), actions(*buttons)]
    return Message(whole(_words(found, standing, said)), blocks)


def _would(found: Explanation) -> str:
    if not all(each.within_reach for each in found.changes):
        return "*What would change it*   Nothing that is in reach; it would take that"
    return (
        "*What would make it a step*"
        if found.lets_in
        else "*What would let it be used, though others come first*"
    )


def _mark(result: CriterionResult) -> tuple[str, str]:
    return TO_CHECK if result.note == LEFT_TO_CHECK else MARKS[result.result]


def _row(result: CriterionResult, with_source: bool) -> str:
    sign, words = _mark(result)
    source = f"  {link(result.source.url, 'source', 30)}" if with_source and result.source.url else ""
    return f"{sign} {told(result.words, 400)}: _{words}_{source}"


def _words(found: Explanation, standing: str, said: list[str]) -> list[str]:
    return [
        cut(f"{plain(found.name)}: {standing}.", 600),
        *(cut(words, 2000) for words in said),
        *(cut(f"{plain(each.words)}: {_mark(each)[1]}.", 800) for each in found.assessment.criteria),
        *(cut(f"If {plain(each.words)}.", 600) for each in found.changes),
        VOICE,
        *dict.fromkeys(
            f"Source: {each.source.url}" for each in found.assessment.criteria[:30] if each.source.url
        ),
    ]
