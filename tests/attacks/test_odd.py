"""Odd input at every route ends in an answer, never in a 5xx. Thousands of it: ``make attacks``."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from tests.attacks.matrix import TAKES_SECONDS
from tests.attacks.odd import Sweep, signed
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Console
from tests.console.clients import hand

pytestmark = pytest.mark.slow


def test_nothing_odd_breaks_a_page(console: Console, things: Things) -> None:
    sweep = Sweep(console, things, console.account(*Role, organization=NORTE, name="Rara"), seed=5)
    swept = sweep.run(1, but=TAKES_SECONDS)
    assert not swept.failed, "\n".join(swept.failed)
    assert swept.asked > 100 and swept.statuses[200] > 20, "it came to the pages"
    assert {status for _, status in signed(sweep, 60)} <= {200, 204, 400, 403}


HUGE = {"larger than SQL knows": str(2**63), "longer than Python reads": "9" * 5_000, "of another script": "\u0663"}


@pytest.mark.always
@pytest.mark.parametrize("number", HUGE.values(), ids=HUGE)
def test_a_number_that_is_no_rows_number_is_no_page(console: Console, things: Things, number: str) -> None:
    hers = hand(console, console.account(*Role, organization=NORTE, name="Rara"))
    assert hers.client.get(f"/console/people/{number}").status_code == 404
    assert hers.client.get("/console/audit", query_string={"who": number, "before": number}).status_code == 200
    assert hers.client.get("/console/directory", query_string={"page": number}).status_code == 200
    for path, form in {
        "/console/answers/home_visit/history/back": {"number": number},
        "/console/answers/home_visit": {f"text|es|{number}|home_visit.first.say": "Hola"},
        "/console/answers/home_visit/readings": {"text": f"es|{number}|home_visit.first.say"},
        "/console/answers/home_visit/way": {"step": "first", "act": f"remove-{number}", "version": number},
        "/console/review/home_visit/test": {"test": number},
    }.items():
        answer = hers.client.post(path, data={"csrf_token": hers.token(), **form})
        assert answer.status_code in (302, 303, 400, 403, 404, 409, 422), (path, answer.status_code)


@pytest.mark.always
@pytest.mark.parametrize("path", ["/console/account", "/console/login", "/messages", "/status", "/try"])
def test_a_part_without_a_name_is_no_form(console: Console, path: str) -> None:
    hers = hand(console, console.account(Role.VOLUNTEER))
    body = b"--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--"
    answer = hers.client.post(path, data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code in (400, 403, 404)


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "\u00f1", "//", "http://a]b"])
def test_an_origin_that_is_none_is_somebody_elses(console: Console, origin: str) -> None:
    hers = hand(console, console.account(Role.VOLUNTEER))
    sent = {"data": {"csrf_token": hers.token()}, "headers": {"Origin": origin.encode().decode("latin-1")}}
    assert hers.client.post("/console/account", **sent).status_code == 403
