"""The tables of SQL. Times are unix seconds of the bot's clock; SQL never asks for the time itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.tally import LONGEST_PART

HEAD = "0002"
"""The newest migration. A database at another one is behind (or ahead)."""


class Base(DeclarativeBase):
    """Every table of ours. Constraints have names, so that a migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class OptOut(Base):
    """A person who asked us to stop, under an HMAC of the opt-out pepper. Kept until they come back."""

    __tablename__ = "opt_outs"

    contact_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    since: Mapped[int] = mapped_column(BigInteger)


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
