"""Roles x organizations x all routes x whose it is: what each is answered, beside what ``who_may`` and ``SEES`` say it should be."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.escalation.viewer import Role
from bot.store.base import Base
from bot.store.staff_models import ConsoleSession, User
from tests.attacks.routes import Route, routes
from tests.attacks.things import NOBODY, OWNERS, POOL, SEES, Things, owned_kind
from tests.attacks.who_may import FOR_THE_NETWORK, LETTERS, NEEDS_MORE_THAN_A_ROLE, who_may
from tests.console.browsing import NORTE, SUR, Account, Console
from tests.console.clients import Hand, hand

LOG_IN, NO, NOT_THERE, OPENS = "log in first", "no", "as if it were not there", "opens"
_TOKEN = re.compile(r'value="[\w.-]{60,}"|nonce|\?next=[^"]*')
_IS_KEPT = (ConsoleSession.__tablename__,)
"""That somebody was there changes her own login."""


@dataclass(frozen=True)
class Somebody:
    """Who asks. ``role`` and ``organization`` None: a visitor, or of an admin the whole network."""

    role: Role | None
    organization: str | None

    def __str__(self) -> str:
        return f"{self.role or 'visitor'} of {self.organization or 'the network'}" if self.role else "a visitor"


PEOPLE = (
    Somebody(None, None),
    *(Somebody(role, organization) for role in LETTERS.values() for organization in (NORTE, SUR)),
    Somebody(Role.ADMIN, None),
)


@dataclass(frozen=True)
class Cell:
    """One question of the matrix: who, what, and whose."""

    who: Somebody
    route: Route
    owner: str

    def __str__(self) -> str:
        return f"{self.who}: {self.route} of {self.owner}"


@dataclass
class Result:
    """How many cells were as they should be, and which were not."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.asked += 1
        self.answers[what] = self.answers.get(what, 0) + 1


def cells(all_routes: tuple[Route, ...]) -> Iterator[Cell]:
    """The whole matrix, without what is not the console's."""
    for route in all_routes:
        if route.of_console and route.name not in ("log_out", "end_logins"):
            owners = (*OWNERS, NOBODY) if owned_kind(route) else (NORTE,)
            yield from (Cell(who, route, owner) for who in PEOPLE for owner in owners)


def expected(cell: Cell) -> str:
    """What is to be answered, from the tables alone."""
    roles = who_may()[cell.route.name]
    if roles is None:
        return OPENS
    if cell.who.role is None:
        return LOG_IN
    if cell.who.role not in roles:
        return NO
    if cell.route.name in FOR_THE_NETWORK and cell.who.organization is not None:
        return NOT_THERE
    kind = owned_kind(cell.route)
    if kind is None:
        return OPENS
    return OPENS if cell.owner != NOBODY and _reaches(cell, kind) else NOT_THERE


def _reaches(cell: Cell, kind: str) -> bool:
    mine = cell.who.organization
    if kind == "login":
        return cell.owner == (mine or NORTE)
    if kind in ("conversation", "message"):
        return mine is not None and cell.owner in SEES[mine]
    if kind == "organization" and cell.owner == POOL:
        return False
    return mine is None or cell.owner == mine


class Matrix:
    """Asks the cells of a console, and looks what it changed and what it told."""

    def __init__(self, console: Console, things: Things) -> None:
        self.console, self.things = console, things
        self.routes, self.result = routes(console.app), Result()
        self._hands: dict[Somebody, tuple[Hand, Account | None, str]] = {}

    def chosen(self, one_in: int, seed: int) -> list[Cell]:
        """All cells, or one in so many, drawn by the seed: at least one of each route that shall not open, to whom it shall not.

        What visitors are told, and that the pages of all open, is tried by tests/console/test_access.py for each of them.
        """
        everything = list(cells(self.routes))
        if one_in == 1:
            return everything
        draw, by_route = random.Random(seed), defaultdict[tuple[Route, str], list[Cell]](list)
        for cell in everything:
            wanted = expected(cell)
            if wanted in (NO, NOT_THERE) or (wanted == OPENS and owned_kind(cell.route)):
                by_route[cell.route, wanted].append(cell)
        return [cell for group in by_route.values() for cell in draw.sample(group, -(-len(group) // one_in))]

    def run(self, chosen: list[Cell]) -> Result:
        """First what must not open, and nothing may have changed; then what opens, each with things of its own."""
        closed = [cell for cell in chosen if expected(cell) != OPENS]
        for cell in closed:
            self.things.of(cell.route, cell.owner)
        for who in PEOPLE:
            self._hand(who)
        before = self._everything()
        for cell in closed:
            self._ask_closed(cell)
        changed = {name for name, rows in self._everything().items() if rows != before[name]}
        if changed:
            self.result.wrong.append(f"what was refused changed {sorted(changed)}")
        for cell in chosen:
            if expected(cell) == OPENS:
                self._ask_open(cell)
        return self.result

    def _ask_closed(self, cell: Cell) -> None:
        wanted, answer = expected(cell), self._ask(cell)
        status = {LOG_IN: 302 if cell.route.method == "GET" else 401, NO: 403, NOT_THERE: 404}[wanted]
        if answer.status_code != status:
            self._wrong(cell, answer, f"{status} was to come")
        if wanted == NOT_THERE and owned_kind(cell.route) and cell.owner != NOBODY:
            beside = Cell(cell.who, cell.route, NOBODY)
            if self._bare(beside, self._ask(beside)) != self._bare(cell, answer):
                self._wrong(cell, answer, "it is told apart from what is not there")
        self.result.count(wanted)

    def _ask_open(self, cell: Cell) -> None:
        if cell.route.method != "GET":
            self.things.forget()
        answer = self._ask(cell)
        refused = answer.status_code in (401, 403) or (cell.route.method == "GET" and answer.status_code >= 400)
        if cell.route.name in NEEDS_MORE_THAN_A_ROLE or cell.route.name in NOTHING_IN_THIS_SCENE:
            refused = answer.status_code in (401,)
        if refused or answer.status_code >= 500:
            self._wrong(cell, answer, "it was to open")
        self.result.count(OPENS)

    def _ask(self, cell: Cell) -> TestResponse:
        hand, account, token = self._hand(cell.who)
        if cell.route.method != "GET" and account is not None:
            # What opened before may have ended this login, or closed this account.
            hand, account, token = self._hand(cell.who, anew=expected(cell) == OPENS)
        mine = account if cell.owner == (cell.who.organization or NORTE) else None
        path = cell.route.path(self.things.of(cell.route, cell.owner, mine))
        answer = _sent(hand.client, cell.route, path, token)
        self._look_for_words(cell, answer)
        return answer

    def _hand(self, who: Somebody, anew: bool = False) -> tuple[Hand, Account | None, str]:
        if anew or who not in self._hands:
            account = self.console.account(who.role, organization=who.organization) if who.role else None
            made = hand(self.console, account)
            self._hands[who] = (made, account, made.token() if account else made.token("/login"))
        return self._hands[who]

    def _bare(self, cell: Cell, answer: TestResponse) -> str:
        """The page without the address of its own, and what differs from one time to the next."""
        text = _TOKEN.sub("", answer.get_data(as_text=True))
        for value in self.things.of(cell.route, cell.owner).values():
            text = re.sub(rf'/{re.escape(quote(value, safe=""))}(?=[/"?&]|$)', "", text)
        return text

    def _look_for_words(self, cell: Cell, answer: TestResponse) -> None:
        """Words of a conversation stand on no page of somebody who may not read it, whatever page that is."""
        text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        reads = SEES[cell.who.organization or ""] if cell.who.role is Role.RESPONDER else set()
        for owner in set(OWNERS) - reads:
            if any(word in text for word in self.things.words[owner]):
                self._wrong(cell, answer, f"words of a family of {owner}")

    def _everything(self) -> dict[str, list[Any]]:
        """All rows of all tables, but for when somebody was last seen."""
        with self.console.desk.engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(*_columns(table)))))
                for table in Base.metadata.sorted_tables
                if table.name not in _IS_KEPT
            }

    def _wrong(self, cell: Cell, answer: TestResponse, why: str) -> None:
        self.result.wrong.append(f"{cell}: {answer.status_code}, {why}")


NOTHING_IN_THIS_SCENE = frozenset(
    """take_second_step conversation_after static no_such_page invitation recording_sound one_task answer_many
    compare_versions add_recording take_recording_out review_answer""".split()
)
"""What is there only after something else happened, or for a speaker of the language: the role alone opens nothing."""


TAKES_SECONDS = frozenset({"let_fact_go", "do_undo_release", "accept_way", "publish_answer"})
"""What publishes, and checks all of the content for it: odd input at it is left to ``make attacks``."""


def _columns(table: Any) -> list[Any]:
    return [column for column in table.columns if (table.name, column.name) != (User.__tablename__, "last_seen")]


def _sent(client: FlaskClient, route: Route, path: str, token: str) -> TestResponse:
    if route.method == "GET":
        return client.get(path)
    return client.open(path, method=route.method, data={"csrf_token": token})
