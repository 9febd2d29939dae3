"""The door under attack: forms of elsewhere, sessions prepared for somebody else, guessing, and what an answer's work tells."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, func, select

from bot.console.sessions import PATH
from bot.console.typed import SWITCH
from bot.escalation.viewer import Role
from bot.store import passwords
from bot.store.base import Base
from tests.attacks.guesses import MOST, Guesser
from tests.attacks.routes import READING, routes
from tests.attacks.things import Things
from tests.console.browsing import NORTE, PASSWORD, Account, Console
from tests.console.clients import Hand, hand

pytestmark = pytest.mark.slow

GET_WRITES = {
    # What somebody looked at, for the audit and for who else is there; in which language, and her filters of the inbox.
    "users", "console_sessions", "audit", "meta",
}  # fmt: skip


@pytest.fixture
def everything(console: Console) -> Hand:
    return hand(console, console.account(*Role, organization=NORTE, name="Puerta"))


def _rows(console: Console) -> dict[str, int]:
    with console.desk.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_no_form_takes_the_token_of_another_session(console: Console, things: Things, everything: Hand) -> None:
    other = hand(console, console.account(*Role, organization=NORTE, name="Otra"))
    visitors = hand(console).token("/login")
    tokens = {"another person's": other.token(), "a visitor's": visitors, "her own of another login": ""}
    tokens["her own of another login"] = hand(
        console, console.account(*Role, organization=NORTE, name="Puerta")
    ).token()
    writing = [each for each in routes(console.app) if each.method not in READING and each.of_console]
    paths = {route: route.path(things.of(route, NORTE)) for route in writing}
    before, wrong = _rows(console), []
    for number, (route, path) in enumerate(paths.items()):
        tries = {whose: {"data": {"csrf_token": token}} for whose, token in tokens.items()}
        tries["another's, with the switch"] = {"data": {"csrf_token": tokens["another person's"], SWITCH: "en form"}}
        tries["a made-up header"] = {"headers": {"X-CSRFToken": "x" * 91}}
        # Another person's everywhere, and one of the others in turn.
        for whose in ("another person's", list(tries)[1 + number % (len(tries) - 1)]):
            sent = tries[whose]
            status = everything.client.open(path, method=route.method, **sent).status_code
            if status != 400:
                wrong.append(f"{route} with {whose}: {status}")
    assert not wrong, "\n".join(wrong)
    assert _rows(console) == before
    assert everything.is_in()


def test_opening_a_page_changes_nothing(console: Console, things: Things, everything: Hand) -> None:
    """What a picture or a link on a page of elsewhere makes a browser open."""
    reading = [each for each in routes(console.app) if each.method == "GET" and each.of_console][::3]
    paths = [route.path(things.of(route, NORTE)) for route in reading]
    before = _contents(console)
    for path in paths:
        everything.client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).close()
    after = _contents(console)
    assert {name for name in before if before[name] != after[name]} <= GET_WRITES
    assert everything.is_in()


def _contents(console: Console) -> dict[str, list[str]]:
    with console.desk.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)))) for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT", "LOCK", "\u00d1"])
def test_no_other_method_does_anything(console: Console, things: Things, everything: Hand, method: str) -> None:
    for route in routes(console.app)[::7]:
        answer = everything.client.open(route.path(things.of(route, NORTE)), method=method)
        assert answer.status_code in (400, 401, 403, 404, 405), f"{method} {route.rule}: {answer.status_code}"


def test_a_word_known_before_a_step_of_the_login_is_worth_nothing_after_it(console: Console) -> None:
    """Fixation: whoever put a cookie into her browser, or read it on the way, is not let in with it later."""
    hers = console.account(Role.RESPONDER, organization=NORTE, name="Fija")
    planted = hand(console)
    planted.get("/login")
    victim = hand(console)
    victim.client.set_cookie("console", planted.word or "", path="/")
    words = [victim.word]
    victim.log_in(hers)
    words.append(victim.word)
    assert victim.post("/second-step", on="/second-step", code=hers.code).status_code == 302 and victim.is_in()
    words.append(victim.word)
    assert victim.post("/confirm", on="/confirm", password=PASSWORD).status_code == 302
    new = "otra frase bastante larga y nueva"
    assert victim.post("/account/password", password=PASSWORD, new=new).status_code == 302 and victim.is_in()
    now = victim.word
    assert now not in words and len(set(words)) == 3
    for word in words:
        thief = hand(console)
        thief.client.set_cookie("console", word or "", path="/")
        assert not thief.is_in()
    victim.post("/logout")
    late = hand(console)
    late.client.set_cookie("console", now or "", path="/")
    assert not late.is_in(), "a cookie kept over the logout"


def test_who_is_given_another_role_logs_in_anew(console: Console) -> None:
    hers = console.account(Role.VOLUNTEER, organization=NORTE, name="Nueva")
    before = hand(console, hers)
    boss = hand(console, console.account(Role.ADMIN, organization=NORTE))
    boss.post(f"/people/{hers.id}/roles", role="publisher")
    assert not before.is_in()


@pytest.fixture(scope="module")
def guesser(console: Console) -> Guesser:
    return Guesser(console, seed=5)


GUESSES = 40


@pytest.mark.parametrize("way", Guesser.ways(Guesser.__new__(Guesser)))
def test_an_hour_of_guessing_reaches_an_account_a_few_times(console: Console, guesser: Guesser, way: str) -> None:
    target = console.account(
        Role.RESPONDER, organization=NORTE, name=f"Meta {chr(65 + list(guesser.ways()).index(way))}"
    )
    told = guesser.hour(way, target, GUESSES)
    assert told.tried == GUESSES and told.passed, told
    # Five in 15 minutes; of the first ones the hour's edge lets one round more.
    assert 0 < told.reached <= 25 < MOST, told


class Counted:
    """The hasher, and how often it worked."""

    def __init__(self, own: object) -> None:
        self.own, self.done = own, 0

    def verify(self, hash: str, password: str) -> bool:
        self.done += 1
        return self.own.verify(hash, password)  # type: ignore[attr-defined, no-any-return]

    def hash(self, password: str) -> str:
        return self.own.hash(password)  # type: ignore[attr-defined, no-any-return]


def test_a_mail_that_nobody_has_makes_the_same_work(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    known: Account = console.account(Role.VOLUNTEER, organization=NORTE, name="Sola")
    passwords.fits("x", None)  # Nobody's hash is made once.
    counted = Counted(passwords._HASHER)
    monkeypatch.setattr(passwords, "_HASHER", counted)
    statements: list[str] = []
    work = {}
    engine = console.desk.engine
    mine_alone = threading.get_ident()

    def noted(*said: object) -> None:
        # Others look meanwhile whether there is a newer release.
        if threading.get_ident() == mine_alone:
            statements.append(str(said[2]).split()[0])

    event.listen(engine, "before_cursor_execute", noted)
    try:
        for email in (known.email, "nobody.here@example.org"):
            browser = hand(console)
            token = browser.token("/login")
            counted.done = 0
            statements.clear()
            answer = browser.client.post(
                f"{PATH}/login", data={"email": email, "password": "not it", "csrf_token": token}
            )
            work[email] = (answer.status_code, counted.done, [each for each in statements if each not in _ENDS])
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    mine, nobodys = work.values()
    assert mine == nobodys and mine[1] == 1 and "INSERT" in mine[2]


_ENDS = ("RELEASE", "ROLLBACK", "SAVEPOINT")
