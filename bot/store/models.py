"""The tables of families, of counts and of the installation, and all others with them: of content, staff and the directory.

Times are unix seconds of the bot's clock; SQL never asks for the time itself.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import content_models as content_models
from bot.store import directory_models as directory_models
from bot.store import staff_models as staff_models
from bot.store.base import Base as Base
from bot.store.seals import SEAL_LETTERS
from bot.store.tally import LONGEST_PART

HEAD = "0010"
"""The newest migration. A database at another one is behind (or ahead)."""


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
    bringing it back. ``held_*``: counsel asked to keep it (legal hold). ``about`` is bot/escalation's About, sealed: topic,
    language and place die with the key. The rest is as bot/escalation's Escalated tells. ``alarm``: since when those on duty
    are to be told that it is urgent, ``alarmed``: when they were.
    """

    __tablename__ = "escalations"
    __table_args__ = (Index("ix_escalations_open", "closed", "erased"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened: Mapped[int] = mapped_column(BigInteger)
    closed: Mapped[int | None] = mapped_column(BigInteger)
    erased: Mapped[int | None] = mapped_column(BigInteger)
    held_since: Mapped[int | None] = mapped_column(BigInteger)
    held_by: Mapped[str | None] = mapped_column(String(64))
    held_for: Mapped[str | None] = mapped_column(String(128))
    organization: Mapped[str | None] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(8), default="normal", server_default="normal")
    about: Mapped[bytes | None] = mapped_column(LargeBinary)
    claimed_by: Mapped[int | None]
    claimed_at: Mapped[int | None] = mapped_column(BigInteger)
    waiting_since: Mapped[int | None] = mapped_column(BigInteger)
    last_inbound: Mapped[int | None] = mapped_column(BigInteger)
    last_staff: Mapped[int | None] = mapped_column(BigInteger)
    last_bot: Mapped[int | None] = mapped_column(BigInteger)
    pass_to: Mapped[str | None] = mapped_column(String(32))
    resolution: Mapped[str | None] = mapped_column(String(16))
    alarm: Mapped[int | None] = mapped_column(BigInteger)
    alarmed: Mapped[int | None] = mapped_column(BigInteger)


class EscalationMessage(Base):
    """One message of an escalation, sealed under its key. ``author`` is bot/escalation's Author, ``by`` the user who wrote it.

    ``beside`` is what belongs to it (Said.beside, as JSON), sealed too. ``inbound`` is the name of the carrier's message under
    this key, so that a turn that runs again does not note it twice.
    """

    __tablename__ = "escalation_messages"
    __table_args__ = (Index("ix_escalation_messages_inbound", "escalation", "inbound", unique=True),)

    number: Mapped[int] = mapped_column(primary_key=True)
    escalation: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    at: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    by: Mapped[int | None]
    beside: Mapped[bytes | None] = mapped_column(LargeBinary)
    inbound: Mapped[str | None] = mapped_column(String(32))


class OutboxRow(Base):
    """A message of staff on its way: bot/escalation's State. Its words are those of ``message``, sealed there.

    ``id`` and how many ``attempts`` there were are in the address of the carrier's reports (POST /status?o=ID.2). ``since`` is
    when the last of them began, ``not_before`` when the next one may, or when the carrier is asked. ``sid`` is the carrier's
    name for it, None again a day after the end, when the carrier's copy is gone. ``template`` is the carrier's id of an
    approved template, and then ``message`` holds its values too. ``told``: staff were told that it did not go out for too long.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "not_before"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    escalation: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    message: Mapped[int] = mapped_column(ForeignKey("escalation_messages.number"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    made: Mapped[int] = mapped_column(BigInteger)
    not_before: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    since: Mapped[int | None] = mapped_column(BigInteger)
    sid: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[int | None]
    template: Mapped[str | None] = mapped_column(String(64))
    changed: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[int | None] = mapped_column(BigInteger)


class Erasure(Base):
    """An erasing that could not be finished at once. ``address`` is sealed under a key of this row alone, named ``id``."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[bytes] = mapped_column(LargeBinary)


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


class TurnCount(Base):
    """How questions ended in that week (bot/counted.py), by language. Never crossed with topics or places."""

    __tablename__ = "turn_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    language: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class SmsCount(Base):
    """How many SMS went out in that week that were billed as so many parts, by language. ``n`` are messages, never parts."""

    __tablename__ = "sms_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    parts: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    language: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class WaitCount(Base):
    """How many answers of staff came in that week after so long a wait, by language. Not whose, nor of which organization."""

    __tablename__ = "wait_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    wait: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    language: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class FailureCount(Base):
    """How many messages did not arrive in that week, by what the error asks for (bot/escalation/refused.py) and channel."""

    __tablename__ = "failure_counts"

    week: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    channel: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    n: Mapped[int]


class AreaNoticeRow(Base):
    """A coordinator's notice about an area, as JSON; ``withdrawn`` when somebody took it back before its end.

    ``seal``: bot/store/sealed_rows.py.
    """

    __tablename__ = "area_notices"

    number: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[str] = mapped_column(Text)
    starts: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[int | None] = mapped_column(BigInteger)
    seal: Mapped[str | None] = mapped_column(String(SEAL_LETTERS))


class Meta(Base):
    """Facts about the installation itself."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(255))
