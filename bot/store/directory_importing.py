"""A file that comes in through the console: looked at whole, then stored whole, by the code of ``directory import``."""

from __future__ import annotations

from msgspec import Struct

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.source import read_any
from bot.directory.importing.preview import Preview, preview
from bot.escalation.viewer import Role, Viewer
from bot.store.directory import IMPORTED
from bot.store.directory_draft import EDITS, may
from bot.store.directory_editing import DirectoryEditing
from bot.store.errors import DirectoryMoved

LARGEST_UPLOAD = 1_000_000
"""Bytes of a file that a browser may send: ten times the directory that we ship. Larger ones come in at the terminal."""
MOST_RECORDS = 20_000
"""Records of such a file: a page that shows more changes is read by nobody."""


class Looked(Struct, frozen=True):
    """What a file would do to the directory at ``version``."""

    preview: Preview
    version: int


class DirectoryImporting:
    """Files of volunteers and publishers. Raises ``StoreDown``, ``NotYours``; ``DirectoryFormatError`` for a file that is none."""

    def __init__(self, editing: DirectoryEditing) -> None:
        self._editing = editing

    def look(self, viewer: Viewer, name: str, data: bytes, *, replace: bool) -> Looked:
        """What it would change. Nothing is stored. ``replace``: what the file lacks goes, which only a publisher may."""
        may(viewer, *((Role.PUBLISHER,) if replace else EDITS))
        if len(data) > LARGEST_UPLOAD:
            told = f"It has {len(data):,} bytes."
            raise DirectoryFormatError(name, told, f"Send {LARGEST_UPLOAD:,} at most, or import it at the terminal.")
        seen = self._editing.seen(viewer)
        read = read_any(name, data, seen.package)
        if len(read.raws) > MOST_RECORDS:
            told = f"It has {len(read.raws):,} records."
            raise DirectoryFormatError(name, told, f"Send {MOST_RECORDS:,} at most, or import it at the terminal.")
        return Looked(preview(seen.package, read, self._editing.today(), replace=replace), seen.version)

    def take(self, viewer: Viewer, name: str, data: bytes, *, replace: bool, version: int) -> Looked:
        """Stores all of it, if nothing is wrong with it and the directory is still as it was when she looked.

        Raises ``DirectoryMoved`` where it is not.
        """
        looked = self.look(viewer, name, data, replace=replace)
        if looked.version != version:
            raise DirectoryMoved(looked.version)
        if looked.preview.storable:
            self._editing.write(viewer, self._editing.seen(viewer), looked.preview.changes, IMPORTED)
        return looked
