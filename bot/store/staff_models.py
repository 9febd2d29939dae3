"""The tables of the console's people and of the desk at which they answer."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base


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
    # How far it is with Meta: bot/escalation/approval.py.
    approval: Mapped[str | None] = mapped_column(String(16))
    approval_reason: Mapped[str | None] = mapped_column(Text)
    approval_heard: Mapped[int | None] = mapped_column(BigInteger)
    approval_asked: Mapped[int | None] = mapped_column(BigInteger)
    approval_trouble: Mapped[str | None] = mapped_column(String(32))


class AuditRow(Base):
    """Who of the staff did what, and when. Never a number, a text or a code of a person. Each row seals the one before."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(255))
    seal: Mapped[str] = mapped_column(String(64))
