"""The catalogs of all languages as the flows ask for them: every key, its state now, and where it stands. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from msgspec import Struct

from bot.engine.flow import Flow
from bot.language import Language
from bot.scripts.context import contexts
from bot.wording.catalog import Catalog, Entry
from bot.wording.choose import text_for
from bot.wording.merge import MergeReport, annotated, merge, moved, restated

# English and Spanish first: a K'iche' text that was reviewed against them turns stale with them.
_ORDER = (Language.EN, Language.ES, Language.QUC)


class Merged(Struct, frozen=True):
    """The catalogs in line with the flows, what changed in each, and the entries of the template."""

    catalogs: Mapping[Language, Catalog]
    reports: Mapping[Language, MergeReport]
    template: tuple[Entry, ...]


def in_line(
    flows: Mapping[str, Flow],
    catalogs: Mapping[Language, Catalog],
    *,
    wording_only: bool = False,
    ways: Mapping[str, str] = MappingProxyType({}),
    only: Collection[str] | None = None,
) -> Merged:
    """Brings the catalogs up to the flows. What is in line already comes back as it was, to the byte.

    ``wording_only``: the English sentences that changed mean what they meant before. ``ways``: old key -> new key of
    what was renamed. ``only``: the flows that are looked at, all others stay as they are. Raises CannotMove.
    """
    places = contexts(flows, only)
    left = {language: _beside(catalogs[language], only) for language in _ORDER}
    keys = {key: place.sentence.english for key, place in places.items()}
    references = {key: place.file for key, place in places.items()}
    merged: dict[Language, Catalog] = {}
    reports: dict[Language, MergeReport] = {}
    for language in _ORDER:
        before = moved((e for key, e in catalogs[language].entries.items() if key not in left[language]), ways)
        entries, reports[language] = merge(before, keys, wording_only=wording_only)
        merged[language] = Catalog.of(entries, language)
        english = {key: text_for(key, Language.EN, keys[key], merged).text for key in keys}
        known = merged[Language.ES].entries if Language.ES in merged else {}
        spanish = {key: entry.text for key, entry in known.items()}
        notes = {key: place.lines(language, spanish.get(key, "")) for key, place in places.items()}
        merged[language] = Catalog.of(annotated(restated(entries, english, spanish), notes, references), language)
    if only is not None:
        merged = {each: Catalog.of((*left[each].values(), *merged[each].entries.values()), each) for each in merged}
    notes = {key: place.lines(Language.EN) for key, place in places.items()}
    template = annotated((Entry(key, text) for key, text in keys.items()), notes, references)
    return Merged(merged, reports, template)


def _beside(catalog: Catalog, only: Collection[str] | None) -> dict[str, Entry]:
    """The entries of other flows than these; none where all are looked at."""
    if only is None:
        return {}
    return {key: entry for key, entry in catalog.entries.items() if key.partition(".")[0] not in only}
