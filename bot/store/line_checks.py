"""Who has called a line of directory/hotlines.csv, and the release that says so.

One person's call counts at once, as it does for an organization: it is her own act, with her name and day. A line that somebody
says is wrong waits for a publisher, who takes the word back: then nobody has confirmed it, and no production sends it. She may
also write another number in its place; that one is sent only after somebody else has called it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection, Engine

from bot import content
from bot.directory.hotline import Hotline, can_be
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.scripts.called import FILE, called_now, lines_due, number_now
from bot.store.check_rows import CHECKS, TURN, Check, checks, refuse, said, word
from bot.store.database import sql_errors
from bot.store.errors import ReleaseMoved, StoreError
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.releases import Releases

PREFIX = "line:"
_TRIES = 3


class NoSuchLine(StoreError):
    """There is no line of that name, or it is an emergency number, which nobody calls to try it."""

    def __init__(self) -> None:
        super().__init__("no such line is to be called")


class NotCalled(StoreError):
    """She does not say that she called, or the line is another than the one that she saw."""

    def __init__(self) -> None:
        super().__init__("call first: only what somebody heard confirms a line")


class OwnNumber(StoreError):
    """She wrote this number herself: somebody else calls it."""

    def __init__(self) -> None:
        super().__init__("somebody else has to call a number that you wrote")


class NoNumber(StoreError):
    """It is no number or site for this line, or the one that it has already."""

    def __init__(self) -> None:
        super().__init__("this is no other number or site for the line")


class LineChecks:
    """The lines of the current release, and the words on them. ``clock`` is the bot's. Raises ``NotYours``, ``StoreDown``."""

    def __init__(self, engine: Engine, releases: Releases, clock: Callable[[], float]) -> None:
        self._engine, self._releases, self._clock = engine, releases, clock
        self._held: tuple[str, dict[str, Hotline]] | None = None

    def today(self) -> date:
        """By the clock of the bot, at Greenwich as facts are."""
        return utc_day(self._clock())

    def lines(self, viewer: Viewer) -> dict[str, Hotline]:
        """All that may be called, as they stand now."""
        refuse(viewer, *CHECKS)
        stored, held = self._releases.current(), self._held
        if held is None or held[0] != stored.digest:
            release = content.release_of(stored.sources, self._releases.root)
            held = stored.digest, {id: line for id, line in release.hotlines.items() if line.kind != "emergency"}
            self._held = held
        return held[1]

    def due(self, viewer: Viewer) -> tuple[Hotline, ...]:
        """Those that nobody has called for 90 days, or ever."""
        return lines_due(self.lines(viewer), self.today())

    def doubted(self, viewer: Viewer) -> dict[str, Check]:
        """By id, the last word that a line is wrong, as long as nobody has called it or taken it back since."""
        known = self.lines(viewer)
        with sql_errors(), self._engine.connect() as connection:
            found = [each for each in checks(connection) if each.fact.startswith(PREFIX)]
        last = {each.fact.removeprefix(PREFIX): each for each in found}
        return {id: each for id, each in last.items() if id in known and not each.true and each.note}

    def history(self, viewer: Viewer, id: str) -> tuple[Check, ...]:
        """Every word on a line, the newest first."""
        refuse(viewer, *CHECKS)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(reversed(checks(connection, PREFIX + id)))

    def right(self, viewer: Viewer, id: str, called: bool, text: str) -> int:
        """She called today, and ``text``, what she was shown, is right. The number of the release.

        Raises NoSuchLine, NotCalled, OwnNumber, and what ``Releases.publish`` raises; then nothing of it is stored.
        """
        refuse(viewer, *CHECKS)
        line = self._line(viewer, id)
        if not called or text != line.text:
            raise NotCalled
        if id in self.wrote(viewer):
            raise OwnNumber
        if line.verified_on == self.today():
            self._put(viewer, id, True, "line_called")
            return self._releases.number()
        return self._publish(viewer, id, True, "line_called", f"{id}: called {self.today()}")

    def wrong(self, viewer: Viewer, id: str, what: str) -> None:
        """It is not right, in her words: for publishers. Raises NoteMissing, NoSuchLine."""
        refuse(viewer, *CHECKS)
        self._line(viewer, id)
        self._put(viewer, id, False, "line_doubted", said(what))

    def take_back(self, viewer: Viewer, id: str) -> int:
        """Nobody has confirmed it any more: a publisher's act. The number of the release."""
        refuse(viewer, Role.PUBLISHER)
        self._line(viewer, id)
        return self._publish(viewer, id, False, "line_taken_back", f"{id}: no longer confirmed")

    def change(self, viewer: Viewer, id: str, text: str, number: str, where: str) -> int:
        """Another number or site, in the place of ``text``, which she was shown: a publisher's act. ``where`` she saw or heard it.

        Nobody has confirmed it: no production sends it before somebody else has called it. The number of the release. Raises
        NoSuchLine, NoNumber, NoteMissing, and what ``Releases.publish`` raises; then nothing of it is stored.
        """
        refuse(viewer, Role.PUBLISHER)
        line, number = self._line(viewer, id), " ".join(number.split())
        if text != line.text or number == line.text or not can_be(line.kind, number):
            raise NoNumber
        told = f"{id}: {line.text} -> {number}. {said(where)}"

        def file(now: str) -> str:
            return number_now(now, line, number, self.today(), viewer.name)

        return self._release(viewer, file, word(viewer, self._clock(), PREFIX + id, True, "line_changed", line.text), told)

    def wrote(self, viewer: Viewer) -> frozenset[str]:
        """The lines whose number is hers, and which nobody has called since: she may not confirm them."""
        refuse(viewer, *CHECKS)
        with sql_errors(), self._engine.connect() as connection:
            said = [each for each in checks(connection) if each.fact.startswith(PREFIX) and each.true]
        last = {each.fact.removeprefix(PREFIX): each for each in said}
        return frozenset(id for id, each in last.items() if each.note and each.by == viewer.user)

    def _line(self, viewer: Viewer, id: str) -> Hotline:
        line = self.lines(viewer).get(id)
        if line is None:
            raise NoSuchLine
        return line

    def _put(self, viewer: Viewer, id: str, true: bool, act: str, what: str = "") -> None:
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            word(viewer, self._clock(), PREFIX + id, true, act, what)(connection)

    def _publish(self, viewer: Viewer, id: str, right: bool, act: str, told: str) -> int:
        def file(now: str) -> str:
            return called_now(now, self._line(viewer, id), self.today(), viewer.name, right)

        return self._release(viewer, file, word(viewer, self._clock(), PREFIX + id, right, act), told)

    def _release(
        self, viewer: Viewer, file: Callable[[str], str], beside: Callable[[Connection], None], told: str
    ) -> int:
        # Whoever called carries it out, whatever else she may publish.
        acting = replace(viewer, roles=viewer.roles | {Role.PUBLISHER})
        for _ in range(_TRIES):
            stored = self._releases.current()
            files = {**stored.sources, FILE: file(stored.sources.get(FILE, b"").decode()).encode()}
            try:
                return self._releases.publish(acting, files, (), told, stored.number, beside=beside)
            except ReleaseMoved:
                continue
        raise ReleaseMoved(self._releases.number())
