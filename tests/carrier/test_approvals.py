"""How far templates are with Meta: asked at a Twilio that breaks, kept, and never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from bot.channels.approvals import Approvals, TemplateWatch
from bot.escalation.approval import Approval, TemplateState
from bot.frozen import replace
from bot.store.staff_models import MessageTemplate
from bot.store.template_states import AGAIN, SOON, TemplateStates
from tests.carrier import faults
from tests.carrier.conftest import Desk
from tests.carrier.fake import ACCOUNT, Exchange, Fault, Twilio
from tests.carrier.faults import PATIENCE

FIRST, SECOND = "HX" + "1a" * 16, "HX" + "2b" * 16


@pytest.fixture
def states(desk: Desk) -> TemplateStates:
    with desk.engine.begin() as connection:
        for sid, active in ((FIRST, True), (SECOND, True), ("HX" + "3c" * 16, False)):
            row = {"sid": sid, "name": "we_looked", "language": "es", "body": "Hola", "active": active}
            connection.execute(insert(MessageTemplate).values(row))
    return TemplateStates(desk.engine, desk.now)


@pytest.fixture
def watch(desk: Desk, states: TemplateStates) -> TemplateWatch:
    return TemplateWatch(states, Approvals(desk.settings, timeout=PATIENCE))


def tells(sid: str, whatsapp: object, status: int = 200) -> Callable[[Exchange], None]:
    """Twilio's answer about one template, as its documentation shows it."""
    url = f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests"
    body = {"sid": sid, "account_sid": ACCOUNT, "url": url, "whatsapp": whatsapp}
    return lambda exchange: exchange.answer(status, json.dumps(body).encode())


def of(status: object, reason: object = "") -> dict[str, object]:
    return {
        **{"category": "UTILITY", "name": "we_looked", "type": "whatsapp", "content_type": "twilio/text"},
        **{"status": status, "rejection_reason": reason, "allow_category_change": True},
    }


def answer(twilio: Twilio, sid: str, do: Callable[[Exchange], None]) -> None:
    twilio.faults[:] = [each for each in twilio.faults if sid not in each.part]
    twilio.faults.append(Fault(do, method="GET", part=f"/content/v1/Content/{sid}/ApprovalRequests"))


def asked(twilio: Twilio) -> list[str]:
    return [sid for sid in (FIRST, SECOND) for method, path in twilio.asked if method == "GET" and sid in path]


@pytest.mark.parametrize(
    ("whatsapp", "approval", "reason"),
    [
        (of("approved"), Approval.APPROVED, ""),
        (of("approved", "old"), Approval.APPROVED, ""),
        (of("received"), Approval.WAITING, ""),
        (of("pending"), Approval.WAITING, ""),
        (of("unsubmitted"), Approval.UNSUBMITTED, ""),
        (of("rejected", "INVALID_FORMAT"), Approval.REFUSED, "INVALID_FORMAT"),
        (of("rejected", "NONE"), Approval.REFUSED, ""),
        (of("rejected", "x\x00y" * 400), Approval.REFUSED, ("x y" * 400)[:300]),
        (of("paused", None), Approval.PAUSED, ""),
        (of("disabled"), Approval.DISABLED, ""),
    ],
)
def test_what_twilio_tells_is_kept(
    twilio: Twilio, watch: TemplateWatch, whatsapp: object, approval: Approval, reason: str
) -> None:
    answer(twilio, FIRST, tells(FIRST, whatsapp))
    answer(twilio, SECOND, faults.error(404, 20404))
    watch.look()
    found = watch.states.all()
    assert (found[FIRST].approval, found[FIRST].reason, found[FIRST].trouble) == (approval, reason, "")
    assert found[FIRST].heard == found[FIRST].asked is not None
    assert found[SECOND].approval is Approval.MISSING and found["HX" + "3c" * 16] == TemplateState()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (faults.html(404), "404"),
        (faults.html(503), "503"),
        (faults.html(200), "unreadable"),
        (faults.cut, "ConnectionError"),
        (faults.silent, "ReadTimeout"),
        (tells(FIRST, None), "unreadable"),
        (tells(FIRST, "approved"), "unreadable"),
        (tells(FIRST, [{"status": "approved"}]), "unreadable"),
        (tells(FIRST, {}), "unreadable"),
        (tells(FIRST, of(7)), "unreadable"),
        (tells(FIRST, of("blessed")), "unreadable"),
        (tells(SECOND, of("approved")), "unreadable"),
        (lambda exchange: exchange.answer(200, b"[]"), "unreadable"),
        (lambda exchange: exchange.answer(200, b"null"), "unreadable"),
    ],
    ids=[
        *("a page of nobody", "down", "a page instead of an answer", "cut", "silent", "nothing", "a word", "a list"),
        *("empty", "a number", "a word that nobody knows", "another template", "not an object", "null"),
    ],
)
def test_trouble_with_one_keeps_what_was_known(
    twilio: Twilio, desk: Desk, watch: TemplateWatch, wrong: Callable[[Exchange], None], code: str
) -> None:
    answer(twilio, FIRST, tells(FIRST, of("approved")))
    answer(twilio, SECOND, tells(SECOND, of("pending")))
    watch.look()
    before = watch.states.all()[FIRST]
    desk.later(AGAIN)
    answer(twilio, FIRST, wrong)
    watch.look()
    found = watch.states.all()
    assert found[FIRST] == replace(before, asked=found[FIRST].asked, trouble=code) and not found[FIRST].is_refused
    assert found[FIRST].asked >= before.asked + AGAIN
    assert found[SECOND].approval is Approval.WAITING and found[SECOND].trouble == "", (
        "the other was asked all the same"
    )


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (403, 70051), (401, 70051), (429, 20429)])
def test_who_takes_no_question_is_not_asked_about_the_others(
    twilio: Twilio, watch: TemplateWatch, status: int, code: int
) -> None:
    twilio.faults.append(Fault(faults.error(status, code), method="GET", part="/content/"))
    watch.look()
    assert asked(twilio) == [FIRST]
    assert {each.trouble for sid, each in watch.states.all().items() if sid in (FIRST, SECOND)} == {str(code)}
    assert not any(each.is_refused for each in watch.states.all().values())


def test_it_is_asked_again_when_it_is_time(twilio: Twilio, desk: Desk, watch: TemplateWatch) -> None:
    answer(twilio, FIRST, tells(FIRST, of("approved")))
    answer(twilio, SECOND, tells(SECOND, of("pending")))
    watch.look()
    watch.look()
    assert asked(twilio) == [FIRST, SECOND]
    desk.later(SOON)
    watch.look()
    assert asked(twilio) == [FIRST, SECOND, SECOND], "somebody waits for the second"
    answer(twilio, FIRST, tells(FIRST, of("paused")))
    desk.later(AGAIN - SOON)
    watch.look()
    assert watch.states.all()[FIRST].approval is Approval.PAUSED


def test_the_independent_twilio_knows_no_such_thing(watch: TemplateWatch) -> None:
    """``emulate`` has no Content API: whatever it answers is trouble, and refuses no template."""
    watch.look()
    found = watch.states.all()[FIRST]
    assert found.approval is None and found.trouble and found.asked is not None
