"""What a returned sheet would do, in words, before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.language import Language
from bot.scripts.sheets.corrections import Correction, Refusal, Returned
from bot.scripts.sheets.verdicts import Answered, Verdict
from bot.wording.catalog import Catalog
from bot.wording.gsm7 import fold_for_sms, non_gsm
from bot.wording.state import State


def told_corrections(
    returned: Returned,
    before: Mapping[Language, Catalog],
    after: Mapping[Language, Catalog],
    unapproved: Iterable[str] = (),
) -> Iterator[str]:
    """Each row, then what else becomes stale with it, then the count. ``unapproved``: flows that lose their approval."""
    for each in returned.corrections:
        yield from _correction(each, before)
    yield from _refusals(returned.refusals)
    for language, catalog in after.items():
        asked = {each.key for each in returned.corrections if each.language is language}
        for key, entry in catalog.entries.items():
            old = before[language].entries.get(key)
            if entry.state is State.STALE and key not in asked and (old is None or old.state is not State.STALE):
                why = "its meaning" if entry.meaning_changed else "words that it was checked against"
                yield f"{key} ({language}) becomes stale: {why} changed. Somebody has to look at it again"
    for flow in unapproved:
        yield f"{flow}: its approval no longer fits its words. A lawyer has to look at it again"
    yield _count(len(returned.corrections), "text", len(returned.refusals), "row", returned.untouched)


def _correction(each: Correction, before: Mapping[Language, Catalog]) -> Iterator[str]:
    if each.by is None and each.text == each.was:
        yield f"{each.row}, {each.key} ({each.language}): keeps the note, and is not marked as read: {each.note}"
        return
    who = f"read and found right by {each.by}, {each.day}" if each.by else "a draft: no name stands in the row"
    yield f"{each.row}, {each.key} ({each.language}): {who}"
    if each.text != each.was:
        yield f"    was: {each.was or '(nothing)'}"
        yield f"    is:  {each.text}"
    if each.meaning_changed:
        yield "    it means something else now"
    if each.note:
        yield f"    note: {each.note}"
    old = before[each.language].entries.get(each.key)
    if old and old.review and not each.by:
        yield f"    takes away what {old.review.by} found right on {old.review.day}"
    if letters := non_gsm(fold_for_sms(each.text)):
        yield f"    warning: {' '.join(letters)} makes the whole SMS dearer, and `content check` will ask for another letter"


def told_verdicts(answered: Answered) -> Iterator[str]:
    """Each flow, then the count."""
    for each in answered.verdicts:
        yield from _verdict(each)
    yield from _refusals(answered.refusals)
    yield _count(len(answered.verdicts), "flow", len(answered.refusals), "flow", answered.untouched)


def _verdict(each: Verdict) -> Iterator[str]:
    had = each.flow.approved_by
    if each.approval:
        signed = f"{each.approval.name}, {each.approval.licence}, {each.approval.date}, words {each.approval.words}"
        instead = f", in place of {had.name} of {had.date}" if had else ""
        yield f"{each.row}, {each.flow.name}: approved by {signed}{instead}"
        return
    lost = f"; the approval by {had.name} of {had.date} is taken away" if had else ""
    yield f"{each.row}, {each.flow.name}: not approved by {each.by or 'somebody without a name'}{lost}"
    yield from (f"    wanted: {change}" for change in each.changes)


def _refusals(refusals: Iterable[Refusal]) -> Iterator[str]:
    yield from (f"{each.row}, {each.what}: NOT TAKEN: {each.why}" for each in refusals)


def _count(taken: int, what: str, refused: int, of: str, untouched: int) -> str:
    return f"{taken} {what}{'s' * (taken != 1)} to be written, {refused} {of}{'s' * (refused != 1)} not taken, {untouched} left empty"
