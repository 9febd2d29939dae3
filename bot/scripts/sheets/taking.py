"""Takes corrections into the catalogs, and refuses those with which the content could not go out. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.engine.walk import NOTICES
from bot.language import Language
from bot.scripts.catalogs import Merged, in_line
from bot.scripts.errors import SheetError
from bot.scripts.lengths import Length
from bot.scripts.release import Release
from bot.scripts.sheets.corrections import Correction, Refusal, Returned
from bot.wording.catalog import Catalog, Entry
from bot.wording.kiche import words_of
from bot.wording.merge import overtaken
from bot.wording.state import State, review

_PROBLEM = re.compile(r"(\S+) \((en|es|quc)\): (.*)", re.DOTALL)
_NOTE_COLUMNS = 72  # no PO tool folds a comment of this width


@dataclass(frozen=True, slots=True)
class Judge:
    """What is asked of a release before it may go out: ``bot.scripts.checks.problems`` and ``lengths``."""

    problems: Callable[[Release], list[str]]
    lengths: Callable[[Release], Iterable[Length]]


def take(release: Release, returned: Returned, judge: Judge) -> tuple[Returned, Merged]:
    """The corrections that can be taken, all others as refusals, and the catalogs with them.

    Raises SheetError where the whole could not go out and no row is the cause.
    """
    known, costs = set(judge.problems(release)), _costs(judge.lengths(release))
    while True:
        merged = in_line(release.script.flows, _corrected(release, returned.corrections))
        after = replace(release, catalogs=merged.catalogs)
        new = [problem for problem in judge.problems(after) if problem not in known]
        blamed = _blamed_for_problems(new, returned.corrections) | _blamed_for_lengths(
            costs, judge.lengths(after), returned.corrections
        )
        if not blamed:
            return returned, merged
        returned = _without(returned, blamed)


def _without(returned: Returned, blamed: Mapping[Correction, str]) -> Returned:
    kept = tuple(each for each in returned.corrections if each not in blamed)
    refused = [Refusal(each.row, each.key, why) for each, why in blamed.items()]
    return replace(returned, corrections=kept, refusals=(*returned.refusals, *refused))


def _corrected(release: Release, corrections: Iterable[Correction]) -> dict[Language, Catalog]:
    entries = {language: dict(catalog.entries) for language, catalog in release.catalogs.items()}
    asked = {(each.key, each.language): each for each in corrections}
    for (key, language), each in asked.items():
        entries[language][key] = _entry(each, entries[language].get(key, Entry(key, each.context.sentence.english)))
    for (key, _), each in asked.items():
        if each.meaning_changed:
            for language in Language:
                other = asked.get((key, language))
                if other is None or not other.meaning_changed:
                    entries[language][key] = _overtaken(each, language, entries[language].get(key))
    return {language: Catalog.of(found.values(), language) for language, found in entries.items()}


def _entry(asked: Correction, old: Entry) -> Entry:
    """The entry as the row asks for it. A draft keeps what its words lean on; a speaker's text leans on her."""
    notes = old.notes
    if asked.note:
        said = f"note, {asked.day.isoformat()}: {asked.note}"
        notes = tuple(dict.fromkeys((*notes, *textwrap.wrap(said, _NOTE_COLUMNS, break_long_words=False))))
    if asked.by is None and asked.text == asked.was:
        return replace(old, notes=notes)
    text = "" if asked.by is None and asked.text == old.english and asked.language is Language.EN else asked.text
    mark = None
    if asked.by is not None:
        mark = review(asked.language, asked.day, asked.by, {**asked.texts, asked.language: asked.text})
    spoken = asked.by is not None and asked.text != asked.was
    words = set(words_of(text))
    return replace(
        old,
        text=text,
        state=State.REVIEWED if mark else State.DRAFT,
        review=mark,
        meaning_changed=False,
        citations=() if spoken else old.citations,
        guesses=() if spoken else tuple(guess for guess in old.guesses if words & set(words_of(guess))),
        notes=notes,
    )


def _overtaken(asked: Correction, language: Language, old: Entry | None) -> Entry:
    """The text that no longer says what the corrected one says. The sentence of the flow is repeated, to bear the mark."""
    entry = old or Entry(asked.key, asked.context.sentence.english)
    if language is Language.EN and not entry.text:
        entry = replace(entry, text=entry.english)
    return overtaken(entry)


def _blamed_for_problems(problems: Iterable[str], corrections: Iterable[Correction]) -> dict[Correction, str]:
    blamed: dict[Correction, str] = {}
    for problem in problems:
        match = _PROBLEM.fullmatch(problem)
        of_key = [each for each in corrections if match and each.key == match[1]]
        guilty = [each for each in of_key if match and each.language == match[2]] or of_key
        if not guilty:
            raise SheetError(f"Nothing is taken: with these corrections {problem}")
        blamed |= {each: problem for each in guilty}
    return blamed


def _costs(lengths: Iterable[Length]) -> dict[tuple[str, str, Language], int]:
    return {(length.flow, length.step, length.language): length.segments for length in lengths}


def _blamed_for_lengths(
    before: Mapping[tuple[str, str, Language], int], lengths: Iterable[Length], corrections: Iterable[Correction]
) -> dict[Correction, str]:
    """Who made an answer too long: the rows of its step, else those of the sentences that stand in every answer."""
    blamed: dict[Correction, str] = {}
    for cost in lengths:
        step = (cost.flow, cost.step, cost.language)
        if cost.segments <= max(cost.limit, before.get(step, 0)):
            continue
        heard = {cost.language, Language.ES} if cost.language is Language.QUC else {cost.language}
        speaking = [each for each in corrections if each.language in heard and each.text != each.was]
        own = [each for each in speaking if each.key.startswith(f"{cost.flow}.{cost.step}.")]
        guilty = own or [each for each in speaking if each.key.startswith(f"{NOTICES}.")] or speaking
        if not guilty:
            raise SheetError(f"Nothing is taken: {cost.flow}.{cost.step} ({cost.language}) would be too long")
        why = (
            f"too long: the whole answer of {cost.flow}.{cost.step} ({cost.language}) would be {cost.segments} SMS"
            f" ({len(cost.text)} characters), {cost.limit} at most. Say it shorter"
        )
        blamed |= {each: why for each in guilty}
    return blamed
