"""Brings a catalog up to the English that now stands in the flows. By key only, and never by likeness.

gettext's own merge guesses: it fills a new step with the Spanish of another that reads alike. Here a text
belongs to its key, and whoever renames a step moves its texts on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from rapidfuzz import fuzz

from bot.frozen import replace
from bot.wording.catalog import Entry
from bot.wording.errors import CannotMove
from bot.wording.po import Message, write_messages
from bot.wording.state import State, state_of

# Below this likeness (0 to 100) a sentence is another one, whatever is said about its wording.
LEAST_ALIKE = 60


class MergeReport(Struct, frozen=True):
    """The keys that came in, those whose English changed, and the entries that went, each ordered by key.

    ``removed`` holds whole entries: a text whose step was renamed or struck is somebody's work.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[Entry, ...] = ()


def merge(
    entries: Iterable[Entry], keys: Mapping[str, str], *, wording_only: bool = False
) -> tuple[tuple[Entry, ...], MergeReport]:
    """The entries for exactly these keys (key -> current English), ordered by key, and what changed.

    A new key gets an empty draft. Where the English changed the text stays and turns stale; its meaning
    counts as changed unless whoever changed the English says ``wording_only``, it still reads alike, and no other text of
    its step read so before: that word is given for all sentences at once, and a menu line may have slipped among them.
    """
    old = {entry.key: entry for entry in entries}
    taken = {(_step(entry.key), entry.english) for entry in old.values()}
    merged = tuple(
        _merged(old.get(key), key, keys[key], wording_only and (_step(key), keys[key]) not in taken)
        for key in sorted(keys)
    )
    report = MergeReport(
        added=tuple(entry.key for entry in merged if entry.key not in old),
        changed=tuple(entry.key for entry in merged if entry.key in old and old[entry.key].english != entry.english),
        removed=tuple(old[key] for key in sorted(old.keys() - keys.keys())),
    )
    return merged, report


def _step(key: str) -> str:
    return ".".join(key.split(".")[:2])


def _merged(entry: Entry | None, key: str, english: str, wording_only: bool) -> Entry:
    if entry is None:
        return Entry(key, english)
    if entry.english == english:
        return entry
    changed = replace(entry, english=english)
    if not entry.text:
        return changed
    alike = fuzz.ratio(entry.english.casefold(), english.casefold()) >= LEAST_ALIKE
    return replace(changed, state=State.STALE) if wording_only and alike else overtaken(changed)


def moved(entries: Iterable[Entry], ways: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries under new keys, for a step that was renamed or a sentence that went to another flow.

    ``ways``: old key -> new key, of one text, of a step (``flow.step``) or of a flow, with all that stands under it.
    Raises CannotMove where there is nothing to move, or where a text stands already.
    """
    found = {entry.key: entry for entry in entries}
    for old, new in ways.items():
        going = [key for key in found if key == old or key.startswith(f"{old}.")]
        if not going:
            raise CannotMove(f"There is nothing under {old}. Name a key, a step or a flow as the catalogs have it")
        taken = {f"{new}{key.removeprefix(old)}": found.pop(key) for key in going}
        for key, entry in taken.items():
            if key in found and found[key].text:
                raise CannotMove(f"{entry.key} cannot go to {key}: a text stands there. Take one of the two out first")
            found[key] = replace(entry, key=key)
    return tuple(found.values())


def overtaken(entry: Entry) -> Entry:
    """The entry of a text whose counterparts say something else by now. An empty one says nothing, so it stays."""
    return replace(entry, state=State.STALE, meaning_changed=True) if entry.text else entry


def restated(entries: Iterable[Entry], english: Mapping[str, str], spanish: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries with the state that they have beside these texts (key -> text as families get it).

    Turns a reviewed text stale when a hash of its review no longer fits: a K'iche' text, say, whose Spanish
    was edited.
    """
    return tuple(
        replace(entry, state=state_of(entry, english.get(entry.key, ""), spanish.get(entry.key, "")))
        for entry in entries
    )


def annotated(
    entries: Iterable[Entry], extracted: Mapping[str, tuple[str, ...]], references: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The entries with what a translator is told about each (key -> lines, key -> file), and nothing else."""
    return tuple(
        replace(
            entry,
            extracted=extracted.get(entry.key, ()),
            references=(references[entry.key],) if entry.key in references else (),
        )
        for entry in entries
    )


def template_bytes(entries: Iterable[Entry]) -> bytes:
    """messages.pot: every key with its English and no text, for tools that begin a new language."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    return write_messages(
        (Message(each.key, each.english, "", (), each.extracted, each.references) for each in ordered), None
    )
