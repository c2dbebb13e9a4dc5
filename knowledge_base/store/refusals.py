"""What the life of a record refuses, each in words that name the thing and the way out."""

from __future__ import annotations

from knowledge_base.store.referring import Reference

LONGEST_REASON = 2_000


class Refused(RuntimeError):
    """What was asked is against the rules of a record's life; the message says which, and the way out."""


class OwnDraft(Refused):
    """Who wrote the last save may not publish it where the hub wants a second pair of eyes."""


class NotInReview(Refused):
    """The working copy was not sent to review, or is there no more."""


class NoReason(Refused):
    """The reason is missing, says nothing, or is too long."""


class Referred(Refused):
    """Other records name this one; ``references`` lists them."""

    def __init__(self, id: str, references: list[Reference]) -> None:
        self.references = references
        listed = "; ".join(f"{each.name} ({each.id}) in {each.field}" for each in references[:20])
        more = f"; and {len(references) - 20:,} more" if len(references) > 20 else ""
        super().__init__(
            f"{id} is named by others: {listed}{more}. Take it out of them first, or withdraw it"
        )


def reason_of(why: str, needed: bool = True) -> str:
    """Return a reason without spaces around it; raise NoReason where it is needed and says nothing."""
    why = why.strip()
    if len(why) > LONGEST_REASON:
        raise NoReason(f"the reason has {len(why):,} characters; say it in at most {LONGEST_REASON:,}")
    if needed and sum(map(str.isalpha, why)) < 3:
        raise NoReason("say in words why: others will read it in the record's history")
    return why
