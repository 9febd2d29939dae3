"""What is published reaches families at once; a step is finished on the release that it began with; a withdrawn answer goes to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask

from bot.escalation.viewer import Role, Viewer
from bot.session import LONGEST_TRAIL, Session, Spot, Under, from_dict, to_dict
from bot.store.current_content import CurrentContent
from bot.store.releases import Releases
from tests.phone import Phone

pytestmark = pytest.mark.slow

LUZ, EVA = (Viewer(number, name, frozenset({Role.PUBLISHER})) for number, name in ((1, "Luz"), (2, "Eva")))
MENU, TPS, HOME = "flows/conversation/menu.yml", "flows/rights/tps.yml", "flows/rights/home_visit.yml"
LAWYER, CHILDREN = (
    b"{label: lawyer, flow: services_legal}\n      4",
    b"{label: children, flow: children_topics}\n      5",
)


class Desk:
    """Somebody who publishes, and the web that answers. The checks, which cost seconds, find nothing."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.puente = app.extensions["puente"]()
        self.content: CurrentContent = self.puente.content
        real = self.puente.releases
        self.releases = Releases(real.engine, real._key, real.clock, real.root, judge=lambda *_: ())

    def publish(self, edit: Callable[[bytes], bytes] = bytes, path: str = MENU, **files: bytes | None) -> None:
        """Publishes the current release with this file edited, and lets the web look."""
        current = self.releases.current()
        sources = {**current.sources, path: edit(current.sources[path])}
        self.put({name: data for name, data in sources.items() if files.get(name, data) is not None})

    def put(self, sources: Mapping[str, bytes]) -> None:
        self.releases.publish(LUZ, sources, (), "", self.releases.number())
        self.content.look()

    def phone(self, channel: str = "sms") -> Phone:
        return Phone(self.app.test_client(), channel)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def swapped(menu: bytes) -> bytes:
    """The menu, lawyer and children changed for one another."""
    assert b"flow: services_legal}\n      4: {label: children, flow: children_topics}" in menu
    return menu.replace(
        b"3: {label: lawyer, flow: services_legal}\n      4: {label: children, flow: children_topics}",
        b"3: {label: children, flow: children_topics}\n      4: {label: lawyer, flow: services_legal}",
    )


def test_what_is_published_is_said_and_undone_is_said_no_more(desk: Desk) -> None:
    def menu() -> tuple[str, str]:
        phone = desk.phone()
        return phone.send("menu"), phone.explain["release"]

    before, first = menu()
    desk.publish(
        lambda po: po.replace("¿Qué necesita?".encode(), "¿Qué le hace falta?".encode()),
        "locales/es/LC_MESSAGES/answers.po",
    )
    after, second = menu()
    assert "le hace falta" in after and "le hace falta" not in before
    desk.releases.undo(LUZ)
    desk.content.look()
    assert menu() == (before, first) and second != first


def test_a_digit_means_what_stood_beside_it(desk: Desk) -> None:
    phone, later = desk.phone(), desk.phone()
    phone.send("menu")
    desk.publish(swapped)
    phone.send("3")
    assert phone.explain["flow"] == "services_legal", "3 was the lawyer in the menu that she sees"
    later.send("menu")
    later.send("3")
    assert later.explain["flow"] == "children_topics"


def test_also_two_releases_later_and_in_another_process(desk: Desk, make_app: Callable[..., Flask]) -> None:
    phone = desk.phone()
    phone.send("menu")
    desk.publish(swapped)
    desk.publish(lambda menu: menu + b"# again\n")
    again = Desk(make_app())
    again.content.look()
    phone.client = again.app.test_client()
    phone.send("3")
    assert phone.explain["flow"] == "services_legal"


def test_after_a_wrong_digit_the_new_menu_stands_there(desk: Desk) -> None:
    def turned(menu: bytes) -> bytes:
        two = b"2: {label: lawyer, flow: services_legal}\n      3: {label: counseling, flow: services_counseling}"
        assert two in menu
        return menu.replace(
            two, b"2: {label: counseling, flow: services_counseling}\n      3: {label: lawyer, flow: services_legal}"
        )

    phone = desk.phone()
    phone.send("menu")
    phone.send("7")
    desk.publish(turned)
    assert "2 " in phone.send("8") and phone.explain["step"] == "digit_unknown"
    phone.send("2")
    assert phone.explain["flow"] == "services_counseling"


def test_words_alone_do_not_change_what_a_digit_means(desk: Desk) -> None:
    phone = desk.phone()
    phone.send("menu")
    desk.publish(lambda menu: menu.replace(b"What do you need?", b"What is it?"))
    desk.content.releases._former.clear()
    phone.send("3")
    assert phone.explain["flow"] == "services_legal"


def test_a_way_that_is_gone_says_that_the_place_is_lost(desk: Desk) -> None:
    phone = desk.phone()
    phone.send("menu")
    phone.send("6")
    current = desk.releases.current().sources
    menu = current[MENU].replace(b"      8: {label: other rights, go: papers}\n", b"")
    papers, status = menu.index(b"  papers:\n"), menu.index(b"  life:\n")
    desk.put({**current, MENU: menu[:papers] + menu[status:]})
    said = phone.send("8")
    assert phone.explain["flow"] == "lost_place" and "1 " in said


def test_a_step_that_is_gone_is_still_heard(desk: Desk) -> None:
    phone = desk.phone()
    for text in ("menu", "6", "8"):
        phone.send(text)
    current = desk.releases.current().sources
    menu = current[MENU].replace(b"      8: {label: other rights, go: papers}\n", b"")
    papers, status = menu.index(b"  papers:\n"), menu.index(b"  life:\n")
    desk.put({**current, MENU: menu[:papers] + menu[status:]})
    phone.send("1")
    assert phone.explain["flow"] == "court_hearing"


def test_under_a_release_that_nobody_knows_a_digit_is_never_guessed(desk: Desk) -> None:
    phone = desk.phone()
    phone.send("menu")
    desk.publish(swapped)
    desk.content.releases._former.clear()
    phone.send("3")
    assert phone.explain["flow"] == "lost_place"
    phone.send("3")
    assert phone.explain["flow"] == "children_topics", "the menu that stands there now"


def test_a_word_is_heard_all_the_same_when_the_release_is_not_known(desk: Desk) -> None:
    phone = desk.phone()
    phone.send("menu")
    desk.publish(swapped)
    desk.content.releases._former.clear()
    phone.send("la migra esta en mi puerta")
    assert phone.explain["flow"] == "agents_here_now"


WAY_TO_HOME = ("menu", "6", "1")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("word", ["ESPAÑOL", "ENGLISH", "K'ICHE'"])
def test_a_withdrawn_answer_goes_to_nobody(desk: Desk, channel: str, word: str) -> None:
    phone, former = desk.phone(channel), desk.phone(channel)
    for each in (phone, former):
        each.send(word)
    for text in WAY_TO_HOME:
        answer = former.send(text)
    desk.releases.withdraw(LUZ, "home_visit", "a wrong word")
    desk.content.look()
    for text in WAY_TO_HOME:
        said = phone.send(text)
    corrected = "corrected" if word == "ENGLISH" else "corrigiendo"
    assert corrected in said and "911" in said and said != answer
    assert phone.explain["flow"] == "home_visit"
    phone.send("1")
    assert phone.explain["flow"] == "menu", "a way back"
    # Who waits inside of it comes to the same words.
    assert corrected in former.send("1")


def test_of_an_urgent_answer_the_safe_minimum_stays(desk: Desk) -> None:
    desk.releases.withdraw(LUZ, "agents_here_now", "a wrong word")
    desk.content.look()
    said = desk.phone().send("la migra esta en mi puerta")
    for word in ("911", "silencio", "No firme", "persona", "1 ", "2 "):
        assert word in said, said


def test_a_stored_answer_is_not_sent_again(desk: Desk) -> None:
    phone = desk.phone()
    phone.send("menu")
    phone.send("6")
    form = phone.form("1")
    first = phone.post(form).data
    assert phone.post(form).data == first
    desk.releases.withdraw(LUZ, "home_visit", "")
    desk.content.look()
    again = phone.post(form).data.decode()
    assert "corrigiendo" in again and again != first.decode()


def test_a_withdrawal_holds_in_every_release_and_ends_with_two(desk: Desk) -> None:
    desk.releases.withdraw(LUZ, "home_visit", "")
    desk.publish(swapped)
    desk.content.look()

    def asked() -> str:
        phone = desk.phone()
        for text in WAY_TO_HOME:
            said = phone.send(text)
        return said

    assert "corrigiendo" in asked()
    assert not desk.releases.restore(LUZ, "home_visit") and not desk.releases.restore(LUZ, "home_visit")
    desk.content.look()
    assert "corrigiendo" in asked()
    assert desk.releases.restore(EVA, "home_visit")
    desk.content.look()
    assert "corrigiendo" not in asked()


def test_who_waits_at_the_notice_is_not_lost_when_the_answer_goes_out_again(desk: Desk) -> None:
    desk.releases.withdraw(LUZ, "home_visit", "")
    desk.content.look()
    phone = desk.phone()
    for text in WAY_TO_HOME:
        phone.send(text)
    desk.releases.restore(LUZ, "home_visit")
    desk.releases.restore(EVA, "home_visit")
    desk.content.look()
    phone.send("2")
    assert phone.explain["flow"] == "human"


def test_it_stays_withdrawn_when_sql_is_gone_and_the_web_starts_again(
    desk: Desk, make_app: Callable[..., Flask]
) -> None:
    desk.publish(swapped)
    desk.releases.withdraw(LUZ, "home_visit", "")
    desk.content.look()
    desk.content.close()
    desk.puente.engine.dispose()
    data = desk.puente.settings.data_dir
    for file in data.glob("puente.db*"):
        file.unlink()
    again = make_app()
    for file in data.glob("puente.db*"):
        file.unlink()
    (data / "puente.db").mkdir()
    phone = Phone(again.test_client())
    for text in WAY_TO_HOME:
        said = phone.send(text)
    assert "corrigiendo" in said
    phone.send("menu")
    phone.send("3")
    assert phone.explain["flow"] == "children_topics", "the published menu"


def test_readyz_tells_of_a_damaged_release_and_families_are_answered(desk: Desk) -> None:
    desk.publish(swapped)
    assert desk.app.test_client().get("/readyz").json["answers"] is True  # type: ignore[index]
    with desk.releases.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE releases SET seal = 'x' WHERE number = 1")
    desk.content.look()
    told = desk.app.test_client().get("/readyz")
    assert told.status_code == 200 and told.json["answers"] == "release 1 is damaged: the seal does not fit"  # type: ignore[index]
    phone = desk.phone()
    phone.send("menu")
    phone.send("3")
    assert phone.explain["flow"] == "children_topics", "what was published, in memory"


def test_a_session_is_small_and_reads_what_it_wrote() -> None:
    """The largest that there is: a way back of five steps, names as long as they come."""
    from bot import content

    release = content.load()
    spots = sorted(
        (Spot(f.name, s) for f in release.script.flows.values() for s in f.steps), key=lambda s: -len(s.flow + s.step)
    )
    session = Session(
        at=spots[0], trail=tuple(spots[1 : 1 + LONGEST_TRAIL]), under=Under(release.number, "0" * 8), known=True
    )
    kept: dict[str, Any] = to_dict(session)
    assert from_dict(json.loads(json.dumps(kept))) == session
    assert len(json.dumps(kept)) <= 600
