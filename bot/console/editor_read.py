"""An answer as it stands in what is being changed: the release that families get, with the saved texts of its open draft."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct

from bot import content
from bot.console.desk import desk
from bot.console.editor_view import Text, Texts
from bot.engine.flow import Flow
from bot.scripts.change import Opened, Stage
from bot.scripts.change_answer import Answer, Said
from bot.scripts.release import Release
from bot.store.change_errors import NoSuchAnswer

# Of so many answers what was read is kept while somebody types: each keystroke asks for it again.
_MOST = 16


class Reading(Struct, frozen=True):
    """``release`` holds the open draft. ``texts``: every text of the answer, by key and language."""

    answer: Answer
    texts: Texts

    @property
    def flow(self) -> Flow:
        """The answer itself, with the steps of the draft."""
        return self.answer.flow

    @property
    def release(self) -> Release:
        """What families would get."""
        return self.answer.release

    @property
    def opened(self) -> Opened | None:
        """The open draft."""
        return self.answer.opened

    @property
    def locked(self) -> bool:
        """Whether somebody is looking at the draft: it is taken back first, then written on."""
        return self.opened is not None and self.opened.stage is Stage.REVIEW


_READ: OrderedDict[str, tuple[str, Opened | None, Reading]] = OrderedDict()


def read(flow: str) -> Reading | None:
    """The answer of that name; None where there is none, neither published nor as a draft."""
    changes = desk().changes
    mark, opened = changes.releases.mark(), changes.open_for(flow)
    known = _READ.get(flow)
    if known is not None and known[:2] == (mark, opened) and known[2].opened == opened:
        return known[2]
    try:
        answer = changes.answer(flow)
    except NoSuchAnswer:
        return None
    reading = Reading(
        answer, {(line.key, said.language): _text(said) for line in answer.lines for said in line.said.values()}
    )
    _READ[flow] = (mark, opened, reading)
    _READ.move_to_end(flow)
    while len(_READ) > _MOST:
        _READ.popitem(last=False)
    return reading


def published() -> Release:
    """What families get: as the changes stand on it, also while this process has not yet taken it up for its own answers."""
    return content.release_of(desk().releases.current().sources)


def _text(said: Said) -> Text:
    return Text(
        said.text,
        said.state,
        said.version,
        said.published,
        said.by.name if said.by else "",
        said.at,
        since=said.stale.since if said.stale else None,
        overtaken=bool(said.stale and said.stale.meaning),
        asks=said.asks,
        theirs=said.conflict.theirs if said.conflict else "",
    )
