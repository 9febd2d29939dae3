"""Accounts, logins, invitations and second steps, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from passlib.totp import TOTP
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role, Viewer
from bot.store.audit import verify
from bot.store.audit_reading import entries
from bot.store.console_key import console_key
from bot.store.console_sessions import ConsoleSessions
from bot.store.errors import KeyDamaged, KeyTooOpen, NotYours
from bot.store.interpreters import Interpreter, Interpreters
from bot.store.invitations import Invitations, Standing
from bot.store.message_templates import MessageTemplate, MessageTemplates, TemplateWrong
from bot.store.models import Escalation
from bot.store.passwords import fits, hashed, refused
from bot.store.people import LastAdmin, NameRefused, People
from bot.store.person import Person
from bot.store.second_factors import SecondFactors
from bot.store.staff_models import AuditRow, User
from tests.store.conftest import Clock

NETWORK = Viewer(0, "terminal", frozenset({Role.ADMIN}))


@dataclass(frozen=True)
class Accounts:
    engine: Engine
    people: People
    sessions: ConsoleSessions
    invitations: Invitations
    factors: SecondFactors

    def somebody(self, *roles: Role, organization: str | None = "norte", email: str = "ana@example.org") -> Person:
        word = self.invitations.invite(NETWORK, email, "Ana", organization, frozenset(roles))
        id = self.invitations.accept(word, "Ana", "es", "hash")
        assert id is not None
        found = self.people.by_id(id)
        assert found is not None
        return found


@pytest.fixture
def accounts(engine: Engine, clock: Clock) -> Accounts:
    people = People(engine, clock)
    return Accounts(
        engine,
        people,
        ConsoleSessions(engine, clock),
        Invitations(engine, people, clock),
        SecondFactors(engine, "s" * 64, clock),
    )


def test_an_invitation_becomes_an_account_once(accounts: Accounts, clock: Clock) -> None:
    word = accounts.invitations.invite(NETWORK, " Ana@Example.org ", "Ana", "norte", frozenset({Role.RESPONDER}))
    found = accounts.invitations.find(word)
    assert found is not None and found.standing is Standing.GOOD and found.email == "ana@example.org"
    ids: list[int | None] = []
    threads = [Thread(target=lambda: ids.append(accounts.invitations.accept(word, "Ana", "es", "h"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([id for id in ids if id is not None]) == 1
    after = accounts.invitations.find(word)
    assert after is not None and after.standing is Standing.USED
    person = accounts.people.by_email("ANA@example.org")
    assert person is not None and person[0].roles == {Role.RESPONDER} and person[0].organization == "norte"
    assert verify(accounts.engine).rows == 2


def test_a_login_is_found_by_its_word_until_it_ends(accounts: Accounts, clock: Clock) -> None:
    person = accounts.somebody(Role.VOLUNTEER)
    words = [accounts.sessions.begin(person, {"fresh": 1}) for _ in range(3)]
    found = accounts.sessions.find(words[0])
    assert found is not None and found.person.id == person.id and found.data == {"fresh": 1}
    accounts.sessions.remember(found, {"fresh": 2, "tab": "mine"})
    again = accounts.sessions.find(words[0])
    assert again is not None and again.data == {"fresh": 2, "tab": "mine"}
    assert len(accounts.sessions.of(person)) == 3
    accounts.sessions.end(found)
    assert [accounts.sessions.find(word) is None for word in words] == [True, False, False]
    accounts.sessions.end_all(person)
    assert all(accounts.sessions.find(word) is None for word in words)


def test_closing_an_account_gives_back_whom_she_had(accounts: Accounts, clock: Clock) -> None:
    person = accounts.somebody(Role.RESPONDER)
    word = accounts.sessions.begin(person, {})
    with accounts.engine.begin() as connection:
        row = {
            "id": "e" * 16,
            "channel": "sms",
            "opened": 1,
            "claimed_by": person.id,
            "claimed_at": 5,
            "waiting_since": 3,
        }
        connection.execute(Escalation.__table__.insert().values(**row))
    accounts.people.deactivate(NETWORK, person.id)
    with accounts.engine.connect() as connection:
        held = connection.execute(select(Escalation.claimed_by, Escalation.waiting_since)).one()
    assert tuple(held) == (None, 3)
    assert accounts.sessions.find(word) is None and accounts.people.viewer_of(person.id) is None


def _at_the_beginning_of_a_step() -> None:
    """A code is one step old after 30 seconds: none may end between making several and taking them."""
    left = 30 - time.time() % 30
    if left < 8:
        time.sleep(left)


def test_a_second_step_is_set_up_and_each_code_counts_once(accounts: Accounts) -> None:
    person = accounts.somebody(Role.RESPONDER)
    sealed = accounts.factors.fresh()
    letters = accounts.factors.in_letters(sealed).replace(" ", "")
    _at_the_beginning_of_a_step()
    now = time.time()
    assert accounts.factors.set_up(person, sealed, "000000") == ()
    codes = accounts.factors.set_up(person, sealed, TOTP(letters).generate(now - 30).token)
    assert len(set(codes)) == 10
    code = TOTP(letters).generate(now).token
    assert [accounts.factors.take(person, code) for _ in range(2)] == [True, False]
    assert not accounts.factors.take(person, TOTP(letters).generate(now - 30).token), "an older one"
    assert [accounts.factors.take_recovery(person, codes[3].upper()) for _ in range(2)] == [True, False]
    with accounts.engine.connect() as connection:
        kept = str(connection.execute(select(User.__table__)).all())
    assert letters not in kept and not any(each in kept or each.replace("-", "") in kept for each in codes)
    accounts.factors.reset(person.id, "terminal")
    assert not accounts.factors.take_recovery(person, codes[4])
    after = accounts.people.by_id(person.id)
    assert after is not None and not after.second_factor


def test_of_two_who_bring_the_same_code_one_comes_in(accounts: Accounts) -> None:
    _at_the_beginning_of_a_step()
    person = accounts.somebody(Role.RESPONDER)
    sealed = accounts.factors.fresh()
    letters = accounts.factors.in_letters(sealed).replace(" ", "")
    codes = accounts.factors.set_up(person, sealed, TOTP(letters).generate(time.time() - 30).token)
    for taken in (
        lambda: accounts.factors.take(person, TOTP(letters).generate().token),
        lambda: accounts.factors.take_recovery(person, codes[0]),
    ):
        came: list[bool] = []
        threads = [Thread(target=lambda: came.append(taken())) for _ in range(4)]  # noqa: B023 - ended within
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert came.count(True) == 1


def test_the_last_admin_of_the_network_cannot_be_taken_away(accounts: Accounts) -> None:
    first = accounts.somebody(Role.ADMIN, organization=None)
    accounts.somebody(Role.ADMIN, organization="norte", email="b@example.org")
    for act in (
        lambda: accounts.people.deactivate(NETWORK, first.id),
        lambda: accounts.people.change_roles(NETWORK, first.id, frozenset({Role.PUBLISHER})),
    ):
        with pytest.raises(LastAdmin):
            act()
    second = accounts.somebody(Role.ADMIN, organization=None, email="c@example.org")
    accounts.people.deactivate(NETWORK, first.id)
    with pytest.raises(LastAdmin):
        accounts.people.deactivate(NETWORK, second.id)


def test_nobody_of_the_whole_network_answers_families(accounts: Accounts) -> None:
    with pytest.raises(NotYours):
        accounts.invitations.invite(NETWORK, "x@example.org", "X", None, frozenset({Role.RESPONDER}))


@pytest.mark.parametrize("name", ["", "x" * 49, "+1 312 555 0100", "deadbeefdeadbeef"])
def test_a_name_that_the_audit_does_not_take_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(NameRefused):
        accounts.invitations.invite(NETWORK, "x@example.org", name, "norte", frozenset({Role.VOLUNTEER}))


def test_an_admin_of_an_organization_reads_what_her_people_did(accounts: Accounts) -> None:
    here = accounts.somebody(Role.ADMIN, organization="norte")
    there = accounts.somebody(Role.VOLUNTEER, organization="sur", email="b@example.org")
    for person in (here, there):
        accounts.sessions.begin(person, {})
    hers = Viewer(here.id, "Ana", frozenset({Role.ADMIN}), "norte")
    read = entries(accounts.engine, hers)
    assert read and all(f"user {here.id}" in f"{entry.actor} {entry.object}" for entry in read)
    assert len(entries(accounts.engine, NETWORK)) > len(read)
    assert [entry.action for entry in entries(accounts.engine, NETWORK, actions=["login"], user=there.id)] == ["login"]
    with pytest.raises(NotYours):
        entries(accounts.engine, Viewer(9, "Eva", frozenset({Role.RESPONDER}), "norte"))


def test_interpreters_and_templates_are_changed_by_who_may(accounts: Accounts, clock: Clock) -> None:
    norte = Viewer(1, "Ana", frozenset({Role.ADMIN}), "norte")
    store = Interpreters(accounts.engine, clock)
    made = Interpreter(0, "Juana", "quc", "Nahualá", "norte", "juana@example.org", "", "America/Chicago")
    id = store.save(norte, made)
    assert [each.name for each in store.all(norte)] == ["Juana"]
    for other in (
        Viewer(2, "Eva", frozenset({Role.ADMIN}), "sur"),
        Viewer(3, "Eva", frozenset({Role.RESPONDER}), "norte"),
    ):
        with pytest.raises(NotYours):
            store.save(other, Interpreter(id, "X", "quc", "", "sur", "x", "", "America/Chicago"))
    templates = MessageTemplates(accounts.engine, clock)
    with pytest.raises(NotYours):
        templates.save(norte, MessageTemplate("HX" + "a" * 32, "hola", "es", "Hola {{1}}"))
    assert templates.save(NETWORK, MessageTemplate("HX" + "a" * 32, "hola", "es", "Hola {{1}}"))
    assert not templates.save(NETWORK, MessageTemplate("HX" + "a" * 32, "hola", "es", "Hola, {{1}}"))
    for wrong in (
        ("HX1", "hola", "es", "x"),
        ("HX" + "a" * 32, "Hola!", "es", "x"),
        ("HX" + "a" * 32, "hola", "es", " "),
    ):
        with pytest.raises(TemplateWrong):
            templates.save(NETWORK, MessageTemplate(*wrong))
    verify(accounts.engine)
    with accounts.engine.connect() as connection:
        assert set(connection.scalars(select(AuditRow.action))) == {
            "interpreter.add",
            "template.add",
            "template.change",
        }


PASSWORDS = {
    "four words": ("caballo correcto pila grapa", None),
    "eleven signs": ("once signos", "short"),
    "too long": ("x" * 201, "long"),
    "the mail": ("ana@example.org", "known"),
    "the name twice": ("lucía tzoc lucía tzoc", "known"),
    "one sign": ("aaaaaaaaaaaaaaa", "known"),
    "the name in a long sentence": ("lucía tiene una gallina roja", None),
    "the name without its accent": ("Lucia-Tzoc-2026", "known"),
    "the commonest of all": ("password1234", "common"),
    "with signs for letters": ("P@ssw0rd2026!", "common"),
    "the Spanish word for it": ("Contraseña2026", "common"),
    "the same in decomposed letters": ("Contrasen\u0303a2026", "common"),
    "digits in a row": ("123456789012", "common"),
    "keys in a row": ("qwertyuiop12", "common"),
    "love": ("teamomucho99", "common"),
    "the place and the year": ("Guatemala2026!", "common"),
    "the project": ("Puente-Consola-2026", "common"),
    "a common word and her name": ("puente ana 2026", "common"),
    "the same word again": ("guatemala guatemala", "common"),
    "a common word among others": ("mi contraseña canta en tren", None),
    "digits that nobody guesses": ("840271936150", None),
    "what the made-up desk gives": ("3f9a-b2c4-81de-77aa", None),
}


@pytest.mark.parametrize("name", PASSWORDS)
def test_what_can_be_a_password(name: str) -> None:
    password, why = PASSWORDS[name]
    assert refused(password, "ana@example.org", "Lucía Tzoc") == why


def test_a_password_fits_its_hash_alone() -> None:
    hash = hashed("caballo correcto")
    assert hash.startswith("$argon2id$") and "caballo" not in hash
    assert fits("caballo correcto", hash) and not fits("caballo", hash)
    assert not fits("caballo", None) and not fits("caballo", "no hash at all")


def test_the_key_of_logins_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = console_key(tmp_path)
    assert console_key(tmp_path) == key and len({key.cookies, key.second_factor, key.tries}) == 3
    assert key.cookies not in repr(key)
    file = tmp_path / "console.key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(KeyTooOpen):
        console_key(tmp_path)
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(KeyDamaged):
        console_key(tmp_path)


def test_a_link_leads_into_no_account_that_was_made_in_another_way(accounts: Accounts) -> None:
    """Who invited somebody holds the link; the account that the terminal made meanwhile may have other rights."""
    word = accounts.invitations.invite(NETWORK, "ana@example.org", "Ana", "norte", frozenset({Role.VOLUNTEER}))
    accounts.people.add(
        "terminal", email="ana@example.org", name="Ana", password="h", language="es", organization=None,
        roles=frozenset({Role.ADMIN}),
    )  # fmt: skip
    found = accounts.invitations.find(word)
    assert found is not None and found.standing is Standing.USED
    assert accounts.invitations.accept(word, "Ana", "es", "stolen") is None
    assert accounts.people.by_email("ana@example.org")[1] == "h"
