"""The funding of a project: who pays what, what must stand beside it, when it comes, and what is left."""

from knowledge_base.funding.fillers import Spare
from knowledge_base.funding.shapes import (
    MONEY_KINDS,
    PUBLIC,
    STANDINGS,
    AidLimit,
    CashMonth,
    CashPlan,
    Filler,
    Funding,
    FundingLine,
)
from knowledge_base.funding.stack import funding_stack
from knowledge_base.funding.thresholds import Threshold, limits_on, read_thresholds

__all__ = [
    "MONEY_KINDS",
    "PUBLIC",
    "STANDINGS",
    "AidLimit",
    "CashMonth",
    "CashPlan",
    "Filler",
    "Funding",
    "FundingLine",
    "Spare",
    "Threshold",
    "funding_stack",
    "limits_on",
    "read_thresholds",
]
