"""One made-up roadmap in the contract's shape, with every part a page has to show."""

from __future__ import annotations

from typing import Any


def step(offer: str, name: str, **more: Any) -> dict[str, Any]:
    """Return one step; whatever is not given is as a bare record leaves it."""
    return {
        "offer": offer,
        "name": name,
        "provider": "Example Council",
        "kind": "advice",
        "summary": "",
        "needs": ["process_improvement"],
        "verdict": "likely",
        "why": [],
        "unsure": [],
        "to_check": [],
        "prepare": [],
        "starts": "2026-11-23",
        "ends": "2026-11-23",
        "apply_by": None,
        "cost": "not known",
        "funding": None,
        "requires": [],
        "reserve": None,
        "source": {"url": f"https://example.org/{offer}", "title": f"{name} page", "seen": "2026-11-21"},
        "source_checked": "2026-11-21",
        "assured": None,
        **more,
    }


def month(month: str, spent: int, received: int, carried: int) -> dict[str, Any]:
    """Return one month of the cash to carry."""
    sums = {"spent": spent, "received": received, "carried": carried}
    return {"month": month, **{name: {"amount": sum, "currency": "GBP"} for name, sum in sums.items()}}


def small_factory() -> dict[str, Any]:
    """A maker in Dudley who wants less waste and a grant for it."""
    review = step(
        "example-review",
        "Example productivity review",
        kind="diagnostic",
        summary="An adviser walks your floor for a day and writes down where time and material are lost.",
        why=["You make things", "You are in the Black Country", "A review comes before the grant below"],
        to_check=["That no review was done in the last year"],
        prepare=["A list of your machines", "Last month's scrap figures"],
        ends="2026-12-21",
        cost="Free",
        assured={"by": "A. Curator", "on": "2026-11-01", "until": "2027-02-01"},
    )
    course = step(
        "example-course",
        "Example lean manufacturing course for supervisors and team leaders",
        kind="training",
        summary="Six evenings on flow, changeover and standard work, with a visit to another factory.",
        verdict="unsure",
        why=["You employ 14 people"],
        unsure=["Whether you have traded for a year: you have not told us"],
        starts="2027-01-11",
        ends="2027-02-22",
        cost="£150 a person",
        reserve="example-online",
    )
    grant = step(
        "example-grant",
        "Example growth grant",
        kind="grant",
        summary="Half the cost of new equipment for small manufacturers.",
        verdict="unsure",
        why=["You employ between 5 and 249 people", "You make things"],
        unsure=["Whether your turnover is at most £10m: you would rather not say"],
        to_check=["The project must not have started"],
        prepare=["Last two years' accounts", "Three quotes"],
        starts="2026-12-22",
        ends="2027-03-16",
        apply_by="2027-01-31",
        cost="Half of what you buy",
        funding={"words": "50 % of the cost, £5,000 to £20,000", "paid": "in_arrears"},
        requires=["example-review"],
    )
    network = step(
        "example-network",
        "Example makers' network",
        kind="network",
        summary="A breakfast each month with other makers.",
        why=["You asked for others to learn from"],
        starts=None,
        ends=None,
        source={"url": None, "title": None, "seen": None},
        source_checked=None,
    )
    return {
        "needs": ["process_improvement", "finance"],
        "on": "2026-11-21",
        "profile": {"employees": 14, "place": "Dudley", "sector": "manufacturing", "refused": ["turnover"]},
        "phases": [
            {"phase": "get_clear", "steps": [review]},
            {"phase": "get_ready", "steps": [course]},
            {"phase": "get_funded", "steps": [grant]},
            {"phase": "get_going", "steps": [network]},
        ],
        "gaps": [
            {"need": "premises", "reason": "nothing open", "words": "Nothing for premises is open just now."}
        ],
        "funding": {
            "cost": {"amount": 24000, "currency": "GBP"},
            "lines": [
                {
                    "offer": "example-grant",
                    "name": "Example growth grant",
                    "kind": "grant",
                    "max": {"amount": 20000, "currency": "GBP"},
                    "rate_percent": 50,
                    "amount": {"amount": 12000, "currency": "GBP"},
                    "words": "50% of the cost, at most £20,000",
                    "standing": "pays",
                    "match": {"amount": 12000, "currency": "GBP"},
                    "arrives": "2027-04",
                    "arrives_words": "comes in April 2027, the month after the project ends",
                },
                {
                    "offer": "example-loan",
                    "name": "Example start loan",
                    "kind": "loan",
                    "max": None,
                    "rate_percent": None,
                    "amount": None,
                    "words": "to be repaid",
                },
            ],
            "own_money": {"amount": 12000, "currency": "GBP"},
            "to_carry": {"amount": 12000, "currency": "GBP"},
            "words": "£12,000 is left for you to find",
            "match": {"amount": 12000, "currency": "GBP"},
            "aid": {
                "words": "If a grant here is given as example aid, you may have £315,000 of that at most"
            },
            "cash": {
                "months": [
                    month("2026-12", 6000, 0, 6000),
                    month("2027-01", 6000, 0, 12000),
                    month("2027-02", 6000, 0, 18000),
                    month("2027-03", 6000, 0, 24000),
                    month("2027-04", 0, 12000, 12000),
                ],
                "peak": {"amount": 24000, "currency": "GBP"},
                "peak_month": "2027-03",
                "words": ["What is paid afterwards is taken to come in the month after the project ends"],
            },
            "fillers": [
                {
                    "offer": "example-other-loan",
                    "name": "Example other loan",
                    "kind": "loan",
                    "up_to": {"amount": 12000, "currency": "GBP"},
                    "words": "lends £1,000 to £50,000, to be repaid: all of the £12,000 left",
                }
            ],
            "assumptions": ["All of the cost is taken to count for each grant"],
        },
        "next_question": {"fact": "trading_months", "settles": 2, "offers": ["example-course"]},
    }
