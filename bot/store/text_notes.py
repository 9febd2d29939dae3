"""What people note about a text for whoever comes next, and of which texts somebody is not sure. No doubt is ever forgotten.

A doubt stays until somebody settles it: by writing the text, or by saying that it is right. It is never counted as done.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, insert, select

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.store.audit import note
from bot.store.change_rows import names
from bot.store.content_models import TextNote
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.in_turn import in_turn

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)
TURN = "text notes"
LONGEST_NOTE = 600
_MOST = 20


class Noted(Struct, frozen=True):
    """A note on a text in one language. ``at``: unix seconds. ``settles``: she who wrote it settled the doubts before it."""

    by: int
    name: str
    at: int
    unsure: bool
    text: str

    @property
    def settles(self) -> bool:
        """Nothing is said, and no doubt: the text was written, or found right."""
        return not self.unsure and not self.text


class TextNotes:
    """Notes on texts. ``clock`` is the bot's. Raises ``NotYours`` for whoever may not write on answers, ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def of(self, viewer: Viewer, key: str, language: Language) -> tuple[Noted, ...]:
        """The last notes on a text, the newest first."""
        _may(viewer)
        mine = select(TextNote.__table__).where(TextNote.key == key, TextNote.language == language.value)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(mine.order_by(TextNote.number.desc()).limit(_MOST)).all()
            called = names(connection, {row.by for row in rows})
        return tuple(Noted(row.by, called[row.by].name, row.at, row.unsure, row.text) for row in rows)

    def unsure(self, viewer: Viewer, language: Language) -> dict[str, int]:
        """By key, who doubted it last, as long as nobody has settled it."""
        _may(viewer)
        with sql_errors(), self._engine.connect() as connection:
            return _doubted(connection, language)

    def note(self, viewer: Viewer, key: str, language: Language, text: str, unsure: bool = False) -> bool:
        """Keeps her note; ``unsure``: that she is not sure, with or without words. False where there is nothing to keep."""
        _may(viewer)
        text = " ".join(text.split())[:LONGEST_NOTE]
        if not (text or unsure):
            return False
        self._put(viewer, key, language, text, unsure, "text_doubted" if unsure else "text_noted")
        return True

    def settle(self, viewer: Viewer, key: str, language: Language) -> bool:
        """The text was written anew, or somebody said that it is right: nobody has to doubt it any more. False where nobody did."""
        _may(viewer)
        if key not in self.unsure(viewer, language):
            return False
        self._put(viewer, key, language, "", False, "text_settled")
        return True

    def _put(self, viewer: Viewer, key: str, language: Language, text: str, unsure: bool, act: str) -> None:
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            row = {"key": key[:160], "language": language.value, "by": viewer.user, "at": int(self._clock())}
            connection.execute(insert(TextNote).values(**row, unsure=unsure, text=text))
            note(connection, self._clock(), viewer.actor, act, f"{key} {language.value}")


def _may(viewer: Viewer) -> None:
    if not viewer.has(*WRITERS):
        raise NotYours


def _doubted(connection: Connection, language: Language) -> dict[str, int]:
    mine = TextNote.language == language.value
    doubts = dict(
        connection.execute(
            select(TextNote.key, func.max(TextNote.number)).where(mine, TextNote.unsure).group_by(TextNote.key)
        ).all()
    )
    settled = dict(
        connection.execute(
            select(TextNote.key, func.max(TextNote.number))
            .where(mine, TextNote.unsure.is_(False), TextNote.text == "")
            .group_by(TextNote.key)
        ).all()
    )
    last = {number for key, number in doubts.items() if number > settled.get(key, 0)}
    rows = connection.execute(select(TextNote.number, TextNote.key, TextNote.by).where(mine, TextNote.unsure)).all()
    return {row.key: row.by for row in rows if row.number in last}
