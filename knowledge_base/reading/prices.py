"""Say whether a sum is the price of something wanted, where no word such as "need" or "quote" stands by it.

"New machine's £14,500", "a £55,000 saw", "it comes to nine thousand pounds", "tills, £16,000 of it". Damages,
wages, rent, bills, orders and what others have are nobody's wish.
"""

from __future__ import annotations

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

SMALLEST_PRICE = 500  # below this a price told in passing is what something sells for
_IS = frozenset({"is", "are", "its", "it's", "that's", "'s", "be", "it'd", "it'll", "comes"})


def claimed(heard: Heard) -> bool:
    """Say whether the message is about damages, redundancy or the like, whose sums are no project."""
    return bool(listed("money.claims") & set(heard.message.lows))


def is_wage(heard: Heard, at: int) -> bool:
    """Say whether a sum is what somebody earns: "13 years on 28k"."""
    before = heard.message.before(at, 8)
    return before[:1] == ["on"] and not listed("money.spending_on") & set(before)


def wanted(heard: Heard, at: int) -> bool:
    """Say whether the sum at a place is the price of what is wanted."""
    message = heard.message
    ahead = message.after(at + 1, 6)
    if _somebody_elses(heard, at) or listed("money.no_price_after") & set(ahead[:2]):
        return False
    if at + 1 in heard.starts("money.price_after"):
        return True
    if message.low(at + 1) == "," and at + 2 in heard.starts("money.price_after_comma"):
        return True
    if at in heard.ends("money.price_before"):
        return True
    lead = message.low(at - 1) if at else ""
    wishes = bool(listed("money.wishing") & set(message.lows))
    if lead == ":" and wishes and not _in_a_form(heard, at - 1):
        return True
    if lead in {"a", "an"} and ahead and ahead[0].isalpha() and wishes:
        return ahead[0] not in listed("money.no_thing")
    if lead in _IS or (lead.endswith("'s") and len(lead) > 3):
        return wishes
    return _item_of_a_wish(heard, at)


def _somebody_elses(heard: Heard, at: int) -> bool:
    """Say whether words of the same sentence make the sum a bill, an order, a wage or another's."""
    said = {word.removesuffix("'s") for word in heard.message.before(at, 8)}
    return bool((listed("money.no_price") | listed("money.others")) & said)


def _in_a_form(heard: Heard, at: int) -> bool:
    """Say whether the word before a colon is that of a form: "Size: £2m"."""
    return heard.message.low(at - 1) in {"size", "company", "business", "firm", "form", "income"}


def _item_of_a_wish(heard: Heard, at: int) -> bool:
    """Read "I need a building, thirty thousand pounds, and some help" and "new press, £40k, need a grant"."""
    message = heard.message
    if not at or message.low(at - 1) not in {",", "(", "–"}:
        return False
    closes = at + 1 >= len(message) or message.ends_segment(at + 1)
    before = message.before(at, 16)
    wish = next((i for i, word in enumerate(before) if word in listed("money.wishing_for")), None)
    if closes and wish is not None and not {"don't", "not", "won't"} & set(before[wish : wish + 3]):
        return True
    item = before[1 : before.index(",", 1)] if "," in before[1:] else before[1:]
    thing = item[-1:] in [[word] for word in listed("money.new_thing")]
    return closes and thing and bool(listed("money.wishing") & set(message.after(at + 2, 8)))
