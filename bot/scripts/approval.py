"""Which rights answers carry the word of a lawyer or accredited representative that still fits their words. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.engine.flow import Flow, Group
from bot.language import Language
from bot.scripts.fact import Fact
from bot.scripts.release import Release
from bot.wording.catalog import Catalog
from bot.wording.choose import text_for


def words_of(flow: Flow, catalogs: Mapping[Language, Catalog], facts: Mapping[str, Fact]) -> str:
    """A short hash of all that was approved: English, Spanish and the facts leaned on, with their figures. Any change of them changes it.

    The English is the one that families get: an override in the catalog is not covered by the word on what it replaced.
    """
    parts = []
    for sentence in flow.sentences:
        spanish = catalogs[Language.ES].entry(sentence.key)
        english = text_for(sentence.key, Language.EN, sentence.english, catalogs).text
        parts += [sentence.key, english, spanish.text if spanish else "", sentence.fact or ""]
    for name in fact_names(flow):
        parts += [name, facts[name].says if name in facts else ""]
        # The texts say them by their fields, so that a figure may change where no text does.
        parts += [f"{figure.name}={figure.value}" for figure in (facts[name].figures if name in facts else ())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def fact_names(flow: Flow) -> tuple[str, ...]:
    """Every fact that a flow leans on, in the order of their names."""
    return tuple(sorted({*flow.facts, *(sentence.fact for sentence in flow.sentences if sentence.fact)}))


def approved_flows(release: Release) -> frozenset[str]:
    """The rights flows whose approval fits what they say now."""
    return frozenset(
        flow.name
        for flow in release.script.flows.values()
        if flow.group is Group.RIGHTS
        and flow.approved_by
        and flow.approved_by.words == words_of(flow, release.catalogs, release.facts)
    )
