"""Puts hostile strings wherever somebody can write: a family by SMS, staff and volunteers in every form of every page.

The forms are read off the pages, and the pages off the URL map: a new page or field gets its strings without being named here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from bot.escalation.viewer import Role
from tests.attacks.forms import Form, forms_of
from tests.attacks.routes import routes
from tests.attacks.strings import Attack
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Console
from tests.console.clients import Hand, hand
from tests.phone import Phone

LEFT_ALONE = (
    "/logout",
    "/end",
    "/password",
    "/deactivate",
    "/roles",
    "/set-up",
    "/account/codes",
    "/login",
    "/pool",
    "/agreements",
)
"""Forms that would end the login with which the others are tried, or take the desk from under it."""
ASKED = (
    "q",
    "find",
    "next",
    "answer",
    "place",
    "kind",
    "step",
    "show",
    "tab",
    "from",
    "after",
    "language",
    "lang",
    "filter",
    "page",
)
ASKED += (
    "one",
    "other",
    "version",
    "code",
    "state",
    "due",
    "known",
    "topic",
    "sort",
    "shown",
    "since",
    "group",
    "organization",
    "switch",
)
LONGEST_QUERY = 3_000


class Planting:
    """Somebody with every role, and families, at one console."""

    def __init__(self, console: Console, things: Things) -> None:
        self.console, self.things = console, things
        self.account = console.account(*Role, organization=NORTE, name="Todas")
        self.hand: Hand = hand(console, self.account)
        self.routes = [each for each in routes(console.app) if each.of_console]
        self._next = itertools.count()

    def paths(self) -> list[str]:
        """The address of every page that can be read, with something of her own behind it."""
        reading = [
            each for each in self.routes if each.method == "GET" and each.name not in ("static", "change_language")
        ]
        return [route.path(self.things.of(route, NORTE, self.account)) for route in reading]

    def in_messages(self, attacks: Sequence[Attack], phones: int = 8) -> list[str]:
        """Families send them, signed, to the webhook, into conversations with staff; and a second time raw into the thread,
        as if nothing had cleaned them. Returns the conversations."""
        ids = []
        for number in range(phones):
            id = self.things.conversation(NORTE)
            ids.append(id)
            phone = Phone(self.console.app.test_client(), number=self.things.number_of[id])
            self.things.families.escalations.mirror()
            for attack in attacks[number::phones]:
                answer = phone.post(phone.form(attack.text.encode("utf-8", "replace").decode()))
                assert answer.status_code == 200, attack
                self.things.families.writes(id, attack.text)
        return ids

    def conversations(self, ids: Sequence[str]) -> Iterator[TestResponse]:
        """Every page on which messages of families stand."""
        for id in ids:
            yield self.hand.get(f"/conversation/{id}")
        said = self.things.families.said(ids[0])
        yield self.hand.get(f"/conversation/{ids[0]}/wrong/{said[-1].number}")
        for path in ("/inbox", "/inbox?tab=all", "/shift", "/bad-day", f"/conversation/{ids[0]}/thread"):
            yield self.hand.get(path)

    def previews(self, attacks: Sequence[Attack]) -> Iterator[TestResponse]:
        """Each as the last words of a family of its own, so that it stands in the inbox."""
        for chunk in itertools.batched(attacks, 40):
            ids = [self.things.conversation(NORTE) for _ in chunk]
            for id, attack in zip(ids, chunk, strict=True):
                self.things.families.writes(id, attack.text)
            yield self.hand.get("/inbox?tab=mine")
            yield self.hand.get("/inbox?tab=unclaimed")
            for id in ids:
                self.things.families.set(id, closed=1, waiting_since=None)

    def asked(self, attacks: Sequence[Attack]) -> Iterator[TestResponse]:
        """Every page with strings in all that may be asked of it, and in place of what its address names."""
        turn = itertools.cycle(attacks)
        for path in self.paths():
            words = [next(turn).text[:150].encode("utf-8", "replace").decode() for _ in ASKED]
            query = urlencode(list(zip(ASKED, words, strict=True)))[:LONGEST_QUERY]
            yield self.hand.client.get(f"{path}?{query}")
        for route in self.routes:
            if route.method == "GET" and route.arguments and "int:" not in route.rule:
                values = {name: next(turn).text[:80].replace("/", "").strip(".") or "x" for name in route.arguments}
                yield self.hand.client.get(route.path(values))

    def in_forms(self, attacks: Sequence[Attack], only: str = "") -> Iterator[TestResponse]:
        """Every form of every page, sent with strings in all fields to be typed into: by each button, and by the switch of
        languages, which writes the page anew. What each is answered, and the pages again, where they may now stand."""
        turn, paths = itertools.cycle(attacks), [path for path in self.paths() if only in path]
        for path in paths:
            page = self.hand.client.get(path)
            if page.status_code != 200 or page.mimetype != "text/html":
                continue
            for form in forms_of(page.text, path):
                yield from self._sent(form, turn, path)
        for path in paths:
            yield self.hand.client.get(path, follow_redirects=True)

    def _sent(self, form: Form, turn: Iterator[Attack], path: str) -> Iterator[TestResponse]:
        if not form.typed or any(word in form.action for word in LEFT_ALONE):
            return
        for action, name, value in dict.fromkeys(form.buttons) or [(form.action, "", "")]:
            if any(word in action for word in LEFT_ALONE):
                continue
            typed = {each: next(turn).text for each in form.typed}
            data = {**form.held, **typed, **({name: value} if name else {}), "csrf_token": self.token}
            # What a test client would not encode, a browser sends as a question mark.
            data = {key: each.encode("utf-8", "replace").decode() for key, each in data.items()}
            answer = self.hand.client.post(action, data=data)
            yield answer if answer.status_code not in (302, 303) else self.hand.client.get(path)

    @property
    def token(self) -> str:
        """Of her login, which lasts."""
        if not hasattr(self, "_token"):
            self._token = self.hand.token()
        return self._token
