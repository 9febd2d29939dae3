"""A lawyer's word on a rights flow holds for the words that she read, and for no others."""

from __future__ import annotations

from bot import content
from bot.engine.flow import Approval, Script
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import approved_flows, words_of
from bot.wording.catalog import Catalog, Entry

RELEASE = content.load()


def test_an_approval_holds_until_a_word_or_a_fact_changes() -> None:
    flow = RELEASE.script.flows["home_visit"]
    words = words_of(flow, RELEASE.catalogs, RELEASE.facts)
    signed = replace(flow, approved_by=Approval("A test", "none", "2026-01-01", words))
    release = replace(RELEASE, script=Script.of({**RELEASE.script.flows, "home_visit": signed}))
    assert approved_flows(release) == {"home_visit"}
    assert approved_flows(RELEASE) == frozenset(), "nothing is approved that nobody approved"
    english = Catalog.of([Entry("home_visit.first.say", words, "Open the door.")], Language.EN)
    assert approved_flows(replace(release, catalogs={**RELEASE.catalogs, Language.EN: english})) == frozenset()
    entries = {
        **RELEASE.catalogs[Language.ES].entries,
        "home_visit.first.say": Entry("home_visit.first.say", "x", "Otra cosa."),
    }
    other_words = {**RELEASE.catalogs, Language.ES: Catalog.of(entries.values(), Language.ES)}
    changed_words = replace(release, catalogs=other_words)
    assert approved_flows(changed_words) == frozenset()
    fact = replace(RELEASE.facts["judge_warrant"], says="Something else.")
    assert approved_flows(replace(release, facts={**RELEASE.facts, "judge_warrant": fact})) == frozenset()
