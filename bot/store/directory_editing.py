"""Volunteers keep entries of the directory right: who may, what was changed meanwhile, and everything in one transaction.

Saving and confirming are two acts. Saving never says that anybody was asked; a confirmation is of today, by who presses, and of the
number that stands there then. Facts go out at once: within seconds the bot answers with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from bot.directory.call_again import call_again
from bot.directory.confirming import Call, ConfirmationRefused, confirmed
from bot.directory.coverage import Coverage
from bot.directory.editing.edited import edited
from bot.directory.editing.fields import FIELDS, FOR_PUBLISHERS
from bot.directory.editing.marks import merged
from bot.directory.fold import fold
from bot.directory.hsds.changes import Change
from bot.directory.importing.preview import Preview
from bot.directory.places import Places
from bot.escalation.viewer import Role, Viewer
from bot.scripts.fact_renewal import SOON
from bot.store.audit import note
from bot.store.database import sql_errors
from bot.store.directory import Act, DirectoryStore
from bot.store.directory_contacts import contact_of, keep_contact
from bot.store.directory_draft import (
    CONTACT,
    EDITS,
    HOW,
    LOOKS,
    STATES,
    Confirming,
    Draft,
    Refused,
    Saved,
    entry_in,
    may,
)
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_seen import DirectoryReader, DirectorySeen, EntrySeen, with_flags
from bot.store.errors import DirectoryMoved
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day

_OPENS = {"active": "directory.opened", "paused": "directory.paused", "closed": "directory.closed"}
_TRIES = 5
_LONGEST_CODE = 48
_RESERVED = ("new", "import", "export")


class DirectoryEditing:
    """The entries of an installation. Every method raises ``StoreDown``; ``NotYours`` for who may not, ``NoSuchEntry``.

    ``key`` is that of the seals. ``zone``: the team's clocks, by which it is today. ``places`` gives the towns that the bot knows.
    """

    def __init__(
        self,
        engine: Engine,
        key: bytes,
        flags: DirectoryFlags,
        clock: Callable[[], float],
        zone: str,
        places: Callable[[], Places],
    ) -> None:
        self._engine, self._flags, self._clock, self._places = engine, flags, clock, places
        self._store = DirectoryStore(engine, key, clock)
        self._reader = DirectoryReader(self._store)
        self._zone = ZoneInfo(zone)

    @property
    def store(self) -> DirectoryStore:
        """The directory itself, for imports and exports."""
        return self._store

    def today(self) -> date:
        """The day that it is for the team, never one that has not begun at Greenwich: nobody confirms tomorrow."""
        now = self._clock()
        return min(datetime.fromtimestamp(now, UTC).astimezone(self._zone).date(), utc_day(now))

    def seen(self, viewer: Viewer) -> DirectorySeen:
        """All entries."""
        may(viewer, *LOOKS)
        return self._reader.seen()

    def covers(self, viewer: Viewer) -> Coverage:
        """What there is in each state, for the figures: a coordinator and an admin see them."""
        may(viewer, Role.COORDINATOR, Role.ADMIN)
        return Coverage((each.listed for each in self._reader.seen().entries.values()), self.today())

    def to_call(self, viewer: Viewer) -> int:
        """How many organizations are to be called within two weeks, for who looks after the week."""
        may(viewer, Role.COORDINATOR, Role.ADMIN)
        seen = self._reader.seen()
        flagged = seen.flagged(self._flags.flags())
        rows = (with_flags(each, flagged.get(code, 0)).listed for code, each in seen.entries.items())
        return len(call_again(rows, self.today(), SOON.days))

    def flagged(self, viewer: Viewer) -> dict[str, int]:
        """By code, how often families said that something of the entry does not work."""
        return self.seen(viewer).flagged(self._flags.flags())

    def entry(self, viewer: Viewer, code: str) -> EntrySeen:
        """One entry, with how often families said that it does not work."""
        found = entry_in(self.seen(viewer), code)
        return with_flags(found, self.flagged(viewer).get(code, 0))

    def contact(self, viewer: Viewer, entry: EntrySeen) -> str:
        """Whom volunteers reach there."""
        may(viewer, *LOOKS)
        return contact_of(self._engine, entry.row.ids["organization"])

    def tried(self, viewer: Viewer, code: str, draft: Draft) -> Preview:
        """What saving this would make of the directory; nothing is stored, and what others changed meanwhile stays."""
        may(viewer, *EDITS)
        seen = self._reader.seen()
        found = seen.entries.get(code)
        now = found.row.cells if found else {}
        changes = merged(draft.marks, _allowed(viewer, draft.cells), now).changes
        return edited(seen.package, code, _with_state(changes, now), self.today(), self._places())

    def save(self, viewer: Viewer, code: str, draft: Draft, confirming: Confirming | None = None) -> Saved | Refused:
        """Stores what she changed; with ``confirming`` also that she asked there today. All of it or nothing.

        What others changed of other fields meanwhile stays; of the same field nothing is stored (``Refused.clashes``).
        """
        may(viewer, *EDITS)
        for _ in range(_TRIES):
            seen = self._reader.seen()
            try:
                return self._saved(viewer, seen, entry_in(seen, code), draft, confirming)
            except DirectoryMoved:
                continue  # Somebody was quicker: hers is put beside what stands there now.
        raise DirectoryMoved(self._store.version())

    def _saved(
        self, viewer: Viewer, seen: DirectorySeen, entry: EntrySeen, draft: Draft, confirming: Confirming | None
    ) -> Saved | Refused:
        now = {**entry.row.cells, CONTACT: contact_of(self._engine, entry.row.ids["organization"])}
        found = merged(draft.marks, _allowed(viewer, draft.cells), now)
        if found.clashes:
            return Refused(clashes=found.clashes)
        cells = {name: cell for name, cell in found.changes.items() if name != CONTACT}
        made = edited(seen.package, entry.code, _with_state(cells, now), self.today(), self._places())
        if made.problems:
            return Refused(problems=made.problems)
        changes, number = made.changes, ""
        if confirming:
            try:
                done = confirmed(made.new, self._call(viewer, entry.code, confirming), self.today())
            except ConfirmationRefused as refused:
                return Refused(why=refused)
            changes, number = _together(changes, done.changes), done.what
        act = Act("directory.confirmed" if confirming else "directory.saved", entry.code)
        self._write(viewer, seen, changes, act, _contact(viewer, entry, found.changes, self._clock()))
        return Saved(entry.code, tuple(found.changes), made.duplicates, number)

    def _call(self, viewer: Viewer, code: str, confirming: Confirming) -> Call:
        if confirming.how not in HOW:
            raise ConfirmationRefused("Nobody said how.", "Say whether it was a call, their page or a visit.")
        return Call(code, viewer.actor.partition(" (")[0], confirming.how, self.today(), confirming.number)

    def add(self, viewer: Viewer, cells: Mapping[str, str]) -> Saved | Refused:
        """A new entry. It is not confirmed: adding is no call."""
        may(viewer, *EDITS)
        for _ in range(_TRIES):
            seen = self._reader.seen()
            code = free_code(cells.get("org_name", ""), seen)
            made = edited(seen.package, code, _new(cells, self.today()), self.today(), self._places())
            if made.problems:
                return Refused(problems=made.problems)
            try:
                self._write(viewer, seen, made.changes, Act("directory.added", code), None)
            except DirectoryMoved:
                continue
            return Saved(code, tuple(cells), made.duplicates)
        raise DirectoryMoved(self._store.version())

    def set_state(self, viewer: Viewer, code: str, state: str) -> Saved | Refused:
        """Pauses an entry, closes it or opens it again (STATES). ``ValueError`` for another state."""
        may(viewer, *EDITS)
        if state not in STATES:
            raise ValueError("an entry is active, paused or closed")
        for _ in range(_TRIES):
            seen = self._reader.seen()
            entry_in(seen, code)
            made = edited(seen.package, code, {"status": STATES[state]}, self.today(), self._places())
            if made.problems:
                return Refused(problems=made.problems)
            try:
                self._write(viewer, seen, made.changes, Act(_OPENS[state], code), None)
            except DirectoryMoved:
                continue
            return Saved(code, ("status",))
        raise DirectoryMoved(self._store.version())

    def resolve_flags(self, viewer: Viewer, code: str) -> None:
        """Forgets what families said of it: somebody has looked after it, and it works."""
        may(viewer, *EDITS)
        for record in entry_in(self._reader.seen(), code).records:
            self._flags.resolve(record)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            note(connection, self._clock(), viewer.actor, "directory.works", code if len(code) < 32 else "")

    def write(self, viewer: Viewer, seen: DirectorySeen, changes: tuple[Change, ...], act: Act) -> int:
        """Stores changes that belong to what was seen. Raises ``DirectoryMoved``."""
        may(viewer, *EDITS)
        return self._write(viewer, seen, changes, act, None)

    def _write(
        self,
        viewer: Viewer,
        seen: DirectorySeen,
        changes: tuple[Change, ...],
        act: Act,
        beside: Callable[[Connection], None] | None,
    ) -> int:
        if changes:
            return self._store.apply(changes, by=viewer.actor, expected=seen.version, act=act, beside=beside)
        if beside:
            with sql_errors(), self._engine.begin() as connection:
                in_turn(connection, _TURN)
                beside(connection)
                note(connection, self._clock(), viewer.actor, "directory.contact")
        return seen.version


_TURN = "directory contacts"


def free_code(name: str, seen: DirectorySeen) -> str:
    """A code made of a name, that nothing in the directory has."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:_LONGEST_CODE].strip("_")
    first = words if len(words) > 1 and words not in _RESERVED else f"{words or 'new'}_entry"
    tables = ("organization", "service", "location", "service_at_location")
    taken = {row["code"] for table in tables for row in seen.package.rows(table)} | set(seen.entries)
    return next(code for n in range(1, len(taken) + 2) if (code := first if n == 1 else f"{first}_{n}") not in taken)


def _allowed(viewer: Viewer, cells: Mapping[str, str]) -> dict[str, str]:
    able = {*FIELDS, CONTACT, *(FOR_PUBLISHERS if viewer.has(Role.PUBLISHER) else ())}
    return {name: cell for name, cell in cells.items() if name in able}


def _with_state(changes: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """A kind of help makes a service, and that has a state."""
    fresh = changes.get("service_terms") and not now.get("status")
    return {**changes, "status": "active"} if fresh else dict(changes)


def _new(cells: Mapping[str, str], today: date) -> dict[str, str]:
    """The fields of a new entry, with what nobody has to write: that its membership was never asked, and that somebody saw a source."""
    said = {name: cell for name, cell in cells.items() if name in FIELDS and cell}
    return {
        "kind": "partner",
        "aa_member": "unverified",
        "aa_evidence": "added in the console; nobody has shown that it is a member",
        "source_date": today.isoformat(),
        "source_seen": "yes",
        "status": "active",
        "service_area": "local",
        "description": said.get("service_description") or said.get("org_name", ""),
        **said,
    }


def _together(first: tuple[Change, ...], then: tuple[Change, ...]) -> tuple[Change, ...]:
    """Both as one: a record that both change goes from where the first began to where the second ends."""
    made = {(change.table, change.id): change for change in first}
    for change in then:
        key = change.table, change.id
        old = made[key].old if key in made else change.old
        made[key] = Change(change.table, change.id, old, change.new)
    return tuple(made.values())


def _contact(
    viewer: Viewer, entry: EntrySeen, changes: Mapping[str, str], now: float
) -> Callable[[Connection], None] | None:
    if CONTACT not in changes:
        return None
    organization, contact = entry.row.ids["organization"], changes[CONTACT]
    return lambda connection: keep_contact(connection, organization, contact, viewer.user, now)
