"""/console/speaker: one text after the other, and what the server holds to: drafts stay drafts, doubts stay doubts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.change_answer import Said
from bot.wording.state import State
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.clients import Hand, hand

pytestmark = pytest.mark.slow

QUC, ES = Language.QUC, Language.ES
# Written already, urgent, and of attested words alone.
KEY, FLOW = "agents_here_now.first.say", "agents_here_now"
OTHER = "away_from_home.first.say"
ATTESTED = "Man kajuch' ta la ri wuj. Man katij ta la anim."


@pytest.fixture(scope="module", autouse=True)
def quick(console: Console) -> Iterator[None]:
    """The checks of the whole content cost seconds and find nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console.desk.releases, "_judge", lambda *_: ())
        patch.setattr(console.desk.changes, "_judge", lambda *_: ())
        yield


@pytest.fixture(scope="module")
def rosa(console: Console) -> Account:
    """A speaker of K'iche'."""
    made = console.account(Role.VOLUNTEER, name="Rosa Tzoc")
    console.desk.people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), made.id, "Nahualá", "")
    return made


@dataclass
class AtDesk:
    """Somebody at the page of a text."""

    hand: Hand
    key: str = KEY
    language: str = "quc"

    @property
    def path(self) -> str:
        return f"/speaker/{self.language}/{self.key}"

    def page(self, query: str = "") -> str:
        answer = self.hand.get(self.path + query)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)

    def form(self) -> dict[str, str]:
        page = self.page()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        name, text = re.findall(r'<textarea[^>]* name="(text\|[^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)[0]
        return {**{html.unescape(k): html.unescape(v) for k, v in hidden.items()}, name: html.unescape(text)}

    def press(
        self, act: str, text: str | None = None, shown: dict[str, str] | None = None, **more: str
    ) -> tuple[int, str]:
        form = dict(shown or self.form())
        name = next(each for each in form if each.startswith("text|"))
        form[name] = form[name] if text is None else text
        form.pop("csrf_token", None)
        answer = self.hand.post(self.path, **form, act=act, **more)
        return answer.status_code, answer.location or answer.get_data(as_text=True)


def said(console: Console, key: str = KEY, language: Language = QUC) -> Said:
    line = console.desk.changes.answer(key.partition(".")[0]).line(key)
    assert line
    return line.said[language]


def drop(console: Console, flow: str = FLOW) -> None:
    """Nothing is open of this answer any more."""
    opened = console.desk.changes.open_for(flow)
    if opened is not None:
        pia = console.viewer(console.account(Role.PUBLISHER))
        console.desk.changes.drop(pia, flow)


def test_the_list_is_what_misses_or_is_stale_urgent_first(console: Console, rosa: Account) -> None:
    page = hand(console, rosa).get("/speaker").get_data(as_text=True)
    listed = re.findall(r'href="/console/speaker/quc/([^?"]+)\?', page)
    first = re.findall(r'<li class="card">(.*?)</li>', page, re.DOTALL)
    assert listed and len(first) >= 10
    urgent = ["Respuesta urgente" in each for each in first]
    assert urgent == sorted(urgent, reverse=True), "the urgent ones come first"
    assert all("Todavía sin escribir" in each for each in first), "nothing is stale, and drafts are not in the way"
    assert KEY not in listed
    drafts = hand(console, rosa).get("/speaker?show=drafts").get_data(as_text=True)
    assert f"/console/speaker/quc/{KEY}?" in drafts
    assert re.search(r"\d+ de \d+ textos urgentes", page)


def test_the_others_stand_beside_it_with_words_that_help(console: Console, rosa: Account) -> None:
    page = AtDesk(hand(console, rosa)).page()
    assert "No abra: hable a través" in page and "Do not open" in page
    assert """<dt lang="quc">kajuch&#39;</dt>""" in page and "usted firma" in page
    assert "caracteres" in page and "La migra está aquí" in page


def test_what_is_saved_goes_into_the_open_change_and_the_next_text_comes(console: Console, rosa: Account) -> None:
    at, number = AtDesk(hand(console, rosa)), console.desk.releases.number()
    status, location = at.press("save", ATTESTED)
    assert status == 303 and "/console/speaker/quc/" in location and KEY not in location.partition("?")[0]
    now = said(console)
    assert (now.text, now.changing, now.state) == (ATTESTED, True, State.DRAFT) and now.by and now.by.id == rosa.id
    opened = console.desk.changes.open_for(FLOW)
    assert opened and opened.stage is Stage.DRAFT and console.desk.releases.number() == number
    assert f"/console/answers/{FLOW}" in hand(console, rosa).get("/speaker").get_data(as_text=True)
    drop(console)


def test_a_speakers_word_is_on_the_words_that_she_sees_and_goes_out_at_once(console: Console, rosa: Account) -> None:
    at, number = AtDesk(hand(console, rosa), OTHER), console.desk.releases.number()
    stale = {**at.form(), "seen-es": "1"}
    assert at.press("reviewed", shown=stale)[0] == 409 and console.desk.releases.number() == number
    assert at.press("reviewed")[0] == 303
    now = said(console, OTHER)
    assert now.state is State.REVIEWED and now.review and now.review.by == "Rosa Tzoc"
    assert console.desk.releases.number() == number + 1


def test_what_she_changed_and_says_is_right_goes_out_with_the_draft(console: Console, rosa: Account) -> None:
    at, number = AtDesk(hand(console, rosa)), console.desk.releases.number()
    assert at.press("reviewed", ATTESTED)[0] == 303
    now = said(console)
    assert (now.text, now.state) == (ATTESTED, State.REVIEWED) and console.desk.releases.number() == number
    drop(console)


def test_who_is_no_speaker_writes_drafts_and_says_nothing_of_them(console: Console) -> None:
    for role in (Role.VOLUNTEER, Role.PUBLISHER):
        at = AtDesk(hand(console, console.account(role)))
        page = at.page()
        assert 'value="reviewed"' not in page and "Solo quien está anotada como hablante" in page
        assert at.press("reviewed")[0] == 403
    assert said(console).state is State.DRAFT
    assert AtDesk(hand(console, console.account(Role.VOLUNTEER)), language="es").press("reviewed")[0] == 403


def test_a_doubt_is_kept_shown_and_never_counted_as_done(console: Console, rosa: Account) -> None:
    def done() -> int:
        page = hand(console, rosa).get("/speaker").get_data(as_text=True)
        found = re.search(r"(\d+) de \d+ textos urgentes", page)
        assert found
        return int(found[1])

    before, key = done(), "relative_just_taken.first.say"
    at = AtDesk(hand(console, rosa), key)
    assert at.press("unsure", note="¿Se dice así en Totonicapán?")[0] == 303
    assert done() == before - 1
    next_one = hand(console, console.account(Role.VOLUNTEER, name="Juan"))
    page = AtDesk(next_one, key).page()
    assert "Rosa Tzoc no estaba segura." in page and "Totonicapán" in page
    assert "Alguien no está segura" in next_one.get("/speaker").get_data(as_text=True)
    assert AtDesk(next_one, key).press("right")[0] == 303
    assert done() == before and "Juan lo resolvió." in AtDesk(next_one, key).page()


def test_what_she_typed_is_not_lost_with_a_doubt_or_a_note(console: Console, rosa: Account) -> None:
    at = AtDesk(hand(console, rosa), "some_danger.first.say")
    half = "We k'o xib'ib'al, sik'ij la $emergency_911."
    status, location = at.press("note", half, note="Falta la segunda parte.")
    assert status == 303 and "mine=1" in location
    assert html.escape(half, quote=False).replace("'", "&#39;") in at.page("?mine=1")
    assert "Falta la segunda parte." in at.page()
    assert at.press("note")[0] == 422


def test_a_field_that_is_none_is_refused_with_what_was_typed(console: Console, rosa: Account) -> None:
    at = AtDesk(hand(console, rosa), "some_danger.first.say")
    status, page = at.press("save", "Sik'ij la $no_such_line.")
    assert status == 422 and "$no_such_line" in page and 'aria-invalid="true"' in page
    assert at.press("save", "")[0] == 422
    assert at.press("save")[0] == 422, "nothing was changed"


def test_two_who_write_the_same_text_see_both(console: Console, rosa: Account) -> None:
    hers, his = AtDesk(hand(console, rosa)), AtDesk(hand(console, console.account(Role.VOLUNTEER, name="Juan")))
    shown = his.form()
    assert hers.press("save", ATTESTED)[0] == 303
    status, page = his.press("save", "Man katij ta la anim.", shown=shown)
    assert status == 409 and "Rosa Tzoc" in page and "Man katij ta la anim." in page
    assert said(console).text == ATTESTED
    drop(console)


def test_while_it_is_being_reviewed_what_she_types_is_kept_for_her(console: Console, rosa: Account) -> None:
    at, vera = AtDesk(hand(console, rosa)), console.viewer(console.account(Role.VOLUNTEER))
    shown = at.form()
    now = said(console)
    console.desk.changes.save(vera, FLOW, KEY, QUC, "Man katij ta la anim.", now.version, None)
    console.desk.changes.send(vera, FLOW)
    try:
        assert "readonly" in at.page() and 'value="save"' not in at.page()
        status, page = at.press("save", ATTESTED, shown={**shown, "show": "drafts"})
        assert status == 409 and ATTESTED.replace("'", "&#39;") in page
        assert console.desk.changes.autosaved(console.viewer(rosa), FLOW)[KEY, QUC].text == ATTESTED
    finally:
        drop(console)


def test_length_and_checks_come_while_she_types(console: Console, rosa: Account) -> None:
    at = AtDesk(hand(console, rosa))
    form = at.form()
    name = next(each for each in form if each.startswith("text|"))
    form.pop("csrf_token")
    short = at.hand.post(f"{at.path}/look", **{**form, name: ATTESTED}).get_data(as_text=True)
    long = at.hand.post(f"{at.path}/look", **{**form, name: ATTESTED * 9}).get_data(as_text=True)
    assert "Demasiado" in long and "Demasiado" not in short
    strange = at.hand.post(f"{at.path}/look", **{**form, name: "Xyzzy qwerty."}).get_data(as_text=True)
    assert "xyzzy" in strange.casefold()
    assert said(console).text != ATTESTED


def test_there_is_no_page_of_what_is_no_text(console: Console, rosa: Account) -> None:
    for path in ("/speaker/quc/menu.none.say", "/speaker/quc/x", f"/speaker/xx/{KEY}", "/speaker?language=xx"):
        assert hand(console, rosa).get(path).status_code == 404


def test_the_same_desk_serves_spanish_and_english(console: Console) -> None:
    vera = hand(console, console.account(Role.VOLUNTEER))
    for language in ("es", "en"):
        assert vera.get(f"/speaker?language={language}").status_code == 200
        assert AtDesk(vera, language=language).page()


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_its_looks(console: Console, visit: Visit, rosa: Account, width: int, language: str) -> None:
    console.desk.people.change_language(rosa.id, language)
    page = visit("/console/speaker", rosa, width=width, language=language)
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"speaker-{width}-{language}")
    page.goto(f"{console.address}/console/speaker/quc/{KEY}")
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"speaker-text-{width}-{language}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert sticks_out(page) == []


def test_by_keys_alone_from_one_text_to_the_next(console: Console, visit: Visit, rosa: Account) -> None:
    console.desk.people.change_language(rosa.id, "es")
    page = visit("/console/speaker", rosa)
    page.locator("a.button.primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/speaker/quc/**")
    first = page.url
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url(lambda url: url != first)
    second = page.url
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_url(lambda url: url != second)
    assert page.url == first
    box = page.locator("textarea[data-saved]")
    key = (box.get_attribute("name") or "").rsplit("|", 1)[1]
    box.focus()
    page.keyboard.type(ATTESTED)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: f"done={key}" in url)
    assert said(console, key).text == ATTESTED
    drop(console, key.partition(".")[0])


def test_keys_are_off_when_she_switched_them_off_and_buttons_work_without_a_script(
    console: Console, visit: Visit
) -> None:
    vera = console.account(Role.VOLUNTEER, name="Vera sin teclas")
    console.desk.people.change_account(console.person(vera.id), name="Vera", language="es", shortcuts=False, quiet="")
    page = visit(f"/console/speaker/quc/{KEY}", vera)
    before = page.url
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_timeout(300)
    assert page.url == before and "Ctrl+Enter" not in page.inner_text("main")
    plain = visit(f"/console/speaker/quc/{KEY}", vera, javascript=False, width=360)
    plain.fill("textarea[data-saved]", ATTESTED)
    plain.click("#save")
    assert said(console).text == ATTESTED and "Guardado en el borrador" in plain.content()
    drop(console)
