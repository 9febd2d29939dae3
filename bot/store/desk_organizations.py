"""The organizations that answer at the desk, and which of them may see whose conversations. Every change stands in the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from bot.escalation.errors import OrganizationWrong
from bot.escalation.organization import DeskOrganization, problems_of
from bot.escalation.viewer import SHARED_POOL
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.in_turn import in_turn
from bot.store.staff_models import DeskAgreement, DeskOrganizationRow

_LISTS = ("languages", "states", "topics")
_TABLE = DeskOrganizationRow.__table__
_TURN = "desk organizations"


class DeskOrganizations:
    """The organizations of an installation. ``by`` is who of the staff does it, as the audit takes it. Raises ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def all(self) -> tuple[DeskOrganization, ...]:
        """All of them, by name, those too that are not active any more."""
        with sql_errors(), self._engine.connect() as connection:
            return _read(connection)

    def one(self, id: str) -> DeskOrganization | None:
        """The one of that id."""
        return next((each for each in self.all() if each.id == id), None)

    def save(self, by: str, organization: DeskOrganization) -> bool:
        """Adds it, or changes the one of its id; whether it is new. There is one default: it takes that from the former one.

        Raises ``OrganizationWrong`` with why in words.
        """
        problems = problems_of(organization)
        if not audit.takes(organization.id):
            problems = (
                *problems,
                "The id looks like a number of a phone or a code: the audit, where it will stand, takes none.",
            )
        if problems:
            raise OrganizationWrong(problems)
        values = _written(organization)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            if organization.is_default:
                connection.execute(update(DeskOrganizationRow).values(is_default=False))
            mine = update(DeskOrganizationRow).where(DeskOrganizationRow.id == organization.id)
            new = not connection.execute(mine.values(values)).rowcount
            if new:
                connection.execute(insert(DeskOrganizationRow).values(values))
            audit.note(
                connection,
                self._clock(),
                by,
                "organization.add" if new else "organization.change",
                organization.id,
            )
        return new

    def agreements(self) -> Mapping[str, frozenset[str]]:
        """For each organization those whose conversations its people may see beside their own; ``SHARED_POOL`` is one of them."""
        seen: dict[str, set[str]] = {}
        with sql_errors(), self._engine.connect() as connection:
            for row in connection.execute(select(DeskAgreement.organization, DeskAgreement.sees)):
                seen.setdefault(row.organization, set()).add(row.sees)
        return {organization: frozenset(sees) for organization, sees in seen.items()}

    def agree(self, by: str, organization: str, sees: str, yes: bool) -> bool:
        """That people of ``organization`` may see the conversations of ``sees`` (``SHARED_POOL``: those of nobody), or no more.

        False when it was so already. Raises ``OrganizationWrong`` where one of the two is not there.
        """
        pair = {"organization": organization, "sees": sees}
        mine = (DeskAgreement.organization == organization, DeskAgreement.sees == sees)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            if yes:
                _refuse_strangers(connection, organization, sees)
            there = connection.scalar(select(DeskAgreement.sees).where(*mine)) is not None
            if there == yes:
                return False
            connection.execute(insert(DeskAgreement).values(pair) if yes else delete(DeskAgreement).where(*mine))
            words = f"{organization} sees {sees or 'the shared pool'}"
            audit.note(connection, self._clock(), by, "agreement.add" if yes else "agreement.end", words)
        return True


def active_organizations(connection: Connection) -> tuple[DeskOrganization, ...]:
    """Those that are active, by name."""
    return tuple(each for each in _read(connection) if each.active)


def _read(connection: Connection) -> tuple[DeskOrganization, ...]:
    rows = connection.execute(select(_TABLE).order_by(_TABLE.c.name, _TABLE.c.id)).all()
    return tuple(_organization(row) for row in rows)


def _organization(row: Row[Any]) -> DeskOrganization:
    kept = row._asdict()
    return DeskOrganization(**{**kept, **{name: tuple(kept[name].split(",")) if kept[name] else () for name in _LISTS}})


def _written(organization: DeskOrganization) -> dict[str, object]:
    values = {column.name: getattr(organization, column.name) for column in _TABLE.columns}
    return {**values, **{name: ",".join(values[name]) for name in _LISTS}}


def _refuse_strangers(connection: Connection, organization: str, sees: str) -> None:
    known = set(connection.scalars(select(_TABLE.c.id)))
    missing = [id for id in (organization, sees) if id != SHARED_POOL and id not in known]
    if not organization or missing:
        raise OrganizationWrong((f"There is no organization {(missing or [organization])[0]!r} at the desk.",))
    if organization == sees:
        raise OrganizationWrong(("An organization sees its own conversations without an agreement.",))
