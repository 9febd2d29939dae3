"""The editor's server: who may write, what a form does, two people at once, and what is never lost. Its looks: the tests in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.console.editor_difference import ADDED, REMOVED, SAME, difference
from bot.console.editor_form import parse_name
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from tests.console.browsing import Console
from tests.console.clients import hand
from tests.console.editing import CARD, FLOW, SAY, Editor, editor

pytestmark = pytest.mark.slow

ES, EN, QUC = Language.ES, Language.EN, Language.QUC
OTHERS = (Role.RESPONDER, Role.COORDINATOR, Role.ADMIN)
NEW = "Hable con la puerta cerrada y no abra."


@pytest.fixture
def luis(console: Console) -> Iterator[Editor]:
    """A volunteer. Her draft is thrown away after the test."""
    yield editor(console, console.account(Role.VOLUNTEER, name="Luis"))
    publisher = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    for opened in console.desk.changes.all():
        console.desk.changes.drop(publisher, opened.flow)
    for name in ("Luis", "Sara"):
        viewer = console.viewer(console.account(Role.VOLUNTEER, name=name))
        for key, language in console.desk.changes.autosaved(viewer, FLOW):
            console.desk.changes.forget_typed(viewer, key, language)


@pytest.fixture
def sara(console: Console) -> Editor:
    return editor(console, console.account(Role.VOLUNTEER, name="Sara"))


def editor_of(someone: Editor, flow: str) -> Editor:
    return Editor(someone.hand, flow)


PAGES = ("/answers", f"/answers/{FLOW}")
POSTS = tuple(
    f"/answers/{FLOW}{rest}"
    for rest in ("", "/preview", "/autosave", "/forget", "/send", "/take-back", "/drop", "/clash")
)


@pytest.mark.parametrize("role", OTHERS)
def test_whoever_does_not_write_answers_is_refused(console: Console, role: Role) -> None:
    someone = hand(console, console.account(role, organization=None if role is Role.ADMIN else "norte"))
    assert [someone.get(path).status_code for path in PAGES] == [403, 403]
    name = f"text|es|1|{SAY}"
    assert {
        path: someone.post(path, **{name: "x", "name": name, "text": "x"}).status_code for path in POSTS
    } == dict.fromkeys(POSTS, 403)
    assert console.desk.changes.open_for(FLOW) is None


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PUBLISHER])
def test_volunteers_and_publishers_write(console: Console, luis: Editor, role: Role) -> None:
    someone = editor(console, console.account(role, name="Marta" if role is Role.PUBLISHER else "Luis"))
    assert someone.save({(SAY, ES): NEW}).status_code == 303
    assert someone.text(SAY, ES) == NEW


def test_without_the_token_of_the_page_nothing_is_saved(console: Console, luis: Editor) -> None:
    name = luis.name(SAY, ES)
    answer = luis.hand.client.post(f"/console/answers/{FLOW}", data={name: NEW, "step": "first"})
    assert answer.status_code == 400
    assert console.desk.changes.open_for(FLOW) is None


@pytest.mark.parametrize(
    "name",
    [
        f"text|fr|1|{SAY}",
        f"text|es|one|{SAY}",
        "text|es|1|",
        f"text|es|1|{CARD.replace('home_visit', 'car_stop')}",
        "text|es|1|home_visit.nowhere.say",
        f"words|es|1|{SAY}",
    ],
)
def test_a_field_that_the_page_does_not_have_is_passed_over(console: Console, luis: Editor, name: str) -> None:
    assert luis.hand.post(f"/answers/{FLOW}", **{name: NEW, "step": "first"}).status_code == 303
    assert console.desk.changes.all() == ()


def test_only_what_was_typed_is_saved(console: Console, luis: Editor) -> None:
    luis.save({(SAY, ES): NEW})
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None
    assert opened.places == ((SAY, ES),)
    assert "Lo guardó Luis" in luis.page()


def test_nothing_typed_saves_nothing(console: Console, luis: Editor) -> None:
    assert luis.save({}).status_code == 303
    assert console.desk.changes.open_for(FLOW) is None


def test_a_changed_meaning_makes_the_other_languages_stale_and_still_right_clears_only_one(
    console: Console, luis: Editor
) -> None:
    """Item 18 of the checklist."""
    luis.save({(SAY, ES): NEW}, meaning="yes")
    assert luis.page().count(f'name="right|en|{SAY}"') == luis.page().count(f'name="right|quc|{SAY}"') == 1
    assert f'name="right|es|{SAY}"' not in luis.page()
    luis.save({}, **{f"right|en|{SAY}": "1"})
    page = luis.page()
    assert f'name="right|en|{SAY}"' not in page and f'name="right|quc|{SAY}"' in page


def test_the_same_in_other_words_leaves_the_others_as_they_are(luis: Editor) -> None:
    luis.save({(SAY, ES): NEW}, meaning="no")
    page = luis.page()
    assert f'name="right|en|{SAY}"' not in page and f'name="right|quc|{SAY}"' not in page


def test_who_did_not_say_whether_the_meaning_changed_is_asked_and_cannot_send(console: Console, luis: Editor) -> None:
    assert luis.save({(SAY, ES): NEW}, meaning="").status_code == 303
    assert luis.text(SAY, ES) == NEW, "it is saved all the same"
    assert f'id="meaning-es-{SAY.replace(".", "-")}" data-asked="1"' in luis.page()
    refused = luis.hand.post(f"/answers/{FLOW}/send", note="x")
    assert refused.status_code == 422 and f'href="#text-es-{SAY.replace(".", "-")}"' in refused.get_data(as_text=True)
    luis.save({}, **{f"meaning|es|{SAY}": "no"})
    assert luis.hand.post(f"/answers/{FLOW}/send", note="x").status_code == 303
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.REVIEW


def _quc(console: Console) -> str:
    line = console.desk.changes.answer(FLOW).line(SAY)
    assert line is not None
    return line.said[QUC].text


def test_kiche_with_an_error_does_not_hold_the_spanish_back(console: Console, luis: Editor) -> None:
    """It stays as families get it, and what was written is kept where speakers see it."""
    former = luis.text(SAY, QUC)
    luis.save({(SAY, ES): NEW, (SAY, QUC): "Xyzzy man rajawaxik taj."})
    luis.save({}, **{f"meaning|es|{SAY}": "no", f"meaning|quc|{SAY}": "no"})
    refused = luis.hand.post(f"/answers/{FLOW}/send", note="Más corto")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and 'name="aside"' in page and 'value="Más corto"' in page
    assert _quc(console) == "Xyzzy man rajawaxik taj.", "nothing is set aside before she says so"
    assert luis.hand.post(f"/answers/{FLOW}/send", note="Más corto", aside="yes").status_code == 303
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.REVIEW and opened.note == "Más corto"
    assert {language for _, language in opened.places} == {ES} and _quc(console) == former
    viewer = console.viewer(console.account(Role.VOLUNTEER, name="Luis"))
    assert any("Xyzzy man rajawaxik taj." in each.text for each in console.desk.text_notes.of(viewer, SAY, QUC))


def test_an_error_in_spanish_is_not_set_aside(console: Console, luis: Editor) -> None:
    luis.save({(SAY, ES): "Llame al 1-800-555-0100.", (SAY, QUC): "Xyzzy."})
    luis.save({}, **{f"meaning|es|{SAY}": "no", f"meaning|quc|{SAY}": "no"})
    for aside in ("", "yes"):
        refused = luis.hand.post(f"/answers/{FLOW}/send", note="x", aside=aside)
        assert refused.status_code == 422 and 'name="aside"' not in refused.get_data(as_text=True)
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.DRAFT and _quc(console) == "Xyzzy."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("Llame a $nobody ya.", "$nobody", id="a field that is none"),
        pytest.param("", "", id="no Spanish left"),
    ],
)
def test_what_cannot_be_saved_stays_typed_and_says_why(console: Console, luis: Editor, text: str, why: str) -> None:
    answer = luis.save({(SAY, ES): text})
    page = answer.get_data(as_text=True)
    field = SAY.replace(".", "-")
    assert answer.status_code == 422 and why in page
    assert f'<a href="#text-es-{field}">' in page, "the summary links to the field"
    assert f'aria-describedby="state-es-{field} error-es-{field} checks-es-{field}" aria-invalid="true"' in page
    assert luis.fields(page)[luis.name(SAY, ES)] == text
    assert console.desk.changes.open_for(FLOW) is None


def test_two_people_in_two_languages_both_stay(luis: Editor, sara: Editor) -> None:
    """Item 19, first half: neither sees the other's page, and nobody is asked anything."""
    of_luis, of_sara = luis.fields(), sara.fields()
    assert luis.save({(SAY, ES): NEW}, of_luis).status_code == 303
    assert sara.save({(SAY, EN): "Keep the door closed."}, of_sara).status_code == 303
    assert (luis.text(SAY, ES), luis.text(SAY, EN)) == (NEW, "Keep the door closed.")


def _clash(luis: Editor, sara: Editor) -> tuple[str, str]:
    """Both write the same text: Sara's page, and the name of the field with which she settles it."""
    of_luis, of_sara = luis.fields(), sara.fields()
    luis.save({(SAY, ES): "De Luis: no abra la puerta."}, of_luis)
    answer = sara.save({(SAY, ES): "De Sara: no abra a nadie.", (f"{FLOW}.first.choice.1", ES): "el papel"}, of_sara)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    return page, page.split('name="name" value="')[1].split('"')[0]


def test_two_people_in_the_same_text_see_both_and_nothing_is_lost(luis: Editor, sara: Editor) -> None:
    """Item 19, second half."""
    page, _ = _clash(luis, sara)
    assert "De Luis: no abra la puerta." in page and "De Sara: no abra a nadie." in page
    assert "<ins>" in page and "<del>" in page and "El de Luis" in page
    assert luis.text(SAY, ES) == "De Luis: no abra la puerta."
    assert luis.text(f"{FLOW}.first.choice.1", ES) == "el papel", "what clashes with nothing is saved"
    assert "De Sara: no abra a nadie." in sara.fields(sara.page("?mine=1")).values(), (
        "hers is kept until she has chosen"
    )


@pytest.mark.parametrize(
    ("choose", "text"),
    [
        ("mine", "De Sara: no abra a nadie."),
        ("theirs", "De Luis: no abra la puerta."),
        ("joined", "No abra la puerta a nadie."),
    ],
)
def test_whoever_came_second_chooses(luis: Editor, sara: Editor, choose: str, text: str) -> None:
    _, name = _clash(luis, sara)
    form = {
        "name": name,
        "mine": "De Sara: no abra a nadie.",
        "joined": "No abra la puerta\n\na nadie.",
        "meaning": "no",
    }
    assert sara.hand.post(f"/answers/{FLOW}/clash", **form, choose=choose, step="first").status_code == 303
    assert luis.text(SAY, ES) == sara.text(SAY, ES) == text
    assert "De Sara: no abra a nadie." not in sara.fields(sara.page("?mine=1")).values() or choose == "mine"


def test_a_third_text_meanwhile_is_a_new_conflict(luis: Editor, sara: Editor) -> None:
    _, name = _clash(luis, sara)
    luis.save({(SAY, ES): "De Luis otra vez: no abra."})
    form = {"name": name, "mine": "De Sara: no abra a nadie.", "meaning": "no"}
    answer = sara.hand.post(f"/answers/{FLOW}/clash", **form, choose="mine", step="first")
    assert answer.status_code == 409 and "De Luis otra vez: no abra." in answer.get_data(as_text=True)


def test_what_is_typed_is_kept_for_her_alone_and_offered(console: Console, luis: Editor, sara: Editor) -> None:
    """Item 20: she comes back after a crash."""
    name = luis.name(SAY, ES)
    assert luis.hand.post(f"/answers/{FLOW}/autosave", name=name, text="A medio escri").status_code == 204
    assert "mine=1" in luis.page() and "mine=1" not in sara.page()
    assert luis.text(SAY, ES) != "A medio escri", "it is offered, not taken for saved"
    assert luis.fields(luis.page("?mine=1"))[name] == "A medio escri"
    assert console.desk.changes.open_for(FLOW) is None
    assert luis.hand.post(f"/answers/{FLOW}/forget").status_code == 303
    assert "mine=1" not in luis.page()


def test_what_is_typed_over_an_older_text_clashes_when_it_is_saved(luis: Editor, sara: Editor) -> None:
    name = sara.name(SAY, ES)
    sara.hand.post(f"/answers/{FLOW}/autosave", name=name, text="De Sara, a medias")
    luis.save({(SAY, ES): NEW})
    fields = sara.fields(sara.page("?mine=1"))
    assert fields[name] == "De Sara, a medias"
    assert sara.save({}, fields).status_code == 409


def test_what_is_typed_back_to_what_it_was_is_not_kept(luis: Editor) -> None:
    name, text = luis.name(SAY, ES), luis.text(SAY, ES)
    luis.hand.post(f"/answers/{FLOW}/autosave", name=name, text="Otra cosa")
    luis.hand.post(f"/answers/{FLOW}/autosave", name=name, text=text)
    assert "mine=1" not in luis.page()


@pytest.mark.parametrize("name", ["", "text|es|1|car_stop.first.say", f"text|xx|1|{SAY}"])
def test_only_texts_of_this_answer_are_kept(luis: Editor, name: str) -> None:
    assert luis.hand.post(f"/answers/{FLOW}/autosave", name=name, text="x").status_code == 400


def test_without_a_script_the_phone_is_shown_and_nothing_saved(console: Console, luis: Editor) -> None:
    answer = luis.save({(SAY, ES): "Así se vería."}, press="es.whatsapp")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Así se vería." in page.split('id="phone-first"')[1].split("</aside>")[0]
    assert luis.fields(page)[luis.name(SAY, ES)] == "Así se vería.", "what was typed still stands in its field"
    assert console.desk.changes.open_for(FLOW) is None


def test_the_preview_has_phone_costs_and_checks_of_what_is_typed(luis: Editor) -> None:
    fields = {name: text for name, text in luis.fields().items() if f"|{FLOW}.first." in name}
    fields[luis.name(SAY, ES)] = "Marque 1-800-555-0199 " + "😀" * 60
    page = luis.hand.post(f"/answers/{FLOW}/preview", **fields, step="first", look="es.sms").get_data(as_text=True)
    assert 'id="phone-first"' in page and "Marque 1-800-555-0199" in page
    assert 'hx-swap-oob="innerHTML:#cost-first-es"' in page and '<bdi class="letter">😀</bdi>' in page
    assert "El número 1-800-555-0199 está escrito a mano" in page


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        pytest.param("(773) 508-5300", "$tel_centro_romero_7fd56443", id="the number of an organization"),
        pytest.param("1-800-203-7001", "$orr", id="the number of a line"),
        pytest.param("https://locator.ice.gov/", "$locator", id="an address"),
        pytest.param("Centro Romero", "$org_centro_romero_7fd56443", id="the name of an organization"),
    ],
)
def test_what_is_typed_in_place_of_a_field_is_told_with_the_field(
    luis: Editor, language: Language, typed: str, field: str
) -> None:
    fields = {name: text for name, text in luis.fields().items() if f"|{FLOW}.first." in name}
    fields[luis.name(SAY, language)] = f"A {typed} B."
    page = luis.hand.post(f"/answers/{FLOW}/preview", **fields, step="first", look="es.sms").get_data(as_text=True)
    beside = page.split(f"#checks-{language}-{SAY.replace('.', '-')}")[1].split('hx-swap-oob="')[0]
    assert f"Inserta {field} en su lugar." in beside and f'data-by="{field}"' in beside


def test_organizations_can_be_inserted_and_are_shown_by_their_name(luis: Editor) -> None:
    page = luis.page()
    assert '<option value="$org_centro_romero_7fd56443">Centro Romero (' in page
    assert '<option value="$tel_centro_romero_7fd56443">Centro Romero: 773-508-5300 (' in page
    assert re.search(r'<option value="\$read_ice_home_entry_memo">\d\d/\d\d/\d{4}: ', page), "a fact that it leans on"
    assert "$read_asylum_fees" not in page, "another one"
    assert "Consulado General de México en Los Ángeles" not in page, "an office of a government"
    fields = {name: text for name, text in luis.fields().items() if f"|{FLOW}.first." in name}
    fields[luis.name(SAY, ES)] = "Pregunte en $org_centro_romero_7fd56443."
    shown = luis.hand.post(f"/answers/{FLOW}/preview", **fields, step="first", look="es.sms").get_data(as_text=True)
    assert "Pregunte en Centro Romero." in shown.split('id="phone-first"')[1].split("</aside>")[0]
    assert "no siempre está" in shown, "the answer itself needs what is always there"


@pytest.mark.parametrize(
    ("language", "typed", "instead"),
    [(ES, "en 10 días", "$uscis_address_days días"), (EN, "in 10 days", "$uscis_address_days days")],
)
def test_a_figure_that_is_typed_is_told_with_its_field(luis: Editor, language: Language, typed: str, instead: str) -> None:
    moved, key = editor_of(luis, "address_change"), "address_change.court.say"
    fields = {name: text for name, text in moved.fields().items() if "|address_change.court." in name}
    fields[moved.name(key, language)] = f"A {typed} B, $court_address_days."
    page = luis.hand.post("/answers/address_change/preview", **fields, step="court", look=f"{language}.sms").get_data(
        as_text=True
    )
    beside = page.split(f"#checks-{language}-{key.replace('.', '-')}")[1].split('hx-swap-oob="')[0]
    assert "está escrito a mano, y un dato de esta respuesta dice ese número" in beside
    assert f"Inserta {instead} en su lugar." in beside and f'data-by="{instead}"' in beside
    shown = page.split('id="phone-court"')[1].split("</aside>")[0]
    assert f"A {typed.replace('í', 'i')} B, 5." in shown, "the other figure by its field, as an SMS arrives"


def test_the_figures_of_the_facts_that_an_answer_leans_on_can_be_inserted(luis: Editor) -> None:
    page = editor_of(luis, "address_change").page()
    assert re.search(r'<option value="\$court_address_days">5: Each person reports a move', page)
    assert re.search(r"<code>\$uscis_address_days</code> = 10", page), "beside the fact itself"
    assert "$permit_wait_days" not in page, "another answer's"
    assert "_days" not in luis.page(), "home_visit leans on no figure"


def test_the_reading_level_is_a_hint_beside_spanish_and_english(luis: Editor) -> None:
    page = luis.page()
    beside = {
        each: page.split(f'id="checks-{each}-{SAY.replace(".", "-")}">')[1].split("</div>")[0] for each in Language
    }
    assert "años de escuela" in beside[ES] and "un año de escuela" in beside[EN] and "escuela" not in beside[QUC]
    label = page.split(f'id="checks-es-{FLOW}-first-choice-1">')[1].split("</div>")[0]
    assert "level" not in label, "a choice is a few words"
    hard = "Las notificaciones administrativas jurisdiccionales deberán presentarse. " * 6
    assert luis.save({(SAY, ES): hard}).status_code == 303, "a hint, and never a stop"
    assert "Se lee como un texto de universidad" in luis.page()


def test_in_danger_no_number_of_an_organization_is_offered(luis: Editor) -> None:
    page = editor_of(luis, "danger_now").page()
    assert "$org_centro_romero_7fd56443" in page and "$tel_centro_romero_7fd56443" not in page


def test_in_review_nothing_is_saved_until_it_is_taken_back(console: Console, luis: Editor, sara: Editor) -> None:
    luis.save({(SAY, ES): NEW})
    luis.hand.post(f"/answers/{FLOW}/send", note="Más corto")
    fields = luis.fields()
    answer = luis.save({(SAY, ES): "Tarde"}, fields)
    assert answer.status_code == 409 and "Tarde" in answer.get_data(as_text=True)
    assert sara.hand.post(f"/answers/{FLOW}/take-back").status_code == 403, "she did not write it"
    assert luis.hand.post(f"/answers/{FLOW}/take-back").status_code == 303
    assert luis.save({(SAY, ES): "A tiempo"}).status_code == 303


def test_only_who_began_it_or_a_publisher_throws_a_draft_away(console: Console, luis: Editor, sara: Editor) -> None:
    luis.save({(SAY, ES): NEW})
    assert "/drop" in luis.page() and "/drop" not in sara.page()
    assert sara.hand.post(f"/answers/{FLOW}/drop").status_code == 403
    assert luis.hand.post(f"/answers/{FLOW}/drop").status_code == 303
    assert luis.text(SAY, ES) != NEW


def test_nothing_is_sent_where_nothing_was_changed(luis: Editor) -> None:
    assert luis.hand.post(f"/answers/{FLOW}/send").status_code == 303
    assert "Enviado" not in luis.page()


def test_an_answer_that_there_is_not(luis: Editor) -> None:
    assert luis.hand.get("/answers/nothing_like_it").status_code == 404


def test_kiche_stands_in_its_language(luis: Editor) -> None:
    page = luis.page()
    assert '<textarea id="text-quc-home_visit-first-say"' in page
    assert all(
        'lang="quc"' in each.split(">")[0] for each in page.split("<textarea")[1:] if "text|quc|" in each.split(">")[0]
    )


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("text|es|12|a.b.say", ("a.b.say", ES, 12)),
        ("text|quc|0|a.title", ("a.title", QUC, 0)),
        ("text|es|-1|a.b.say", None),
        ("text|de|1|a.b.say", None),
        ("text|es|1", None),
        ("meaning|es|1|a", None),
    ],
)
def test_names_of_fields(name: str, parsed: object) -> None:
    assert parse_name(name) == parsed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("uno dos", "uno dos"),
        ("uno dos tres", "uno tres"),
        ("uno", "uno dos"),
        ("a b c", "x y"),
        ("uno  dos", "uno dos"),
    ],
)
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    runs = difference(before, after)
    assert " ".join(run.text for run in runs if run.kind in (SAME, REMOVED)).split() == before.split()
    assert " ".join(run.text for run in runs if run.kind in (SAME, ADDED)).split() == after.split()


def test_a_difference_shows_words_that_belong_together_as_one() -> None:
    runs = [(run.kind, run.text.strip()) for run in difference("No abra la puerta a nadie", "No abra a nadie, nunca")]
    assert runs == [
        (SAME, "No abra"),
        (REMOVED, "la puerta"),
        (SAME, "a"),
        (REMOVED, "nadie"),
        (ADDED, "nadie, nunca"),
    ]
