"""The tables of the brokers' door: teams, clients, what is done with referrals, and Slack's work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from knowledge_base.store.columns import Document, Moment, Plain
from knowledge_base.store.desk_tables import Base


class TeamRow(Base):
    __tablename__ = "broker_teams"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(Plain(200), unique=True)
    areas: Mapped[Any] = mapped_column(Document)
    needs: Mapped[Any] = mapped_column(Document)
    sectors: Mapped[Any] = mapped_column(Document)
    slack_team: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    slack_group: Mapped[str] = mapped_column(String(40))
    lead_email: Mapped[str] = mapped_column(Plain(254))
    lead_slack: Mapped[str] = mapped_column(String(40))
    remind_days: Mapped[Any] = mapped_column(Document)
    lead_after_days: Mapped[int]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default=true())


class BrokerRow(Base):
    """A broker; without a member id of Slack's (None) they are known to the console alone. ``by_group``: who
    may only while Slack's user group, or the team's lead, says so."""

    __tablename__ = "brokers"
    __table_args__ = (UniqueConstraint("slack_team", "slack_user", name="uq_brokers_slack"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    team: Mapped[str] = mapped_column(ForeignKey("broker_teams.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(Plain(200))
    email: Mapped[str] = mapped_column(Plain(254))
    slack_team: Mapped[str | None] = mapped_column(String(40))
    slack_user: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(server_default=true())
    by_group: Mapped[bool] = mapped_column(server_default=false())


class ClientRow(Base):
    """A broker's client. ``forgotten``: the business asked for it, all is blank, and it waits for the purge.

    ``owner`` is the salted digest of the owner's own session, where it was made from a referral: what that
    owner asks to have deleted is found by it when the referral's time is over already. ``planned`` is what
    the saved roadmap held when this record was last in step with it, as `Known.dumped` writes it.
    """

    __tablename__ = "clients"
    __table_args__ = (Index("ix_clients_team", "team", "touched"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    team: Mapped[str] = mapped_column(ForeignKey("broker_teams.id", ondelete="RESTRICT"))
    broker: Mapped[str | None] = mapped_column(ForeignKey("brokers.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(Plain(200))
    needs: Mapped[Any] = mapped_column(Document)
    profile: Mapped[Any] = mapped_column(Document)
    roadmap: Mapped[str | None] = mapped_column(Plain(40), index=True)
    planned: Mapped[Any] = mapped_column(Document, nullable=True)
    session: Mapped[str] = mapped_column(Plain(100), unique=True)
    note: Mapped[str] = mapped_column(Plain)
    referral: Mapped[str | None] = mapped_column(
        ForeignKey("referrals.code", ondelete="SET NULL"), index=True
    )
    owner: Mapped[str | None] = mapped_column(String(64), index=True)
    archived: Mapped[datetime | None] = mapped_column(Moment)
    created: Mapped[datetime] = mapped_column(Moment)
    touched: Mapped[datetime] = mapped_column(Moment, index=True)
    forgotten: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int] = mapped_column(server_default="1")


class PartedSessionRow(Base):
    """A conversation whose rows are gone, until what others hold of it is gone too."""

    __tablename__ = "parted_sessions"

    session: Mapped[str] = mapped_column(Plain(100), primary_key=True)


class RoadmapNoteRow(Base):
    """An adviser's own word to the client on a roadmap; gone with it."""

    __tablename__ = "roadmap_notes"

    roadmap_id: Mapped[str] = mapped_column(ForeignKey("roadmaps.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Plain)
    by_name: Mapped[str] = mapped_column(Plain(200))
    team_name: Mapped[str] = mapped_column(Plain(200))
    at: Mapped[datetime] = mapped_column(Moment)


class RoadmapNewsRow(Base):
    """What planning a client's roadmap again changed, until its broker was told; gone with the roadmap.

    ``batch`` names what is told at once, by the last version in it; None while nobody has begun to tell it.
    """

    __tablename__ = "roadmap_news"

    id: Mapped[int] = mapped_column(primary_key=True)
    roadmap_id: Mapped[str] = mapped_column(ForeignKey("roadmaps.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    changes: Mapped[Any] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Moment)
    batch: Mapped[int | None]


class SlackPlaceRow(Base):
    """A thread in Slack, and the client or the referral it is about; see `Place`."""

    __tablename__ = "slack_places"

    slack_team: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    thread: Mapped[str] = mapped_column(String(40), primary_key=True)
    person: Mapped[str] = mapped_column(String(40), server_default="")
    client: Mapped[str | None] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    referral: Mapped[str | None] = mapped_column(ForeignKey("referrals.code", ondelete="CASCADE"), index=True)


class ReferralTrailRow(Base):
    """What was done with a referral; gone with it."""

    __tablename__ = "referral_trail"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("referrals.code", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(Plain(254))
    what: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(Plain)
    team: Mapped[str | None] = mapped_column(String(20))
    broker: Mapped[str | None] = mapped_column(String(20))


class RelayLineRow(Base):
    """A line between a business and its broker; gone with the referral. ``key`` names what it came from."""

    __tablename__ = "relay_lines"
    __table_args__ = (Index("ix_relay_lines_unsent", "sent", "side", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("referrals.code", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(Plain(200), unique=True)
    side: Mapped[str] = mapped_column(String(10))
    who: Mapped[str] = mapped_column(Plain(254))
    text: Mapped[str] = mapped_column(Plain)
    at: Mapped[datetime] = mapped_column(Moment)
    sent: Mapped[bool] = mapped_column(server_default=false())


class SlackWorkRow(Base):
    """Something Slack told us that is to be done once; its ``body`` goes when it is done or given up.

    ``lane`` is the thread it belongs to: what is in one lane is done one after the other. ``about`` is the
    code or the client it tells of, so that it can be forgotten with that.
    """

    __tablename__ = "slack_work"
    __table_args__ = (
        Index("ix_slack_work_state", "state", "due_at"),
        Index("ix_slack_work_lane", "state", "lane", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Plain(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(Plain(200))
    about: Mapped[str] = mapped_column(Plain(40), index=True)
    body: Mapped[Any | None] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(server_default="0")
    worker: Mapped[str | None] = mapped_column(Plain(100))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment, index=True)
    why: Mapped[str] = mapped_column(Plain, server_default="")


class SlackOutboxRow(Base):
    """Something to be put into Slack once; its ``payload`` goes when it is sent or given up.

    It goes under the message with ``after_key``, or in place of the one with ``update_key``, once that has a
    ts. ``ts`` is what Slack called it.
    """

    __tablename__ = "slack_outbox"
    __table_args__ = (
        Index("ix_slack_outbox_state", "state", "due_at"),
        Index("ix_slack_outbox_lane", "state", "lane", "id"),
        Index("ix_slack_outbox_ts", "channel", "ts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Plain(300), unique=True)
    channel: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(Plain(400))
    about: Mapped[str] = mapped_column(Plain(40), index=True)
    thread_ts: Mapped[str | None] = mapped_column(String(40))
    after_key: Mapped[str | None] = mapped_column(Plain(300), index=True)
    update_ts: Mapped[str | None] = mapped_column(String(40))
    update_key: Mapped[str | None] = mapped_column(Plain(300), index=True)
    ephemeral_to: Mapped[str | None] = mapped_column(String(40))
    payload: Mapped[Any | None] = mapped_column(Document)
    ts: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(server_default="0")
    worker: Mapped[str | None] = mapped_column(Plain(100))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment, index=True)
    why: Mapped[str] = mapped_column(Plain, server_default="")
