"""What the addresses of the console name, one of each for every owner: an organization's own, another's, nobody's.

A new argument of a route has to be told here: ``kind_of`` raises ``UnknownArgument`` for one that it does not know.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.store.console_sessions import named
from bot.store.interpreters import Interpreter
from bot.store.message_templates import MessageTemplate
from tests.attacks.routes import Route
from tests.console.browsing import NORTE, SUR, Account, Console
from tests.console.directory_scene import ROMERO, furnish
from tests.console.inbox_scene import families_of
from tests.console.phrases_scene import SENTENCES, wait

AGREED, POOL, NOBODY = "puente", "pool", "nobody"
OWNERS = (NORTE, AGREED, POOL, SUR)
NETWORK = Viewer(0, "terminal", frozenset({Role.ADMIN}))
SEES = {NORTE: {NORTE, AGREED, POOL}, AGREED: {AGREED}, SUR: {SUR}}
"""Whose conversations the people of an organization may see: Norte has an agreement with Puente and answers the pool."""

BY_SECTION = {
    ("conversation", "id"): "conversation",
    ("conversation", "number"): "message",
    ("inbox", "id"): "conversation",
    ("answer-many", "id"): "conversation",
    ("answer-many", "other"): "conversation",
    ("account", "id"): "login",
    ("people", "id"): "person",
    ("interpreters", "id"): "interpreter",
    ("organizations", "id"): "organization",
    ("templates", "sid"): "template",
    ("notices", "number"): "notice",
    ("directory", "id"): "entry",
    ("directory", "form"): "form",
    ("phrases", "id"): "phrase",
    ("phrases", "topic"): "topic",
    ("answers", "flow"): "flow",
    ("review", "flow"): "flow",
    ("review", "form"): "form",
    ("withdrawn", "flow"): "flow",
    ("facts", "name"): "fact",
    ("recordings", "language"): "language",
    ("recordings", "key"): "text",
    ("recordings", "word"): "sound",
    ("speaker", "language"): "language",
    ("speaker", "key"): "text",
    ("tasks", "kind"): "task kind",
    ("tasks", "subject"): "task",
    ("dashboard", "card"): "figure",
    ("invitation", "word"): "invited",
    ("static", "filename"): "static",
    ("", "anything"): "page",
    ("<path:anything>", "anything"): "page",
    ("", "filename"): "static",
    ("", "sha"): "sound",
}
NOT_THERE = {
    "conversation": "0" * 32, "message": "4711", "login": "0" * 64, "person": "987654", "invitation": "0" * 64,
    "interpreter": "987654", "organization": "nowhere", "template": "HX" + "9" * 32, "notice": "987654",
}  # fmt: skip
OF_SOMEBODY = frozenset({"conversation", "message", "login", "person", "invitation", "interpreter", "organization"})
"""Kinds that belong to an organization, or to one person; what is no such kind is the whole network's."""


class UnknownArgument(Exception):
    """A route has an argument that nobody has said the owner of."""

    def __init__(self, route: Route, argument: str) -> None:
        super().__init__(f"{route}: whose is <{argument}>? Say so in tests/attacks/things.py")


def kind_of(route: Route, argument: str) -> str:
    """What an argument names. ``UnknownArgument``."""
    if route.rule.startswith("/console/people/invitations/") and argument == "id":
        return "invitation"
    try:
        return BY_SECTION[route.section, argument]
    except KeyError:
        raise UnknownArgument(route, argument) from None


def owned_kind(route: Route) -> str | None:
    """The kind by which a route is somebody's; None where it is everybody's who has the role."""
    kinds = [kind_of(route, argument) for argument in route.arguments]
    return next((kind for kind in kinds if kind in OF_SOMEBODY), None)


@dataclass
class Things:
    """The desk of a console, furnished. ``words`` are what nobody but who may see it may ever read, by owner."""

    console: Console
    words: dict[str, set[str]] = field(default_factory=lambda: {owner: set() for owner in OWNERS})
    number_of: dict[str, str] = field(default_factory=dict)
    _made: dict[tuple[str, str], str] = field(default_factory=dict)
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        desk = self.console.desk
        self.families = families_of(desk)
        desk.organizations.save("test", DeskOrganization(AGREED, "Puente del Este", "Mo-Fr 09:00-17:00"))
        for sees in (AGREED, SHARED_POOL):
            desk.organizations.agree("test", NORTE, sees, True)
        furnish(self.console)
        self._phrase = wait(desk, *SENTENCES)[0]
        template = MessageTemplate("HX" + "1" * 32, "saludo", "es", "Buenas tardes {{1}}")
        desk.templates.save(NETWORK, template)

    def of(self, route: Route, owner: str, mine: Account | None = None) -> dict[str, str]:
        """Values for the arguments of a route, of that owner; ``NOBODY``: such as there are not. ``mine``: for her own logins."""
        kinds = {argument: kind_of(route, argument) for argument in route.arguments}
        values: dict[str, str] = {}
        for argument, kind in kinds.items():
            if owner == NOBODY and kind in NOT_THERE:
                values[argument] = NOT_THERE[kind] if argument != "other" else "1" * 32
            elif kind == "message":
                values[argument] = self.message(values["id"])
            elif kind == "login" and mine is not None:
                values[argument] = self._login(mine)
            else:
                values[argument] = self.one(f"{kind} beside" if argument == "other" else kind, owner)
        return values

    def one(self, kind: str, owner: str) -> str:
        """The one thing of this kind and owner that is only looked at."""
        if (kind, owner) not in self._made:
            self._made[kind, owner] = self._new(kind, owner)
        return self._made[kind, owner]

    def forget(self) -> None:
        """What was made is used up: the next ones are new."""
        self._made.clear()

    def conversation(self, owner: str) -> str:
        """A new one: two messages of the family with words of their own, and nothing of it taken."""
        word = f"zarza{next(self._count)}mora"
        number = f"+1500557{next(self._count):04}"
        self.words[owner] |= {word, number}
        organization = None if owner == POOL else owner
        id = self.families.comes(f"primero {word}", organization=organization, address=number)
        self.families.writes(id, f"segundo {word}")
        self.number_of[id] = number
        return id

    def message(self, id: str) -> str:
        """The number of the last message of a conversation."""
        said = self.families.said(id) if id != NOT_THERE["conversation"] else ()
        return str(said[-1].number) if said else NOT_THERE["message"]

    def somebody(self, owner: str) -> Account:
        """A volunteer of that organization."""
        return self.console.account(Role.VOLUNTEER, organization=None if owner == POOL else owner, name=f"Eva {owner}")

    def _login(self, account: Account) -> str:
        return named(self.console.cookie(account).removeprefix("login."))

    def _new(self, kind: str, owner: str) -> str:
        desk = self.console.desk
        organization = None if owner in (POOL, NOBODY) else owner
        match kind:
            case "login":
                return self._login(self.somebody(owner))
            case "conversation" | "conversation beside":
                return self.conversation(owner)
            case "person":
                return str(self.somebody(owner).id)
            case "organization":
                return organization or NOT_THERE[kind]
            case "invitation":
                email = f"invited.{next(self._count)}@example.org"
                word = desk.invitations.invite(NETWORK, email, "Eva", organization, frozenset({Role.VOLUNTEER}))
                return named(word)
            case "interpreter":
                made = Interpreter(0, f"Rosa {owner}", "quc", "", organization, "312", "", "America/Chicago")
                return str(desk.interpreters.save(NETWORK, made))
            case _:
                return SHARED[kind] if kind != "phrase" else self._phrase


SHARED: Mapping[str, str] = {
    "template": "HX" + "1" * 32, "notice": "1", "entry": ROMERO, "form": "csv", "topic": "services_health",
    "flow": "home_visit", "fact": "door_closed", "language": "quc", "text": "agents_here_now.first.say", "sound": "x",
    "task kind": "fact", "task": "door_closed", "figure": "translation", "invited": "x", "static": "console.css", "page": "nothing",
}  # fmt: skip
