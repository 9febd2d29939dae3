"""Recordings of the first answers: putting one in, taking it out. Each is a release of its own, bound to the words that were read.

In K'iche' only who is entered as a speaker may put one in, for nobody else here can tell what it says; in Spanish and English a
publisher. Taking one out is for any publisher too: silence can do no harm, the words go out in any case.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.recording import sound_of
from bot.scripts.recording_texts import ToRead, to_read
from bot.scripts.release import Release
from bot.scripts.sources import Sources, sha_of
from bot.settings import Settings
from bot.store.audit import note
from bot.store.change_rows import names
from bot.store.content_models import Recording
from bot.store.database import sql_errors
from bot.store.errors import NotYours, ReleaseMoved, StoreError
from bot.store.people import People
from bot.store.release_rows import Stored
from bot.store.releases import Releases
from bot.wording.recorded import name_of, read_name

HEAR = (Role.VOLUNTEER, Role.PUBLISHER)
"""Who may look at the recordings and listen to them."""
LARGEST_TOGETHER = 24_000_000
"""Bytes of all recordings of a release: every process holds them in memory."""
_TRIES = 3


class NotASpeaker(StoreError):
    """A recording in K'iche' is a speaker's, one in Spanish or English a publisher's."""

    def __init__(self) -> None:
        super().__init__("only who is entered as a speaker records K'iche', only a publisher the others")


class WordsMoved(StoreError):
    """The text is not the one that was read, or there is none."""

    def __init__(self) -> None:
        super().__init__("the text changed meanwhile: read it again")


class TooMany(StoreError):
    """All recordings together would be too large."""

    def __init__(self) -> None:
        super().__init__("there is no room for another recording: take out those that are held back")


class Read(Struct, frozen=True):
    """Who put a recording in, and when (unix seconds)."""

    by: int
    name: str
    at: int
    seconds: int


class Heard(Struct, frozen=True):
    """A first answer, with what is known of its recording: of that which goes out, or of the one that is held back."""

    text: ToRead
    read: Read | None
    held: str | None
    """The SHA-256 of a recording of other words, that nobody gets."""


class Recordings:
    """The recordings of the current release. ``clock`` is the bot's. Raises ``NotYours``, ``StoreDown``."""

    def __init__(
        self, engine: Engine, releases: Releases, people: People, clock: Callable[[], float], settings: Settings
    ) -> None:
        self._engine, self._releases, self._people, self._clock = engine, releases, people, clock
        self._settings = settings
        self._built: tuple[str, Release] | None = None

    def may_record(self, viewer: Viewer, language: Language) -> bool:
        """Whether she may put recordings of this language in."""
        if language is Language.QUC:
            person = self._people.by_id(viewer.user)
            return viewer.has(*HEAR) and person is not None and person.active and bool(person.speaker_of)
        return viewer.has(Role.PUBLISHER)

    def may_take_out(self, viewer: Viewer, language: Language) -> bool:
        """Whether she may take them out."""
        return viewer.has(Role.PUBLISHER) or self.may_record(viewer, language)

    def all(self, viewer: Viewer, language: Language) -> tuple[Heard, ...]:
        """Every first answer in this language, with its recording."""
        _may_hear(viewer)
        stored = self._releases.current()
        texts = to_read(self._release(stored), self._settings, language, self._clock())
        known = {sha_of(stored.sources[path]): key for path, key in _files(stored.sources, language)}
        held = {key: sha for sha, key in known.items()}
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(select(Recording.__table__).where(Recording.language == language.value)).all()
            called = names(connection, {row.by for row in rows})
        read = {row.sha: Read(row.by, called[row.by].name, row.at, row.seconds) for row in rows}
        found = []
        for text in texts:
            old = held.get(text.key) if text.sha is None else None
            found.append(Heard(text, read.get(text.sha or old or ""), old))
        return tuple(found)

    def data(self, viewer: Viewer, sha: str) -> bytes | None:
        """A recording of the current release by the SHA-256 of its bytes, to be listened to."""
        _may_hear(viewer)
        sources = self._releases.current().sources
        return next(
            (sources[path] for path in content.recordings(sources).values() if sha_of(sources[path]) == sha), None
        )

    def add(self, viewer: Viewer, language: Language, key: str, words: str, data: bytes) -> int:
        """Puts a recording in, for the text of which she was shown ``words`` (``ToRead.words``); the number of the release.

        Raises NotASpeaker, WordsMoved, TooMany, RecordingRefused and what ``Releases.publish`` raises; nothing is stored then.
        """
        if not self.may_record(viewer, language):
            raise NotASpeaker
        sound = sound_of(data)

        def changed(stored: Stored) -> Sources:
            texts = to_read(self._release(stored), self._settings, language, self._clock())
            text = next((each for each in texts if each.key == key), None)
            if text is None or not text.text or text.words != words:
                raise WordsMoved
            path = f"locales/{language.value}/media/{name_of(key, words)}.ogg"
            made = {**_without(stored.sources, language, key), path: sound.data}
            if sum(len(made[each]) for each in content.recordings(made).values()) > LARGEST_TOGETHER:
                raise TooMany
            return made

        def put(connection: Connection) -> None:
            connection.execute(delete(Recording).where(_row(language, key)))
            connection.execute(
                insert(Recording).values(
                    key=key, language=language.value, sha=sha_of(sound.data), words=words,
                    seconds=sound.seconds, by=viewer.user, at=int(self._clock()),
                )
            )  # fmt: skip
            note(connection, self._clock(), viewer.actor, "recording_added", f"{key} {language.value}")

        return self._publish(viewer, changed, key, put)

    def take_out(self, viewer: Viewer, language: Language, key: str) -> int | None:
        """Nobody gets it any more; the number of the release, None where there is none. Raises what ``Releases.publish`` raises."""
        if not self.may_take_out(viewer, language):
            raise NotASpeaker
        if not any(each == key for _, each in _files(self._releases.current().sources, language)):
            return None

        def put(connection: Connection) -> None:
            connection.execute(delete(Recording).where(_row(language, key)))
            note(connection, self._clock(), viewer.actor, "recording_removed", f"{key} {language.value}")

        return self._publish(viewer, lambda stored: _without(stored.sources, language, key), key, put)

    def _publish(
        self, viewer: Viewer, changed: Callable[[Stored], Sources], key: str, beside: Callable[[Connection], None]
    ) -> int:
        # The word is hers to read aloud, whatever else she may publish.
        acting = replace(viewer, roles=viewer.roles | {Role.PUBLISHER})
        for _ in range(_TRIES):
            stored = self._releases.current()
            try:
                flows = (key.partition(".")[0],)
                return self._releases.publish(acting, changed(stored), flows, "", stored.number, beside=beside)
            except ReleaseMoved:
                continue
        raise ReleaseMoved(self._releases.number())

    def _release(self, stored: Stored) -> Release:
        built = self._built
        if built is None or built[0] != stored.digest:
            made = content.release_of(stored.sources, self._releases.root, stored.released)
            built = self._built = stored.digest, made
        return built[1]


def _may_hear(viewer: Viewer) -> None:
    if not viewer.has(*HEAR):
        raise NotYours


def _row(language: Language, key: str) -> ColumnElement[bool]:
    return and_(Recording.key == key, Recording.language == language.value)


def _files(sources: Sources, language: Language) -> list[tuple[str, str]]:
    """The recordings of texts of a language: their paths, each with the key of its text."""
    start = f"{language.value}/"
    named = [
        (path, read_name(name.removeprefix(start)))
        for name, path in content.recordings(sources).items()
        if name.startswith(start)
    ]
    return [(path, read[0]) for path, read in named if read is not None]


def _without(sources: Sources, language: Language, key: str) -> dict[str, bytes]:
    """The files without the recordings of a text, of whatever words."""
    gone = {path for path, each in _files(sources, language) if each == key}
    return {path: data for path, data in sources.items() if path not in gone}
