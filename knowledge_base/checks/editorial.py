"""What one offer says badly, or no longer truly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks.finding import Finding, Severity
from knowledge_base.offer_format import MONEY_FACTS
from knowledge_base.records import Between, Criterion, Offer
from knowledge_base.schemas import CONDITION_WORDS, SUMMARY_WORDS
from knowledge_base.windows import usable

SEEN_DAYS = 183
"""How long a page may go unseen while its offer is called open, without a hub's assurance: half a year."""


def offer_findings(offer: Offer, file: str, on: date) -> Iterator[Finding]:
    """Yield what an editor should mend in one offer, seen on one date."""
    yield from _window(offer, file, on)
    yield from _wording(offer, file)
    yield from _criteria(offer.criteria, "criteria", file)
    yield from _trust(offer, file, on)


def _window(offer: Offer, file: str, on: date) -> Iterator[Finding]:
    window = offer.window
    if window.opens and window.closes and window.opens > window.closes:
        what, why = f"it closes on {window.closes} and opens on {window.opens}", "It is never open."
        yield Finding(file, "window.closes", what, why, "put the earlier date in opens", "error")
    if window.status == "closed" and window.closes is not None and window.closes >= on:
        why = "It is shown as over, while by its own date it still runs."
        remedy = "give it the status it has until then, or the day it really closed"
        what = f"it is called closed and closes on {window.closes}"
        yield Finding(file, "window.status", what, why, remedy, "warning")
    undated = window.status == "annual" and window.usual_month is None and window.closes is None
    if undated and window.opens is not None and window.opens < on:
        why = "A business cannot be told of the next time from a date that is past."
        remedy = "give usual_month, or the next date, if a page says it"
        what = f"the only date of a yearly window, {window.opens}, is past"
        yield Finding(file, "window.opens", what, why, remedy, "warning")
    if window.status != "closed" and window.closes is not None and window.closes < on:
        why = "The record says it can be used; on that day it could be no more."
        remedy = "set the status to closed, or give the new closing date with its source"
        yield Finding(
            file,
            "window.closes",
            f"it closed on {window.closes} and is not called closed",
            why,
            remedy,
            "warning",
        )
    if window.status == "dated" and window.opens is None and window.closes is None:
        why = "A step that depends on a date cannot be planned."
        remedy = "give opens or closes, or set the status to unknown"
        yield Finding(file, "window.opens", "a dated window without a date", why, remedy, "warning")
    if window.status == "annual" and window.usual_month is None:
        why = "A business cannot be told when to look again."
        yield Finding(
            file,
            "window.usual_month",
            "the usual month is not said",
            why,
            "give it, if a page says it",
            "info",
        )
    if usable(window, on).closed and offer.succeeded_by is None and offer.status == "published":
        why = "Who asks for it is told that it ended, and that nothing is known to follow it."
        remedy = "name what took its place in succeeded_by, if anything did"
        yield Finding(file, "succeeded_by", "it has ended and no successor is said", why, remedy, "info")


def _wording(offer: Offer, file: str) -> Iterator[Finding]:
    words = len(offer.summary.split())
    if words > SUMMARY_WORDS:
        why = "On a telephone a long summary hides the step that follows."
        remedy = f"keep what the business gets, in at most {SUMMARY_WORDS}"
        yield Finding(file, "summary", f"{words} words are too many", why, remedy, "warning")


def _criteria(criteria: tuple[Criterion, ...], at: str, file: str) -> Iterator[Finding]:
    for i, criterion in enumerate(criteria):
        path = f"{at}[{i}]"
        test = criterion.test
        if len(criterion.words.split()) > CONDITION_WORDS:
            why = "Owners read the conditions to see whether they fit."
            remedy = f"say it in at most {CONDITION_WORDS}, or split it in two"
            yield Finding(file, f"{path}.words", "the condition is too long", why, remedy, "warning")
        if isinstance(test, Between) and criterion.fact in MONEY_FACTS and test.currency is None:
            why = (
                "Money without a currency is never held against a business's, so the condition stays unknown."
            )
            yield Finding(
                file, f"{path}.currency", "the currency is missing", why, "add it, such as GBP", "error"
            )
        if isinstance(test, Between) and test.low is None and test.high is None:
            why = "Every business meets it, so it only costs a question."
            yield Finding(
                file, f"{path}.between", "both bounds are open", why, "give a bound, or only words", "warning"
            )
        yield from _criteria(criterion.any_of, f"{path}.any_of", file)


def _trust(offer: Offer, file: str, on: date) -> Iterator[Finding]:
    if offer.source.url is None:
        severity: Severity = "warning" if offer.status == "published" else "info"
        why = "Nothing unsupported is ever said: an offer is shown with the page that says so."
        remedy = "give source.url, or set the status to draft until there is one"
        yield Finding(file, "source.url", "there is no source", why, remedy, severity)
    yield from _seen(offer, file, on)
    if offer.source.url is not None and offer.source.seen is None and offer.status == "published":
        why = "The age of a record is shown with it."
        yield Finding(
            file,
            "source.seen",
            "the day it was last seen is missing",
            why,
            "open the page, write today",
            "warning",
        )
    if offer.assured is not None and offer.assured.until < on:
        why = "The hub's statement that the record is right has run out."
        remedy = "look at the source again, then renew assured.on and assured.until"
        yield Finding(
            file,
            "assured.until",
            f"it was to be checked again by {offer.assured.until}",
            why,
            remedy,
            "warning",
        )
    if offer.assured is not None and offer.assured.on > on:
        why = "A record cannot have been checked on a day that is still to come."
        what = f"it is said to be checked on {offer.assured.on}"
        yield Finding(file, "assured.on", what, why, "write the day it was checked", "warning")
    rate = offer.amount.rate_percent
    if rate is not None and rate > 100 and offer.kind in ("grant", "voucher"):
        why = "A grant never pays more than the whole cost."
        yield Finding(
            file,
            "amount.rate_percent",
            f"{rate} % is above the whole",
            why,
            "write the share that is paid",
            "error",
        )


def _seen(offer: Offer, file: str, on: date) -> Iterator[Finding]:
    seen = offer.source.seen
    if seen is None:
        return
    if seen > on:
        why = "Nobody can have looked at it on a day that is still to come."
        what = f"it was seen on {seen}"
        yield Finding(file, "source.seen", what, why, "write the day it was looked at", "warning")
    open_ = offer.status == "published" and offer.window.status in ("rolling", "dated", "annual")
    assured = offer.assured is not None and offer.assured.until >= on
    if open_ and not assured and not usable(offer.window, on).closed and (on - seen).days > SEEN_DAYS:
        what = f"it is called open, and nobody has looked since {seen}"
        why = "A business may be sent to something that is over."
        remedy = "open the page; write today in source.seen, or close the window"
        yield Finding(file, "source.seen", what, why, remedy, "warning")
