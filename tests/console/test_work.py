"""Which answers somebody looks after, and what an admin enters about her."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from bot.language import Language
from tests.console.browsing import LOOKS, NORTE, SUR, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.clients import hand


def person_of(console: Console, account: Account):  # type: ignore[no-untyped-def]
    """Her account as it is now."""
    found = console.desk.people.by_email(account.email)
    assert found is not None
    return found[0]


def test_she_says_what_she_looks_after(console: Console) -> None:
    rosa = console.account(Role.VOLUNTEER, organization=NORTE)
    hers = hand(console, rosa)
    answer = hers.post("/account/work", on="/account", **{"works-in": ["quc", "es"], "state": "il"})
    assert answer.status_code == 302
    mine = person_of(console, rosa)
    assert (mine.works_in, mine.state) == ((Language.ES, Language.QUC), "US-IL")
    assert 'value="quc" checked' in hers.get("/account").text and 'value="IL"' in hers.get("/account").text
    wrong = hers.post("/account/work", on="/account", **{"state": "Illinois"})
    assert wrong.status_code == 422 and "dos letras" in wrong.text
    assert person_of(console, rosa).state == "US-IL"


def test_an_admin_enters_a_speaker_and_she_sees_it(console: Console) -> None:
    ada = console.account(Role.ADMIN, organization=NORTE)
    rosa = console.account(Role.VOLUNTEER, organization=NORTE)
    path = f"/people/{person_of(console, rosa).id}"
    form = {"speaker-of": "Nahualá", "licence": "IL 6201234", "works-in": ["quc"], "state": "IL"}
    assert hand(console, ada).post(f"{path}/standing", on=path, **form).status_code == 302
    mine = person_of(console, rosa)
    assert (mine.speaker_of, mine.licence, mine.works_in) == ("Nahualá", "IL 6201234", (Language.QUC,))
    page = hand(console, rosa).get("/account").text
    assert "Nahualá" in page and "IL 6201234" in page


@pytest.mark.parametrize(
    ("role", "organization", "status"),
    [(Role.VOLUNTEER, NORTE, 403), (Role.PUBLISHER, NORTE, 403), (Role.ADMIN, SUR, 404)],
    ids=["a volunteer", "a publisher", "an admin of another organization"],
)
def test_nobody_else_enters_it(console: Console, role: Role, organization: str, status: int) -> None:
    rosa, other = console.account(Role.VOLUNTEER, organization=NORTE), console.account(role, organization=organization)
    path = f"/people/{person_of(console, rosa).id}/standing"
    answer = hand(console, other).post(path, on="/account", **{"speaker-of": "Ninguno"})
    assert answer.status_code == status
    assert person_of(console, rosa).speaker_of != "Ninguno"


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_both_pages_are_for_everybody(console: Console, visit: Visit, width: int, language: str) -> None:
    ada = console.account(Role.ADMIN, organization=NORTE, language=language)
    rosa = console.account(Role.VOLUNTEER, organization=NORTE, language=language)
    for name, path, who in (
        ("account", "/console/account", rosa),
        ("person", f"/console/people/{person_of(console, rosa).id}", ada),
    ):
        page = visit(path, who, width=width, language=language)
        assert axe(page) == [] and sticks_out(page) == []
        screenshot(page, f"work-{name}-{width}-{language}")
