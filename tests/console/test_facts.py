"""The facts' pages without a browser: what a filter leaves, and a publisher who writes anew what a fact says."""

from __future__ import annotations

import re

import pytest

from bot.escalation.viewer import Role
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.tasks_scene import clear

_FACT = re.compile(r'id="fact-([a-z0-9_]+)"')
DOOR = "door_closed"
SAYS = "Nobody has to open the door, and a picture of a warrant is no warrant."


@pytest.fixture(autouse=True)
def nothing_said(console: Console) -> None:
    clear(console.desk)


def pia(console: Console) -> Hand:
    return hand(console, console.account(Role.PUBLISHER, name="Pia"))


def vera(console: Console) -> Hand:
    return hand(console, console.account(Role.VOLUNTEER, name="Vera"))


def listed(mine: Hand, asked: str) -> set[str]:
    return set(_FACT.findall(mine.get(f"/facts?due=all&{asked}").get_data(as_text=True)))


FILTERS = {
    "an answer": ("answer=home_visit", lambda each, flows: "home_visit" in flows),
    "a source": ("source=aclumaine.org", lambda each, flows: "aclumaine.org" in each.source),
    "no page": ("source=-", lambda each, flows: not each.source.startswith("http")),
    "read": ("known=seen", lambda each, flows: each.evidence == "seen"),
    "not read": ("known=recalled", lambda each, flows: each.evidence == "recalled"),
    "changing": ("known=volatile", lambda each, flows: each.volatile),
    "nobody keeps it": ("owner=-", lambda each, flows: not each.owner),
    "two at once": ("known=seen&answer=home_visit", lambda each, flows: each.checked and "home_visit" in flows),
    "nothing chosen": ("known=&source=&answer=&owner=", lambda each, flows: True),
}


@pytest.mark.parametrize(("asked", "right"), FILTERS.values(), ids=list(FILTERS))
def test_a_filter_leaves_those_that_fit(console: Console, asked: str, right) -> None:
    from bot.scripts.fact_renewal import due_facts

    viewer = console.viewer(console.account(Role.VOLUNTEER, name="Vera"))
    facts, release = console.desk.facts, console.desk.puente.conversation.release()
    every = due_facts(facts.facts(viewer), release.script.flows.values(), facts.today())
    fitting = {each.fact.name for each in every if right(each.fact, each.flows)}
    assert fitting and listed(vera(console), asked) == fitting


def test_what_nothing_fits_says_so_and_leads_on(console: Console) -> None:
    page = vera(console).get("/facts?due=changed&known=recalled").get_data(as_text=True)
    assert "Ningún dato de este grupo es como elegiste" in page and 'href="/console/facts?due=changed"' in page
    assert 'value="recalled" selected' in page
    # The groups keep what was chosen.
    assert "/console/facts?due=all&amp;known=recalled" in page
    assert "Ver todos los datos" in vera(console).get("/facts?due=changed").get_data(as_text=True)


def form(console: Console, **more: str) -> dict[str, str]:
    viewer = console.viewer(console.account(Role.PUBLISHER, name="Pia"))
    was = console.desk.facts.facts(viewer)[DOOR]
    said = {"was": was.says, "says": SAYS, "source": was.source, "source_date": "", "stands": "yes", "read": "yes"}
    return {**said, **more}


def test_a_publisher_writes_anew_what_a_fact_says(console: Console) -> None:
    mine, before = pia(console), console.desk.releases.number()
    assert "rewrite" in mine.get(f"/facts/{DOOR}").get_data(as_text=True)
    was = form(console)["was"]
    done = mine.post(f"/facts/{DOOR}/rewrite", **form(console))
    assert (done.status_code, done.location) == (303, f"/console/facts/{DOOR}")
    page = mine.get(f"/facts/{DOOR}").get_data(as_text=True)
    assert SAYS in page and was.replace("'", "&#39;") in page and "Pia lo escribió de nuevo" in page
    assert console.desk.releases.number() == before + 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"says": " "}, "Escribe lo que es cierto ahora"),
        ({"says": "x" * 401}, "demasiado largo"),
        ({"source": "un libro"}, "que empiece con https://"),
        ({"stands": ""}, "Di si las frases"),
        ({"read": ""}, "Abre la fuente"),
        ({"was": "Otra cosa."}, "cambió"),
    ],
    ids=["nothing", "too long", "no page", "not said whether it fits", "not read", "changed meanwhile"],
)
def test_a_form_that_is_not_whole_says_what_is_missing_and_keeps_what_was_typed(
    console: Console, more: dict[str, str], said: str
) -> None:
    before = console.desk.releases.number()
    answer = pia(console).post(f"/facts/{DOOR}/rewrite", **form(console, source_date="May 2026", **more))
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422) and said in page and 'value="May 2026"' in page
    assert console.desk.releases.number() == before


def test_a_volunteer_has_no_such_form_and_a_forged_one_is_refused(console: Console) -> None:
    assert "rewrite" not in vera(console).get(f"/facts/{DOOR}").get_data(as_text=True)
    assert vera(console).post(f"/facts/{DOOR}/rewrite", **form(console)).status_code == 403
    assert pia(console).post("/facts/no_such_fact/rewrite", **form(console)).status_code == 404
