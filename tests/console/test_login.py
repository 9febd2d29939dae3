"""The door: password, second step, waiting after wrong tries, sessions that end by time or by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import select

from bot.escalation.viewer import Role
from bot.settings import from_environment
from bot.store.audit import verify
from bot.store.staff_models import AuditRow, ConsoleSession
from bot.store.tries import MOST
from tests.console.browsing import PASSWORD, Account, Console
from tests.console.clients import hand

MINUTES, HOURS = 60, 3600


@pytest.fixture
def volunteer(console: Console) -> Account:
    return console.account(Role.VOLUNTEER, name=f"Vera {_fresh()}")


@pytest.fixture
def responder(console: Console) -> Account:
    """Somebody of her own for each test: a code of the second step counts once."""
    return console.account(Role.RESPONDER, name=f"Rita {_fresh()}")


_NAMES = iter(f"{first}{second}" for first in "ABCDEFGH" for second in "abcdefghij")


def _fresh() -> str:
    return next(_NAMES)


def _acts(console: Console, account: Account) -> list[str]:
    with console.desk.engine.connect() as connection:
        about = AuditRow.object == f"user {account.id}"
        return list(connection.scalars(select(AuditRow.action).where(about).order_by(AuditRow.seq)))


def _error(page: str) -> str:
    found = re.search(r'id="summary".*?<li>(?:<a[^>]*>)?(.*?)<', page, re.DOTALL)
    return found[1] if found else ""


def test_mail_and_password_lead_in_and_out(console: Console, volunteer: Account) -> None:
    visitor = hand(console)
    assert visitor.get("/account").location == "/console/login?next=/console/account"
    answer = visitor.log_in(volunteer, next="/console/account")
    assert answer.status_code == 302 and answer.location == "/console/account"
    assert visitor.is_in()
    assert visitor.post("/logout").location == "/console/login"
    assert not visitor.is_in()
    assert _acts(console, volunteer) == ["login", "logout"]


@pytest.mark.parametrize("who", ["nobody@example.org", "", "x" * 300, "a@b'; --"])
def test_a_wrong_mail_and_a_wrong_password_look_the_same(console: Console, volunteer: Account, who: str) -> None:
    wrong_password = hand(console).log_in(volunteer, "not the password")
    wrong_mail = hand(console).post("/login", on="/login", email=who, password="not the password")
    assert wrong_password.status_code == wrong_mail.status_code == 422
    assert _error(wrong_password.text) == _error(wrong_mail.text) != ""
    assert f'value="{volunteer.email}"' in wrong_password.text, "the mail stays in its field"
    assert "not the password" not in wrong_password.text


def test_a_mail_that_nobody_has_costs_a_hash_too(
    console: Console, monkeypatch: pytest.MonkeyPatch, volunteer: Account
) -> None:
    asked: list[str | None] = []

    def noted(password: str, hash: str | None) -> bool:
        asked.append(hash)
        return False

    monkeypatch.setattr("bot.console.login.fits", noted)
    hand(console).post("/login", on="/login", email="nobody@example.org", password="x")
    hand(console).log_in(volunteer, "x")
    assert asked[0] is None and asked[1] is not None


def test_tries_at_nobodys_account_stand_nowhere(console: Console) -> None:
    with console.desk.engine.connect() as connection:
        before = connection.scalars(select(AuditRow.seq)).all()
    assert hand(console).post("/login", on="/login", email="none@example.org", password="x").status_code == 422
    with console.desk.engine.connect() as connection:
        assert connection.scalars(select(AuditRow.seq)).all() == before


def test_a_new_login_has_a_new_name_and_an_old_word_is_worth_nothing(console: Console, volunteer: Account) -> None:
    """Nobody can prepare a session for somebody else (fixation)."""
    prepared = hand(console, volunteer)
    before = prepared.word
    other = console.account(Role.VOLUNTEER, name=f"Otra {_fresh()}")
    visitor = hand(console)
    visitor.get("/login")
    visitors = visitor.word
    assert visitors is not None and not visitors.startswith("login.")
    visitor.log_in(other)
    assert visitor.word not in (visitors, before) and visitor.word is not None
    forged = hand(console)
    forged.client.set_cookie("console", "login." + "A" * 43, path="/")
    assert not forged.is_in()
    forged.log_in(other)
    assert forged.word != "login." + "A" * 43 and forged.is_in()


def test_sql_has_no_word_of_a_login(console: Console, volunteer: Account) -> None:
    word = hand(console, volunteer).word
    assert word is not None
    with console.desk.engine.connect() as connection:
        rows = [str(row) for row in connection.execute(select(ConsoleSession.__table__))]
    assert rows and not any(word.removeprefix("login.") in row for row in rows)


def test_the_second_step_is_asked_for_and_each_code_counts_once(console: Console, responder: Account) -> None:
    first, second = hand(console), hand(console)
    for visitor in (first, second):
        assert visitor.log_in(responder).location == "/console/second-step"
        assert not visitor.is_in(), "the password alone opens nothing"
    code = responder.code
    assert first.post("/second-step", on="/second-step", code=code).status_code == 302 and first.is_in()
    again = second.post("/second-step", on="/second-step", code=code)
    assert again.status_code == 422 and not second.is_in(), "somebody who looked over her shoulder"


def test_without_a_password_the_second_step_leads_back(console: Console) -> None:
    visitor = hand(console)
    assert visitor.get("/second-step").location == "/console/login"
    token = visitor.token("/login")
    answer = visitor.client.post("/console/second-step", data={"code": "123456", "csrf_token": token})
    assert answer.location == "/console/login"


def test_a_right_password_waits_ten_minutes_for_its_code(console: Console, responder: Account) -> None:
    visitor = hand(console)
    visitor.log_in(responder)
    console.advance(11 * MINUTES)
    assert visitor.get("/second-step").location == "/console/login"


def test_a_recovery_code_counts_once_however_it_is_typed(console: Console, responder: Account) -> None:
    code = responder.codes[0].upper().replace("-", " ")
    visitor = hand(console)
    visitor.log_in(responder)
    answer = visitor.post("/second-step", on="/second-step?with=paper", **{"with": "paper", "code": code})
    assert answer.status_code == 302 and visitor.is_in()
    again = hand(console)
    again.log_in(responder)
    used = again.post("/second-step", on="/second-step?with=paper", **{"with": "paper", "code": code})
    assert used.status_code == 422
    assert console.person(responder.id).codes_left == 9
    assert "second_factor.recovered" in _acts(console, responder)


def test_five_wrong_passwords_and_the_account_waits(console: Console, volunteer: Account) -> None:
    visitor = hand(console)
    answers = [visitor.log_in(volunteer, "wrong") for _ in range(MOST)]
    assert [answer.status_code for answer in answers] == [422] * (MOST - 1) + [429]
    waits = visitor.log_in(volunteer)
    assert waits.status_code == 429 and not visitor.is_in(), "now the right one waits too"
    assert "15 minutos" in _error(waits.text)
    assert _acts(console, volunteer) == ["login.refused"] * (MOST - 1) + ["login.locked"]


def test_a_stranger_cannot_lock_her_out_of_the_browser_that_she_uses(console: Console, volunteer: Account) -> None:
    hers = hand(console)
    hers.log_in(volunteer)
    hers.post("/logout")
    stranger = hand(console)
    for _ in range(MOST):
        stranger.log_in(volunteer, "wrong")
    assert stranger.log_in(volunteer).status_code == 429
    assert hers.log_in(volunteer).status_code == 302 and hers.is_in()


def test_wrong_codes_wait_too_and_a_right_password_does_not_forgive_them(console: Console, responder: Account) -> None:
    visitor = hand(console)
    for _ in range(MOST):
        visitor.log_in(responder)
        last = visitor.post("/second-step", on="/second-step", code="000000")
    assert last.status_code == 429
    visitor.log_in(responder)
    assert visitor.post("/second-step", on="/second-step", code=responder.code).status_code == 429
    assert _acts(console, responder)[-1] == "second_factor.locked"


def test_without_redis_it_is_stricter(console: Console, volunteer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    # At once, as our own clients do: one that tries again for seconds would keep the tests after this one waiting.
    nowhere = Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(console.desk.tries, "_redis", nowhere)
    # What the tests before this one tried is another day's.
    monkeypatch.setattr(console.desk.tries, "_here", {})
    # Redis rests until five seconds of the test's clock are over, which stands still: the tests after this one would find it so.
    monkeypatch.setattr(console.desk.tries, "_failed", float("-inf"))
    visitor = hand(console)
    assert visitor.log_in(volunteer, "wrong").status_code == 422
    assert visitor.log_in(volunteer, "wrong").status_code == 429
    assert visitor.log_in(volunteer).status_code == 429


LIMITS = {
    "a volunteer who does nothing for eight hours": (Role.VOLUNTEER, [7 * HOURS + 59 * MINUTES], [8 * HOURS]),
    "a responder who does nothing for half an hour": (Role.RESPONDER, [29 * MINUTES, 29 * MINUTES], [30 * MINUTES]),
    "whoever works for twelve hours": (Role.RESPONDER, [29 * MINUTES] * 24, [25 * MINUTES]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_login_ends_after(console: Console, name: str) -> None:
    role, good, last = LIMITS[name]
    hers = hand(console, console.account(role, name=f"Zoe {_fresh()}"))
    for step in good:
        console.advance(step)
        assert hers.is_in()
    console.advance(*last)
    assert not hers.is_in()


def test_polls_are_nobodys_act(console: Console, responder: Account) -> None:
    hers = hand(console, responder)
    for _ in range(3):
        console.advance(9 * MINUTES)
        assert hers.get("/account", headers={"X-Poll": "1"}).status_code == 200
    console.advance(4 * MINUTES)
    ended = hers.get("/account", headers={"X-Poll": "1", "HX-Request": "true"})
    assert ended.status_code == 401 and len(ended.data) < 40, "a script is told where it stands"


def test_what_was_typed_when_the_session_ended_is_shown(console: Console, responder: Account) -> None:
    hers = hand(console, responder)
    token = hers.token()
    console.advance(HOURS)
    text = "Buenas tardes, <b>doña Juana</b>"
    answer = hers.client.post("/console/account", data={"name": text, "csrf_token": token, "password": "secreto"})
    assert answer.status_code == 401
    assert "doña Juana&lt;/b&gt;" in answer.text and "secreto" not in answer.text


@pytest.mark.parametrize(
    ("came_from", "way"),
    [
        ("http://localhost/console/answers/home_visit?step=first", "/console/login?next=/console/answers/home_visit?step%3Dfirst"),
        ("http://elsewhere.example/console/account", "/console/login"),
        ("http://localhost/console/answers/home_visit/send", "/console/login"),
        ("http://localhost/try", "/console/login"),
        ("", "/console/login"),
    ],
    ids=["a page", "another host", "a page that is only sent to", "outside the console", "not said"],
)
def test_the_login_after_an_end_leads_back_to_the_page_of_the_form(
    console: Console, responder: Account, came_from: str, way: str
) -> None:
    hers = hand(console, responder)
    token = hers.token()
    console.advance(HOURS)
    answer = hers.client.post("/console/account", data={"name": "V", "csrf_token": token}, headers={"Referer": came_from})
    assert answer.status_code == 401
    assert [unquote(each) for each in re.findall(r'class="button" href="([^"]+)"', answer.text)] == [unquote(way)]


def test_she_sees_and_ends_her_logins(console: Console, volunteer: Account) -> None:
    here, there = hand(console, volunteer), hand(console, volunteer)
    page = here.get("/account").text
    assert len(re.findall(r"/console/account/logins/\w{64}/end", page)) == 1, "of this one the door is the way out"
    (id,) = re.findall(r"/console/account/logins/(\w{64})/end", page)
    stranger = hand(console, console.account(Role.VOLUNTEER, name=f"Otra {_fresh()}"))
    assert stranger.post(f"/account/logins/{id}/end").status_code == 404 and there.is_in()
    here.post(f"/account/logins/{id}/end")
    assert here.is_in() and not there.is_in()


def test_logging_out_everywhere_ends_all(console: Console, volunteer: Account) -> None:
    hands = [hand(console, volunteer) for _ in range(3)]
    hands[0].post("/account/logins/end")
    assert [each.is_in() for each in hands] == [False] * 3


def test_a_login_made_under_the_old_name_is_none(console: Console, volunteer: Account) -> None:
    """Somebody with a stolen password is half through the door when she logs out everywhere."""
    before = console.person(volunteer.id)
    console.desk.sessions.end_all(before)
    late = hand(console)
    late.client.set_cookie("console", "login." + console.desk.sessions.begin(before, {}), path="/")
    assert not late.is_in()


def test_another_password_ends_the_other_logins(console: Console, volunteer: Account) -> None:
    here, there = hand(console, volunteer), hand(console, volunteer)
    before = here.word
    answer = here.post("/account/password", password=PASSWORD, new="cuatro palabras bien distintas")
    assert answer.status_code == 302 and here.is_in() and here.word != before
    assert not there.is_in()
    assert hand(console).log_in(volunteer).status_code == 422
    assert hand(console).log_in(volunteer, "cuatro palabras bien distintas").status_code == 302


@pytest.mark.parametrize("new", ["corta", "a" * 12, "x" * 201, "vera@example.org", "Contraseña2026"])
def test_a_password_that_could_be_guessed_is_refused(console: Console, volunteer: Account, new: str) -> None:
    hers = hand(console, volunteer)
    chosen = volunteer.email if "@" in new else new
    assert hers.post("/account/password", password=PASSWORD, new=chosen).status_code == 422


def test_what_lets_somebody_in_asks_for_the_password_again(console: Console) -> None:
    admin = console.account(Role.ADMIN, organization=None, name=f"Ada {_fresh()}")
    hers = hand(console, admin)
    assert hers.get("/people/invite").status_code == 200
    console.advance(16 * MINUTES)
    assert hers.get("/people/invite").location == "/console/confirm?next=/console/people/invite"
    assert hers.post("/confirm", on="/confirm", password="wrong").status_code == 422
    answer = hers.post("/confirm", on="/confirm", password=PASSWORD, next="/console/people/invite")
    assert answer.location == "/console/people/invite" and hers.get("/people/invite").status_code == 200


def test_the_language_follows_the_account_and_else_the_browser(console: Console) -> None:
    english = console.account(Role.VOLUNTEER, language="en", name=f"Ann {_fresh()}")
    assert '<html lang="en">' in hand(console, english).get("/account").text
    visitor = hand(console)
    assert '<html lang="es">' in visitor.get("/login").text
    assert '<html lang="en">' in visitor.get("/login", headers={"Accept-Language": "en-US"}).text
    answer = visitor.get("/language?lang=en&next=/console/login?next=/console/account")
    assert answer.location == "/console/login?next=/console/account"
    assert '<html lang="en">' in visitor.get("/login").text
    hers = hand(console, english)
    hers.get("/language?lang=es&next=/console/account")
    assert '<html lang="es">' in hers.get("/account").text and console.person(english.id).language == "es"
    assert visitor.get("/language?lang=tlh&next=//evil.example").location == "/console/"


def test_in_production_cookies_travel_by_https_alone(
    make_app: Callable[..., Flask], tmp_path: Path, console: Console
) -> None:
    import webhook

    make_app()
    real = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "PUBLIC_BASE_URL": "https://bot.example.org",
        "MASTER_KEY_FILE": "/etc/puente/master_key",
        "DATA_DIR": str(tmp_path),
    }
    client = webhook.make(from_environment(real)).test_client()
    (cookie,) = client.get("/console/login", base_url="https://bot.example.org").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-console=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")) and "Domain" not in cookie


def test_the_audit_holds_after_all_this(console: Console) -> None:
    verify(console.desk.engine)
