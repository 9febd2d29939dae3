"""What is being changed of the answers: draft, in review, published, and back. Whoever wrote it does not publish it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, update

from bot.escalation.viewer import Role, Viewer
from bot.scripts.change import Opened, Stage
from bot.store import change_rows
from bot.store.audit import note
from bot.store.change_errors import (
    AuthorMayNotPublish,
    ChangeMoved,
    ChecksFail,
    ConflictsLeft,
    MeaningUnsaid,
    NothingChanged,
    NothingOpen,
    WayChanged,
)
from bot.store.change_reviews import ChangesReviewed
from bot.store.change_writing import TURN
from bot.store.content_models import Change
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.in_turn import in_turn

LONGEST_NOTE, LONGEST_REMARK = 400, 600


class Changes(ChangesReviewed):
    """The changes of an installation. ``clock`` is the bot's. Every method raises ``StoreDown``."""

    def send(self, viewer: Viewer, flow: str, note_: str = "") -> None:
        """To be looked at by somebody else. Raises NothingChanged, MeaningUnsaid, ChecksFail, NothingOpen."""
        self._may_write(viewer)
        opened = self._in_stage(flow, Stage.DRAFT)
        if not (opened.places or opened.steps or opened.draft.archived):
            raise NothingChanged
        if opened.unsaid:
            raise MeaningUnsaid(opened.unsaid)
        if errors := self.check(flow).errors:
            raise ChecksFail(errors)
        values = {"sent": self._now, "sent_by": viewer.user, "note": note_.strip()[:LONGEST_NOTE], "remark": ""}
        self._move(viewer, opened, Stage.REVIEW, "change_sent", **values)

    def take_back(self, viewer: Viewer, flow: str) -> None:
        """To be written on again: whoever wrote it, or a publisher. Raises NothingOpen."""
        opened = self._in_stage(flow, Stage.REVIEW)
        if not (opened.wrote(viewer.user) or viewer.has(Role.PUBLISHER)):
            raise NotYours
        self._move(viewer, opened, Stage.DRAFT, "change_taken_back", sent=None, sent_by=None)

    def return_(self, viewer: Viewer, flow: str, remark: str) -> None:
        """A publisher asks for something else, in her words. Raises NothingOpen."""
        self._may_publish(viewer)
        opened = self._in_stage(flow, Stage.REVIEW)
        values = {"sent": None, "sent_by": None, "remark": remark.strip()[:LONGEST_REMARK]}
        self._move(viewer, opened, Stage.DRAFT, "change_returned", **values)

    def drop(self, viewer: Viewer, flow: str) -> None:
        """Nothing comes of it: whoever began it, or a publisher. Its texts stay in SQL. Raises NothingOpen."""
        opened = self.open_for(flow)
        if opened is None:
            raise NothingOpen
        if not (opened.by.id == viewer.user or viewer.has(Role.PUBLISHER)):
            raise NotYours
        values = {"open": None, "decided": self._now, "decided_by": viewer.user}
        self._move(viewer, opened, Stage.DROPPED, "change_dropped", **values)

    def publish(self, viewer: Viewer, flow: str, note_: str = "", mark: str | None = None) -> int:
        """Families get it from now on; the number of the release. ``mark``: of the change that she looked at (``Opened.mark``).

        Raises AuthorMayNotPublish, ChangeMoved, ConflictsLeft, WayChanged, NothingOpen and what ``Releases.publish`` raises.
        """
        self._may_publish(viewer)
        opened = self._in_stage(flow, Stage.REVIEW)
        if opened.wrote(viewer.user):
            raise AuthorMayNotPublish
        if mark is not None and mark != opened.mark:
            raise ChangeMoved
        files, conflicts, stored = self._applied(opened)
        if conflicts:
            raise ConflictsLeft(conflicts)
        if parted := self.parted(flow):
            raise WayChanged(each.test.id for each in parted)
        flows = tuple(name for name in (flow, opened.draft.heir) if name)
        said = note_.strip()[:LONGEST_NOTE] or opened.note
        return self.releases.publish(
            viewer, files, flows, said, stored.number, beside=self._published(viewer, opened, stored.number + 1)
        )

    def _published(self, viewer: Viewer, opened: Opened, number: int) -> Callable[[Connection], None]:
        def beside(connection: Connection) -> None:
            in_turn(connection, TURN)
            self._same(connection, opened)
            values = {"state": Stage.PUBLISHED, "open": None, "decided": self._now, "decided_by": viewer.user}
            connection.execute(update(Change).where(Change.id == opened.id).values(**values, release=number))

        return beside

    def _may_publish(self, viewer: Viewer) -> None:
        if not viewer.has(Role.PUBLISHER):
            raise NotYours

    def _in_stage(self, flow: str, stage: Stage) -> Opened:
        opened = self.open_for(flow)
        if opened is None or opened.stage is not stage:
            raise NothingOpen
        return opened

    def _move(self, viewer: Viewer, opened: Opened, stage: Stage, action: str, **values: object) -> None:
        """Takes it to another stage, as it was when it was looked at. Raises ChangeMoved, NothingOpen."""
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            self._same(connection, opened)
            connection.execute(update(Change).where(Change.id == opened.id).values(state=stage, **values))
            if stage is Stage.REVIEW:
                change_rows.touch(connection, opened.id, viewer.user, self._now)
            note(connection, self._now, viewer.actor, action, opened.flow)
