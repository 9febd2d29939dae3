"""Invitations and people: a link that works once, who may let whom in, and that an admin of the network always stays."""

from __future__ import annotations

import re
import threading
from html import unescape

import pytest

from bot.escalation.viewer import Role
from bot.store.errors import NotYours
from bot.store.people import LastAdmin
from tests.console.browsing import NORTE, PASSWORD, SUR, Account, Console
from tests.console.clients import Hand, hand

DAY = 24 * 3600


@pytest.fixture
def network(console: Console) -> Account:
    """The admin of the whole network."""
    return console.account(Role.ADMIN, organization=None)


@pytest.fixture
def admin_of_norte(console: Console) -> Account:
    return console.account(Role.ADMIN, organization=NORTE)


_NUMBERS = iter(range(100))


def _invite(hers: Hand, **form: object) -> tuple[str, str]:
    """The mail address of somebody new, and the path of her link."""
    email = f"nueva.{next(_NUMBERS)}@example.org"
    asked = {"email": email, "name": "Lucía Tzoc", "role": ["volunteer"], "organization": NORTE, **form}
    answer = hers.post("/people/invite", on="/people/invite", **asked)
    found = re.search(r"/console(/invitation/[\w-]+)", unescape(answer.text))
    assert found, answer.text
    return email, found[1]


def _accept(path: str, visitor: Hand, **form: object) -> object:
    return visitor.post(path, on=path, **{"name": "Lucía Tzoc", "password": PASSWORD, "language": "es", **form})


def test_a_link_works_once(console: Console, network: Account) -> None:
    email, path = _invite(hand(console, network))
    visitor = hand(console)
    assert email in visitor.get(path).text
    assert _accept(path, visitor).status_code == 302 and visitor.is_in()
    late = hand(console)
    second = late.get(path)
    assert second.status_code == 410 and "Ya se usó" in second.text and "/console/login" in second.text
    forged = late.client.post(f"/console{path}", data={"csrf_token": late.token("/login"), "password": PASSWORD})
    assert forged.status_code == 410
    assert late.post("/login", on="/login", email=email, password=PASSWORD).location == "/console/"


def test_of_two_who_press_together_one_gets_the_account(console: Console, network: Account) -> None:
    email, path = _invite(hand(console, network))
    visitors = [hand(console), hand(console)]
    tokens = [each.token(path) for each in visitors]
    passwords = ["la primera de las dos", "la segunda de las dos"]
    answers: list[int] = []

    def press(number: int) -> None:
        form = {"csrf_token": tokens[number], "name": "Lucía", "password": passwords[number], "language": "es"}
        answers.append(visitors[number].client.post(f"/console{path}", data=form).status_code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 410]
    assert sum(each.is_in() for each in visitors) == 1


def test_a_link_is_over_after_seven_days(console: Console, network: Account) -> None:
    _, path = _invite(hand(console, network))
    console.advance(7 * DAY + 1)
    answer = hand(console).get(path)
    assert answer.status_code == 410 and "siete días" in answer.text


@pytest.mark.parametrize("act", ["again", "back"])
def test_a_link_that_was_replaced_or_taken_back_opens_nothing(console: Console, network: Account, act: str) -> None:
    hers = hand(console, network)
    email, path = _invite(hers)
    viewer = console.viewer(network)
    (id,) = [each.id for each in console.desk.invitations.open(viewer) if each.email == email]
    answer = hers.post(f"/people/invitations/{id}/{act}", on="/people")
    assert hand(console).get(path).status_code == 410
    if act == "again":
        (newer,) = re.findall(r"/console(/invitation/[\w-]+)", unescape(answer.text))
        assert _accept(newer, hand(console)).status_code == 302


def test_an_unknown_link_says_nothing_of_anybody(console: Console) -> None:
    answer = hand(console).get("/invitation/nobody-ever-sent-this")
    assert answer.status_code == 404 and "@" not in answer.text


def test_sql_has_no_word_of_a_link(console: Console, network: Account) -> None:
    _, path = _invite(hand(console, network))
    assert console.desk.invitations.find(path.removeprefix("/invitation/")) is not None
    word = path.removeprefix("/invitation/").encode()
    files = [file for file in console.folder.rglob("*") if file.is_file() and "puente.db" in file.name]
    assert files and not any(word in file.read_bytes() for file in files)


def test_who_will_see_conversations_sets_up_the_second_step_first(console: Console, network: Account) -> None:
    _, path = _invite(hand(console, network), role=["responder"])
    visitor = hand(console)
    _accept(path, visitor)
    assert visitor.get("/").location == "/console/set-up"
    assert visitor.get("/inbox").location == "/console/set-up"
    page = visitor.get("/set-up").text
    letters = re.search(r'class="secret">([^<]+)', page)
    assert letters and "data:image/svg+xml;base64," in page
    from passlib.totp import TOTP

    code = TOTP(letters[1].replace(" ", "")).generate().token
    assert visitor.post("/set-up", on="/set-up", code="000000").status_code == 422
    codes = re.findall(r"<li><code>([^<]+)", visitor.post("/set-up", on="/set-up", code=code).text)
    assert len(codes) == 10
    assert visitor.get("/inbox").status_code == 200
    assert codes[0] not in visitor.get("/account").text, "shown once"


@pytest.mark.parametrize("password", ["corta", "nueva@example.org-1", "aaaaaaaaaaaa", "Puente-2026!"])
def test_a_weak_password_is_refused_and_the_link_stays_good(console: Console, network: Account, password: str) -> None:
    email, path = _invite(hand(console, network))
    chosen = email if "@" in password else password
    assert _accept(path, hand(console), password=chosen).status_code == 422
    assert _accept(path, hand(console)).status_code == 302


WRONG = {
    "no mail": {"email": "ana"},
    "no name": {"name": " "},
    "a number as a name": {"name": "+1 312 555 0100"},
    "no role": {"role": []},
    "a role that is none": {"role": ["queen"]},
    "who answers families without an organization": {"role": ["responder"], "organization": ""},
}


@pytest.mark.parametrize("name", WRONG)
def test_an_invitation_that_cannot_be_says_why(console: Console, network: Account, name: str) -> None:
    form = {"email": "x@example.org", "name": "Lucía", "role": ["volunteer"], "organization": NORTE, **WRONG[name]}
    answer = hand(console, network).post("/people/invite", on="/people/invite", **form)
    assert answer.status_code == 422 and 'id="summary"' in answer.text


def test_who_has_an_account_is_not_invited_again(console: Console, network: Account) -> None:
    form = {"email": network.email.upper(), "name": "Lucía", "role": ["volunteer"], "organization": NORTE}
    assert hand(console, network).post("/people/invite", on="/people/invite", **form).status_code == 422


def test_a_link_for_a_new_password_leads_past_no_second_step(console: Console, network: Account) -> None:
    responder = console.account(Role.RESPONDER, name="Marta Caal")
    open_page = hand(console, responder)
    answer = hand(console, network).post(f"/people/{responder.id}/password-link", on="/people")
    (path,) = re.findall(r"/console(/invitation/[\w-]+)", unescape(answer.text))
    visitor = hand(console)
    assert visitor.post(path, on=path, password="otra frase larga y nueva").location == "/console/login"
    assert not visitor.is_in() and not open_page.is_in()
    answer = visitor.post("/login", on="/login", email=responder.email, password="otra frase larga y nueva")
    assert answer.location == "/console/second-step"


def test_an_admin_of_an_organization_looks_after_hers_alone(
    console: Console, admin_of_norte: Account, network: Account
) -> None:
    hers = hand(console, admin_of_norte)
    here, there = console.account(Role.VOLUNTEER), console.account(Role.RESPONDER, organization=SUR)
    page = hers.get("/people").text
    assert here.email in page and there.email not in page and network.email not in page
    for other in (there, network):
        assert hers.get(f"/people/{other.id}").status_code == 404
        for act in ("roles", "deactivate", "activate", "password-link"):
            assert hers.post(f"/people/{other.id}/{act}", on="/people", role=["admin"]).status_code == 404
    assert console.person(there.id).active and console.person(network.id).active
    email, path = _invite(hers, organization=SUR)
    found = console.desk.invitations.find(path.removeprefix("/invitation/"))
    assert found is not None and found.organization == NORTE, "she has no other to give"
    for path in ("/organizations/sur", "/organizations/new", "/templates/new"):
        assert hers.get(path).status_code == 404


def test_other_roles_end_the_open_pages(console: Console, network: Account) -> None:
    somebody = console.account(Role.VOLUNTEER, name="Sara Choc")
    open_page = hand(console, somebody)
    hers = hand(console, network)
    assert hers.post(f"/people/{somebody.id}/roles", on="/people", role=["publisher"]).status_code == 302
    assert console.person(somebody.id).roles == {Role.PUBLISHER}
    assert not open_page.is_in()


def test_a_closed_account_opens_nothing(console: Console, network: Account) -> None:
    somebody = console.account(Role.VOLUNTEER, name="Sonia Pop")
    open_page, hers = hand(console, somebody), hand(console, network)
    hers.post(f"/people/{somebody.id}/deactivate", on="/people")
    assert not open_page.is_in()
    assert hand(console).log_in(somebody).status_code == 422, "as a wrong password"
    hers.post(f"/people/{somebody.id}/activate", on="/people")
    assert hand(console).log_in(somebody).status_code == 302


def test_the_last_admin_of_the_network_stays(console: Console, network: Account, admin_of_norte: Account) -> None:
    people, viewer = console.desk.people, console.viewer(network)
    for other in people.all(viewer):
        if Role.ADMIN in other.roles and other.organization is None and other.id != network.id and other.active:
            people.deactivate(viewer, other.id)
    with pytest.raises(LastAdmin):
        people.deactivate(viewer, network.id)
    with pytest.raises(LastAdmin):
        people.change_roles(viewer, network.id, frozenset({Role.VOLUNTEER}))
    answer = hand(console, network).post(f"/people/{network.id}/deactivate", on="/people")
    assert answer.status_code == 422 and console.person(network.id).active
    people.deactivate(viewer, admin_of_norte.id)
    people.activate(viewer, admin_of_norte.id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_the_store_itself_refuses_who_is_no_admin(console: Console, role: Role) -> None:
    viewer = console.viewer(console.account(role))
    desk = console.desk
    acts = (
        lambda: desk.people.all(viewer),
        lambda: desk.people.one(viewer, viewer.user),
        lambda: desk.people.deactivate(viewer, viewer.user),
        lambda: desk.people.change_roles(viewer, viewer.user, frozenset({Role.ADMIN})),
        lambda: desk.invitations.invite(viewer, "x@example.org", "X", NORTE, frozenset({Role.ADMIN})),
        lambda: desk.invitations.open(viewer),
        lambda: desk.invitations.renew_password(viewer, viewer.user),
    )
    for act in acts:
        with pytest.raises(NotYours):
            act()
