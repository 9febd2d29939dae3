"""One answer as whoever edits it sees it: every text in reading order, in three languages, and what is to be known of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Flow
from bot.language import Language
from bot.scripts.change import Conflict, Hand, NewText, Opened, Place, version_of
from bot.scripts.change_applied import Changed, below
from bot.scripts.context import Context, contexts
from bot.scripts.release import Release
from bot.scripts.sheets.speakers import texts_of
from bot.wording.catalog import Entry
from bot.wording.state import REVIEWED_AGAINST, Review, State, text_hash

ORDER = (Language.ES, Language.EN, Language.QUC)
"""In which pages show languages."""


class Stale(Struct, frozen=True):
    """Why a text no longer can be trusted: what ``since`` says changed its words, or its meaning. ``at``: unix seconds, where known."""

    meaning: bool
    since: Language | None
    at: int | None

    def __str__(self) -> str:
        what = "changed its meaning" if self.meaning else "changed"
        return f"{_NAMES[self.since] if self.since else 'another language'} {what}"


_NAMES = {Language.ES: "Spanish", Language.EN: "English", Language.QUC: "K'iche'"}


class Said(Struct, frozen=True):
    """A text in one language. ``published`` is what families get now, ``text`` what stands in the open change or, without one, the same.

    ``by`` and ``at``: who wrote it last and when, where that is known. ``changing``: the open change has another text.
    ``asks``: somebody still has to say whether it means something else. ``version`` goes back with ``save``.
    """

    language: Language
    text: str
    published: str
    state: State
    stale: Stale | None
    version: int
    by: Hand | None
    at: int | None
    changing: bool
    meaning: bool | None
    asks: bool
    review: Review | None
    conflict: Conflict | None


class Line(Struct, frozen=True):
    """One text of an answer. ``part``: title, minimum, say, durable, none, also.ID or choice.DIGIT."""

    context: Context
    said: Mapping[Language, Said]

    @property
    def key(self) -> str:
        """``flow.step.part``."""
        return self.context.sentence.key

    @property
    def step(self) -> str | None:
        """The name of its step; None for the title and the minimum."""
        return self.context.step.name if self.context.step else None

    @property
    def part(self) -> str:
        """What of the step it is."""
        return self.key.split(".", 2 if self.step else 1)[-1]

    @property
    def where(self) -> str:
        """Where it stands, in plain words."""
        return self.context.where


class Answer(Struct, frozen=True):
    """A flow with its open change. ``release`` is that which families would get with it; ``number`` the one that is published."""

    flow: Flow
    opened: Opened | None
    lines: tuple[Line, ...]
    conflicts: tuple[Conflict, ...]
    release: Release
    number: int

    def line(self, key: str) -> Line | None:
        """The text of that key."""
        return next((line for line in self.lines if line.key == key), None)


class Last(Struct, frozen=True):
    """Who wrote a text last, when, and whether that changed its meaning."""

    by: Hand
    at: int
    meaning: bool


def answer_of(
    flow: str, published: Release, changed: Changed, opened: Opened | None, last: Mapping[Place, Last], number: int
) -> Answer:
    """The answer of that name. ``last``: what is known of texts that changes have published. KeyError where there is none."""
    after = changed.release
    found = after.script.flows[flow]
    mine = {each.place: each for each in opened.draft.texts} if opened else {}
    stood = below(published, opened.draft if opened else None, found)
    against = {(each.key, each.language): each for each in changed.conflicts if each.language}
    names = {hand.id: hand for hand in opened.hands} if opened else {}
    lines = []
    for key, context in contexts(after.script.flows, (flow,)).items():
        facts = _Facts(after, context, mine, stood[key], against, last, names)
        lines.append(Line(context, {language: facts.said(language) for language in ORDER}))
    return Answer(found, opened, tuple(lines), changed.conflicts, after, number)


class _Facts(Struct, frozen=True):
    release: Release
    context: Context
    mine: Mapping[Place, NewText]
    stood: Mapping[Language, str]
    conflicts: Mapping[Place, Conflict]
    last: Mapping[Place, Last]
    names: Mapping[int, Hand]

    def said(self, language: Language) -> Said:
        place = (self.context.sentence.key, language)
        entry = self._entry(language)
        new, conflict = self.mine.get(place), self.conflicts.get(place)
        changing = new is not None and new.text != new.was
        text = new.text if new is not None and changing else self.stood[language]
        before = self.last.get(place)
        return Said(
            language=language,
            text=text,
            published=self.stood[language],
            state=entry.state if entry.text else State.DRAFT,
            stale=self._stale(entry, language) if entry.text and entry.state is State.STALE else None,
            version=version_of(text, conflict.theirs if conflict else None),
            by=self.names.get(new.by) if new is not None and changing else before.by if before else None,
            at=new.at if new is not None and changing else before.at if before else None,
            changing=changing,
            meaning=new.meaning if new else None,
            asks=new is not None and new.meaning is None,
            review=entry.review if entry.state is State.REVIEWED else None,
            conflict=conflict,
        )

    def _entry(self, language: Language) -> Entry:
        key = self.context.sentence.key
        return self.release.catalogs[language].entry(key) or Entry(key, self.context.sentence.english)

    def _stale(self, entry: Entry, language: Language) -> Stale:
        """Which other text left this one behind, as far as changes and the hashes of its review tell."""
        candidates = sorted(self._left_behind_by(entry, language), key=lambda each: each[1] or 0)
        since, at = candidates[-1] if candidates else (None, None)
        return Stale(entry.meaning_changed, since, at)

    def _left_behind_by(self, entry: Entry, language: Language) -> Iterator[tuple[Language, int | None]]:
        key, now = self.context.sentence.key, texts_of(self.context, self.release.catalogs)
        for other in Language:
            new, before = self.mine.get((key, other)), self.last.get((key, other))
            if other is language:
                continue
            if entry.meaning_changed:
                if new is not None and new.meaning:
                    yield other, new.at
                elif before is not None and before.meaning:
                    yield other, before.at
            elif other in REVIEWED_AGAINST[language] and entry.review is not None:
                if dict(entry.review.against).get(other) != text_hash(now[other]):
                    yield other, new.at if new else before.at if before else None
