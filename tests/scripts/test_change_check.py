"""What the editor is told of one flow is what ``content check`` says of it, nothing more and nothing less."""

from __future__ import annotations

import pytest

from bot import content
from bot.scripts.accepted import judged, read_accepted
from bot.scripts.change_check import findings_of, judged_flow
from bot.scripts.finding import Severity
from bot.settings import REPOSITORY
from bot.wording.kiche import load_words
from tests.scripts.small import INTENTS, KICHE, SHIPPED, Small
from tests.scripts.test_faults import FAULTS

# Of the whole content, or of the directory: nobody who writes on this answer can mend them.
_ELSEWHERE = ("facts.yml", "directory/", "accepted.yml")
ALL_INTENTS = content.load_intents(REPOSITORY / "nlu" / "intents.yml")
WORDS = load_words(REPOSITORY / "locales" / "quc" / "words.csv")
ACCEPTED = read_accepted(content.read_yaml(REPOSITORY / "flows" / "accepted.yml"))


@pytest.mark.parametrize("fault", sorted(FAULTS), ids=lambda fault: fault.replace(" ", "-"))
def test_every_fault_of_a_flow_is_told_where_it_is_edited(fault: str) -> None:
    small = Small()
    FAULTS[fault][0](small)
    release, whole = small.release(), small.found()
    for flow in ("home", "danger", "harm", "services_near"):
        if flow not in release.script.flows:
            continue
        mine = [each for each in whole if _is_of(each.where, flow) and not each.file.endswith(_ELSEWHERE)]
        mine = [each for each in mine if not each.file.startswith("directory/")]
        told = set(findings_of(release, flow, small.intents, KICHE))
        assert set(mine) <= told, "the editor is not told"
        assert {each for each in told if _is_of(each.where, flow)} <= set(whole), "the editor is told more"


def _is_of(where: str, flow: str) -> bool:
    return where == flow or where.startswith(f"{flow}.")


@pytest.mark.parametrize("flow", ["home_visit", "services_legal", "self_harm", "menu", "notices", "notario_fraud"])
def test_nothing_is_to_mend_in_what_is_shipped(flow: str) -> None:
    told = judged_flow(SHIPPED.release, flow, ALL_INTENTS, WORDS, ACCEPTED)
    assert told.open == () and told.errors == ()
    whole = [each for each, _ in SHIPPED.judged.accepted if _is_of(each.where, flow)]
    assert {each for each, _ in told.accepted} >= set(whole)


def test_what_blocks_is_told_from_what_warns() -> None:
    small = Small()
    small.es["home.first.say"] = ""
    small.step("home")["choices"][1]["label"] = "a line that is much too long for it"
    told = judged_flow(small.release(), "home", INTENTS, KICHE, ())
    assert [each.rule.name for each in told.errors] == ["no Spanish"]
    assert {each.severity for each in told.open} == {Severity.ERROR, Severity.WARNING}
    assert all(each.rule.why and each.mend for each in told.open)
    assert judged((), ()).open == ()
