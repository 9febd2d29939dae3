"""A former version of an answer as a new draft of it. It goes the way of every draft; nothing is deleted."""

from __future__ import annotations

from bot import content
from bot.escalation.viewer import Viewer
from bot.scripts.change_answer import ORDER
from bot.scripts.change_applied import texts_of_flow
from bot.scripts.change_yaml import flow_path
from bot.store.change_errors import NoSuchAnswer, NothingChanged
from bot.store.changes import Changes
from bot.store.errors import StoreError


class DraftThere(StoreError):
    """Somebody is changing this answer already: that comes to an end first."""

    def __init__(self) -> None:
        super().__init__("there is a draft of this answer already")


def bring_back(changes: Changes, viewer: Viewer, flow: str, number: int) -> None:
    """Begins a draft of the answer as release ``number`` has it: its steps, and its texts in every language.

    Where steps differ it takes a publisher, else ``NotYours``. Raises DraftThere, NoSuchAnswer, NothingChanged, ReleaseDamaged.
    """
    if changes.open_for(flow) is not None:
        raise DraftThere
    stored = changes.releases.stored(number)
    then = content.release_of(stored.sources, changes.root, stored.released)
    found = then.script.flows.get(flow)
    if found is None:
        raise NoSuchAnswer
    file = stored.sources[flow_path(found.name, found.group)].decode()
    now, version = changes.steps_of(flow)
    if file != now:
        changes.save_flow(viewer, flow, file, version)
    texts, wrote = texts_of_flow(then, flow), file != now
    for line in changes.answer(flow).lines:
        for language in ORDER:
            said, former = line.said[language], texts.get(line.key, {}).get(language, "")
            if former and former != said.text:
                changes.save(viewer, flow, line.key, language, former, said.version)
                wrote = True
    if not wrote:
        raise NothingChanged
