"""How many messages and segments it costs a family to get what it wrote for: the page docs/content-walk.md. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Group
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.message import Channel
from bot.scripts.first_messages import BY_ENGINE, begun
from bot.scripts.release import Release
from bot.scripts.walk import STRAIGHT_ON, Edge, Walk, shortest, told_way, useful, walk
from bot.scripts.walk_checks import MOST_FROM_ANYWHERE, MOST_FROM_HELLO, distances, from_hello
from bot.scripts.walker import Walker, listener
from bot.session import Session
from bot.settings import Settings

AIM_TEXTS, AIM_SEGMENTS = 2, 5
WORST = 10
_NAMES = {Language.ES: "Spanish", Language.EN: "English", Language.QUC: "K'iche'"}

HEAD = f"""# How far help is

Written by `make docs` from the flows, words and organizations as they are; nobody edits it by hand. Everywhere that a first
message, a number, a place or a word can lead was walked with the real engine and the real words, as SMS of development (all
numbers shown, nothing taken away).

*What somebody wrote for* is the first reply that holds a step of an urgent, rights or services flow that says something and
does not only ask for a place, or a list of organizations, or the hand-over to a person. *Texts* are the family's own, the first
one counted; *segments* are what the bot's replies cost until then. The way goes straight on: numbers of the menu and the ZIP
60629, never `0`. The aim is {AIM_TEXTS} texts and {AIM_SEGMENTS} segments.
"""


class Cost(Struct, frozen=True):
    """What a flow costs. ``help`` leads to what somebody wrote for, ``someone`` to organizations; None where nothing does."""

    flow: str
    help: Mapping[Language, list[Edge] | None]
    someone: Mapping[Language, list[Edge] | None]
    hello: list[Edge] | None

    @property
    def texts(self) -> int:
        """The family's texts until help, in the language where they are most."""
        return max(len(way or ()) for way in self.help.values())

    @property
    def segments(self) -> int:
        """The segments until help, in the language where they are most."""
        return max(spent(way) for way in self.help.values())

    @property
    def within_aim(self) -> bool:
        """Whether help comes as soon and as cheaply as it should."""
        return self.texts <= AIM_TEXTS and self.segments <= AIM_SEGMENTS


def spent(way: list[Edge] | None) -> int:
    """The segments of all replies on a way."""
    return sum(edge.exchange.reply.segments for edge in way or ())


def sms_walks(release: Release, settings: Settings) -> dict[Language, Walk]:
    """A walk by SMS in each language."""
    listen = listener(release)
    return {one: walk(Walker(release, settings, one, Channel.SMS, listen)) for one in Language}


def walk_page(walks: Mapping[Language, Walk]) -> str:
    """The page as Markdown."""
    costs = sorted(_costs(walks), key=lambda cost: (-cost.texts, -cost.segments, cost.flow))
    parts = (HEAD, *_summary(walks, costs), *_worst(costs[:WORST]), *_all(costs))
    return "\n".join(parts).rstrip() + "\n"


def _costs(walks: Mapping[Language, Walk]) -> Iterator[Cost]:
    hello = from_hello(walks[Language.ES])
    for flow in walks[Language.ES].walker.release.script.flows.values():
        speaks = flow.name != NOTICES and any(step.say for step in flow.steps.values())
        if speaks and (flow.group is not Group.CONVERSATION or flow.name == "human"):
            ways = {one: _to(walked, flow.name, listed=False) for one, walked in walks.items()}
            lists = {one: _to(walked, flow.name, listed=True) for one, walked in walks.items()}
            yield Cost(flow.name, ways, lists, hello.get(flow.name))


def _to(walk: Walk, flow: str, *, listed: bool) -> list[Edge] | None:
    """The way of a stranger through this flow to what she wrote for, or to organizations."""

    def here(edge: Edge) -> bool:
        return any(spot.flow == flow for spot in edge.exchange.reply.said)

    def there(edge: Edge) -> bool:
        return edge.exchange.reply.listed if listed else useful(walk.walker, edge.exchange)

    known = begun(walk.walker, flow)
    starts = [edge for edge in walk.ways[None] if edge.exchange == known] if known else _strangers(walk)
    way = shortest(walk, starts, here)
    if way is None or there(way[-1]):
        return way
    straight = (edge for edge in walk.ways.get(way[-1].target, ()) if edge.exchange.sent in STRAIGHT_ON)
    on = shortest(walk, straight, there)
    return None if on is None else way + on


def _strangers(walk: Walk) -> list[Edge]:
    return [edge for edge in walk.ways[None] if edge.exchange.before == Session()]


def _summary(walks: Mapping[Language, Walk], costs: list[Cost]) -> Iterator[str]:
    counts = [f"{len(list(walked.edges))} in {_NAMES[one]}" for one, walked in walks.items()]
    away = [max(distances(walked).values()) for walked in walks.values()]
    far = max(len(way) for walked in walks.values() for way in from_hello(walked).values() if way)
    within = sum(cost.within_aim for cost in costs)
    yield f"- Exchanges walked: {', '.join(counts)}; as many on WhatsApp, in the tests."
    yield f"- From anywhere, an answer or a person is at most {max(away)} messages away ({MOST_FROM_ANYWHERE} allowed)."
    yield f"- From *hello*, by numbers alone, the last flow is {far} messages away ({MOST_FROM_HELLO} allowed)."
    yield f"- Within the aim in all three languages: {within} of {len(costs)} flows.\n"


def _worst(costs: list[Cost]) -> Iterator[str]:
    yield f"## The {WORST} that take longest\n"
    yield "| flow | texts | segments es | en | quc | the way (Spanish) |"
    yield "|---|---|---|---|---|---|"
    for cost in costs:
        way = cost.help[Language.ES]
        segments = " | ".join(str(spent(cost.help[one])) for one in Language)
        yield f"| {cost.flow} | {cost.texts} | {segments} | {told_way(way) if way else 'none'} |"
    yield ""


def _all(costs: list[Cost]) -> Iterator[str]:
    yield "## Every flow\n"
    yield (
        "*To somebody near*: until organizations are listed, over this flow. *From hello*: texts of somebody who says "
        "hello and then only\nwrites numbers and the ZIP.\n"
    )
    yield "| flow | texts | segments es | en | quc | to somebody near: texts | segments es | from hello: texts |"
    yield "|---|---|---|---|---|---|---|---|"
    for cost in sorted(costs, key=lambda cost: cost.flow):
        someone = cost.someone[Language.ES]
        segments = " | ".join(str(spent(cost.help[one])) for one in Language)
        near = f"{len(someone)} | {spent(someone)}" if someone else "- | -"
        hello = len(cost.hello) if cost.hello else "by the engine" if cost.flow in BY_ENGINE else "-"
        yield f"| {cost.flow} | {cost.texts} | {segments} | {near} | {hello} |"
