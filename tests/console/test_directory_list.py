"""The directory's pages without a browser's looks: who finds what, saving apart from confirming, what a forged form cannot do."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

from bot.escalation.viewer import Role
from bot.store.directory_flags import DirectoryFlags
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.directory_scene import ROMERO, cells, furnished, today
from tests.console.reading import text

__all__ = ["furnished"]
pytestmark = pytest.mark.slow

FORM = f"/directory/{ROMERO}"
_FIELD = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="(?P<name>[^"]+)"[^>]*>')


@pytest.fixture
def ana(furnished: Console) -> Hand:
    return hand(furnished, furnished.account(Role.VOLUNTEER, name="Ana Lucía"))


@pytest.fixture
def bea(furnished: Console) -> Hand:
    return hand(furnished, furnished.account(Role.PUBLISHER, name="Bea Caal"))


def marks(hers: Hand, path: str = FORM) -> str:
    """What the form says of how everything stood when it was opened."""
    found = re.search(r'name="marks" value="([^"]*)"', hers.get(path).text)
    assert found
    return unescape(found[1])


def save(hers: Hand, path: str = FORM, **form: str) -> object:
    form.setdefault("marks", marks(hers, path))
    return hers.post(path, on=path, **form)


def names(hers: Hand, query: str) -> list[str]:
    return [
        unescape(name) for name in re.findall(r'<a class="open"[^>]*>([^<]+)', hers.get(f"/directory?{quote(query, safe='=&')}").text)
    ]


@pytest.mark.parametrize(
    ("query", "found", "left"),
    [
        ("q=romero", "Centro Romero", "CARECEN DC"),
        ("q=ROMÉRO", "Centro Romero", "CARECEN DC"),
        ("q=508-5300", "Centro Romero", "CARECEN DC"),
        ("q=chicago", "Centro Romero", "CARECEN DC"),
        ("place=Illinois", "Centro Romero", "CARECEN DC"),
        ("place=IL", "Centro Romero", "CARECEN DC"),
        ("place=chicago&kind=legal", "Centro Romero", "CARECEN DC"),
        ("kind=after_school", "Centro Romero", "CARECEN DC"),
        ("language=cab", "Casa Yurumein", "Centro Romero"),
        ("state=held", "CARECEN SF", "Centro Romero"),
        ("age=never&q=r", "Centro Romero", "Nobody"),
        ("cost=unknown&q=romero", "Centro Romero", "CARECEN DC"),
    ],
)
def test_the_list_finds(ana: Hand, query: str, found: str, left: str) -> None:
    shown = names(ana, query)
    assert found in shown and left not in shown


def test_a_gap_is_told_as_one(ana: Hand) -> None:
    page = text(ana.get("/directory?kind=health&place=Iowa"))
    assert "No hay organizaciones en el directorio para salud en Iowa" in page and "hueco" in page
    assert "Nada corresponde" in text(ana.get("/directory?q=zzzz"))


def test_saving_does_not_confirm_and_confirming_does(ana: Hand, furnished: Console) -> None:
    save(ana, act="save", cost="gratis")
    assert cells(furnished)["cost"] == "gratis" and not cells(furnished)["phone_verified_on"]
    assert "confirmada: nunca" in text(ana.get(FORM))
    save(ana, act="confirm", how="call", which="phone")
    found = cells(furnished)
    assert (found["phone_verified_on"], found["phone_verified_by"], found["phone_verified_how"]) == (
        found["phone_verified_on"],
        "Ana Lucía",
        "call",
    )
    assert found["phone_verified_on"] <= today(furnished) and "confirmada: hoy" in text(ana.get(FORM))
    save(ana, act="save", cost="según ingresos")
    assert cells(furnished)["phone_verified_on"] == found["phone_verified_on"]


def test_after_90_days_it_appears_in_the_filter(ana: Hand, furnished: Console) -> None:
    def listed(age: str) -> bool:
        # Meanwhile every login has ended.
        again = hand(furnished, furnished.account(Role.VOLUNTEER, name="Ana Lucía"))
        return "Centro Romero" in names(again, f"age={age}&q=romero")

    save(ana, act="confirm", how="web", which="phone")
    assert not listed("old")
    furnished.advance(90 * 86_400)
    assert not listed("old")
    furnished.advance(86_400)
    assert listed("old") and not listed("never")
    furnished.advance(-91 * 86_400)


def test_a_changed_phone_loses_its_confirmation(ana: Hand, furnished: Console) -> None:
    save(ana, act="confirm", how="call", which="phone")
    save(ana, act="save", phone="773-508-5301", country="US")
    assert (cells(furnished)["phone"], cells(furnished)["phone_verified_on"]) == ("+17735085301", "")
    save(ana, act="save", phone="773-508-5300", country="US")


@pytest.mark.parametrize(
    "forged",
    [
        {"act": "save", "phone_verified_on": "2026-01-01", "phone_verified_by": "Otra", "phone_verified_how": "call"},
        {
            "act": "confirm",
            "how": "call",
            "verified_on": "2026-01-01",
            "day": "2026-01-01",
            "by": "Otra",
            "which": "phone",
        },
        {"act": "save", "assured_date": "2026-01-01", "assured_by": "Otra"},
        {"act": "save", "do_not_route": "nobody"},
        {"act": "save", "aa_member": "yes", "code": "x", "organization": "carecen_dc"},
    ],
    ids=["a confirmation", "another day", "an assurance", "a volunteer holds back", "what no form has"],
)
def test_a_forged_form_changes_nothing_of_that(ana: Hand, furnished: Console, forged: dict[str, str]) -> None:
    before = cells(furnished)
    save(ana, **forged)
    now = cells(furnished)
    changed = {name for name in now if now[name] != before[name]}
    assert changed <= {"phone_verified_on", "phone_verified_by", "phone_verified_how"}
    assert "Otra" not in now.values() and "2026-01-01" not in now.values()
    if forged["act"] == "save":
        assert not changed


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"phone": "773508530", "country": "US"}, "Este teléfono tiene 9 cifras; en Estados Unidos son 10."),
        ({"phone": "7761217", "country": "GT"}, "Este teléfono tiene 7 cifras; en Guatemala son 8."),
        ({"has_hours": "1", "mo_from": "9"}, "lunes: escribe cuándo abre y cuándo cierra."),
        ({"has_hours": "1", "mo_from": "9", "mo_to": "x"}, "lunes: estas horas no concuerdan."),
        ({"url": "javascript:alert(1)"}, "Escribe una dirección que empiece con https:// o http://."),
        ({"closed_from": "2026-12-24", "closed_until": "2026-12-20"}, "El último día está antes del primero."),
        ({"minimum_age": "x"}, "Escribe un número de 0 a 120."),
        ({"org_name": ""}, "Está vacío. Llénalo."),
        ({"act": "confirm"}, "Di cómo preguntaste"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    ana: Hand, furnished: Console, form: dict[str, str], said: str
) -> None:
    before = cells(furnished)
    answer = save(ana, **{"act": "save", "eligibility": "todas", **form})
    assert answer.status_code == 422 and said in text(answer)
    assert 'value="todas"' in answer.text and cells(furnished) == before


def test_both_values_of_a_conflict_are_shown_and_neither_is_lost(ana: Hand, bea: Hand, furnished: Console) -> None:
    hers = marks(ana)
    save(bea, act="save", cost="20 dólares", eligibility="todas")
    answer = save(ana, act="save", marks=hers, cost="cinco dólares", transportation="autobús 22")
    assert answer.status_code == 409
    page = text(answer)
    assert "cinco dólares" in page and "20 dólares" in page and "Otra persona cambió lo mismo" in page
    assert 'value="autobús 22"' in answer.text and 'value="cinco dólares"' in answer.text
    assert 'value="todas"' in answer.text, "what she had not touched is as it stands now"
    assert cells(furnished)["cost"] == "20 dólares"
    found = re.search(r'name="marks" value="([^"]*)"', answer.text)
    assert found
    again = save(
        ana,
        act="save",
        marks=unescape(found[1]),
        cost="cinco dólares",
        transportation="autobús 22",
        eligibility="todas",
    )
    assert again.status_code == 302
    assert (cells(furnished)["cost"], cells(furnished)["transportation"]) == ("cinco dólares", "autobús 22")


def test_mondays_hours_are_copied_without_javascript(ana: Hand) -> None:
    answer = save(ana, act="weekdays", has_hours="1", mo_from="9", mo_to="17", sa_closed="on", cost="algo")
    assert answer.status_code == 200 and 'value="algo"' in answer.text
    found = dict(re.findall(r'id="(\w\w_from)"[^>]*value="([^"]*)"', answer.text)) or dict(
        re.findall(r'name="(\w\w_from)" value="([^"]*)"', answer.text)
    )
    assert [found[f"{day}_from"] for day in ("mo", "tu", "we", "th", "fr", "sa")] == ["9"] * 5 + [""]


def test_old_hours_in_words_go_with_the_rows(ana: Hand, furnished: Console) -> None:
    save(ana, act="save", hours_es="lunes por la mañana")
    shown = {"hours_es": "lunes por la mañana", "hours_en": ""}
    save(ana, act="save", has_hours="1", tu_from="9", tu_to="17", **shown)
    assert (cells(furnished)["hours"], cells(furnished)["hours_es"]) == ("Tu 09:00-17:00", "")
    save(ana, act="save", has_hours="1", tu_from="9", tu_to="18", hours_es="solo con cita", hours_en="")
    assert cells(furnished)["hours_es"] == "solo con cita", "words that she wrote with them stay"


def test_a_place_for_some_only_and_papers_that_nobody_asks_for(ana: Hand, furnished: Console) -> None:
    form = {"has_who": "1", "who": "women only", "who_reason": "un refugio", "exclusions_were": "", "not_asked": "visa"}
    save(ana, act="save", documents="carta; acta", **form)
    found = cells(furnished)
    assert (found["exclusions"], found["not_asked"], found["documents"]) == (
        "women only: un refugio",
        "visa",
        "acta; carta",
    )
    save(ana, act="save", has_who="1", exclusions_were=found["exclusions"])
    assert not cells(furnished)["exclusions"]


def test_a_new_entry_and_its_twin(ana: Hand, furnished: Console) -> None:
    wrong = ana.post("/directory/new", on="/directory/new", org_name="", phone="123", country="US")
    assert wrong.status_code == 422 and "Elige al menos un tipo de ayuda" in text(wrong)
    done = ana.post(
        "/directory/new", on="/directory/new", org_name="Romero Center", has_service_terms="1", service_terms="legal",
        country="US", state="IL", city="Chicago", phone="773-508-5300", source_url="un volante", has_languages="1",
    )  # fmt: skip
    assert done.location.endswith("/directory/romero_center")
    page = text(ana.get("/directory/romero_center"))
    assert "Quizá la misma dos veces" in page and "Centro Romero" in page and "773-508-5300" in page
    assert cells(furnished, "romero_center")["phone_verified_on"] == ""


def test_pausing_and_opening_again(ana: Hand, furnished: Console) -> None:
    for state, status in (("paused", "inactive"), ("active", "active")):
        ana.post(f"{FORM}/state", on=FORM, state=state)
        assert cells(furnished)["status"] == status
    ana.post(f"{FORM}/state", on=FORM, state="nonsense")
    assert cells(furnished)["status"] == "active"


def test_what_families_say_is_shown_and_looked_after(ana: Hand, furnished: Console) -> None:
    desk = furnished.desk
    entry = desk.directory.entry(furnished.viewer(furnished.account(Role.VOLUNTEER)), ROMERO)
    for _ in range(2):
        DirectoryFlags(desk.engine, desk.redis).raise_flag(entry.records[0], desk.clock())
    assert "Las familias escribieron 2 veces" in text(ana.get(FORM))
    assert "Centro Romero" in names(ana, "age=flagged")
    ana.post(f"{FORM}/works", on=FORM)
    assert names(ana, "age=flagged") == []


def test_a_coordinator_reads_and_has_no_button(furnished: Console) -> None:
    carla = hand(furnished, furnished.account(Role.COORDINATOR))
    page = carla.get(FORM)
    assert page.status_code == 200 and 'value="save"' not in page.text and "Poner en pausa" not in page.text
    assert "Agregar una entrada" not in carla.get("/directory").text
    assert carla.post(FORM, cost="x").status_code == 403


def test_the_way_back(ana: Hand, furnished: Console) -> None:
    before = cells(furnished)["eligibility"]
    save(ana, act="save", eligibility="solo martes")
    page = ana.get(f"{FORM}/history")
    assert "solo martes" in text(page) and "Volver a esto" in text(page)
    numbers = re.findall(r'name="number" value="(\d+)"', page.text)
    newest = re.findall(r'name="newest" value="(\d+)"', page.text)[0]
    assert ana.post(f"{FORM}/back", on=f"{FORM}/history", number=numbers[0], newest="1").status_code == 302
    assert cells(furnished)["eligibility"] == "solo martes", "somebody else's step is not undone unseen"
    ana.post(f"{FORM}/back", on=f"{FORM}/history", number=numbers[0], newest=newest)
    assert cells(furnished)["eligibility"] == before


def test_nobody_is_found_under_another_name(ana: Hand) -> None:
    assert ana.get("/directory/nobody").status_code == 404
    assert ana.get("/directory/nobody/history").status_code == 404
    assert ana.get("/directory/export/pdf").status_code == 404
