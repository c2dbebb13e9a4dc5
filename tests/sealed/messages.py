"""A few plain messages to learn from in tests: not the bot's training data."""

from __future__ import annotations

from bot.rasa.examples import Example

SAID = {
    "greet": ("hi", "hello there", "good morning", "hey", "hiya", "good afternoon"),
    "thanks": ("thanks", "cheers mate", "thank you very much", "ta", "brilliant, thanks", "much appreciated"),
    "affirm": ("yes", "yep", "yes please", "that is right", "correct", "sure, go on"),
    "deny": ("no", "nope", "no thanks", "not really", "never", "I would rather not"),
    "give_profile": (
        "14",
        "we have 14 staff",
        "we are based in Dudley",
        "limited company",
        "we turn over about £2m",
        "started trading three years ago",
        "sole trader",
        "Dudley",
        "manufacturing",
        "ltd",
    ),
    "out_of_scope": (
        "what is the weather tomorrow",
        "who won the football",
        "tell me a joke",
        "write me a poem about cats",
        "how do I cook rice",
        "what is the capital of France",
        "my dog is ill",
        "book me a flight to Rome",
        "play some music",
        "how tall is Everest",
        "what should I take for a headache",
        "who is the president",
    ),
}

ASKED = {
    ("export_markets",): (
        "we want to sell abroad",
        "how do we start exporting to Germany",
        "a customer in France wants our product and we have never shipped overseas",
        "customs paperwork for the EU is a nightmare",
        "looking for distributors in the United States",
        "we would like to find buyers in other countries",
        "help with export licences please",
        "which foreign market should we enter first",
    ),
    ("finance",): (
        "we need a grant for a new machine",
        "is there a loan for small firms",
        "looking for money to grow the business",
        "cash flow is tight and the bank said no",
        "can we get funding towards equipment",
        "who would invest in us",
        "we need to borrow forty thousand pounds",
        "are there any grants open",
    ),
    ("sustainability",): (
        "our energy bills are huge and we want to use less gas",
        "how do we get to net zero",
        "we want to cut our carbon",
        "thinking about solar panels on the workshop roof",
        "we throw away too much packaging",
        "help us measure our footprint",
        "could we recycle our offcuts",
        "greener heating for the factory",
    ),
    ("export_markets", "finance"): (
        "we need money to start selling overseas",
        "is there a grant to exhibit at a trade fair abroad",
        "we want to export to Spain and need a loan to do it",
        "funding for an export manager please",
    ),
}


def examples() -> list[Example]:
    """Return every message above as an example."""
    said = [Example(text, act) for act, texts in SAID.items() for text in texts]
    asked = [Example(text, "describe_need", needs) for needs, texts in ASKED.items() for text in texts]
    return said + asked
