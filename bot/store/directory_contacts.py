"""Whom volunteers reach at an organization of the directory: staff alone see it, no answer and no export has it."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.store.content_models import DirectoryContact
from bot.store.database import sql_errors
from bot.store.directory_models import DIRECTORY

LONGEST = 400


def contact_of(engine: Engine, organization: str) -> str:
    """Empty where nobody wrote one down. Raises ``StoreDown``."""
    wanted = select(DirectoryContact.contact).where(DirectoryContact.organization == organization)
    with sql_errors(), engine.connect() as connection:
        return connection.scalar(wanted) or ""


def keep_contact(connection: Connection, organization: str, contact: str, by: int, at: float) -> None:
    """Writes it in a transaction that has begun to write. An empty one goes; so do those of organizations that are gone."""
    there = select(DIRECTORY["organization"].c.id)
    connection.execute(delete(DirectoryContact).where(DirectoryContact.organization.not_in(there)))
    mine = DirectoryContact.organization == organization
    if not contact:
        connection.execute(delete(DirectoryContact).where(mine))
        return
    values = {"contact": contact[:LONGEST], "by": by, "at": int(at)}
    if not connection.execute(update(DirectoryContact).where(mine).values(**values)).rowcount:
        connection.execute(insert(DirectoryContact).values(organization=organization, **values))
