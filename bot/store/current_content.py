"""The content that a process answers with: its release, with the directory as SQL has it. The same value until one of them changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from bot import content
from bot.directory.directory import Directory
from bot.frozen import replace
from bot.scripts.release import Release
from bot.settings import REPOSITORY, Settings
from bot.store.current_directory import CurrentDirectory
from bot.store.current_release import CurrentRelease
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile
from bot.store.found_good_file import FoundGoodFile
from bot.store.keys import load_release_key
from bot.store.release_file import ReleaseFiles
from bot.store.releases import Releases
from bot.store.withdrawals import Withdrawals


class CurrentContent:
    """Both look-outs together. Safe for all threads of a process."""

    def __init__(self, releases: CurrentRelease, directories: CurrentDirectory[Directory]) -> None:
        self.releases, self._directories = releases, directories
        self._held: tuple[Release, Directory, Release] | None = None

    def now(self) -> Release:
        """What to answer with. Never raises and never waits for SQL, but for a moment before the first answer."""
        release, directory, held = self.releases.now(), self._directories.now(), self._held
        if held is not None and held[0] is release and held[1] is directory:
            return held[2]
        value = replace(release, directory=directory)
        self._held = release, directory, value
        return value

    @property
    def damage(self) -> str:
        """What is wrong with what SQL holds, in words for an admin; empty while nothing is. Families get what was good last."""
        taken = "what is withdrawn is damaged" if self.releases.withdrawals_damaged else ""
        return self.releases.damage or self._directories.damage or taken

    def former(self, name: str) -> Release | None:
        """The release of that name, if it is the current one or one of the last day. Its directory is not the current one."""
        return self.releases.former(name)

    def look(self) -> None:
        """Takes over what SQL has of both."""
        self.releases.look()
        self._directories.look()

    def close(self) -> None:
        """Ends the looking of this process; the next ``now`` begins it again."""
        self.releases.close()
        self._directories.close()


def current_content(
    settings: Settings, engine: Engine, clock: Callable[[], float], root: Path = REPOSITORY
) -> tuple[CurrentContent, Releases]:
    """What families get, and the store of the releases. ``ScriptsError`` for the repository's files, where these are used."""
    key = load_release_key(settings.data_dir)
    releases, withdrawals = Releases(engine, key, clock, root), Withdrawals(engine, key, clock)
    files = ReleaseFiles(settings.data_dir, key)
    good = FoundGoodFile(settings.data_dir, key)
    current = CurrentRelease(releases, withdrawals, files, lambda: content.load(root, good), root)
    file = DirectoryFile(settings.data_dir, key)
    if not files.numbers():
        # A new host has no release of its own yet.
        current.look()
    store = DirectoryStore(engine, key, clock)
    directories = CurrentDirectory(store, file, Directory.of_package, current.bare.directory)
    if not file.path.exists():
        # Nor a directory: each process that is forked later, also in the place of a dead one, would build it again while its
        # first message waits.
        directories.look()
    # No connection is to be shared with those who are forked later.
    engine.dispose()
    return CurrentContent(current, directories), releases
