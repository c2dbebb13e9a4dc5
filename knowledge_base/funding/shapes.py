"""What the funding of a project is made of: who pays, what stands beside it, when it comes, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge_base.records import Money

PUBLIC = frozenset({"grant", "voucher"})
MONEY_KINDS = PUBLIC | {"loan", "guarantee", "equity", "tax_relief", "award"}

PAYS = "pays"  # counted towards the cost
NOTHING = "nothing"  # its terms are known, and here it brings nothing
NOT_KNOWN = "not_known"  # its record lacks a rate, a limit or a currency, or the cost is not told
OTHER_CURRENCY = "other_currency"
NOT_PAID = "not_paid"  # a limit or a price: never a sum that anybody pays
REPAID = "repaid"  # a loan, or what backs one
RAISED = "raised"  # from investors, for a share of the business
AFTER_YEAR_END = "after_year_end"  # tax relief
WON = "won"  # an award
STANDINGS = (PAYS, NOTHING, NOT_KNOWN, OTHER_CURRENCY, NOT_PAID, REPAID, RAISED, AFTER_YEAR_END, WON)


@dataclass(frozen=True, slots=True)
class AidLimit:
    """The law's limit on small public aid, as it stands for one business on one day.

    ``received`` is what it told, or is taken, to have had in the years that count; ``left`` is the limit less
    that, before anything for this project. Either is ``None`` where it cannot be said; ``binding`` says
    whether ``left`` caps the grants counted. ``words`` say what is assumed.
    """

    limit: Money | None
    received: Money | None
    left: Money | None
    reference: str | None
    words: str

    @property
    def binding(self) -> bool:
        return self.left is not None


@dataclass(frozen=True, slots=True)
class FundingLine:
    """What one offer may bring.

    ``amount`` is what is counted towards the cost: zero where the record is clear and it brings nothing
    here, ``None`` where it is not counted; ``words`` say why. ``max`` and ``rate_percent`` are the
    record's, ``None`` where it is silent. ``match`` is what must stand beside ``amount``, ``lends`` what a
    loan is taken to lend, ``arrives`` the first day of the month in which the money is taken to come;
    ``arrives_words`` say when, and what is not known about it. ``aid`` is the limit on small public aid, on
    grants and vouchers only.
    """

    offer: str
    name: str
    kind: str
    standing: str
    max: Money | None
    rate_percent: Decimal | None
    amount: Money | None
    words: str
    match: Money | None = None
    lends: Money | None = None
    arrives: date | None = None
    arrives_words: str | None = None
    aid: AidLimit | None = None


@dataclass(frozen=True, slots=True)
class CashMonth:
    """One month: what is spent and received in it, and what the business has laid out at its end and not yet
    got back (never below zero). ``month`` is its first day."""

    month: date
    spent: Money
    received: Money
    carried: Money


@dataclass(frozen=True, slots=True)
class CashPlan:
    """The months from the first payment in or out until the last, without a gap.

    ``peak`` is the most that is carried at the end of a month, ``peak_month`` the first month it is carried
    in. ``words`` say what the plan assumes. A plan may have no months; ``words`` then say why.
    """

    months: tuple[CashMonth, ...]
    peak: Money | None
    peak_month: date | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """An offer outside the roadmap that could fill what is left. ``up_to`` is how much of it, ``None`` where
    the record does not say."""

    offer: str
    name: str
    kind: str
    up_to: Money | None
    words: str


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays for a project of one cost.

    ``own_money`` is what is left when every counted line pays in full, ``match`` the least of it that the
    counted lines ask for, ``to_borrow`` what loans of the roadmap are taken to lend of it, and ``to_carry``
    the part of the counted lines that is paid only afterwards. ``highest_rate`` is the highest percentage
    among the counted lines, which together they never pass. All are ``None`` without a cost. ``elsewhere``
    names the currencies of the lines that are in another currency than the cost.
    """

    cost: Money | None
    lines: tuple[FundingLine, ...]
    own_money: Money | None
    to_carry: Money | None
    words: str
    match: Money | None = None
    to_borrow: Money | None = None
    highest_rate: Decimal | None = None
    elsewhere: tuple[str, ...] = ()
    aid: AidLimit | None = None
    cash: CashPlan | None = None
    fillers: tuple[Filler, ...] = ()
    assumptions: tuple[str, ...] = ()
