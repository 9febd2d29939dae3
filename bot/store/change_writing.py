"""Whoever writes on an answer: texts, what they mean, its steps. One open change for each flow, shared by all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from sqlalchemy import Connection, delete

from bot.escalation.viewer import Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.change import Draft, Hand, NewText, Opened, Place, Stage, version_of
from bot.scripts.change_applied import changed, flow_in
from bot.scripts.rewriting import asks_meaning
from bot.scripts.sheets.corrections import one_line
from bot.store import change_rows
from bot.store.audit import note
from bot.store.change_at import Writing, beside, known_version
from bot.store.change_errors import ChangeMoved, InReview, NoSuchAnswer, NothingOpen
from bot.store.change_reading import WRITERS, ChangesRead
from bot.store.content_models import Autosave, ChangeText
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.in_turn import in_turn

TURN = "changes"
LONGEST_TEXT = 4_000


class Saved(Struct, frozen=True):
    """It is stored. ``version`` is what the next saving begins from; ``asks``: somebody has to say whether the meaning changed."""

    version: int
    asks: bool


class Clash(Struct, frozen=True):
    """Somebody else wrote the same text meanwhile: nothing was stored, ``mine`` is kept as an autosave.

    ``was``: what both began from, empty where nobody knows it any more. ``by`` and ``at``: who wrote ``theirs``, where that is known.
    ``version`` is that of ``theirs``: with it the next saving replaces it.
    """

    mine: str
    theirs: str
    was: str
    by: Hand | None
    at: int | None
    version: int


class ChangesWritten(ChangesRead):
    """Writes on changes. Every method takes who asks first and raises ``NotYours`` for whoever may not."""

    def save(
        self,
        viewer: Viewer,
        flow: str,
        key: str,
        language: Language,
        text: str,
        version: int,
        meaning: bool | None = None,
    ) -> Saved | Clash:
        """Stores a text, in one line. ``version`` is the one that she was shown (``Said.version``), ``meaning`` her word on it.

        Raises InReview, NoSuchAnswer.
        """
        text = one_line(text[:LONGEST_TEXT])
        with self._writing(viewer, flow) as at:
            if language is Language.EN and not text:
                text = at.english(key)
            stood, old = at.stood(key, language), at.mine(key, language)
            shown, known = old.text if old else stood, known_version(old, stood)
            if version != known and text != shown:
                change_rows.put_autosave(at.connection, viewer.user, (key, language), text, version, self._now)
                return self._clash(at, old, (key, language), (text, version), shown)
            self._forget_typed(at.connection, viewer, (key, language))
            if text == shown and (old is None or meaning in (None, old.meaning)):
                return Saved(known, old is not None and old.meaning is None)
            new = self._new(at, viewer, old, (key, language), text, stood, meaning)
            self._put(at, viewer, new, old, undone=text == stood)
            note(at.connection, self._now, viewer.actor, "text_saved", f"{flow} {language.value}")
        return Saved(version_of(text), new.meaning is None)

    def say_meaning(self, viewer: Viewer, flow: str, key: str, language: Language, meaning: bool) -> None:
        """Her word whether a text of the open change means something else now. Raises NothingOpen, InReview."""
        with self._writing(viewer, flow) as at:
            old = at.mine(key, language)
            if old is None:
                raise NothingOpen
            self._put(at, viewer, replace(old, meaning=meaning), old)
            note(at.connection, self._now, viewer.actor, "text_saved", f"{flow} {language.value}")

    def still_right(self, viewer: Viewer, flow: str, key: str, language: Language) -> None:
        """She looked at this language after another changed and leaves it as it is. Raises InReview, NoSuchAnswer."""
        with self._writing(viewer, flow) as at:
            stood, old = at.stood(key, language), at.mine(key, language)
            new = replace(old, settled=True) if old else NewText(key, language, stood, stood, False)
            self._put(at, viewer, replace(new, by=viewer.user, at=self._now), old)
            note(at.connection, self._now, viewer.actor, "text_kept", f"{flow} {language.value}")

    def autosave(self, viewer: Viewer, key: str, language: Language, text: str, version: int) -> int:
        """Keeps what she has typed, for her alone; returns when (unix seconds)."""
        self._may_write(viewer)
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, f"autosave {viewer.user}")
            place = (key[:160], language)
            change_rows.put_autosave(connection, viewer.user, place, text[:LONGEST_TEXT], version, self._now)
        return self._now

    def forget_typed(self, viewer: Viewer, key: str, language: Language) -> None:
        """She does not want what she typed there any more."""
        with sql_errors(), self.engine.begin() as connection:
            self._forget_typed(connection, viewer, (key, language))

    def _same(self, connection: Connection, opened: Opened) -> None:
        """Raises NothingOpen or ChangeMoved where it is not what was looked at."""
        now = self._opened(connection, opened.flow)
        if now is None or now.id != opened.id or now.stage is not opened.stage:
            raise NothingOpen
        if now.mark != opened.mark or now.hands != opened.hands:
            raise ChangeMoved

    @property
    def _now(self) -> int:
        return int(self.clock())

    def _may_write(self, viewer: Viewer) -> None:
        if not viewer.has(*WRITERS):
            raise NotYours

    @contextmanager
    def _writing(self, viewer: Viewer, flow: str) -> Iterator[Writing]:
        """A transaction in which nobody else writes on changes."""
        self._may_write(viewer)
        stored, release = self._current()
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            opened = self._opened(connection, flow)
            if opened is not None and opened.stage is not Stage.DRAFT:
                raise InReview
            found = flow_in(release, opened.draft if opened else Draft(flow))
            if found is None:
                raise NoSuchAnswer
            yield Writing(connection, stored.number, release, opened, found)

    def _new(
        self,
        at: Writing,
        viewer: Viewer,
        old: NewText | None,
        place: Place,
        text: str,
        stood: str,
        meaning: bool | None,
    ) -> NewText:
        """The text as it is to be stored, with what is known of its meaning."""
        key, language = place
        # A text that this change has left behind is brought up to the others: it is not they who have to follow.
        entry = changed(at.release, at.draft).release.catalogs[language].entry(key)
        said: bool | None = meaning
        if text == stood:
            said = False
        elif old is not None and old.meaning:
            said = True  # What changed it once is not taken back by mending a word: that is for still_right to say.
        elif not asks_meaning(language, stood, text, entry):
            said = bool(meaning)
        elif meaning is None and old is not None and not asks_meaning(language, old.text, text, None):
            said = old.meaning
        return NewText(key, language, text, stood, said, settled=True, by=viewer.user, at=self._now)

    def _put(self, at: Writing, viewer: Viewer, new: NewText, old: NewText | None, undone: bool = False) -> None:
        """Stores a text, or takes it out where it stands again as it was, and what that does to the other languages."""
        id = at.opened.id if at.opened else self._begin(at, viewer)
        if undone:
            self._take_out(at.connection, id, new.place)
        else:
            change_rows.put_text(at.connection, id, new)
        for other in at.draft.texts:
            if other.key == new.key and other.language is not new.language:
                change_rows.put_text(at.connection, id, beside(other, new, old))
        change_rows.touch(at.connection, id, viewer.user, self._now)

    def _begin(self, at: Writing, viewer: Viewer) -> int:
        return change_rows.begin(at.connection, at.flow.name, viewer.user, self._now, at.number)

    def _take_out(self, connection: Connection, id: int, place: Place) -> None:
        key, language = place
        mine = (ChangeText.change == id, ChangeText.key == key, ChangeText.language == language.value)
        connection.execute(delete(ChangeText).where(*mine))

    def _forget_typed(self, connection: Connection, viewer: Viewer, place: Place) -> None:
        key, language = place
        mine = (Autosave.user == viewer.user, Autosave.key == key, Autosave.language == language.value)
        connection.execute(delete(Autosave).where(*mine))

    def _clash(self, at: Writing, old: NewText | None, place: Place, typed: tuple[str, int], theirs: str) -> Clash:
        """What whoever wrote second is shown. ``typed``: her text, and the version that she began from."""
        (text, version), stood = typed, at.stood(*place)
        was = next((each for each in (stood, old.was if old else "") if version_of(each) == version), "")
        if old is not None and at.opened is not None:
            by = next((hand for hand in at.opened.hands if hand.id == old.by), None)
            when: int | None = old.at
        else:
            last = change_rows.last_published(at.connection, at.flow.name).get(place)
            by, when = (last.by if last else None), (last.at if last else None)
        return Clash(text, theirs, was, by, when, known_version(old, stood))
