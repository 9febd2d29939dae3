"""At which tab and with which filters somebody left her inbox, so that it is so again after another login."""

from __future__ import annotations

from sqlalchemy import Engine, select, update

from bot.escalation.viewer import Viewer
from bot.store.database import sql_errors
from bot.store.staff_models import User


class InboxLeft:
    """A query string for each account: never of a person, only of kinds. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, viewer: Viewer) -> str:
        """As she left it; empty where she never chose."""
        with sql_errors(), self._engine.connect() as connection:
            return str(connection.scalar(select(User.inbox).where(User.id == viewer.user)) or "")

    def keep(self, viewer: Viewer, query: str) -> None:
        """Remembers it, at most 200 letters. Writes only what is new: a page that is loaded again costs no transaction."""
        if self.of(viewer) == query:
            return
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(User).where(User.id == viewer.user).values(inbox=query[:200]))
