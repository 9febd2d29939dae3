"""The tables of SQL. Times are unix seconds of the bot's clock; SQL never asks for the time itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import content_models as content_models
from bot.store.base import Base as Base
from bot.store.directory_tables import directory_tables
from bot.store.tally import LONGEST_PART

HEAD = "0006"
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


class DeskOrganizationRow(Base):
    """An organization that answers at the desk: bot/escalation's DeskOrganization. Lists are words with commas."""

    __tablename__ = "desk_organizations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    hours: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    languages: Mapped[str] = mapped_column(String(64))
    states: Mapped[str] = mapped_column(String(400))
    topics: Mapped[str] = mapped_column(String(400))
    is_default: Mapped[bool]
    active: Mapped[bool]
    debrief: Mapped[str] = mapped_column(String(200))
    urgent_a_day: Mapped[int]


class DeskAgreement(Base):
    """That people of ``organization`` may see the escalations of ``sees``; an empty ``sees`` is the shared pool."""

    __tablename__ = "desk_agreements"

    organization: Mapped[str] = mapped_column(String(32), primary_key=True)
    sees: Mapped[str] = mapped_column(String(32), primary_key=True)


class User(Base):
    """A volunteer or member of staff who may log in. ``roles`` are words with commas, ``organization`` None the whole network.

    ``fs_uniquifier``, ``tf_*`` and ``mf_*`` are named as Flask-Security names them: what all her logins have in common (a new one
    ends them), the second factor (its secret is encrypted; ``tf_last_counter`` the step of time whose code was taken last) and
    the hashes of her recovery codes. ``on_duty`` since when, ``back_at`` until when she wants no alarms. ``quiet``: hours
    without alarms, as 22:00-07:00 in the team's time zone; empty for none. ``inbox``: the tab and filters at which she left it.
    ``works_in``: the languages whose answers she looks after, with commas; ``state``: where she can call organizations (US-IL).
    An admin has entered her as a speaker of K'iche' (``speaker_of``: the town whose way of speaking it is) or with her
    ``licence`` or accreditation: without that nobody can mark a text as read, or an answer as approved.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    organization: Mapped[str | None] = mapped_column(String(32))
    roles_held: Mapped[str] = mapped_column("roles", String(100))
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(400))
    mf_recovery_codes: Mapped[str | None] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger)
    last_seen: Mapped[int | None] = mapped_column(BigInteger)
    on_duty: Mapped[int | None] = mapped_column(BigInteger)
    back_at: Mapped[int | None] = mapped_column(BigInteger)
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    quiet: Mapped[str] = mapped_column(String(11), default="", server_default="")
    inbox: Mapped[str] = mapped_column(String(200), default="", server_default="")
    works_in: Mapped[str] = mapped_column(String(16), default="", server_default="")
    state: Mapped[str] = mapped_column(String(8), default="", server_default="")
    speaker_of: Mapped[str] = mapped_column(String(80), default="", server_default="")
    licence: Mapped[str] = mapped_column(String(120), default="", server_default="")


class ConsoleSession(Base):
    """A login. ``id`` is the SHA-256 of what the browser holds; ``data`` is Flask's session as JSON."""

    __tablename__ = "console_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[str] = mapped_column(Text)


class Invitation(Base):
    """An invitation to the console. ``id`` is the SHA-256 of the word in its link; ``used`` when it was taken or taken back."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(64))
    organization: Mapped[str | None] = mapped_column(String(32))
    roles: Mapped[str] = mapped_column(String(100))
    by: Mapped[int | None]
    made: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int | None] = mapped_column(BigInteger)


class Interpreter(Base):
    """Somebody who interprets for the desk. ``variety``: the town whose way of speaking it is; ``hours`` as an organization's."""

    __tablename__ = "interpreters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    variety: Mapped[str] = mapped_column(String(64))
    organization: Mapped[str | None] = mapped_column(String(32))
    contact: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    active: Mapped[bool]


class MessageTemplate(Base):
    """A WhatsApp template that Meta has approved, by the carrier's id. ``body`` with {{1}}; only for a window that is closed."""

    __tablename__ = "message_templates"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]


class WrongGuess(Base):
    """What the bot took for something else: words scrubbed and looked at by a person, ``heard`` and ``right``. No contact, no time.

    ``quarter`` (2026Q4) is all that says when, so that it can end.
    """

    __tablename__ = "wrong_guesses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    heard: Mapped[str] = mapped_column(String(64))
    right: Mapped[str] = mapped_column(String(64))


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
