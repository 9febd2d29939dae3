"""The content that a process answers with: its release, with the directory as SQL has it. The same value until one of them changes."""

from __future__ import annotations

from dataclasses import replace

from bot.directory.directory import Directory
from bot.scripts.release import Release
from bot.store.current_directory import CurrentDirectory
from bot.store.current_release import CurrentRelease


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
