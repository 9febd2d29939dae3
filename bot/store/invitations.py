"""Invitations to the console: a link that works once, for seven days. SQL holds the SHA-256 of its word, never the word.

The same link, sent to somebody who has an account, lets her choose a new password; her second factor stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.store.audit import note
from bot.store.console_sessions import named
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn
from bot.store.people import COLUMNS, TURN, NameRefused, People, folded, looks_after, may_give, name_fits
from bot.store.person import person_of, roles_of, words_of_roles
from bot.store.staff_models import ConsoleSession, Invitation, User

LASTS = 7 * 24 * 3600


class Standing(StrEnum):
    """What an invitation is good for. ``USED`` also when it was taken back or another one went out in its place."""

    GOOD = "good"
    USED = "used"
    OVER = "over"
    UNKNOWN = "unknown"


class HasAccount(StoreError):
    """Somebody with that mail address can log in already."""

    def __init__(self) -> None:
        super().__init__("somebody with that mail address has an account already")


class Invited(Struct, frozen=True):
    """An invitation as it stands. ``by`` is the name of who sent it; ``account`` the user whose password it renews, None for a new one."""

    id: str
    email: str
    name: str
    organization: str | None
    roles: frozenset[Role]
    by: str
    made: int
    ends: int
    standing: Standing
    account: int | None = None


class Invitations:
    """The invitations. Every method raises ``StoreDown``; what an admin does ``NotYours`` where she may not."""

    def __init__(self, engine: Engine, people: People, clock: Callable[[], float]) -> None:
        self._engine, self._people, self._clock = engine, people, clock

    def invite(
        self, viewer: Viewer | None, email: str, name: str, organization: str | None, roles: frozenset[Role]
    ) -> str:
        """Invites somebody; returns the word of the link. ``viewer`` None: from the terminal. ``HasAccount``, ``NameRefused``."""
        if viewer is not None:
            may_give(viewer, organization, roles)
        if not name_fits(name):
            raise NameRefused
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            if connection.scalar(select(User.id).where(User.email == folded(email))) is not None:
                raise HasAccount
            return self._put(connection, viewer, email, name, organization, roles, "invited")

    def renew_password(self, viewer: Viewer | None, id: int) -> str:
        """A link with which somebody who has an account chooses a new password; returns its word."""
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            row = connection.execute(select(*COLUMNS).where(User.id == id)).first()
            if row is None or (viewer is not None and not looks_after(viewer, row.organization)):
                raise NotYours
            person = person_of(row)
            return self._put(
                connection, viewer, person.email, person.name, person.organization, person.roles, "password.link"
            )

    def again(self, viewer: Viewer, id: str) -> tuple[str, Invited]:
        """Another link in place of one that did not arrive or is over; the old one is good for nothing."""
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            old = self._hers(connection, viewer, id)
            if old.standing is Standing.USED:
                raise NotYours
            word = self._put(connection, viewer, old.email, old.name, old.organization, old.roles, "invited.again")
            return word, old

    def take_back(self, viewer: Viewer, id: str) -> None:
        """Its link is good for nothing any more."""
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            self._hers(connection, viewer, id)
            now = int(self._clock())
            connection.execute(
                update(Invitation).where(Invitation.id == id, Invitation.used.is_(None)).values(used=now)
            )
            note(connection, now, viewer.actor, "invitation.back", "")

    def open(self, viewer: Viewer) -> tuple[Invited, ...]:
        """Those that nobody has used yet, also when they are over, by name."""
        if not viewer.has(Role.ADMIN):
            raise NotYours
        asked = _ASKED.where(Invitation.used.is_(None)).order_by(Invitation.name, Invitation.made)
        if viewer.organization is not None:
            asked = asked.where(Invitation.organization == viewer.organization)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(self._read(row) for row in connection.execute(asked))

    def find(self, word: str) -> Invited | None:
        """The invitation of a link; None for a word that never was one."""
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(_ASKED.where(Invitation.id == named(word))).first()
            if row is None:
                return None
            found = self._read(row)
            account = connection.scalar(select(User.id).where(User.email == found.email))
            return replace(found, account=account)

    def accept(self, word: str, name: str, language: str, hash: str) -> int | None:
        """Makes the account (or gives it the new password), once; None when the link is good for nothing any more."""
        now, id = int(self._clock()), named(word)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            good = update(Invitation).where(Invitation.id == id, Invitation.used.is_(None), Invitation.ends > now)
            if not connection.execute(good.values(used=now)).rowcount:
                return None
            row = connection.execute(_ASKED.where(Invitation.id == id)).one()
            email, organization, roles = row.email, row.organization, roles_of(row.roles)
            user = connection.scalar(select(User.id).where(User.email == email))
            if user is None:
                user = self._people.make(
                    connection, email=email, name=name, password=hash, language=language, organization=organization,
                    roles=roles,
                )  # fmt: skip
            else:
                new = {"password": hash, "fs_uniquifier": secrets.token_hex(32)}
                connection.execute(update(User).where(User.id == user).values(**new))
                connection.execute(delete(ConsoleSession).where(ConsoleSession.user == user))
            note(connection, now, f"{name} (user {user})", "invitation.used", f"user {user}")
            return int(user)

    def _put(
        self, connection: Connection, viewer: Viewer | None, email: str, name: str, organization: str | None,
        roles: frozenset[Role], action: str,
    ) -> str:  # fmt: skip
        word, now, email = secrets.token_urlsafe(32), int(self._clock()), folded(email)
        # One link at a time: an older one in somebody's mailbox is good for nothing.
        earlier = update(Invitation).where(Invitation.email == email, Invitation.used.is_(None))
        connection.execute(earlier.values(used=now))
        row = {
            "id": named(word), "email": email, "name": name[:64], "organization": organization,
            "roles": words_of_roles(roles), "by": viewer.user if viewer else None, "made": now, "ends": now + LASTS,
        }  # fmt: skip
        connection.execute(insert(Invitation).values(row))
        asked_for = f"{organization or 'network'}: {words_of_roles(roles).replace(',', ', ')}"
        note(connection, now, viewer.actor if viewer else "terminal", action, asked_for)
        return word

    def _hers(self, connection: Connection, viewer: Viewer, id: str) -> Invited:
        row = connection.execute(_ASKED.where(Invitation.id == id)).first()
        if row is None or not looks_after(viewer, row.organization):
            raise NotYours
        return self._read(row)

    def _read(self, row: Any) -> Invited:
        id, email, name, organization, roles, made, ends, used, by = row
        over = Standing.OVER if ends <= self._clock() else Standing.GOOD
        standing = Standing.USED if used is not None else over
        return Invited(id, email, name, organization, roles_of(roles), by or "", made, ends, standing)


_BY = select(User.name).where(User.id == Invitation.by).scalar_subquery().label("by_name")
_ASKED = select(
    Invitation.id, Invitation.email, Invitation.name, Invitation.organization, Invitation.roles, Invitation.made,
    Invitation.ends, Invitation.used, _BY,
)  # fmt: skip
