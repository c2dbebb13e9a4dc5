"""Say who may pay for a project, to the penny, and what is left for the business to find.

Only what records give is counted. A grant or voucher whose rate or limit is not known is listed and never
counted, and sums in another currency than the cost are listed and never added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from knowledge_base.funding import shapes
from knowledge_base.funding.aid import aid_limit
from knowledge_base.funding.allocation import MOST_CLAIMS, best_allocation, room_for
from knowledge_base.funding.cash import ADVANCE, Arrival, Paying, cash_plan
from knowledge_base.funding.claims import Claim, Uncounted, claim
from knowledge_base.funding.fillers import Spare, fillers, lendable
from knowledge_base.funding.shapes import MONEY_KINDS, PUBLIC, AidLimit, CashPlan, Funding, FundingLine
from knowledge_base.funding.sums import ZERO, cost_needed, pennies_down, pennies_up, told_cost
from knowledge_base.funding.thresholds import Threshold
from knowledge_base.money_words import bounds_words, money_words, number_words
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Money, Offer


def funding_stack(
    offers: Iterable[Offer],
    cost: Money | MoneySpan | None,
    profile: Profile,
    thresholds: Sequence[Threshold] = (),
    *,
    on: date | None = None,
    is_in: Callable[[str], bool | None] = lambda area: None,
    starts: Mapping[str, date] | None = None,
    spare: Iterable[Spare] = (),
) -> Funding:
    """Stack the money of these offers, in their order, on a project of this cost.

    What grants and vouchers pay is the choice that leaves the least to find (`best_allocation` says the
    rule), within the limit on small public aid that holds ``on`` that day where the business is (``is_in``
    says whether it is in an area, None while that is not known). ``starts`` gives the day each offer
    starts, for the cash by month, which needs ``on``. ``spare`` are offers outside the roadmap that could
    fill what is left; it is read only where something is left.
    """
    paying = list({offer.id: offer for offer in offers if offer.kind in MONEY_KINDS}.values())
    told = told_cost(cost)
    aid = aid_limit(thresholds, on, is_in, profile, told.currency if told else None) if on else None
    weighed = [claim(offer, place, told) for place, offer in enumerate(paying)]
    if told is None:
        lines = tuple(_line(offer, found, None, aid) for offer, found in zip(paying, weighed, strict=True))
        return Funding(None, lines, None, None, _no_cost(cost), aid=_if_public(aid, lines))
    claims = [each for each in weighed if isinstance(each, Claim)]
    left = pennies_down(aid.left.amount) if aid and aid.left else None
    paid = best_allocation(claims, told.amount, left)
    whole = Money(pennies_up(told.amount), told.currency)
    counted = sum(paid.values(), ZERO)
    own = whole.amount - counted
    lent = _lent(paying, paid, own, told)
    chosen = [each for each in claims if each.offer.id in paid]
    plan, came = _cash(whole, paying, paid, lent, starts or {}, on)
    lines = tuple(
        _line(
            offer,
            _settled(_lending(found, offer, lent, own), claims, chosen, paid, told, left),
            paid.get(offer.id),
            aid,
            lends=lent.get(offer.id),
            arrival=came.get(offer.id),
        )
        for offer, found in zip(paying, weighed, strict=True)
    )
    rest = own - sum(lent.values(), ZERO)

    def gain(other: Claim) -> Decimal:
        more = best_allocation([*chosen, other], told.amount, left)
        return sum(more.values(), ZERO) - counted if paid.keys() <= more.keys() else ZERO

    late = sum((paid[each.offer.id] for each in chosen if each.offer.amount.paid != ADVANCE), ZERO)
    return Funding(
        cost=whole,
        lines=lines,
        own_money=Money(own, whole.currency),
        to_carry=Money(late, whole.currency),
        words=_left(Money(own, whole.currency), lines),
        match=Money(_match(chosen, paid), whole.currency),
        to_borrow=Money(sum(lent.values(), ZERO), whole.currency),
        highest_rate=max((each.rate for each in chosen), default=None),
        elsewhere=_elsewhere(paying, whole.currency),
        aid=_if_public(aid, lines),
        cash=plan,
        fillers=fillers(spare, own, rest, told, gain) if own else (),
        assumptions=_assumed(chosen),
    )


def _no_cost(cost: Money | MoneySpan | None) -> str:
    if isinstance(cost, MoneySpan) and not cost.exact:
        low, high = (
            None if end is None else money_words(end, cost.currency) for end in (cost.low, cost.high)
        )
        return f"You told us a range, {bounds_words(low, high)}: tell us one sum to see who pays"
    return "Tell us what it costs, and in which currency, to see who pays"


def _lent(
    paying: Sequence[Offer], paid: Mapping[str, Decimal], own: Decimal, cost: Money
) -> dict[str, Decimal]:
    """Let each loan in turn lend what is still to be found; one that a counted grant excludes lends
    nothing."""
    barred = {id for offer in paying if offer.id in paid for id in offer.excludes}
    lent: dict[str, Decimal] = {}
    for offer in paying:
        if offer.kind != "loan" or offer.id in barred or not paid.keys().isdisjoint(offer.excludes):
            continue
        amount = lendable(offer, own, cost)
        if amount:
            lent[offer.id] = amount
            own -= amount
    return lent


def _lending(
    found: Claim | Uncounted, offer: Offer, lent: Mapping[str, Decimal], own: Decimal
) -> Claim | Uncounted:
    """Say of a loan what it is taken to lend."""
    terms = offer.amount
    if offer.kind != "loan" or isinstance(found, Claim) or terms.max is None or terms.meaning != "payment":
        return found
    if offer.id in lent:
        words = f"taken to lend {money_words(lent[offer.id], terms.currency)} of what is left to find"
    elif own and terms.min is not None and terms.min > own:
        words = f"it lends no less than {money_words(terms.min, terms.currency)}, more than is left to find"
    else:
        return found
    return Uncounted(found.standing, f"{found.words}; {words}")


def _cash(
    whole: Money,
    paying: Sequence[Offer],
    paid: Mapping[str, Decimal],
    lent: Mapping[str, Decimal],
    starts: Mapping[str, date],
    on: date | None,
) -> tuple[CashPlan | None, Mapping[str, Arrival]]:
    if on is None:
        return None, {}
    coming = [Paying(offer, paid[offer.id], False) for offer in paying if offer.id in paid]
    coming += [Paying(offer, lent[offer.id], True) for offer in paying if offer.id in lent]
    return cash_plan(whole, coming, starts, on)


def _settled(
    found: Claim | Uncounted,
    claims: Sequence[Claim],
    chosen: Sequence[Claim],
    paid: Mapping[str, Decimal],
    cost: Money,
    aid_left: Decimal | None,
) -> Claim | Uncounted:
    """Say of a claim that pays nothing why, and of one that is cut what cut it."""
    if isinstance(found, Uncounted):
        return found
    if found.offer.id in paid:
        if paid[found.offer.id] == found.cap:
            return found
        words = f"{found.words}; cut to what is left below {_ceiling(chosen, cost, aid_left)}"
        return Claim(found.place, found.offer, found.rate, found.low, found.cap, words)
    if found not in claims[:MOST_CLAIMS]:
        return Uncounted(shapes.NOT_KNOWN, f"not weighed: only the first {MOST_CLAIMS} grants are")
    rival = next((each for each in chosen if found.clashes(each)), None)
    if rival is not None:
        return Uncounted(shapes.NOTHING, f"not beside {rival.offer.name}: one excludes the other")
    room = room_for([*chosen, found], cost.amount, aid_left) - sum(paid.values(), ZERO)
    ceiling = _ceiling([*chosen, found], cost, aid_left)
    if room > ZERO:
        least = money_words(found.low, cost.currency)
        return Uncounted(shapes.NOTHING, f"it pays no less than {least}, more than is left below {ceiling}")
    return Uncounted(shapes.NOTHING, f"nothing is left for it below {ceiling}")


def _ceiling(chosen: Sequence[Claim], cost: Money, aid_left: Decimal | None) -> str:
    if aid_left is not None and room_for(chosen, cost.amount, None) > aid_left:
        return "the limit on small public aid, if it is given as that"
    rate = number_words(max(each.rate for each in chosen))
    return f"{rate}% of the cost, the most that may be public here"


def _match(chosen: Sequence[Claim], paid: Mapping[str, Decimal]) -> Decimal:
    """Return the least the business must put in: no grant passes its own rate of the cost this makes up,
    nor do all together pass the highest."""
    if not chosen:
        return ZERO
    whole = sum(paid.values(), ZERO)
    needed = [cost_needed(paid[each.offer.id], each.rate) for each in chosen]
    return max([cost_needed(whole, max(each.rate for each in chosen)), *needed]) - whole


def _line(
    offer: Offer,
    found: Claim | Uncounted,
    amount: Decimal | None,
    aid: AidLimit | None,
    *,
    lends: Decimal | None = None,
    arrival: Arrival | None = None,
) -> FundingLine:
    terms = offer.amount
    standing, words, match = shapes.PAYS, found.words, None
    if isinstance(found, Uncounted):
        standing = found.standing
        amount = ZERO if standing == shapes.NOTHING else None
    elif amount is not None:
        match = cost_needed(amount, found.rate) - amount

    def money(value: Decimal | None) -> Money | None:
        return Money(value, terms.currency) if value is not None and terms.currency else None

    return FundingLine(
        offer=offer.id,
        name=offer.name,
        kind=offer.kind,
        standing=standing,
        max=money(terms.max),
        rate_percent=terms.rate_percent,
        amount=money(amount),
        words=words,
        match=money(match),
        lends=money(lends),
        arrives=arrival.month if arrival else None,
        arrives_words=arrival.words if arrival else None,
        aid=aid if offer.kind in PUBLIC else None,
    )


def _if_public(aid: AidLimit | None, lines: Sequence[FundingLine]) -> AidLimit | None:
    return aid if any(line.kind in PUBLIC for line in lines) else None


def _elsewhere(paying: Sequence[Offer], currency: str) -> tuple[str, ...]:
    return tuple(
        sorted({o.amount.currency for o in paying if o.amount.currency and o.amount.currency != currency})
    )


def _left(own: Money, lines: Sequence[FundingLine]) -> str:
    silent = sum(line.kind in PUBLIC and line.amount is None for line in lines)
    if not own.amount:
        return "Nothing is left for you to find"
    left = f"{money_words(own.amount, own.currency)} is left for you to find"
    if not silent:
        return left
    return f"{left}, or less: what {silent} of these would pay is not known"


def _assumed(chosen: Sequence[Claim]) -> tuple[str, ...]:
    if not chosen:
        return ()
    said = ["All of the cost is taken to count for each grant; what a funder does not count makes it less"]
    if len(chosen) > 1:
        rate = number_words(max(each.rate for each in chosen))
        said.append(
            f"Together the grants are taken to bring {rate}% of the cost at most, the highest rate among them"
        )
    return tuple(said)
