"""What became of changes: who wrote what was published, and who may publish what waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, select

from bot.escalation.viewer import Role
from bot.scripts.change import Hand, Stage
from bot.store.change_rows import names
from bot.store.content_models import Change, ChangeHand
from bot.store.database import sql_errors
from bot.store.staff_models import User


class ChangeHistory:
    """Reads what changes have left. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def writers(self) -> Mapping[int, tuple[Hand, ...]]:
        """Who wrote what each release published, by its number."""
        wanted = (
            select(Change.release, ChangeHand.user)
            .join(ChangeHand, ChangeHand.change == Change.id)
            .where(Change.state == Stage.PUBLISHED, Change.release.is_not(None))
            .order_by(Change.release, ChangeHand.user)
        )
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
            called = names(connection, {row.user for row in rows})
        found: dict[int, list[Hand]] = {}
        for row in rows:
            found.setdefault(row.release, []).append(called[row.user])
        return {number: tuple(hands) for number, hands in found.items()}

    def called(self, users: Collection[int]) -> Mapping[int, str]:
        """The names of these accounts; empty for one that is not there any more."""
        with sql_errors(), self._engine.connect() as connection:
            return {id: hand.name for id, hand in names(connection, users).items()}

    def publishers(self, without: Collection[int] = ()) -> tuple[Hand, ...]:
        """Everybody with an open account who may publish, but for these, by name."""
        return tuple(each for each in self._with(Role.PUBLISHER) if each.id not in without)

    def admins(self) -> tuple[Hand, ...]:
        """Everybody with an open account who gives roles, by name."""
        return self._with(Role.ADMIN)

    def _with(self, role: Role) -> tuple[Hand, ...]:
        wanted = select(User.id, User.name, User.roles_held).where(User.active).order_by(User.name, User.id)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Hand(id, name) for id, name, roles in rows if role.value in roles.split(","))
