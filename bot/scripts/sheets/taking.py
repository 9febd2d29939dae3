"""Takes corrections into the catalogs, and refuses those with which the content could not go out. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.scripts.catalogs import Merged, in_line
from bot.scripts.checks.costs import TOO_LONG
from bot.scripts.errors import SheetError
from bot.scripts.finding import Finding
from bot.scripts.lengths import Length
from bot.scripts.release import Release
from bot.scripts.rewriting import Rewritten, rewritten
from bot.scripts.sheets.corrections import Correction, Refusal, Returned
from bot.wording.catalog import Catalog
from bot.wording.state import review

_NOTE_COLUMNS = 72  # no PO tool folds a comment of this width


class Judge(Struct, frozen=True):
    """What is asked of a release before it may go out: its errors (``bot.content.judge_of``), and what its answers cost."""

    errors: Callable[[Release], Iterable[Finding]]
    lengths: Callable[[Release], Iterable[Length]]


def take(release: Release, returned: Returned, judge: Judge) -> tuple[Returned, Merged]:
    """The corrections that can be taken, all others as refusals, and the catalogs with them.

    Raises SheetError where the whole could not go out and no row is the cause.
    """
    known, costs = set(judge.errors(release)), _costs(judge.lengths(release))
    while True:
        merged = in_line(release.script.flows, _corrected(release, returned.corrections))
        after = replace(release, catalogs=merged.catalogs)
        new = [finding for finding in judge.errors(after) if finding not in known]
        if any(finding.rule is TOO_LONG for finding in new):
            new = _no_dearer(new, costs, _costs(judge.lengths(after)))
        blamed = _blamed(new, returned.corrections)
        if not blamed:
            return returned, merged
        returned = _without(returned, blamed)


def _without(returned: Returned, blamed: Mapping[Correction, str]) -> Returned:
    kept = tuple(each for each in returned.corrections if each not in blamed)
    refused = [Refusal(each.row, each.key, why) for each, why in blamed.items()]
    return replace(returned, corrections=kept, refusals=(*returned.refusals, *refused))


def _corrected(release: Release, corrections: Iterable[Correction]) -> dict[Language, Catalog]:
    asked = {(each.key, each.language): each for each in corrections}
    changing = {place for place, each in asked.items() if each.meaning_changed}
    return rewritten(release.catalogs, (_rewritten(each, changing) for each in asked.values()))


def _rewritten(asked: Correction, changing: set[tuple[str, Language]]) -> Rewritten:
    """What the row asks for. ``changing``: the texts whose meaning this sheet changes; they do not overtake one another."""
    noted = f"note, {asked.day.isoformat()}: {asked.note}" if asked.note else ""
    mark = None
    if asked.by is not None:
        mark = review(asked.language, asked.day, asked.by, {**asked.texts, asked.language: asked.text})
    overtakes = (language for language in Language if asked.meaning_changed and (asked.key, language) not in changing)
    return Rewritten(
        key=asked.key,
        language=asked.language,
        english=asked.context.sentence.english,
        text=asked.text,
        was=asked.was,
        review=mark,
        overtakes=frozenset(overtakes),
        notes=tuple(textwrap.wrap(noted, _NOTE_COLUMNS, break_long_words=False)),
    )


_Costs = Mapping[tuple[str, str, Language], int]


def _costs(lengths: Iterable[Length]) -> _Costs:
    """Segments by where an answer begins, which of several it is, and language: as findings name it."""
    return {(f"{each.flow}.{each.step}", each.part, each.language): each.segments for each in lengths}


def _no_dearer(findings: Iterable[Finding], before: _Costs, after: _Costs) -> list[Finding]:
    """Without the answers that were too long already and cost no more now."""

    def dearer(finding: Finding) -> bool:
        place = (finding.where, finding.said, finding.language or Language.ES)
        return after.get(place, 0) > before.get(place, 0)

    return [finding for finding in findings if finding.rule is not TOO_LONG or dearer(finding)]


def _blamed(findings: Iterable[Finding], corrections: Iterable[Correction]) -> dict[Correction, str]:
    """Which rows made the content such that it could not go out, and why."""
    blamed: dict[Correction, str] = {}
    for finding in findings:
        guilty = _guilty(finding, list(corrections))
        if not guilty:
            raise SheetError(f"Nothing is taken: with these corrections {finding.place}: {finding.problem}")
        for each in guilty:
            blamed.setdefault(each, f"{finding.place}: {finding.problem}. {finding.mend}")
    return blamed


def _guilty(finding: Finding, corrections: Sequence[Correction]) -> list[Correction]:
    """The rows of that text; of an answer the rows of its step, else those of the sentences that stand in every answer."""
    heard = {finding.language, Language.ES} if finding.language is Language.QUC else {finding.language}
    spoken = [each for each in corrections if each.language in heard]
    own = [each for each in spoken if f"{each.key}.".startswith(f"{finding.where}.")]
    if own or finding.rule is not TOO_LONG:
        return own or [each for each in corrections if each.key == finding.where]
    changed = [each for each in spoken if each.text != each.was]
    return [each for each in changed if each.key.startswith(f"{NOTICES}.")] or changed
