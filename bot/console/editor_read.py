"""An answer as it stands in what is being changed: the release that families get, with the saved texts of its open draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.console.desk import desk
from bot.console.editor_view import ORDER, Text, Texts
from bot.engine.flow import Flow
from bot.language import Language
from bot.scripts.release import Release
from bot.wording.state import State, state_of


@dataclass(frozen=True, slots=True)
class Reading:
    """``release`` holds the draft; ``open``: somebody has begun to change the answer."""

    flow: Flow
    release: Release
    texts: Texts
    open: bool = False
    state: str = "published"
    hands: tuple[str, ...] = ()
    changed: int | None = None
    note: str = ""
    remark: str = ""


def read(flow: str) -> Reading | None:
    release = desk().puente.conversation.release()
    found = release.script.flows.get(flow)
    if found is None:
        return None
    texts = {}
    for s in found.sentences:
        for l in ORDER:
            e = release.catalogs[l].entry(s.key)
            en, es = (release.catalogs[o].entry(s.key) for o in (Language.EN, Language.ES))
            said = en.text if en and en.text else s.english
            text = e.text if e else ""
            if l is Language.EN and not text:
                text = s.english
            texts[s.key, l] = Text(text, state_of(e, said, es.text if es else "") if e else State.DRAFT, 0, text)
    return Reading(found, release, texts)
