"""The tables of SQL. Times are unix seconds of the bot's clock; SQL never asks for the time itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.directory_tables import directory_tables
from bot.store.tally import LONGEST_PART

HEAD = "0004"
"""The newest migration. A database at another one is behind (or ahead)."""


class Base(DeclarativeBase):
    """Every table of ours. Constraints have names, so that a migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class OptOut(Base):
    """A person who asked us to stop, under an HMAC of the opt-out pepper. Kept until they come back."""

    __tablename__ = "opt_outs"

    contact_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    since: Mapped[int] = mapped_column(BigInteger)


class SharedPhone(Base):
    """A shelter's phone that many people use, under an HMAC of the opt-out pepper, until a moment in unix seconds."""

    __tablename__ = "shared_phones"

    contact_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[int] = mapped_column(BigInteger)


class Escalation(Base):
    """A conversation that a person asked to have with staff. What names the person is sealed under the key of this escalation.

    ``id`` is opaque and the name of the key. ``number`` is None once it was erased; the row then only keeps a retry from
    bringing it back. ``held_*``: counsel asked to keep it (legal hold).
    """

    __tablename__ = "escalations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened: Mapped[int] = mapped_column(BigInteger)
    closed: Mapped[int | None] = mapped_column(BigInteger)
    erased: Mapped[int | None] = mapped_column(BigInteger)
    held_since: Mapped[int | None] = mapped_column(BigInteger)
    held_by: Mapped[str | None] = mapped_column(String(64))
    held_for: Mapped[str | None] = mapped_column(String(128))


class EscalationMessage(Base):
    """One message of an escalation, sealed under its key. ``author`` is family, bot, staff or note (of staff, for staff)."""

    __tablename__ = "escalation_messages"

    number: Mapped[int] = mapped_column(primary_key=True)
    escalation: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    at: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Base):
    """An erasing that could not be finished at once. ``address`` is sealed under a key of this row alone, named ``id``."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[bytes] = mapped_column(LargeBinary)


class AuditRow(Base):
    """Who of the staff did what, and when. Never a number, a text or a code of a person. Each row seals the one before."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(255))
    seal: Mapped[str] = mapped_column(String(64))


class TopicCount(Base):
    """How often a topic was asked for in the week that begins on this Monday. Never crossed with places."""

    __tablename__ = "topic_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    language: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    channel: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class PlaceCount(Base):
    """How often a kind of help was looked for in a state in that week. Never crossed with topics."""

    __tablename__ = "place_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    help: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class GapCount(Base):
    """How often a kind of help was asked for in a state in that week and nothing near was there. Never crossed with topics."""

    __tablename__ = "gap_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    help: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class DirectoryFlag(Base):
    """How often families said of a phone or a service in that week that it does not work. Nothing of who said it."""

    __tablename__ = "directory_flags"

    record: Mapped[str] = mapped_column(String(36), primary_key=True)
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int]


class DirectoryHistory(Base):
    """What of the directory was changed by whom: ``metadata`` of HSDS. ``number`` is the order.

    ``action``: create, update, delete. An update has a row for each ``field``; of a record that went ``previous`` is all of it,
    as JSON.
    """

    __tablename__ = "hsds_history"
    __table_args__ = (Index("ix_hsds_history_resource", "resource_type", "resource_id"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    resource_type: Mapped[str] = mapped_column(String(32))
    resource_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(16))
    field: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))


class AreaNoticeRow(Base):
    """A coordinator's notice about an area, as JSON; ``withdrawn`` when somebody took it back before its end."""

    __tablename__ = "area_notices"

    number: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[str] = mapped_column(Text)
    starts: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[int | None] = mapped_column(BigInteger)


class Meta(Base):
    """Facts about the installation itself."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(255))


DIRECTORY = directory_tables(Base.metadata)
"""The tables of the directory, by their name in HSDS."""
