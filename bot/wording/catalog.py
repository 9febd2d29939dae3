"""Catalogs: the sentences of one language, each under its key (msgctxt: flow.step.part), read from the PO.

An MO would leave out the entries marked fuzzy, and those are exactly the ones about which something is to be
decided.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from bot.language import Language
from bot.wording.errors import BrokenMark, BrokenReview, DuplicateKey
from bot.wording.po import Message, read_messages, write_messages
from bot.wording.state import Marks, Review, State, format_marks, parse_marks


class Entry(Struct, frozen=True):
    """One text of one language.

    ``english``: the sentence that it was written for. ``text``: empty while nobody has written it; in the
    English catalog, empty unless it replaces the sentence of the flow. ``state``: what the file says; whether
    the hashes of the review still fit is asked of ``state.state_of``. ``meaning_changed``: only ever true of
    a stale text. ``extracted`` and ``references`` tell a translator where the text stands; they come from the flows.
    """

    key: str
    english: str
    text: str = ""
    state: State = State.DRAFT
    citations: tuple[str, ...] = ()
    meaning_changed: bool = False
    guesses: tuple[str, ...] = ()
    review: Review | None = None
    notes: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class Catalog(Struct, frozen=True):
    """The entries of one language by key."""

    language: Language
    entries: Mapping[str, Entry] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry], language: Language) -> Catalog:
        """A catalog of entries whose keys are known to differ."""
        return cls(language, MappingProxyType({entry.key: entry for entry in entries}))

    @classmethod
    def load(cls, path: Path, language: Language) -> Catalog:
        """Reads a PO file. Raises a CatalogError with file, line and mend, or OSError."""
        return cls.parse(path.read_bytes(), language, str(path))

    @classmethod
    def parse(cls, data: bytes, language: Language, file: str) -> Catalog:
        """Like load, of bytes from a release or a browser; ``file`` is what errors call them."""
        entries: dict[str, Entry] = {}
        lines: dict[str, int] = {}
        for message in read_messages(data, file):
            if message.key in entries:
                problem = f"the key {message.key} is already in line {lines[message.key]}"
                raise DuplicateKey(file, message.line, problem, "Keep one of the two")
            entries[message.key] = _entry(message, language, file)
            lines[message.key] = message.line
        return cls(language, MappingProxyType(entries))

    def entry(self, key: str) -> Entry | None:
        """The entry of a key, or None where the catalog has none."""
        return self.entries.get(key)


def _entry(message: Message, language: Language, file: str) -> Entry:
    try:
        marks = parse_marks(message.comments, language)
    except BrokenMark as error:
        raise BrokenReview(file, message.line, f"{message.key}: {error.mark!r}", error.mend) from error
    state = State.DRAFT
    if message.text and (message.fuzzy or marks.review):
        state = State.STALE if message.fuzzy else State.REVIEWED
    return Entry(
        key=message.key,
        english=message.english,
        text=message.text,
        state=state,
        citations=marks.citations,
        # A translator who clears "fuzzy" in Poedit or Weblate has dealt with the change; the comment stays
        # behind.
        meaning_changed=marks.meaning_changed and state is State.STALE,
        guesses=marks.guesses,
        review=marks.review if message.text else None,
        notes=marks.notes,
        extracted=message.extracted,
        references=message.references,
    )


def catalog_bytes(entries: Iterable[Entry], language: Language) -> bytes:
    """The one form of a catalog: by key, fixed width, no dates. Raises UnwritableText, BrokenMark."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    return write_messages(map(_message, ordered), language)


def _message(entry: Entry) -> Message:
    stale = entry.state is State.STALE
    marks = Marks(entry.review, entry.meaning_changed and stale, entry.citations, entry.guesses, entry.notes)
    return Message(
        entry.key, entry.english, entry.text, format_marks(marks), entry.extracted, entry.references, fuzzy=stale
    )


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Puts new bytes in the place of files, all or none. Raises OSError where one cannot be written.

    Each stands whole beside its old one before the first takes its place: a full disk leaves the old ones. Where a
    place cannot be taken, those already taken are given back.
    """
    beside = {path: path.with_name(path.name + ".new") for path in files}
    old = {path: path.read_bytes() for path in files if path.is_file()}
    taken: list[Path] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_bytes(data)
        for path, new in beside.items():
            os.replace(new, path)
            taken.append(path)
    except OSError:
        for path in taken:
            path.write_bytes(old[path]) if path in old else path.unlink()
        raise
    finally:
        for new in filter(Path.is_file, beside.values()):
            new.unlink()
