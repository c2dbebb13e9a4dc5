"""The tables of the console: people, working copies, what was done, what was found on the sources."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from knowledge_base.store.columns import Document, Moment, Plain
from knowledge_base.store.tables import Base


class StaffRow(Base):
    """Somebody who may sign in to the console; without a password only through the hub's own sign-in."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    email: Mapped[str] = mapped_column(Plain(254), unique=True)
    name: Mapped[str] = mapped_column(Plain(200))
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(Plain(300), unique=True)
    active: Mapped[bool] = mapped_column(server_default=true())
    created: Mapped[datetime] = mapped_column(Moment)


class StaffSessionRow(Base):
    """A signed-in browser, by the digest of its token."""

    __tablename__ = "staff_sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)


class SignInTryRow(Base):
    """A sign-in that failed, by the digest of the address or the e-mail it was tried with."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class WorkingCopyRow(Base):
    """A record as somebody is changing it: businesses see the published one until this takes its place.

    ``state`` is draft or in_review; ``base_version`` is the published record's version it started from, 0 for
    a new record; ``version`` counts its saves.
    """

    __tablename__ = "working_copies"

    record_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    record_id: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    base_version: Mapped[int]
    version: Mapped[int]
    document: Mapped[Any] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str] = mapped_column(Plain(254))
    at: Mapped[datetime] = mapped_column(Moment)
    why: Mapped[str] = mapped_column(Plain)
    comment: Mapped[str] = mapped_column(Plain, server_default="")


class WorkingRevisionRow(Base):
    """What a working copy was after each save, and what was done with it; ``version`` counts on for good.

    Never deleted: the record's history shows them. ``what`` is a word of `working_copies.DONE`.
    """

    __tablename__ = "working_revisions"
    __table_args__ = (
        Index("ix_working_revisions_record", "record_type", "record_id", "version", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(Plain(100))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(Plain(254))
    what: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Plain)
    document: Mapped[Any] = mapped_column(Document)


class AuditRow(Base):
    """What somebody did in the console: sign-ins, roles, publications, imports, merges."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by: Mapped[str] = mapped_column(Plain(254))
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(Plain(300))
    detail: Mapped[Any] = mapped_column(Document)


class SourceCheckRow(Base):
    """What the last visit to a source gave, and what to send along the next time.

    ``facts`` is what the page said that a record may quote; ``fails`` counts the days in a row it was gone.
    """

    __tablename__ = "source_checks"

    url: Mapped[str] = mapped_column(Plain(2000), primary_key=True)
    checked: Mapped[datetime] = mapped_column(Moment, index=True)
    answer: Mapped[str] = mapped_column(String(20), index=True)
    status: Mapped[int | None]
    final_url: Mapped[str | None] = mapped_column(Plain(2000))
    etag: Mapped[str | None] = mapped_column(Plain(500))
    last_modified: Mapped[str | None] = mapped_column(Plain(100))
    digest: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[Any] = mapped_column(Document)
    fails: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[str] = mapped_column(Plain, server_default="")


class FindingRow(Base):
    """Something a visit to a source found about a record, until somebody deals with it.

    ``place`` is the field it is about; ``before`` what the record says there and ``after`` what the page says
    now, as ``quote`` has it; ``changes`` are the values the proposal puts into the record, by place.
    """

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(Plain(100), index=True)
    url: Mapped[str] = mapped_column(Plain(2000))
    kind: Mapped[str] = mapped_column(String(20), index=True)
    place: Mapped[str] = mapped_column(String(60), server_default="")
    words: Mapped[str] = mapped_column(Plain)
    before: Mapped[str] = mapped_column(Plain, server_default="")
    after: Mapped[str] = mapped_column(Plain, server_default="")
    quote: Mapped[str] = mapped_column(Plain, server_default="")
    changes: Mapped[Any] = mapped_column(Document)
    proposal: Mapped[Any | None] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    found: Mapped[datetime] = mapped_column(Moment, index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str | None] = mapped_column(Plain(254))
    until: Mapped[date | None]


class ImportRow(Base):
    """A file that is taken in, and how far that is: ``state`` is one of `store.imports.STATES`.

    ``done`` of ``total`` rows are through; ``touched`` is when that was last said.
    """

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by: Mapped[str] = mapped_column(Plain(254))
    file: Mapped[str] = mapped_column(Plain(300))
    state: Mapped[str] = mapped_column(String(20), index=True)
    mapping: Mapped[Any] = mapped_column(Document)
    report: Mapped[Any] = mapped_column(Document)
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    touched: Mapped[datetime] = mapped_column(Moment)
    undone: Mapped[datetime | None] = mapped_column(Moment)


class ImportPartRow(Base):
    """A piece of a file that is taken in; gone when that is done with."""

    __tablename__ = "import_parts"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]


class ImportedRow(Base):
    """What one row of a file would do, and did: the record before and after, or why it was refused.

    ``wrote`` is the version that was written, of a working copy or (``published``) of the record;
    ``left_because`` says why an undo left it.
    """

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_import", "import_id", "outcome", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    record_type: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(Plain(100), index=True)
    name: Mapped[str] = mapped_column(Plain(300))
    document: Mapped[Any | None] = mapped_column(Document)
    before: Mapped[Any | None] = mapped_column(Document)
    words: Mapped[Any] = mapped_column(Document)
    version: Mapped[int]
    draft_version: Mapped[int]
    wrote: Mapped[int | None]
    published: Mapped[bool] = mapped_column(server_default=false())
    left_because: Mapped[str | None] = mapped_column(Plain)


class ImportMappingRow(Base):
    """A mapping that was kept to be used again."""

    __tablename__ = "import_mappings"

    name: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    document: Mapped[Any] = mapped_column(Document)
    by: Mapped[str] = mapped_column(Plain(254))
    at: Mapped[datetime] = mapped_column(Moment)


class NotDuplicatesRow(Base):
    """Two records that look alike and were said to be two."""

    __tablename__ = "not_duplicates"

    one: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    other: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    by: Mapped[str] = mapped_column(Plain(254))
    at: Mapped[datetime] = mapped_column(Moment)


class MergeRow(Base):
    """Two records made one: what each record that changed was before and after, to take it back with."""

    __tablename__ = "merges"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by: Mapped[str] = mapped_column(Plain(254))
    stays: Mapped[str] = mapped_column(Plain(100), index=True)
    goes: Mapped[str] = mapped_column(Plain(100), index=True)
    changed: Mapped[Any] = mapped_column(Document)
    undone: Mapped[datetime | None] = mapped_column(Moment)


class OfferCountRow(Base):
    """How often in a month an offer was shown, opened, followed, or turned down: numbers, nobody's."""

    __tablename__ = "offer_counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    offer_id: Mapped[str] = mapped_column(Plain(100), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]


class DigestRow(Base):
    """A digest of what is due that was sent: the same one is not sent twice."""

    __tablename__ = "digests"

    day: Mapped[date] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(Plain(300), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    done: Mapped[bool] = mapped_column(server_default=false())
