"""A change applied to a release: as values, for looking at it at once, and as the files that would be published. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Flow, Group, Script
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import words_of
from bot.scripts.catalogs import in_line
from bot.scripts.change import Conflict, Draft, NewText, Place
from bot.scripts.change_yaml import StepsRefused, flow_of, flow_path, heard, intents_added
from bot.scripts.context import Context, contexts
from bot.scripts.release import Release
from bot.scripts.rewriting import Rewritten, rewritten
from bot.scripts.sheets.approve import with_approval
from bot.scripts.sheets.speakers import texts_of
from bot.scripts.texts import catalog_file
from bot.wording.catalog import Catalog, Entry, catalog_bytes
from bot.wording.choose import text_for
from bot.wording.state import REVIEWED_AGAINST, text_hash

Sources = Mapping[str, bytes]


class Changed(Struct, frozen=True):
    """A release with a change in it. ``conflicts``: what somebody else published meanwhile; there the change's own text stands."""

    release: Release
    conflicts: tuple[Conflict, ...]


def changed(release: Release, draft: Draft) -> Changed:
    """The release with this change, for looking at it: only the words of its own flow are told apart anew.

    Raises StepsRefused where its steps cannot be read any more.
    """
    flows = _flows(release, draft)
    catalogs, conflicts = _catalogs(release, draft, flows)
    # Where another flow goes, lines elsewhere say where they lead; nobody looks at those here.
    only = {name for name in (draft.flow, draft.heir) if name in flows}
    merged = in_line(flows, _without_strays(catalogs, flows, draft), only=only).catalogs
    after = replace(release, script=Script.of(flows), catalogs=merged)
    return Changed(replace(after, approved=_approved(release, after, draft)), conflicts)


def applied(sources: Sources, release: Release, draft: Draft) -> tuple[dict[str, bytes], tuple[Conflict, ...]]:
    """The files with this change, and what somebody else published meanwhile. What it does not touch stays to the byte.

    ``release`` is what ``sources`` hold. Raises StepsRefused, WordingError.
    """
    flows = _flows(release, draft)
    catalogs, conflicts = _catalogs(release, draft, flows)
    merged = in_line(flows, catalogs).catalogs
    after = replace(release, script=Script.of(flows), catalogs=merged)
    files = {**sources, **dict(_flow_files(sources, release, after, draft))}
    for language, catalog in merged.items():
        if catalog.entries != release.catalogs[language].entries:
            files[catalog_file(language)] = catalog_bytes(catalog.entries.values(), language)
    gone = release.script.flows.get(draft.flow)
    if draft.archived and gone is not None:
        del files[flow_path(gone.name, gone.group)]
    return files, (*conflicts, *steps_conflict(sources, release, draft))


def texts_of_flow(release: Release, flow: str) -> dict[str, dict[Language, str]]:
    """Every text of a flow by its key, in each language as it stands; in the order in which they are read."""
    mine = contexts(release.script.flows, (flow,))
    return {key: texts_of(place, release.catalogs) for key, place in mine.items()}


def _flows(release: Release, draft: Draft) -> dict[str, Flow]:
    flows = dict(release.script.flows)
    old = flows.get(draft.flow)
    if draft.archived and old is not None:
        del flows[draft.flow]
        if draft.heir in flows:
            flows[draft.heir] = heard(flows[draft.heir], old.intents)
        return flows
    if draft.yaml is None:
        return flows
    group = old.group if old else draft.group
    if group is None:
        raise StepsRefused(f"there is no flow {draft.flow} any more: it was archived meanwhile")
    flows[draft.flow] = flow_of(draft.yaml, draft.flow, group)
    # As the files are read: by folder and name.
    order = list(Group)
    return dict(sorted(flows.items(), key=lambda item: (order.index(item[1].group), item[0])))


def _catalogs(
    release: Release, draft: Draft, flows: Mapping[str, Flow]
) -> tuple[dict[Language, Catalog], tuple[Conflict, ...]]:
    moved = {
        language: Catalog.of(_rekeyed(catalog.entries.values(), draft.keys), language) if draft.keys else catalog
        for language, catalog in release.catalogs.items()
    }
    if draft.archived or draft.flow not in flows or not draft.texts:
        return moved, ()
    mine = contexts(flows, (draft.flow,))
    asked = [each for each in draft.texts if each.key in mine]
    now = {each.place: texts_of(mine[each.key], moved)[each.language] for each in asked}
    conflicts = (
        Conflict(each.key, each.language, each.text, now[each.place], each.was)
        for each in asked
        if each.text != each.was and now[each.place] not in (each.was, each.text)
    )
    return rewritten(moved, _rewritings(asked, now, mine)), tuple(conflicts)


def _rewritings(
    asked: list[NewText], now: Mapping[tuple[str, Language], str], mine: Mapping[str, Context]
) -> Iterator[Rewritten]:
    settled = {each.place for each in asked if each.settled}
    for each in asked:
        # A text that was only looked at stays what others have made of it.
        text = now[each.place] if each.text == each.was else each.text
        overtakes = frozenset(
            other
            for other in Language
            if each.meaning and other is not each.language and (each.key, other) not in settled
        )
        yield Rewritten(
            key=each.key,
            language=each.language,
            english=mine[each.key].sentence.english,
            text=text,
            was=now[each.place],
            review=each.review,
            overtakes=overtakes,
            settled=each.settled,
        )


def _rekeyed(entries: Iterable[Entry], keys: Mapping[str, str]) -> Iterator[Entry]:
    """The entries under their new keys, at once: a line that was number three may take the place of number two."""
    for entry in entries:
        new = keys.get(entry.key, entry.key)
        if new:
            yield replace(entry, key=new) if new != entry.key else entry


def _without_strays(
    catalogs: Mapping[Language, Catalog], flows: Mapping[str, Flow], draft: Draft
) -> dict[Language, Catalog]:
    """Without the texts of a flow that is gone: only its own flow is brought into line."""
    if draft.flow in flows:
        return dict(catalogs)
    mine = f"{draft.flow}."
    return {
        language: Catalog.of((e for e in catalog.entries.values() if not e.key.startswith(mine)), language)
        for language, catalog in catalogs.items()
    }


def _approved(release: Release, after: Release, draft: Draft) -> frozenset[str]:
    flow = after.script.flows.get(draft.flow)
    others = release.approved - {draft.flow}
    if flow is None or flow.group is not Group.RIGHTS:
        return others
    words = words_of(flow, after.catalogs, after.facts)
    fits = any(given is not None and given.words == words for given in (draft.approval, flow.approved_by))
    return others | {draft.flow} if fits else others


def _flow_files(sources: Sources, release: Release, after: Release, draft: Draft) -> Iterator[tuple[str, bytes]]:
    """The files of flows that this change writes."""
    old, flow = release.script.flows.get(draft.flow), after.script.flows.get(draft.flow)
    if flow is None:
        heir = release.script.flows.get(draft.heir or "")
        if heir is not None and old is not None and old.intents:
            path = flow_path(heir.name, heir.group)
            yield path, intents_added(sources[path].decode(), heir, old.intents).encode()
        return
    path = flow_path(flow.name, flow.group)
    data = sources.get(path, b"") if draft.yaml is None else draft.yaml.encode()
    if draft.approval is not None and draft.approval.words == words_of(flow, after.catalogs, after.facts):
        data = with_approval(data, flow, draft.approval)
    if data != sources.get(path):
        yield path, data


def steps_conflict(sources: Sources, release: Release, draft: Draft) -> tuple[Conflict, ...]:
    """The steps that somebody else published meanwhile, where this change has steps of its own: one conflict, or none."""
    old = release.script.flows.get(draft.flow)
    if draft.yaml is None or draft.yaml_was is None or old is None:
        return ()
    theirs = sources[flow_path(old.name, old.group)].decode()
    same = theirs in (draft.yaml_was, draft.yaml) or old == flow_of(draft.yaml_was, old.name, old.group)
    return () if same else (Conflict("", None, draft.yaml, theirs, draft.yaml_was),)


def fits_review(each: NewText, texts: Mapping[Language, str]) -> bool:
    """Whether the word of a person on a text still is about the texts as they are."""
    return each.review is not None and all(
        text_hash(texts[language]) == digest
        for language, digest in each.review.against
        if language in REVIEWED_AGAINST[each.language]
    )


def below(release: Release, draft: Draft | None, flow: Flow) -> dict[str, dict[Language, str]]:
    """The texts of this flow, as the change has it, that stand in the release under it; empty where there is none yet."""
    keys = draft.keys if draft else {}
    old = {new: old for old, new in keys.items() if new}
    found: dict[str, dict[Language, str]] = {}
    for sentence in flow.sentences:
        key = old.get(sentence.key, sentence.key)
        entries = (
            {}
            if key in keys and key == sentence.key
            else {each: words.entry(key) for each, words in release.catalogs.items()}
        )
        texts = {language: entry.text if (entry := entries.get(language)) else "" for language in Language}
        english = text_for(key, Language.EN, sentence.english, release.catalogs if entries else {})
        found[sentence.key] = texts | {Language.EN: english.text}
    return found


def flow_in(release: Release, draft: Draft) -> Flow | None:
    """The flow as the change has it; None where there is none. Raises StepsRefused."""
    return _flows(release, draft).get(draft.flow)


def with_typed(release: Release, draft: Draft, typed: Mapping[Place, str]) -> Draft:
    """The change with what somebody is typing in it; a text that its flow does not have is left out."""
    flow = flow_in(release, draft)
    if flow is None or not typed:
        return draft
    stood, mine = below(release, draft, flow), {each.place: each for each in draft.texts}
    for (key, language), text in typed.items():
        if key in stood:
            was = stood[key][language]
            mine[key, language] = NewText(key, language, text, was, meaning=False)
    return replace(draft, texts=tuple(mine.values()))
