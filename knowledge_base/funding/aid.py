"""Hold public aid against the law's limit on small aid, where the business is and on the day.

UK: minimal financial assistance, Subsidy Control Act 2022 s.36: the current financial year so far and the two
before it. EU: de minimis aid, Regulation (EU) 2023/2831 Art. 3(2): any three years; until the end of 2023
Regulation (EU) No 1407/2013 Art. 3(2): fiscal years. The limit follows the place, never the currency, and is
never converted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from knowledge_base.funding.shapes import AidLimit
from knowledge_base.funding.sums import ZERO
from knowledge_base.funding.thresholds import FINANCIAL_YEARS, Threshold, limits_on
from knowledge_base.money_words import bounds_words, money_words
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Money

_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def aid_limit(
    thresholds: Sequence[Threshold],
    on: date,
    is_in: Callable[[str], bool | None],
    profile: Profile,
    currency: str | None,
) -> AidLimit | None:
    """Return the limit for a business, or None where no threshold is given for that day.

    ``is_in`` says whether the business is in an area, None while that is not known; ``currency`` is that of
    the project's cost. The first threshold that holds where the business is counts.
    """
    holding = limits_on(thresholds, on)
    if not holding:
        return None
    standing = [(each, is_in(str(each.area))) for each in holding]
    limit = next((each for each, inside in standing if inside), None)
    if limit is None:
        unknown = any(inside is None for _, inside in standing)
        why = "where you are is not known" if unknown else "we know of none where you are"
        return AidLimit(None, None, None, None, f"The limit on small public aid is not checked: {why}")
    if currency is not None and limit.limit.currency != currency:
        apart = f"not checked: the limit is in {limit.limit.currency} and your cost in {currency}"
        return AidLimit(limit.limit, None, None, limit.reference, f"{_law(limit)} It is {apart}")
    return _left(limit, profile)


def _left(threshold: Threshold, profile: Profile) -> AidLimit:
    limit, law = threshold.limit, _law(threshold)
    had = profile.subsidy_received
    if "subsidy_received" in profile.refused:
        said = "You would rather not say what you had; we take it to be nothing, so check"
        return AidLimit(limit, None, limit, threshold.reference, f"{law} {said}")
    if had is None:
        said = "You have not told us what you had; we take it to be nothing"
        return AidLimit(limit, None, limit, threshold.reference, f"{law} {said}")
    told = bounds_words(_money(had.low, had), _money(had.high, had))
    if had.currency != limit.currency:
        said = f"It is not checked: you told us of {told}, and the limit is in {limit.currency}"
        return AidLimit(limit, None, None, threshold.reference, f"{law} {said}")
    if had.high is None:
        said = f"You told us of {told}; we take it that nothing is left"
        return AidLimit(limit, None, Money(ZERO, limit.currency), threshold.reference, f"{law} {said}")
    left = Money(max(ZERO, limit.amount - had.high), limit.currency)
    rest = "nothing" if not left.amount else money_words(left.amount, left.currency)
    said = f"You told us of {told}{'' if had.exact else '; we take the higher'}, so {rest} is left"
    return AidLimit(limit, Money(had.high, had.currency), left, threshold.reference, f"{law} {said}")


def _money(amount: Decimal | None, had: MoneySpan) -> str | None:
    return None if amount is None else money_words(amount, had.currency)


def _law(threshold: Threshold) -> str:
    """Say the limit, the years that count and the law, as a sentence."""
    most = money_words(threshold.limit.amount, threshold.limit.currency)
    over = _years(threshold)
    return (
        f"If a grant here is given as {threshold.given_as}, you may have {most} of that at most over {over}."
    )


def _years(threshold: Threshold) -> str:
    count = threshold.years or 3
    if threshold.counted == FINANCIAL_YEARS:
        years = f"your current financial year so far and the {_NUMBERS.get(count - 1, count - 1)} before it"
        return f"{years} ({threshold.reference}); when your financial year ends is not known to us"
    return f"any {_NUMBERS.get(count, count)} years ({threshold.reference})"
