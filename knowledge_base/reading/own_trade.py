"""Take a trade for the business's own in more turns of phrase, and know when it is somebody else's.

"Ten of us on a caravan park", "I would open barber shop", "what does that mean for a funeral director".
"""

from __future__ import annotations

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.segments import closes, opens

_US = frozenset(
    {
        "us",
        "people",
        "persons",
        "staff",
        "employees",
        "workers",
        "friends",
        "mothers",
        "men",
        "women",
        "partners",
    }
)
_OWNING = frozenset(
    {
        "lady",
        "man",
        "woman",
        "couple",
        "person",
        "friends",
        "sisters",
        "brothers",
        "family",
        "owner",
        "partners",
    }
)
_COUNTED = frozenset({"#", "person", "woman", "man"})
_ARTICLES = frozenset({"a", "an", "the", "this", "our", "my"})


def somebody_elses(heard: Heard, start: int, end: int) -> bool:
    """Say whether a trade is a neighbour's, an employer's, or part of what is no business matter."""
    message = heard.message
    if listed("sector.private") & set(message.lows):
        return True
    before = message.before(start, 10)
    nearest = [word for word in before[:4] if word not in listed("sector.leads") or word in {"my", "our"}]
    words = set(message.lows[start:end])
    if words & listed("plainly.advisers") and listed("plainly.on_behalf") & set(message.lows):
        return True
    if end == start + 1 and words & listed("plainly.passing"):
        return True
    runs = {"run", "own", "manage", "bought", "opened", "we're", "i'm", "am", "are", "as"} & set(before)
    if (nearest[:1] == ["my"] and end == start + 1 and words & listed("sector.public")) or (
        nearest[:1] == ["our"] and "web" in words
    ):
        return not runs
    if message.low(start - 1) == "repair" and words & {"café", "cafe"}:
        return True
    if words == {"web", "shop"} or (words & {"trainer", "trainers"} and message.low(start - 1) == "dog"):
        return True  # a shop's page as often as a shop; a teacher as often as a keeper of pets
    if (
        message.low(end - 1) in listed("sector.dealt_with")
        and before[:1]
        and before[0] in _ARTICLES | {"now", "one"}
    ):
        return not runs
    if {"looking", "applying", "apply"} & set(before) and {"work", "job", "jobs"} & set(before):
        return True
    if {"neighbour", "neighbours", "neighbour's", "neighbor"} & set(before):
        return True
    return "any" in before[:3] and "if" not in before


def turned_round(heard: Heard, start: int, end: int, kind: str, sector: str) -> bool:
    """Say whether a trade, premises or goods of the table are the sender's in one of the less plain ways."""
    after = heard.message.after(end, 5)
    if kind in {"goods", "products"} and after[:4] in ([",", "made", "by", "us"], [",", "made", "by", "me"]):
        return True
    if kind == "goods":
        return _own_goods(heard, start, end, sector)
    if _of_some_kind(heard, start, end, kind):
        return True
    if kind not in {"work", "people", "stems"} or heard.message.low(end) in listed("sector.not_after"):
        return False
    if kind == "stems" and _second_hand(heard, start, end):
        return True
    if heard.message.low(start - 1) == "(" and heard.message.low(end) == ")":
        return {"we're", "i'm", "we", "i"} & set(heard.message.before(start, 8)) != set()
    if kind == "stems" and heard.message.low(start - 1) not in {"a", "my", "own", "small", "with"}:
        return False
    if _founded(heard, start, end) or _to_be(heard, start, kind):
        return True
    if kind == "stems":
        return False
    message = heard.message
    return (
        _been(heard, start, kind)
        or _ours(heard, start, kind)
        or _we_are_at(heard, start)
        or _such_as_ours(heard, start, end)
        or _help_for(heard, start, end)
        or _worked_there(heard, start, end)
        or _counted(heard, start, end)
        or (message.low(start) in {"acres", "hectares", "ha", "head"} and message.low(start - 1) == "#")
        or _about_to(heard, start, end, kind)
        or _put(heard, start, end)
        or _at_work(heard, start, end, kind)
    )


def _past_leads(heard: Heard, start: int, also: frozenset[str] = frozenset()) -> list[str]:
    """Return the words before a trade and what describes it, nearest first."""
    before = heard.message.before(start, 12)
    leads = (listed("sector.leads") - _ARTICLES | also) - {"we're", "we", "are", "i'm", "got", "have", "run"}
    at = next((i for i, word in enumerate(before) if word not in leads), len(before))
    return before[at:]


def _ours(heard: Heard, start: int, kind: str) -> bool:
    """Say whether it is "my" or "our": "in my restaurant", "that our guest house in Sopot"."""
    before = _past_leads(heard, start)
    if kind != "work" or before[:1] not in (["my"], ["our"]) or before[1:2] == ["of"]:
        return False
    if before[0] == "my" and heard.message.low(start) in {"garage", "bar", "chapel", "church"}:
        return False
    return not listed("sector.elsewhere") & set(before[1:3])


def _we_are_at(heard: Heard, start: int) -> bool:
    """Say whether people are counted there: "ten of us on a caravan park", "a lady with a bakery"."""
    before = _past_leads(heard, start, _COUNTED)
    if before[:1] and before[0] in _ARTICLES:
        before = before[1:]
    if not before or before[0] not in {"in", "on", "at", "running", "run", "with", "behind", "of"}:
        return False
    if before[0] == "of":
        return before[1:2] == ["partnership"]
    who = before[1:3]
    if (
        before[0] == "in"
        and before[1:2]
        and before[1] in listed("employees.firm") | {"scale-up", "startup", "start-up"}
    ):
        return not {"other", "another", "supplier", "large"} & set(before)
    if (
        before[0] == "at"
        and {"i", "i'm", "we"} & set(before)
        and {"look", "manage", "do", "run"} & set(before)
    ):
        return True
    if before[0] == "with":
        return bool(_OWNING & set(who)) and len(before) <= 8
    return bool(_US & set(who)) and ("#" in before[:6] or "us" in who) and not {"met", "who"} & set(before)


def _such_as_ours(heard: Heard, start: int, end: int) -> bool:
    """Say whether others of the kind are likened: "care agencies like mine", "a farm such as ours"."""
    after = heard.message.after(end, 3)
    return (after[:1] == ["like"] and bool({"mine", "ours", "us", "me", "my", "our"} & set(after[1:2]))) or (
        after[:3] in (["such", "as", "ours"], ["such", "as", "mine"])
    )


def _help_for(heard: Heard, start: int, end: int) -> bool:
    """Say whether it is asked what there is for one: "what counts as innovation for a funeral director"."""
    before = _past_leads(heard, start, _COUNTED)
    if not before or before[0] not in {"a", "an"}:
        return False
    wanted = listed("sector.helped")
    if before[1:2] in (["for"], ["on"]):
        return bool(wanted & set(before[2:8])) and not listed("sector.elsewhere") & set(before[2:])
    asks = before[1:2] in (["can"], ["could"], ["whether"], ["worth"])
    return asks and bool({"get", "apply", "applying", "claim", "qualify"} & set(heard.message.after(end, 6)))


def _founded(heard: Heard, start: int, end: int) -> bool:
    """Say whether the sender means to begin one: "I would open barber shop", "we'd begin a café"."""
    before = heard.message.before(start, 9)
    leads = listed("sector.leads") | {"with", "own", "an", "up", "first", "1st"}
    at = next((i for i, word in enumerate(before) if word not in leads), None)
    if at is None or before[at] not in listed("sector.founding") or heard.message.low(end) in {"?", "near"}:
        return False
    subject = set(before[at + 1 : at + 5])
    others = {
        "daughter",
        "son",
        "wife",
        "husband",
        "they",
        "he",
        "she",
        "who",
        "him",
        "her",
        "them",
        "customers",
        "that",
        "if",
        "never",
        "when",
        "not",
    }
    mine = {
        "i",
        "we",
        "i'd",
        "we'd",
        "i'm",
        "we're",
        "i'll",
        "we'll",
        "client",
        "to",
        "want",
        "would",
        "myself",
    }
    return not others & subject and (bool(mine & subject) or opens(heard, start - at - 1))


def _to_be(heard: Heard, start: int, kind: str) -> bool:
    """Say whether the sender is to be one: "going to be a private investigator, on my own"."""
    before = _past_leads(heard, start)
    if kind != "people" or before[:1] not in (["a"], ["an"]) or before[1:2] != ["be"]:
        return False
    return before[2:4] in (["to", "going"], ["i'll", "."]) or before[2:3] in (["gonna"], ["i'll"], ["i'd"])


def _of_some_kind(heard: Heard, start: int, end: int, kind: str) -> bool:
    """Say whether it opens with work of which the last word is known: "crane simulator training"."""
    message = heard.message
    last = kind in {"stems", "work", "firms"} and message.low(end - 1) in listed("trades.unknown")
    if not last or not 0 < start <= 3:
        return False
    known = all(word.isalpha() and word not in listed("sector.not_ours") for word in message.lows[:start])
    verbs = {"i", "we", "my", "our", "the", "a", "any", "is", "more", "some", "free", "do", "get", "want"}
    placed = bool(heard.places) and heard.message.low(end) == ","
    return known and placed and not verbs & set(message.lows[:start])


def _second_hand(heard: Heard, start: int, end: int) -> bool:
    """Say whether a clause opens with what is sold on: "second-hand prams, 80 of them"."""
    message = heard.message
    dealt = "".join(message.lows[start:end]) in {"second-hand", "secondhand", "vintage"}
    opening = start == 0 or message.ends_segment(start - 1)
    return dealt and opening and message.low(end).isalpha() and message.low(end + 1) in {",", ".", "in"}


def _been(heard: Heard, start: int, kind: str) -> bool:
    """Say whether the sender has long been one: "been a childminder ten years"."""
    before = _past_leads(heard, start)
    if kind != "people" or before[:2] not in (["a", "been"], ["an", "been"]):
        return False
    return before[2:3] in ([], ["i've"], ["have"], [","]) and "who" not in before


def _worked_there(heard: Heard, start: int, end: int) -> bool:
    """Say whether the owner worked in the trade and now sets up: "drove for a courier firm"."""
    message = heard.message
    before = _past_leads(heard, start)
    if before[:1] not in (["a"], ["an"], ["the"]) or before[1:2] not in (["for"], ["in"], ["at"], ["with"]):
        return False
    if heard.message.low(end - 1) in {"factory", "shop", "warehouse", "school", "office"}:
        return False
    worked = {"drove", "worked", "driving", "working", "work", "years", "employed", "trained", "cooked"}
    after = " ".join(message.after(start, 30))
    alone = ("my own", "on my own", "for myself", "set up", "own boss")
    return bool(worked & set(before[2:6])) and any(f"{words} " in f"{after} " for words in alone)


def _counted(heard: Heard, start: int, end: int) -> bool:
    """Say whether a clause opens with how many: "three bike cafés", "two taxis, me and a driver"."""
    message = heard.message
    at = start - 1
    whole = (
        message.low(start - 1) == "#" and message.low(start - 2) == "the" and "we" in message.after(end, 12)
    )
    while at >= 0 and not message.ends_clause(at):
        if message.low(at) != "#" and message.low(at) not in listed("sector.leads"):
            return False
        at -= 1
    return "#" in message.lows[at + 1 : start] and (whole or closes(heard, end))


def _about_to(heard: Heard, start: int, end: int, kind: str) -> bool:
    """Say whether one opens a message and says what it does next: "childminder turning into a nursery"."""
    going = {
        "turning",
        "going",
        "moving",
        "setting",
        "wanting",
        "trying",
        "working",
        "thinking",
        "hoping",
        "based",
    }
    return kind == "people" and heard.message.low(end) in going and opens(heard, start)


def _put(heard: Heard, start: int, end: int) -> bool:
    """Say whether it is what to write down: "put shop"."""
    before = heard.message.before(start, 3)
    return closes(heard, end) and before in (
        ["put"],
        ["write"],
        ["it", "call"],
        ["down", "put"],
        ["us", "put"],
    )


def _at_work(heard: Heard, start: int, end: int, kind: str) -> bool:
    """Say whether it is the house where the sender is at work: "every day the hotel washes"."""
    message = heard.message
    following, before = message.low(end), message.before(start, 6)
    if (
        kind != "work"
        or before[:1] != ["the"]
        or end - start > 1
        or message.lows[start] not in listed("sector.houses")
    ):
        return False
    works = following.endswith("s") and following not in listed("sector.says") and following.isalpha()
    ours = {"we", "i", "our", "us", "me"} & set(message.lows)
    return works and bool(ours) and (before[1:2] == [] or before[1] in {"day", "week", "night", "month", ","})


def _own_goods(heard: Heard, start: int, end: int, sector: str) -> bool:
    """Say whether goods are what the sender deals in: "we're doughnuts", "our cider goes", "400 cows"."""
    message = heard.message
    before, following = message.before(start, 4), message.low(end)
    if before[:1] in (["we're"], ["i'm"]) or before[:2] in (["are", "we"], ["do", "we"], ["do", "i"]):
        return closes(heard, end)
    owned = _past_leads(heard, start)
    if owned[:1] in (["our"], ["my"]):
        last = message.low(end - 1)
        goes = following in listed("sector.goes") or last.endswith("'s")
        if following.isalpha() and following not in listed("sector.compounds"):
            goes = (
                goes or last.endswith("s") or following.endswith("s")
            )  # "our bricks warp", "our perry drops"
        return goes and not listed("sector.elsewhere") & set(owned[1:3])
    if (
        sector == "agriculture"
        and before[:1] == ["#"]
        and (len(before) == 1 or before[1:2] in (["with"], ["have"]))
    ):
        return True
    if sector == "life_sciences":
        return bool(listed("sector.inventing") & set(before)) and before[0] in {
            "an",
            "a",
            "new",
            "with",
            "our",
        }
    return _first_said(heard, start, end)


def _first_said(heard: Heard, start: int, end: int) -> bool:
    """Say whether goods are an item where a business tells what it is: "14 of us, oatcakes"."""
    message = heard.message
    following = message.low(end)
    if following not in {",", ".", "in", "from", "–", ";", "\n"} or len(message) <= end - start + 1:
        return False
    while start and message.low(start - 1) in listed("trades.fresh"):
        start -= 1
    if start and not message.ends_segment(start - 1):
        return False
    if following == "," and message.low(end + 2) in {",", "and", "&"}:
        return False  # a list of many things
    before = set(message.before(start, 8))
    told = {
        "#",
        "us",
        "operative",
        "ltd",
        "limited",
        "firm",
        "company",
        "cooperative",
        "here",
        "since",
        "trader",
    } & before
    placed = any(at in heard.places for at in range(max(0, start - 4), start))
    return start == 0 or bool(told) or (placed and len(before) <= 4)
