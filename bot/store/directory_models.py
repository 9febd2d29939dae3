"""The tables of the directory, of what was changed in it, and of what families said of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base
from bot.store.directory_tables import directory_tables


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


DIRECTORY = directory_tables(Base.metadata)
"""The tables of the directory, by their name in HSDS."""
