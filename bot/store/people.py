"""Who may log in: accounts, whom of them an admin may see and change, and what each of them may see (``viewer_of``)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.store.audit import note, takes
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn
from bot.store.models import Escalation
from bot.store.person import Person, person_of, roles_of, words_of_roles
from bot.store.staff_models import ConsoleSession, DeskAgreement, Invitation, User

LONGEST_NAME = 48
LONGEST_TOWN, LONGEST_LICENCE = 80, 120
STATE = re.compile(r"(?:[A-Z]{2}-[A-Z]{2,3})?")
TURN = "people"
"""The row of ``meta`` by which changes of accounts wait for each other."""


class LastAdmin(StoreError):
    """Without her nobody could let anybody in any more."""

    def __init__(self) -> None:
        super().__init__("she is the last admin of the network: make another one first")


class WorkRefused(StoreError):
    """A state is written as US-IL, a town or a licence in 2 letters or more."""

    def __init__(self) -> None:
        super().__init__("write the state as US-IL, the town and the licence as they are")


class NameRefused(StoreError):
    """The audit names her by her name and takes neither a long one nor one that could be a number of a phone."""

    def __init__(self) -> None:
        super().__init__(f"a name has 1 to {LONGEST_NAME} letters, and no long numbers")


class People:
    """The accounts. ``clock`` is the bot's. Every method raises ``StoreDown``.

    What an admin does takes her ``Viewer`` first and raises ``NotYours`` for people of another organization.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self.engine, self.clock = engine, clock

    def by_id(self, id: int) -> Person | None:
        """The account of that number."""
        with sql_errors(), self.engine.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(User.id == id)).first()
            return person_of(row) if row else None

    def by_email(self, email: str) -> tuple[Person, str] | None:
        """The account of a mail address and the hash of its password."""
        with sql_errors(), self.engine.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(User.email == folded(email))).first()
            return (person_of(row), row.password) if row else None

    def viewer_of(self, user: int) -> Viewer | None:
        """What somebody may see and do now; None for an account that is not active, or not there."""
        person = self.by_id(user)
        if person is None or not person.active:
            return None
        return self.viewer_for(person)

    def viewer_for(self, person: Person) -> Viewer:
        """The same for an account that was just read."""
        sees: frozenset[str] = frozenset()
        if person.organization is not None:
            mine = select(DeskAgreement.sees).where(DeskAgreement.organization == person.organization)
            with sql_errors(), self.engine.connect() as connection:
                sees = frozenset(connection.scalars(mine))
        return Viewer(person.id, person.name, person.roles, person.organization, sees)

    def all(self, viewer: Viewer) -> tuple[Person, ...]:
        """Everybody whom this admin looks after, by name; those who were deactivated last."""
        chosen = select(*COLUMNS).order_by(User.active.desc(), User.name, User.id)
        if not viewer.has(Role.ADMIN):
            raise NotYours
        if viewer.organization is not None:
            chosen = chosen.where(User.organization == viewer.organization)
        with sql_errors(), self.engine.connect() as connection:
            return tuple(person_of(row) for row in connection.execute(chosen))

    def one(self, viewer: Viewer, id: int) -> Person:
        """One of those. ``NotYours`` also where there is none."""
        person = self.by_id(id)
        if person is None or not looks_after(viewer, person.organization):
            raise NotYours
        return person

    def change_roles(self, viewer: Viewer, id: int, roles: frozenset[Role]) -> None:
        """Gives somebody other roles and ends her logins, so that no open page goes on with the old ones. ``LastAdmin``."""
        with sql_errors(), self.engine.begin() as connection:
            person = self._mine(connection, viewer, id)
            may_give(viewer, person.organization, roles)
            if person.roles == roles:
                return
            if Role.ADMIN not in roles:
                self._keep_an_admin(connection, person)
            self._change(connection, id, roles_held=words_of_roles(roles))
            if Role.RESPONDER not in roles:
                self._release(connection, id)
            self._note(
                connection, viewer.actor, "role.changed", f"user {id}: {words_of_roles(roles).replace(',', ', ')}"
            )

    def deactivate(self, viewer: Viewer, id: int) -> None:
        """She cannot log in any more; what she wrote stays, whom she had taken waits again at the old place. ``LastAdmin``."""
        with sql_errors(), self.engine.begin() as connection:
            person = self._mine(connection, viewer, id)
            self._keep_an_admin(connection, person)
            self._change(connection, id, active=False, on_duty=None)
            self._release(connection, id)
            self._note(connection, viewer.actor, "user.deactivated", f"user {id}")

    def activate(self, viewer: Viewer, id: int) -> None:
        """She may log in again, with her old password and second factor."""
        with sql_errors(), self.engine.begin() as connection:
            self._mine(connection, viewer, id)
            self._change(connection, id, active=True)
            self._note(connection, viewer.actor, "user.activated", f"user {id}")

    def change_account(self, person: Person, *, name: str, language: str, shortcuts: bool, quiet: str) -> None:
        """What somebody changes of her own account."""
        with sql_errors(), self.engine.begin() as connection:
            values = {"name": name[:64], "language": language, "shortcuts": shortcuts, "quiet": quiet}
            connection.execute(update(User).where(User.id == person.id).values(**values))

    def change_work(self, viewer: Viewer, id: int, works_in: Iterable[Language], state: str) -> None:
        """Which languages somebody looks after, and in which state she calls organizations: by herself or an admin. ``WorkRefused``."""
        if not STATE.fullmatch(state):
            raise WorkRefused
        held = set(works_in)
        values = {"works_in": ",".join(each.value for each in Language if each in held), "state": state}
        with sql_errors(), self.engine.begin() as connection:
            if viewer.user == id and viewer.user:
                in_turn(connection, TURN)
            else:
                self._mine(connection, viewer, id)
            connection.execute(update(User).where(User.id == id).values(**values))
            self._note(connection, viewer.actor, "work.changed", f"user {id}")

    def change_standing(self, viewer: Viewer, id: int, speaker_of: str, licence: str) -> None:
        """An admin enters somebody as a speaker of K'iche' (of which town) and with her licence or accreditation; empty for neither.

        With them she may say of a text that it is right, or approve an answer: she herself, by name. ``WorkRefused``.
        """
        speaker_of, licence = (" ".join(each.split()) for each in (speaker_of, licence))
        if (
            len(speaker_of) > LONGEST_TOWN
            or len(licence) > LONGEST_LICENCE
            or len(speaker_of) == 1
            or len(licence) == 1
        ):
            raise WorkRefused
        with sql_errors(), self.engine.begin() as connection:
            person = self._mine(connection, viewer, id)
            if (person.speaker_of, person.licence) == (speaker_of, licence):
                return
            connection.execute(update(User).where(User.id == id).values(speaker_of=speaker_of, licence=licence))
            is_ = ", ".join(what for what, said in (("speaker", speaker_of), ("licence", licence)) if said)
            self._note(connection, viewer.actor, "standing.changed", f"user {id}: {is_ or 'none'}")

    def change_language(self, id: int, language: str) -> None:
        """In which language she has the pages."""
        with sql_errors(), self.engine.begin() as connection:
            connection.execute(update(User).where(User.id == id).values(language=language))

    def change_password(self, id: int, hash: str, actor: str) -> None:
        """Another password; all her logins end."""
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            self._change(connection, id, password=hash)
            self._note(connection, actor, "password.changed", f"user {id}")

    def add(
        self, actor: str, *, email: str, name: str, password: str, language: str, organization: str | None,
        roles: frozenset[Role],
    ) -> int:  # fmt: skip
        """A new account, made at the terminal; returns its number. ``password`` is its hash (bot/store/passwords.py)."""
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            id = self.make(
                connection, email=email, name=name, password=password, language=language, organization=organization,
                roles=roles,
            )  # fmt: skip
            self._note(connection, actor, "user.made", f"user {id}: {words_of_roles(roles).replace(',', ', ')}")
        return id

    def make(
        self,
        connection: Connection,
        *,
        email: str,
        name: str,
        password: str,
        language: str,
        organization: str | None,
        roles: frozenset[Role],
    ) -> int:
        """A new account, within the caller's transaction; returns its number. Raises ``NameRefused``."""
        if not name_fits(name):
            raise NameRefused
        values: dict[str, object] = {
            "email": folded(email), "name": name[:64], "password": password, "active": True, "language": language,
            "organization": organization, "roles_held": words_of_roles(roles), "made": int(self.clock()),
            "fs_uniquifier": secrets.token_hex(32), "shortcuts": True, "quiet": "",
        }  # fmt: skip
        # A link that somebody else may hold must not lead into an account that was made in another way.
        open_ = update(Invitation).where(Invitation.email == folded(email), Invitation.used.is_(None))
        connection.execute(open_.values(used=int(self.clock())))
        made = connection.scalar(insert(User).values(_columns(values)).returning(User.id))
        return int(made or 0)

    def _mine(self, connection: Connection, viewer: Viewer, id: int) -> Person:
        in_turn(connection, TURN)
        row = connection.execute(select(*COLUMNS).where(User.id == id)).first()
        if row is None or not looks_after(viewer, row.organization):
            raise NotYours
        return person_of(row)

    def _keep_an_admin(self, connection: Connection, person: Person) -> None:
        """Somebody of the whole network must stay an admin; an organization may be without, the network's look after it."""
        if Role.ADMIN not in person.roles or person.organization is not None:
            return
        others = select(User.roles_held).where(User.organization.is_(None), User.active, User.id != person.id)
        if not any(Role.ADMIN in roles_of(held) for held in connection.scalars(others)):
            raise LastAdmin

    def _change(self, connection: Connection, id: int, **values: object) -> None:
        values["fs_uniquifier"] = secrets.token_hex(32)
        connection.execute(update(User).where(User.id == id).values(_columns(values)))
        connection.execute(delete(ConsoleSession).where(ConsoleSession.user == id))

    def _release(self, connection: Connection, id: int) -> None:
        hers = update(Escalation).where(Escalation.claimed_by == id, Escalation.closed.is_(None))
        connection.execute(hers.values(claimed_by=None, claimed_at=None))

    def _note(self, connection: Connection, actor: str, action: str, object: str) -> None:
        note(connection, self.clock(), actor, action, object)


COLUMNS = tuple(getattr(User, attribute.key) for attribute in User.__mapper__.column_attrs)


def _columns(values: dict[str, object]) -> dict[object, object]:
    """By the columns, not their names in Python: ``roles_held`` is ``roles`` in SQL."""
    return {getattr(User, name): value for name, value in values.items()}


def folded(email: str) -> str:
    """A mail address as it is stored and looked for."""
    return email.strip().casefold()


def name_fits(name: str) -> bool:
    """Whether somebody can be called so in the audit."""
    return 0 < len(name.strip()) <= LONGEST_NAME and takes(f"{name} (user 1)")


def looks_after(viewer: Viewer, organization: str | None) -> bool:
    """Whether she is an admin of those people: of her own organization, or of the whole network."""
    return viewer.has(Role.ADMIN) and (viewer.organization is None or viewer.organization == organization)


def may_give(viewer: Viewer, organization: str | None, roles: frozenset[Role]) -> None:
    """Raises ``NotYours`` when she may not give these roles there.

    Nobody of the whole network answers families: a conversation belongs to an organization (Viewer.reaches).
    """
    if not looks_after(viewer, organization) or (organization is None and Role.RESPONDER in roles) or not roles:
        raise NotYours
