"""Sentences that wait to be looked at, and those that were: what the model will learn. Without contact and without a day.

A sentence comes in scrubbed and once (by its fold). One that the model is measured with never comes in. "Not to be used" takes
the whole row away at once: a hash of it would still let somebody guess a name and see that it was here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, Executable, delete, func, insert, select, update

from bot.escalation.scrub import scrub, scrub_signs
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.phrases import LONGEST_PHRASE, Verdict, fold, without_gaps
from bot.store.audit import note
from bot.store.content_models import Phrase as Row
from bot.store.database import sql_errors
from bot.store.desk_errors import TextRefused
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn
from bot.store.phrases_learned import measures, topics
from bot.store.tally import monday

JUDGES = (Role.VOLUNTEER, Role.PUBLISHER)
ADDS = (*JUDGES, Role.RESPONDER)
_TURN = "phrases"


class Origin(StrEnum):
    """Who brought a sentence. ``TEAM``: staff marked it in a conversation, or somebody of the team wrote it."""

    TEAM = ""
    AGREED = "agreed"


class PhraseJudged(StoreError):
    """Somebody else looked at this sentence meanwhile, or it is gone."""

    def __init__(self) -> None:
        super().__init__("this sentence was looked at meanwhile")


class PhraseKnown(StoreError):
    """The sentence is here already, whatever its accents and capitals."""

    def __init__(self) -> None:
        super().__init__("this sentence is here already")


class PhraseMeasures(StoreError):
    """The model is measured with this sentence, so it may not learn it."""

    def __init__(self) -> None:
        super().__init__("the model is measured with this sentence, and may not learn it")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence. ``heard``: what the bot took it for, empty where nobody asked it; ``topic``: what it is about, while it waits
    what whoever brought it thinks; ``by``: who judged it, while it waits who wrote it; None: it comes from a conversation, and
    ``origin`` says whether the family itself agreed that it is kept."""

    id: str
    quarter: str
    language: str
    text: str = field(repr=False)
    heard: str
    topic: str
    verdict: Verdict
    by: int | None
    exported: bool
    origin: Origin = Origin.TEAM


class Phrases:
    """The sentences of this installation. Every method raises ``NotYours`` by itself, and ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def waiting(self, viewer: Viewer, language: str = "") -> tuple[Phrase, ...]:
        """What is to be looked at, in a language or in all, the oldest quarter first."""
        _refuse(viewer, *JUDGES)
        asked = select(*_COLUMNS).where(Row.verdict == Verdict.WAITING.value).order_by(Row.quarter, Row.id)
        return self._read(asked.where(Row.language == language) if language else asked)

    def counts(self, viewer: Viewer) -> dict[str, int]:
        """How many wait, by language."""
        _refuse(viewer, *ADDS)
        asked = select(Row.language, func.count()).where(Row.verdict == Verdict.WAITING.value).group_by(Row.language)
        with sql_errors(), self._engine.connect() as connection:
            return {language: count for language, count in connection.execute(asked)}

    def judged(self, viewer: Viewer, topic: str = "") -> tuple[Phrase, ...]:
        """What was looked at and will be learned, of one topic or of all."""
        _refuse(viewer, *ADDS)
        asked = select(*_COLUMNS).where(Row.verdict != Verdict.WAITING.value).order_by(Row.language, Row.folded)
        return self._read(asked.where(Row.topic == topic) if topic else asked)

    def one(self, viewer: Viewer, id: str) -> Phrase:
        """One sentence. ``PhraseJudged`` where there is none."""
        _refuse(viewer, *ADDS)
        found = self._read(select(*_COLUMNS).where(Row.id == id))
        if not found:
            raise PhraseJudged
        return found[0]

    def judge(self, viewer: Viewer, id: str, verdict: Verdict, topic: str = "") -> Verdict:
        """Says what a waiting sentence is about, and returns what was kept: another topic that is the one heard is "right".

        ``topic`` only with ``OTHER``. Raises ``PhraseJudged``, and ``ValueError`` for a topic that is none.
        """
        _refuse(viewer, *JUDGES)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            row = connection.execute(_waiting(id)).first()
            if row is None:
                raise PhraseJudged
            verdict, topic = _settled(verdict, topic, row.heard)
            values = {"verdict": verdict.value, "topic": topic, "by": viewer.user}
            connection.execute(update(Row).where(Row.id == id).values(**values))
            note(connection, self._clock(), viewer.actor, "phrase.judged", f"{row.language} {verdict.value}")
        return verdict

    def drop(self, viewer: Viewer, id: str) -> None:
        """Not to be used: somebody could be known by it. The row is gone at once, and nothing of it stays."""
        _refuse(viewer, *JUDGES)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            row = connection.execute(_waiting(id)).first()
            if row is None:
                raise PhraseJudged
            # What is overwritten first is not left readable in the page of the file that the row stood in.
            blank = {"text": "x" * len(row.text), "folded": id}
            connection.execute(update(Row).where(Row.id == id).values(**blank))
            connection.execute(delete(Row).where(Row.id == id))
            note(connection, self._clock(), viewer.actor, "phrase.dropped", row.language)

    def undo(self, viewer: Viewer, id: str) -> None:
        """Lets it wait again, while it has not been exported. Her own, or a publisher's hand. ``PhraseJudged`` otherwise."""
        _refuse(viewer, *JUDGES)
        mine = [Row.id == id, Row.verdict != Verdict.WAITING.value, Row.exported.is_(False)]
        if not viewer.has(Role.PUBLISHER):
            mine.append(Row.by == viewer.user)
        with sql_errors(), self._engine.begin() as connection:
            again = update(Row).where(*mine).values(verdict=Verdict.WAITING.value, by=None)
            language = connection.scalar(again.returning(Row.language))
            if language is None:
                raise PhraseJudged
            note(connection, self._clock(), viewer.actor, "phrase.undone", language)

    def add(self, viewer: Viewer, language: str, topic: str, text: str) -> Phrase:
        """Adds a sentence by hand. A responder's waits for a volunteer's look. Scrubbed once more, whoever wrote it.

        Raises ``TextRefused``, ``PhraseKnown``, ``PhraseMeasures``, and ``ValueError`` for no language or topic of ours.
        """
        _refuse(viewer, *ADDS)
        text = readable(scrub(text))
        if topic not in topics():
            raise ValueError("no such topic")
        if measures(text):
            raise PhraseMeasures
        verdict = Verdict.OTHER if viewer.has(*JUDGES) else Verdict.WAITING
        now = self._clock()
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            id = put(connection, now, Language(language).value, text, topic=topic, verdict=verdict, by=viewer.user)
            if id is None:
                raise PhraseKnown
            note(connection, now, viewer.actor, "phrase.added", f"{language} {topic}")
        return self.one(viewer, id)

    def mark_exported(self, viewer: Viewer, ids: Iterable[str]) -> int:
        """Notes that these stand in nlu/data now; how many that changed. Only at the terminal, where the files are."""
        _refuse(viewer, Role.ADMIN)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            changed = sum(
                connection.execute(
                    update(Row).where(Row.id == id, Row.exported.is_(False)).values(exported=True)
                ).rowcount
                for id in ids
            )
            if changed:
                note(connection, self._clock(), viewer.actor, "phrase.exported", f"{changed} sentences")
        return changed

    def _read(self, asked: Executable) -> tuple[Phrase, ...]:
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(asked).all()
        kinds = ({"verdict": Verdict(row.verdict), "origin": Origin(row.origin)} for row in rows)
        return tuple(Phrase(**{**row._asdict(), **kind}) for row, kind in zip(rows, kinds, strict=True))


def put(
    connection: Connection, now: float, language: str, text: str, *, heard: str = "", topic: str = "",
    verdict: Verdict = Verdict.WAITING, by: int | None = None, origin: Origin = Origin.TEAM,
) -> str | None:  # fmt: skip
    """Stores a sentence within the caller's transaction, which has begun by writing; None where it is here already.

    ``text`` is what a person has read and left; signs that lead to somebody are taken out once more.
    """
    text = readable(scrub_signs(text))
    folded = fold(text)
    same = select(Row.id).where(Row.language == language, Row.folded == folded)
    if connection.scalar(same) is not None:
        return None
    id = secrets.token_urlsafe(16)
    week = monday(now) if origin is Origin.AGREED else None
    values = {
        "heard": heard,
        "topic": topic,
        "verdict": verdict.value,
        "by": by,
        "origin": origin.value,
        "week": week,
    }
    connection.execute(
        insert(Row).values(id=id, quarter=quarter(now), language=language, text=text, folded=folded, **values)
    )
    return id


def keep(
    connection: Connection, now: float, language: str, text: str, heard: str, topic: str = "", origin: Origin = Origin.TEAM
) -> bool:
    """Lets a sentence of a conversation wait to be looked at, once: what staff marked, what somebody agreed to keep. ``TextRefused``.

    ``heard`` and ``topic`` that the model does not know are left out. Nothing is kept of what the model is measured with, and of
    another language than ours: False then.
    """
    text, known = readable(scrub_signs(text)), topics()
    if language not in Language._value2member_map_ or measures(text):
        return False
    in_turn(connection, _TURN)
    heard, topic = (name if name in known else "" for name in (heard, topic))
    put(connection, now, language, text, heard=heard, topic=topic, origin=origin)
    return True


def readable(text: str) -> str:
    """The sentence on one line. Raises ``TextRefused`` where nothing is left of it, or too much."""
    text = " ".join(text.split())
    if not fold(text) or len(text) > LONGEST_PHRASE or not without_gaps(text):
        raise TextRefused(LONGEST_PHRASE)
    return text


def quarter(now: float) -> str:
    """The quarter of a moment in unix seconds, as 2026Q4."""
    day = datetime.fromtimestamp(now, UTC)
    return f"{day.year}Q{(day.month + 2) // 3}"


def _settled(verdict: Verdict, topic: str, heard: str) -> tuple[Verdict, str]:
    """The verdict and the one label that goes with it."""
    if verdict is Verdict.OTHER and topic == heard:
        verdict = Verdict.RIGHT
    if verdict is Verdict.NONE:
        return verdict, ""
    topic = heard if verdict is Verdict.RIGHT else topic
    if verdict is Verdict.WAITING or topic not in topics():
        raise ValueError("no such topic")
    return verdict, topic


def _waiting(id: str) -> Executable:
    return select(Row.language, Row.heard, Row.text).where(Row.id == id, Row.verdict == Verdict.WAITING.value)


def _refuse(viewer: Viewer, *roles: Role) -> None:
    if not viewer.has(*roles):
        raise NotYours


_COLUMNS = (Row.id, Row.quarter, Row.language, Row.text, Row.heard, Row.topic, Row.verdict, Row.by, Row.exported, Row.origin)
