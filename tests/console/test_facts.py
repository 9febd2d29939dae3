"""The facts' pages without a browser: what a filter leaves, and a publisher who writes anew what a fact says."""

from __future__ import annotations

import re

import pytest

from bot import content
from bot.engine.actions import Say
from bot.escalation.viewer import Role
from bot.language import Language
from bot.message import Channel
from bot.scripts.reply import renderer
from bot.session import Session
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


COURT, FIELD = "court_address", "$court_address_days"


def deadline(console: Console, days: str, figure: str) -> dict[str, str]:
    """The form with another deadline in the sentence, and another figure."""
    was = console.desk.facts.facts(console.viewer(console.account(Role.PUBLISHER, name="Pia")))[COURT]
    says = re.sub(r"\d+ working days", f"{days} working days", was.says)
    return form(console, was=was.says, says=says, source=was.source) | {"figure-days": figure}


def families_read(console: Console) -> dict[Language, str]:
    """The answer about moving as it is published, with the figures filled in."""
    release = content.release_of(console.desk.releases.current().sources)
    said = Say("address_change", "first")
    settings, now = console.desk.settings, console.desk.clock()
    return {
        each: " ".join(renderer(release, settings, Session(language=each), Channel.SMS, now).reply([said]).texts)
        for each in Language
    }


def test_the_page_of_a_fact_shows_its_figures_and_the_answers_that_say_them(console: Console) -> None:
    page = vera(console).get(f"/facts/{COURT}").get_data(as_text=True)
    (shown,) = re.findall(rf"<code>\{FIELD}</code></dt><dd>(.*?)</dd>", page)
    assert "<strong>5</strong>" in shown and ">Si me mudo</a>" in shown and "a mano" not in shown
    # A line of a menu has the number typed: somebody has to think of it.
    page = vera(console).get("/facts/mexico_refuge").get_data(as_text=True)
    (shown,) = re.findall(r"<code>\$mexico_refuge_days</code></dt><dd>(.*?)</dd>", page)
    assert "También está escrita a mano, y ahí hay que cambiarla cuando cambie: <a" in shown
    assert "<dt>Cifra" not in vera(console).get(f"/facts/{DOOR}").get_data(as_text=True)
    listed_ = vera(console).get("/facts?due=all").get_data(as_text=True)
    assert 'Cifras en las respuestas: 150 (<span lang="en">earliest days</span>), 120 (' in listed_


def test_a_publisher_changes_a_figure_and_families_read_it_in_every_language(console: Console) -> None:
    mine = pia(console)
    page = mine.get(f"/facts/{COURT}").get_data(as_text=True)
    assert re.search(r'name="figure-days"[^>]* value="5"', page)
    assert "Estas respuestas lo dicen desde entonces, en todos los idiomas: Si me mudo." in page
    before = families_read(console)
    assert mine.post(f"/facts/{COURT}/rewrite", **deadline(console, "7", "7")).status_code == 303
    assert "<strong>7</strong>" in mine.get(f"/facts/{COURT}").get_data(as_text=True)
    after = families_read(console)
    for language in Language:
        assert "5 " in before[language] and after[language] == re.sub(r"\b5 (dias|working)", r"7 \1", before[language])
        assert after[language] != before[language]
    assert console.desk.releases.history()[0].flows == ("address_change", "asylum"), "all that lean on the fact"


def test_whoever_changes_a_figure_is_told_where_it_still_stands_typed(console: Console) -> None:
    mine, name = pia(console), "mexico_refuge"
    was = console.desk.facts.facts(console.viewer(console.account(Role.PUBLISHER, name="Pia")))[name].says
    anew = form(console, was=was, says=was.replace("30 working", "45 working")) | {"figure-days": "45"}
    assert mine.post(f"/facts/{name}/rewrite", **anew).status_code == 303
    told = "El número de antes sigue escrito a mano en: Derechos en México. Cámbialo ahí."
    assert told in mine.get(f"/facts/{name}").get_data(as_text=True)
    again = form(console, was=anew["says"], says=anew["says"]) | {"figure-days": "45"}
    assert mine.post(f"/facts/{name}/rewrite", **again).status_code == 303
    assert "sigue escrito a mano" not in mine.get(f"/facts/{name}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("days", "figure"),
    [("9", "8"), ("9", ""), ("9", "nine"), ("nine", "9")],
    ids=["another number", "nothing", "no number", "a sentence in words"],
)
def test_a_figure_that_the_sentence_does_not_say_is_told_at_its_field(console: Console, days: str, figure: str) -> None:
    before = console.desk.releases.number()
    answer = pia(console).post(f"/facts/{COURT}/rewrite", **deadline(console, days, figure))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "La frase de arriba no dice este número" in page
    assert f"{days} working days" in page and re.search(rf'name="figure-days"[^>]* value="{figure}"', page)
    assert 'href="#figure-days"' in page and 'id="figure-days-error"' in page
    assert console.desk.releases.number() == before


def test_who_reads_in_spanish_is_told_that_facts_stand_in_english(console: Console) -> None:
    told = "déjalo para otra persona"
    assert told in vera(console).get(f"/facts/{DOOR}").get_data(as_text=True)
    english = hand(console, console.account(Role.VOLUNTEER, name="Vera", language="en"))
    assert "leave it to somebody else" not in english.get(f"/facts/{DOOR}").get_data(as_text=True)
