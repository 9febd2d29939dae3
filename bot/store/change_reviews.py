"""The word of a person on texts: a speaker or a publisher who says that a text is right, a lawyer who approves an answer.

Each writes under her own name, dated that day by the clock, and only what an admin has entered her for. A text that nobody is
changing is published with that word at once: it says what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from bot.engine.flow import Approval, Group
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import words_of
from bot.scripts.change import Draft, NewText, Opened, Place
from bot.scripts.change_answer import Line
from bot.scripts.change_applied import applied
from bot.store import change_rows
from bot.store.audit import note
from bot.store.change_errors import CannotApprove, CannotReview, ChangeMoved, NoSuchAnswer
from bot.store.change_structure import ChangesOfSteps
from bot.store.change_writing import TURN
from bot.store.database import sql_errors
from bot.store.in_turn import in_turn
from bot.store.person import Person
from bot.wording.state import REVIEWED_AGAINST, review


class ChangesReviewed(ChangesOfSteps):
    """Writes who has read what. Every method takes who asks first."""

    def mark_reviewed(
        self, viewer: Viewer, flow: str, key: str, language: Language, seen: int | None = None
    ) -> int | None:
        """She has read this text beside what it is checked against, and it is right; ``seen`` is the version that she was shown.

        Where the open change touches it the word goes out with that, and None comes back; else it is published at once, and the
        number of the release comes back. Raises CannotReview, ChangeMoved, NoSuchAnswer.
        """
        return self.mark_many(viewer, flow, {(key, language): seen})

    def mark_many(self, viewer: Viewer, flow: str, seen: Mapping[Place, int | None]) -> int | None:
        """The same of several texts of a flow, in one release."""
        person, answer = self._person(viewer), self.answer(flow)
        with_change: list[NewText] = []
        at_once: list[NewText] = []
        for (key, language), version in seen.items():
            line = answer.line(key)
            if line is None or not line.said[language].text:
                raise NoSuchAnswer
            said = line.said[language]
            if version not in (None, said.version):
                raise ChangeMoved
            self._may_review(viewer, person, said.by.id if said.by else None, language)
            touched = any(line.said[each].changing for each in REVIEWED_AGAINST[language])
            (with_change if touched else at_once).append(self._read_by(person, line, language))
        if answer.opened is not None and with_change:
            self._into_change(viewer, answer.opened, with_change)
        if not at_once:
            return None
        return self._at_once(viewer, Draft(flow, tuple(at_once)), "reviewed", f"{flow} {_languages(at_once)}")

    def approve(self, viewer: Viewer, flow: str, words: str) -> int | None:
        """She approves a rights answer, as somebody with a licence: the open change where there is one, else what is published.

        ``words``: from ``words_to_approve``, of what she has read. Returns like ``mark_reviewed``. Raises CannotApprove, ChangeMoved.
        """
        person = self._person(viewer)
        if not person.licence:
            raise CannotApprove
        if self.words_to_approve(flow) != words:
            raise ChangeMoved
        approval = Approval(person.name, person.licence, self._today.isoformat(), words)
        opened = self.open_for(flow)
        if opened is None:
            return self._at_once(viewer, Draft(flow, approval=approval), "approved_answer", flow)
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            change_rows.approve(connection, opened.id, approval)
            note(connection, self._now, viewer.actor, "approved_answer", flow)
        return None

    def words_to_approve(self, flow: str) -> str:
        """A short mark of all that an approval is about: English, Spanish and facts, as they would go out. Raises NoSuchAnswer."""
        after = self.preview(flow)
        found = after.script.flows.get(flow)
        if found is None or found.group is not Group.RIGHTS:
            raise NoSuchAnswer
        return words_of(found, after.catalogs, after.facts)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock(), UTC).date()

    def _person(self, viewer: Viewer) -> Person:
        person = self.people.by_id(viewer.user)
        if person is None or not person.active:
            raise CannotReview
        return person

    def _may_review(self, viewer: Viewer, person: Person, writer: int | None, language: Language) -> None:
        """K'iche' only who is entered as a speaker, also of what she wrote; the others a publisher who did not write it."""
        if language is Language.QUC:
            allowed = bool(person.speaker_of)
        else:
            allowed = viewer.has(Role.PUBLISHER) and writer != viewer.user
        if not allowed:
            raise CannotReview

    def _read_by(self, person: Person, line: Line, language: Language) -> NewText:
        """The text with her word on it."""
        said = line.said[language]
        mark = review(language, self._today, person.name, {each: other.text for each, other in line.said.items()})
        return NewText(line.key, language, said.text, said.published, False, True, mark, person.id, self._now)

    def _into_change(self, viewer: Viewer, opened: Opened, read: list[NewText]) -> None:
        """Puts the word on texts of the open change, as it was looked at. It makes nobody one of those who wrote it."""
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            self._same(connection, opened)
            known = {each.place: each for each in opened.draft.texts}
            for new in read:
                old = known.get(new.place)
                change_rows.put_text(
                    connection, opened.id, replace(old, review=new.review, settled=True) if old else new
                )
            note(connection, self._now, viewer.actor, "reviewed", f"{opened.flow} {_languages(read)}")

    def _at_once(self, viewer: Viewer, draft: Draft, action: str, object: str) -> int:
        stored, release = self._current()
        files, _ = applied(stored.sources, release, draft)

        def beside(connection: Connection) -> None:
            note(connection, self._now, viewer.actor, action, object)

        # The word is hers to give, whatever else she may publish.
        acting = replace(viewer, roles=viewer.roles | {Role.PUBLISHER})
        return self.releases.publish(acting, files, (draft.flow,), "", stored.number, beside=beside)


def _languages(read: Iterable[NewText]) -> str:
    return " ".join(sorted({each.language.value for each in read}))
