"""The sheet for people who speak a language: every text beside its counterparts, with room to correct it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.language import Language
from bot.scripts.context import Context, contexts
from bot.scripts.errors import SheetError
from bot.scripts.lengths import Length, dearest
from bot.scripts.release import Release
from bot.scripts.rewriting import ASKS_MEANING
from bot.wording.catalog import Catalog, Entry
from bot.wording.choose import text_for
from bot.wording.gsm7 import fold_for_sms
from bot.wording.state import REVIEWED_AGAINST, State, state_of, text_hash

KEY, VERSION = "key", "version"
NOTE, CORRECTION, MEANING, NAME, DATE = "note", "correction", "meaning changed? yes/no", "name", "date"
_GIVEN = (KEY, VERSION, "context", "en", "es", "quc", "state", "sources", "length")


class Line(Struct, frozen=True):
    """One text of the sheet. ``texts`` are those that families get now; ``version`` changes with any of them."""

    context: Context
    version: str
    texts: Mapping[Language, str]
    state: str
    sources: str
    length: str

    @property
    def key(self) -> str:
        return self.context.sentence.key


def columns(language: Language) -> tuple[str, ...]:
    """The columns of the sheet of a language, those that a person fills in at its end."""
    return (*_GIVEN, *to_fill(language))


def to_fill(language: Language) -> tuple[str, ...]:
    """The columns that a person fills in."""
    asks = (MEANING,) if language in ASKS_MEANING else ()
    return (NOTE, CORRECTION, *asks, NAME, DATE)


def lines(
    release: Release, language: Language, lengths: Iterable[Length], flows: Iterable[str] = ()
) -> tuple[Line, ...]:
    """The texts of these flows (of all where none is named), flow by flow. Raises SheetError for an unknown flow."""
    wanted = tuple(flows)
    for name in wanted:
        if name not in release.script.flows:
            raise SheetError(f"There is no flow {name!r}. Take the name of a file of flows/, such as home_visit")
    costs = dearest(lengths, language)
    places = contexts(release.script.flows).values()
    return tuple(_line(place, release, language, costs) for place in places if not wanted or place.flow.name in wanted)


def texts_of(context: Context, catalogs: Mapping[Language, Catalog]) -> dict[Language, str]:
    """The text in each language as it stands now; empty where nobody has written it."""
    key, english = context.sentence.key, context.sentence.english
    found = {language: catalogs[language].entries.get(key) for language in (Language.ES, Language.QUC)}
    texts = {language: entry.text if entry else "" for language, entry in found.items()}
    return {Language.EN: text_for(key, Language.EN, english, catalogs).text, **texts}


def version_of(key: str, language: Language, texts: Mapping[Language, str]) -> str:
    """A short mark of all that a review of this text looks at. Its letters in front keep it from being a number."""
    return f"{language}-{text_hash(chr(0).join((key, *(texts[other] for other in REVIEWED_AGAINST[language]))))}"


def row(line: Line) -> dict[str, str]:
    """The cells of a line; what is left out stays empty, to be filled in."""
    texts = {language.value: text for language, text in line.texts.items()}
    return {
        KEY: line.key,
        VERSION: line.version,
        "context": line.context.where,
        **texts,
        "state": line.state,
        "sources": line.sources,
        "length": line.length,
    }


def _line(context: Context, release: Release, language: Language, costs: Mapping[tuple[str, str], Length]) -> Line:
    key, texts = context.sentence.key, texts_of(context, release.catalogs)
    entry = release.catalogs[language].entries.get(key, Entry(key, context.sentence.english))
    cost = costs.get((context.flow.name, context.step.name)) if context.step else None
    return Line(
        context,
        version_of(key, language, texts),
        texts,
        _state(entry, texts, language),
        _sources(entry),
        _length(texts[language], cost),
    )


def _state(entry: Entry, texts: Mapping[Language, str], language: Language) -> str:
    if not entry.text:
        return "the sentence of the flow" if language is Language.EN else "no text yet"
    state = state_of(entry, texts[Language.EN], texts[Language.ES])
    if state is State.REVIEWED and entry.review:
        return f"read and found right by {entry.review.by}, {entry.review.day}"
    if state is State.STALE:
        return "stale: the meaning changed" if entry.meaning_changed else "stale: words changed"
    return "draft: nobody has checked it"


def _sources(entry: Entry) -> str:
    cited = f"cites: {'; '.join(entry.citations)}" if entry.citations else ""
    guessed = f"guessed words: {' '.join(entry.guesses)}" if entry.guesses else ""
    return ". ".join(part for part in (cited, guessed) if part)


def _length(text: str, cost: Length | None) -> str:
    own = f"{len(fold_for_sms(text))} characters"
    return f"{own}; the whole answer {cost.segments} SMS, at most {cost.limit}" if cost else own
