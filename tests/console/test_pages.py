"""Every page of the shell in a real browser: both languages, a desk and a small phone, axe, nothing that sticks out."""

from __future__ import annotations

import pytest

from bot.escalation.approval import Approval
from bot.escalation.viewer import Role
from bot.store.interpreters import Interpreter
from bot.store.message_templates import MessageTemplate
from tests.console.browsing import LOOKS, Console, Visit, axe, screenshot, sticks_out

pytestmark = pytest.mark.slow

OPEN = ("login", "nothing-here", "invitation/nobody-sent-this")
OF_ADMINS = (
    *("account", "settings", "people", "people/invite", "people/1", "organizations", "organizations/new"),
    *("organizations/norte", "interpreters", "interpreters/new", "interpreters/1", "templates", "templates/new"),
    *("audit", "audit?what=pause.on", "audit?check=1", "confirm", "inbox-that-is-not", "set-up?again=1"),
)


@pytest.fixture(scope="module")
def furnished(console: Console) -> Console:
    """A console where every list has something in it."""
    admin = console.account(Role.ADMIN, organization=None, name="Rosa Ixchel")
    console.account(Role.RESPONDER, Role.COORDINATOR, name="Ana Lucía")
    viewer = console.viewer(admin)
    desk = console.desk
    desk.interpreters.save(
        viewer,
        Interpreter(0, "Juana", "quc", "Nahualá", None, "juana@example.org", "Mo 09:00-12:00", "America/Chicago"),
    )
    words = "Hola, {{1}}. Le buscamos por su mensaje. ¿Todavía necesita ayuda?"
    desk.templates.save(viewer, MessageTemplate("HX" + "0" * 32, "we_looked_for_you", "es", words))
    for number, approval in enumerate(Approval, 1):
        sid = f"HX{number:032d}"
        desk.templates.save(viewer, MessageTemplate(sid, f"template_{approval.value}", "es", words))
        desk.template_states.heard(sid, approval, "TAG_CONTENT_MISMATCH" if approval is Approval.REFUSED else "")
    desk.template_states.failed(sid, "70051")
    desk.invitations.invite(viewer, "luz@example.org", "Luz", "norte", frozenset({Role.RESPONDER}))
    return console


def _look(page: object, path: str) -> None:
    assert page.locator("h1").count() == 1
    assert axe(page) == []
    assert sticks_out(page) == []


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", OPEN)
def test_a_page_for_everybody(visit: Visit, path: str, language: str) -> None:
    for width in (width for width, spoken in LOOKS if spoken == language):
        page = visit(f"/console/{path}", width=width, language=language)
        assert page.locator("html").get_attribute("lang") == language
        _look(page, path)
        screenshot(page, f"{path.split('/')[0]}-{width}-{language}")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", OF_ADMINS)
def test_a_page_for_admins(furnished: Console, visit: Visit, path: str, language: str) -> None:
    admin = furnished.account(Role.ADMIN, organization=None, name="Rosa Ixchel")
    furnished.desk.people.change_language(admin.id, language)
    for width in (width for width, spoken in LOOKS if spoken == language):
        page = visit(f"/console/{path}", admin, width=width, language=language)
        assert page.locator("html").get_attribute("lang") == language
        _look(page, path)
        screenshot(page, f"{path.replace('/', '-').replace('?', '-').replace('=', '-')}-{width}-{language}")


@pytest.mark.parametrize("path", [*OPEN, *OF_ADMINS])
def test_nothing_sticks_out_at_320_px_and_at_twice_the_size(furnished: Console, visit: Visit, path: str) -> None:
    admin = furnished.account(Role.ADMIN, organization=None, name="Rosa Ixchel")
    for width, scale in ((320, 1), (1280, 2)):
        page = visit(f"/console/{path}", *(() if path in OPEN else (admin,)), width=width, scale=scale)
        assert sticks_out(page) == []
