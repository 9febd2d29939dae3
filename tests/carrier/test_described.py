"""Each request of ours fits Twilio's own description of its API (``described/twilio.yaml``), and what it answers we can read."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from bot.channels.rest import Refused
from bot.channels.sending import Sending
from bot.launch import carrier
from bot.settings import REPOSITORY
from tests.carrier import door
from tests.carrier.described.prism import FORM, HERE, Asked, Front, Prism, front_of, operations, running
from tests.carrier.described.scenes import ANA, KNOWN, MESSAGE, SCENES, SERVICE, TEMPLATE, settings_of
from tests.carrier.fake import ACCOUNT, SMS

pytestmark = [pytest.mark.slow, pytest.mark.always]


@dataclass
class Told:
    """What each scene asked and what came of it; each is played once."""

    prism: Prism
    played: dict[str, tuple[list[Asked], object]] = field(default_factory=dict)

    def play(self, name: str) -> tuple[list[Asked], object]:
        if name not in self.played:
            with front_of(self.prism) as front:
                came_of_it = SCENES[name][0](front.url)
                self.played[name] = (front.asked, came_of_it)
        return self.played[name]

    def all(self) -> Iterator[Asked]:
        for name in SCENES:
            yield from self.play(name)[0]


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    with pytest.MonkeyPatch.context() as patch, running(tmp_path_factory.mktemp("prism")) as started:
        # Behind a proxy too, this machine is asked directly.
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("no_proxy", "127.0.0.1")
        yield started


@pytest.fixture(scope="module")
def told(prism: Prism) -> Told:
    return Told(prism)


@pytest.fixture
def front(prism: Prism) -> Iterator[Front]:
    with front_of(prism) as front:
        yield front


def differences(asked: list[Asked]) -> dict[tuple[str, str], list[str]]:
    """Where a request does not fit, each with what Prism says."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in asked:
        for fault in each.faults:
            where, _, what = fault.partition(": ")
            found.setdefault((each.operation or f"{each.method} {each.path}", where), []).append(what)
    return found


@pytest.mark.parametrize("name", SCENES)
def test_what_we_ask_fits_the_description(told: Told, name: str) -> None:
    asked, _ = told.play(name)
    assert asked and {where: what for where, what in differences(asked).items() if where not in KNOWN} == {}


@pytest.mark.parametrize("name", SCENES)
def test_what_it_answers_we_can_read(told: Told, name: str) -> None:
    assert told.play(name)[1] == SCENES[name][1]


def test_the_known_differences_are_all_and_still_there(told: Told) -> None:
    assert differences(list(told.all())).keys() == KNOWN.keys()


def test_everything_that_is_described_is_asked(told: Told) -> None:
    assert {each.operation for each in told.all()} == {each.name for each in operations()}


def test_everything_that_the_door_of_the_other_tests_knows_is_described() -> None:
    paths = [each.path.replace("{AccountSid}", door.ACCOUNT) for each in operations()]
    asked = [re.sub(r"\{\w+\}", door.ACCOUNT, path) for path in paths]
    assert [route for route, _ in door.ROUTES if not any(re.fullmatch(route, path) for path in asked)] == []


JSON = "application/json"
BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
TEXT = {"To": ANA, "From": SMS, "Body": "Hola"}
BUTTONS = {"body": "Hola", "actions": [{"type": "QUICK_REPLY", "title": "Sí"}]}


def form(**values: str) -> tuple[bytes, str]:
    return urlencode(values).encode(), FORM


def content(**types: object) -> tuple[bytes, str]:
    named = {f"twilio/{name.replace('_', '-')}": each for name, each in types.items()}
    return json.dumps({"language": "es", "types": named}).encode(), JSON


WRONG: dict[str, tuple[str, str, tuple[bytes, str], str]] = {
    "nobody to send to": ("POST", f"{BASE}/Messages.json", form(From=SMS, Body="Hola"), "body: required"),
    "nobody who sends": ("POST", f"{BASE}/Messages.json", form(To=ANA, Body="Hola"), "body: required"),
    "nothing to send": ("POST", f"{BASE}/Messages.json", form(To=ANA, From=SMS), "body: required"),
    "a word of no list": ("POST", f"{BASE}/Messages.json", form(**TEXT, RiskCheck="maybe"), "body.RiskCheck: enum"),
    "a misspelt name": ("POST", f"{BASE}/Messages.json", form(**TEXT, Sender="x"), "body.Sender: unknown"),
    "a template's name for its id": (
        *("POST", f"{BASE}/Messages.json"),
        *(form(**TEXT, ContentSid="menu_es"), "body.ContentSid: pattern"),
    ),
    "a body of another kind": (
        "POST",
        f"{BASE}/Messages.json",
        (json.dumps(TEXT).encode(), JSON),
        ": INVALID_CONTENT_TYPE",
    ),
    "an id of another thing": ("GET", f"{BASE}/Messages/{TEMPLATE}.json", (b"", ""), "path.sid: pattern"),
    "too much at once": ("GET", f"{BASE}/Messages.json?PageSize=1001", (b"", ""), "query.pagesize: maximum"),
    "a day that is none": ("GET", f"{BASE}/Messages.json?DateSent%3C=yesterday", (b"", ""), "query.datesent<: format"),
    "a time that is none": ("GET", f"{BASE}/Messages.json?DateSent=noon", (b"", ""), "query.datesent: format"),
    "a misspelt question": ("GET", f"{BASE}/Messages.json?Receiver=x", (b"", ""), "query.Receiver: unknown"),
    "no channel": ("GET", "/messaging/v2/Channels/Senders", (b"", ""), "query: required"),
    "no boolean": ("POST", f"/messaging/v1/Services/{SERVICE}", form(StickySender="maybe"), "body.StickySender: type"),
    "an unknown type of template": (
        *("POST", "/content/v1/Content"),
        *(content(quick_answer=BUTTONS), "body.types: additionalProperties"),
    ),
    "a button of no kind": (
        *("POST", "/content/v1/Content"),
        *(content(quick_reply={**BUTTONS, "actions": [{"type": "LINK", "title": "x"}]}), "type: enum"),
    ),
    "a list without its button": (
        *("POST", "/content/v1/Content"),
        *(content(list_picker={"body": "x", "items": []}), "list-picker: required"),
    ),
    "what is not described": ("GET", f"{BASE}/Calls.json", (b"", ""), ": NO_PATH_MATCHED_ERROR"),
    "a method that is not": ("PUT", f"{BASE}/Messages/{MESSAGE}.json", (b"", ""), ": NO_METHOD_MATCHED_ERROR"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_told(front: Front, name: str) -> None:
    method, path, (body, kind), expected = WRONG[name]
    faults = front.ask(method, path, body, kind).faults
    assert any(each.endswith(expected) for each in faults), faults


def test_who_has_no_key_is_told(front: Front) -> None:
    assert front.ask("GET", f"{BASE}.json", key=None).faults == (": UNAUTHORIZED",)


def test_a_wrong_request_of_our_own_code_is_told(front: Front) -> None:
    """It reaches Prism as everything above does."""
    with pytest.raises(Refused):
        Sending(settings_of(front.url)).fetch("no-such-name")
    assert front.asked[0].operation == "FetchMessage" and "path.sid: pattern" in front.asked[0].faults


def test_prism_listens_on_this_machine_only_and_asked_nobody(told: Told) -> None:
    list(told.all())
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", told.prism.port), timeout=1):
        pass
    assert "asked somebody" not in told.prism.log.read_text("utf-8")


def test_whatever_it_would_ask_is_refused(prism: Prism) -> None:
    """Prism itself is up, where it could be asked."""
    for asking in (
        f"require('net').connect({prism.port}, '127.0.0.1')",
        f"require('http').get('http://127.0.0.1:{prism.port}/')",
        f"fetch('http://127.0.0.1:{prism.port}/')",
    ):
        command = [carrier.node(REPOSITORY), "-r", HERE / "alone.cjs", "-e", asking]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert run.returncode != 0 and "asked somebody" in run.stderr, asking
