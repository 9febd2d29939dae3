"""Which rights answers carry the word of a lawyer or accredited representative that still fits their words. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.engine.flow import Flow, Group
from bot.language import Language
from bot.scripts.fact import Fact
from bot.scripts.release import Release
from bot.wording.catalog import Catalog


def words_of(flow: Flow, catalogs: Mapping[Language, Catalog], facts: Mapping[str, Fact]) -> str:
    """A short hash of all that was approved: English, Spanish and the facts leaned on. Any change of them changes it."""
    parts = []
    for sentence in flow.sentences:
        spanish = catalogs[Language.ES].entry(sentence.key)
        parts += [sentence.key, sentence.english, spanish.text if spanish else "", sentence.fact or ""]
    for name in sorted({*flow.facts, *(s.fact for s in flow.sentences if s.fact)}):
        parts += [name, facts[name].says if name in facts else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def approved_flows(release: Release) -> frozenset[str]:
    """The rights flows whose approval fits what they say now."""
    return frozenset(
        flow.name
        for flow in release.script.flows.values()
        if flow.group is Group.RIGHTS
        and flow.approved_by
        and flow.approved_by.words == words_of(flow, release.catalogs, release.facts)
    )
