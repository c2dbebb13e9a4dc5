"""Read a client in one line, as brokers write it: its size before its trade."""

from __future__ import annotations

from knowledge_base.reading.heard import Heard

_CLIENT = frozenset({"client", "sme"})
# What is sized by the people it holds.
_SEATING = frozenset({
    "coach", "coaches", "minibus", "bus", "boat", "boats", "tent", "tents", "sauna", "hot", "table", "tables",
    "room", "rooms", "class", "classes", "workshop", "workshops", "course", "event", "events", "cinema",
})  # fmt: skip


_FIRM = frozenset({"co", "firm", "company", "business", "ltd", "mfr", "manufacturer", "maker"})
# Who is named first is then somebody else: "accountant Dudley told them to ring you".
_TOLD = frozenset(
    {"told", "tells", "said", "says", "gave", "referred", "sent", "suggested", "recommended", "we", "our"}
)
# What an adviser's client wants, though some firms live by it.
WANTED = frozenset({"erp", "crm", "payments", "networking", "iso consultancy"})


def opens_with_a_trade(heard: Heard, start: int, end: int) -> bool:
    """Say whether an adviser's line opens with a trade, and size or place follow: "plastics WS10 36 fte"."""
    message = heard.message
    opens = start == 0 or (message.low(start - 1) in {":", ","} and message.low(start - 2) in _CLIENT)
    if not heard.of_client or not opens or _TOLD & set(message.lows[end : end + 6]):
        return False
    after = end + 1 if message.low(end) in _FIRM else end
    sized = after in heard.starts("employees.strong") and message.low(after) == "#"
    return sized or after in heard.places


def opens_a_list(heard: Heard, start: int, end: int) -> bool:
    """Say whether it opens a list of facts: "14-person metal fabricator, DY1", "client: 20-man foundry"."""
    message = heard.message
    opens = start == 0 or (message.low(start - 2) in _CLIENT and message.ends_segment(start - 1))
    # Joined by a hyphen, it says of what size the thing is; and the list goes on.
    sized = "-" in message.lows[start:end]
    comma = next((at for at in range(end, min(end + 5, len(message))) if message.low(at) == ","), None)
    return opens and sized and comma is not None and comma > end and message.low(end) not in _SEATING
