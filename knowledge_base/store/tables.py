"""The tables. Whatever leaves `knowledge_base.store` is a record, never a row of these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from knowledge_base.store.columns import Document, Moment, Plain


class Base(DeclarativeBase):
    """What migrations compare the database with."""


class AreaRow(Base):
    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    name: Mapped[str] = mapped_column(Plain)
    document: Mapped[Any] = mapped_column(Document)


class ProviderRow(Base):
    __tablename__ = "providers"

    id: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    name: Mapped[str] = mapped_column(Plain)
    type: Mapped[str] = mapped_column(String(30))
    document: Mapped[Any] = mapped_column(Document)
    version: Mapped[int]


class OfferRow(Base):
    """An offer as its document, with the columns that lists are searched and sorted by."""

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    name: Mapped[str] = mapped_column(Plain)
    kind: Mapped[str] = mapped_column(String(30), index=True)
    provider_id: Mapped[str | None] = mapped_column(
        ForeignKey("providers.id", ondelete="RESTRICT"), index=True
    )
    status: Mapped[str] = mapped_column(String(20), index=True)
    window_status: Mapped[str] = mapped_column(String(20))
    closes: Mapped[date | None]
    assured_until: Mapped[date | None] = mapped_column(index=True)
    document: Mapped[Any] = mapped_column(Document)
    version: Mapped[int]


class OfferVectorRow(Base):
    """What an offer is about, as the encoder sees its texts; made again when either changes."""

    __tablename__ = "offer_vectors"

    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    encoder: Mapped[str] = mapped_column(String(64))
    vectors: Mapped[bytes]


class CatalogueVersionRow(Base):
    """One row. Every change of a record adds one; writers take its lock before they read."""

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class RevisionRow(Base):
    """What a record was after each change, who made it, when and why."""

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_record", "record_type", "record_id", "version", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(Plain(100))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(Plain)
    why: Mapped[str] = mapped_column(Plain)
    document: Mapped[Any] = mapped_column(Document)


class ThresholdRow(Base):
    """A number set by law, from one date until another; a change is a new row."""

    __tablename__ = "thresholds"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Plain(100), index=True)
    document: Mapped[Any] = mapped_column(Document)


class RoadmapRow(Base):
    """A roadmap as it was shown last. ``version`` counts its writes; ``marked`` says that a record it uses
    has changed since; ``asked`` is what it was made from, None in rows older than that column."""

    __tablename__ = "roadmaps"

    id: Mapped[str] = mapped_column(Plain(40), primary_key=True)
    session: Mapped[str | None] = mapped_column(Plain(100), index=True)
    needs: Mapped[Any] = mapped_column(Document)
    profile: Mapped[Any] = mapped_column(Document)
    on: Mapped[date]
    document: Mapped[Any] = mapped_column(Document)
    created: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)
    asked: Mapped[Any | None] = mapped_column(Document)
    version: Mapped[int] = mapped_column(server_default="1")
    marked: Mapped[bool] = mapped_column(server_default=false())


class RoadmapOfferRow(Base):
    """An offer that a roadmap uses, as a step or a reserve, and the version its record had."""

    __tablename__ = "roadmap_offers"

    roadmap_id: Mapped[str] = mapped_column(ForeignKey("roadmaps.id", ondelete="CASCADE"), primary_key=True)
    offer_id: Mapped[str] = mapped_column(Plain(100), primary_key=True, index=True)
    version: Mapped[int]


class CheckupRow(Base):
    """What came out of an innovation check-up, and the roadmap made from it, once there is one."""

    __tablename__ = "checkups"

    id: Mapped[str] = mapped_column(Plain(40), primary_key=True)
    session: Mapped[str | None] = mapped_column(Plain(100), index=True)
    document: Mapped[Any] = mapped_column(Document)
    roadmap_id: Mapped[str | None] = mapped_column(Plain(40))
    created: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)


class GapCountRow(Base):
    """How often a need had no step, by month and by what is coarse enough to name nobody; "" is not known."""

    __tablename__ = "gap_counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    need: Mapped[str] = mapped_column(String(40), primary_key=True)
    area: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    size_band: Mapped[str] = mapped_column(String(20), primary_key=True)
    sector: Mapped[str] = mapped_column(String(40), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class UnheardRow(Base):
    """A message that was not understood, masked; ``session`` is a salted digest, dropped with the session.

    ``state`` is new, labelled, set_aside, exported, or forgotten: then it has no text, and only says that the
    example in ``file`` has to go.
    """

    __tablename__ = "unheard"
    __table_args__ = (UniqueConstraint("session", "text", name="uq_unheard_once"),)

    id: Mapped[str] = mapped_column(Plain(20), primary_key=True)
    session: Mapped[str | None] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column(Plain(500))
    why: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(Plain(40))
    confidence: Mapped[float]
    needs: Mapped[Any] = mapped_column(Document)
    day: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    label_act: Mapped[str | None] = mapped_column(String(40))
    label_needs: Mapped[Any] = mapped_column(Document)
    file: Mapped[str | None] = mapped_column(Plain)


class UnheardRefusalRow(Base):
    """A session of which nothing is to be kept for learning, as its salted digest."""

    __tablename__ = "unheard_refusals"

    session: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date]


class UnheardSaltRow(Base):
    """One row: what session ids are salted with."""

    __tablename__ = "unheard_salt"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))


class ChatSessionRow(Base):
    __tablename__ = "chat_sessions"

    id: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    created: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment, index=True)
    issued: Mapped[Any] = mapped_column(Document)


class ChatAnswerRow(Base):
    """What was answered to one message; no replies yet while it is being answered."""

    __tablename__ = "chat_answers"

    session: Mapped[str] = mapped_column(ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True)
    message: Mapped[str] = mapped_column(String(64), primary_key=True)
    claimed: Mapped[datetime] = mapped_column(Moment)
    replies: Mapped[Any | None] = mapped_column(Document)


class ReferralRow(Base):
    """A business that asked for a person. ``team`` and ``broker`` hold it; without them the hub's lead does.

    They are ids without a constraint: a referral outlives neither, but an old one must stay readable.
    """

    __tablename__ = "referrals"

    code: Mapped[str] = mapped_column(Plain(20), primary_key=True)
    session: Mapped[str | None] = mapped_column(Plain(100), index=True)
    name: Mapped[str] = mapped_column(Plain)
    contact: Mapped[str] = mapped_column(Plain)
    words: Mapped[str] = mapped_column(Plain)
    needs: Mapped[Any] = mapped_column(Document)
    areas: Mapped[Any] = mapped_column(Document)
    roadmap_id: Mapped[str | None] = mapped_column(Plain(40), index=True)
    consent_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sector: Mapped[str | None] = mapped_column(Plain(40))
    recap: Mapped[Any | None] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(20), index=True, server_default="new")
    team: Mapped[str | None] = mapped_column(String(20), index=True)
    broker: Mapped[str | None] = mapped_column(String(20), index=True)
    live: Mapped[bool] = mapped_column(server_default=false())
    since: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    first_answer_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")


class HealthCheckRow(Base):
    """Written, read back and removed by every health check."""

    __tablename__ = "health_checks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
