"""The release that a process answers with: one value in memory, never older than five seconds while SQL answers.

A thread of its own looks every two seconds for another release and for what is withdrawn, and reads it outside of any message.
What was published is read and verified, not checked again. A release that is not as it was published is never served: the last
good one stays, in memory, else in the file, else one before it in SQL, else the repository's files.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from bot import content, patience
from bot.privacy import where_of
from bot.scripts.release import Release
from bot.scripts.sources import Sources, sha_of
from bot.scripts.withdrawn import without
from bot.settings import REPOSITORY
from bot.store.errors import ReleaseDamaged, StoreDown
from bot.store.look_out import LookOut
from bot.store.release_file import ReleaseFiles
from bot.store.release_rows import Stored
from bot.store.releases import Releases
from bot.store.withdrawals import Withdrawals

AGAIN_SECONDS = 60.0
"""A release that could not be used is tried again after so long: somebody may have mended it by hand."""
FORMER = 5
FORMER_SECONDS = 86_400.0
"""So many releases before this one, and of so long, stay known: a step is finished on the release that it began with."""

NEWER_SECONDS = 2.0
"""So long a message waits for a release that this process has not seen yet, once for each."""
MOST_UNKNOWN = 50
ASKED_SECONDS = 1.0
"""Whoever asks for recordings that there are not makes this process look so often at most."""

log = structlog.get_logger()


class CurrentRelease:
    """What families get. Safe for all threads of a process; may be made before a server forks.

    ``seed`` loads the repository's files: it is asked only where no release is known.
    """

    def __init__(
        self,
        releases: Releases,
        withdrawals: Withdrawals,
        files: ReleaseFiles,
        seed: Callable[[], Release] | None = None,
        root: Path = REPOSITORY,
    ) -> None:
        self._releases, self._withdrawals, self._files, self._root = releases, withdrawals, files, root
        self._number, self._mark = -1, ""
        self._former: dict[int, Release] = {}
        self._knows_former = False
        self._withdrawn: frozenset[str] = files.read_withdrawn()
        self._refused, self._refused_at = "", float("-inf")
        self._down = False
        self._unknown: tuple[str, ...] = ()
        self._asked_for = float("-inf")
        self.damage = ""
        """What is wrong with the release that SQL holds, in words for an admin; empty while nothing is."""
        self.withdrawals_damaged = False
        """Whether SQL's rows of what is withdrawn are not as they were written."""
        self._look_out = LookOut("release", self.look)
        self._looking = threading.Lock()
        self._recordings: Mapping[str, bytes] = {}
        self._bare = self._beginning(seed or (lambda: content.load(root)))
        self._value = without(self._bare, self._withdrawn)

    def now(self) -> Release:
        """The release. Never raises and never waits for SQL, but for a moment before the first answer."""
        self._look_out.keep()
        return self._value

    def former(self, name: str) -> Release | None:
        """The release of that name (``Release.number``), the current one or one of the last day; None when it is not known.

        A family may come from a process that saw a publication a moment before this one: the look-out then looks at once, and
        for a moment it is waited for.
        """
        give_up = time.monotonic() + patience.most(NEWER_SECONDS)
        while (found := self._known(name)) is None and name not in self._unknown and time.monotonic() < give_up:
            self._look_out.now(give_up - time.monotonic())
        if found is None:
            # Nobody waits for the same one again.
            self._unknown = (name, *self._unknown[: MOST_UNKNOWN - 1])
        return found

    def _known(self, name: str) -> Release | None:
        known = (self._bare, *self._former.values())
        return next((each for each in known if each.number == name), None)

    def recording(self, sha: str) -> bytes | None:
        """A recording by the SHA-256 of its bytes: of this release, or of the one before, which an answer may just have named.

        Another process may know a newer release already: then this one looks, but for strangers no more than once in a second.
        """
        self._look_out.keep()
        found = self._recordings.get(sha)
        if found is None and time.monotonic() > self._asked_for + ASKED_SECONDS:
            self._asked_for = time.monotonic()
            self._look_out.now(NEWER_SECONDS)
            found = self._recordings.get(sha)
        return found

    @property
    def bare(self) -> Release:
        """The release as it was published, whatever is withdrawn; nothing is looked at."""
        return self._bare

    @property
    def number(self) -> int:
        """Its number in SQL; 0 for the repository's files."""
        return max(self._number, 0)

    def look(self) -> None:
        """Takes over what SQL has, when this returns. Raises nothing that SQL or the release is to blame for."""
        # Somebody who looks at the same time may be reading just that release.
        with self._looking:
            self._look()

    def _look(self) -> None:
        try:
            self._look_at_withdrawals()
            # Again where another one was published while this one was read.
            while self._look_once():
                pass
        except StoreDown as error:
            if not self._down:
                log.warning("release.unavailable", error=type(error).__name__)
            self._down, self._refused = True, ""
            if not self._knows_former:
                self._know_former(tuple(number for number in self._files.numbers() if number < self._number))
        else:
            self._down = False

    def _look_once(self) -> bool:
        """Whether it is worth while to look again at once."""
        mark = self._releases.mark()
        tried = mark == self._refused and time.monotonic() < self._refused_at + AGAIN_SECONDS
        if mark != self._mark and not tried:
            self._refused, self._refused_at = mark, time.monotonic()
            self._take(mark)
        elif mark == self._mark:
            self._told("")
        if self._knows_former or mark != self._mark:
            return False
        return not self._know_former(self._releases.replaced_since(self._number, FORMER_SECONDS), self._is_newer)

    def _is_newer(self) -> bool:
        return self._releases.mark() != self._mark

    def close(self) -> None:
        """Ends the looking of this process; the next ``now`` begins it again."""
        self._look_out.close()

    def _beginning(self, seed: Callable[[], Release]) -> Release:
        for number in self._files.numbers():
            try:
                stored = self._files.read(number)
                release = self._built(stored)
            except ReleaseDamaged as damaged:
                self._told(str(damaged), file=True)
            except Exception as error:
                log.error("release.refused", release=number, error=type(error).__name__, where=where_of(error))
            else:
                self._number, self._mark = stored.number, stored.mark
                self._recordings = recordings(stored.sources)
                return release
        release = seed()
        self._recordings = recordings(content.sources_of(self._root)) if release.recordings else {}
        return release

    def _take(self, mark: str) -> None:
        """Swaps in the release of this mark, or says why not."""
        number = int(mark.partition(" ")[0]) if mark else -1
        if number < self._number:
            # Nobody may take a publication back by taking rows away.
            self._told(f"SQL ends at release {max(number, 0)} but {self._number} was published")
            return
        try:
            stored = self._releases.stored(number)
        except ReleaseDamaged as damaged:
            self._told(str(damaged))
            good = self._releases.last_good(number) if self._number < 0 else None
            if good is None:
                return
            stored = good
        else:
            self._told("")
        try:
            release = self._built(stored)
        except Exception as error:
            log.error("release.refused", release=stored.number, error=type(error).__name__, where=where_of(error))
            self._told(f"release {stored.number} cannot be read ({type(error).__name__})")
            return
        self._swap(stored, release)

    def _swap(self, stored: Stored, release: Release) -> None:
        if self._number >= 0:
            self._former[self._number] = self._bare
        kept = set(self._bare.recordings.values())
        before = {sha: data for sha, data in self._recordings.items() if sha in kept}
        self._recordings = {**before, **recordings(stored.sources)}
        self._bare, self._number, self._mark = release, stored.number, stored.mark
        self._value = without(release, self._withdrawn)
        log.info("release.taken", release=stored.number)
        self._knows_former = False
        try:
            self._files.write(stored, self._releases.replaced_since(stored.number, FORMER_SECONDS)[:FORMER])
        except OSError as error:
            log.warning("release.not_saved", error=type(error).__name__)

    def _built(self, stored: Stored) -> Release:
        return content.release_of(stored.sources, self._root, stored.released)

    def _know_former(self, wanted: tuple[int, ...], hurry: Callable[[], bool] = lambda: False) -> bool:
        """Reads those before it that families may still stand in, as far as this process has not had them; forgets older ones.

        False where ``hurry`` kept it from the rest: something newer has to be read first.
        """
        known = dict(self._former)
        self._former = {number: known[number] for number in wanted[:FORMER] if number in known}
        for number in wanted[:FORMER]:
            if number not in self._former:
                if hurry():
                    return False
                try:
                    former = self._built(self._stored(number))
                except ReleaseDamaged:
                    continue
                except Exception as error:
                    log.warning("release.former_refused", release=number, error=type(error).__name__)
                    continue
                self._former = {**self._former, number: former}
        self._knows_former = True
        return True

    def _stored(self, number: int) -> Stored:
        try:
            return self._files.read(number)
        except ReleaseDamaged:
            return self._releases.stored(number)

    def _look_at_withdrawals(self) -> None:
        held = self._withdrawals.held()
        # A row that is gone may be one that this host has seen: it stays withdrawn.
        flows = held.flows | self._withdrawn if held.damaged else held.flows
        if held.damaged and not self.withdrawals_damaged:
            log.error("withdrawals.damaged")
        self.withdrawals_damaged = held.damaged
        if flows == self._withdrawn:
            return
        self._withdrawn = flows
        self._value = without(self._bare, flows)
        log.info("release.withdrawn", moved=len(flows))
        try:
            self._files.write_withdrawn(flows)
        except OSError as error:
            log.warning("release.not_saved", error=type(error).__name__)

    def _told(self, damage: str, file: bool = False) -> None:
        """Notes what is wrong, and says so in the log once for each time that it becomes so."""
        if damage and damage != self.damage:
            log.error("release.file_damaged" if file else "release.damaged", error=damage)
        self.damage = damage


def recordings(sources: Sources) -> dict[str, bytes]:
    """The recordings of a release, each by the SHA-256 of its bytes."""
    return {sha_of(sources[path]): sources[path] for path in content.recordings(sources).values()}
